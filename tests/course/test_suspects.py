"""Planted bugs stay hidden until they are named from the outside."""

import inspect

import pytest

from mlt_nn.support import suspects
from mlt_nn.support.catalogue import NOTEBOOKS
from mlt_nn.support.suspects import convict

TEXT = """Some text.

```{suspects} suspect_1 suspect_2
def suspect_1(x):
    y = double(x)
    return y


def suspect_2(x):
    y = x  # guilty: the factor 2 is forgotten
    return y
```
"""


@pytest.fixture
def source(tmp_path):
    (tmp_path / "05_scalar.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def two(source):
    return suspects.suspects("05", "suspect_1", "suspect_2", given={"double": lambda x: 2 * x}, source=source)


def test_they_do_what_their_lines_say_and_do_not_show_them(two):
    assert [suspect(3) for suspect in two] == [6, 3]
    for suspect in two:
        with pytest.raises(OSError, match="source"):
            inspect.getsource(suspect)


def test_a_bug_that_is_named_is_shown(two):
    innocent, guilty = two
    verdict = convict(guilty, "y")
    assert verdict.proven
    assert "y = x  # guilty: the factor 2 is forgotten" in repr(verdict)
    assert convict(innocent, "nothing").proven


@pytest.mark.parametrize(("which", "variable"), [(0, "y"), (1, "x"), (1, "nothing")])
def test_a_wrong_accusation_shows_nothing(two, which, variable):
    verdict = convict(two[which], variable)
    assert not verdict.proven
    assert "y = " not in verdict.text
    # Not every notebook holds its suspects against a report.
    assert "report" not in verdict.text


def test_one_that_is_not_there_is_told(source):
    with pytest.raises(ValueError, match="notebook 05 has no 'suspect_3'; its suspects are: suspect_1, suspect_2"):
        suspects.suspects("05", "suspect_3", given={}, source=source)


def test_a_sealed_block_holds_the_same_and_shows_nothing():
    block = TEXT[TEXT.index("```") :].strip()
    assert suspects.functions(suspects.sealed(block)) == suspects.functions(block)
    assert "guilty" not in suspects.sealed(block)


def test_a_block_names_what_it_defines():
    with pytest.raises(ValueError, match="names 'suspect_1' and defines suspect_1, suspect_2"):
        suspects.functions(TEXT[TEXT.index("```") :].replace(" suspect_2", "", 1))


def test_every_block_of_the_course_can_be_read():
    for name in NOTEBOOKS:
        for block in suspects.blocks(name.partition("_")[0]):
            assert suspects.functions(block)
