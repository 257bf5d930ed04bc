"""The page that a student gets back: what is right, what to do next, and each mistake with its line."""

import hashlib
import itertools
import re
import unicodedata

from mlt_nn.grading.results import ALL_POINTS, OPEN, WRONG
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import NOTEBOOKS, find
from mlt_nn.teaching.grader.isolation import LEFT_OPEN
from mlt_nn.teaching.pages import page


def write(path, record):
    """Write the page of one submission, described in `mlt_nn.teaching.classroom.record`."""
    exercises = record.grade.exercises if record.grade else ()

    def ended(*states):
        return [each for each in exercises if each.state in states]

    wrong = ended(*WRONG)
    unreadable: dict = {}
    for each in wrong:
        if each.is_unreadable:
            unreadable.setdefault(each.name.partition(".")[0], []).append(each)
    by_notebook = {name: [each for each in exercises if find(each.name).notebook == name] for name in NOTEBOOKS}
    by_notebook = {name: own for name, own in by_notebook.items() if own}
    page.write(
        path,
        "student.html",
        record=record,
        assignment=record.assignment,
        whole_course=WHOLE_COURSE.name,
        graded=record.grade,
        right=ended("passed"),
        wrong=[each for each in wrong if not each.is_unreadable],
        unreadable=unreadable,
        unwritten=ended("not written"),
        open=ended(*OPEN),
        broken=ended("broken"),
        all_points=ALL_POINTS,
        left_open=LEFT_OPEN,
        by_notebook=by_notebook,
        right_notebooks=[name for name, own in by_notebook.items() if all(each.is_right for each in own)],
    )


def file_names(students):
    """For each student of a class a file name without an ending, on every system, and another one for every other.

    >>> file_names(["Zoë Müller"])
    {'Zoë Müller': 'zoe-muller-d6e575a6b5'}
    """
    names: dict[str, str] = {}
    used: set[str] = set()
    for student in students:
        plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
        start = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "student"
        name = f"{start}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
        # So few digits may be the same for two names that somebody made for that.
        numbered = (f"{name}-{number}" for number in itertools.count(2))
        names[student] = next(free for free in itertools.chain([name], numbered) if free not in used)
        used.add(names[student])
    return names
