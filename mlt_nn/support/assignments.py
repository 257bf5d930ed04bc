"""What is asked for until when: the assignments of `course/course.toml`, where every key is explained.

Without one, the whole course is one assignment, without a due date.
"""

import difflib
import functools
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from mlt_nn.support.catalogue import EXERCISES, Exercise, named
from mlt_nn.support.folders import COURSE, PROJECT

FILE = COURSE / "course.toml"

_KEYS = ("name", "exercises", "points", "dropped", "optional", "due", "late", "extensions")
_LATE_KEYS = ("percent_a_day", "grace_minutes", "at_most")
_MOST_POINTS = 1_000_000
# A folder of that name can be made on every system, and typed.
_NAME = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)\b)\w([\w .-]{0,58}[\w-])?", re.IGNORECASE)


class CourseFileError(ValueError):
    """A mistake in the course file; the message names the file, the key, its value, and what was expected."""


class UnknownAssignmentError(ValueError):
    """There is no assignment of that name, or a name is needed; the message says which there are."""


@dataclass(frozen=True)
class LateRule:
    """What is taken off for handing in late."""

    percent_a_day: float = 0
    """Of the points earned, for each day of 24 hours that has begun."""
    grace: timedelta = timedelta()
    """By so much the due date is later than it says."""
    at_most: float = 100
    """Percent."""


@dataclass(frozen=True)
class Assignment:
    """What is asked for at once."""

    name: str
    exercises: tuple[Exercise, ...]
    """In the order of the course, each with the points that it has here."""
    points: float
    """What all of it is worth, without what is optional."""
    optional: tuple[str, ...] = ()
    """The exercises that can only add points, and not beyond these."""
    due: datetime | None = None
    """Aware of its time zone."""
    late: LateRule = LateRule()
    extensions: tuple[tuple[str, datetime], ...] = ()
    """(student, the due date in place of the other); empty in what students get."""

    def results(self, results):
        """Of these results those of its exercises, with its points."""
        found = {each.name: each for each in results}
        return tuple(_worth(found[each.name], each.points) for each in self.exercises if each.name in found)

    def of(self, graded):
        """Of a Graded the same."""
        most = self.points if self.optional else None
        return replace(graded, exercises=self.results(graded.exercises), most=most)

    def total(self, points):
        """What these points come to."""
        return round(min(sum(points), self.points), 4)

    def __str__(self):
        return f"{self.name}, due {told(self.due)}" if self.due else self.name


WHOLE_COURSE = Assignment("mlt-nn", EXERCISES, sum(each.points for each in EXERCISES))


def assignments():
    """The assignments of the course, at least one, in the order of the file, which is read once.

    Raises:
        CourseFileError: when there is a mistake in it.
    """
    return read(FILE)


def assignment_named(name=None):
    """The assignment of that name; without a name, the only one.

    Raises:
        UnknownAssignmentError: when there is none, or several; the message says which there are.
        CourseFileError: as above.
    """
    found = [each for each in assignments() if name in (None, each.name)]
    if len(found) == 1:
        return found[0]
    first = "say which assignment, with --assignment" if name is None else f"there is no assignment {name!r}"
    raise UnknownAssignmentError(f"{first}; there are: {'; '.join(map(str, assignments()))}")


def due_next(now):
    """The assignment to work on at a time: of those not yet due the one due first, else the last."""
    dated = sorted((each for each in assignments() if each.due), key=lambda each: each.due)
    coming = [each for each in dated if each.due >= now] or [each for each in assignments() if each.due is None]
    return [*coming, *reversed(dated)][0]


def shown(points):
    """Points in at most two decimals.

    >>> shown(0.5714), shown(3.0)
    ('0.57', '3')
    """
    return f"{points:,.2f}".rstrip("0").rstrip(".")


def told(when):
    """A time as people write it.

    >>> told(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    '2026-11-30 23:59 UTC'
    """
    return f"{when:%Y-%m-%d %H:%M %Z}"


