"""A class graded: each submission once, each with a status, by however many workers, in whatever order."""

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
import textwrap
import zipfile
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlt_nn.cli import main
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import class_run, course, pools
from mlt_nn.teaching.classroom.collect import collect
from mlt_nn.teaching.classroom.term import FILE, Term
from mlt_nn.teaching.grader.grader import NotIsolated

from . import classes as of_class

pytestmark = pytest.mark.thorough

NEURON = (SOLUTIONS / "neuron.py").read_text(encoding="utf-8")
GRADED = of_class.grade()
# What a pool is tried out with: the course's own solutions, of which the tasks here see the first file.
HARMLESS = NEURON


def hand_in(root, name, data):
    """A folder with a neuron.py; returns its path."""
    (root / name).mkdir(parents=True)
    (root / name / "neuron.py").write_bytes(data if isinstance(data, bytes) else textwrap.dedent(data).encode())
    return root / name


def grade(folder, paths, pool, level="sandbox"):
    """The outcomes {name of a path: its grade}, and what `tell` was told."""
    told = []
    with Term(folder) as term:
        keys = class_run.grade(paths, term, WHOLE_COURSE, level, pool, told.append, seed=GRADED.seed)
        return {path.name: term.grade(key) for path, (key, _) in zip(paths, keys, strict=True)}, told


def test_a_run_goes_on_with_the_seed_of_its_folder_and_another_seed_grades_anew(tasks, tmp_path):
    path = hand_in(tmp_path, "ada", "# ada")
    with Term(tmp_path) as term:
        first, second = class_run.seeds(term), class_run.seeds(term)
        assert first != second  # drawn anew as long as nothing is graded
        class_run.grade([path], term, WHOLE_COURSE, "sandbox", tasks.pool, lambda _: None, seed=5)
        assert class_run.seeds(term) == [5]
        class_run.grade([path], term, WHOLE_COURSE, "sandbox", tasks.pool, lambda _: None, seed=5)
        assert tasks == ["# ada"]
        class_run.grade([path], term, WHOLE_COURSE, "sandbox", tasks.pool, lambda _: None, seed=6)
        assert tasks == ["# ada", "# ada"]


def test_who_hands_in_again_after_the_pages_were_given_back_gets_other_inputs(tasks, tmp_path):
    paths = [hand_in(tmp_path, "ada", "# ada"), hand_in(tmp_path, "ben", "# ben")]

    def run(*paths):
        with Term(tmp_path) as term:
            seed, *before = class_run.seeds(term)
            keys = class_run.grade(
                paths, term, WHOLE_COURSE, "sandbox", tasks.pool, lambda _: None, seed=seed, before=before
            )
            drawn = [term.grade(key)["grade"]["seed"] for key, _ in keys]
            return seed, drawn

    first, drawn = run(paths[0])  # stopped before its end
    assert drawn == [first]
    again, drawn = run(*paths)
    assert (again, drawn) == (first, [first, first])
    with Term(tmp_path) as term:
        term.give_back(first)
        term.give_back(first)  # nothing is new
    graded = count_grades(tmp_path)
    (paths[1] / "neuron.py").write_text("# a table of what the page tells", encoding="utf-8")
    second, drawn = run(*paths)
    assert second != first
    assert drawn == [first, second]
    assert tasks == ["# ada", "# ben", "# a table of what the page tells"]
    assert count_grades(tmp_path) == graded + 1
    assert run(*paths) == (second, [first, second])
    with Term(tmp_path) as term:
        term.give_back(second)
    third, drawn = run(*paths)
    assert (third in (first, second), drawn) == (False, [first, second])


def count_grades(folder):
    """How many grades are in the database."""
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database:
        return database.execute("SELECT count(*) FROM grades").fetchone()[0]


# What is done once, again, and given up: with tasks of the test's own


@pytest.fixture
def tasks(monkeypatch):
    """Graded in threads: the texts that were graded, in order. tasks.answer may be replaced by another function."""

    class Tasks(list):
        answer = staticmethod(lambda text: GRADED)
        pool = pools.Pool(lambda: ThreadPoolExecutor(2), 2)

        def __call__(self, submission, allow_process, wanted, seed, exercises):
            text = submission.modules[0].data.decode()
            self.append(text)
            graded = self.answer(text)
            asked = (each for each in graded.exercises if exercises is None or each.name in exercises)
            return replace(graded, seed=seed, exercises=tuple(asked))

    tasks = Tasks()
    monkeypatch.setattr(pools, "task", tasks)
    return tasks


