"""The one table of exercises agrees with the solutions and with the notebooks."""

import importlib

import pytest

from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS, find
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.building.notebooks import SOURCE


def test_every_exercise_is_a_marked_function_of_its_module():
    for one in EXERCISES:
        assert f"\ndef {one.function}(" in (SOLUTIONS / f"{one.module}.py").read_text(encoding="utf-8"), one.name


def test_names_are_unique_and_points_positive():
    assert len({one.name for one in EXERCISES}) == len(EXERCISES)
    assert all(one.points >= 1 for one in EXERCISES)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_each_exercise_is_asked_for_under_its_heading_in_its_notebook_in_order(notebook):
    text = (SOURCE / f"{notebook}.md").read_text(encoding="utf-8")
    place = 0
    for one in EXERCISES:
        if one.notebook == notebook:
            heading = text.index(f"\n## {one.section}\n")
            check = text.index(f'check("{one.name}")')
            assert check > heading, f"{one.name} is checked before its heading"
            assert "\n## " not in text[heading + 2 : check].replace(f"## {one.section}", ""), (
                f"{one.name}: other section"
            )
            assert check > place, f"{one.name} comes out of the catalogue's order"
            assert f"../mlt_nn/{one.module}.py" in text[heading:check], f"{one.name}: no link to its file"
            place = check


def test_an_unknown_exercise_is_refused():
    with pytest.raises(ValueError, match="there is no exercise 'softmax'"):
        find("softmax")


def test_solutions_can_be_imported():
    # With the overlay of the test run, the catalogue's names lead to callables.
    for one in EXERCISES:
        assert callable(getattr(importlib.import_module(f"mlt_nn.{one.module}"), one.function))
