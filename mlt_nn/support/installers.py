"""What installs packages: pip, or in its place uv, which pip brings and which takes a fraction of the time.

Of all that pip is told on a computer, by its files and variables, the way to the packages counts and nothing else: a
`user`, `target` or `no-deps` would put them elsewhere, or half of them. Must run in any Python 3.6, like `environment`.
"""

import ast
import os
import re

CONSTRAINTS = os.path.join("mlt_nn", "support", "constraints.txt")

# How pip calls what leads to the packages, and how uv does: by an argument for each value, or by variables.
_ARGUMENTS = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "trusted-host": "--allow-insecure-host",
}
_VARIABLES = {
    "cert": ["SSL_CERT_FILE"],
    "client-cert": ["SSL_CLIENT_CERT"],
    "proxy": ["HTTP_PROXY", "HTTPS_PROXY"],
    "timeout": ["UV_HTTP_TIMEOUT"],
}
_WAY = (*_ARGUMENTS, *_VARIABLES, "no-index", "retries")


def own_variables(variables):
    """Environment variables without those by which packages of another Python, or settings of pip, would come in."""
    foreign = ("PYTHONPATH", "PYTHONHOME")
    return {name: value for name, value in variables.items() if name not in foreign and not name.startswith("PIP_")}


class Pip:
    """The pip of a Python.

    Arguments:
        python: the Python's file.
        folder: where its commands run.
        run: how a command is run; see `environment.run`.
    """

    def __init__(self, python, folder, run):
        self.python = str(python)
        self.folder = folder
        self.run = run
        self.way = self._way()

    def install(self, arguments, on_line=lambda line: None):
        """Install; returns (exit code, output)."""
        command = [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        variables = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in self.way.items()}
        variables = {"PIP_RETRIES": "2", **own_variables(os.environ), **variables, "PIP_CONFIG_FILE": os.devnull}
        return self.run([*command, "-c", CONSTRAINTS, *arguments], self.folder, on_line, variables)

    def _way(self):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        output = self.run([self.python, "-m", "pip", "config", "list"], self.folder, lambda line: None, variables)[1]
        found = re.findall(r"^(global|install|:env:)\.([a-z-]+)=('.*'|\".*\")\s*$", output, re.MULTILINE)
        order = ["global", "install", ":env:"]
        found.sort(key=lambda entry: order.index(entry[0]))
        return {name: ast.literal_eval(value) for _, name, value in found if name in _WAY}


class Uv:
    """uv, in a folder of its own, which also takes what it downloads.

    Arguments:
        place: the folder.
        pip: the Pip that brings it, and whose way to the packages it takes.
    """

    def __init__(self, place, pip):
        self.pip = pip
        self.place = place
        self.file = place / "bin" / ("uv.exe" if os.name == "nt" else "uv")

    def bring(self):
        """Let pip install it; returns whether it is there."""
        self.pip.install(["--only-binary", ":all:", "--target", str(self.place), "uv"])
        return self.file.is_file()

    def make(self, folder, python):
        """Make an environment with a Python, a file or a version that is fetched; returns (exit code, output)."""
        fetch = ["--no-python-downloads"] if os.path.isabs(python) else ["--managed-python"]
        code, output = self._run(["venv", "--allow-existing", *fetch, "--python", python, str(folder)])
        # People look for pip in it.
        return self._run(["pip", "install", "--python", str(folder), "pip"]) if code == 0 else (code, output)

    def install(self, python, arguments, on_line):
        """Install packages into the environment of that Python; returns (exit code, output)."""
        return self._run(["pip", "install", "--python", str(python), "-c", CONSTRAINTS, *arguments], on_line)

    def _run(self, command, on_line=lambda line: None):
        way = self.pip.way
        variables = {
            **own_variables(os.environ),
            # A uv.toml of somebody else's is none of ours, and a Python that is fetched goes with the environment.
            "UV_NO_CONFIG": "1",
            "UV_PYTHON_INSTALL_DIR": str(self.place.parent / "python"),
            "UV_PYTHON_INSTALL_REGISTRY": "0",
            "UV_CACHE_DIR": str(self.place / "cache"),
            **{variable: way[name] for name in _VARIABLES if name in way for variable in _VARIABLES[name]},
        }
        # As pip does: the newest of all indexes, and the certificates that the system trusts.
        arguments = ["--system-certs", "--index-strategy", "unsafe-best-match"]
        for name, argument in _ARGUMENTS.items():
            arguments += [part for value in way.get(name, "").split() for part in (argument, value)]
        if way.get("no-index", "").lower() in ("1", "true", "yes", "on"):
            arguments.append("--no-index")
        return self.pip.run([str(self.file), *command, *arguments], self.pip.folder, on_line, variables)
