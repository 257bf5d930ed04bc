"""The instructor's view: who may see it, what it shows of a class and its code, and marks that are set in it."""

import asyncio
import contextlib
import hashlib
import http.client
import os
import queue
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest

from mlt_nn.cli import loaded, main
from mlt_nn.grading.handed_in import MAX_MODULE
from mlt_nn.grading.results import Failure, Place
from mlt_nn.support import assignments
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.classroom import give_back
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.term import FILE, Term
from mlt_nn.teaching.pages.student_page import file_names
from mlt_nn.teaching.view import code, server
from mlt_nn.teaching.view.overview import Overview

from .classes import HOSTILE, WHEN, grade, record
from .test_assignments import ONE, WEEKS
from .test_pages import Page
from .test_term import ASSIGNMENT, GRADED, hand_in
from .view import served

CODE = b"import numpy as np\n\n\ndef one_hot(y, n):\n    a = 1\n    return a\n\n\ndef other():\n    pass\n"
SHA = hashlib.sha256(CODE).hexdigest()
FILES = ({"name": "losses.py", "sha256": SHA, "lines": 10, "problem": ""},)
MISTAKE = {"mistake": "The sign is flipped.", "line": 5, "source": "a = 1"}
WRONG = grade({"losses.one_hot": MISTAKE}, files=FILES)


class Visitor:
    """Somebody who asks the server, keeps its cookies and follows nothing by themselves."""

    def __init__(self, address):
        self.parts = urlsplit(address)
        self.cookies = {}

    def ask(self, path, body=None, **headers):
        """The status, the headers and the text of an answer."""
        connection = http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=60)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            body = urlencode(body)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers, text

    def enter(self):
        """Come by the address with the token."""
        return self.ask(f"{self.parts.path}?{self.parts.query}")

    def page(self, path):
        """A page, taken apart."""
        status, _, text = self.ask(path)
        assert status == 200, text
        page = Page(text)
        assert not set(page.tags) & {"script", "iframe", "object", "embed", "link", "img", "base"}
        assert not [name for _, name, _ in page.attributes if name.startswith("on")]
        assert all(re.match("[/?#]", link) for link in page.all("href"))
        return page

    def change(self, path, **what):
        """Send the form of a student's page."""
        token = next(value for tag, name, value in self.page(path).attributes if name == "value" and "|" in value)
        return self.ask(path, {"_xsrf": token} | what)


def entered(address):
    visitor = Visitor(address)
    visitor.enter()
    return visitor


def made(folder, **graded):
    with Term(folder) as term:
        term.keep({SHA: CODE})
        hand_in(term, **graded)
        give_back.write(folder, lambda: term.records(WHOLE_COURSE), lambda _: None)


def of(student):
    return f"/{ASSIGNMENT}/students/{file_names([student])[student]}"


@contextlib.contextmanager
def visited(folder):
    """Serve in a thread of this process, with the course file of a test; gives a Visitor who has come in."""
    address, loop, ended = queue.Queue(), asyncio.new_event_loop(), asyncio.Event()

    async def serve():
        with Term(folder) as term:
            view = server.View(folder, term)
            serving, where = server.start(view)
            address.put(where)
            await ended.wait()
            await server.stop(serving, view)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield entered(address.get(timeout=30))
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grades")
    made(folder, Ada=WRONG, Bob=GRADED, Cem=WRONG)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as address:
        yield address


@pytest.fixture
def visitor(address):
    return entered(address)


# Who may see it


def test_the_token_opens_it_and_goes_out_of_the_address(address):
    visitor = Visitor(address)
    status, headers, _ = visitor.enter()
    assert (status, headers["Location"]) == (302, "/")
    (cookie,) = headers.get_all("Set-Cookie")
    assert re.search("; HttpOnly(;|$)", cookie)
    assert "SameSite=Lax" in cookie
    assert visitor.parts.query.partition("=")[2] not in cookie
    assert visitor.ask("/")[1]["Location"] == f"/{ASSIGNMENT}"
    assert "Ada" in visitor.page(f"/{ASSIGNMENT}").text


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=\u00fc%ff"])
@pytest.mark.parametrize("path", ["/", f"/{ASSIGNMENT}", of("Ada"), f"/{ASSIGNMENT}/mistakes", "/nowhere"])
def test_without_the_token_nothing_is_told(address, path, query):
    visitor = Visitor(address)
    status, headers, text = visitor.ask(path + query.replace("\u00fc", "%fc"))
    assert status in (400, 403)
    assert "python3 -m mlt_nn class" in text or status == 400
    assert "Ada" not in text
    assert "Set-Cookie" not in headers
    visitor.cookies = {f"mlt-nn-class-{visitor.parts.port}": "2|1:0|10:0|20:x|4:MQ==|0"}
    assert visitor.ask(path)[0] == 403


