"""The environment that the course runs in: found, or made in the folder `.venv` and filled with the course's packages.

Needs the standard library only, and must run in any Python 3.6: it says in words that a newer one is needed, and
fetches that.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time

from mlt_nn.support.folders import PROGRAM, PROJECT
from mlt_nn.support.installers import CONSTRAINTS, Pip, Uv, own_variables
from mlt_nn.support.locking import lock

# The course is tested with these and those between; a newer Python is tried.
OLDEST, NEWEST = (3, 11), (3, 15)

WAY_OUT = "Run  python3 -m mlt_nn lab  in the course's folder: it installs what is missing."

_STAMP = "mlt-nn-setup.json"
_NO_NETWORK = re.compile(
    r"from versions: none|Max retries exceeded|NewConnectionError|name resolution|getaddrinfo|ConnectTimeout"
    r"|ReadTimeout|ConnectionReset|ProxyError|Network is unreachable|SSLError",
)
_NO_TRUST = re.compile("certificate verify failed", re.IGNORECASE)


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def fits(version):
    """Whether the course runs, or may run, in that version of Python, given as (major, minor, ...)."""
    return tuple(version[:2]) >= OLDEST


def dotted(version):
    """A version in words.

    >>> dotted((3, 15))
    '3.15'
    """
    return ".".join(map(str, version))


def fitting_commands():
    """The commands of this computer that start a Python of the versions that the course was tested with."""
    names = [f"python{OLDEST[0]}.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return [name for name in names if shutil.which(name) and _answers(name)]


def _answers(name):
    # pyenv has a command for each version that is installed, which runs only where that version was chosen.
    return subprocess.run([name, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def wrong_python(version, executable, arguments, others=()):
    """What to tell a person whose Python is too old, with the way out; others: commands that start a fitting one."""
    newest = dotted(NEWEST)
    lines = [f"The course needs Python {dotted(OLDEST)} or newer; this is Python {dotted(version[:3])} ({executable})."]
    if others:
        lines += ["This computer has a fitting one. Run:", f"    {others[0]} -m mlt_nn {' '.join(arguments)}".rstrip()]
    else:
        lines.append(f"Install Python {newest} (python.org has installers) and run the same command with it;")
        lines.append(f"on Windows that is: py -{newest} -m mlt_nn {' '.join(arguments)}".rstrip())
    return "\n".join(lines)


def requirements(project=PROJECT, extras=()):
    """The packages that pyproject.toml asks for, as pairs (name, lowest version). A hand-out lacks our extras."""
    import tomllib

    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [table["dependencies"], *(table["optional-dependencies"].get(extra, []) for extra in extras)]
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


def main(extras):
    """Tell what `Environment` must know of the Python that runs this: its version, what it lacks, its packages' names.

    That is JSON, and the last line: Python may print things when it starts.
    """
    packages = os.listdir(sysconfig.get_path("purelib"))
    seen = {
        "version": sys.version_info[:2],
        "lacking": lacking(PROJECT, extras) if fits(sys.version_info) else [],
        "packages": sorted(name.partition("-")[0] for name in packages if name.endswith(".dist-info")),
    }
    print("\n" + json.dumps(seen))


def run(command, folder, on_line=lambda line: None, variables=None):
    """Run a command in the folder; on_line gets each line of its output. Returns (exit code, output)."""
    output = []
    variables = own_variables(os.environ) if variables is None else variables
    out, err = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        command,
        cwd=str(folder),
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        encoding="utf-8",
        errors="replace",
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
        self._uv = None
        self._uv_place = self.folder / "mlt-nn-uv"

    @property
    def python(self):
        """The Python of the environment."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    def is_ready(self):
        """Whether it was made by `prepare`, from the pyproject.toml of now, and still has all that was put into it."""
        stamp = self._stamp()
        return (
            stamp is not None
            and stamp["project"] == str(self.project)
            and stamp["packages"] == self._packages()
            and set(self.extras) <= set(stamp["extras"])
            and not self._gone(stamp)
        )

    def runs(self):
        """Whether there is one, for this folder, whose Python runs and fits, whatever packages it has."""
        stamp, look = self._stamp(), self._look()
        is_elsewhere = stamp is not None and stamp["project"] != str(self.project)
        return not is_elsewhere and look is not None and fits(look["version"])

    def prepare(self, other_python=None):
        """Make it, or bring it up to date, unless another start of the course just did.

        A folder `.venv` that this did not make is somebody's own: packages are installed into it, but it is never
        deleted.

        Arguments:
            other_python: called where one must be made and the Python that runs this does not fit; returns the version
                of the one to fetch, or raises SetupError.

        Raises:
            SetupError: when that cannot be done.
        """
        try:
            with self._alone():
                try:
                    if not self.is_ready():
                        self._prepare(other_python)
                finally:
                    shutil.rmtree(str(self._uv_place), ignore_errors=True)
        except OSError as error:
            raise SetupError(f"The folder {self.folder} cannot be written: {error}") from error

    @contextlib.contextmanager
    def _alone(self):
        """Wait while another process sets up the same folder."""
        place = self.project / ".mlt_nn"
        place.mkdir(exist_ok=True)
        with (place / "setup.lock").open("a") as file:
            told = False
            while True:
                try:
                    lock(file)
                    break
                except BlockingIOError:
                    if not told:
                        self.say("The course is being set up by another window already: waiting for it.")
                        told = True
                    time.sleep(0.2)
                except OSError:
                    break  # where there are no locks, nobody else can be told of either
            yield

    def _prepare(self, other_python):
        stamp = self._stamp()
        if not self.folder.exists():
            self._make(other_python)
        elif stamp is None:
            if not self.runs():
                raise SetupError(
                    f"The folder {self.folder} holds no Python that the course can use. Delete it and try again."
                )
        elif not stamp["packages"] or not self.runs():
            self.say("The folder .venv is not whole, or the course was moved: making it again.")
            stamp = None
            self._make(other_python)
        if stamp:
            self.extras = sorted({*self.extras, *stamp["extras"]})
            for sentence in self._gone(stamp):
                self.say(sentence)
        self._install()
        look = self._look()
        lacks = look["lacking"] if look else [f"{self.python} does not run."]
        if not look or lacks:
            raise SetupError("\n".join(["The packages were installed, and yet:", *lacks]))
        self._write_stamp(self._packages(), look["packages"])
        self.say("The environment is ready.")

    def _make(self, other_python):
        if self.folder.is_symlink():
            raise SetupError(
                f"{self.folder} is a link to {os.path.realpath(str(self.folder))}, which does not fit the course and\n"
                "would have to be emptied. Nothing was changed. Delete the link and run the same command again."
            )
        python = other_python() if other_python else sys.executable
        pip = importlib.util.find_spec("pip")
        modules = [module for module in ("venv", "ensurepip") if importlib.util.find_spec(module) is None]
        if modules and not pip:
            raise SetupError(_without(modules[0]))
        self.say(f"Making an environment for the course in {self.folder}")
        if not other_python and sys.version_info[:2] > NEWEST:
            self.say(f"This Python is newer than {dotted(NEWEST)}, the newest that the course was tested with.")
        self.folder.mkdir(exist_ok=True)
        # Marks the folder as ours and unfinished, so that it is made again whenever this is interrupted.
        self._write_stamp(None)
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(str(entry))
            elif entry.name != _STAMP:
                entry.unlink()
        output = "pip could not bring uv."
        self._uv = self._bring_uv(sys.executable) if pip else None
        if self._uv:
            code, output = self._uv.make(self.folder, python)
            if code == 0:
                return
        if other_python:
            raise SetupError(
                f"Python {python} could not be fetched:\n{_tail(output)}\n"
                f"Install Python {python} (python.org has installers) and run the same command with it."
            )
        if modules:
            raise SetupError(_without(modules[0]))
        code, output = self.run([sys.executable, "-m", "venv", str(self.folder)], self.project)
        if code:
            raise SetupError(f"The environment could not be made. Python says:\n{_tail(output)}")

    def _bring_uv(self, python):
        uv = Uv(self._uv_place, Pip(python, self.project, self.run))
        return uv if uv.bring() else None

    def _install(self):
        what = ["-e", f".[{','.join(self.extras)}]" if self.extras else "."]
        self.say("Installing the course's packages into it. This takes a minute or two, once.")
        uv = self._uv or self._bring_uv(self.python)
        if uv is None or uv.install(self.python, what, _progress(self.say))[0] != 0:
            self._install_by_pip(what)

    def _install_by_pip(self, what):
        code, output = Pip(self.python, self.project, self.run).install(what, _progress(self.say))
        if code == 0:
            return
        if "No module named pip" in output:
            raise SetupError(f"The environment in {self.folder} has no pip. Delete that folder and try again.")
        if _NO_TRUST.search(output):
            raise SetupError(
                "The packages could not be fetched: this computer does not trust who answers. Schools, companies and\n"
                "some virus scanners look into connections and sign them anew: ask for their certificate, a file such\n"
                "as school.pem, and name it once:\n"
                f"    {self.python} -m pip config set global.cert FILE\n"
                "Also look whether the date of this computer is right. Then run the same command again."
            )
        if _NO_NETWORK.search(output):
            reason = next(line.strip() for line in output.splitlines() if _NO_NETWORK.search(line))
            raise SetupError(
                "The packages could not be fetched. Is this computer connected to the internet? Behind a proxy, set\n"
                f"the environment variable HTTPS_PROXY. Then run the same command again. pip says:\n    {reason[:300]}"
            )
        raise SetupError(f"The packages could not be installed. pip says:\n{_tail(output)}")

    def _look(self):
        """What `main` tells of it; None when its Python does not run."""
        # -I: the folder stays out of sys.path, or a reader's random.py in it would be taken for the real one.
        package = self.project / "mlt_nn" / "__init__.py"
        command = [str(self.python), "-I", "-c", PROGRAM, str(package), __name__, json.dumps(self.extras)]
        try:
            code, output = self.run(command, self.project) if self.python.is_file() else (1, "")
            return json.loads(output.strip().splitlines()[-1]) if code == 0 else None
        except (OSError, ValueError, IndexError):
            return None

    def _gone(self, stamp):
        """What it lacks by now, as sentences."""
        look = self._look()
        if look is None or not fits(look["version"]):
            return [f"{self.python} does not run, or does not fit."]
        gone = sorted({*stamp.get("installed", ())} - {*look["packages"]})
        return [*look["lacking"], *(f"{name} is gone." for name in gone)]

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

    def _write_stamp(self, packages, installed=()):
        from mlt_nn.support.writing import write_text

        stamp = {"packages": packages, "project": str(self.project), "extras": self.extras, "installed": installed}
        write_text(self.folder / _STAMP, json.dumps(stamp))


def _without(module):
    return (
        f"This Python ({sys.executable}) comes without its module {module}.\n"
        "On Debian and Ubuntu install it with\n"
        "    sudo apt install python3-venv\n"
        "and run the same command again."
    )


def _progress(say):
    """What turns the many lines of pip, or of uv, into a few plain ones."""
    found = []

    def on_line(line):
        words = line.split()
        if line.startswith(("Collecting ", "Processing ")):
            found.append(line)
            if len(found) % 20 == 0:
                say(f"  {len(found)} packages found")
        elif line.startswith("Installing collected packages"):
            say(f"  {len(found)} packages fetched; unpacking them")
        elif line.startswith("Resolved "):
            say(f"  {words[1]} packages found")
        elif line.startswith("Downloading ") and len(words) == 3:  # uv names the large ones
            say(f"  fetching {words[1]} {words[2]}")
        elif line.startswith("Prepared "):
            say(f"  {words[1]} packages fetched; unpacking them")

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
