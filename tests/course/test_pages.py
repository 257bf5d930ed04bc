"""The pages that are given back: a student's and the class's. Whatever was handed in is text and nothing else."""

import hashlib
import random
import re
import tracemalloc
import unicodedata
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mlt_nn.grading.results import Kind
from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS, find
from mlt_nn.teaching.classroom.tally import LISTED, Tally
from mlt_nn.teaching.grader.isolation import NOT_CLOSED_OFF
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages import class_page, student_page
from mlt_nn.teaching.pages.text import local_time

from .classes import HOSTILE, WHEN, grade, record, refused, ungraded

BEST = sum(each.points for each in EXERCISES)
_INLINE = {"a", "b", "bdi", "code", "span", "wbr"}


class Page(HTMLParser):
    """A page taken apart: its tags, its attributes and its text, and that every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self._open = [], [], [], []
        self.feed(text)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attributes]
        self._part(tag)
        if tag not in ("meta", "br", "wbr", "input"):
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attributes]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        self._part(tag)

    def handle_data(self, data):
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def _part(self, tag):
        if tag not in _INLINE:
            self.words.append(" ")

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, attribute):
        return [value for _, name, value in self.attributes if name == attribute]


def check_self_contained(text):
    """Nothing runs, nothing is fetched, and no character that is not seen changes what is."""
    page = Page(text)
    assert not set(page.tags) & {"script", "iframe", "object", "embed", "link", "img", "form", "base", "image", "use"}
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert all(re.match("students/|#", link) and ":" not in link for link in page.all("href"))
    assert not page.all("src")
    assert "@import" not in text
    assert set(re.findall(r"url\(.*?\)", text)) <= {f"url(#{name})" for name in re.findall(r'pattern id="(.*?)"', text)}
    assert "default-src 'none'" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "prefers-color-scheme: dark" in text
    assert '<html lang="en">' in text
    return page


@pytest.fixture
def student(tmp_path):
    """A student's page, taken apart."""

    def write(one):
        student_page.write(tmp_path / "page.html", one)
        return check_self_contained((tmp_path / "page.html").read_text(encoding="utf-8"))

    return write


@pytest.fixture
def whole_class(tmp_path):
    """The page of a class, taken apart."""

    def write(records):
        class_page.write(tmp_path / "class.html", records)
        return check_self_contained((tmp_path / "class.html").read_text(encoding="utf-8"))

    return write


# A student's page


def test_all_right(student):
    text = student(record("Zoë Müller", grade())).text
    assert "Zoë Müller" in text
    assert f"{BEST} of {BEST} points. {len(EXERCISES)} of {len(EXERCISES)} exercises are right." in text
    assert "You wrote a neural network from scratch. Nothing is left to mend." in text
    assert "not right yet" not in text


def test_a_mistake_is_shown_with_its_line_and_where_to_read(student):
    wrong = {
        "message": "The sign of the exponent is flipped.\ng(z)[0] is 0.3; it should be 0.7.\nThe smallest input: 1",
        "mistake": "The sign of the exponent is flipped.",
        "check": "By hand",
        "line": 41,
        "source": "return 1 / (1 + np.exp(z))",
        "share": 0.25,
    }
    text = student(record(graded=grade({"activations.sigmoid": wrong}))).text
    assert "Mend activations.sigmoid first. The sign of the exponent is flipped." in text
    assert "activations.sigmoid: ✗ not yet 0.5 of 2 points. 1 of 4 hidden checks passed; 0 of 3 public ones." in text
    assert "g(z)[0] is 0.3; it should be 0.7. The smallest input: 1" in text
    assert "mlt_nn/activations.py, line 41: return 1 / (1 + np.exp(z))" in text
    assert f"Read again: notebook 2 (02_activations), “{find('activations.sigmoid').section}”." in text


def test_a_file_that_could_not_be_imported_is_told_once(student):
    own = [each.name for each in EXERCISES if each.module == "activations"]
    absent = "mlt_nn/activations.py cannot be imported: line 3 raises ModuleNotFoundError."
    known = {"message": absent, "kind": Kind.UNREADABLE, "line": 3, "source": "import scipy"}
    text = student(record(graded=grade(dict.fromkeys(own, known) | {"losses.one_hot": {}}))).text
    assert f"Mend activations.py first. {absent}" in text
    assert text.count(absent) == 2
    assert f"None of its {len(own)} exercises could be called: {', '.join(own)}." in text
    assert text.count("mlt_nn/activations.py, line 3: import scipy") == 1
    assert "activations.sigmoid: ✗ not yet" not in text
    assert "losses.one_hot: ✗ not yet" in text