def test_the_same_files_of_two_students_are_graded_once(tasks, tmp_path):
    paths = [hand_in(tmp_path, name, text) for name, text in {"ada": "# a", "bob": "# a", "cem": "# c"}.items()]
    outcomes, told = grade(tmp_path, paths, tasks.pool)
    assert sorted(tasks) == ["# a", "# c"]
    assert outcomes["ada"] == outcomes["bob"]
    assert count_grades(tmp_path) == 2
    assert sum(told) == 3


def test_what_was_graded_is_kept_as_it_was_whatever_becomes_of_the_files(tasks, tmp_path):
    texts = {"ada": b"# a\r\n\x0c\n", "bob": b"# a\r\n\x0c\n", "cem": b"# cem\n" * 1000}
    paths = [hand_in(tmp_path, name, text) for name, text in texts.items()]
    for _ in range(2):
        grade(tmp_path, paths, tasks.pool)
    for path in paths:
        shutil.rmtree(path)
    with Term(tmp_path) as term:
        for text in texts.values():
            assert term.file(hashlib.sha256(text).hexdigest()) == text
        assert term.file(hashlib.sha256(b"").hexdigest()) is None
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as database:
        sizes = [size for (size,) in database.execute("SELECT length(data) FROM files")]
    assert len(sizes) == 2
    assert max(sizes) < 200


def test_what_is_graded_is_not_graded_again(tasks, tmp_path):
    paths = [hand_in(tmp_path, name, f"# {name}") for name in ("ada", "bob")]
    before, _ = grade(tmp_path, paths, tasks.pool)
    assert sorted(tasks) == ["# ada", "# bob"]
    tasks.clear()
    after, told = grade(tmp_path, [*paths, hand_in(tmp_path, "cem", "# cem")], tasks.pool)
    assert tasks == ["# cem"]
    assert {name: after[name] for name in before} == before
    assert sum(told) == 3


def test_what_was_changed_or_is_graded_at_another_level_is_graded_again(tasks, tmp_path):
    path = hand_in(tmp_path, "ada", "# ada")
    grade(tmp_path, [path], tasks.pool)
    grade(tmp_path, [path], tasks.pool, level="process")
    (path / "neuron.py").write_text("# changed", encoding="utf-8")
    grade(tmp_path, [path], tasks.pool)
    assert tasks == ["# ada", "# ada", "# changed"]


def test_another_course_grades_again(tasks, tmp_path, monkeypatch):
    path = hand_in(tmp_path, "ada", "# ada")
    grade(tmp_path, [path], tasks.pool)
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "test_neuron.py").write_text("# another check", encoding="utf-8")
    monkeypatch.setattr(course, "digest", course.digest.__wrapped__)
    monkeypatch.setattr(course, "check_folders", lambda: [checks])
    grade(tmp_path, [path], tasks.pool)
    assert tasks == ["# ada", "# ada"]


def test_a_worker_with_another_course_gives_no_marks(tmp_path, monkeypatch):
    class Elsewhere(Executor):
        def submit(self, task, *arguments):
            future = Future()
            with monkeypatch.context() as there:
                there.setattr(course, "digest", lambda: "of another course")
                with pytest.raises(RuntimeError) as raised:
                    task(*arguments)
            future.set_exception(raised.value)
            return future

    outcomes, _ = grade(tmp_path, [hand_in(tmp_path, "ada", "# ada")], pools.Pool(Elsewhere, 1))
    assert outcomes["ada"]["status"] == "infrastructure error"
    assert "is another one than where grading began" in outcomes["ada"]["problem"]


