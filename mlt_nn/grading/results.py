"""What became of the exercises: the same results, from a check in a notebook to the gradebook of a class."""

import textwrap
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mlt_nn.support.catalogue import find
from mlt_nn.support.colors import BLUE, GRAY, VERMILION
from mlt_nn.support.folders import PACKAGE


class State(NamedTuple):
    """How an exercise ended, as it is shown: nothing hangs on color alone."""

    word: str
    sign: str
    look: str
    """The name of its color: "right", "wrong" or "open"."""

    @property
    def color(self):
        """One that is read on white and on black."""
        return {"right": BLUE, "wrong": VERMILION, "open": GRAY}[self.look]


STATES = {
    "passed": State("right", "\N{CHECK MARK}", "right"),
    "failed": State("not yet", "\N{BALLOT X}", "wrong"),
    "timed out": State("does not end", "\N{BALLOT X}", "wrong"),
    "died": State("ends Python", "\N{BALLOT X}", "wrong"),
    "not written": State("not written yet", "\N{WHITE CIRCLE}", "open"),
    "broken": State("open", "?", "open"),
    "not served": State("open", "?", "open"),
}
"""The states of an exercise; "broken" is a check of ours, "not served" a computer without time for the student's."""

WRONG = ("failed", "timed out", "died")
"""The states of an exercise that was written and does not do what it should."""

OPEN = ("broken", "not served")
"""The states that say nothing of the student's function: its points are neither given nor refused."""

ALL_POINTS = "It has all its points, which come from the hidden checks that draw their inputs."
"""Said of an exercise that is not right yet all the same, for another check did not pass."""


class Kind(StrEnum):
    """What kind of failure it was."""

    ANSWER = "answer"  # which is not right
    RAISED = "raised"  # an exception, in place of an answer
    NOT_SENT = "not sent"  # an answer of a type, or of a size, that no exercise asks for
    NEEDS = "needs"  # another exercise, which is not written yet
    MISSING = "missing"  # the file has no such function
    UNREADABLE = "unreadable"  # the file is no Python, or cannot be read or imported at all
    NO_FILE = "no file"  # it was not handed in
    NOT_WRITTEN = "not written"
    TIMED_OUT = "timed out"
    DIED = "died"  # the process of the function, in the middle of it
    BROKEN = "broken"  # a check of ours
    NOT_SERVED = "not served"  # by the computer, which had no time for it

    @property
    def state(self):
        """The state of an exercise of which this is told."""
        return "not written" if self is Kind.NO_FILE else self.value if self.value in STATES else "failed"

    @property
    def is_an_end(self):
        """Whether its worker is gone, so that no other check is asked."""
        return self in (Kind.TIMED_OUT, Kind.DIED, Kind.NOT_SERVED)

    @property
    def before_all_checks(self):
        """Whether it hits every check alike, so that the name of one is no news."""
        return self in (Kind.UNREADABLE, Kind.MISSING, Kind.NO_FILE)


@dataclass(frozen=True)
class Place:
    """A line in one of the student's files."""

    module: str
    line: int
    source: str
    function: str
    """The function that the line is in; "" outside of all."""
    caller: "Place | None" = None
    """Where the line is not in the function that was called: the Place in that one that led there."""


