"""The checks tell each solution from itself with one small thing changed.

`pytest -rP tests/course/test_mutants.py` prints the table.
"""

import runpy
import time
from pathlib import Path

import pytest

from mlt_nn.grading.check import PUBLIC_CHECKS
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.grader import properties

HIDDEN_CHECKS = PROJECT / "tests" / "hidden"


def helper(name):
    return runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))


MUTANTS, VERSIONS = helper("mutants"), helper("versions")
EQUIVALENT = helper("equivalent_mutants")["EQUIVALENT"]


def survivors(checks, folder, in_force, tried):
    """Those of the mutants that these checks take for right, as {exercise: [number of the mutant, ...]}."""

    def work(collected):
        with Student(folder) as student:
            return {
                name: [n for n in numbers if passes(collected, student, name, n)] for name, numbers in tried.items()
            }

    def passes(collected, student, name, number):
        in_force(name, number)
        report = collected.report(name, student)
        assert report.state != "broken", report.lines()
        return report.is_right

    return work(Checks([checks]))


@pytest.mark.parametrize("module", MODULES)
def test_each_mutant_is_told_from_the_solution(tmp_path, monkeypatch, module):
    start = time.perf_counter()
    monkeypatch.setattr(properties, "ATTEMPTS_TO_SHRINK", 0)  # the smallest input is not looked at here
    names = [exercise.name for exercise in EXERCISES if exercise.module == module]
    source = VERSIONS["solution"](module)
    mutants = {name: MUTANTS["mutants"](source, name.partition(".")[2]) for name in names}
    in_force = VERSIONS["write_versions"](
        tmp_path, module, {name: [mutant.source for mutant in mutants[name]] for name in names}
    )

    left = {name: list(range(len(mutants[name]))) for name in names}
    counts = [sum(map(len, left.values()))]
    for checks in (PUBLIC_CHECKS, HIDDEN_CHECKS):
        left = survivors(checks / f"test_{module}.py", tmp_path, in_force, left)
        counts.append(sum(map(len, left.values())))

    all_of_them, after_public, after_both = counts
    assert all_of_them >= 5 * len(names)
    print(f"{'module':20} mutants  killed by public  by hidden  equivalent  seconds")
    print(
        f"{module:20} {all_of_them:7} {all_of_them - after_public:17} {after_public - after_both:10} {after_both:11} "
        f"{time.perf_counter() - start:8.1f}"
    )
    survived = {name: sorted({mutants[name][n].what for n in left[name]}) for name in names}
    assert survived == {name: sorted(EQUIVALENT.get(name, {})) for name in names}


def test_the_table_of_equivalent_mutants_names_exercises():
    assert set(EQUIVALENT) <= {exercise.name for exercise in EXERCISES}