def test_the_last_try_is_alone(tasks, tmp_path):
    events = []

    class Told(Future):
        def result(self, timeout=None):
            events.append(f"{self.text} is told")
            return super().result(timeout)

    class Recording(Executor):
        def submit(self, task, submission, *arguments):
            future = Told()
            future.text = submission.modules[0].data.decode()
            again = f"{future.text} begins" in events
            events.append(f"{future.text} begins")
            if future.text == "# ada" and not again:
                future.set_exception(OSError("no more processes"))
            else:
                future.set_result(GRADED)
            return future

    names = ("ada", "bob", "cem", "dan")
    outcomes, _ = grade(tmp_path, [hand_in(tmp_path, name, f"# {name}") for name in names], pools.Pool(Recording, 1))
    assert {each["status"] for each in outcomes.values()} == {"graded"}
    last_try = len(events) - 1 - events[::-1].index("# ada begins")
    assert events[last_try + 1] == "# ada is told"
    assert events[last_try + 2 :], "nothing was left that could have been beside it"


def test_the_time_of_a_copy_of_ours_is_not_told(tasks, tmp_path):
    """What a platform's zip holds was unpacked a moment ago, which is not when it was handed in."""
    own = hand_in(tmp_path, "ada", "# ada")
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        archive.writestr("Ada L_123_assignsubmission_file_/neuron.py", "# ada")
    ((of_the_zip,), (of_ours,)) = (recorded(tmp_path, path, tasks.pool) for path in (tmp_path / "moodle.zip", own))
    assert of_the_zip.when is None
    assert of_ours.when == datetime.fromtimestamp(own.stat().st_mtime, UTC)
    assert of_ours.when_by == "the file"


def recorded(folder, path, pool):
    """The Records of what lies at a path, graded."""
    found = collect([path])
    paths = [each.path for each in found.counting]
    with Term(folder) as term:
        keys = class_run.grade(paths, term, WHOLE_COURSE, "sandbox", pool, lambda _: None)
        class_run.hand_in(term, WHOLE_COURSE, found, keys)
        return list(term.records(WHOLE_COURSE))


def test_a_record_holds_the_grade_as_it_was_given(tasks, tmp_path):
    wrong = {"losses.one_hot": {"line": 3, "source": "ü", "hidden": True}, "neuron.neuron": {"state": "timed out"}}
    tasks.answer = lambda text: of_class.grade(wrong)
    (record,) = recorded(tmp_path, hand_in(tmp_path, "ada", "# ada"), tasks.pool)
    # Others may have handed in the same.
    assert record.grade == replace(of_class.grade(wrong), name="", seed=0)
    assert (record.student, record.status, record.problem) == ("ada", "graded", "")


def test_a_failure_of_ours_is_tried_twice_and_again_in_the_next_run(tasks, tmp_path):
    def fail(text):
        if text == "# bob":
            raise OSError("no more processes")
        return GRADED

    tasks.answer = fail
    paths = [hand_in(tmp_path, name, f"# {name}") for name in ("ada", "bob", "cem")]
    outcomes, told = grade(tmp_path, paths, tasks.pool)
    assert {name: each["status"] for name, each in outcomes.items()} == {
        "ada": "graded",
        "bob": "infrastructure error",
        "cem": "graded",
    }
    assert (outcomes["bob"]["grade"], outcomes["bob"]["problem"]) == (None, "OSError: no more processes")
    assert sorted(tasks) == ["# ada", "# bob", "# bob", "# cem"]
    assert sum(told) == 3
    del tasks[:], tasks.answer
    outcomes, _ = grade(tmp_path, paths, tasks.pool)
    assert tasks == ["# bob"]
    assert {each["status"] for each in outcomes.values()} == {"graded"}


def test_points_that_a_broken_check_of_ours_left_open_are_given_in_the_next_run(tasks, tmp_path):
    tasks.answer = lambda text: of_class.grade({"neuron.pre_activation": {"state": "broken"}})
    paths = [hand_in(tmp_path, "ada", "# ada")]
    outcomes, _ = grade(tmp_path, paths, tasks.pool)
    assert outcomes["ada"]["status"] == "graded"
    del tasks[:], tasks.answer
    grade(tmp_path, paths, tasks.pool)
    grade(tmp_path, paths, tasks.pool)
    assert tasks == ["# ada"]


@pytest.fixture
def breaking(tasks):
    """A pool whose executor breaks when it gets a text in `breaking.deadly`, and stays broken."""

    class Breaking(Executor):
        deadly = ()

        def __init__(self):
            self._broken = False

        def submit(self, task, submission, *others):
            if self._broken:
                raise BrokenExecutor
            future = Future()
            if submission.modules[0].data.decode() in Breaking.deadly:
                self._broken = True
                future.set_exception(BrokenExecutor("a process was killed"))
            else:
                future.set_result(task(submission, *others))
            return future

    return Breaking


