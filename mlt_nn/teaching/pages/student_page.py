"""The page that a student gets back: what is right, what to do next, and each mistake with its line."""

import hashlib
import itertools
import re
import unicodedata
from dataclasses import replace

from mlt_nn.grading.results import ALL_POINTS, OPEN, WRONG, Kind
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import NOTEBOOKS, find
from mlt_nn.teaching.pages import page
from mlt_nn.teaching.pages.text import one_line

# Of a name; eCryptfs takes 143 in all.
_BYTES = 80
_MARKS = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def write(path, record):
    """Write the page of one submission, described in `mlt_nn.teaching.classroom.record`."""
    set_points = record.set_points()
    exercises = [
        replace(each, points=set_points.get(each.name, each.points))
        for each in (record.grade.exercises if record.grade else ())
    ]

    def ended(*states):
        return [each for each in exercises if each.state in states]

    wrong = ended(*WRONG)
    unreadable: dict = {}
    for each in wrong:
        if each.is_unreadable:
            unreadable.setdefault(each.name.partition(".")[0], []).append(each)
    absent: dict = {}
    for each in ended("not written"):
        if each.first_failure.kind is Kind.NO_FILE:
            absent.setdefault(each.first_failure.module, []).append(each)
    by_notebook = {name: own for name in NOTEBOOKS if (own := [e for e in exercises if find(e.name).notebook == name])}
    page.write(
        path,
        "student.html",
        record=record,
        assignment=record.assignment,
        whole_course=WHOLE_COURSE.name,
        graded=record.grade,
        total=record.total(),
        set_points=set_points,
        right=ended("passed"),
        wrong=[each for each in wrong if not each.is_unreadable],
        unreadable=unreadable,
        unwritten=[each for each in ended("not written") if each.first_failure.kind is not Kind.NO_FILE],
        absent=absent,
        open=ended(*OPEN),
        broken=ended("broken"),
        all_points=ALL_POINTS,
        by_notebook=by_notebook,
        right_notebooks=[name for name, own in by_notebook.items() if all(each.is_right for each in own)],
    )


def file_names(students):
    """For each student of a class a file name without an ending, on every system, and another one for every other.

    Latin letters go without their marks, those of other scripts stay; the digits at the end are of the name as it is.

    >>> file_names(["Zoë Müller"])
    {'Zoë Müller': 'zoe-muller-d6e575a6b5'}
    """
    names: dict[str, str] = {}
    used: set[str] = set()
    for student in students:
        name = f"{_readable(student)}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
        # So few digits may be the same for two names that somebody made for that.
        numbered = (f"{name}-{number}" for number in itertools.count(2))
        names[student] = next(free for free in itertools.chain([name], numbered) if free.casefold() not in used)
        used.add(names[student].casefold())
    return names


def _readable(student):
    """The letters and digits of a name, with lines between them, in no more bytes than any file system takes."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", one_line(student)).lower())
    letters = (each if unicodedata.category(each)[0] in "LMN" else " " for each in unicodedata.normalize("NFC", plain))
    start = "-".join("".join(letters).split())[:40].encode()[:_BYTES].decode("utf-8", "ignore")
    return start.strip("-") or "student"
