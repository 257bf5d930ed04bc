"""The questions: read from the text of a notebook, asked by a widget, and remembered."""

import ast
import itertools
import re
import subprocess
import sys

import pytest

from mlt_nn.support import questions
from mlt_nn.support.questions import Answer, Try
from mlt_nn.widgets.mending import STATUS
from mlt_nn.widgets.question import question, review

GOOD = """Some text.

```{question} slope
What is the slope of `g` at $z = 0$, if $a < b$?
- [ ] 0 :: There the curve is steepest
  of all.
- [x] 1/4 :: Yes: $1/2 (1 - 1/2)$.
- [ ] a < b :: No.
```

```python
print("- [ ] no choice")
```

```{question} sign
Which sign has it?

Look twice.
- [X] plus :: Yes.
- [ ] minus :: No: it rises.
```

```{question} height
How high is `g` at 0?
- [=] 1/2 +- 0.01 :: Yes: $1/2$.
- [ ] 0 :: That is where it ends on the left.
- [ ] else :: Put 0 into the formula.
```

```{question} steps
Put the lines in order.
1. `z = a @ w + b`
2. `a = g(z)`
3. `return a`
- [x] in order :: Yes.
- [ ] else :: Which of them needs the result of which?
```
"""


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A folder of its own for the answers."""
    monkeypatch.setenv("MLT_NN_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A folder of texts in place of the course's."""
    (tmp_path / "02_activations.md").write_text(GOOD, encoding="utf-8")
    real = questions.find
    monkeypatch.setattr(questions, "find", lambda name: real(name, tmp_path))
    monkeypatch.setattr(questions, "SOURCE", tmp_path)
    return tmp_path


def test_questions_are_read_in_their_order():
    slope, sign, height, steps = questions.parse(GOOD, "02")
    assert (slope.name, sign.name) == ("02.slope", "02.sign")
    assert slope.text == "What is the slope of `g` at $z = 0$, if $a < b$?"
    assert [choice.text for choice in slope.choices] == ["0", "1/4", "a < b"]
    assert [choice.right for choice in slope.choices] == [False, True, False]
    assert slope.choices[0].feedback == "There the curve is steepest of all."
    assert sign.text == "Which sign has it?\n\nLook twice."
    assert sign.choices[0].right
    assert (height.off_by, height.right.text, slope.off_by) == (0.01, "1/2", None)
    assert steps.lines == ("`z = a @ w + b`", "`a = g(z)`", "`return a`")
    assert steps.text == "Put the lines in order."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[x]", "[ ]", "question 02.slope has 0 right choices; mark exactly one"),
        ("- [ ] 0", "- [x] 0", "question 02.slope has 2 right choices"),
        (" :: No.\n", "\n", "the choice 'a < b' has no feedback"),
        ("{question} sign", "{question} slope", "the key 'slope' is used twice in notebook 02"),
        ("{question} sign", "{question} Sign!", "a question with the key 'Sign!'"),
        ("{question} sign", "{question}", "a question with the key ''"),
        ("- [ ] 0", "- 0", "question 02.slope cannot be read at '- 0 :: There the curve is steepest'"),
        ("- [ ] minus :: No: it rises.\n", "", "question 02.sign has 1 choices"),
        ("Which sign has it?\n\nLook twice.\n", "", "question 02.sign has no text before its choices"),
        ("- [ ] a < b", "- [ ] $a$", r"the choice '\$a\$' is shown as plain text"),
        ("- [ ] a < b", "- [ ] 0", "question 02.slope has the same choice twice"),
        ("- [ ] a < b :: No.\n```\n", "- [ ] a < b :: No.\n", "question 02.slope cannot be read at '```python'"),
        (" +- 0.01", "", "question 02.height: '' is no number"),
        ("1/2 +- 0.01", "a half +- 0.01", "question 02.height: 'a half ?' is no number"),
        ("- [ ] else :: Put", "- [ ] 3 :: Put", "question 02.height lacks a line '- \\[ \\] else"),
        ("- [ ] else :: Which", "- [ ] other :: Which", "question 02.steps lacks a line '- \\[ \\] else"),
        (
            "- [ ] 0 :: That",
            "- [ ] 0.495 :: That",
            "question 02.height has two numbers that are no more than 0.01 apart",
        ),
        ("2. `a = g(z)`", "2. `return a`", "question 02.steps has a line twice"),
    ],
)
def test_a_block_that_is_no_question_is_refused_by_name(old, new, told):
    assert old in GOOD
    with pytest.raises(ValueError, match=told):
        questions.parse(GOOD.replace(old, new, 1), "02")


