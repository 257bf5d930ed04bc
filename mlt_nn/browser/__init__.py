"""A notebook in JupyterLab in Chromium or Firefox, for the tests, the benchmark and the picture of the README."""

from mlt_nn.browser.chromium import MissingError, chromium
from mlt_nn.browser.examples import EXAMPLES
from mlt_nn.browser.firefox import firefox
from mlt_nn.browser.keyboard import Keyboard
from mlt_nn.browser.page import Notebook, open_notebook, write_notebook
from mlt_nn.browser.server import Server, serve

__all__ = [
    "EXAMPLES",
    "Keyboard",
    "MissingError",
    "Notebook",
    "Server",
    "chromium",
    "firefox",
    "open_notebook",
    "serve",
    "write_notebook",
]
