"""The term as lines of text: students by assignments, what each has, and what each had before."""

from mlt_nn.support.assignments import assignments
from mlt_nn.teaching.pages.page import counted, shown
from mlt_nn.teaching.pages.text import listed, one_line

_NAME = 30


def lines(term):
    """Yields the lines.

    Arguments:
        term: a Term.
    """
    names, students = term.assignments(), [student.name for student in term.students()]
    by_hand = {(change.student, change.assignment) for change in term.changes() if change.points is not None}
    handed_in = (row for row in term.totals() if row.points is not None or row.status != "nothing handed in")
    totals = {(row.student, row.assignment): row for row in handed_in}
    yield f"{'':<{_NAME}}" + "".join(f"  {one_line(name):>20}" for name in names)
    for student in students:
        cells = (_cell(totals.get((student, name)), (student, name) in by_hand) for name in names)
        yield f"{one_line(student):<{_NAME}}" + "".join(f"  {cell:>20}" for cell in cells)
    if by_hand:
        yield "* set by hand: mlt-nn mark --list says what, and why."
    if any(each.late.percent_a_day for each in assignments()):
        yield "These points, and their averages, are what counts, after what is taken off for being late."
    for name in names:
        yield ""
        own = [totals[student, name] for student in students if (student, name) in totals]
        yield from _summary(name, own, [student for student in students if (student, name) not in totals])


def _cell(row, is_by_hand):
    if row is None:
        return "missing"
    before = "" if row.before in (None, row.points) else f" (before: {shown(row.before)})"
    return f"{'open' if row.points is None else shown(row.points)}{'*' if is_by_hand else ''}{before}"


def _summary(name, rows, missing):
    # Who is not in the last grading may have points of another maximum.
    most = max(rows, key=lambda row: row.id).max_points if rows else None
    now = [row for row in rows if row.points is not None and row.max_points == most]
    told = f"{name}: {counted(len(rows), 'student', 'students')}"
    if now:
        told += f", on average {_mean(row.points for row in now)} of {shown(most)} points"
        if any(row.before is not None for row in now):
            told += f" (before: {_mean(row.points if row.before is None else row.before for row in now)})"
    better = [row.student for row in now if row.before is not None and row.points > row.before]
    yield one_line(told + ".")
    for which, who in (("Improved", better), ("Missing", missing)):
        if who:
            yield one_line(f"{which}: {listed(who)}.")


def _mean(points):
    points = list(points)
    return shown(sum(points) / len(points))
