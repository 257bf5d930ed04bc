"""Debian's Firefox, or whichever is installed, driven by the protocol that it speaks itself.

Playwright launches it, too (`channel="moz-firefox"`), but from 1.65 on its `new_context` gives a command that Firefox
153 does not know, `emulation.setMediaFeaturesOverride`. When it does, Playwright takes the place of `browser.bidi`.
"""

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

from browser.bidi import Browser
from browser.chromium import MissingError
from browser.process import running

NAMES = ("firefox-esr", "firefox")
# Nobody listens at port 9: what is for anywhere but this computer ends there, whoever asks for it, and no name is
# looked up. The others keep Firefox from trying; its own settings for automation do the rest.
_SETTINGS = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "media.gmp-manager.updateEnabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
}


@contextlib.contextmanager
def firefox():
    """A headless Firefox with a profile of its own, as `Browser`; it is ended after the `with` block.

    It reaches this computer and nothing else.

    Raises:
        MissingError: when Firefox is not installed.
        RuntimeError: when Firefox does not start; with its own messages.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise MissingError("Firefox is missing; on Debian:  apt-get install firefox-esr")
    with tempfile.TemporaryDirectory(prefix="mlt-nn-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        settings = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _SETTINGS.items()]
        (home / "user.js").write_text("".join(settings), encoding="utf-8")
        command = [program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", folder]
        environment = {"HOME": folder, "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}

        def ask():
            return json.loads((home / "WebDriverBiDiServer.json").read_text(encoding="utf-8"))["ws_port"]

        with (
            running("Firefox", command, ask, home / "log", home, environment) as port,
            contextlib.closing(Browser(f"ws://127.0.0.1:{port}/session")) as browser,
        ):
            yield browser