def test_a_question_is_found_by_its_name(source):
    assert questions.find("02.sign").text.startswith("Which sign")
    with pytest.raises(
        ValueError, match=r"02_activations.md has no question 'sing'; its questions are: slope, sign, height, steps"
    ):
        questions.find("02.sing")
    for unknown in ("slope", "03.slope", "02", "0*.slope", ""):
        with pytest.raises(ValueError, match="there is no question"):
            questions.find(unknown)


def test_every_question_of_the_course_can_be_read():
    texts = {file.name: file.read_text(encoding="utf-8") for file in questions.SOURCE.glob("[0-9]*.md")}
    assert texts
    for name, text in texts.items():
        assert len(questions.parse(text, name.partition("_")[0])) == text.count("```{question}"), name


def test_every_review_asks_for_questions_of_earlier_notebooks():
    for file in questions.SOURCE.glob("[0-9]*.md"):
        for call in re.findall(r"^review\((.*)\)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            names = ast.literal_eval(f"[{call}]")
            assert [questions.find(name).notebook for name in names] == [name[:2] for name in names]
            assert all(name[:2] < file.name[:2] for name in names)


@pytest.mark.usefixtures("source")
def test_the_first_and_the_last_choice_are_remembered_across_restarts(state):
    asked = question("02.slope")
    assert asked.choices.value is None
    assert asked.feedback.value == ""
    for choice in ("0", "a < b", "1/4"):
        asked.choices.value = choice
    kept = {"02.slope": Answer(Try("0", False), Try("1/4", True))}
    assert questions.answered() == kept
    program = "from mlt_nn.support.questions import answered; print(answered())"
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == str(kept)
    assert question("02.slope").choices.value == "1/4"
    assert [file.name for file in (state / "answers").iterdir()] == ["02.slope.json"]


@pytest.mark.usefixtures("source", "state")
@pytest.mark.parametrize(("choice", "word", "told"), [("0", "Not yet.", "steepest"), ("1/4", "Right.", "Yes: $1/2")])
def test_each_choice_is_answered_in_words(choice, word, told):
    asked = question("02.slope")
    asked.choices.value = choice
    assert word in asked.feedback.value
    assert told in asked.feedback.value
    assert STATUS in asked.feedback._dom_classes


@pytest.mark.usefixtures("source")
def test_a_folder_that_cannot_be_written_is_told_and_nothing_fails(state):
    state.write_text("a file where the folder should be", encoding="utf-8")
    asked = question("02.slope")
    asked.choices.value = "1/4"
    assert "Right." in asked.feedback.value
    assert "Answers cannot be kept on this computer" in asked.feedback.value
    assert questions.answered() == {}


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", '{"first": 3, "last": {}}', "\udcff"])
def test_a_damaged_answer_is_as_if_never_given(state, damaged):
    (state / "answers").mkdir(parents=True)
    (state / "answers" / "02.slope.json").write_bytes(damaged.encode("utf-8", "surrogateescape"))
    assert questions.answered() == {}
    asked = question("02.slope")
    asked.choices.value = "0"
    assert questions.answered()["02.slope"].first == Try("0", False)


@pytest.mark.usefixtures("source", "state")
def test_an_answer_whose_choice_has_been_reworded_leaves_the_question_open():
    slope = questions.find("02.slope")
    questions.record(slope, slope.choices[0]._replace(text="zero"))
    assert question("02.slope").choices.value is None


@pytest.mark.usefixtures("source", "state")
def test_what_a_notebook_stores_does_not_tell_the_answer():
    fresh = question("02.slope")._repr_mimebundle_()
    asked = question("02.slope")
    asked.choices.value = "1/4"
    answered = asked._repr_mimebundle_()
    assert fresh["text/plain"] == answered["text/plain"]
    assert fresh["text/plain"].splitlines()[1:] == ["( ) 0", "( ) 1/4", "( ) a < b"]
    assert fresh["text/html"] == answered["text/html"]
    assert "<li>a &lt; b</li>" in fresh["text/html"]
    assert "<code>g</code>" in fresh["text/html"]
    assert "Yes" not in str(answered)


@pytest.mark.usefixtures("source", "state")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1/2", "Yes"), ("0,505", "Yes"), ("0.495", "Yes"), ("0.52", "Put 0 into"), ("-0", "where it ends"),
        ("0.009", "where it ends"), ("-1e9", "Put 0 into"),
    ],
)  # fmt: skip
def test_a_number_that_is_typed_is_answered(typed, told):
    asked = question("02.height")
    asked.field.value = typed
    assert told in asked.feedback.value
    assert questions.answered()["02.height"].last == Try(typed, told == "Yes")
    assert question("02.height").feedback.value == asked.feedback.value


