"""The benchmarks measure what they say: each at a tiny size, the tables, and the way into the README."""

import os
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from benchmarks import (
    TESTS,
    accuracy,
    class_size,
    feedback,
    growth,
    load,
    loading,
    memory,
    notebooks,
    peers,
    readme,
    results,
    timing,
    training,
)
from benchmarks import __main__ as bench
from benchmarks.results import Benchmark, Table
from benchmarks.timing import ratio, spread

from mlt_nn.datasets import load_digits
from mlt_nn.datasets.digits import Digits
from mlt_nn.support.catalogue import find
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

pytestmark = pytest.mark.thorough


@pytest.fixture
def digits():
    few = load_digits()
    rows = slice(0, 160)
    return Digits(few.X_train[rows], few.labels_train[rows], few.X_test[:50], few.labels_test[:50], few.source)


@pytest.fixture
def alone(monkeypatch):
    """As on a computer without the peers, whatever is installed on this one."""
    monkeypatch.setattr(peers, "find_spec", lambda name: None)


def table(**changes):
    row = ["all points, float32, relu", 0.1, 0.11, "not installed", 0.2, "1.10 (1.00 to 1.20)"]
    head = ["batch, dtype, hidden layer", "limit, s", "mlt-nn, s", "scikit-learn, s", "PyTorch, s", "mlt-nn / limit"]
    return Table("Training", head, [row], "How it was measured.", "a computer", "2026-01-31")._replace(**changes)


def test_contestants_take_turns_and_preparing_is_not_timed(monkeypatch):
    ran = []
    clock = [0]
    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=lambda: clock[0]))

    def contestant(name, seconds):
        def run():
            ran.append(name)
            clock[0] += seconds

        def prepare():
            clock[0] += 100
            return run

        return prepare

    seconds = timing.interleaved({"a": contestant("a", 1), "b": contestant("b", 2)}, rounds=8)
    assert seconds == {"a": [1] * 8, "b": [2] * 8}
    rounds = [tuple(ran[start : start + 2]) for start in range(0, 16, 2)]
    assert set(rounds) == {("a", "b"), ("b", "a")}


def test_a_ratio_compares_each_round_with_itself():
    seconds = {"ours": [1.0, 10.0, 2.0], "theirs": [2.0, 5.0, 2.0]}
    assert ratio(seconds, "ours", "theirs") == (1.0, 0.5, 2.0)
    assert str(spread([3, 1, 2])) == "2.00 (1.00 to 3.00)"


def test_training_without_peers_says_that_they_are_missing(digits, alone):
    rows = list(training.measure(digits, batch_sizes=(None, 32), rounds=2))
    assert len(rows) == 2 * 2 * 2
    for row in rows:
        cells = dict(zip(training.BENCHMARK.head, row, strict=True))
        assert cells["mlt-nn, s"] > 0
        assert cells["limit, s"] > 0
        assert cells["PyTorch, s"] == cells["scikit-learn, s"] == "not installed"
        assert cells["PyTorch with a DataLoader, s"] == ("" if row[0].startswith("all") else "not installed")
    assert rows[0][0] == "all points, float32, relu"
    assert rows[-1][0] == "32, float64, sigmoid"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", ["relu", "sigmoid"])
@pytest.mark.parametrize("batch_size", [None, 20])
def test_all_that_are_installed_do_the_same_work(digits, dtype, hidden, batch_size):
    names = (peers.OURS, peers.SCIKIT_LEARN, peers.PYTORCH, peers.DATA_LOADER)
    X = digits.X_train.astype(dtype)
    work = peers.new_work(X, digits.labels_train, (X.shape[1], 7, 5, 10), hidden, batch_size)
    peers.demand_same_work(work, peers.available(names))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"learning_rate": 0.01}, "another learning rate"),
        ({"hidden": "sigmoid"}, "another activation"),
        ({"epochs": 2}, "another number of epochs"),
    ],
)
def test_a_peer_that_does_other_work_is_refused(digits, changes, what):
    def other(work):
        return peers.ours(work._replace(**changes))

    work = peers.new_work(digits.X_train, digits.labels_train, (digits.X_train.shape[1], 7, 10), "relu", 20)
    peers.demand_same_work(work, {"a peer": peers.ours})
    with pytest.raises(peers.DifferentWorkError, match="a peer does not do the same work as mlt-nn"):
        peers.demand_same_work(work, {"a peer": other})


def test_a_peer_in_another_dtype_is_refused(digits):
    def other(work):
        return peers.ours(work._replace(W={l: W.astype(np.float64) for l, W in work.W.items()}))

    work = peers.new_work(digits.X_train, digits.labels_train, (digits.X_train.shape[1], 7, 10), "relu", 20)
    with pytest.raises(peers.DifferentWorkError, match="float64, ours float32"):
        peers.demand_same_work(work, {"a peer": other})


