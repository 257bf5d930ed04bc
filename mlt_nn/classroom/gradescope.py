"""Gradescope's autograder: the zip that is uploaded, and the grading of one submission in Gradescope's container.

Source: Gradescope's autograder specifications. The zip is unpacked to /autograder/source; setup.sh is run there once,
with a network. For each submission run_autograder is run in a container of its own: the submission is in
/autograder/submission, and the marks must be in /autograder/results/results.json in the end. Without that file
Gradescope calls the run failed and gives no marks, which is right when the grading itself fails.
"""

import itertools
import json
import os
import sys
import time
from pathlib import Path

from mlt_nn.catalogue import MODULES
from mlt_nn.classroom.archive import zipped
from mlt_nn.classroom.parts import package_files
from mlt_nn.classroom.results import results
from mlt_nn.folders import PROJECT
from mlt_nn.grading import process
from mlt_nn.grading.grade import grade
from mlt_nn.grading.isolation import Isolation, isolation
from mlt_nn.grading.student import Student, StudentError
from mlt_nn.grading.submission import Submission, SubmittedModule
from mlt_nn.writing import write_bytes, write_text

COURSE = "course"
_FIRST_USER = 60_001
# Handed in as neuron.py.
_PROBE = """
def neuron(a, w, b, g):
    try:
        return open(a).read()
    except PermissionError:
        return "no"
"""
_SETUP = """\
#!/usr/bin/env bash
# Run once, when the autograder is uploaded: Python 3.11 or newer with the packages of the grading, and the sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
apt-get update
apt-get install -y bubblewrap || echo "There is no bubblewrap here: submissions will be graded without a sandbox."
python=""
for candidate in python3.13 python3.12 python3.11; do
    if "$candidate" -m venv --help >/dev/null 2>&1 && "$candidate" -c 'import ensurepip' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    # Ubuntu 24.04 has 3.12, Ubuntu 22.04 has 3.11.
    apt-get install -y python3.12 python3.12-venv && python=python3.12 ||
        { apt-get install -y python3.11 python3.11-venv && python=python3.11; }
fi
"$python" -m venv venv
venv/bin/python -m pip install -c source/COURSE/mlt_nn/constraints.txt numpy pytest hypothesis
"""
_RUN = """\
#!/usr/bin/env bash
# Run for each submission. Another root than /autograder is for trying it out.
set -euo pipefail
root=${1:-/autograder}
cd "$root"
PYTHONPATH="$root/source/COURSE" exec "$root/venv/bin/python" -m mlt_nn.classroom.gradescope "$root"
"""


def autograder(project=PROJECT):
    """The files of the zip, as {"setup.sh": its bytes, ...}: the grading with solutions and hidden checks."""
    checks = [file for part in ("public", "hidden") for file in sorted((project / "tests" / part).glob("test_*.py"))]
    solutions = [project / "solutions" / f"{module}.py" for module in MODULES]
    given = {file.relative_to(project).as_posix(): file.read_bytes() for file in [*checks, *solutions]}
    modules = ["mlt_nn.classroom.gradescope", *(f"mlt_nn.{module}" for module in MODULES)]
    package = package_files([data.decode("utf-8") for data in given.values()], modules, project)
    files = {f"{COURSE}/{name}": data for name, data in sorted((given | package).items())}
    constraints = (project / "mlt_nn" / "constraints.txt").read_bytes()
    files[f"{COURSE}/mlt_nn/constraints.txt"] = constraints
    scripts = {
        name: text.replace("COURSE", COURSE).encode() for name, text in (("setup.sh", _SETUP), ("run_autograder", _RUN))
    }
    return scripts | files


def write(path):
    """Write the zip.

    Raises:
        FileExistsError: when there is such a file already.
    """
    path = Path(path).resolve()
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, zipped(autograder(), programs=("setup.sh", "run_autograder")))
    return path


def main(root):
    """Grade root/submission and write root/results/results.json."""
    root = Path(root)
    (root / "results").mkdir(exist_ok=True)
    begin = time.monotonic()
    how = isolation()
    if how.level != "sandbox":
        how = _as_others(how, root)
    (graded,) = grade([root / "submission"], how, allow_process=True)
    content = results(graded.to_json(), time.monotonic() - begin)
    write_text(root / "results" / "results.json", json.dumps(content, indent=2) + "\n")
    # Gradescope shows this to instructors only.
    print(f"Graded: {graded.points:g} of {graded.max_points} points. Isolation: {how.level}.")
    if how.level != "sandbox":
        print(f"The submission could not be shut in: {how.reason}.")
        if how.start is process.launch:
            print(
                "Its code ran with the rights of the autograder: it could read the hidden checks and forge the marks."
            )


def _as_others(how, root):
    """Without a sandbox: an Isolation by the rights of users who may not read solutions and checks, nor write marks.

    It is the one given where that cannot be done, which is tried.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return how
    secret = root / "source" / COURSE / "solutions" / f"{MODULES[0]}.py"
    for folder in (secret.parent, root / "source" / COURSE / "tests", root / "results"):
        os.chmod(folder, 0o700)
    users = itertools.count(_FIRST_USER)

    def start(folder, errors):
        # Each worker is a user of its own, or a student's could look into the one that runs the reference.
        user = next(users)
        os.chown(folder.parent, user, -1)
        return process.launch(folder, errors, user)

    with Submission("probe", (SubmittedModule("neuron", _PROBE.encode()),)).unpacked() as folder:
        try:
            with Student(folder, deadline=30.0, start=start) as student:
                if student.neuron.neuron(str(secret), 0, 0, None) != "no":
                    return how
        except (RuntimeError, OSError, StudentError):
            return how
    reason = f"{how.reason}; it ran as another user, who can neither read the hidden checks nor write the marks"
    return Isolation(how.level, reason, start)


if __name__ == "__main__":
    main(sys.argv[1])
