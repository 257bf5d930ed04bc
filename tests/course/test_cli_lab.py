"""`mlt-nn lab`: which notebook it opens, with which settings; and a JupyterLab that really starts."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import tornado.httpclient
from tornado.websocket import websocket_connect

from mlt_nn.cli import lab, main
from mlt_nn.support.catalogue import MODULES, NOTEBOOKS

pytestmark = pytest.mark.thorough


@pytest.fixture
def passed(monkeypatch):
    """The notebooks whose checks pass."""
    notebooks = set()

    class Report:
        def __init__(self, exercises):
            self.passed = {each.notebook for each in exercises} <= notebooks

    monkeypatch.setattr("mlt_nn.grading.check.check_exercises", Report)
    return notebooks


@pytest.fixture
def started(monkeypatch):
    """The command that was handed over to."""
    commands = []
    monkeypatch.setattr(lab, "running", lambda: None)
    monkeypatch.setattr(lab, "hand_over", lambda command, environment: commands.append(command) or 0)
    return commands


def test_it_opens_the_first_notebook_that_is_not_finished(passed, started, capsys):
    passed.update([NOTEBOOKS[0], NOTEBOOKS[1], NOTEBOOKS[3]])
    assert main(["lab"]) == 0
    assert f"--LabApp.default_url=/lab/tree/course/{NOTEBOOKS[2]}.ipynb" in started[0]
    assert f"course/{NOTEBOOKS[2]}.ipynb" in capsys.readouterr().out


def test_it_opens_the_last_one_when_all_are_finished(passed):
    passed.update(NOTEBOOKS)
    assert lab.first_unfinished() == NOTEBOOKS[-1]


def test_it_opens_all_the_same_when_the_checks_are_missing(monkeypatch, started, capsys):
    def missing(name):
        raise FileNotFoundError("the checks are missing")

    monkeypatch.setattr("mlt_nn.grading.check.check_exercises", missing)
    assert main(["lab"]) == 0
    assert f"--LabApp.default_url=/lab/tree/course/{NOTEBOOKS[0]}.ipynb" in started[0]
    assert "the checks are missing" in capsys.readouterr().out


def test_a_notebook_can_be_named(started):
    assert main(["lab", "3", "--no-browser"]) == 0
    assert f"--LabApp.default_url=/lab/tree/course/{NOTEBOOKS[2]}.ipynb" in started[0]
    assert "--no-browser" in started[0]


def test_it_tells_what_the_environment_lacks_and_opens_all_the_same(monkeypatch, started, capsys):
    monkeypatch.setattr(lab, "lacking", lambda: ["tqdm is not installed; 4.66 or newer is needed."])
    assert main(["lab", "3"]) == 0
    assert started
    assert capsys.readouterr().out.startswith(f"tqdm is not installed; 4.66 or newer is needed.\n{lab.WAY_OUT}\n")


def test_root_is_allowed_for_root_alone(monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in lab.command(NOTEBOOKS[0])
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in lab.command(NOTEBOOKS[0])


def test_a_browser_that_is_a_snap_gets_an_address_and_no_file(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "SNAPS", tmp_path)
    assert "--ServerApp.use_redirect_file=False" in lab.command(NOTEBOOKS[0])
    monkeypatch.setattr(lab, "SNAPS", tmp_path / "none")
    assert "redirect" not in " ".join(lab.command(NOTEBOOKS[0]))


def test_its_terminal_knows_the_commands_and_other_settings_stay():
    variables = lab.environment({"PATH": "before", "JUPYTER_CONFIG_PATH": "mine", "HOME": "home"})
    assert variables["PATH"] == os.pathsep.join([sysconfig.get_path("scripts"), "before"])
    assert variables["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(lab.CONFIGURATION), "mine"])
    assert variables["HOME"] == "home"
    assert lab.environment({})["JUPYTER_CONFIG_PATH"] == str(lab.CONFIGURATION)


@pytest.mark.parametrize(("cores", "threads"), [(8, "4"), (3, "1"), (1, "1"), (None, "1")])
def test_half_of_the_cores_are_left_to_the_browser(monkeypatch, cores, threads):
    monkeypatch.setattr(lab.os, "cpu_count", lambda: cores)
    assert lab.environment({})["OPENBLAS_NUM_THREADS"] == threads
    assert lab.environment({"OPENBLAS_NUM_THREADS": "7"})["OPENBLAS_NUM_THREADS"] == "7"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Starts JupyterLab by the command line, on a free port, with its own folders; gives what a test needs of it."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "JUPYTER_PORT": str(port),
        "JUPYTER_TOKEN": "token-of-a-test",
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    command = [sys.executable, "-m", "mlt_nn.cli", "lab", "1", "--no-browser"]
    terminal = folder / "terminal"
    with terminal.open("w") as file:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=file, stderr=subprocess.STDOUT)
    while not (told := re.search(r"is running at:\n.* (http\S+)\n", terminal.read_text())):
        assert process.poll() is None, f"JupyterLab did not start:\n{terminal.read_text()}"
        time.sleep(0.05)
    address = told[1]

    def ask(path, method="GET"):
        request = urllib.request.Request(
            urllib.parse.urljoin(address, path), method=method, headers={"Authorization": "token token-of-a-test"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    # The address is printed before the server listens.
    deadline = time.monotonic() + 60
    while True:
        try:
            ask("/api/status")
            break
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
    yield address, ask, settings, terminal
    ask("/api/shutdown", "POST")
    process.wait(timeout=60)


def test_jupyterlab_starts_at_the_notebook_with_the_project_as_its_root_and_no_question_about_news(server):
    address, ask, *_ = server
    assert "/lab/tree/course/01_neuron.ipynb" in address

    def listed(folder):
        names = {entry["name"] for entry in json.loads(ask(f"/api/contents/{folder}"))["content"]}
        # Of maintainers, and left by tests.
        return names - {"solutions", "images", "dist", "__pycache__"}

    assert listed("") == {"README.md", "course", "data", "mlt_nn"}
    assert listed("course") == {"glossary.md", *(f"{name}.ipynb" for name in NOTEBOOKS)}
    assert listed("mlt_nn") == {"teaching", *(f"{module}.py" for module in MODULES)}
    assert ask("/files/course/nbval.cfg")  # out of sight, and there
    schema = json.loads(ask("/lab/api/settings/@jupyterlab/apputils-extension:notification"))["schema"]
    assert schema["properties"]["fetchNews"]["default"] == "false"
    assert schema["properties"]["checkForUpdates"]["default"] is False
    schema = json.loads(ask("/lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin"))["schema"]
    assert schema["properties"]["saveState"]["default"] is True
    assert "pre_activation" in ask("/files/mlt_nn/neuron.py")


def test_nothing_that_jupyter_warns_of_frightens_in_the_terminal(server):
    address, ask, _, terminal = server
    kernel = json.loads(ask("/api/kernels", "POST"))["id"]
    place = urllib.parse.urljoin(address.replace("http", "ws", 1), f"/api/kernels/{kernel}/channels?session_id=test")

    async def call():
        headers = {"Authorization": "token token-of-a-test"}
        way = await websocket_connect(tornado.httpclient.HTTPRequest(place, headers=headers))
        header = {"msg_id": "1", "session": "test", "username": "", "msg_type": "kernel_info_request"}
        await way.write_message(
            json.dumps({"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": {}})
        )
        while json.loads(await way.read_message())["header"]["msg_type"] != "kernel_info_reply":
            pass
        way.close()
        while await way.read_message() is not None:  # until it is closed from there, too
            pass

    # In a thread of its own, for a browser of other tests may have a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(call(), 60)).result()
    lines = terminal.read_text().splitlines()
    assert [line for line in lines if "Kernel started" in line]
    assert not [line for line in lines if not re.match(r"Opening course|\[I | {4}(http|Or copy)|$", line)]


def test_a_note_that_a_crash_left_is_no_server(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        note = {"pid": os.getpid(), "root_dir": str(lab.PROJECT), "hostname": "127.0.0.1"}
        note["port"] = listening.getsockname()[1]
        (tmp_path / "jpserver-1.json").write_text(json.dumps(note))
        assert lab.running() == note
    assert lab.running() is None


def test_a_second_time_it_opens_the_one_that_is_running(server, monkeypatch, capsys):
    address, _, settings, _ = server
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    opened = []
    monkeypatch.setattr(lab.webbrowser, "open", opened.append)
    monkeypatch.setattr(lab, "hand_over", lambda *started: pytest.fail("a second server"))
    assert main(["lab", "2"]) == 0
    (second,) = opened
    assert second == address.replace(NOTEBOOKS[0], NOTEBOOKS[1]).partition("?")[0]
    assert (
        f"JupyterLab is running already. Its address:\n    {second}?token=token-of-a-test\n" in capsys.readouterr().out
    )
    assert main(["lab", "2", "--no-browser"]) == 0
    assert len(opened) == 1
    monkeypatch.setattr(lab, "PROJECT", lab.PROJECT / "another")
    assert lab.running() is None