def test_growth_measures_each_size(digits, alone):
    rows = list(growth.measure(digits, sizes=((100, 5, 1), (50, 3, 2)), rounds=1))
    assert [row[0] for row in rows] == ["100 points, 1 x 5 hidden neurons", "50 points, 2 x 3 hidden neurons"]
    assert all(len(row) == len(growth.BENCHMARK.head) for row in rows)


def test_the_time_to_an_accuracy_is_that_of_reaching_it(digits, alone):
    rows = list(accuracy.measure(digits, rounds=2, goals=(0.0, 1.1)))
    reached, missed = rows[0], rows[1]
    assert reached[0] == "mlt-nn to 0%"
    assert reached[-1] == "2 of 2"
    assert 0 < reached[2] <= reached[1] <= reached[3]
    assert missed[1:] == ("not reached", "", "", "0 of 2")
    assert [row[1] for row in rows[2:]] == ["not installed"] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is asked of Linux")
def test_full_batch_training_needs_more_memory_than_mini_batches(alone):
    rows = dict(row for row in memory.measure(points=20_000))
    all_at_once, small = rows["mlt-nn, batch of all points"], rows["mlt-nn, batch of 128"]
    assert 1 <= small < all_at_once


def test_loading_compares_the_arrays_first(monkeypatch, tmp_path):
    files = {}
    for name, array in (
        ("a", np.arange(784 * 3, dtype=np.uint8).reshape(3, 28, 28)),
        ("b", np.array([1, 2, 3], np.uint8)),
        ("c", np.ones((2, 28, 28), np.uint8)),
        ("d", np.array([4, 5], np.uint8)),
    ):
        header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
        files[name] = tmp_path / name
        files[name].write_bytes(header + array.tobytes())
    images = [np.frombuffer(files[n].read_bytes(), np.uint8, offset=16).reshape(-1, 784) for n in "ac"]
    labels = [np.frombuffer(files[n].read_bytes(), np.uint8, offset=8).astype(np.int64) for n in "bd"]
    X = [np.divide(each, 255, dtype=np.float32) for each in images]
    whole = Digits(X[0], labels[0], X[1], labels[1], "MNIST")
    state = loading.mnist_state()._replace(source="MNIST", files=files)
    monkeypatch.setattr(loading, "mnist_state", lambda: state)
    monkeypatch.setattr(loading, "load_mnist", lambda: whole)
    rows = list(loading.measure(rounds=1))
    assert {len(row) for row in rows} == {len(loading.BENCHMARK.head)}
    assert "gzip.open and frombuffer, warm files" in [row[0] for row in rows]
    monkeypatch.setattr(loading, "load_mnist", lambda: whole._replace(labels_test=labels[1] + 1))
    with pytest.raises(loading.LoadersDifferError, match=r"gzip\.open and frombuffer does not load the same"):
        next(loading.measure(rounds=1))


def test_feedback_measures_checks_imports_and_help():
    rows = list(feedback.measure(exercises=[find("activations.relu")], rounds=1, command_rounds=1))
    assert [len(row) for row in rows] == [len(feedback.BENCHMARK.head)] * 4
    assert all(row[1] > 0 for row in rows)


def test_feedback_refuses_a_check_that_fails(monkeypatch):
    monkeypatch.setenv(VARIABLE, "mlt_nn")  # the stubs
    with pytest.raises(RuntimeError, match=r"check\('activations.relu'\)"):
        list(feedback.measure(exercises=[find("activations.relu")], rounds=1))


def test_generated_submissions_all_differ_are_python_and_some_are_hostile():
    texts = [class_size.submission(number, class_size.SECOND_WEEK) for number in range(100)]
    assert texts == [class_size.submission(number, class_size.SECOND_WEEK) for number in range(100)]
    for module in class_size.SECOND_WEEK:
        assert len({each[module] for each in texts}) == 100
        for each in texts:
            compile(each[module], module, "exec")
    hostile = [n for n, each in enumerate(texts) if any(line in each["activations"] for line in class_size._HOSTILE)]
    assert hostile == [25, 75]


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is asked of Linux")
def test_a_class_is_graded_and_its_memory_seen(sandbox):
    (row,) = class_size.measure(sizes=[2], whole_course=0)
    assert len(row) == len(class_size.BENCHMARK.head)
    assert row[0] == "2, first two notebooks"
    assert row[1] * row[2] == pytest.approx(60)
    assert row[3] > 1
    assert row[4] > 1