def test_a_file_that_was_not_handed_in_is_said_to_be_that(student):
    absent = {"check": "", "message": "losses.py was not handed in.", "state": "not written", "kind": Kind.NO_FILE}
    own = {each.name: absent for each in EXERCISES if each.module == "losses"}
    text = student(record(graded=grade(own))).text
    assert "All that you handed in is right. Hand in losses.py, too: it begins with losses.one_hot." in text
    points = sum(find(name).points for name in own)
    functions = ", ".join(find(name).function for name in own)
    assert f"file points exercises losses.py {points} {functions}" in text.partition("What was not handed in")[2]
    assert "not written yet" not in text
    unwritten = {"state": "not written", "message": "tanh is not written yet."}
    text = student(record(graded=grade(own | {"activations.tanh": unwritten}))).text
    assert "All that you have written is right. Go on with activations.tanh." in text
    assert "○ not written yet: 1 exercise." in text


def test_of_some_exercises_only_these_are_told(student, whole_class):
    asked = tuple(each for each in grade().exercises if each.name.startswith("neuron."))
    points = sum(each.max_points for each in asked)
    first_week = record(graded=replace(grade(), exercises=asked))
    text = student(first_week).text
    assert f"{points} of {points} points. {len(asked)} of {len(asked)} exercises are right." in text
    assert "All exercises are right. Nothing is left to mend." in text
    assert f"{len(asked)} exercises, {points} points in all." in text
    page = whole_class([first_week])
    assert f"{len(asked)} exercises, 1 student" in page.text
    assert "activations" not in " ".join([page.text, *page.all("aria-label")])


def test_what_is_good_and_what_is_next_come_first(student):
    text = student(record(graded=grade({"losses.one_hot": {}, "network.accuracy": {"state": "not written"}}))).text
    *before, last = (str(int(name.partition("_")[0])) for name in NOTEBOOKS if name not in ("04_losses", "08_mnist"))
    good = text.index(f"All exercises of notebooks {', '.join(before)} and {last} are right.")
    assert good < text.index("Mend losses.one_hot first.") < text.index("What is right")
    assert text.index("What is right") < text.index("What is not right yet") < text.index("What is left to write")


def test_a_first_function_to_write_and_a_next_one(student):
    nothing = {each.name: {"state": "not written"} for each in EXERCISES}
    text = student(record(graded=grade(nothing))).text
    assert "Nothing is right yet, and that is where everybody begins. Begin with neuron.pre_activation." in text
    some = {name: wrong for name, wrong in nothing.items() if not name.startswith("neuron.")}
    text = student(record(graded=grade(some))).text
    assert "All exercises of notebook 1 are right. All that you have written is right. Go on with" in text


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"when": WHEN}, f"Handed in: {local_time(WHEN)}, according to Moodle. Attempt 2."),
        ({"when": WHEN, "late": True}, f"Handed in: {local_time(WHEN)}, according to Moodle; late. Attempt 2."),
        ({"when": None}, "Attempt 2."),
        ({"when": None, "late": True}, "Handed in late. Attempt 2."),
    ],
)
def test_what_is_known_of_when_it_was_handed_in(student, known, told):
    assert f"Your neural network: Ada {told}" in student(record(graded=grade(), attempt=2, **known)).text


def test_how_it_was_graded_can_be_asked_for(student):
    page = student(record(graded=grade()))
    assert "details" in page.tags
    for told in ("How this was graded", "shut in a sandbox", "numpy 2.1.0", "neuron.py", "ab" * 32):
        assert told in page.text


@pytest.fixture
def both(student, tmp_path):
    """Writes the page of a student and that of a class of one; gives the texts of both."""

    def write(record):
        class_page.write(tmp_path / "class.html", [record])
        page = check_self_contained((tmp_path / "class.html").read_text(encoding="utf-8"))
        return student(record).text, page.text

    return write