def test_another_name_of_this_computer_is_refused(visitor):
    assert visitor.ask(f"/{ASSIGNMENT}", Host=f"localhost:{visitor.parts.port}")[0] == 200
    status, _, text = visitor.ask(f"/{ASSIGNMENT}", Host=f"evil.example:{visitor.parts.port}")
    assert status == 403
    assert "Ada" not in text


def test_it_listens_to_this_computer_alone(visitor):
    # All of 127.0.0.0/8 is this computer, on which it listens to one address.
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", visitor.parts.port))


@pytest.mark.parametrize("path", [f"/{ASSIGNMENT}", "/nowhere"])
def test_what_the_browser_is_told_to_keep_to(visitor, path):
    _, headers, _ = visitor.ask(path)
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_changes_nothing(visitor, folder):
    for body in ({}, {"_xsrf": "x"}, {"_xsrf": "2|00000000|00|1"}):
        assert visitor.ask(of("Ada"), body | {"comment": "c"})[0] == 403
    # A server on another port gives the browser a token of its own, and sends the form from there.
    visitor.cookies |= {f"mlt-nn-class-xsrf-{visitor.parts.port}": "x"}
    for site in ("same-site", "cross-site"):
        assert visitor.ask(of("Ada"), {"_xsrf": "x", "comment": "c"}, **{"Sec-Fetch-Site": site})[0] == 403
    with Term(folder) as term:
        assert not term.changes()


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/x/mistakes",
        "/x/students/y",
        f"/{ASSIGNMENT}/students/x",
        f"/{ASSIGNMENT}/mistakes/losses.one_hot",
        "/a/b/c",
    ],
)
def test_what_is_not_there_is_said_to_be_so(visitor, path):
    status, _, text = visitor.ask(path)
    assert status == 404
    assert "There is no such page." in text


# What it shows


def test_from_the_most_frequent_mistake_one_click_leads_to_those_who_made_it(visitor):
    page = visitor.page(f"/{ASSIGNMENT}")
    assert "1. neuron 2. activations" in page.text
    link = next(link for link in page.all("href") if "mistake=" in link)
    page = visitor.page(link)
    assert "The sign is flipped. 2 students made this mistake." in page.text
    assert "Bob" not in page.text
    (code,) = re.findall(r"Ada (.*?) Cem", page.text)
    assert "losses.py, from line 4 4def one_hot(y, n): \u25b6 5 a = 1 6 return a" in code
    assert f"{of('Ada')}#losses.one_hot" in page.all("href")
    assert link in visitor.page(of("Ada")).all("href")
    assert link in visitor.page(f"/{ASSIGNMENT}/mistakes").all("href")


def test_a_student_has_all_of_the_code_beside_what_is_wrong(visitor):
    text = visitor.page(of("Ada")).text
    assert "losses.one_hot: \u2717 not yet" in text
    assert "2 students made this mistake" in text
    assert "neuron.neuron: \u2713 right" in text
    assert "10 pass" in text.partition("All of the code")[2]


def test_code_that_the_term_does_not_have_is_said_to_be_missing(tmp_path):
    made(tmp_path, Ada=grade({"losses.one_hot": MISTAKE}))
    with visited(tmp_path) as visitor:
        assert "The term does not have the code yet" in visitor.page(of("Ada")).text


def test_hostile_text_stays_text(tmp_path):
    hostile = f"def one_hot():\n    return '{HOSTILE}'\n".encode("utf-8", "replace")
    sha = hashlib.sha256(hostile).hexdigest()
    # The names of mistakes are ours.
    wrong = {"message": HOSTILE, "mistake": "a <b> & c", "check": HOSTILE, "line": 2, "source": HOSTILE}
    graded = grade({"losses.one_hot": wrong}, files=[FILES[0] | {"sha256": sha}])
    made(tmp_path, **{HOSTILE: graded, "<b>": GRADED})
    with Term(tmp_path) as term:
        term.keep({sha: hostile})
        term.change(ASSIGNMENT, HOSTILE, comment=HOSTILE, reason=HOSTILE)
    with visited(tmp_path) as visitor:
        pages = [visitor.page(path) for path in (f"/{ASSIGNMENT}", of(HOSTILE), f"/{ASSIGNMENT}?search=%3Cscript%3E")]
        pages.append(visitor.page(next(link for link in pages[0].all("href") if "mistake=" in link)))
    told = [page.text.count("<script>alert(1)</script>[U+0000]") for page in pages]
    assert told[0] == 1
    assert told[1] >= 5
    assert told[3] >= 4
    assert all("[U+202E]" in page.text for page in (pages[0], pages[1], pages[3]))


