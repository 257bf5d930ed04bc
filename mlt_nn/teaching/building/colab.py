"""The hand-out for Google Colab and Kaggle: each notebook begins with a badge and a cell that brings the rest.

The cell is the text of `first_cell.py`. It works before anything of the course is there.
"""

import hashlib
import json
import re
from pathlib import Path

from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS

_CELL = Path(__file__).with_name("first_cell.py")
_PLACE = "https://github.com/YOU/COURSE"
_REPOSITORY = re.compile(r"https://github\.com/[A-Za-z0-9-]+/[\w.-]+", re.ASCII)
_BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({})\n\n{}"
_WORDS = (
    "In Colab run the next cell first. Links to your files in the text do not work there; those below that cell do. "
    "In JupyterLab go on below it."
)


def prepared(files, repository):
    """The files of a hand-out for a repository on GitHub, which holds them on its branch `main`.

    Arguments:
        files: {"course/01_neuron.ipynb": its bytes, ...}, by name.
        repository: its address, as in https://github.com/YOU/COURSE.

    Raises:
        ValueError: when it is no such address.
    """
    address = repository.removesuffix("/").removesuffix(".git")
    if not _REPOSITORY.fullmatch(address):
        raise ValueError(f"{repository!r} is not the address of a repository on GitHub, which looks like {_PLACE}")
    notebooks = {f"course/{name}.ipynb": name for name in NOTEBOOKS}
    return {
        file: _with_first_cells(data, file, notebooks[file], address) if file in notebooks else data
        for file, data in files.items()
    }


def _with_first_cells(data, file, name, address):
    content = json.loads(data)
    modules = dict.fromkeys(exercise.module for exercise in EXERCISES if exercise.notebook == name)
    call = ", ".join(["keep_in_my_drive", *map(json.dumps, modules)])
    code = _CELL.read_text(encoding="utf-8").replace(_PLACE, address) + f"\n\nbring_course({call})"
    opened = f"{address.replace('github.com', 'colab.research.google.com/github')}/blob/main/{file}"
    collapsed = {"cellView": "form", "jupyter": {"source_hidden": True}}
    before: list[dict] = [
        {"cell_type": "markdown", "source": _BADGE.format(opened, _WORDS), "metadata": {}},
        {"cell_type": "code", "source": code, "metadata": collapsed, "outputs": [], "execution_count": None},
    ]
    for position, cell in enumerate(before):
        cell["id"] = hashlib.sha256(f"{name} colab {position}".encode()).hexdigest()[:12]
    content["cells"] = [*before, *content["cells"]]
    return (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")