def test_a_class_that_cannot_be_graded_is_no_result(monkeypatch):
    monkeypatch.setenv("PATH", "")  # no bubblewrap
    with pytest.raises(RuntimeError, match="could not be graded"):
        next(class_size.measure(sizes=[1]))


def write_notebook(folder, code):
    cell = nbformat.v4.new_code_cell(code, execution_count=1, outputs=[nbformat.v4.new_output("stream", text="2\n")])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "few.ipynb")


def test_notebooks_are_run_and_compared(monkeypatch, tmp_path):
    codes = iter([0, 1])

    def compare(command, **options):
        assert command[1:5] == ["-m", "mlt_nn.cli", "test", "-q"]
        assert command[5:] == [str(tmp_path / "few.ipynb")]
        return SimpleNamespace(returncode=next(codes), stdout="")

    monkeypatch.setattr(notebooks, "COURSE", tmp_path)
    monkeypatch.setattr(notebooks.subprocess, "run", compare)
    write_notebook(tmp_path, "print(1 + 1)")
    rows = list(notebooks.measure(["few"]))
    assert [row[0] for row in rows] == ["few", "all, against their outputs, by mlt-nn test"]
    assert all(row[1] > 0 for row in rows)
    with pytest.raises(RuntimeError, match="do not come out as they are stored"):
        list(notebooks.measure(["few"]))
    write_notebook(tmp_path, "1 / 0")
    with pytest.raises(RuntimeError, match="few failed"):
        list(notebooks.measure(["few"]))


def test_a_benchmark_says_each_row_as_it_comes():
    said = []

    def measure():
        yield "one", 0.123456
        assert "0.123" in said[-1]
        yield "two", "not installed"

    found = results.run(Benchmark("Things", ("thing", "seconds"), measure, "By hand."), said.append)
    assert said[0] == "Things"
    assert said[1].split() == ["thing", "seconds"]
    assert said[-1] == "By hand.\n"
    assert found.rows == [["one", 0.123456], ["two", "not installed"]]


def test_a_table_in_markdown_has_its_cells_settings_and_machine():
    lines = results.markdown(table()).splitlines()
    assert lines[0] == "## Training"
    assert lines[2].count("|") == lines[3].count("|") == lines[4].count("|") == 7
    assert lines[4].startswith("| all points, float32, relu | 0.1 | 0.11 | not installed | 0.2 |")
    assert lines[-1] == "How it was measured. Measured 2026-01-31: a computer."


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "README.md"
    file.write_text(f"before\n\n{readme.BEGIN}\nold\n{readme.END}\n\nafter\n", encoding="utf-8")
    return file


def test_the_readme_gets_tables_and_picture_between_the_markers(page, tmp_path):
    readme.write({"training": table(), "memory": table(title="Memory")}, page, tmp_path / "speed.png")
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f'before\n\n{readme.BEGIN}\n\n<img src="speed.png" alt="')
    assert text.endswith(f"\n\n{readme.END}\n\nafter\n")
    assert "old" not in text
    assert text.index("## Training") < text.index("## Memory")
    assert "mlt-nn: 0.11 at all points" in text
    assert "scikit-learn:" not in text.partition("## Training")[0]
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_what_was_not_measured_stays_in_the_readme(page, tmp_path):
    readme.write({"training": table(), "memory": table(title="Memory")}, page, tmp_path / "speed.png")
    before = page.read_text(encoding="utf-8")
    readme.write({"memory": table(title="Memory", rows=[["all", 0.5]])}, page, tmp_path / "speed.png")
    after = page.read_text(encoding="utf-8")
    assert after.partition("## Memory")[0] == before.partition("## Memory")[0]
    assert "| all | 0.5 |" in after
    assert after.endswith(before[before.index(f"\n\n{readme.END}") :])


def test_writing_the_readme_twice_changes_nothing(page, tmp_path):
    readme.write({"training": table()}, page, tmp_path / "speed.png")
    once = page.read_bytes(), (tmp_path / "speed.png").read_bytes()
    readme.write({"training": table()}, page, tmp_path / "speed.png")
    assert (page.read_bytes(), (tmp_path / "speed.png").read_bytes()) == once
    assert {file.name for file in tmp_path.iterdir()} == {"README.md", "speed.png"}


