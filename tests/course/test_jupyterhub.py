"""The settings for a JupyterHub: a hub with its proxy and three students, who are users of this machine for a minute.

It needs the extra `hub`, configurable-http-proxy (npm), git, and root: students are made and removed.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import PROJECT

pytest.importorskip("jupyterhub", reason="the extra `hub` is not installed")
import pwd

import requests
import websocket
from traitlets.config.loader import PyFileConfigLoader

pytestmark = pytest.mark.thorough

CONFIGURATION = "mlt_nn/teaching/hub/jupyterhub_config.py"
COMMANDS = ("configurable-http-proxy", "useradd", "userdel", "groupadd", "groupdel", "chpasswd", "runuser", "git")
SECONDS = 60
GUIDE = (PROJECT / "mlt_nn" / "teaching" / "guides" / "jupyterhub.md").read_text(encoding="utf-8")


def needed():
    """What is missing on this machine, or ""."""
    missing = [command for command in COMMANDS if shutil.which(command) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return "" if os.geteuid() == 0 else "only root can make users"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def link(source, target):
    """Copy a file that nobody will change: quickly where it can be one file with two names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def copy_python(place):
    """A Python with the packages of this one that every user may run: this one may lie in a folder of root's."""
    library = Path(sysconfig.get_path("stdlib"))
    ours = place / "lib" / library.name
    leave = shutil.ignore_patterns(
        "site-packages", "dist-packages", "test", "config-*", "playwright", "mypy", "mlt_nn*"
    )
    shutil.copytree(library, ours, ignore=leave, copy_function=link, symlinks=True)
    packages = ours / "site-packages"
    shutil.copytree(sysconfig.get_path("purelib"), packages, ignore=leave, copy_function=link, symlinks=True)
    for folder in ("etc/jupyter", "share/jupyter", "share/jupyterhub"):
        shutil.copytree(Path(sys.prefix, folder), place / folder, copy_function=link, symlinks=True)
    for file in Path(sys.base_prefix, "lib").glob("libpython*"):
        link(file.resolve(), place / "lib" / file.name)
    (place / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), place / "bin" / "python3")
    return place / "bin" / "python3"


def processes_of(uid):
    """The numbers of the processes that run with the rights of a user."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # One that has ended, and waits to be asked how, has no command line.
            if folder.stat().st_uid == uid and (folder / "cmdline").read_bytes():
                yield int(folder.name)


@contextlib.contextmanager
def users(names, group):
    """Users of this machine with homes that anybody may enter, as many systems make them; gone afterwards."""
    homes = Path(tempfile.mkdtemp(prefix="mlt-nn-homes-"))
    homes.chmod(0o755)
    made = []
    try:
        run("groupadd", group)
        for name, groups in names.items():
            run("useradd", "--no-log-init", "-m", "-d", homes / name, "-s", "/bin/bash", "-G", groups, name)
            made.append(name)
            (homes / name).chmod(0o755)
        yield homes
    finally:
        for name in made:
            for pid in processes_of(pwd.getpwnam(name).pw_uid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            # It says so when a process of the user is just ending; the user is removed all the same.
            subprocess.run(["userdel", "--force", name], capture_output=True)
        subprocess.run(["groupdel", group], capture_output=True)
        shutil.rmtree(homes)


def wait_until_it_answers(address, process, log):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5).status == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"The hub did not start:\n{log.read_text()}")


def end(process, uids):
    """End the hub as an administrator does; its proxy and the students' servers end with it."""
    process.terminate()
    process.wait(timeout=SECONDS)
    left = [pid for uid in uids for pid in processes_of(uid)]
    assert not left, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]