def text(of):
    """The course file of these assignments, without the extensions: they are nobody's but the student's.

    Due dates have an offset, for a student's computer need not know the time zones.
    """
    lines = ["# What is asked for until when. Written by the command release."]
    for each in of:
        own = {exercise.name: exercise.points for exercise in each.exercises}
        kept = [exercise for exercise in EXERCISES if exercise.name in own]
        values = {
            "name": each.name,
            "exercises": list(own),
            "points": each.points if _shared(each.points, kept, each.optional) == each.exercises else own,
            "optional": list(each.optional),
        }
        lines += ["", "[[assignment]]", *(f"{key} = {_toml(value)}" for key, value in values.items())]
        if each.due:
            lines.append(f"due = {each.due.isoformat()}")
        rule = each.late.percent_a_day, each.late.grace / timedelta(minutes=1), each.late.at_most
        lines.append(f"late = {_toml(dict(zip(_LATE_KEYS, rule, strict=True)))}")
    return "\n".join(lines) + "\n"


def _toml(value):
    """A text, number, list or dict of these: TOML writes them like JSON, but for the tables."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).removesuffix(".0")


def _shared(points, exercises, optional):
    """The exercises, each with its share of the points, by those of the catalogue; what is optional is beyond them."""
    unit = points / sum(each.points for each in exercises if each.name not in optional)
    return tuple(each._replace(points=each.points * unit) for each in exercises)


def _worth(result, points):
    """A result whose exercise has so many points."""
    if result.max_points == points:
        return result
    return replace(result, max_points=points, points=result.points * points / result.max_points)


@functools.cache
def read(file):
    """The same of another file."""
    import tomllib

    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return (WHOLE_COURSE,)
    except (OSError, ValueError) as error:
        raise CourseFileError(f"{_shown(file)} cannot be read: {error}.") from error
    return _Reader(file, values).assignments() or (WHOLE_COURSE,)


def _shown(file):
    return file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else str(file)


class _Reader:
    """Makes assignments of the values of a file; `_where` is the assignment that it is at, as a message names it."""

    def __init__(self, file, values):
        self._file, self._values, self._where, self._zone = file, values, "", None

    def assignments(self):
        self._known(self._values, ("timezone", "assignment"))
        self._zone = self._timezone()
        tables = self._of("assignment", self._values.get("assignment", []), list, "tables, each under [[assignment]]")
        found: list[Assignment] = []
        for number, table in enumerate(tables, 1):
            self._where = f"assignment {number}: "
            self._of("assignment", table, dict, "a table under [[assignment]]")
            each = self._assignment(table)
            if each.name.casefold() in [other.name.casefold() for other in found]:
                self._wrong("name", each.name, "another name, for one before has it")
            for other in found:
                twice = sorted({e.name for e in each.exercises} & {e.name for e in other.exercises})
                if twice:
                    self._wrong("exercises", twice[0], f"an exercise that is not in {other.name!r} already")
            found.append(each)
        return tuple(found)

    def _wrong(self, key, value, expected) -> NoReturn:
        shown = str(value) if isinstance(value, datetime) else repr(value)
        self._fail(f"{key} is {shown}; expected is {expected}.")

    def _fail(self, words) -> NoReturn:
        raise CourseFileError(f"{_shown(self._file)}: {self._where}{words}")

    def _of(self, key, value, kind, expected):
        if not isinstance(value, kind) or isinstance(value, bool):
            self._wrong(key, value, expected)
        return value

    def _known(self, table, keys):
        for key in [key for key in table if key not in keys]:
            close = difflib.get_close_matches(key, keys, 1)
            self._wrong("a key", key, f"{close[0]!r}" if close else f"one of {', '.join(keys)}")

    def _number(self, key, value, most):
        expected = f"a number from 0 to {most:,}"
        if not 0 <= self._of(key, value, int | float, expected) <= most:
            self._wrong(key, value, expected)
        return value

    def _timezone(self):
        from zoneinfo import ZoneInfo

        name = self._values.get("timezone")
        if name is None:
            return None
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, TypeError, ValueError):
            self._wrong("timezone", name, 'one that this computer knows, as "Europe/Berlin"')

    def _assignment(self, table):
        name = table.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self._wrong("name", name, 'a name that a folder can have, as "week-1"')
        self._where = f"assignment {name!r}: "
        self._known(table, _KEYS)
        asked = self._exercises(table, "exercises")
        if not asked:
            self._wrong("exercises", table.get("exercises"), 'a list of notebooks or exercises, as ["01", "losses"]')
        dropped, optional = (self._exercises(table, key, asked) for key in ("dropped", "optional"))
        kept = [each for each in EXERCISES if each.name in asked and each.name not in dropped]
        needed = [each.name for each in kept if each.name not in optional]
        if not needed:
            self._wrong("exercises", table["exercises"], "one at least that is neither dropped nor optional")
        exercises = self._points(table, kept, optional)
        points = sum(each.points for each in exercises if each.name in needed)
        due = self._time("due", table["due"]) if "due" in table else None
        extensions = self._of("extensions", table.get("extensions", {}), dict, "a table of students and due dates")
        if extensions and due is None:
            self._wrong("extensions", extensions, "a due date beside it, for the others")
        return Assignment(
            name,
            exercises,
            round(points, 4),
            tuple(each.name for each in kept if each.name in optional),
            due,
            self._late(table.get("late", {})),
            tuple((student, self._time(f"extensions of {student}", when)) for student, when in extensions.items()),
        )

    def _exercises(self, table, key, of=None):
        """The names of the exercises that a list names, in the order of the course."""
        wanted = self._of(key, table.get(key, []), list, 'a list of notebooks or exercises, as ["01", "losses"]')
        found = set()
        for each in wanted:
            try:
                found |= {exercise.name for exercise in named(each)}
            except (TypeError, ValueError) as error:
                self._fail(f"{key}: {error}")
        for each in sorted(found - set(found if of is None else of)):
            self._wrong(key, each, "an exercise that the assignment has")
        return [each.name for each in EXERCISES if each.name in found]

    def _points(self, table, kept, optional):
        """The exercises with their points: one number in all, or a number each for some."""
        wanted = table.get("points", {})
        if not isinstance(wanted, dict):
            whole = self._number("points", wanted, _MOST_POINTS)
            if not whole:
                self._wrong("points", wanted, "more than 0")
            return _shared(whole, kept, optional)
        for name, value in wanted.items():
            self._number(f"points of {name}", value, _MOST_POINTS)
            if name not in [each.name for each in kept]:
                self._exercises({"points": [name]}, "points", [each.name for each in kept])
                self._wrong("points", name, "an exercise by its whole name")
        exercises = tuple(each._replace(points=wanted.get(each.name, each.points)) for each in kept)
        if not any(each.points for each in exercises if each.name not in optional):
            self._wrong("points", wanted, "more than 0 in all")
        return exercises

    def _late(self, table):
        self._of("late", table, dict, f"a table with {', '.join(_LATE_KEYS)}")
        self._known(table, _LATE_KEYS)
        percent, minutes, most = (
            self._number(f"late.{key}", table.get(key, default), limit)
            for key, default, limit in zip(_LATE_KEYS, (0, 0, 100), (100, 60 * 24 * 365, 100), strict=True)
        )
        return LateRule(percent, timedelta(minutes=minutes), most)

    def _time(self, key, value):
        """Aware of its time zone; where a clock shows a time twice or not at all, the later one."""
        if not isinstance(value, datetime):
            self._wrong(key, str(value), "a date with a time, as 2026-11-30T23:59:00+01:00, without quotation marks")
        if value.tzinfo is None and self._zone is None:
            self._wrong(key, value, "an offset behind it, as in 2026-11-30T23:59:00+01:00, or a timezone in the file")
        if value.tzinfo is not None:
            return value
        both = [value.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1)]
        return max(both, key=lambda each: each.astimezone(UTC))
