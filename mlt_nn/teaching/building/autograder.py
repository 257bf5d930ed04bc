"""Gradescope's autograder: the zip that is uploaded.

Source: Gradescope's autograder specifications. The zip is unpacked to /autograder/source; setup.sh is run there once,
with a network, then run_autograder for each submission.
"""

from pathlib import Path

from mlt_nn.support.archive import zipped
from mlt_nn.support.assignments import FILE, WHOLE_COURSE, text
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import COURSE, PROJECT
from mlt_nn.support.writing import write_bytes
from mlt_nn.teaching.building.release import demand_free
from mlt_nn.teaching.building.rooms import room_files

_ROOMS = ("support", "grading", "teaching/building", "teaching/grader", "teaching/gradescope")
_SCRIPTS = ("setup.sh", "run_autograder")


def autograder(assignment=WHOLE_COURSE):
    """The files of the zip for an assignment, as {"setup.sh": its bytes, ...}: the grading with all that it needs."""
    names = [f"{folder}/{module}.py" for module in MODULES for folder in ("solutions", "mlt_nn")]
    names += ["mlt_nn/__init__.py"]
    names += [f"mlt_nn/teaching/{name}.py" for name in ("__init__", "pages/__init__", "pages/text")]
    files = [PROJECT / name for name in names]
    files += [file for part in ("public", "hidden") for file in (PROJECT / "tests" / part).glob("test_*.py")]
    course = {file.relative_to(PROJECT).as_posix(): file.read_bytes() for file in files} | room_files(_ROOMS)
    course[f"{COURSE.name}/{FILE.name}"] = text([assignment]).encode("utf-8")
    scripts = {name: course.pop(f"mlt_nn/teaching/gradescope/{name}") for name in _SCRIPTS}
    return scripts | {f"course/{name}": data for name, data in sorted(course.items())}


def write(path, assignment=WHOLE_COURSE):
    """Write the zip.

    Raises:
        FileExistsError: when there is such a file already.
    """
    path = Path(path).resolve()
    demand_free(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, zipped(autograder(assignment), programs=_SCRIPTS))
    return path
