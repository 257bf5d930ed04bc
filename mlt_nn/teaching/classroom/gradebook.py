"""gradebook.csv: a row for each student, for a spreadsheet or a learning platform."""

import csv
import io
import re

from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.writing import replacing
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.pages.text import one_line

# Those of nbgrader's export, in its order, so that whatever reads those files reads these.
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
# Characters that a cell holds everywhere; a spreadsheet that gets more cuts them, or refuses the file.
_CELL = 32_000
# With these at its beginning a spreadsheet takes a text for a formula (OWASP, "CSV Injection"); the last four are their
# wide forms. A spreadsheet that separates by semicolons would begin a cell behind each of them, too.
_FORMULA = re.compile(r'(^|;)(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])')


def write(path, records, assignment=WHOLE_COURSE):
    """Write the gradebook.

    Points are numbers with a decimal point. A cell is empty where the points are open, as `Record.points` says, and so
    is then the score, which is the raw score without what being late takes off. The due date is the student's own, and
    both times are in its zone. The last columns say which attempts of the student do not count, and why, how it ended,
    as `Record.status` does, and what was changed by hand. The id is the name where nothing says another one.

    Arguments:
        path: the file; UTF-8 with the mark at its beginning by which a spreadsheet knows it.
        records: an iterable of Records; it is read once, one by one.
        assignment: that of all of them.
    """
    with replacing(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        table = csv.writer(text)
        names = (exercise.name for exercise in assignment.exercises)
        table.writerow([*COLUMNS, *names, "superseded", "status", "by hand"])
        for record in records:
            table.writerow(_row(record))
        text.detach()


def safe(text):
    """A text that stays text in a spreadsheet.

    >>> safe("=HYPERLINK(A1)"), safe("Ada;=1+1"), safe("Ada")
    ("'=HYPERLINK(A1)", "Ada;'=1+1", 'Ada')
    """
    return _FORMULA.sub(r"\1'", one_line(text))


def _row(record):
    due = record.due
    when = record.when and record.when.astimezone(due and due.tzinfo).isoformat(" ", "minutes")
    who = [safe(record.assignment.name), due, when, *(each and safe(each) for each in _who(record))]
    scores = record.total(), record.penalty(), record.score(), record.assignment.points
    points = [None if each is None else round(each, 4) for each in record.points()]
    superseded = _cell([f"{file}: {why}" for file, why in record.superseded])
    by_hand = _cell([change.words() for change in record.by_hand])
    return [*who, *scores, *points, superseded, record.status, by_hand]


def _cell(texts):
    cell = safe("; ".join(texts))
    return cell if len(cell) <= _CELL else f"{cell[:_CELL]} ... ({len(texts)} in all)"


def _who(record):
    """Id, last name, first name, e-mail; whoever has an id still has a name."""
    who = record.who or Student(record.student)
    last = who.last_name or ("" if who.first_name or not who.student_id else record.student)
    return who.student_id or record.student, last, who.first_name, who.email
