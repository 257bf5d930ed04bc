"""The questions of the course: read from the text of the notebooks, and what the reader answered.

A question stands in the text of its notebook, in `course/source/`, as a block:

    ```{question} slope_at_zero
    What is the slope of the sigmoid at z = 0?
    - [ ] 0 :: There the curve is steepest; a slope of 0 would mean a flat curve.
    - [x] 1/4 :: Yes: g(0) = 1/2, and 1/2 (1 - 1/2) = 1/4.
    ```

The text and the feedback (after the `::`) may hold `code` and LaTeX between dollar signs; a choice is plain text.

Where a number is to be typed, the right one stands with what it may be off by, and wrong ones that suggest something
have feedback of their own; `else` is any other number:

    - [=] 1/4 +- 0.005 :: Yes: g(0) = 1/2, and 1/2 (1 - 1/2) = 1/4.
    - [ ] 1/2 :: That is the value at 0, not the slope.
    - [ ] else :: The slope is g(z) (1 - g(z)).

Where lines are to be put in order, they stand in the right one:

    1. `z = a @ w + b`
    2. `a = g(z)`
    - [x] in order :: Yes.
    - [ ] else :: Which of them needs the result of which?

Each answer is kept in a small file of its own, so that two notebooks that are open at once never write to the same one.
"""

import itertools
import json
import os
import re
from operator import itemgetter
from typing import NamedTuple

from mlt_nn.support.folders import COURSE, PROJECT, from_project
from mlt_nn.support.writing import write_text

SOURCE = COURSE / "source"
STATE = "MLT_NN_STATE"

BLOCK = re.compile(r"^```\{question\}(.*?)$(.*?)^``` *$", re.MULTILINE | re.DOTALL)
_CHOICE = re.compile(r"^- \[([ xX=])\] ", re.MULTILINE)
_NO_CHOICE = re.compile(r"^(?:```|[-*] (?!\[[ xX=]\] )).*", re.MULTILINE)
_LINE = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(?:/\s*(\d+))?\s*", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}([,\s])\d{3}(?:\1\d{3})*")
_ELSE = "else"
_KEY = re.compile(r"[a-z0-9_]+")
_REVIEW = re.compile(r"^review\((.+)\)$", re.MULTILINE)


class Choice(NamedTuple):
    """One of the answers to choose from."""

    text: str
    right: bool
    feedback: str
    """What the reader is told after choosing it."""


class Question(NamedTuple):
    """A question with its choices, exactly one of them right."""

    notebook: str
    """The number of its notebook, as in "02"."""
    key: str
    """Its name within the notebook, as in "slope_at_zero"."""
    text: str
    choices: tuple[Choice, ...]
    off_by: float | None = None
    """Where a number is to be typed: how far it may be from that of the right choice."""
    lines: tuple[str, ...] = ()
    """Where lines are to be put in order: these, in the right one."""

    @property
    def name(self):
        return f"{self.notebook}.{self.key}"

    @property
    def right(self):
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)

    def answer(self, given):
        """The choice that an answer comes to: what was typed for a number, lines in an order for lines.

        The closest number with feedback of its own counts; any that is farther off is "else".

        Raises:
            ValueError: when a number is asked for and none was typed.
        """
        other = next(choice for choice in self.choices if choice.text == _ELSE)
        if self.lines:
            return self.right if tuple(given) == self.lines else other
        named = [choice for choice in self.choices if choice is not other]
        pairs = itertools.product(readings(given), named)
        apart, closest = min(((abs(number(choice.text) - value), choice) for value, choice in pairs), key=itemgetter(0))
        return closest if apart <= self.off_by else other


class Try(NamedTuple):
    """A choice that the reader made."""

    choice: str
    right: bool


class Answer(NamedTuple):
    """What the reader chose first and last."""

    first: Try
    last: Try