def test_what_the_sandbox_leaves_open_is_said_to_the_instructor_alone(both):
    own, whole = both(record(graded=grade()))
    assert "shut in a sandbox. What code in the sandbox can still find out: how fast" in whole
    assert all(whole.count(told) == 1 for told in NOT_CLOSED_OFF)
    assert "Your code was shut in a sandbox. An exercise's points" in own
    assert not [told for told in NOT_CLOSED_OFF if told in own]


def test_without_a_sandbox_both_pages_say_that_nothing_was_shut_in(both):
    for text in both(record(graded=replace(grade(), isolation="process", isolation_reason="no bubblewrap"))):
        assert "run in a process of its own, not shut in" in text
        assert "sandbox" not in text


def test_a_mistake_of_ours_is_said_to_be_ours(student):
    text = student(ungraded()).text
    assert "Something went wrong on our side" in text
    assert "a reason" not in text


def test_a_submission_without_modules_says_what_to_hand_in(student):
    text = student(refused("there is no exercise module in it.")).text
    assert "there is no exercise module in it." in text
    assert "Hand in one folder, or one zip" in text
    assert "our side" not in text


def test_of_what_could_not_be_graded_nothing_is_said_to_have_been_run(both):
    for level in ("sandbox", "process"):
        nothing = replace(grade(problem="it is a notebook."), isolation=level, isolation_reason="no bubblewrap")
        of_it = record(graded=nothing, status="student error", problem=nothing.problem)
        for text in (*both(of_it), results(nothing)["output"]):
            assert not [words for words in ("sandbox", "not shut in", "Isolation", "raded by") if words in text]


def test_a_broken_check_is_ours(student):
    text = student(record(graded=grade({"losses.one_hot": {"state": "broken"}}))).text
    assert "Still open: losses.one_hot. A check of ours is broken, which is no mistake of yours." in text


def test_the_state_does_not_hang_on_color(student):
    states = {"losses.one_hot": {"state": "timed out"}, "network.predict": {"state": "died"}, "neuron.neuron": {}}
    text = student(record(graded=grade(states))).text
    for word in ("neuron.neuron: ✗ not yet", "network.predict: ✗ ends Python", "losses.one_hot: ✗ does not end"):
        assert word in text


def everything_hostile():
    wrong = {
        each.name: {"message": HOSTILE, "check": HOSTILE, "source": HOSTILE, "line": 1, "mistake": HOSTILE}
        for each in EXERCISES
    }
    files = ({"name": "neuron.py", "sha256": HOSTILE, "lines": 1, "problem": HOSTILE},)
    return record(HOSTILE, grade(wrong, files=files), when_by=HOSTILE, late=True)


def test_hostile_text_stays_text(student):
    page = student(everything_hostile())
    # Of each exercise the message, the name of the check and the line.
    assert page.text.count("<script>alert(1)</script>") >= 3 * len(EXERCISES)
    assert "[U+202E]" in page.text
    assert "</p><script>" in student(refused(HOSTILE, HOSTILE)).text


def test_file_names_are_plain_and_differ():
    names = [
        "Zoë Müller",
        "zoe muller",
        "../../etc/passwd",
        "李小龍",
        "مريم",
        "",
        "CON",
        "a/b",
        "\ud800",
        "x" * 500,
        HOSTILE,
    ]
    files = student_page.file_names(names)
    assert list(files) == names
    assert len(set(files.values())) == len(names)
    for name, file in files.items():
        letters, _, digits = file.rpartition("-")
        assert re.fullmatch("[0-9a-f]{10}", digits), name
        # No sign, space or capital letter; nothing that Windows, macOS or a link on a page reads in another way.
        assert all(each == "-" or unicodedata.category(each)[0] in "LMN" for each in letters), name
        assert file == file.lower() == unicodedata.normalize("NFC", file), name
        assert len(f"{file}.html".encode()) <= 100, name
        assert not letters.startswith("-"), name


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Zoë Müller", "zoe-muller"),
        ("Łukasz Żak", "łukasz-zak"),
        ("O'Brien, Siobhán", "o-brien-siobhan"),
        ("İpek", "ipek"),
        ("李小龍", "李小龍"),
        ("مريم الأسطرلابي", "مريم-الأسطرلابي"),
        ("தமிழ்ச்செல்வி", "தமிழ்ச்செல்வி"),
        ("Сергей", "сергей"),
        ("\uff21\uff24\uff21", "ada"),
        ("\u3164", "u-3164"),
        ("CON", "con"),
        ("...", "student"),
        ("é" * 100, "e" * 40),
        ("龍" * 100, "龍" * 26),
    ],
)
def test_a_file_is_named_as_the_student_writes_the_name(name, letters):
    digits = hashlib.sha256(name.encode()).hexdigest()[:10]
    assert student_page.file_names([name]) == {name: f"{letters}-{digits}"}


