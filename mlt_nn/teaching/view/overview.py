"""A class as the view shows it: how each exercise of each student ended, and who made which mistake."""

from dataclasses import replace
from typing import NamedTuple

from mlt_nn.teaching.classroom import tally
from mlt_nn.teaching.classroom.record import Record
from mlt_nn.teaching.classroom.student import letters


class Row(NamedTuple):
    """A student of the class."""

    record: Record
    """Without its grade."""
    score: float | None
    """None where points are open."""
    states: dict[str, str]
    """By exercise, as `tally.states` gives them."""
    found_by: tuple[str, ...]
    """The letters of names and ids."""


class Overview:
    """All students of a class; what is kept of each is small.

    Arguments:
        assignment: an Assignment.
        records: an iterable of its Records, read once, one by one.
    """

    def __init__(self, assignment, records):
        self.assignment = assignment
        self.rows: dict[str, Row] = {}
        """By the names of the students' pages."""
        self.mistakes: dict[tuple[str, str], list[Row]] = {}
        """By (exercise, mistake in words), who made it."""
        for record in records:
            grade = record.grade
            ended = tally.states(grade) if grade else {}
            row = Row(replace(record, grade=None), record.score(), ended, _found_by(record))
            self.rows[record.page] = row
            for each in tally.mistakes(grade, ended) if grade else ():
                self.mistakes.setdefault(each, []).append(row)

    def search(self, text, by_points=False):
        """The rows of those in whose names and ids all words of a text are found, in the order of the class."""
        words = [letters(word) for word in text.split()]
        rows = [row for row in self.rows.values() if all(any(word in own for own in row.found_by) for word in words)]
        return sorted(rows, key=lambda row: (row.score is not None, row.score)) if by_points else rows


def _found_by(record):
    who = record.who
    known = (who.name, who.email, who.student_id, *who.platform_ids) if who else ()
    # The name of the page begins with the student's, without the marks of its letters.
    return tuple(map(letters, (record.student, record.page.rpartition("-")[0], *known)))
