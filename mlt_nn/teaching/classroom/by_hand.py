"""Marks and comments by hand: what may be set, and the pages that show it."""

import collections

from mlt_nn.support.catalogue import EXERCISES, named
from mlt_nn.teaching.classroom import give_back


class RefusedError(ValueError):
    """What was to be set cannot be; the message says why, and what is expected. Nothing was changed."""


def number(text):
    """Points as somebody typed them, or None for nothing.

    Raises:
        RefusedError: when they are no number.
    """
    try:
        return float(text.replace(",", ".")) if text.strip() else None
    except ValueError:
        raise RefusedError(f"points are a number, as 1.5, not {text!r}") from None


def change(term, assignment, student, exercise=None, points=None, comment="", reason=""):
    """Set a mark, or say something to a student; returns the number of the change.

    Arguments:
        exercise: its name, or None for all of the assignment.
        points: in place of those of the checks; None to set none.

    Raises:
        RefusedError: as above.
    """
    if points is None and not comment.strip():
        raise RefusedError("nothing is set: give points and a reason, or a comment")
    if points is not None and not reason.strip():
        raise RefusedError("points need a reason: why the mark is set by hand, as the student reads it")
    _check(exercise, points)
    return term.change(assignment, student, exercise=exercise, points=points, comment=comment, reason=reason)


def withdraw(term, number, reason="", student=None):
    """Take back the change of this number, of this student or of anyone; returns it.

    Raises:
        RefusedError: as above.
    """
    found = next((each for each in term.changes(student=student) if str(each.number) == str(number)), None)
    if found is None:
        raise RefusedError(f"there is no change {number} that stands: mark --list shows all")
    term.change(found.assignment, found.student, withdraws=found.number, reason=reason)
    return found


def write_pages(term, folder, assignment, student):
    """Write what is given back anew, unless somebody who grades is about to; returns what there is to say of it.

    Raises:
        OSError: when that fails; the change is kept.
    """
    try:
        with term.alone():
            collections.deque(term.note_totals(assignment), maxlen=0)
            written: list[int] = []
            lost = give_back.write(folder, lambda: term.records(assignment), written.append, whose=student)
    except BlockingIOError:
        return f"Another grading is at work in {folder}: once it is done, grade again, and the pages show it."
    for why in lost.values():
        raise OSError(f"It is kept, but {why}")
    if not written:
        return "It shows once the student is among the submissions that are graded: the last time there were others."
    return f"The student's page and {folder / 'gradebook.csv'} show it."


def _check(exercise, points):
    try:
        exercises = EXERCISES if exercise is None else named(exercise)
    except ValueError as error:
        raise RefusedError(str(error)) from error
    if exercise not in (None, exercises[0].name):
        raise RefusedError(f"a mark is of one exercise, or of all: {exercise!r} has {len(exercises)}")
    best = sum(each.points for each in exercises)
    if points is not None and not 0 <= points <= best:
        raise RefusedError(f"points of {exercise or 'all exercises'} go from 0 to {best}, not {points:g}")