def test_rows_are_found_by_words_of_names_and_ids_and_put_in_order_by_points():
    known = Student("Zo\u00eb M\u00fcller", email="zm@example.org", student_id="4711")
    records = [record("Zo\u00eb M\u00fcller", WRONG, who=known), record("Ada Lovelace", GRADED), record("Inga")]
    overview = Overview(WHOLE_COURSE, records)

    def found(*search):
        return [row.record.student for row in overview.search(*search)]

    assert found("") == ["Zo\u00eb M\u00fcller", "Ada Lovelace", "Inga"]
    assert found("", True) == ["Inga", "Zo\u00eb M\u00fcller", "Ada Lovelace"]
    for search in ("muller", "M\u00dcLLER zo", "zm@example", "4711"):
        assert found(search) == ["Zo\u00eb M\u00fcller"], search
    assert found("ada x") == []
    assert {key: [row.record.student for row in who] for key, who in overview.mistakes.items()} == {
        ("losses.one_hot", "The sign is flipped."): ["Zo\u00eb M\u00fcller"]
    }


def test_a_large_class_is_shown_page_by_page(tmp_path):
    with Term(tmp_path) as term:  # its pages would be another second's work
        hand_in(term, **{f"Student {n:03}": WRONG if n < 25 else GRADED for n in range(205)})
    with visited(tmp_path) as visitor:
        pages = [visitor.page(f"/{ASSIGNMENT}?page={number}") for number in (1, 3, 9, "x")]
        shown = [re.findall(r"Student \d\d\d", page.text) for page in pages]
        assert [(len(own), own[0]) for own in shown] == [
            (100, "Student 000"), (5, "Student 200"), (5, "Student 200"), (100, "Student 000"),
        ]  # fmt: skip
        assert f"/{ASSIGNMENT}?search=&order=&page=2" in pages[0].all("href")
        assert "1 of 205 students." in visitor.page(f"/{ASSIGNMENT}?search=204").text
        page = visitor.page(next(link for link in pages[0].all("href") if "mistake=" in link))
        assert "25 students made this mistake." in page.text
        last = visitor.page(next(link for link in page.all("href") if "page=2" in link))
        assert re.findall(r"Student \d\d\d", last.text) == [f"Student {n:03}" for n in range(20, 25)]


def test_each_assignment_of_the_course_has_its_exercises_and_its_pages(tmp_path, monkeypatch):
    file = tmp_path / "course.toml"
    file.write_text(WEEKS, encoding="utf-8")
    monkeypatch.setattr(assignments, "FILE", file)
    with Term(tmp_path) as term:
        hand_in(term, "week-1", Ada=grade({"neuron.neuron": MISTAKE}))
        hand_in(term, "week-2", Ada=GRADED)
    with visited(tmp_path) as visitor:
        assert visitor.ask("/")[1]["Location"] == "/week-2"
        page = visitor.page("/week-1")
        assert {"/week-1", "/week-2"} < set(page.all("href"))
        assert "The sign is flipped." in page.text
        assert "one_hot" not in page.text
        assert "one_hot" in visitor.page("/week-2").text
        student = f"/week-1/students/{file_names(['Ada'])['Ada']}"
        visitor.change(student, exercise="neuron.neuron", points="1", reason="r")
        assert f"The student's page and {tmp_path / 'week-1' / 'gradebook.csv'} show it." in visitor.page(student).text
        assert visitor.change(student, exercise="losses.one_hot", points="1", reason="r")[0] == 422
        assert "by hand" not in visitor.page("/week-2").text