def number(text):
    """A number, written with a point or a comma.

    Raises:
        ValueError: when it is none.

    >>> number("1/4"), number("-0,125"), number("2e-3"), number("\N{MINUS SIGN}3 / 8")
    (0.25, -0.125, 0.002, -0.375)
    """
    found = _NUMBER.fullmatch(text.replace("\N{MINUS SIGN}", "-").replace(",", "."))
    if found is None or found[2] == "0":
        raise ValueError(f"{text!r} is no number; type one such as 0.25, 1/4 or 2e-3")
    return float(found[1]) / int(found[2] or 1)


def readings(text):
    """The numbers that a person may mean who types this: thousands may stand apart, as in 39,700.

    Raises:
        ValueError: when it is none.

    >>> readings("39 700"), readings("2,125"), readings("0,125")
    ([39700.0, 39.7], [2125.0, 2.125], [0.125])
    """
    found = _THOUSANDS.fullmatch(text.replace("\N{MINUS SIGN}", "-").strip())
    if found is None:
        return [number(text)]
    whole = float(found[0].replace(found[1], ""))
    return [whole, whole / 1000]


def parse(markdown, notebook):
    """All questions in the text of a notebook, in their order.

    Arguments:
        markdown: the text.
        notebook: the number of the notebook, as in "02".

    Raises:
        ValueError: when a block is not a question; it names the question and says what is missing.

    Example:
        >>> text = '''```{question} sum
        ... What is 1 + 1?
        ... - [x] 2 :: Yes.
        ... - [ ] 11 :: That is what strings do.
        ... ```'''
        >>> question = parse(text, "01")[0]
        >>> question.name, question.text, question.choices[1].feedback
        ('01.sum', 'What is 1 + 1?', 'That is what strings do.')
    """
    questions = [_question(notebook, header.strip(), body) for header, body in BLOCK.findall(markdown)]
    keys = [question.key for question in questions]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"the key {key!r} is used twice in notebook {notebook}; give each question its own")
    return questions


def find(name, source=SOURCE):
    """The question of that name, as in "02.slope_at_zero". The text of notebook 02 is read anew each time.

    Raises:
        ValueError: when there is none; it lists those of the notebook.
    """
    notebook, _, key = name.partition(".")
    files = sorted(source.glob(f"{notebook}_*.md")) if notebook.isdigit() else []
    if not files or not key:
        raise ValueError(
            f"there is no question {name!r}: a name is the number of a notebook in {source}, a dot and a key, "
            'as in "02.slope_at_zero"'
        )
    questions = {question.key: question for question in parse(files[0].read_text(encoding="utf-8"), notebook)}
    if key not in questions:
        raise ValueError(
            f"{files[0].name} has no question {key!r}; its questions are: {', '.join(questions) or 'none'}"
        )
    return questions[key]


def record(question, choice):
    """Remember that this choice was made.

    Raises:
        OSError: when the folder cannot be written to. The question works all the same.
    """
    made = Try(choice.text, choice.right)
    before = recall(question.name)
    kept = Answer(before.first if before else made, made)
    _folder().mkdir(parents=True, exist_ok=True)
    text = json.dumps({part: tried._asdict() for part, tried in kept._asdict().items()}, ensure_ascii=False)
    write_text(_folder() / f"{question.name}.json", text + "\n")


def recall(name):
    """What was answered to the question of that name, an `Answer`, or None."""
    try:
        kept = json.loads((_folder() / f"{name}.json").read_text(encoding="utf-8"))
        tries = [Try(str(kept[part]["choice"]), bool(kept[part]["right"])) for part in Answer._fields]
    except (OSError, ValueError, KeyError, TypeError):
        # Never answered, or a file that no longer says what: the question is open again.
        return None
    return Answer(*tries)


def answered():
    """All answers that are kept: {name of the question: `Answer`}."""
    answers = {file.stem: recall(file.stem) for file in sorted(_folder().glob("*.json"))}
    return {name: answer for name, answer in answers.items() if answer is not None}


