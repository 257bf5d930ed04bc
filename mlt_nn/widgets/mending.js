// What can be given to the controls of ipywidgets in the page only: see mending.py, which says why.

const STATUS = "mlt-nn-status";
const ELEMENT = "mlt-nn-mending";
const CONTROL = ".lm-Widget:is(button, :has(button, input, select, textarea)):not(:has(.lm-Widget))";

function mend(box) {
    for (const control of box.querySelectorAll("button, input, select, textarea, [tabindex]")) {
        control.setAttribute("data-lm-suppress-shortcuts", "");
    }
    box.querySelector(`.${STATUS}`)?.setAttribute("role", "status");
    for (const handle of box.querySelectorAll(".noUi-handle")) {
        handle.setAttribute("aria-label", handle.closest(".widget-slider").querySelector("label").title);
    }
    for (const button of box.querySelectorAll("button[title]:not([title=''])")) {
        button.setAttribute("aria-label", button.title);
    }
    for (const icon of box.querySelectorAll(".widget-play i")) {
        icon.parentElement.setAttribute("aria-label", icon.classList.contains("fa-play") ? "Play" : "Pause");
    }
    for (const control of box.querySelectorAll(CONTROL)) {
        control.inert = control.classList.contains("jupyter-widgets-disconnected");
    }
    for (const field of box.querySelectorAll("input[type=number]")) {
        const ends = field.labels[0]?.title.match(/^from (\S+) to (\S+)$/);
        if (ends) [, field.min, field.max] = ends;
    }
    for (const group of box.querySelectorAll(".widget-radio-box")) {
        group.dataset.group ??= `mlt-nn-${Math.random()}`;
        for (const radio of group.querySelectorAll("input")) radio.name = group.dataset.group;
    }
}

// Only an element of one's own is told when it comes into the page, and with it the box that it stands in.
class Mending extends HTMLElement {
    connectedCallback() {
        const box = this.parentElement.parentElement;
        // The controls come one by one, some later than this element, and get their classes later still.
        this.observer = new MutationObserver(() => mend(box));
        this.observer.observe(box, { childList: true, subtree: true, attributeFilter: ["class", "title"] });
        mend(box);
    }

    disconnectedCallback() {
        this.observer.disconnect();
    }
}

// The module is loaded for each widget, and the page knows a name once.
if (!customElements.get(ELEMENT)) customElements.define(ELEMENT, Mending);

export default {
    render({ el }) {
        el.append(document.createElement(ELEMENT));
    },
};