def test_times_are_told_in_the_zone_of_the_due_date(tmp_path, monkeypatch):
    file = tmp_path / "course.toml"
    file.write_text(f"{ONE}due = 2026-12-01T05:00:00+05:45", encoding="utf-8")
    monkeypatch.setattr(assignments, "FILE", file)
    with Term(tmp_path) as term:
        hand_in(term, "a", WHEN, Ada=grade())
    with visited(tmp_path) as visitor:
        student = f"/a/students/{file_names(['Ada'])['Ada']}"
        visitor.change(student, comment="Well done.")
        text = visitor.page(student).text
    assert "Handed in: 2026-11-24 15:45 UTC+05:45, according to Moodle." in text
    assert re.search(r"Well done. \(\w*, \d{4}-\d\d-\d\d \d\d:\d\d UTC\+05:45\)", text)


# The code


def failure(**more):
    return replace(Failure("c", False, "m", module="losses"), **more)


def shown(parts):
    return [(part.module, [(line.number, line.is_marked) for line in part.lines], part.left_out) for part in parts]


def test_the_function_is_shown_with_its_line_or_without_one():
    files = {"losses": CODE}
    three = [(4, False), (5, True), (6, False)]
    assert shown(code.of_failure("losses.one_hot", failure(line=5), files)) == [("losses", three, 0)]
    unmarked = [(number, False) for number, _ in three]
    assert shown(code.of_failure("losses.one_hot", failure(), files)) == [("losses", unmarked, 0)]
    assert code.of_failure("losses.one_hot", failure(line=5), {}) == []
    assert code.of_failure("losses.squared_error", failure(), files) == []


def test_a_line_outside_of_the_function_is_shown_with_those_around_it():
    around = [(number, number == 10) for number in range(6, 11)]
    assert shown(code.of_failure("losses.one_hot", failure(line=10), {"losses": CODE})) == [("losses", around, 0)]
    failing = failure(line=10, caller=Place("losses", 5, "a = 1", "one_hot"))
    first, second = code.of_failure("losses.one_hot", failing, {"losses": CODE})
    assert [line.number for line in first.lines if line.is_marked] == [5]
    assert [line.number for line in second.lines if line.is_marked] == [10]


def test_the_last_function_of_a_name_counts_to_its_end():
    source = b"def one_hot(\n    y,\n):\n    # c\n# c\n    return 1\n\n\n"
    twice = source + b"async def one_hot(y):\n\n\n    return 2\n\nx = 1\n"
    assert [line.number for line in code.of_failure("losses.one_hot", failure(), {"losses": source})[0].lines] == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip
    (part,) = code.of_failure("losses.one_hot", failure(), {"losses": twice})
    assert [line.text for line in part.lines] == ["async def one_hot(y):", "", "", "    return 2"]


@pytest.mark.parametrize("line", [1, 2, 100, 40_000])
def test_however_long_a_file_is_the_line_is_shown_and_the_rest_is_cut(line):
    source = b"def one_hot(y):\n" + b"    y = 1\n" * 39_999
    (part,) = code.of_failure("losses.one_hot", failure(line=line), {"losses": source})
    assert [each.number for each in part.lines if each.is_marked] == [line]
    assert len(part.lines) <= 80
    assert part.left_out
    whole = code.whole("losses", source)
    assert len(whole.lines) + whole.left_out == 40_000
    for huge in (b"x" * MAX_MODULE, b"\n" * MAX_MODULE, b"\xff\x00" * (MAX_MODULE // 2)):
        assert sum(len(each.text) + 1 for each in code.whole("losses", huge).lines) < 100_000


# By hand


@pytest.fixture
def own(tmp_path):
    """(folder, visitor) of a class that a test may change."""
    made(tmp_path, Ada=WRONG, Bob=GRADED)
    with served(tmp_path) as address:
        yield tmp_path, entered(address)


def test_a_mark_is_set_and_taken_back_as_by_the_command(own):
    folder, visitor = own
    what = {"exercise": "losses.one_hot", "points": "1,5", "reason": "told me", "comment": "c"}
    status, headers, _ = visitor.change(of("Ada"), **what)
    assert (status, headers["Location"]) == (303, of("Ada") + "#by-hand")
    told = visitor.page(of("Ada")).text
    assert f"Kept as change 1. The student's page and {folder / 'gradebook.csv'} show it." in told
    assert "losses.one_hot: 1.5 points, set by hand: told me; c" in told
    assert "Kept as change 1." not in visitor.page(of("Ada")).text
    assert "by hand" in visitor.page(f"/{ASSIGNMENT}").text
    (page,) = (folder / "students").glob("ada-*")
    assert "set by hand: told me" in page.read_text(encoding="utf-8")
    with Term(folder) as term:
        (change,) = term.changes()
        assert (change.student, change.exercise, change.points) == ("Ada", "losses.one_hot", 1.5)
        hand_in(term, Ada=GRADED, Bob=GRADED)
    assert "on an older submission" in visitor.page(of("Ada")).text
    assert visitor.change(of("Bob"), withdraw="1")[0] == 422
    assert visitor.change(of("Ada"), withdraw="1")[0] == 303
    assert "Change 1 is taken back." in visitor.page(of("Ada")).text
    assert "set by hand" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({}, "nothing is set: give points and a reason, or a comment"),
        ({"points": "1"}, "points need a reason"),
        ({"points": "one", "reason": "r"}, "points are a number, as 1.5, not 'one'"),
        ({"points": "nan", "reason": "r"}, "not nan"),
        (
            {"points": "9", "reason": "<r>", "exercise": "losses.one_hot"},
            "points of losses.one_hot go from 0 to 2, not 9",
        ),
        ({"comment": "c", "exercise": "x"}, "'x'"),
        ({"withdraw": "7"}, "there is no change 7 that stands"),
    ],
)
def test_what_cannot_be_set_is_said_and_what_was_typed_is_kept(visitor, folder, what, told):
    status, _, text = visitor.change(of("Ada"), **what)
    assert status == 422
    assert told in unescape(text)
    values = Page(text).all("value")
    assert all(what.get(name, "") in values for name in ("points", "reason"))
    with Term(folder) as term:
        assert not term.changes()