class Student:
    """What a student does in a browser: log in, start the server, run cells, type into a terminal."""

    def __init__(self, name, password, address):
        self.name, self.address = name, address
        self.session = requests.Session()
        self.session.trust_env = False
        login = f"{address}/hub/login"
        self.session.get(login, timeout=SECONDS)
        form = {"username": name, "password": password, "_xsrf": self.session.cookies["_xsrf"]}
        self.answer = self.session.post(login, data=form, allow_redirects=False, timeout=SECONDS)

    def start(self):
        """Take a token, and ask for a server."""
        self.session.get(f"{self.address}/hub/token", timeout=SECONDS)
        xsrf = {"X-XSRFToken": next(each.value for each in self.session.cookies if each.path == "/hub/")}
        made = self.session.post(f"{self.address}/hub/api/users/{self.name}/tokens", json={}, headers=xsrf)
        self.token = made.json()["token"]
        self.session.cookies.clear()
        self.session.headers["Authorization"] = f"token {self.token}"
        assert self.hub("post", "server").status_code in (201, 202)

    def wait(self):
        """Wait until the server is there: the hub tells, event by event."""
        progress = self.hub("get", "server/progress", stream=True)
        events = [json.loads(line[6:]) for line in progress.iter_lines() if line.startswith(b"data: ")]
        assert events[-1].get("ready"), events

    def hub(self, method, path, **options):
        return self.session.request(
            method, f"{self.address}/hub/api/users/{self.name}/{path}", timeout=SECONDS, **options
        )

    def get(self, path, of=None):
        """Ask a server, this student's or that of another."""
        address = f"{self.address}/user/{of or self.name}/{path}"
        return self.session.get(address, timeout=SECONDS, allow_redirects=False)

    def post(self, path):
        return self.session.post(f"{self.address}/user/{self.name}/{path}", timeout=SECONDS)

    def socket(self, path):
        address = f"{self.address.replace('http', 'ws', 1)}/user/{self.name}/{path}"
        return contextlib.closing(
            websocket.create_connection(
                address, header=[f"Authorization: token {self.token}"], timeout=SECONDS, http_no_proxy=["*"]
            )
        )

    def cell(self, code):
        """Run a cell in a new kernel that begins in course/, as a notebook's does; returns what it prints."""
        kernel = self.session.post(
            f"{self.address}/user/{self.name}/api/kernels", json={"path": "course/x.ipynb"}, timeout=SECONDS
        ).json()["id"]
        header = {"msg_id": secrets.token_hex(8), "msg_type": "execute_request", "version": "5.3"}
        header |= {"session": secrets.token_hex(8), "username": self.name, "date": ""}
        request = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell"}
        request["content"] = {"code": code, "silent": False, "allow_stdin": False}
        printed = ""
        with self.socket(f"api/kernels/{kernel}/channels") as channels:
            channels.send(json.dumps(request))
            while True:
                message = json.loads(channels.recv())
                if message["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                content = message["content"]
                assert message["msg_type"] != "error", "\n".join(content["traceback"])
                if message["msg_type"] == "stream":
                    printed += content["text"]
                elif content.get("execution_state") == "idle":
                    return printed

    def terminal(self, line):
        """Type a line into a new terminal; returns all it shows until the line is done."""
        name = self.post("api/terminals").json()["name"]
        shown = ""
        with self.socket(f"terminals/websocket/{name}") as channel:
            # Written in two parts, or the line itself would look like its end.
            channel.send(json.dumps(["stdin", f"{line}; echo do''ne=$?\n"]))
            while not re.search(r"done=\d", shown):
                kind, *text = json.loads(channel.recv())
                shown += text[0] if kind == "stdout" else ""
        assert "done=0" in shown, shown
        return shown


@pytest.fixture(scope="module")
def hub():
    """A running hub, with three students who are logged in, and a user of the machine who is no student."""
    why = needed()
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    run_name = f"mlt{secrets.token_hex(3)}"
    anna, ben, cara, guest = (f"{run_name}{letter}" for letter in "abcg")
    groups = {anna: run_name, ben: run_name, cara: run_name, guest: ""}
    with contextlib.ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="mlt-nn-hub-"))
        stack.callback(shutil.rmtree, place)
        place.chmod(0o755)
        homes = stack.enter_context(users(groups, run_name))
        python = copy_python(place / "python")
        environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(place / "python" / "lib"), "HOME": str(place)}

        instructor = place / "instructor"
        leave = shutil.ignore_patterns(".git", ".venv", "*cache*", ".hypothesis", ".mlt_nn", "mnist", "*.egg-info")
        shutil.copytree(PROJECT, instructor, ignore=leave)
        instructor.chmod(0o700)
        in_checkout = {"cwd": instructor, "env": environment | {"PYTHONPATH": str(instructor)}}
        run(python, "-m", "mlt_nn.cli", "release", place / "handout", **in_checkout)

        configuration = instructor / CONFIGURATION
        text = configuration.read_text(encoding="utf-8")
        assert text.count('{"students"}') == 1
        text = text.replace('{"students"}', f'{{"{run_name}"}}')
        # For the copied Python. One that is installed for all users finds its library by itself.
        text += f'c.Spawner.environment["LD_LIBRARY_PATH"] = {environment["LD_LIBRARY_PATH"]!r}\n'
        # A Jupyter server asks the terminal, which is not there, before it lets itself be interrupted.
        text += "c.LocalProcessSpawner.interrupt_timeout = 0\n"
        configuration.write_text(text, encoding="utf-8")

        passwords = {name: secrets.token_hex(16) for name in groups}
        lines = "".join(f"{name}:{password}\n" for name, password in passwords.items())
        run("chpasswd", input=lines)
        public, inner, proxy = (f"http://127.0.0.1:{port}" for port in free_ports(3))
        options = [f"--JupyterHub.bind_url={public}", f"--JupyterHub.hub_bind_url={inner}"]
        options.append(f"--ConfigurableHTTPProxy.api_url={proxy}")
        log = place / "log"
        with open(log, "wb") as stream:
            process = subprocess.Popen(
                [str(python), "-m", "jupyterhub", "-f", str(configuration), *options],
                cwd=instructor,
                env=environment,
                stdout=stream,
                stderr=stream,
            )
        stack.callback(end, process, [pwd.getpwnam(name).pw_uid for name in groups])
        wait_until_it_answers(f"{public}/hub/health", process, log)

        students = [Student(name, passwords[name], public) for name in (anna, ben, cara)]
        for student in students:
            student.start()
        for student in students:
            student.wait()
        yield SimpleNamespace(
            place=place, instructor=instructor, homes=homes, python=python, environment=environment, group=run_name,
            address=public, students=students, guest=(guest, passwords[guest]), log=log,
        )  # fmt: skip


