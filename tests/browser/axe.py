"""axe-core, which finds what keeps readers out: controls without names, letters too pale, headers of nothing."""

import functools
import shutil
import subprocess
from pathlib import Path

from browser.chromium import MissingError


def violations(page, scope):
    """What axe-core finds fault with, a line for each place: the rule and the element.

    Arguments:
        page: Playwright's.
        scope: a CSS selector of what is looked at.

    Raises:
        MissingError: when axe-core is not installed.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    return page.evaluate(
        """async scope => {
            if (!document.querySelector(scope)) return [`nothing to look at: ${scope}`];
            const {violations} = await axe.run({include: [[scope]]}, {resultTypes: ['violations']});
            return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 300)}`));
        }""",
        scope,
    )


@functools.cache
def _source():
    npm = shutil.which("npm")
    root = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, check=True).stdout if npm else ""
    file = Path(root.strip(), "axe-core", "axe.min.js")
    if not file.is_file():
        raise MissingError("axe-core is missing:  npm install --global axe-core")
    return file.read_text(encoding="utf-8")
