"""How fast the widgets are: from a key press to the changed picture, in a real browser with a real kernel."""

import itertools
import statistics
from typing import NamedTuple

from browser import EXAMPLES, chromium, open_notebook, serve, write_notebook

from benchmarks.results import Benchmark

PRESSES = 30
# A held key repeats about that often.
REPEATS_PER_SECOND = 30
_SLIDER = ".noUi-handle"


class _Way(NamedTuple):
    """Which control of a widget is moved, and by which keys, again and again."""

    control: str = _SLIDER
    keys: tuple = ("ArrowRight",) * 3 + ("ArrowLeft",) * 3
    before: tuple = ()
    held: tuple = ("ArrowLeft", "ArrowRight")
    """The keys to hold down, each until the control moves no further."""


_DOWN = _Way(keys=("ArrowLeft",) * 3 + ("ArrowRight",) * 3)
_WAYS = {
    "layer_sizes": _Way('button[title="inputs: one less"]', ("Enter",), held=("Enter",)),
    # These begin at the upper end of the first slider, or near it.
    "gradient_flow": _DOWN,
    "start_values": _DOWN,
    "map_of_lines": _DOWN,
    "xor_folded": _DOWN,
    "watch_training": _DOWN,
    "learning_rate": _DOWN,
    # Downwards from the upper left corner with the pen down, on a way that is not the same line made longer.
    "handwriting": _Way(
        ".mlt-nn-drawing svg",
        ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown"),
        ("ArrowUp",) * 14 + ("ArrowLeft",) * 14 + ("Space",),
        ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"),
    ),
}

# Notes when a key arrives in the page, and when another picture has been decoded.
_RECORD = """output => {
    const record = window.mltNnRecord = {pressed: [], repeats: 0, drawn: []};
    let last = output.querySelector('figure img').src;
    output.addEventListener('keydown', event => {
        if (event.repeat) record.repeats += 1;
        record.pressed.push(performance.now());
    }, true);
    new MutationObserver(async () => {
        const image = output.querySelector('figure img');
        if (!image || image.src === last) return;
        last = image.src;
        await image.decode().catch(() => null);  // one that the next has replaced meanwhile
        if (image.isConnected) record.drawn.push(performance.now());
    }).observe(output, {subtree: true, childList: true, attributes: true});
}"""
# Where the focused control stands; null for a button.
_PLACE = """() => {
    const control = document.activeElement, pen = control.querySelector('circle');
    return control.getAttribute('aria-valuenow') ?? (pen && pen.getAttribute('cx') + ' ' + pen.getAttribute('cy'));
}"""


class Speed(NamedTuple):
    """How fast one widget is."""

    widget: str
    milliseconds: tuple
    """From each key press to the changed picture."""
    held: int
    """Pictures drawn in one second while a key was held down."""


def measure(widgets=tuple(EXAMPLES)):
    """Measure these widgets one after the other; yields rows for `BENCHMARK.head`.

    Raises:
        browser.MissingError: when Playwright or Chromium is not installed.
        RuntimeError: when JupyterLab does not start, or a widget does not follow.
    """
    with chromium() as browser, serve() as server:
        write_notebook(server.root / "sliders.ipynb", *(EXAMPLES[name] for name in widgets))
        with open_notebook(browser, server, "sliders.ipynb") as notebook:
            notebook.run_all()
            for name in widgets:
                yield row(speed(notebook, name))


def row(speed):
    """The measurement of one widget as a row for `BENCHMARK.head`."""
    times = (statistics.median(speed.milliseconds), min(speed.milliseconds), max(speed.milliseconds))
    return speed.widget, *(round(time) for time in times), speed.held


def speed(notebook, name):
    """Measure one widget in an open notebook that has been run, as a `Speed`."""
    page, way = notebook.page, _WAYS.get(name, _Way())
    output = notebook.show_cell(f"\n{name}(").locator(".jp-OutputArea-output")
    output.locator("figure img").wait_for()
    output.locator(way.control).first.focus()
    for key in way.before:
        page.keyboard.press(key)
    _wait_for_the_kernel(page)
    output.evaluate(_RECORD)
    keys = itertools.cycle(way.keys)
    for press in range(1, PRESSES + 1):
        page.keyboard.press(next(keys))
        _wait_for_picture(page, name, press)
    record = page.evaluate("() => mltNnRecord")
    milliseconds = tuple(drawn - key for key, drawn in zip(record["pressed"], record["drawn"], strict=True))
    held = _hold(page, way.held)
    _wait_for_the_kernel(page)
    return Speed(name, milliseconds, held)


def _hold(page, keys):
    """Hold keys down for a second, one after the other; returns how many pictures were drawn."""
    turns = itertools.cycle(keys)
    key, place = next(turns), None
    start = page.evaluate("() => performance.now()")
    for event in range(1, REPEATS_PER_SECOND + 1):
        page.keyboard.down(key)  # of a key that is down already, the browser hears that it repeats
        before, place = place, page.evaluate(_PLACE)
        if place is not None and place == before:
            page.keyboard.up(key)
            key = next(turns)
        wait = start + 1000 * event / REPEATS_PER_SECOND - page.evaluate("() => performance.now()")
        page.wait_for_timeout(max(wait, 0))
    page.keyboard.up(key)
    return page.evaluate("start => mltNnRecord.drawn.filter(time => time > start && time < start + 1000).length", start)


def _wait_for_picture(page, name, number):
    from playwright.sync_api import TimeoutError as TooLongError

    try:
        page.wait_for_function("number => mltNnRecord.drawn.length >= number", arg=number)
    except TooLongError:
        raise RuntimeError(f"{name}: key press {number} changed no picture") from None


def _wait_for_the_kernel(page):
    # What was sent to the kernel before this question has been answered when it is.
    page.evaluate(
        "async () => { await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo(); }"
    )


BENCHMARK = Benchmark(
    "Sliders",
    ("widget", "median, ms", "least, ms", "most, ms", "held"),
    measure,
    f"From a key press to the changed picture in Chromium with a live kernel, {PRESSES} presses for each widget; goal: "
    "a median below 100 ms. held: pictures drawn while a key is held down, per second; it repeats "
    f"{REPEATS_PER_SECOND} times a second.",
)
