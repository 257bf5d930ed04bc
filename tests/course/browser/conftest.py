"""One JupyterLab on loopback and one Chromium for all tests of a process."""

import contextlib
import os
import shutil

import pytest

from mlt_nn.browser import MissingError, chromium, open_notebook, serve
from mlt_nn.folders import COURSE


@pytest.fixture(scope="session")
def browser():
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(chromium())
        except MissingError as missing:
            # Where all tests must run nothing may be skipped; on a person's machine one can do without.
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def server():
    with serve() as server:
        shutil.copytree(COURSE, server.root / "course", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        yield server


@pytest.fixture
def opened(browser, server):
    """opened(path) -> a notebook, not yet run."""
    with contextlib.ExitStack() as stack:
        yield lambda path: stack.enter_context(open_notebook(browser, server, path))
