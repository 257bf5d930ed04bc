"""A notebook in JupyterLab in Chromium or Firefox, for the tests, the benchmark and the picture of the README."""

from browser.axe import violations
from browser.chromium import MissingError, chromium
from browser.examples import EXAMPLES
from browser.firefox import firefox
from browser.keyboard import Keyboard
from browser.page import Lab, Notebook, open_lab, open_notebook, write_notebook
from browser.server import Server, serve

__all__ = [
    "EXAMPLES",
    "Keyboard",
    "Lab",
    "MissingError",
    "Notebook",
    "Server",
    "chromium",
    "firefox",
    "open_lab",
    "open_notebook",
    "serve",
    "violations",
    "write_notebook",
]
