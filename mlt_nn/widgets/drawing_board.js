// A board to draw on, with the mouse, a finger or the keyboard: it draws, and tells the kernel what is drawn.

const HOW =
    "Draw with the mouse or a finger. Keyboard: arrow keys move, space lowers and lifts the pen, backspace undoes.";
const STEPS = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };

function render({ model, el }) {
    const side = model.get("side");
    el.innerHTML = `
        <svg viewBox="0 0 ${side} ${side}" width="240" height="240" tabindex="0" role="application" aria-label="${HOW}">
            <circle r="8"/>
        </svg>
        <div aria-live="polite"></div>`;
    const [board, said] = el.children;
    const cursor = board.querySelector("circle");
    let count, penIsDown, line;

    const lines = () => [...board.querySelectorAll("polyline")];
    const drawn = () =>
        lines()
            .map((each) => each.getAttribute("points"))
            .join(";");
    const send = () => {
        model.set("drawing", [count, drawn()]);
        model.save_changes();
    };
    const add = (points) => {
        const added = document.createElementNS(board.namespaceURI, "polyline");
        added.setAttribute("points", points);
        return board.insertBefore(added, cursor);
    };
    const begin = (x, y) => {
        for (const example of board.querySelectorAll(".example")) example.remove();
        line = add(`${x},${y} ${x},${y}`);
        send();
    };
    const extend = (x, y) => {
        if (!line.isConnected) return; // undone, or replaced by an example, while it was drawn
        line.setAttribute("points", `${line.getAttribute("points")} ${x},${y}`);
        send();
    };
    const place = (value) => Math.round(Math.min(Math.max(value, 0), side));
    const where = (event) => {
        const box = board.getBoundingClientRect();
        const unit = side / box.width;
        return [place((event.clientX - box.left) * unit), place((event.clientY - box.top) * unit)];
    };
    const move = (x, y, visibility) => {
        for (const [name, value] of Object.entries({ cx: x, cy: y, visibility })) cursor.setAttribute(name, value);
    };
    const start = () => {
        penIsDown = false;
        move(side / 2, side / 2, "hidden");
        said.textContent = HOW;
    };
    const show = () => {
        const [set, strokes] = model.get("drawing");
        if (set < count) return; // what was drawn before the board was set comes back later
        count = set;
        if (strokes === drawn()) return; // it was drawn here
        for (const each of lines()) each.remove();
        for (const points of strokes.split(";").filter(Boolean)) {
            add(points).classList.add("example");
        }
        start();
    };

    board.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        board.setPointerCapture(event.pointerId);
        penIsDown = false;
        cursor.setAttribute("visibility", "hidden");
        begin(...where(event));
    });
    board.addEventListener("pointermove", (event) => {
        if (board.hasPointerCapture(event.pointerId)) extend(...where(event));
    });
    board.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (!step && event.key !== " " && event.key !== "Backspace") return;
        event.preventDefault();
        const [dx, dy] = step ?? [0, 0];
        const x = place(+cursor.getAttribute("cx") + dx);
        const y = place(+cursor.getAttribute("cy") + dy);
        move(x, y, "visible");
        if (event.key === "Backspace") {
            penIsDown = false;
            lines().at(-1)?.remove();
            send();
        } else if (event.key === " ") {
            penIsDown = !penIsDown;
            if (penIsDown) begin(x, y);
        } else if (penIsDown) {
            extend(x, y);
        }
        said.textContent = `Pen ${penIsDown ? "down" : "up"}, ${x} from the left and ${y} from the top, of ${side}.`;
    });
    start();
    show();
    model.on("change:drawing", show);
}

export default { render };
