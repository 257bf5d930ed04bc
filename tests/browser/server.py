"""JupyterLab on loopback, with folders of its own: it meets nothing of the reader's settings and leaves nothing."""

import contextlib
import json
import secrets
import socket
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

from browser.process import running
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

# A server whose starter was killed ends by itself.
_IDLE_SECONDS = 600


class Server(NamedTuple):
    """A running JupyterLab."""

    root: Path
    """The folder that it shows: empty at first."""
    address: str
    token: str

    def url(self, path):
        """The address of a page of JupyterLab."""
        return f"{self.address}/{path}?token={self.token}"


@contextlib.contextmanager
def serve(exercises=SOLUTIONS):
    """Start a JupyterLab; gives a `Server`, which is ended after the `with` block.

    Arguments:
        exercises: the folder of exercise modules that its kernels run.

    Raises:
        RuntimeError: when JupyterLab does not start; with its own messages.
    """
    with tempfile.TemporaryDirectory(prefix="mlt-nn-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        root = home / "root"
        root.mkdir()
        settings = home / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        # Both would ask the network.
        quiet = {"fetchNews": "false", "checkForUpdates": False}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        token = secrets.token_hex(16)
        server = Server(root, f"http://127.0.0.1:{port}", token)
        command, environment = _command(root, port, token), _environment(home, exercises)

        def ask():
            urllib.request.urlopen(server.url("api"), timeout=5).close()

        with running("JupyterLab", command, ask, home / "log", root, environment):
            yield server


def _command(root, port, token):
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={root}", f"--ServerApp.shutdown_no_activity_timeout={_IDLE_SECONDS}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"),
    ]


def _environment(home, exercises):
    return {
        **{f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "MLT_NN_STATE": str(home / "state"),
        # Quick, and there on every computer.
        "MLT_NN_DATA": "bundled",
        VARIABLE: str(exercises),
    }
