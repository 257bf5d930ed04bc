"""A class graded: each submission once, each ends with a status, and a run that was stopped goes on where it was."""

import contextlib
import functools
import hashlib
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from pathlib import Path

from mlt_nn.grading.results import Graded
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import course, pools
from mlt_nn.teaching.classroom.record import Record
from mlt_nn.teaching.grader.grader import NotIsolated, new_seed
from mlt_nn.teaching.grader.submission import Submission, read

# The key of a line that says that all grades before it were given back.
_GIVEN_BACK = "given back"


def key(submission, level, seed):
    """What a grade depends on, as a number in hexadecimal digits: what was handed in, seed, course and versions."""
    parts = [course.digest(), level, str(seed), submission.problem]
    parts += [f"{each.module} {each.sha256} {each.problem}" for each in submission.modules]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def seeds(journal):
    """The seed for what is new, and those of the grades before.

    A run that was stopped goes on with its own. Once grades are given back a new one is drawn: their pages name inputs,
    so that a table of these would be right the next time.
    """
    lines = list(journal)
    before = [journal[found]["seed"] for found in reversed(lines) if found.startswith(_GIVEN_BACK)]
    if lines and not lines[-1].startswith(_GIVEN_BACK):
        grades = (journal[found]["grade"] for found in reversed(lines))
        kept = next((grade["seed"] for grade in grades if grade), None)
        if kept is not None:
            return [kept, *(each for each in before if each != kept)]
    return [new_seed(), *before]


def give_back(journal, seed):
    """Note that whoever was graded from this seed now has a page that tells of its inputs."""
    lines = list(journal)
    if not lines[-1].startswith(_GIVEN_BACK):
        journal.add(f"{_GIVEN_BACK} {len(lines)}", {"seed": seed, "grade": None})


def grade(paths, journal, level, pool, tell, allow_process=False, seed=0, before=(), assignment=WHOLE_COURSE):
    """Grade what lies at the paths, unless it is in the journal already with all its points, and write it there.

    Of a submission that was graded from this seed for other exercises only those that are missing are graded.

    Arguments:
        paths: folders and zips, each one submission.
        journal: a Journal.
        level: the level of isolation.
        pool: a Pool.
        tell: called with how many more submissions are done, also with those that were done before.
        allow_process, seed: as in Grader.
        before: other seeds, of grades in the journal that stand.
        assignment: what is asked for.

    Returns:
        The key of each path, in the same order.

    Raises:
        NotIsolated: as Grader does.
        RuntimeError: when the processes that grade cannot be kept alive.
    """
    keys: list[str] = []
    todo: dict[str, tuple[list[str], list[Path]]] = {}
    for path in paths:
        submission = _read(path)
        possible = [key(submission, level, each) for each in (seed, *before)]
        graded = next((each for each in possible if not _missing(assignment, journal.get(each))), None)
        keys.append(graded or possible[0])
        if graded:
            tell(1)
        else:
            todo.setdefault(keys[-1], (_missing(assignment, journal.get(keys[-1])), []))[1].append(path)
    students = Counter(keys)  # who hand in the same files get the same marks
    unchanged = functools.partial(_unchanged, level=level, seed=seed)
    with (
        contextlib.closing(_Graders(pool, allow_process, course.digest(), seed)) as graders,
        contextlib.closing(_outcomes(todo.items(), graders, pool.size, unchanged)) as outcomes,
    ):
        for found, outcome in outcomes:
            journal.add(found, _with_earlier(outcome, journal.get(found)))
            tell(students[found])
    return keys


def _read(path):
    try:
        return read(path)
    except FileNotFoundError:
        return Submission(path.stem, problem="it was found, but is no longer there.")


def _unchanged(item, level, seed):
    """The submission that was read when its key was made, and the names of the exercises to grade.

    Of those who handed in the same, one does.

    Raises:
        RuntimeError: when all were changed or removed since.
    """
    wanted, (exercises, paths) = item
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            submission = read(path)
            if key(submission, level, seed) == wanted:
                return submission, exercises
    raise RuntimeError("its files were changed or removed while the class was graded: grade it again")


def _missing(assignment, line):
    """The exercises whose points were not asked for yet, or that our machine or a check of ours left open."""
    graded = Graded.from_json(line["grade"]).exercises if line and line["grade"] else ()
    done = {each.name for each in graded if not each.is_open}
    return [each.name for each in assignment.exercises if each.name not in done]