@pytest.mark.parametrize("names", [[], ["key.pem"], ["key.pem", "certificate.pem"]])
def test_the_hub_answers_the_network_only_with_a_certificate(tmp_path, monkeypatch, names):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    (tmp_path / "hub").mkdir(mode=0o755)
    for name in names:
        (tmp_path / "hub" / name).touch()
    settings = PyFileConfigLoader(str(PROJECT / CONFIGURATION)).load_config()
    assert stat.S_IMODE((tmp_path / "hub").stat().st_mode) == 0o700
    if len(names) == 2:
        assert settings.JupyterHub.bind_url == "https://:443"
        assert settings.JupyterHub.ssl_key == str(tmp_path / "hub" / "key.pem")
    else:
        assert settings.JupyterHub.bind_url == "http://127.0.0.1:8000"


def test_each_student_has_a_copy_of_the_handout_that_is_private(hub):
    wanted = {file.relative_to(hub.place / "handout") for file in (hub.place / "handout").rglob("*")}
    for student in hub.students:
        home = hub.homes / student.name
        folder = home / "mlt-nn-course"
        assert wanted <= {file.relative_to(folder) for file in folder.rglob("*")}
        for path in (home, folder):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
            assert path.owner() == student.name
        assert {file.owner() for file in folder.rglob("*")} == {student.name}
        assert student.get("api/contents/course").json()["type"] == "directory"


