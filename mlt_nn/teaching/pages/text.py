"""Text that somebody handed in, made safe to show, whatever is not seen written out; and numbers with their nouns."""

import re
import unicodedata

from mlt_nn.support.assignments import shown, told

# Control characters, marks that turn the direction of what follows ("Trojan Source", Boucher and Anderson 2021), spaces
# of no width, letters and tags that fonts leave blank, halves of pairs, and what XML 1.0 admits nowhere. The joiners
# U+200C and U+200D stay: names need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text):
    r"""The text with each character that is not seen written as its number; line ends and tabs stay.

    >>> visible("if a\u202e == b:\r")
    'if a[U+202E] == b:[U+000D]'
    >>> visible("Ada\u3164, Ada\u2800")
    'Ada[U+3164], Ada[U+2800]'
    """
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def one_line(text):
    r"""The same on one line.

    >>> one_line("  Ada\n\tLovelace ")
    'Ada Lovelace'
    """
    return visible(" ".join(text.split()))


def local_time(when, due=None):
    """A datetime to the minute: in the time zone of a due date, and as that is told; without one in this computer's.

    >>> from datetime import datetime
    >>> local_time(*map(datetime.fromisoformat, ("2026-11-24 10:00+00:00", "2026-11-30 23:59-05:00")))
    '2026-11-24 05:00 UTC-05:00'
    """
    # What Windows calls this computer's zone is no name that people know.
    return told(when.astimezone(due.tzinfo)) if due else when.astimezone().isoformat(" ", "minutes")


def column(text, width):
    r"""The same, filled up with spaces to so many columns of a terminal, in its own direction of writing.

    >>> [len(column(name, 8)) for name in ("Ada", "Jose\u0301", "\u674e\u5c0f\u9f8d")]
    [8, 9, 5]
    """
    from wcwidth import wcswidth  # which Gradescope's own grading does without

    line = one_line(text)
    fill = " " * (width - wcswidth(line))
    # Shut in, or the columns behind the name would stand before it.
    from_right = any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)
    return (f"\u2068{line}\u2069" if from_right else line) + fill


def extras(assignment):
    """What is optional in an Assignment, and what becomes of its points; "" where nothing is."""
    most = counted(assignment.points, "point", "points")
    names = ", ".join(assignment.optional)
    return names and f"Optional: {names}. What is optional can fill up what is missing, and adds nothing beyond {most}."


def counted(number, one, many):
    """A number with its noun.

    >>> counted(1, "point", "points"), counted(1.5, "point", "points")
    ('1 point', '1.5 points')
    """
    return f"{shown(number)} {one if number == 1 else many}"


def listed(names, most=10):
    """The first of several names.

    >>> listed(["Ada", "Bob"]), listed(["Ada", "Bob", "Cem"], 1)
    ('Ada, Bob', 'Ada and 2 more')
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