def test_a_readme_without_markers_is_left_alone(page, tmp_path):
    page.write_text(f"text\n{readme.BEGIN}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="put these two lines into it"):
        readme.write({"memory": table()}, page, tmp_path / "speed.png")
    assert page.read_text(encoding="utf-8") == f"text\n{readme.BEGIN}\n"


def test_the_readme_of_the_benchmarks_has_its_markers_and_its_picture():
    text = readme.README.read_text(encoding="utf-8")
    assert 0 < text.index(readme.BEGIN) < text.index(readme.END)
    assert f'<img src="{readme.PICTURE.name}"' in text
    assert readme.PICTURE.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", bench.BENCHMARKS)
def test_each_name_of_the_command_is_a_benchmark(name):
    benchmark = bench.benchmark(name)
    assert benchmark.title
    assert benchmark.settings.endswith(".")


def test_of_the_load_the_least_points_are_told_and_why_something_was_tried_again():
    all_points = f"{load.POINTS} of {load.POINTS}"
    slow, right = ("timed out", "died", "timed out"), load.Outcome(load.POINTS, 2.0, (), 0)
    outcomes = [right, load.Outcome(load.POINTS - 0.4, 9.0, slow, 1), right._replace(seconds=4.0)]
    told = load.row(load.LOADS[1], outcomes)
    assert told == (
        "8 busy loops",
        3,
        f"{load.POINTS - 0.4:g} of {load.POINTS}",
        all_points,
        4.0,
        9.0,
        "2 timed out, 1 died",
        1,
    )
    assert load.row(load.LOADS[0], [right]) == ("nothing else", 1, all_points, all_points, 2.0, 2.0, 0, 0)
    assert len(told) == len(load.BENCHMARK.head)


def test_busy_loops_run_as_long_as_they_are_needed():
    with load.busy(2) as loops:
        assert [loop.poll() for loop in loops] == [None, None]
    assert None not in [loop.poll() for loop in loops]


@pytest.mark.skipif(sys.platform == "win32", reason="the load is measured on Linux alone")
def test_busy_loops_do_not_outlive_a_benchmark_that_is_killed():
    text = "from benchmarks import load\nwith load.busy(2):\n    print('busy', flush=True)\n    input()"
    with subprocess.Popen(
        [sys.executable, "-c", text], cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as benchmark:
        assert benchmark.stdout.readline() == b"busy\n"
        benchmark.kill()
        benchmark.communicate(timeout=20)  # the loops have its output open too, until they end


def test_in_each_case_as_many_submissions_are_graded(monkeypatch):
    graded = []

    def grade(submissions, case):
        graded.append((submissions, case.nice))
        return [load.Outcome(load.POINTS, 1.0, (), 0)] * submissions

    monkeypatch.setattr(load, "_graded", grade)
    cases = [load.Load("nothing else"), load.Load("much else", 1, 12)]
    assert [row[:3] for row in load.measure(5, cases)] == [
        (case.title, 5, f"{load.POINTS} of {load.POINTS}") for case in cases
    ]
    assert graded == [(5, 0), (5, 12)]


@pytest.fixture
def small(monkeypatch):
    """The command with one small benchmark in the place of all."""
    exercises = []

    def measure():
        exercises.append(os.environ[VARIABLE])
        yield "a thing", 1.5

    monkeypatch.setattr(bench, "benchmark", lambda name: Benchmark(name, ("what", "seconds"), measure, "By hand."))
    return exercises


def test_the_command_measures_with_the_solutions(small, monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE, "elsewhere")
    assert bench.main(["memory", "loading"]) == 0
    assert small == [str(SOLUTIONS)] * 2
    assert os.environ[VARIABLE] == "elsewhere"
    assert "a thing" in capsys.readouterr().out


def test_the_command_writes_what_it_measured_when_asked_to(small, monkeypatch):
    written = []
    monkeypatch.setattr(readme, "write", lambda tables: written.append(list(tables)))
    assert bench.main(["loading"]) == 0
    assert not written
    assert bench.main(["memory", "--write"]) == 0
    assert written == [["memory"]]


def test_missing_peers_are_named_with_the_way_to_install_them(small, alone, capsys):
    assert bench.main(["memory"]) == 0
    said = capsys.readouterr().out
    assert "scikit-learn and PyTorch not installed" in said
    assert 'pip install -e ".[bench]"' in said


def test_a_benchmark_that_fails_is_named_and_the_others_are_measured(monkeypatch, capsys):
    def burn():
        raise RuntimeError("the computer is on fire")
        yield

    ways = {"memory": burn, "loading": lambda: iter([("a thing",)])}
    monkeypatch.setattr(bench, "benchmark", lambda name: Benchmark(name, ("what",), ways[name], "Never."))
    written = []
    monkeypatch.setattr(readme, "write", written.append)
    assert bench.main(["memory", "loading", "--write"]) == 1
    assert "memory could not be measured: the computer is on fire" in capsys.readouterr().err
    assert [(name, table.rows) for name, table in written[0].items()] == [("loading", [["a thing"]])]


def test_asking_for_help_loads_no_benchmark():
    program = (
        "import sys; from mlt_nn.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('benchmarks')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