def test_only_students_can_log_in(hub):
    name, password = hub.guest
    assert Student(name, password, hub.address).answer.status_code == 403
    assert Student(hub.students[0].name, "wrong", hub.address).answer.status_code == 403
    assert not list(processes_of(pwd.getpwnam(name).pw_uid))


def others(hub):
    """What the first student must not get at: files of the second student, of the instructor, and of the hub."""
    ben = hub.students[1]
    home = hub.homes / ben.name
    server = min(processes_of(pwd.getpwnam(ben.name).pw_uid))
    files = [
        home / "mlt-nn-course" / "mlt_nn" / "neuron.py",
        home / "mlt-nn-course" / "course" / "01_neuron.ipynb",
        *(file for file in (home / ".jupyter-run").iterdir() if file.is_file()),
        Path(f"/proc/{server}/environ"),
        *sorted((hub.instructor / "tests" / "hidden").glob("*.py")),
        *sorted((hub.instructor / "solutions").glob("*.py")),
        *(file for file in (hub.place / "hub").iterdir() if file.is_file()),
    ]
    folders = [home, home / "mlt-nn-course", hub.instructor, hub.instructor / "tests", hub.place / "hub"]
    return files, folders


def test_a_student_can_read_nothing_of_others(hub):
    anna = hub.students[0]
    files, folders = others(hub)
    names = {file.name for file in files}
    assert {"jupyterhub.sqlite", "jupyterhub_cookie_secret", "network.py"} <= names
    assert len(files) > 25
    for file in files:
        file.read_bytes()  # it is there
    own = hub.homes / anna.name / "mlt-nn-course" / "mlt_nn" / "neuron.py"
    code = f"""
import os
for path in {[*map(str, [*files, *folders, own])]}:
    try:
        os.listdir(path) if path in {[*map(str, folders)]} else open(path, "rb").read()
    except PermissionError:
        continue
    print(path)
"""
    assert anna.cell(code).splitlines() == [str(own)]


def test_a_student_can_change_nothing_that_others_use(hub):
    shared = [hub.place, hub.place / "handout", hub.place / "python" / "bin", hub.homes]
    code = f"import os; print([os.access(path, os.W_OK) for path in {[*map(str, shared)]}])"
    assert hub.students[0].cell(code).strip() == str([False] * len(shared))


def test_a_students_server_answers_no_other(hub):
    anna, ben, _ = hub.students
    for path in ("api/contents", "api/kernels", "files/mlt_nn/neuron.py", "lab"):
        assert anna.get(path).status_code == 200
        assert anna.get(path, of=ben.name).status_code in (302, 403)
    way_up = f"{hub.address}/user/{anna.name}/api/contents/%2e%2e/%2e%2e/{ben.name}"
    assert anna.session.get(way_up, timeout=SECONDS).status_code in (400, 403, 404)
    assert requests.get(f"{hub.address}/user/{ben.name}/api/contents", timeout=SECONDS).status_code == 403


def test_a_kernel_is_reached_through_its_students_home_only(hub):
    """At a port any user of the machine could read a kernel's outputs: its key signs them, and hides nothing."""
    ben = hub.students[1]
    assert ben.cell("print(get_ipython().kernel.parent.transport)").strip() == "ipc"
    folder = hub.homes / ben.name / ".jupyter-run"
    assert not folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    # shell, iopub, stdin, control, heartbeat
    assert len([file for file in folder.glob("kernel-*-ipc-*") if file.is_socket()]) >= 5


