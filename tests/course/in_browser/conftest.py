"""One JupyterLab on loopback, one Chromium and one Firefox for all tests of a process."""

import contextlib
import os
import re
import shutil

import pytest
from browser import Keyboard, MissingError, chromium, firefox, open_lab, serve, violations

from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.support.folders import COURSE

from ..versions import solution, write, write_stage

# What a notebook shows that is the course's; the page around it is JupyterLab's.
OURS = ".jp-OutputArea-output, .jp-RenderedMarkdown"


def started(kind):
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(kind())
        except MissingError as missing:
            # Where all tests must run nothing may be skipped; on a person's machine one can do without.
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def chromium_browser():
    yield from started(chromium)


@pytest.fixture(scope="session")
def firefox_browser():
    yield from started(firefox)


@pytest.fixture(scope="session")
def browser(chromium_browser):
    """The browser of a file's tests: Chromium, unless the file says another one."""
    return chromium_browser


@pytest.fixture(scope="session")
def exercises(tmp_path_factory):
    """The folder of exercise modules that the kernels run: the solutions."""
    return write(tmp_path_factory.mktemp("exercises"), solution)


@pytest.fixture(scope="session")
def server(exercises):
    with serve(exercises) as server:
        shutil.copytree(COURSE, server.root / "course", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        yield server


@pytest.fixture(scope="session")
def chromium_lab(chromium_browser, server):
    with open_lab(chromium_browser, server) as lab:
        yield lab


@pytest.fixture(scope="session")
def firefox_lab(firefox_browser, server):
    with open_lab(firefox_browser, server) as lab:
        yield lab


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def each_lab(request):
    return request.getfixturevalue(f"{request.param}_lab")


@pytest.fixture
def opened(chromium_lab):
    """opened(path) -> a notebook, not yet run."""
    with contextlib.ExitStack() as stack:
        yield lambda path: stack.enter_context(chromium_lab.open(path))


@pytest.fixture
def moves():
    """moves(notebook, source) -> whether the picture of the cell with that source changes when a control is moved.

    At most so many seconds later: moves(notebook, source, seconds=10).
    """

    def moves(notebook, source, seconds=10):
        keyboard = Keyboard(notebook, notebook.show_cell(source))
        for control in keyboard.controls():
            before = keyboard.said()
            # A button on top may set what is set already, and a control may belong to another step of the widget.
            if not control.is_preset and keyboard.move(control.role):
                with contextlib.suppress(TimeoutError):
                    return keyboard.wait_for_change(before, seconds)[0] != before[0]
        return False

    return moves


@pytest.fixture
def moved_controls():
    """moved_controls(keyboard): each control by Tab, and when the next one is asked for, it is moved and looked at."""

    def moved_controls(keyboard):
        height = keyboard.height()
        for control in keyboard.controls():
            yield control
            if control.is_preset:
                continue
            before = keyboard.said()
            assert keyboard.move(control.role), control
            try:
                picture, status = keyboard.wait_for_change(before)
            except TimeoutError as error:
                raise AssertionError(f"{control} was moved: {error}") from error
            # A box ticked may concern the pictures to come.
            assert picture != before[0] or control.role == "checkbox", control
            assert len(status.split()) >= 4, control
            assert keyboard.height() == height, control
            keyboard.stop_film()

    return moved_controls


@pytest.fixture
def check_notebook(opened, moves, exercises):
    """check_notebook(name): it runs without an error or a request to outside, and all its widgets move.

    The reader has written the exercises of this notebook and those before it, and no other.
    """

    def check(name):
        write_stage(exercises, NOTEBOOKS[: NOTEBOOKS.index(name) + 1])
        notebook = opened(f"course/{name}.ipynb")
        notebook.run_all(seconds=600)
        assert not notebook.errors()
        cells = notebook.outputs()
        checks = [(source, outputs) for source, outputs in cells if source.startswith("check(")]
        assert len(checks) == sum(exercise.notebook == name for exercise in EXERCISES)
        for source, outputs in checks:
            assert ": right." in outputs[0]["data"]["text/plain"], source
        for source in [source for source, outputs in cells if "[interactive]" in str(outputs)]:
            assert moves(notebook, source), f"nothing moved: {source}"
        assert notebook.show_all() >= 2
        # In the dark theme, black and white change places.
        captions = notebook.page.locator("figcaption").all_inner_texts()
        assert captions
        assert not [caption for caption in captions if re.search(r"\b(black|white|darker)\b", caption, re.IGNORECASE)]
        for theme in ("Dark", "Light"):  # the one that the next notebook finds
            notebook.set_theme(f"JupyterLab {theme}")
            # Where axe-core must not be missing, test_given_back_in_browser.py says so.
            with contextlib.suppress(MissingError):
                assert violations(notebook.page, OURS) == []
        for output in notebook.page.locator(".jp-OutputArea-output").all():
            assert "Error displaying widget" not in (output.text_content() or "")
        assert not notebook.complaints

    yield check
    write(exercises, solution)
