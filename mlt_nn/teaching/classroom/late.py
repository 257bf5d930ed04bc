"""What handing in late costs, in exact arithmetic on instants: no change of the clocks makes a day longer."""

import unicodedata
from dataclasses import replace
from datetime import UTC, timedelta

# Who says when something was handed in, where nothing but the file's own time does.
BY_FILE = "the file"
# Who says so where only the student does.
BY_MANIFEST = "the manifest"
_DAY = timedelta(days=1)


def plain(name):
    """A student's name, id or e-mail as it is compared."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def fitting(called, students):
    """Those whom an extension may be meant for: by id or e-mail, else by the very name, else by one spelled as much so.

    Whoever takes another's name, or for a name another's id, must not get the other's extension.

    Arguments:
        called: what the course file calls the student.
        students: (name, Student or None) of each of the class.
    """
    wanted = plain(called)
    by = (
        lambda student, who: who and wanted in map(plain, filter(None, (who.student_id, who.email))),
        lambda student, who: student == unicodedata.normalize("NFC", called),
        lambda student, who: wanted in (plain(student), plain(who.name if who else "")),
    )
    found = ([student for student, who in students if fits(student, who)] for fits in by)
    return next(filter(None, found), [])


def settled(assignment, students):
    """The assignment with those extensions alone that fit one of the students, under the name of that one."""
    found = ((fitting(called, students), until) for called, until in assignment.extensions)
    return replace(assignment, extensions=tuple((who[0], until) for who, until in found if len(who) == 1))


def due(assignment, student):
    """The due date of a student of a `settled` assignment: the latest extension, else that of all; None without any."""
    extended = [until for called, until in assignment.extensions if called == student]
    return max(extended, key=lambda until: until.astimezone(UTC)) if extended else assignment.due


def days(rule, until, when):
    """How many days late it is: those of 24 hours that have begun since the due date and the grace were over."""
    # Of two times of one zone Python would subtract what the clocks show.
    over = when.astimezone(UTC) - until.astimezone(UTC) - rule.grace
    return max(0, -(-over // _DAY))


def percent(rule, days_late):
    """What is taken off for so many days, in percent of the points earned."""
    return min(days_late * rule.percent_a_day, rule.at_most)