def test_a_student_writes_checks_and_hands_in_and_it_is_collected(hub):
    ben = hub.students[1]
    written = (PROJECT / "solutions" / "neuron.py").read_text(encoding="utf-8")
    model = {"type": "file", "format": "text", "content": written}
    saved = ben.session.put(f"{hub.address}/user/{ben.name}/api/contents/mlt_nn/neuron.py", json=model, timeout=SECONDS)
    assert saved.status_code == 200
    said = ben.cell("from mlt_nn import check; print(check('01').passed, __import__('mlt_nn').__file__)")
    folder = hub.homes / ben.name / "mlt-nn-course"
    assert said.split() == ["True", str(folder / "mlt_nn" / "__init__.py")]
    # As the README of the hand-out says it; with the hub's packages, and not with a new environment for each student.
    assert "exercises are right" in ben.terminal("python3 -m mlt_nn submit")
    assert not (folder / ".venv").exists()
    # doctor ends with 0 when all is well.
    ben.terminal("python3 -m mlt_nn doctor")

    (command,) = re.findall(r"^    mkdir -p submissions$.*?^    done$", GUIDE, re.MULTILINE | re.DOTALL)
    assert "getent group students" in command
    command = command.replace("group students", f"group {hub.group}").replace("/home/", f"{hub.homes}/")
    folder = hub.place / "collected"
    folder.mkdir()
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True)
    assert done.stderr.count("No such file") == 2  # of those who handed in nothing
    with zipfile.ZipFile(folder / "submissions" / f"{ben.name}.zip") as archive:
        assert archive.namelist() == ["manifest.json", *(f"{module}.py" for module in MODULES)]
        assert archive.read("neuron.py").decode("utf-8") == written


def test_what_a_student_links_to_is_not_collected_with_the_rights_of_root(hub):
    anna = hub.students[0]
    secret = hub.instructor / "solutions" / "neuron.py"
    target = "mlt-nn-submission.zip"
    anna.cell(f"import os; os.symlink({str(secret)!r}, os.path.expanduser('~/mlt-nn-course/{target}'))")
    file = hub.homes / anna.name / "mlt-nn-course" / target
    assert file.read_bytes() == secret.read_bytes()  # root could
    done = subprocess.run(["runuser", "-u", anna.name, "--", "cat", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    file.unlink()


def test_a_link_of_nbgitpuller_brings_the_course_and_later_its_corrections(hub):
    """From git on this machine, as it would be from GitHub; what the student wrote stays."""
    cara = hub.students[2]
    source = shutil.copytree(hub.place / "handout", hub.place / "git" / "course-in-git")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    run(*git, "init", "-q", "-b", "main", cwd=source)
    run(*git, "add", "-A", cwd=source)
    run(*git, "commit", "-q", "-m", "First", cwd=source)
    (port,) = free_ports(1)
    daemon = ["git", "daemon", "--export-all", f"--base-path={source.parent}", "--listen=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen([*daemon, "--verbose"], stderr=subprocess.PIPE, start_new_session=True)
    try:
        assert b"Ready" in process.stderr.readline()
        asked = f"repo=git://127.0.0.1:{port}/course-in-git&branch=main"
        page = cara.get(f"git-pull?{asked}&urlpath=lab/tree/course-in-git/course/01_neuron.ipynb")
        assert page.status_code == 200
        assert '"phase": "finished"' in cara.get(f"git-pull/api?{asked}").text
        got = hub.homes / cara.name / "mlt-nn-course" / "course-in-git"
        assert (got / "mlt_nn" / "neuron.py").read_bytes() == (source / "mlt_nn" / "neuron.py").read_bytes()

        cara.cell(f"open({str(got / 'mlt_nn' / 'neuron.py')!r}, 'a').write('# mine')")
        for name in ("mlt_nn/neuron.py", "course/glossary.md"):
            (source / name).write_text(f"# corrected\n{(source / name).read_text()}")
        run(*git, "commit", "-q", "-a", "-m", "Corrected", cwd=source)
        assert '"phase": "finished"' in cara.get(f"git-pull/api?{asked}").text
        assert (got / "course" / "glossary.md").read_text().startswith("# corrected")
        assert (got / "mlt_nn" / "neuron.py").read_text().endswith("# mine")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=SECONDS)
        process.stderr.close()