def test_names_that_a_file_system_takes_for_one_get_two_files():
    same = [
        "Jos\u00e9",
        "Jose\u0301",
        "JOSE\u0301",
        "jose",
        "\u0421\u0435\u0440\u0433\u0435\u0439",
        "\u0441\u0435\u0440\u0433\u0435\u0438\u0306",
        "a\u200cb",
        "a b",
    ]
    files = student_page.file_names(same).values()
    assert len({unicodedata.normalize("NFD", file).casefold() for file in files}) == len(same)


def test_file_names_differ_also_where_somebody_found_two_names_of_the_same_digest(monkeypatch):
    forged = hashlib.sha256(b"the same")
    monkeypatch.setattr(hashlib, "sha256", lambda data: forged)
    start = forged.hexdigest()[:10]
    assert student_page.file_names(["Ada", "ada", "Bob", "Ada!"]) == {
        "Ada": f"ada-{start}", "ada": f"ada-{start}-2", "Bob": f"bob-{start}", "Ada!": f"ada-{start}-3"
    }  # fmt: skip


# The page of the class


def some_class(n):
    """Of n students every third has the sigmoid wrong, every sixth the softmax too; every twelfth's does not end."""
    flipped = {"mistake": "The sign is flipped.", "message": "The sign is flipped.\nand so on"}
    for i in range(n):
        wrong = {}
        if i % 3 == 0:
            wrong["activations.sigmoid"] = flipped
        if i % 6 == 0:
            hangs = {"state": "timed out", "message": f"softmax was running after {i} seconds"}
            wrong["activations.softmax"] = hangs if i % 12 == 0 else {"message": f"A[0] is {i}; it should be 1."}
        yield record(f"Student {i}", grade(wrong), late=i == 1)


def test_nobody_yet(whole_class):
    assert "There is no submission yet." in whole_class([]).text


def test_a_class_of_one(whole_class):
    text = whole_class(some_class(1)).text
    assert "1 submission; it was graded." in text
    assert "1 of 1 student (100%) has something wrong there: activations.sigmoid (1)." in text


def test_what_to_teach_again_comes_first_and_in_the_order_of_need(whole_class):
    text = whole_class(some_class(36)).text
    assert "36 submissions, 1 of them late; all were graded." in text
    sigmoid = text.index("Notebook 2, “Write the sigmoid”. 12 of 36 students (33%) have something wrong there")
    softmax = text.index("Notebook 2, “Write the softmax”. 6 of 36 students (17%) have something wrong there")
    assert sigmoid < softmax < text.index("The exercises")
    assert "Most often, 12 times, in activations.sigmoid: The sign is flipped." in text


def test_a_file_that_cannot_be_imported_is_nothing_to_teach_again(whole_class):
    own = [each.name for each in EXERCISES if each.module == "activations"]
    absent = {"message": "activations.py cannot be imported.", "kind": Kind.UNREADABLE}
    records = [record("Ada", grade(dict.fromkeys(own, absent))), record("Bob", grade({"activations.sigmoid": {}}))]
    told = whole_class(records).text.partition("What to teach again")[2].partition("The exercises")[0]
    assert "1 of 2 students (50%) has something wrong there: activations.sigmoid (1)." in told
    assert "softmax" not in told


def test_files_that_could_not_be_loaded_have_their_own_heading_and_are_no_mistakes(whole_class):
    def of(module, **why):
        return {each.name: {"check": "", "message": "no"} | why for each in EXERCISES if each.module == module}

    no_python = {"kind": Kind.UNREADABLE, "exception": "IndentationError"}
    records = [
        record("Ada", grade(of("losses", kind=Kind.UNREADABLE, exception="ModuleNotFoundError"))),
        record("Bob", grade(of("losses", **no_python) | of("neuron", state="died"))),
        record("Cem", grade(of("losses", **no_python) | of("network", state="timed out"))),
        record("Dan", grade(of("losses", kind=Kind.UNREADABLE))),
        record("Eva", grade({each.name: {"state": "timed out"} for each in EXERCISES})),
    ]
    text = whole_class(records).text
    assert "What to teach again Nothing: all that could be run is right." in text
    assert "The mistakes None." in text
    told = text.partition("Files that could not be loaded")[2].partition("The points")[0]
    assert "6 files of 4 students." in told
    for row in (
        "2 losses.py It is no Python.",
        "1 losses.py It cannot be read.",
        "1 losses.py It raises ModuleNotFoundError.",
        "1 neuron.py It ends Python when it is loaded.",
        "1 network.py It does not finish loading.",
    ):
        assert row in told
    assert "Files that could not be loaded" not in whole_class(some_class(3)).text