def test_while_others_grade_a_mark_is_kept_and_others_who_write_are_waited_for(own):
    folder, visitor = own
    with Term(folder) as term, term.alone():
        visitor.change(of("Ada"), comment="c")
        assert "Another grading is at work" in visitor.page(of("Ada")).text
    writer = sqlite3.connect(folder / FILE, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert "Ada" in visitor.page(f"/{ASSIGNMENT}").text
    writer.close()
    with Term(folder) as term:
        assert [change.comment for change in term.changes()] == ["c"]


def test_a_database_that_is_gone_is_said_to_be_gone(own):
    folder, visitor = own
    (folder / FILE).write_bytes(b"no database")
    status, _, text = visitor.ask(f"/{ASSIGNMENT}")
    assert status == 500
    assert "The term could not be read or written, and nothing was changed" in text


# The command


def test_without_a_term_nothing_is_served(tmp_path, capsys):
    assert main(["class", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"There is no term in {tmp_path}: ")


def test_an_interruption_ends_it(tmp_path):
    made(tmp_path, Ada=WRONG)
    command = [sys.executable, "-m", "mlt_nn.cli", "class", str(tmp_path), "--no-browser"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "The class is at\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the browser is a script")
def test_it_serves_while_the_browser_is_open_and_ends_before_it(tmp_path):
    made(tmp_path, Ada=WRONG)
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho open >{tmp_path}/opened\nexec sleep 300\n")
    browser.chmod(0o755)
    command = [sys.executable, "-m", "mlt_nn.cli", "class", str(tmp_path)]
    how = {"env": os.environ | {"BROWSER": str(browser)}, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=PROJECT, start_new_session=True, **how) as process:
        try:
            process.stdout.readline()
            address = process.stdout.readline().strip()
            until = time.monotonic() + 20
            while not (tmp_path / "opened").exists():
                assert time.monotonic() < until
                time.sleep(0.01)
            assert "Ada" in entered(address).page(f"/{ASSIGNMENT}").text
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_the_browser_is_handed_the_token_in_a_file(tmp_path, monkeypatch):
    command = loaded("class")
    monkeypatch.setattr(command, "SNAPS", tmp_path / "none")
    address = command._kept_private(tmp_path, "http://127.0.0.1:1/?token=a&b")
    assert "token" not in address
    assert "url=http://127.0.0.1:1/?token=a&amp;b" in (tmp_path / "class.html").read_text(encoding="utf-8")
    monkeypatch.setattr(command, "SNAPS", tmp_path)
    assert command._kept_private(tmp_path, "address") == "address"


def test_where_its_port_is_taken_another_one_is(tmp_path, address):
    # One is served already.
    made(tmp_path, Bob=GRADED)
    with served(tmp_path) as other:
        assert urlsplit(other).port != urlsplit(address).port
        assert "Ada" not in entered(other).page(f"/{ASSIGNMENT}").text
