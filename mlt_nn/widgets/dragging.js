// What is dragged on the picture of a widget, by mouse, pen or finger, is told to the kernel: see dragging.py.

function render({ model, el }) {
    const grasp = (event) => {
        const image = event.target.closest?.("figure img");
        if (event.button !== 0 || !image || !el.parentElement.contains(image)) return;
        event.preventDefault();
        image.draggable = false; // the browser would drag the image itself
        // The picture is a new element after every step of the way, in the same place.
        const frame = image.getBoundingClientRect();
        const unit = image.getAttribute("width") / frame.width;
        const where = ({ clientX, clientY }) => [(clientX - frame.left) * unit, (clientY - frame.top) * unit];
        const first = where(event);
        const tell = (moved) => {
            model.set("drag", [...first, ...where(moved)]);
            model.save_changes();
        };
        tell(event);
        const end = new AbortController();
        window.addEventListener("pointermove", tell, { signal: end.signal });
        for (const over of ["pointerup", "pointercancel"]) {
            window.addEventListener(over, () => end.abort(), { signal: end.signal });
        }
    };
    document.addEventListener("pointerdown", grasp);
    return () => document.removeEventListener("pointerdown", grasp);
}

export default { render };
