"""Debian's Chromium, or whichever is installed, driven by Playwright."""

import contextlib
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The last four keep it from talking to anybody: what is asked for from outside is then asked for by the course.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class MissingError(Exception):
    """Playwright or a browser is not installed; the message says how to get it."""


@contextlib.contextmanager
def chromium(scale=1):
    """A headless Chromium, as Playwright's `BrowserContext`; it is closed at the end of the `with` block.

    Arguments:
        scale: pixels of the screen for each CSS pixel.

    Raises:
        MissingError: when Playwright or Chromium is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingError("Playwright is missing; in the course's folder:  pip install -e '.[test]'") from None
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise MissingError("Chromium is missing; on Debian and Ubuntu:  apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser.new_context(device_scale_factor=scale)
        finally:
            browser.close()