@dataclass(frozen=True)
class Failure:
    """A check that did not pass."""

    check: str
    """What it checks, in words; "" where none could be asked."""
    hidden: bool
    message: str
    """For a hidden check without anything that the student's code could have put there."""
    line: int | None = None
    source: str = ""
    """That line of the student's file."""
    module: str = ""
    """The module whose file that is."""
    mistake: str = ""
    """The known mistake, as the check names it; "" where it is none of these."""
    kind: Kind = Kind.ANSWER
    exception: str = ""
    """The name of Python's own exception that was raised; "" for any other, and where none was."""
    caller: Place | None = None
    """Where the line is not in the exercise itself: the Place in that one that led there."""

    @property
    def is_of_the_file(self):
        """Whether not the exercise is at fault but its file, of which no function could be called."""
        return self.kind is Kind.UNREADABLE or (self.kind in (Kind.TIMED_OUT, Kind.DIED) and not self.check)

    def lines(self, folder=PACKAGE.name):
        """The failure in words: what was checked, what is wrong, and where.

        Arguments:
            folder: the one with the student's files, as it is shown.
        """
        where = f"{folder}/{self.module}.py" + (f", line {self.line}: {self.source}" if self.line else "")
        if self.caller is None:
            places = [f"Your file: {where}"]
        else:
            led = f"{folder}/{self.caller.module}.py, line {self.caller.line}: {self.caller.source}"
            places = [f"Your file: {led}", f"From there: {where}"]
        hidden = " (a check that runs only when work is graded)" if self.hidden else ""
        known = [] if self.kind.before_all_checks or not self.check else [f"First to mend: {self.check}{hidden}."]
        return [*known, *self.message.splitlines(), *places]


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise, checked."""

    name: str
    max_points: float
    points: float
    """max_points times the share of its checks that passed."""
    state: str
    """One of STATES."""
    passed: int
    """How many of its checks passed, of those that points hang on."""
    checks: int
    """How many of these it has; after a function that hung or died the others are not run."""
    first_failure: Failure | None = None
    """The first check that did not pass; one that leaves the points open before all others."""
    folder: str = PACKAGE.name
    """The folder with the student's files, as it is shown."""
    printed: str = ""
    """For the student's own eyes: what was printed in the check that is told, or in all when it is right."""
    wrong_before: tuple[str, ...] = ()
    """When it is wrong: the exercises before it that are wrong too, where that was looked for."""
    public: tuple[int, int] | None = None
    """Where points hang on hidden checks alone: how many public ones passed, of how many; (0, 0) if none was asked."""

    @classmethod
    def of(cls, exercise, outcomes, checks):
        """The result of an exercise of the catalogue.

        Arguments:
            outcomes: of the checks that ran, in their order: None when it passed, or a Failure.
            checks: how many it has.
        """
        failures = [each for each in outcomes if each is not None]
        first = min(failures, key=lambda failure: failure.kind.state not in OPEN, default=None)
        passed, state = len(outcomes) - len(failures), first.kind.state if first else "passed"
        return cls(exercise.name, exercise.points, exercise.points * passed / checks, state, passed, checks, first)

    @property
    def is_right(self):
        return self.state == "passed"

    @property
    def is_open(self):
        """Whether its points are neither given nor refused."""
        return self.state in OPEN

    @property
    def is_unreadable(self):
        """Whether not the exercise is at fault but its file, of which no function could be called."""
        return self.first_failure is not None and self.first_failure.is_of_the_file

    @property
    def is_wrong(self):
        """Whether the function was called and did not what it should: no file was at fault."""
        return self.state in WRONG and not (self.first_failure and self.first_failure.kind.before_all_checks)

    @property
    def of_checks(self):
        """The checks that points hang on, as in "4 hidden checks"."""
        return f"{self.checks} {'checks' if self.public is None else 'hidden checks'}"

    def counted(self):
        """How many of its checks passed, in a sentence."""
        passed, asked = self.public or (0, 0)
        return f"{self.passed} of {self.of_checks} passed{f'; {passed} of {asked} public ones' if asked else ''}."

    def lines(self):
        """The result in words, for its student; the first line says it all."""
        first, head = self.first_failure, f"{self.name}: {STATES[self.state].word}."
        if first is None:
            all_passed = "Its check passed." if self.checks == 1 else f"All {self.of_checks} passed."
            # In one line: a forgotten print shows in every notebook from then on.
            printed = textwrap.shorten(" ".join(self.printed.split()), 80, placeholder=" ...")
            return [f"{head} {all_passed}", *([f"  It also printed: {printed}"] if printed else [])]
        if self.state == "broken":
            told = _indented(f"{first.check}: {first.message}".splitlines())
            return [f"{head} A check of ours is broken, which is no mistake of yours.", *told]
        if self.state == "not served":
            return [f"{head} {first.message} That is no mistake of yours."]
        if first.kind is Kind.NO_FILE:
            return [f"{self.name}: {first.message}"]
        if self.state == "not written":
            return [f"{head} {first.message} If you have written it: save the file, and delete the raise."]
        lines = first.lines(self.folder)
        if self.printed:
            lines += ["It printed:", *_indented(self.printed.splitlines())]
        if self.wrong_before:
            are, them = ("is", "it") if len(self.wrong_before) == 1 else ("are", "one of them")
            lines += [
                f"Before it, {' and '.join(self.wrong_before)} {are} not right either. If {find(self.name).function} "
                f"uses {them}, that may be all: mend {self.wrong_before[0]} first."
            ]
        all_points = f" {ALL_POINTS}" if self.points == self.max_points else ""
        return [f"{head} {self.counted()}{all_points}", *_indented(lines)]


def _indented(lines):
    return ["  " + line for line in lines]