def test_a_broken_executor_is_made_anew_and_only_what_breaks_it_again_is_given_up(breaking, tasks, tmp_path):
    breaking.deadly = ("# bob",)
    paths = [hand_in(tmp_path, name, f"# {name}") for name in ("ada", "bob", "cem", "dora")]
    outcomes, _ = grade(tmp_path, paths, pools.Pool(breaking, 2))
    assert {name for name, each in outcomes.items() if each["status"] == "graded"} == {"ada", "cem", "dora"}
    assert outcomes["bob"]["status"] == "infrastructure error"
    assert outcomes["bob"]["problem"] == (
        "the process that graded it ended, and so did another that had it alone: BrokenExecutor: a process was killed"
    )
    assert sorted(tasks) == sorted(["# ada", HARMLESS, "# cem", "# dora"])


def test_however_many_end_their_process_one_after_another_the_others_are_graded(breaking, tasks, tmp_path):
    breaking.deadly = tuple(f"# {number}" for number in range(20))
    paths = [hand_in(tmp_path, name, f"# {name}") for name in ("ada", *map(str, range(20)), "zoe")]
    outcomes, told = grade(tmp_path, paths, pools.Pool(breaking, 2))
    assert {name for name, each in outcomes.items() if each["status"] == "graded"} == {"ada", "zoe"}
    assert all("ended" in outcomes[str(number)]["problem"] for number in range(20))
    assert sum(told) == len(paths)


def test_a_run_whose_executors_always_break_gives_up_and_keeps_what_is_graded(breaking, tasks, tmp_path):
    breaking.deadly = HARMLESS, *(f"# {number}" for number in range(20))
    paths = [hand_in(tmp_path, name, f"# {name}") for name in ("ada", *map(str, range(20)))]
    with pytest.raises(RuntimeError, match="end again and again: BrokenExecutor: a process was killed"):
        grade(tmp_path, paths, pools.Pool(breaking, 2))
    assert tasks == ["# ada"]
    breaking.deadly = ()
    outcomes, _ = grade(tmp_path, paths, pools.Pool(breaking, 2))
    assert {each["status"] for each in outcomes.values()} == {"graded"}
    assert sorted(tasks) == sorted(f"# {path.name}" for path in paths)


def test_executors_that_cannot_be_made_end_the_run_with_words_and_one_that_fails_once_does_not(tasks, tmp_path):
    starts = []

    def start():
        starts.append(1)
        if len(starts) < allowed:
            raise OSError(errno.EAGAIN, "no more processes")
        return ThreadPoolExecutor(1)

    path, allowed = hand_in(tmp_path, "ada", "# ada"), 10**9
    words = "end again and again: BrokenExecutor: no process that grades can be started: .*no more processes"
    with pytest.raises(RuntimeError, match=words):
        grade(tmp_path, [path], pools.Pool(start, 1))
    starts, allowed = [], 2
    outcomes, _ = grade(tmp_path, [path], pools.Pool(start, 1))
    assert outcomes["ada"]["status"] == "graded"


def test_a_full_disk_ends_the_run_and_nothing_is_lost(tasks, tmp_path, monkeypatch):
    paths = [hand_in(tmp_path, name, f"# {name}") for name in "abcdefgh"]
    add = Term.add

    def full(term, key, outcome):
        if count_grades(tmp_path) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(term, key, outcome)

    with monkeypatch.context() as patched:
        patched.setattr(Term, "add", full)
        with pytest.raises(OSError, match="No space left"):
            grade(tmp_path, paths, tasks.pool)
    assert count_grades(tmp_path) == 3
    tasks.clear()
    outcomes, _ = grade(tmp_path, paths, tasks.pool)
    assert len(tasks) == 5
    assert {each["status"] for each in outcomes.values()} == {"graded"}


def _change_after_hashing(monkeypatch, change):
    """Calls `change` when all keys are made, before anything is graded."""
    outcomes = class_run._outcomes

    def later(*arguments):
        change()
        return outcomes(*arguments)

    monkeypatch.setattr(class_run, "_outcomes", later)