def test_points_that_are_open_are_not_among_the_points_of_the_class(whole_class):
    text = whole_class([record("Ada", grade()), record("Bob", grade({"losses.one_hot": {"state": "broken"}}))]).text
    assert f"the median is {BEST}.0, the mean {BEST}.0. The 1 student with open points is not among these." in text
    text = whole_class([record("Bob", grade({each.name: {"state": "not served"} for each in EXERCISES}))]).text
    assert "What to teach again Nothing is known yet: all points are open." in text
    assert "The points" not in text


def test_mistakes_are_grouped_with_the_most_frequent_first(whole_class):
    told = whole_class(some_class(36)).text.partition("The mistakes")[2].partition("The points")[0]
    found = re.findall(r"(\d+) (\d+%) (.*?) Who (.*?) activations", told)
    assert [(n, share, mistake) for n, share, mistake, _ in found] == [
        ("12", "33%", "The sign is flipped."),
        ("3", "8%", "It does not end."),
        ("3", "8%", "No known mistake; the first check that did not pass: By hand."),
    ]
    assert [int(n) for n, *_ in found] == [len(who.split(", ")) for *_, who in found]


def test_who_made_a_mistake_is_named_and_linked_and_of_very_many_the_first(whole_class):
    def wrong(n):
        return [record(f"Ada {each}", grade({"losses.one_hot": {"mistake": "m"}})) for each in range(n)]

    page = whole_class(wrong(2))
    assert "m Who Ada 0, Ada 1 " in page.text
    links = [f"students/{each.page}.html#losses.one_hot" for each in wrong(2)]
    assert [link for link in page.all("href") if link.endswith("#losses.one_hot")] == links
    text = whole_class(wrong(LISTED + 2)).text
    assert f"m Who, of the first {LISTED} Ada 0, " in text
    assert f"Ada {LISTED - 1}" in text
    assert f"Ada {LISTED}" not in text


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ({"message": "for 17", "kind": Kind.RAISED, "exception": "ValueError"}, "It raises ValueError."),
        ({"message": "sigmoid raised Kind17: no", "kind": Kind.RAISED}, "It raises an exception."),
        (
            {"message": "mlt_nn/activations.py has no function sigmo17.", "kind": Kind.MISSING},
            "The function is missing.",
        ),
        ({"message": "the process ended", "state": "died"}, "It ends Python, by exit or by a crash."),
    ],
)
def test_what_a_student_chose_is_no_part_of_a_mistake(failure, told):
    tally = Tally()
    tally.add(record(graded=grade({"activations.sigmoid": failure})))
    assert tally.mistakes == {("activations.sigmoid", told): 1}


def test_the_pictures_say_in_words_what_they_show(whole_class):
    page = whole_class(some_class(36))
    exercises, points = (label for label in page.all("aria-label") if label.endswith("."))
    assert "activations.sigmoid: 24 right, 12 not yet;" in exercises
    assert "activations.softmax: 30 right, 3 not yet, 3 do not end, or end Python;" in exercises
    said = re.findall(r"(\d+) to (\d+): (\d+)", points)
    assert sum(int(n) for *_, n in said) == 36
    # 24 students have all points, and 12 lack 2 or 5 of them.
    assert said[-1][1] == str(BEST)
    for words in ("right", "not yet", "does not end, or ends Python", "students", f"points, of {BEST}"):
        assert words in page.words, f"{words}: a legend in words, and axes with their names"
    assert not [label for label in (exercises, points) if "Student" in label], "no names in the pictures"


def test_bars_are_as_long_as_their_numbers(whole_class):
    page = whole_class(some_class(36))
    widths = [value for tag, name, value in page.attributes if (tag, name) == ("rect", "width")]
    # 36 of 36 students, 24, 12, 30 and 3.
    assert set(widths) >= {"100%", "66.6667%", "33.3333%", "83.3333%", "8.33333%"}


