"""JUnit XML: what CI systems and learning platforms read, whatever a student handed in."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.teaching.classroom import junit

from .classes import HOSTILE, grade, record, ungraded


@pytest.fixture
def xml_of(tmp_path):
    def read(one):
        junit.write(tmp_path / "ada.xml", one)
        return ElementTree.parse(tmp_path / "ada.xml").getroot()

    return read


def check_structure(root):
    """What the schema that most readers share (that of Jenkins' xUnit plugin) demands, as far as we use it."""
    counted = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    assert root.tag == "testsuites"
    assert set(root.attrib) == {"name", *counted}
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "time", *counted}
        float(suite.get("time"))
        for name, tag in counted.items():
            assert int(suite.get(name)) == len(list(suite.iter(tag))), f"{suite.get('name')}: {name}"
        for case in suite:
            assert case.tag == "testcase"
            assert case.get("name")
            assert case.get("classname")
            assert [outcome.tag for outcome in case] in ([], ["failure"], ["error"], ["skipped"])
            for outcome in case:
                wanted = {"message"} if outcome.tag == "skipped" else {"message", "type"}
                assert set(outcome.attrib) == wanted
    for name in counted:
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)


def test_a_suite_for_each_module_and_a_case_for_each_exercise(xml_of):
    root = xml_of(record("Ada", grade()))
    check_structure(root)
    assert root.get("name") == "Ada"
    assert [suite.get("name") for suite in root] == list(MODULES)
    cases = {f"{case.get('classname')}.{case.get('name')}" for case in root.iter("testcase")}
    assert cases == {f"mlt_nn.{exercise.name}" for exercise in EXERCISES}
    assert (root.get("failures"), root.get("errors"), root.get("skipped")) == ("0", "0", "0")


ELEMENTS = {"failed": "failure", "timed out": "error", "died": "error", "broken": "error", "not written": "skipped"}


@pytest.mark.parametrize(("state", "tag"), ELEMENTS.items())
def test_each_state_has_its_element(xml_of, state, tag):
    wrong = {"state": state, "message": "first\nsecond", "line": 7, "source": "return z"}
    graded = grade({"losses.one_hot": wrong})
    root = xml_of(record(graded=graded))
    check_structure(root)
    (outcome,) = [outcome for case in root.iter("testcase") for outcome in case]
    assert (outcome.tag, outcome.get("message")) == (tag, "first")
    (told,) = (each.lines() for each in graded.exercises if not each.is_right)
    assert outcome.text == "\n".join(told)


def test_a_failure_says_what_was_checked_and_where(xml_of):
    wrong = {"message": "first\nsecond", "line": 7, "source": "return z"}
    (failure,) = xml_of(record(graded=grade({"losses.one_hot": wrong}))).iter("failure")
    assert [line.strip() for line in failure.text.splitlines()[1:]] == [
        "First to mend: By hand.", "first", "second", "Your file: mlt_nn/losses.py, line 7: return z",
    ]  # fmt: skip


def test_a_submission_without_a_grade_is_an_error(xml_of):
    root = xml_of(ungraded())
    check_structure(root)
    (error,) = root.iter("error")
    assert (error.get("type"), error.get("message")) == ("infrastructure error", "a reason")


def test_hostile_text_is_still_xml(xml_of):
    every = "".join(map(chr, range(0x20))) + "\x7f\x85\ud800\udfff\ufffe\uffff" + HOSTILE
    wrong = {"message": every, "check": every, "source": every, "line": 1}
    root = xml_of(record(every, grade({"losses.one_hot": wrong}), problem=every))
    check_structure(root)
    (failure,) = root.iter("failure")
    assert "[U+0000]" in failure.text
    assert "<script>alert(1)</script>" in failure.text
    check_structure(xml_of(replace(ungraded(every), problem=every)))