def test_what_is_graded_is_what_was_hashed(tasks, tmp_path, monkeypatch):
    ada, bob, cem, dan = (
        hand_in(tmp_path, name, text) for name, text in {"ada": "# a", "bob": "# a", "cem": "# c", "dan": "# d"}.items()
    )

    def change():
        (ada / "neuron.py").write_text("# changed", encoding="utf-8")
        (cem / "neuron.py").write_text("# changed", encoding="utf-8")
        shutil.rmtree(dan)

    _change_after_hashing(monkeypatch, change)
    outcomes, told = grade(tmp_path, [ada, bob, cem, dan], tasks.pool)
    assert tasks == ["# a"]  # bob handed in the same, and still does
    assert outcomes["ada"] == outcomes["bob"]
    assert outcomes["ada"]["status"] == "graded"
    for name in ("cem", "dan"):
        assert outcomes[name]["status"] == "infrastructure error"
        assert "changed or removed while the class was graded" in outcomes[name]["problem"]
    assert sum(told) == 4


def test_what_is_gone_before_it_is_hashed_ends_nothing(tasks, tmp_path):
    outcomes, _ = grade(tmp_path, [tmp_path / "gone", hand_in(tmp_path, "ada", "# ada")], tasks.pool)
    assert {name: each["status"] for name, each in outcomes.items()} == {
        "gone": "infrastructure error",
        "ada": "graded",
    }


# What students hand in, graded by the course's checks


def _zip(path, **files):
    return _zip_of_names(path, {f"{name}.py": data for name, data in files.items()})


def _zip_of_names(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _encrypted(path):
    data = bytearray(_zip(path, neuron=NEURON).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    path.write_bytes(data)
    return path


def _sparse(path):
    """A file of 2 GB that takes no room."""
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.truncate(path, 2 << 30)
    return path


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """{what was handed in: its path}"""
    root = tmp_path_factory.mktemp("class")
    texts = {
        "right": NEURON,
        "one function wrong": NEURON.replace("g(pre_activation(a, w, b))", "g(a @ w)"),
        "no Python": "Dear teacher, my dog ate the file",
        "not UTF-8": NEURON.encode() + "# für".encode("latin-1"),
        "loop": "while True: pass",
        "exit": "import os\nos._exit(0)",
        "a folder named like a zip.zip": NEURON,
    }
    paths = [hand_in(root, name, text) for name, text in texts.items()]
    _sparse(root / "2 GB module" / "neuron.py")
    (root / "no module").mkdir()
    (root / "no module" / "homework.docx").write_bytes(b"PK")
    (root / "nothing").mkdir()
    (root / "broken.zip").write_bytes(_zip(root / "whole.zip", neuron=NEURON).read_bytes()[:-10])
    (root / "0 bytes.zip").touch()
    paths += [root / name for name in ("2 GB module", "no module", "nothing", "broken.zip", "whole.zip", "0 bytes.zip")]
    paths += [_zip(root / "empty.zip"), _encrypted(root / "encrypted.zip"), _sparse(root / "2 GB.zip")]
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    paths += [
        _zip_of_names(root / "named from here.zip", {"./neuron.py": NEURON}),
        _zip_of_names(root / "in capital letters.zip", {"work/NEURON.PY": NEURON}),
        _zip_of_names(root / "beside no name.zip", {nameless: b"", "neuron.py": NEURON}),
        _zip(root / "empty lines.zip", **dict.fromkeys(MODULES, b"\n" * 500_000)),
    ]
    return {path.name: path for path in paths}


@pytest.fixture(scope="module")
def outcomes(sandbox, handed_in, tmp_path_factory):
    """The outcomes of one worker."""
    with contextlib.closing(pools.local(1)) as pool:
        return grade(tmp_path_factory.mktemp("one"), list(handed_in.values()), pool)[0]


# Of each the status, the points, and the words in which it is told what is wrong with it all.
ENDS = {
    "right": ("graded", 2, ""),
    "one function wrong": ("graded", None, ""),
    "no Python": ("graded", 0, ""),
    "not UTF-8": ("graded", 0, ""),
    "loop": ("timed out", 0, ""),
    "exit": ("graded", 0, ""),
    "a folder named like a zip.zip": ("graded", 2, ""),
    "2 GB module": ("graded", 0, ""),
    "no module": ("student error", 0, "no exercise module in it"),
    "nothing": ("student error", 0, "no exercise module in it"),
    "broken.zip": ("student error", 0, "no zip that can be read"),
    "whole.zip": ("graded", 2, ""),
    "0 bytes.zip": ("student error", 0, "no zip that can be read"),
    "empty.zip": ("student error", 0, "no exercise module in it"),
    "encrypted.zip": ("graded", 0, ""),
    "2 GB.zip": ("student error", 0, "larger than 20 MB"),
    "named from here.zip": ("graded", 2, ""),
    "in capital letters.zip": ("graded", 2, ""),
    "beside no name.zip": ("graded", 2, ""),
    "empty lines.zip": ("graded", 0, ""),
}


def test_everything_that_is_handed_in_ends_with_a_status(outcomes):
    assert outcomes.keys() == ENDS.keys()
    for name, (status, points, problem) in ENDS.items():
        assert (name, outcomes[name]["status"]) == (name, status)
        assert points in (None, outcomes[name]["grade"]["points"])
        assert problem in outcomes[name]["problem"]
        assert bool(problem) == bool(outcomes[name]["problem"])
    assert 0 < outcomes["one function wrong"]["grade"]["points"] < 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no Python", "neuron.py cannot be read: line 1"),
        ("not UTF-8", "neuron.py is not text in UTF-8"),
        ("encrypted.zip", "neuron.py is encrypted."),
        ("2 GB module", "neuron.py is larger than 500 kB."),
        ("empty lines.zip", "neuron.py has more than 10000 lines."),
        ("exit", "ends Python when it is loaded"),
    ],
)
def test_what_is_wrong_with_a_module_is_told_in_its_exercises(outcomes, name, told):
    assert told in outcomes[name]["grade"]["exercises"][0]["first_failure"]["message"]