@pytest.mark.parametrize("students", [1, 9, 11, 23, 101])
def test_no_bar_leaves_its_picture(whole_class, students):
    """Also where the largest number is just above a round one."""
    page = whole_class([record(f"Student {i}", grade()) for i in range(students)])
    heights = [float(value) for tag, name, value in page.attributes if (tag, name) == ("rect", "height")]
    assert max(heights) == 170, "so high the axis of the students is, and above it stand its words"


def test_what_somebody_should_look_at(whole_class):
    unreadable = {
        "state": "failed",
        "check": "",
        "message": "neuron.py is not text in UTF-8 (byte 2): save it as UTF-8.",
        "kind": Kind.UNREADABLE,
    }
    no_python = {"message": "mlt_nn/neuron.py cannot be read: line 1: invalid syntax.", "kind": Kind.UNREADABLE}
    both = ("neuron.pre_activation", "neuron.neuron")
    hang = {each.name: {"state": "timed out" if each.points > 1 else "not written"} for each in EXERCISES}

    def files(problem):
        return ({"name": "neuron.py", "sha256": "ab", "lines": 1, "problem": problem},)

    records = [
        record("Fine", grade()),
        ungraded("Inga"),
        refused("it is no zip.", "Zip"),
        record("Latin", grade(dict.fromkeys(both, unreadable), files=files("neuron.py is not text in UTF-8."))),
        record("Word", grade(dict.fromkeys(both, no_python), files=files(no_python["message"]))),
        record("Hang", grade(hang)),
        record("Broken", grade({"losses.one_hot": {"state": "broken"}})),
    ]
    page = whole_class(records)
    told = page.text.partition("Submissions that somebody should look at")[2].partition("The students")[0]
    for words in (
        "Inga 1 infrastructure error: a reason",
        "Zip 1 it is no zip.",
        "Latin 1 neuron.py is not text in UTF-8.",
        "Word 1 mlt_nn/neuron.py cannot be read: line 1: invalid syntax.",
        "Hang 1 Nothing that was written comes to an end.",
        "Broken 1 A check of ours is broken, and its points are open: losses.one_hot.",
    ):
        assert words in told
    assert "Fine" not in told
    assert "Somebody should look at 6 of them." in page.text
    assert "neuron.neuron" not in page.text.partition("The mistakes")[2].partition("The points")[0], (
        "it is the file that is wrong"
    )
    assert f"Inga 1 {local_time(WHEN)} (Moodle) open" in page.text
    assert f"{class_page.STUDENTS}/{student_page.file_names(['Inga'])['Inga']}.html" in page.all("href")


def test_attempts_that_do_not_count_are_told_by_which_and_why(whole_class):
    earlier = (("monday/ada.zip", "friday/ada.zip counts, for its number is greater"), ("<b>.zip", HOSTILE))
    page = whole_class([record("Ada", grade(), attempt=3, superseded=earlier), record("Bob", grade())])
    told = page.text.partition("Attempts that do not count")[2].partition("The students")[0]
    assert "Ada monday/ada.zip friday/ada.zip counts, for its number is greater" in told
    assert "Ada <b>.zip </p><script>alert(1)</script>" in told
    assert "Bob" not in told
    assert "Attempts that do not count" not in whole_class([record("Bob", grade())]).text


