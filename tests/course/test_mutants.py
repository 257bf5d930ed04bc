"""The checks tell each solution from itself with one small thing changed.

`pytest -rP tests/course/test_mutants.py` prints the table.
"""

import runpy
import time
import warnings
from pathlib import Path

import pytest

from mlt_nn.grading.check import PUBLIC_CHECKS
from mlt_nn.grading.collection import collect
from mlt_nn.grading.process import SEED
from mlt_nn.grading.student import Student, StudentError
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT

pytestmark = pytest.mark.thorough

HIDDEN_CHECKS = PROJECT / "tests" / "hidden"

# Each draws the inputs of the hidden checks anew.
SEEDS = (1, 2, 3)


def helper(name):
    return runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))


MUTANTS, VERSIONS = helper("mutants"), helper("versions")
EQUIVALENT = helper("equivalent_mutants")["EQUIVALENT"]


def survivors(file, seed, folder, in_force, tried):
    """Those of the mutants that the checks of a file take for right, as {exercise: [number of the mutant, ...]}."""
    checks = collect(file)

    def passes(name, number):
        in_force(name, number)
        try:
            for check in checks:
                if check.exercise == name:
                    check.ask(student, seed)
        except (AssertionError, StudentError):  # the first will do; whatever else is raised is a mistake of the check
            return False
        return True

    with Student(folder) as student, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as checks are run: they compute wrong answers too
        return {name: [n for n in numbers if passes(name, n)] for name, numbers in tried.items()}


def count(mutants):
    return sum(map(len, mutants.values()))


@pytest.mark.parametrize("module", MODULES)
def test_each_mutant_is_told_from_the_solution(tmp_path, module):
    """By the hidden checks alone, which give the points, whatever their inputs are in this run."""
    start = time.perf_counter()
    names = [exercise.name for exercise in EXERCISES if exercise.module == module]
    source = VERSIONS["solution"](module)
    mutants = {name: MUTANTS["mutants"](source, name.partition(".")[2]) for name in names}
    in_force = VERSIONS["write_versions"](
        tmp_path, module, {name: [mutant.source for mutant in mutants[name]] for name in names}
    )
    all_of_them = {name: list(range(len(mutants[name]))) for name in names}
    assert count(all_of_them) >= 5 * len(names)

    def left(folder, seed=SEED):
        return survivors(folder / f"test_{module}.py", seed, tmp_path, in_force, all_of_them)

    public, hidden = left(PUBLIC_CHECKS), {seed: left(HIDDEN_CHECKS, seed) for seed in SEEDS}
    print(f"{'module':20} mutants  killed by public  by hidden with the seeds {SEEDS}  seconds")
    killed = [count(all_of_them) - count(each) for each in (public, *hidden.values())]
    print(f"{module:20} {count(all_of_them):7} {killed[0]:17}  {killed[1:]}  {time.perf_counter() - start:8.1f}")
    equivalent = {name: sorted(EQUIVALENT.get(name, {})) for name in names}
    for seed, survived in hidden.items():
        assert {name: sorted({mutants[name][n].what for n in survived[name]}) for name in names} == equivalent, seed


def test_the_table_of_equivalent_mutants_names_exercises():
    assert set(EQUIVALENT) <= {exercise.name for exercise in EXERCISES}