@pytest.mark.usefixtures("source", "state")
@pytest.mark.parametrize("typed", ["", "half", "1/0", "1/2/3", "nan", "1e", "__import__('os')"])
def test_what_is_no_number_is_told_and_not_kept(typed):
    asked = question("02.height")
    asked.field.value = "7"
    asked.field.value = typed
    assert "is no number" in asked.feedback.value
    assert questions.answered()["02.height"].last.choice == "7"


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        ("39,700", True), ("39 700", True), ("39\N{THIN SPACE}700", True), ("39700", True),
        ("-39,700", False),
        ("39,7", False), ("39.700", False), ("39,70", False), ("39,7000", False), ("039,700", False),
    ],
)  # fmt: skip
def test_thousands_may_stand_apart_in_a_number(typed, is_right):
    assert questions.find("03.how_many_products").answer(typed).right == is_right


def test_a_comma_before_three_digits_is_of_thousands_or_of_a_decimal_as_the_question_has_it():
    assert questions.find("04.squared_by_hand").answer("2,125").right
    assert questions.readings("\N{MINUS SIGN}1,234,567") == [-1234567, -1234.567]
    share = questions.find("08.per_digit")
    assert [share.answer(typed).right for typed in ("39,76", "39.760", "39,760")] == [True, True, False]


def right_next_to_each_other(lines, order):
    return [pair for pair in itertools.pairwise(order) if pair in {*itertools.pairwise(lines)}]


def test_lines_that_follow_each_other_are_never_shown_so():
    texts = {file.name[:2]: file.read_text(encoding="utf-8") for file in questions.SOURCE.glob("[0-9]*.md")}
    to_order = [each for notebook, text in texts.items() for each in questions.parse(text, notebook) if each.lines]
    assert len(to_order) >= 3
    for asked in to_order:
        order = question(asked.name).order
        assert sorted(order) == sorted(asked.lines)
        assert right_next_to_each_other(asked.lines, order) == []


@pytest.mark.usefixtures("source", "state")
def test_lines_are_put_in_order():
    asked = question("02.steps")
    lines = asked.asked.lines
    assert tuple(asked.order) != lines
    asked.done.click()
    assert "needs the result" in asked.feedback.value
    for row, line in enumerate(lines):
        for place in range(asked.order.index(line), row, -1):
            asked.swap(place, place - 1)
    asked.done.click()
    assert "Right." in asked.feedback.value
    first, last = questions.answered()["02.steps"]
    assert (first.right, last) == (False, Try("\n".join(lines), True))
    again = question("02.steps")
    assert tuple(again.order) == lines
    assert "Right." in again.feedback.value