def to_review(names):
    """The names of questions to ask again, as many as are given: those that a notebook asks when nothing is known yet.

    Those of earlier notebooks that the reader got wrong first come before them, the latest first. What one notebook
    asks again no later one does: in its place comes what wrong ones displaced before.
    """
    wrong = sorted((name for name, answer in answered().items() if not answer.first.right), reverse=True)
    usual: list[str] = []
    taken: list[str] = []
    for listed, earlier in _reviews(list(names)):
        usual = [*listed, *usual]
        first = [name for name in wrong if name in earlier]
        fresh = [name for name in dict.fromkeys([*first, *usual]) if name not in taken]
        if listed == list(names):
            break
        taken += fresh[: len(listed)]
    return fresh[: len(names)]


def _reviews(names):
    """What each notebook asks again, with all that was asked before it; at the end the names of a cell of none."""
    earlier: list[str] = []
    for file in sorted(SOURCE.glob("[0-9]*.md")):
        text = file.read_text(encoding="utf-8")
        for listed in _REVIEW.findall(text):
            yield re.findall(r'"(.+?)"', listed), earlier
        earlier = [*earlier, *(question.name for question in parse(text, file.name.partition("_")[0]))]
    yield names, earlier


def _folder():
    return from_project(os.environ.get(STATE) or PROJECT / ".mlt_nn") / "answers"


def _question(notebook, key, body):
    if not _KEY.fullmatch(key):
        raise ValueError(f"notebook {notebook} has a question with the key {key!r}; use only a-z, 0-9 and _")
    name = f"question {notebook}.{key}"
    stray = _NO_CHOICE.search(body)
    if stray:
        raise ValueError(
            f"{name} cannot be read at {stray[0]!r}: a choice is a line such as '- [ ] 1/4 :: Why not.', and the block "
            "ends with a line ```"
        )
    text, *parts = _CHOICE.split(body)
    choices = [_choice(name, mark, part) for mark, part in zip(parts[::2], parts[1::2], strict=True)]
    lines = tuple(_LINE.findall(text))
    text = _LINE.sub("", text).strip()
    right, texts = sum(choice.right for choice in choices), [choice.text for choice in choices]
    asks_for_number = "=" in parts[::2]
    needs_else = (asks_for_number or lines) and _ELSE not in texts
    for is_wrong, what in (
        (not text, "has no text before its choices"),
        (len(choices) < 2, f"has {len(choices)} choices; it needs two or more lines such as '- [ ] 1/4 :: Why not.'"),
        (right != 1, f"has {right} right choices; mark exactly one with [x]"),
        (len(set(texts)) < len(texts), f"has the same choice twice: {', '.join(texts)}"),
        (needs_else, f"lacks a line '- [ ] {_ELSE} :: what to tell of any other answer'"),
        (len(set(lines)) < len(lines), "has a line twice, and nobody could tell which of them comes first"),
    ):
        if is_wrong:
            raise ValueError(f"{name} {what}")
    if not asks_for_number:
        return Question(notebook, key, text, tuple(choices), lines=lines)
    return _number_question(Question(notebook, key, text, tuple(choices)))


def _number_question(asked):
    """The question with what its number may be off by, taken out of the text of the right choice."""
    value, _, off_by = asked.right.text.partition("+-")
    choices = tuple(choice._replace(text=value.strip()) if choice.right else choice for choice in asked.choices)
    try:
        off = number(off_by)
        values = sorted(number(choice.text) for choice in choices if choice.text != _ELSE)
    except ValueError as error:
        raise ValueError(
            f"question {asked.name}: {error}; the right one is written as in '- [=] 1/4 +- 0.01'"
        ) from None
    if any(after - before <= off for before, after in itertools.pairwise(values)):
        raise ValueError(f"question {asked.name} has two numbers that are no more than {off:g} apart")
    return asked._replace(choices=choices, off_by=off)


def _choice(name, mark, part):
    text, feedback = (" ".join(piece.split()) for piece in part.partition("::")[::2])
    if not text or not feedback:
        raise ValueError(f"{name}: the choice {text!r} has no feedback; write '- [{mark}] the choice :: what it tells'")
    if "$" in text or "`" in text:
        raise ValueError(f"{name}: the choice {text!r} is shown as plain text; write it without $ and `")
    return Choice(text, mark in "xX=", feedback)
