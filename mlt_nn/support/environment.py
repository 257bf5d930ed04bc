"""The environment that the course runs in: found, or made in the folder `.venv` and filled with the course's packages.

Needs the standard library only. Up to `fits` it must run in any Python 3.6, to say in words that a newer one is needed.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys

from mlt_nn.support.folders import PROJECT

OLDEST, NEWEST = (3, 11), (3, 13)
CONSTRAINTS = os.path.join("mlt_nn", "support", "constraints.txt")

WAY_OUT = "Run  python3 -m mlt_nn lab  in the course's folder: it installs what is missing."

_STAMP = "mlt-nn-setup.json"
_NO_NETWORK = re.compile(
    r"from versions: none|Max retries exceeded|NewConnectionError|name resolution|getaddrinfo|ConnectTimeout"
    r"|ReadTimeout|ConnectionReset|ProxyError|Network is unreachable|SSLError",
)


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def fits(version):
    """Whether the course runs in that version of Python, given as (major, minor, ...)."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def wrong_python(version, executable, arguments, find=shutil.which):
    """What to tell a person whose Python is too old or too new, with the way out."""
    wanted = ["{}.{}".format(OLDEST[0], minor) for minor in range(OLDEST[1], NEWEST[1] + 1)]  # noqa: UP032
    lines = [
        f"The course needs Python {', '.join(wanted[:-1])} or {wanted[-1]}; "
        f"this is Python {'.'.join(map(str, version[:3]))} ({executable})."
    ]
    others = [f"python{minor}" for minor in reversed(wanted) if find(f"python{minor}")]
    if others:
        lines += ["This computer has a fitting one. Run:", f"    {others[0]} -m mlt_nn {' '.join(arguments)}".rstrip()]
    else:
        lines.append(f"Install Python {wanted[-1]} (python.org has installers) and run the same command with it;")
        lines.append(f"on Windows that is: py -{wanted[-1]} -m mlt_nn {' '.join(arguments)}".rstrip())
    return "\n".join(lines)


def requirements(project=PROJECT, extras=()):
    """The packages that pyproject.toml asks for, as pairs (name, lowest version)."""
    import tomllib

    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [table["dependencies"], *(table["optional-dependencies"][extra] for extra in extras)]
    return [tuple(entry.split(">=")) for wanted in lists for entry in wanted]


