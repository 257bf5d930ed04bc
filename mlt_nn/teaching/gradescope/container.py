"""The grading of one submission in Gradescope's container.

Source: Gradescope's autograder specifications. The zip is unpacked to /autograder/source; setup.sh is run there once,
with a network. For each submission run_autograder is run in a container of its own: the submission is in
/autograder/submission, and the marks must be in /autograder/results/results.json in the end. Without that file
Gradescope calls the run failed and gives no marks, which is right when the grading itself fails, and when it leaves
points open: the instructor reads why, and has it run again.
"""

import itertools
import json
import os
import sys
import time
from pathlib import Path

from mlt_nn.grading.student import Student, StudentError
from mlt_nn.support.assignments import assignments, shown
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.writing import write_text
from mlt_nn.teaching.grader.grader import grade
from mlt_nn.teaching.grader.isolation import Isolation, isolation, launch
from mlt_nn.teaching.grader.submission import Submission, SubmittedModule
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages.text import extras

_FIRST_USER = 60_001
# Handed in as neuron.py.
_PROBE = """
def neuron(a, w, b, g):
    try:
        return open(a).read()
    except PermissionError:
        return "no"
"""


def main(root):
    """Grade root/submission and write root/results/results.json.

    Raises:
        SystemExit: when points are open; nothing is written then.
    """
    root = Path(root)
    (root / "results").mkdir(exist_ok=True)
    begin = time.monotonic()
    how = isolation()
    if how.level != "sandbox":
        how = _as_others(how, root)
    (assignment,) = assignments()
    names = [each.name for each in assignment.exercises]
    (graded,) = map(assignment.of, grade([root / "submission"], how, allow_process=True, exercises=names))
    still_open = [f"{each.name}: {each.first_failure.message}" for each in graded.exercises if each.is_open]
    if still_open:
        sys.exit("\n".join(["No marks, for points are still open; run the autograder again.", *still_open]))
    content = results(graded, time.monotonic() - begin, said=[extras(assignment)])
    write_text(root / "results" / "results.json", json.dumps(content, indent=2) + "\n")
    # Gradescope shows this to instructors only.
    print(f"Graded: {graded.points:g} of {shown(graded.max_points)} points. Isolation: {how.level}.")
    if how.level != "sandbox":
        print(f"The submission could not be shut in: {how.reason}.")
        if how.start is launch:
            print(
                "Its code ran with the rights of the autograder: it could read the hidden checks and forge the marks."
            )


def _as_others(how, root):
    """Without a sandbox: an Isolation by the rights of users who may not read solutions and checks, nor write marks.

    It is the one given where that cannot be done, which is tried.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return how
    secret = root / "source" / "course" / "solutions" / f"{MODULES[0]}.py"
    for folder in (secret.parent, root / "source" / "course" / "tests", root / "results"):
        os.chmod(folder, 0o700)
    users = itertools.count(_FIRST_USER)

    def start(folder, errors):
        # Each worker is a user of its own, or a student's could look into the one that runs the reference.
        user = next(users)
        os.chown(folder.parent, user, -1)
        return launch(folder, errors, user)

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
