"""The pages that are given back: a student's and the class's. Whatever was handed in is text and nothing else."""

import hashlib
import re
import tracemalloc
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mlt_nn.grading.results import Kind
from mlt_nn.support.catalogue import EXERCISES, find
from mlt_nn.teaching.classroom.tally import LISTED, Tally
from mlt_nn.teaching.grader.isolation import NOT_CLOSED_OFF
from mlt_nn.teaching.pages import class_page, student_page

from .classes import HOSTILE, grade, record, refused, ungraded

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
        if tag not in ("meta", "br", "wbr"):
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
    assert "activations.sigmoid: ✗ not yet 0.5 of 2 points; 1 of 4 checks passed." in text
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


def test_what_is_good_and_what_is_next_come_first(student):
    text = student(record(graded=grade({"losses.one_hot": {}, "network.accuracy": {"state": "not written"}}))).text
    good = text.index("All exercises of notebooks 1, 2, 3, 5, 6, 7 and 9 are right.")
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
        ({"when": "2026-11-24 10:00"}, "Handed in: 2026-11-24 10:00. Attempt 2."),
        ({"when": "2026-11-24 10:00", "late": True}, "Handed in: 2026-11-24 10:00, late. Attempt 2."),
        ({"when": ""}, "Attempt 2."),
        ({"when": "", "late": True}, "Handed in late. Attempt 2."),
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


def test_what_the_sandbox_leaves_open_is_said_on_both_pages(both):
    for text in both(record(graded=grade())):
        assert "shut in a sandbox. What code in the sandbox can still find out: how fast" in text
        assert all(told in text for told in NOT_CLOSED_OFF)


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
    return record(HOSTILE, grade(wrong, files=files), when=HOSTILE, late=True)


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
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{10}", file) for file in files.values())
    assert max(map(len, files.values())) < 55


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
    assert "1 submission; all were graded." in text
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


def test_mistakes_are_grouped_with_the_most_frequent_first(whole_class):
    told = whole_class(some_class(36)).text.partition("The mistakes")[2].partition("The points")[0]
    assert re.findall(r"(\d+) (\d+%) (.*?) activations", told) == [
        ("12", "33%", "The sign is flipped."),
        ("3", "8%", "It does not end."),
        ("3", "8%", "No known mistake; the first check that did not pass: By hand."),
    ]


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
    assert "activations.softmax: 30 right, 3 not yet, 3 does not end, or ends Python;" in exercises
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
    assert "Inga 1 2026-11-24 10:00 open" in page.text
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
    unknown = record("Ada", grade(), when="", attempt=7)
    assert "student attempt late points Ada 7 76" in whole_class([unknown]).text
    text = whole_class([unknown, record("Bob", grade(), when="2026-11-24 10:00", attempt=8)]).text
    assert "student attempt handed in late points Ada 7 76 Bob 8 2026-11-24 10:00 76" in text


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
    for each in points:
        exercise = grade().exercises[0]
        tally.add(record(graded=replace(grade(), exercises=(replace(exercise, points=each, max_points=9),))))
    assert tally.median() == median
    assert tally.mean() == pytest.approx(sum(points) / len(points))
