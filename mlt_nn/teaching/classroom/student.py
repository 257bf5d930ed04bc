"""A student, as the roster and the platforms know them."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Student:
    """Who somebody is. Whatever is not known is empty."""

    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    student_id: str = ""
    """What the university calls them by."""
    platform_ids: tuple[str, ...] = ()
    """What platforms call them by: a number of Moodle's or Canvas's, the name they log in with."""
    groups: tuple[str, ...] = ()
    """The groups that they hand in with."""
    handed_in: datetime | None = None
    """When they handed in, where the roster says so, as Moodle's grading worksheet does."""
    late: bool = False
    """Whether it says that this was late."""

    @property
    def key(self):
        """What tells them from all others: name, and what they are called by."""
        return self.name, next(filter(None, (self.student_id, *self.platform_ids, self.email)), "")


def letters(text):
    """The letters, digits and combining marks of a text, the same for capitals and for each spelling of an umlaut.

    >>> letters("O'Hara, Sean") == letters("oharasean"), letters("கவிதா") == "கவிதா"
    (True, True)
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in folded if sign.isalnum() or unicodedata.category(sign)[0] == "M")


def spellings(name):
    """A name's letters, beginning at each of its words: platforms write the last name first, or without spaces.

    >>> sorted(spellings("Anna Müller"))
    ['annamüller', 'mülleranna']
    """
    words = name.replace(",", " ").replace("_", " ").split()
    return {letters("".join(words[n:] + words[:n])) for n in range(len(words))} - {""}
