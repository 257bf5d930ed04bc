"""What handing in late costs, in exact arithmetic on instants: no change of the clocks makes a day longer."""

import unicodedata
from datetime import UTC, timedelta

# Who says when something was handed in, where nothing but the file's own time does.
BY_FILE = "the file"
_DAY = timedelta(days=1)


def plain(name):
    """A student's name, id or e-mail as it is compared."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def names(student, who):
    """What a student is called: by the name of the submission, and by a Student or None."""
    return [name for name in (student, *((who.name, who.student_id, who.email) if who else ())) if name]


def due(assignment, called):
    """The due date of a student who is called so: the latest extension, else that of all; None without any."""
    own = {plain(name) for name in called}
    extended = [until for student, until in assignment.extensions if plain(student) in own]
    return max(extended, key=lambda until: until.astimezone(UTC)) if extended else assignment.due


def days(rule, until, when):
    """How many days late it is: those of 24 hours that have begun since the due date and the grace were over."""
    # Of two times of one zone Python would subtract what the clocks show.
    over = when.astimezone(UTC) - until.astimezone(UTC) - rule.grace
    return max(0, -(-over // _DAY))


def percent(rule, days_late):
    """What is taken off for so many days, in percent of the points earned."""
    return min(days_late * rule.percent_a_day, rule.at_most)