def _with_earlier(outcome, line):
    """The outcome, with what the line says of exercises that were not graded again."""
    if not (line and line["grade"] and outcome["grade"]):
        return outcome
    earlier, graded = (Graded.from_json(each["grade"]) for each in (line, outcome))
    found = {each.name: each for each in (*earlier.exercises, *graded.exercises)}
    exercises = tuple(found[each.name] for each in EXERCISES if each.name in found)
    both = zip(earlier.files, graded.files, strict=True)
    files = tuple(new | {"problem": new["problem"] or old["problem"]} for old, new in both)
    return _outcome(replace(graded, exercises=exercises, files=files))


def _outcomes(todo, graders, size, unchanged):
    """Yields (key, outcome) as they come. What was in flight when something broke is tried once more, alone."""
    alone: deque = deque()
    in_flight: dict = {}
    todo = iter(todo)
    try:
        while True:
            _submit(todo, alone, in_flight, graders, size, unchanged)
            if not in_flight:
                return
            for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
                item, last_try = in_flight.pop(future)
                try:
                    outcome = _outcome(future.result())
                except Exception as error:
                    if not last_try:
                        alone.append(item)
                        continue
                    if isinstance(error, NotIsolated):
                        raise
                    problem = f"{type(error).__name__}: {error}"
                    if isinstance(error, BrokenExecutor):
                        graders.try_out()
                        problem = f"the process that graded it ended, and so did another that had it alone: {problem}"
                    outcome = {"status": "infrastructure error", "grade": None, "problem": problem}
                yield item[0], outcome
    finally:
        for future in in_flight:
            future.cancel()


def _submit(todo, alone, in_flight, graders, size, unchanged):
    """Fill up what is in flight."""
    while True:
        last_try = bool(alone) and not in_flight
        if last_try:
            item = alone.popleft()
        elif alone or len(in_flight) >= 2 * size or (item := next(todo, None)) is None:
            return
        try:
            future = graders.submit(*unchanged(item))
        except Exception as error:
            future = Future()
            future.set_exception(error)
        in_flight[future] = item, last_try
        if last_try:
            return


class _Graders:
    """The executor of a pool, made anew whenever it is broken."""

    def __init__(self, pool, *how):
        self._pool, self._how = pool, how
        self._executor: Executor | None = None

    def submit(self, submission, exercises=None):
        """The Future of its grade.

        Raises:
            BrokenExecutor: when no executor takes it, not even a new one.
        """
        problem: Exception | None = None
        for _ in range(2):
            try:
                if self._executor is None:
                    self._executor = self._pool.start()
                return self._executor.submit(pools.task, *(submission, *self._how, exercises))
            except (BrokenExecutor, OSError) as error:
                self.close()
                problem = error
        raise BrokenExecutor(f"no process that grades can be started: {problem}")

    def try_out(self):
        """Grade the course's own solutions: if that goes well, what ended the process was what was handed in.

        Raises:
            RuntimeError: when the process ends of these too, twice.
        """
        problem: BaseException | None = None
        for _ in range(2):
            try:
                problem = self.submit(read(SOLUTIONS)).exception()
            except BrokenExecutor as error:
                problem = error
            if not isinstance(problem, BrokenExecutor):
                return
        raise RuntimeError(f"the processes that grade end again and again: {type(problem).__name__}: {problem}")

    def close(self):
        """End all processes; the next submission starts new ones."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor = None


def _outcome(graded):
    """The journal's line of it, without the name: others may have handed in the same."""
    return {"status": _status(graded), "grade": replace(graded, name="").to_json(), "problem": graded.problem}


def _status(graded):
    states = {each.state for each in graded.exercises}
    hangs = "timed out" in states and "passed" not in states
    return "student error" if graded.problem else "timed out" if hangs else "graded"


def record(found, line, page, superseded=(), assignment=WHOLE_COURSE):
    """The Record of a student, from what was found, the journal's line of it, and what else the Record holds."""
    graded = line["grade"] and assignment.of(Graded.from_json(line["grade"]))
    return Record(
        found.student,
        found.attempt,
        found.late,
        found.when,
        _status(graded) if graded else line["status"],
        graded,
        line["problem"],
        page,
        tuple(superseded),
        found.who,
        found.when_by,
        assignment,
        found.called,
    )
