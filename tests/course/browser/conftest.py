"""One JupyterLab on loopback and one Chromium for all tests of this folder."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from mlt_nn.folders import COURSE, SOLUTIONS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing(what):
    message = f"{what} is missing: pip install playwright, and install Chromium (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        _missing("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A JupyterLab whose every folder is a temporary one; gives its root folder and a function path -> URL."""
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    shutil.copytree(COURSE, root / "course", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = {
        "MLT_NN_DATA": "bundled",
        **os.environ,
        **folders,
        "MLT_NN_EXERCISES": str(SOLUTIONS),
        "MLT_NN_STATE": str(home / "state"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=course"),
        *(f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"),
        *("--LabApp.extension_manager=readonly", "--ServerApp.shutdown_no_activity_timeout=600"),
    ]
    with open(home / "log", "w") as log:
        process = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(f"{address}/api?token=course", process, home / "log")
        yield root, lambda path: f"{address}/{path}?token=course"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_it_answers(url, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


class Notebook:
    """A notebook open in the browser; what went wrong on the way is collected in `complaints`."""

    def __init__(self, page, complaints):
        self.page = page
        self.complaints = complaints

    def run_all(self):
        """Run all cells and wait until the kernel has answered the last one."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            """() => {
                const {content, sessionContext} = jupyterapp.shell.currentWidget;
                const code = content.model.cells ? [...content.model.cells].filter(c => c.type === 'code') : [];
                return code.every(c => c.executionCount !== null) && sessionContext.session.kernel.status === 'idle';
            }""",
            timeout=180_000,
        )

    def outputs(self):
        """For each code cell: its source and its outputs as nbformat stores them."""
        return self.page.evaluate(
            """() => [...jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type === 'code')
                .map(c => [c.sharedModel.source, c.outputs.toJSON()])"""
        )

    def errors(self):
        return [output for _, outputs in self.outputs() for output in outputs if output["output_type"] == "error"]

    def show_cell(self, part):
        """Scroll to the code cell whose source holds this text; cells out of sight are not drawn."""
        position = self.page.evaluate(
            """async (part) => {
                const {content} = jupyterapp.shell.currentWidget;
                const position = content.widgets.findIndex(
                    w => w.model.sharedModel.source.includes(part));
                if (position >= 0) {
                    content.activeCellIndex = position;
                    await content.scrollToItem(position, 'start');
                }
                return position;
            }""",
            part,
        )
        assert position >= 0, f"no cell holds {part!r}"
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{position}"]')


@pytest.fixture
def open_notebook(chromium, server):
    """open_notebook(path) -> Notebook, not yet run. A new page and a new workspace for each."""
    _, url = server
    pages = []

    def opened(path):
        page = chromium.new_page(viewport={"width": 1200, "height": 1400})
        pages.append(page)
        complaints = []
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("console", lambda line: complaints.append(f"console: {line.text}") if line.type == "error" else None)
        own = url("").split("?")[0]
        page.on(
            "request",
            lambda request: (
                complaints.append(f"request to the outside: {request.url}")
                if not request.url.startswith((own, own.replace("http", "ws"), "data:", "blob:"))
                else None
            ),
        )
        page.goto(url(f"lab/workspaces/w{len(pages)}{time.monotonic_ns()}"))
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        page.evaluate(
            """async (path) => {
                await jupyterapp.restored;
                const opened = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
                await opened.context.ready;
                await opened.sessionContext.ready;
                jupyterapp.shell.collapseLeft();
            }""",
            path,
        )
        return Notebook(page, complaints)

    yield opened
    for page in pages:
        page.evaluate("async () => await jupyterapp.serviceManager.sessions.shutdownAll()")
        page.close()