def test_neither_the_order_nor_the_number_of_workers_changes_anything(outcomes, handed_in, tmp_path):
    with contextlib.closing(pools.local(2)) as pool:
        again, told = grade(tmp_path, list(handed_in.values())[::-1], pool)
    assert again == outcomes
    assert sum(told) == len(handed_in)


def test_without_a_sandbox_nothing_is_graded_unless_that_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(pools, "_grader", None)
    monkeypatch.setattr("mlt_nn.teaching.grader.isolation._why_no_sandbox", lambda: "no bubblewrap here")
    threads = pools.Pool(lambda: ThreadPoolExecutor(1), 1)
    with pytest.raises(NotIsolated, match="no bubblewrap here"):
        grade(tmp_path, [hand_in(tmp_path, "ada", NEURON)], threads, level="process")
    assert count_grades(tmp_path) == 0


def test_a_sandbox_that_could_not_be_tried_once_does_not_end_the_run(tasks, tmp_path):
    def fail_once(text):
        if len(tasks) == 1:
            raise NotIsolated("the sandbox was killed while it was tried")
        return GRADED

    tasks.answer = fail_once
    outcomes, _ = grade(tmp_path, [hand_in(tmp_path, "ada", "# ada")], tasks.pool)
    assert outcomes["ada"]["status"] == "graded"


# The command


@pytest.fixture
def command(tasks, tmp_path, monkeypatch):
    """Grades paths into the folder `out` by the tasks of the test, and writes of each student an empty page.

    command.given are the records that were given back, and command.lost is what could not be.
    """

    def write(folder, records, tell, assignment):
        (folder / "students").mkdir(exist_ok=True)
        for record in records():
            (folder / "students" / f"{record.page}.html").touch()
            run.given.append(record)
        return run.lost

    def run(*paths):
        return main(["grade", *map(str, paths), "--out", str(tmp_path / "out"), "--allow-process"])

    run.given, run.lost = [], {}

    monkeypatch.setattr(pools, "local", lambda: tasks.pool)
    monkeypatch.setattr("mlt_nn.teaching.classroom.give_back.write", write)
    monkeypatch.setattr("mlt_nn.teaching.grader.isolation._why_no_sandbox", lambda: "not tried")
    return run


