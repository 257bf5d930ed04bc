"""A board to draw on, with the mouse, a finger or the keyboard, made of stock ipywidgets.

The browser draws; the kernel gets the strokes as text, "x,y x,y ...;x,y ..." in units of the board, through a text
field that nobody sees. The handlers are attributes of the board, since the HTML widget runs no script.
"""

import html

import ipywidgets
import traitlets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support.colors import VERMILION

SIDE = 280  # of the board, in its own units
PEN = 20  # the width of a line

_HOW = "Draw with the mouse or a finger. Keyboard: arrow keys move, space lowers and lifts the pen, backspace undoes."

# What every handler can use: `event` is what happened, `this` is the board or what it stands in.
_COMMON = """
    const board = this.querySelector('svg') ?? this;
    const cursor = board.querySelector('circle'), said = board.nextElementSibling;
    const lines = () => [...board.querySelectorAll('polyline')];
    const send = () => {
        const field = board.closest('.mlt-nn-drawing').querySelector('textarea');
        field.value = lines().map(line => line.getAttribute('points')).join(';');
        field.dispatchEvent(new Event('input', {bubbles: true}));
    };
    const begin = (x, y) => {
        board.querySelectorAll('.example').forEach(line => line.remove());
        const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
        line.setAttribute('points', `${x},${y} ${x},${y}`);
        board.insertBefore(line, cursor);
        send();
    };
    const extend = (x, y) => {
        const line = lines().at(-1);
        line.setAttribute('points', `${line.getAttribute('points')} ${x},${y}`);
        send();
    };
    const place = value => Math.round(Math.min(Math.max(value, 0), SIDE));
    const where = () => {
        const box = board.getBoundingClientRect();
        const unit = SIDE / box.width;
        return [place((event.clientX - box.left) * unit), place((event.clientY - box.top) * unit)];
    };
""".replace("SIDE", str(SIDE))

_HANDLERS = {
    "onpointerdown": """
        if (event.button !== 0) return;
        board.setPointerCapture(event.pointerId);
        board.dataset.pen = 'up';
        cursor.setAttribute('visibility', 'hidden');
        begin(...where());
    """,
    "onpointermove": """
        if (board.hasPointerCapture(event.pointerId)) extend(...where());
    """,
}
# Around the board: Firefox knows no such attribute of an <svg>.
_KEYS = """
    const step = {ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10]}[event.key];
    if (!step && event.key !== ' ' && event.key !== 'Backspace') return;
    event.preventDefault();
    const [dx, dy] = step || [0, 0];
    const x = place(+cursor.getAttribute('cx') + dx), y = place(+cursor.getAttribute('cy') + dy);
    cursor.setAttribute('cx', x);
    cursor.setAttribute('cy', y);
    cursor.setAttribute('visibility', 'visible');
    if (event.key === 'Backspace') {
        board.dataset.pen = 'up';
        lines().at(-1)?.remove();
        send();
    } else if (event.key === ' ') {
        board.dataset.pen = board.dataset.pen === 'down' ? 'up' : 'down';
        if (board.dataset.pen === 'down') begin(x, y);
    } else if (board.dataset.pen === 'down') {
        extend(x, y);
    }
    said.textContent = `Pen ${board.dataset.pen}, ${x} from the left and ${y} from the top, of SIDE.`;
""".replace("SIDE", str(SIDE))


class DrawingBoard(ipywidgets.VBox):
    """The board. Its `value` is what is drawn, as text; setting it draws.

    A drawing that was set is an example: it makes way when the reader begins to draw.
    """

    value = traitlets.Unicode()

    def __init__(self, value=""):
        self._board = ipywidgets.HTML()
        # Not for the screen reader either: the board itself is drawn on with the keyboard and says where the pen is.
        self._field = ipywidgets.Textarea(layout={"display": "none"})
        self._set = 0
        super().__init__([self._board, self._field])
        self.add_class("mlt-nn-drawing")
        self._show(None)
        self.observe(self._show, "value")
        self._field.observe(self._read, "value")
        self.value = value

    def _read(self, change):
        self.value = change.new

    def _show(self, _change):
        if self._set and self.value == self._field.value:  # the browser has drawn it already
            return
        self._set += 1
        # Counted in the markup: the same example once more is a change too, since the reader may have drawn meanwhile.
        self._board.value = board_markup(self.value, self._set)
        self._field.value = self.value


def board_markup(value, count):
    """The board as HTML, with the strokes of `value` on it as an example."""
    lines = "".join(
        f'<polyline class="example" points="{html.escape(points)}"/>' for points in value.split(";") if points
    )
    handlers = " ".join(f'{name}="{html.escape(_COMMON + body)}"' for name, body in _HANDLERS.items())
    middle = SIDE // 2
    return (
        f'<div onkeydown="{html.escape(_COMMON + _KEYS)}">'
        f'<svg viewBox="0 0 {SIDE} {SIDE}" width="240" height="240" tabindex="0" '
        f'role="application" aria-label="{_HOW}" data-count="{count}" data-pen="up" {handlers} '
        'style="background:#fff;box-shadow:inset 0 0 0 1px #767676;cursor:crosshair;touch-action:none;margin:3px" '
        f'fill="none" stroke="#000" stroke-width="{PEN}" stroke-linecap="round" stroke-linejoin="round">{lines}'
        f'<circle cx="{middle}" cy="{middle}" r="8" visibility="hidden" fill="{VERMILION}" stroke-width="2"/></svg>'
        f'<div aria-live="polite" style="{TEXT}">{_HOW}</div></div>'
    )