def test_of_very_many_attempts_that_do_not_count_the_first_are_listed(whole_class):
    earlier = tuple((f"{number}.zip", "another counts") for number in range(10))
    text = whole_class([record(f"Ada {number}", superseded=earlier) for number in range(LISTED // 10 + 1)]).text
    assert text.count("another counts") == LISTED
    assert "And 10 more: see gradebook.csv." in text


def test_attempts_of_one_student_leave_room_for_those_of_the_others(whole_class):
    earlier = tuple((f"{number}.zip", "another counts") for number in range(LISTED))
    text = whole_class([record("Ada", superseded=earlier), record("Bob", superseded=earlier[:3])]).text
    assert text.count("another counts") == 20 + 3
    assert f"And {LISTED - 20} more: see gradebook.csv." in text


def test_when_it_was_handed_in_is_a_column_where_it_is_known(whole_class):
    unknown = record("Ada", grade(), when=None, attempt=7)
    assert f"student attempt late points Ada 7 {BEST}" in whole_class([unknown]).text
    text = whole_class([unknown, record("Bob", grade(), when=WHEN, attempt=8)]).text
    assert f"student attempt handed in late points Ada 7 {BEST} Bob 8 {local_time(WHEN)} (Moodle) {BEST}" in text


def test_nothing_could_be_graded(whole_class):
    text = whole_class([ungraded()] * 3).text
    assert "3 submissions; 0 could be graded." in text


def test_hostile_text_stays_text_in_the_class(whole_class):
    text = whole_class([everything_hostile(), refused(HOSTILE)]).text
    assert "<script>alert(1)</script>" in text


def test_a_class_larger_than_a_page_and_its_memory(tmp_path):
    path = tmp_path / "class.html"
    graded = grade({"neuron.neuron": {}})
    lost = ungraded()

    def peak(students):
        tracemalloc.start()
        records = (record(f"s{i}", graded) if i % 2 else replace(lost, student=f"s{i}") for i in range(students))
        class_page.write(path, records)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # what is loaded once
    first, size = peak(3 * LISTED), path.stat().st_size
    # A student's name and status are about 300 bytes: were they kept, 2,000 more would take 600 kB.
    assert peak(3 * LISTED + 2_000) - first < 100_000
    assert path.stat().st_size - size < 1_000
    text = Page(path.read_text(encoding="utf-8")).text
    assert "2,600 submissions; 1,300 could be graded." in text
    assert f"And {1_300 - LISTED:,} more." in text
    assert "2,600 are too many for a page: see gradebook.csv." in text


@pytest.mark.parametrize(("points", "median"), [([1], 1), ([1, 2], 1.5), ([5, 1, 2], 2), ([1, 1, 4, 5], 2.5)])
def test_median_and_mean(points, median):
    tally = Tally()
    none = tuple(replace(each, points=0) for each in grade().exercises)
    for each in points:
        tally.add(record(graded=replace(grade(), exercises=(replace(none[0], points=each), *none[1:]))))
    assert tally.median() == median
    assert tally.mean() == pytest.approx(sum(points) / len(points))


# That all numbers of the page of a class say the same


def drawn_class(draw, students):
    """Records of students who did all that can be done, and of some that nobody could grade."""
    for number in range(students):
        name = f"Student {number}"
        if draw.random() < 0.1:
            yield draw.choice((ungraded, lambda name: refused("it is no zip.", name)))(name)
            continue
        wrong = {}
        file = {module: draw.choice(("whole",) * 6 + ("no python", "import", "loops", "absent")) for module in MODULES}
        dead = draw.random() < 0.1
        for each in EXERCISES:
            unloaded = {"check": "", "message": "cannot be loaded"}
            own = {
                "no python": unloaded | {"kind": Kind.UNREADABLE, "exception": "SyntaxError"},
                "import": unloaded | {"kind": Kind.UNREADABLE, "exception": "ModuleNotFoundError"},
                "loops": unloaded | {"state": "timed out"},
                "absent": {"check": "", "message": "was not handed in.", "state": "not written", "kind": Kind.NO_FILE},
            }.get(file[each.module])
            if own is None and dead:
                own = {"state": draw.choice(("timed out", "died", "not written"))}
            elif own is None and draw.random() < 0.6:
                state = draw.choice(("failed", "failed", "failed", "timed out", "died", "not written", "not served"))
                own = {"state": state, "mistake": draw.choice(("The sign is flipped.", "A sum is missing.", ""))}
            if own:
                wrong[each.name] = own
        if draw.random() < 0.5:  # else hardly anybody's points are known
            wrong = {name: own for name, own in wrong.items() if own.get("state") != "not served"}
        superseded = (("old.zip", "another counts"),) * draw.randrange(3)
        yield record(name, grade(wrong), late=draw.random() < 0.3, superseded=superseded)


def rows(html, label):
    """The rows of the tables of this label, each as {heading: text}."""
    for table in re.findall(rf'<table role="table" aria-label="{label}">.*?</table>', html, re.DOTALL):
        for row in re.findall('<tr role="row">(.*?)</tr>', table, re.DOTALL):
            cells = re.findall('data-heading="(.*?)"><div>(.*?)</div>', row, re.DOTALL)
            if cells:
                yield {heading: Page(f"<div>{cell}</div>").text for heading, cell in cells}


def numbered(text, *patterns):
    """The first number in the page that each pattern finds, without its commas; 0 where it finds none."""
    found = (re.search(pattern, text) for pattern in patterns)
    return [int(match[1].replace(",", "")) if match else 0 for match in found]


@pytest.mark.parametrize(("seed", "students"), [(0, 1), (1, 2), (2, 5), (3, 30), (4, 30), (5, 150), (6, 150)])
def test_all_numbers_of_the_page_agree(tmp_path, seed, students):
    records = list(drawn_class(random.Random(seed), students))
    class_page.write(tmp_path / "class.html", records)
    html = (tmp_path / "class.html").read_text(encoding="utf-8")
    page = Page(html)
    text = page.text
    listed = list(rows(html, "Students, with their pages"))
    exercises = {
        row.pop("exercise"): {key: int(n) for key, n in row.items()} for row in rows(html, "Students by exercise")
    }
    mistakes = [*rows(html, "The most frequent mistakes"), *rows(html, "Rarer mistakes")]
    files = list(rows(html, "Files that could not be loaded"))

    handed_in, late, look = numbered(text, r"(\d+) submissions?[,;]", r"(\d+) of them late", r"look at (\d+) of them")
    assert handed_in == len(listed) == students
    assert late == sum(row["late"] == "late" for row in listed)
    assert look == len(list(rows(html, "Submissions to look at"))) or students == 1
    assert len(list(rows(html, "Attempts that do not count"))) == sum(len(each.superseded) for each in records)
    graded = numbered(text, r"; (\d+) could be graded")[0] or students

    assert len(exercises) == len(EXERCISES)
    assert {sum(own.values()) for own in exercises.values()} == {graded}
    said = next(label for label in page.all("aria-label") if label.startswith(f"{len(EXERCISES)} exercises, {graded} "))
    for name, own in exercises.items():
        parts = [n for n in own.values() if n]
        assert list(map(int, re.findall(r"(?:^|, )(\d+) ", re.search(rf"{name}: (.*?)[;.]", said)[1]))) == parts, name

    def wrong(own):
        return own.get("not yet", 0) + own.get("does not end", 0)

    counted = Counter()
    for row in mistakes:
        exercise = row["exercise, and where it is taught"].split()[0]
        counted[exercise] += int(row["how many"])
        own = exercises[exercise]
        percent = 100 * int(row["how many"]) / (own.get("right", 0) + wrong(own))
        assert row["share"] == f"{percent:.0f}%"
    assert counted == Counter({name: wrong(own) for name, own in exercises.items() if wrong(own)})

    sections = text.partition("What to teach again")[2].partition("The exercises")[0]
    taught = re.findall(r"“([^”]*)”\. (\d+) of [^“]*? wrong there: (.*?)\. (?:Most|For)", sections)
    assert len(taught) == min(3, len({find(name).section for name in counted}))
    for section, has, most in taught:
        own = {name: int(n) for name, n in re.findall(r"(\S+) \((\d+)\)", most)}
        assert own == {n: wrong(exercises[n]) for n in own}
        assert {find(name).section for name in own} == {section}
        assert max(own.values()) <= int(has) <= sum(own.values())

    by_file = Counter()
    for row in files:
        by_file[row["file"].removesuffix(".py")] += int(row["how many"])
    of_files, of_students = numbered(text, r"loaded (\d+) files? of", r"loaded \d+ files? of (\d+) student")
    assert of_files == sum(by_file.values()) >= of_students >= max(by_file.values(), default=0)
    absent = dict(re.findall(r"(\w+)\.py: (\d+) student", text.partition("were not handed in")[2]))
    for name, own in exercises.items():
        module = name.partition(".")[0]
        assert own.get("not handed in", 0) == int(absent.get(module, 0))
        assert own.get("not run", 0) >= by_file[module]

    charts = [label for label in page.all("aria-label") if "Points and students" in label]
    known = sum(int(n) for n in re.findall(r"to \d+: (\d+)", " ".join(charts)))
    assert len(charts) == (known > 0)
    (open_,) = numbered(text, r"The (\d+) students? with open points")
    refused_ones = sum(each.status == "student error" for each in records)
    assert known == sum(row["points"] != "open" for row in listed) - refused_ones
    assert known + open_ == graded * len(charts)  # without the chart nothing says who is not in it
