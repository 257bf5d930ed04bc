// What can be given to the controls of ipywidgets in the page only: see mending.py, which says why.

const STATUS = "mlt-nn-status";
const PRESETS = "mlt-nn-presets";
const ELEMENT = "mlt-nn-mending";
const CONTROL = ".lm-Widget:is(button, :has(button, input, select, textarea)):not(:has(.lm-Widget))";

function group(element, role, name) {
    element?.setAttribute("role", role);
    element?.setAttribute("aria-label", name);
}

// The value of a slider as a reader would say it.
function spoken(slider) {
    const shown = slider.querySelector(".widget-readout").textContent;
    const field = slider.parentElement.querySelector("input[step=any]");
    // Two steps of a scale of powers of ten are further from each other.
    return field && Math.abs(field.value / shown - 1) < 0.5 ? field.value : shown;
}

// In a field without a step the arrow keys would go on by 1; beside a scale of powers of ten they go on as its slider.
function step(event) {
    const key = { ArrowUp: "ArrowRight", ArrowDown: "ArrowLeft" }[event.key];
    if (!key || !event.target.matches("input[step=any]")) return;
    event.preventDefault();
    const slider = event.target.closest(".widget-hbox").querySelector(".widget-slider");
    const handle = slider.querySelector(".noUi-handle");
    const before = handle.ariaValueNow;
    handle.dispatchEvent(new KeyboardEvent("keydown", { key }));
    // At once, as the field itself would do it: the kernel needs a moment.
    if (handle.ariaValueNow !== before) event.target.value = slider.querySelector(".widget-readout").textContent;
}

// Further up VS Code and the classic Notebook take a key for a command, and the focus away.
function keep(event) {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
}

function mend(box, name) {
    for (const control of box.querySelectorAll("button, input, select, textarea, [tabindex]")) {
        control.setAttribute("data-lm-suppress-shortcuts", "");
    }
    box.querySelector(`.${STATUS}`)?.setAttribute("role", "status");
    group(box, "group", name);
    group(box.querySelector(`.${PRESETS}`), "group", "examples");
    for (const handle of box.querySelectorAll(".noUi-handle")) {
        const slider = handle.closest(".widget-slider");
        handle.setAttribute("aria-label", slider.querySelector("label").title);
        handle.setAttribute("aria-valuetext", spoken(slider));
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
    for (const choice of box.querySelectorAll(".widget-radio-box")) {
        choice.dataset.group ??= `mlt-nn-${Math.random()}`;
        for (const radio of choice.querySelectorAll("input")) radio.name = choice.dataset.group;
        group(choice, "radiogroup", choice.parentElement.querySelector(".widget-label").textContent || name);
    }
}

// Only an element of one's own is told when it comes into the page, and with it the box that it stands in.
class Mending extends HTMLElement {
    connectedCallback() {
        const box = this.parentElement.parentElement;
        // The controls come one by one, some later than this element, and get their classes later still.
        this.observer = new MutationObserver(() => mend(box, this.name));
        const attributeFilter = ["class", "title", "aria-valuenow"];
        this.observer.observe(box, { childList: true, subtree: true, attributeFilter });
        mend(box, this.name);
        this.end = new AbortController();
        // Before ipywidgets, which lets no key of a field through.
        box.addEventListener("keydown", step, { capture: true, signal: this.end.signal });
        box.addEventListener("keydown", keep, { signal: this.end.signal });
    }

    disconnectedCallback() {
        this.observer.disconnect();
        this.end.abort();
    }
}

// The module is loaded for each widget, and the page knows a name once.
if (!customElements.get(ELEMENT)) customElements.define(ELEMENT, Mending);

export default {
    render({ model, el }) {
        el.append(Object.assign(document.createElement(ELEMENT), { name: model.get("name") }));
    },
};
