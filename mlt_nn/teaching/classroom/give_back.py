"""All that is given back of a class, written into one folder."""

import json
from dataclasses import replace

from mlt_nn.support.assignments import WHOLE_COURSE, assignments
from mlt_nn.support.writing import write_bytes, write_text
from mlt_nn.teaching.classroom import gradebook, junit
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages import class_page, student_page
from mlt_nn.teaching.pages.text import extras

_FOLDERS = (class_page.STUDENTS, "junit", "results")
# A student's page has fewer bytes.
_PROBE = 200_000


def folder_of(out, assignment):
    """Where the pages of an Assignment lie in the folder of a term: each has its own where there are several."""
    return out / assignment.name if len(assignments()) > 1 else out


def write(folder, records, tell, assignment=WHOLE_COURSE, whose=None):
    """Write the gradebook, the page of the class, and for each student a page and the same for programs.

    The latter are, where something was handed in, `junit/*.xml` and, where there is a grade, Gradescope's results in
    `results/*.json`; each has the name of the student's page. What cannot be written for a student, whatever the
    reason, is an infrastructure error of that student's, in the gradebook and on the page of the class too.

    Arguments:
        folder: a Path.
        records: a function that gives the records, one by one; what it gives is read more than once.
        tell: called with 1 for each student.
        assignment: that of all of them.
        whose: the only student whose page is written; None for all.

    Returns:
        {student: why what is given back could not be written}.

    Raises:
        OSError: when nothing can be written into the folder.
    """
    for name in _FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    lost: dict[str, str] = {}
    for record in records():
        if whose not in (None, record.student):
            continue
        why = _write(folder, record)
        if why:
            lost[record.student] = why
            _write(folder, _without_grade(record, why))
        tell(1)

    def given():
        for record in records():
            why = lost.get(record.student)
            yield _without_grade(record, why) if why else record

    gradebook.write(folder / "gradebook.csv", given(), assignment)
    class_page.write(folder / "class.html", given(), assignment)
    return lost


def _write(folder, record):
    """Write what one student gets; returns why that failed, or ""."""
    try:
        student_page.write(folder / class_page.STUDENTS / f"{record.page}.html", record)
        tests, scores = folder / "junit" / f"{record.page}.xml", folder / "results" / f"{record.page}.json"
        if record.status == "nothing handed in":
            tests.unlink(missing_ok=True)
        else:
            junit.write(tests, record)
        if record.grade is None:
            scores.unlink(missing_ok=True)  # of an earlier grading
        else:
            said = [extras(record.assignment), *(each.words() for each in record.by_hand)]
            content = results(record.grade, None, record.set_points(), said)
            write_text(scores, json.dumps(content, indent=1) + "\n")
    except Exception as error:
        if isinstance(error, OSError):
            _try_out(folder)
        return f"what is given back could not be written: {type(error).__name__}: {error}"
    return ""


def _try_out(folder):
    """Raises OSError when a file of ours cannot be written either: then it is no matter of one student."""
    for name in _FOLDERS:
        probe = folder / name / ".probe"
        write_bytes(probe, bytes(_PROBE))
        probe.unlink()


def _without_grade(record, why):
    return replace(record, status="infrastructure error", grade=None, problem=why)
