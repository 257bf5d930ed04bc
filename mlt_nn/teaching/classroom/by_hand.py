"""Marks and comments by hand: what may be set, and the pages that show it."""

from mlt_nn.support.assignments import UnknownAssignmentError, assignment_named, shown
from mlt_nn.support.catalogue import named


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
        assignment: an Assignment.
        exercise: its name, or None for all of the assignment.
        points: in place of those of the checks; None to set none.

    Raises:
        RefusedError: as above.
    """
    if points is None and not comment.strip():
        raise RefusedError("nothing is set: give points and a reason, or a comment")
    if points is not None and not reason.strip():
        raise RefusedError("points need a reason: why the mark is set by hand, as the student reads it")
    best = assignment.points if exercise is None else _points(assignment, exercise)
    if points is not None and shown(points) == shown(best):
        points = best  # as they are shown they are all
    if points is not None and not 0 <= points <= best:
        raise RefusedError(f"points of {exercise or 'all exercises'} go from 0 to {shown(best)}, not {points:g}")
    what = {"points": points, "max_points": best, "comment": comment, "reason": reason}
    return term.change(assignment.name, student, exercise=exercise, **what)


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

    Arguments:
        folder: the Path of the term.
        assignment: its name.

    Raises:
        OSError: when that fails; the change is kept.
    """
    # Pages want packages, without which the command must still explain itself.
    from mlt_nn.teaching.classroom import give_back, marks

    try:
        asked = assignment_named(assignment)
    except UnknownAssignmentError:
        return f"{assignment} stands no longer in course/course.toml, so its pages are not written."
    pages = give_back.folder_of(folder, asked)
    written: list[int] = []
    lost: dict[str, str] = {}
    try:
        with term.alone():
            # All of them are read, so that all totals are noted.
            if student in [record.student for record in term.note_totals(asked)]:
                pages.mkdir(exist_ok=True)
                lost = give_back.write(pages, lambda: term.records(asked), written.append, asked, student)
    except BlockingIOError:
        return f"Another grading is at work in {folder}: once it is done, grade again, and the pages show it."
    for why in lost.values():
        raise OSError(f"It is kept, but {why}")
    if not written:
        return "It shows once the student is among the submissions that are graded: the last time there were others."
    told = f"The student's page and {pages / 'gradebook.csv'} show it."
    files = (each for platform, file in marks.FILES.items() for each in (file, f"feedback-{platform.lower()}.zip"))
    older = " and ".join(each for each in files if (pages / each).exists())
    return f"{told}\n{older}, for the platform, will once you give the command grade again." if older else told


def _points(assignment, exercise):
    """The points that an exercise has in an assignment."""
    try:
        exercises = named(exercise)
    except ValueError as error:
        raise RefusedError(str(error)) from error
    if exercise != exercises[0].name:
        raise RefusedError(f"a mark is of one exercise, or of all: {exercise!r} has {len(exercises)}")
    points = {each.name: each.points for each in assignment.exercises}
    if exercise not in points:
        raise RefusedError(f"{exercise} is none of {assignment.name}, which has {', '.join(points)}")
    return points[exercise]