def installed_version(name):
    """The version of a package in this environment, or None."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def at_least(version, lowest):
    """Whether a version is not older than the lowest one.

    >>> at_least("2.10.1", "2.9"), at_least("2.9rc1", "2.10")
    (True, False)
    """

    def numbers(text):
        return [int(part) for part in re.findall(r"\d+", re.split(r"[^\d.]", text)[0])]

    return numbers(version) >= numbers(lowest)


def installed_folder():
    """The folder that this environment takes mlt_nn from, if it can be edited there; else None.

    That is one in PYTHONPATH, as on a JupyterHub with one Python for all students, or the one that was installed so.
    """
    from importlib import metadata
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if folder and os.path.isfile(os.path.join(folder, "mlt_nn", "__init__.py")):
            return folder
    try:
        record = metadata.distribution("mlt-nn").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    origin = json.loads(record or "{}")
    if not origin.get("dir_info", {}).get("editable"):
        return None
    return url2pathname(urlsplit(origin["url"]).path)


def lacking(project=PROJECT, extras=()):
    """What the Python that runs this lacks to run the course of that folder, as sentences; none: it is ready."""
    sentences = []
    for name, lowest in requirements(project, extras):
        version = installed_version(name)
        if version is None:
            sentences.append(f"{name} is not installed; {lowest} or newer is needed.")
        elif not at_least(version, lowest):
            sentences.append(f"{name} is {version}; {lowest} or newer is needed.")
    folder = installed_folder()
    if folder is None:
        sentences.append("The course is not installed in this environment to be edited.")
    elif not os.path.isdir(folder) or not os.path.samefile(folder, str(project)):
        sentences.append(f"This environment uses the course in {folder}, not the one in {project}.")
    return sentences


def run(command, folder, on_line=lambda line: None):
    """Run a command in the folder; on_line gets each line of its output. Returns (exit code, output)."""
    output = []
    out, err = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        command, cwd=str(folder), stdin=subprocess.DEVNULL, stdout=out, stderr=err, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            output.append(line)
            on_line(line)
    return process.returncode, "".join(output)


class Environment:
    """The folder `.venv` of a project.

    Arguments:
        project: the folder that holds pyproject.toml.
        extras: which optional dependencies are needed too, as in ("test",).
        run: how a command is run; see `run`.
        say: gets each line of progress.
    """

    def __init__(self, project=PROJECT, extras=(), run=run, say=print):
        self.project = project
        self.folder = project / ".venv"
        self.extras = sorted(extras)
        self.run = run
        self.say = say

    @property
    def python(self):
        """The Python of the environment."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    def is_ready(self):
        """Whether it was made by `prepare`, from the pyproject.toml of now, and its Python still runs."""
        stamp = self._stamp()
        return (
            stamp is not None
            and stamp["packages"] == self._packages()
            and stamp["project"] == str(self.project)
            and set(self.extras) <= set(stamp["extras"])
            and self._runs()
        )

    def prepare(self):
        """Make it, or bring it up to date.

        A folder `.venv` that this did not make is somebody's own: packages are installed into it, but it is never
        deleted.

        Raises:
            SetupError: when that cannot be done.
        """
        stamp = self._stamp()
        try:
            if not self.folder.exists():
                self._make()
            elif stamp is None:
                if not self._runs():
                    raise SetupError(
                        f"The folder {self.folder} holds no Python that the course can use. Delete it and try again."
                    )
            elif not stamp["packages"] or stamp["project"] != str(self.project) or not self._runs():
                self.say("The folder .venv is not whole, or the course was moved: making it again.")
                stamp = None
                self._make()
            self.extras = sorted({*self.extras, *(stamp["extras"] if stamp else ())})
            self._install()
            self._write_stamp(self._packages())
        except OSError as error:
            raise SetupError(f"The folder {self.folder} cannot be written: {error}") from error

    def _make(self):
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                raise SetupError(
                    f"This Python ({sys.executable}) comes without its module {module}.\n"
                    "On Debian and Ubuntu install it with\n"
                    "    sudo apt install python3-venv\n"
                    "and run the same command again."
                )
        if self.folder.is_symlink():
            raise SetupError(
                f"{self.folder} is a link to {os.path.realpath(self.folder)}, which does not fit the course and\n"
                "would have to be emptied. Nothing was changed. Delete the link and run the same command again."
            )
        self.say(f"Making an environment for the course in {self.folder}")
        self.folder.mkdir(exist_ok=True)
        # Marks the folder as ours and unfinished, so that it is made again whenever this is interrupted.
        self._write_stamp(None)
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(str(entry))
            elif entry.name != _STAMP:
                entry.unlink()
        code, output = self.run([sys.executable, "-m", "venv", str(self.folder)], self.project)
        if code:
            raise SetupError(f"The environment could not be made. Python says:\n{_tail(output)}")

    def _install(self):
        what = f".[{','.join(self.extras)}]" if self.extras else "."
        self.say("Installing the course's packages into it. This takes a minute or two, once.")
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        command += ["--retries", "2", "-c", CONSTRAINTS, "-e", what]
        code, output = self.run(command, self.project, _progress(self.say))
        if code == 0:
            self.say("The environment is ready.")
        elif "No module named pip" in output:
            raise SetupError(f"The environment in {self.folder} has no pip. Delete that folder and try again.")
        elif _NO_NETWORK.search(output):
            reason = next(line.strip() for line in output.splitlines() if _NO_NETWORK.search(line))
            raise SetupError(
                "The packages could not be fetched. Is this computer connected to the internet? Behind a proxy, set\n"
                f"the environment variable HTTPS_PROXY. Then run the same command again. pip says:\n    {reason[:300]}"
            )
        else:
            raise SetupError(f"The packages could not be installed. pip says:\n{_tail(output)}")

    def _runs(self):
        command = [str(self.python), "-I", "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            code, output = self.run(command, self.project) if self.python.is_file() else (1, "")
        except OSError:
            return False
        return code == 0 and fits(tuple(int(number) for number in output.split()))

    def _packages(self):
        """What the packages are chosen by, as one hash."""
        lists = [(self.project / name).read_bytes() for name in ("pyproject.toml", CONSTRAINTS)]
        return hashlib.sha256(b"".join(lists)).hexdigest()

    def _stamp(self):
        try:
            return json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:
            return {"packages": None, "project": None, "extras": []}

    def _write_stamp(self, packages):
        from mlt_nn.support.writing import write_text

        stamp = {"packages": packages, "project": str(self.project), "extras": self.extras}
        write_text(self.folder / _STAMP, json.dumps(stamp))


def _progress(say):
    """What turns pip's many lines into a few plain ones."""
    found = []

    def on_line(line):
        if line.startswith(("Collecting ", "Processing ")):
            found.append(line)
            if len(found) % 20 == 0:
                say(f"  {len(found)} packages found")
        elif line.startswith("Installing collected packages"):
            say(f"  {len(found)} packages fetched; unpacking them")

    return on_line


def _tail(output):
    return "\n".join("    " + line for line in output.strip().splitlines()[-8:])


def run_here(command, folder, environment):
    """Run a command that uses this terminal, and wait for it; returns its exit code."""
    sys.stdout.flush()
    process = subprocess.Popen(command, cwd=folder, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the other program too, and it is for that one to end.
            continue


def hand_over(command, environment=None):
    """Let another program go on in this one's place. Where the system has no true `exec`, returns its exit code."""
    command = [str(part) for part in command]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(command[0], command, os.environ if environment is None else environment)
    return run_here(command, None, environment)
