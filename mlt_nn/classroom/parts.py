"""Which files of the package a part of the course needs: found by following its imports, and kept in no list."""

import ast
import json
import re

from mlt_nn.folders import PROJECT

_MODULE = re.compile(r"mlt_nn(?:\.\w+)+")


def package_files(texts, modules, project=PROJECT):
    """The files of `mlt_nn/` that code needs, as {"mlt_nn/plots/look.py": its bytes, ...}.

    A module counts as needed when an import names it, or a text in the code, as in `"mlt_nn.cli.check"`: that is how
    the package loads what is seldom used. A file that is no module is needed when a module beside it names it.

    Arguments:
        texts: Python code that will be run.
        modules: names of modules that will be run, as in "mlt_nn.cli.check".
        project: the folder that holds `mlt_nn/`.
    """
    trees = [ast.parse(text) for text in texts]
    waiting = [*modules, *(name for tree in trees for name in _named_modules(tree))]
    found: dict[str, ast.Module] = {}
    while waiting:
        parts = waiting.pop().split(".")
        for length in range(1, len(parts) + 1):
            file = _file(parts[:length], project)
            name = file and file.relative_to(project).as_posix()
            if name and name not in found:
                found[name] = ast.parse(file.read_text(encoding="utf-8"))
                waiting += _named_modules(found[name])
    names = {*found, *_beside(found, project)}
    return {name: (project / name).read_bytes() for name in sorted(names)}


def code_cells(notebook):
    """The code cells of a notebook file's text, as Python without what only a notebook understands."""
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] == "code":
            yield re.sub(r"^\s*[%!].*$", "", "".join(cell["source"]), flags=re.MULTILINE)


def _named_modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "mlt_nn")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "mlt_nn":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _MODULE.findall(node.value)


def _file(parts, project):
    folder = project.joinpath(*parts)
    for file in (folder / "__init__.py", folder.with_suffix(".py")):
        if parts[0] == "mlt_nn" and file.is_file():
            return file
    return None


def _beside(found, project):
    """The files beside modules that are named in them, and those in folders that are: settings, versions."""
    for name, tree in found.items():
        folder = (project / name).parent
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"\w[\w.-]*", node.value)
            ):
                place = folder / node.value
                # A folder of modules is not named for its files.
                inside = place.rglob("*") if not (place / "__init__.py").exists() else ()
                for file in (place, *inside):
                    if file.is_file() and file.suffix not in (".py", ".pyc"):
                        yield file.relative_to(project).as_posix()