@pytest.mark.usefixtures("source", "state")
def test_neither_number_nor_order_is_stored_with_a_notebook():
    height, steps = (question(f"02.{key}")._repr_mimebundle_() for key in ("height", "steps"))
    assert height["text/plain"].splitlines()[1:] == ["your number: ____"]
    assert "1/2" not in str(height)
    shown = [line.removeprefix("( ) ") for line in steps["text/plain"].splitlines()[1:]]
    right = questions.find("02.steps").lines
    assert sorted(shown) == sorted(right)
    assert tuple(shown) != right


def answer_wrongly(*names):
    for name in names:
        asked = questions.find(name)
        questions.record(asked, next(choice for choice in asked.choices if not choice.right))


@pytest.mark.usefixtures("state")
def test_what_was_wrong_first_is_asked_again_first(source):
    (source / "03_forward_pass.md").write_text(f'review("02.sign", "02.height")\n{GOOD}', encoding="utf-8")
    (source / "04_losses.md").write_text('review("03.slope", "02.slope")\n', encoding="utf-8")
    assert questions.to_review(["02.sign", "02.height"]) == ["02.sign", "02.height"]
    answer_wrongly("02.slope", "02.sign", "03.height")
    sign, slope = questions.find("03.sign"), questions.find("02.slope")
    questions.record(sign, sign.right)
    questions.record(slope, slope.right)
    questions.record(slope._replace(key="gone"), slope.choices[0])
    assert questions.to_review(["02.sign", "02.height"]) == ["02.slope", "02.sign"]
    assert questions.to_review(["03.slope", "02.slope"]) == ["03.height", "03.slope"]
    # In a cell of the reader's own.
    assert questions.to_review(["02.steps"]) == ["02.steps"]


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("wrong", ["", "01", "02", "03", "04", "0[1-6]", ".*"])
def test_no_two_notebooks_of_the_course_ask_the_same_again(wrong):
    texts = {file.name[:2]: file.read_text(encoding="utf-8") for file in sorted(questions.SOURCE.glob("[0-9]*.md"))}
    names = [question.name for notebook, text in texts.items() for question in questions.parse(text, notebook)]
    answer_wrongly(*(name for name in names if re.fullmatch(wrong, name.partition(".")[0])))
    usual = re.compile(r'^review\("(.+)", "(.+)"\)$', re.MULTILINE)
    asked = {notebook: questions.to_review(pair) for notebook in texts for pair in usual.findall(texts[notebook])}
    assert list(asked) == [f"0{number}" for number in range(2, 10)]
    for notebook, pair in asked.items():
        assert [name for name in pair if name >= notebook or name not in names] == []
    again = [name for pair in asked.values() for name in pair]
    assert len(set(again)) == len(again) == 16
    if not wrong:
        assert [pair for notebook, pair in asked.items() if notebook > "02" and pair[0][:2] == pair[1][:2]] == []
    if wrong == ".*":
        assert [sorted(name[:2] for name in pair) for pair in list(asked.values())[1:3]] == [["02", "02"], ["03", "03"]]


@pytest.mark.usefixtures("source", "state")
def test_a_review_shows_the_questions_and_stores_the_usual_ones():
    slope = questions.find("02.slope")
    fresh = review("02.sign", "02.height")
    questions.record(slope, slope.choices[0])
    later = review("02.sign", "02.height")
    assert [asked.asked.key for asked in later.children] == ["slope", "sign"]
    assert later._repr_mimebundle_()["text/plain"] == fresh._repr_mimebundle_()["text/plain"]


@pytest.mark.usefixtures("source", "state")
@pytest.mark.parametrize("key", ["slope", "height", "steps"])
def test_a_review_does_not_show_what_was_answered_before(key):
    asked = questions.find(f"02.{key}")
    given = {"slope": asked.right.text, "height": "1/2", "steps": "\n".join(asked.lines)}[key]
    questions.record(asked, asked.right._replace(text=given))
    assert "Right." in question(asked.name).feedback.value
    (again,) = review(asked.name).children
    assert again.feedback.value == ""
    if key == "slope":
        assert again.choices.value is None
    elif key == "height":
        assert again.field.value == ""
    else:
        assert tuple(again.order) != asked.lines
