"""The course as students get it: without solutions, hidden checks, and what only teachers and maintainers need."""

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from mlt_nn.support import questions, suspects
from mlt_nn.support.archive import zipped
from mlt_nn.support.assignments import WHOLE_COURSE, assignments
from mlt_nn.support.assignments import text as course_file
from mlt_nn.support.catalogue import MODULES, NOTEBOOKS
from mlt_nn.support.folders import PROJECT
from mlt_nn.support.writing import write_bytes
from mlt_nn.teaching.building.rooms import room_files
from mlt_nn.teaching.building.stubs import stub_text

ROOMS = ("support", "datasets", "plots", "widgets", "grading", "cli")
_WHOLE = (
    ".gitignore",
    "LICENSE",
    ".binder/postBuild",
    ".binder/runtime.txt",
    "course/glossary.md",
    "course/nbval.cfg",
    "data/README.md",
    "mlt_nn/__init__.py",
    "mlt_nn/__main__.py",
)
_TABLES = (
    "[build-system]",
    "[project]",
    "[project.optional-dependencies]",
    "[project.scripts]",
    "[tool.flit.module]",
    "[tool.pytest.ini_options]",
)


def handout(outputs=True, project=PROJECT):
    """The files of the hand-out.

    Arguments:
        outputs: whether the reference run comes along for `check 02`, out of sight. The notebooks themselves are handed
            out without outputs, or the answers would stand below the questions.
        project: the folder of the whole course.

    Returns:
        {"mlt_nn/neuron.py": its bytes, ...}, by name.

    Raises:
        FileNotFoundError: when a file of the course is missing.
        ValueError: when markers and exercises do not agree.
    """
    texts: dict[str, str] = {}
    for name in NOTEBOOKS:
        text = _published(project, name)
        texts[f"course/{name}.ipynb"] = _without_outputs(text)
        # What `check 02` runs and compares with.
        texts[f"course/source/{name}.ipynb"] = _without_outputs(text, "own-lines" if outputs else None)
        # The notebook asks for its questions by name. What is right and why stands there too, or it could not be told.
        texts[f"course/source/{name}.md"] = "\n\n".join(_asked(_read(project, f"course/source/{name}.md"))) + "\n"
    for folder in ("public", "handout"):
        for file in sorted((project / "tests" / folder).glob("*.py")):
            texts[f"tests/{folder}/{file.name}"] = file.read_text(encoding="utf-8")
    texts["README.md"] = _readme(_read(project, "README.md"))
    texts["pyproject.toml"] = _pyproject(_read(project, "pyproject.toml"))
    texts |= {name: _read(project, name) for name in _WHOLE}

    files = room_files(ROOMS, project) | {name: text.encode("utf-8") for name, text in texts.items()}
    # Not the files in mlt_nn/: somebody may have written exercises there.
    if assignments() != (WHOLE_COURSE,):
        files["course/course.toml"] = course_file(assignments()).encode("utf-8")
    for module in MODULES:
        source = _read(project, f"solutions/{module}.py")
        files[f"mlt_nn/{module}.py"] = stub_text(source, module).encode("utf-8")
    for file in sorted((*(project / "data").glob("digits-*.gz"), *(project / "data").glob("trained-*.npz"))):
        files[f"data/{file.name}"] = file.read_bytes()
    return dict(sorted(files.items()))


def places(folder):
    """Where `write` writes: the folder, and the zip beside it."""
    folder = Path(folder).resolve()
    return folder, folder.with_name(f"{folder.name}.zip")


def demand_free(*paths):
    """Raises FileExistsError, which names all of these paths where something is already."""
    there = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        are, them = ("is", "it") if len(there) == 1 else ("are", "them")
        raise FileExistsError(f"{' and '.join(there)} {are} there already. Delete {them}, or name another place.")


def write(folder, files):
    """Write the files as a folder, and beside it as a zip of that folder: both whole, or neither.

    Raises:
        FileExistsError: when the folder or the zip is there already; nothing was changed then.
    """
    folder, archive = places(folder)
    demand_free(folder, archive)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as private:
        new = Path(private, folder.name)
        for name, data in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(data)
        os.rename(new, folder)
    try:
        named = {f"{folder.name}/{name}": data for name, data in files.items()}
        write_bytes(archive, zipped(named, date=time.localtime()[:3]))
    except BaseException:
        shutil.rmtree(folder)
        raise
    return folder, archive


def _asked(markdown):
    """The blocks that a notebook asks for by name."""
    asked = [block[0] for block in questions.BLOCK.finditer(markdown)]
    return asked + [suspects.sealed(block[0]) for block in suspects.BLOCK.finditer(markdown)]


def _read(project, name):
    return (project / name).read_text(encoding="utf-8")


def _published(project, name):
    """The text of a notebook file, which must hold one run from top to bottom and nothing of the one who ran it."""
    text = _read(project, f"course/{name}.ipynb")
    content = json.loads(text)
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    found = None
    if [cell["execution_count"] for cell in cells] != list(range(1, len(cells) + 1)):
        found = "was not run once from top to bottom"
    elif any(output["output_type"] == "error" for output in outputs):
        found = "holds an error"
    elif "widgets" in content["metadata"] or "widget-view" in json.dumps(outputs):
        found = "holds the state of widgets"
    elif any(_names(outputs, place) for place in (project, Path.home()) if len(place.parts) > 1):
        found = "names a folder of this computer"
    if found:
        raise ValueError(
            f"course/{name}.ipynb {found}: somebody worked in it. Get the published one back:  "
            f"git checkout course/{name}.ipynb  (or run it anew:  python3 -m mlt_nn build {name})"
        )
    return text


def _names(outputs, place):
    written = re.escape(json.dumps(str(place), ensure_ascii=False)[1:-1])
    return re.search(rf"(?<![\w./-]){written}(?!\w)", json.dumps(outputs, ensure_ascii=False))


def _without_outputs(notebook, tag=None):
    """The text of a notebook file, its outputs left out; with a tag only those of cells that have it."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code" and (tag is None or tag in cell["metadata"].get("tags", ())):
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _readme(text):
    """README.md up to what it says to instructors, without the picture, for that shows a solution."""
    own, found, _ = text.partition("\n## For instructors\n")
    if not found:
        raise ValueError("README.md has no line '## For instructors', so what is for students cannot be told")
    return re.sub(r"^!\[.*\]\(.*\)\n\n", "", own, flags=re.MULTILINE)


def _pyproject(text):
    """The settings that students need; of the packages for tests only the one that `mlt-nn test` runs with."""
    tables = {table.partition("\n")[0]: table for table in re.split(r"^(?=\[)", text, flags=re.MULTILINE)}
    (package,) = re.findall(r'^ +("pytest-xdist.*"),$', tables["[project.optional-dependencies]"], re.MULTILINE)
    tables["[project.optional-dependencies]"] = f"[project.optional-dependencies]\ntest = [{package}]\n\n"
    kept = "".join(tables[name] for name in _TABLES)
    return re.sub(r"^testpaths = .*$", 'testpaths = ["tests/handout"]', kept, flags=re.MULTILINE).rstrip() + "\n"