def test_of_several_attempts_the_last_is_graded_and_the_others_are_named(command, tasks, tmp_path, capsys):
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    for number in (501, 502):
        _zip(handed_in / f"lovelaceada_12345_{number}_work.zip", neuron=f"# {number}")
    assert command(handed_in) == 0
    first, second = (handed_in / f"lovelaceada_12345_{number}_work.zip" for number in (501, 502))
    why = f"{second} counts, for its number is greater"
    assert f"Superseded: lovelaceada: {first}: {why}\n" in capsys.readouterr().out
    assert [each.superseded for each in command.given] == [((str(first), why),)]
    assert tasks == ["# 502"]
    assert count_grades(tmp_path / "out") == 1


def test_what_lies_beside_that_which_counts_is_told_with_the_student(command, tmp_path, capsys):
    ada = hand_in(tmp_path, "ada", "# ada")
    _zip(ada / "old.zip", neuron="# old")
    assert command(ada) == 0
    why = "lies beside exercise files, which count"
    assert f"Not graded: {ada / 'old.zip'}: {why}\n" in capsys.readouterr().out
    assert [each.superseded for each in command.given] == [((str(ada / "old.zip"), why),)]


def test_what_could_not_be_given_back_is_told_and_is_no_success(command, tmp_path, capsys):
    command.lost["ada"] = "what is given back could not be written: OSError: too long\n"
    assert command(*(hand_in(tmp_path, name, f"# {name}") for name in ("ada", "bob"))) == 1
    printed = capsys.readouterr().out
    assert "Not given back: ada: what is given back could not be written: OSError: too long\n" in printed
    assert "     1 graded\n     1 infrastructure error\n" in printed


def test_it_is_told_who_was_graded_before_and_is_not_among_these(command, tasks, tmp_path, capsys):
    ada, bob, cem = (hand_in(tmp_path, name, f"# {name}") for name in ("ada", "bob", "cem"))
    assert command(ada, bob) == 0
    assert "before" not in capsys.readouterr().out
    assert command(cem) == 0
    printed = capsys.readouterr().out
    assert "2 students who were graded here before are not among these submissions, nor in the gradebook: " in printed
    assert "nor in the gradebook: ada, bob. Name all submissions, old and new" in printed
    assert "What was set by hand" not in printed
    with Term(tmp_path / "out") as term:
        term.change(WHOLE_COURSE.name, "ada", points=1.0, reason="r")
    assert "graded before" not in printed
    assert command(bob, cem) == 0
    printed = capsys.readouterr().out
    assert "1 student who was graded here before is not among these submissions" in printed
    assert "What was set by hand stays with these names: mark --list shows it." in printed
    assert "The files of 2 of them were graded before." in printed
    (ada / "neuron.py").write_text("# changed", encoding="utf-8")
    (bob / "neuron.py").write_text("# changed", encoding="utf-8")
    assert command(ada, bob, cem) == 0
    printed = capsys.readouterr().out
    assert "not among these" not in printed
    assert "The files of 1 of them were graded before." in printed
    assert sorted(tasks) == ["# ada", "# bob", "# cem", "# changed"]


def test_the_files_of_somebody_new_may_be_among_those_graded_before(command, tasks, tmp_path, capsys):
    ada, bob, cem = (hand_in(tmp_path, name, "# the same") for name in ("ada", "bob", "cem"))
    assert command(ada, bob) == 0
    assert "graded before" not in capsys.readouterr().out  # of the two of this run none was
    assert command(ada, bob, cem) == 0
    assert "The files of 3 of them were graded before." in capsys.readouterr().out
    assert tasks == ["# the same"]


def test_after_an_interruption_it_is_told_how_many_are_kept(command, breaking, tasks, tmp_path, monkeypatch, capsys):
    def interrupted(text):
        if text == "# cem":
            raise KeyboardInterrupt
        return GRADED

    tasks.answer = interrupted
    monkeypatch.setattr(pools, "local", lambda: pools.Pool(breaking, 1))
    names = {"ada": "# ada", "bob": "# ada", "cem": "# cem", "dan": "# cem", "eve": "# eve"}
    paths = [hand_in(tmp_path, name, text) for name, text in names.items()]
    assert command(*paths[:2]) == 0
    assert command(*paths) == 1
    told = "Interrupted.\n2 of 5 are graded and kept; the same command goes on.\n"
    assert capsys.readouterr().err.endswith(told)
    del tasks[:], tasks.answer
    assert command(*paths) == 0
    assert sorted(tasks) == ["# cem", "# eve"]
