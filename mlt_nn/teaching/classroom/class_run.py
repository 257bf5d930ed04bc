"""A class graded: each submission once, each ends with a status, and a run that was stopped goes on where it was."""

import contextlib
import functools
import hashlib
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mlt_nn.grading.results import Graded
from mlt_nn.teaching.classroom import course, pools
from mlt_nn.teaching.classroom.record import Record
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.grader import NotIsolated, new_seed
from mlt_nn.teaching.grader.submission import Submission, read

# When the process that grades ends again and again, it is not for what was handed in.
_MAX_BREAKS = 5


def key(submission, level, seed):
    """What a grade depends on, as a number in hexadecimal digits: what was handed in, seed, course and versions."""
    parts = [course.digest(), level, str(seed), submission.problem]
    parts += [f"{each.module} {each.sha256} {each.problem}" for each in submission.modules]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def seed(journal):
    """The seed of the last grades in a journal, with which a run goes on; a new one where there are none."""
    grades = (journal[found]["grade"] for found in reversed(list(journal)))
    kept = next((grade["seed"] for grade in grades if grade), None)
    return new_seed() if kept is None else kept


def grade(paths, journal, level, pool, tell, allow_process=False, seed=0):
    """Grade what lies at the paths, unless its key is in the journal already with all its points, and write it there.

    Arguments:
        paths: folders and zips, each one submission.
        journal: a Journal.
        level: the level of isolation.
        pool: a Pool.
        tell: called with how many more submissions are done, also with those that were done before.
        allow_process, seed: as in Grader.

    Returns:
        The key of each path, in the same order.

    Raises:
        NotIsolated: as Grader does.
        RuntimeError: when the processes that grade cannot be kept alive.
    """
    keys: list[str] = []
    todo: dict[str, list[Path]] = {}
    for path in paths:
        keys.append(key(_read(path), level, seed))
        if keys[-1] in journal and not _is_open(journal[keys[-1]]):
            tell(1)
        else:
            todo.setdefault(keys[-1], []).append(path)
    students = Counter(keys)  # who hand in the same files get the same marks
    unchanged = functools.partial(_unchanged, level=level, seed=seed)
    how = allow_process, course.digest(), seed
    with contextlib.closing(_outcomes(todo.items(), pool, how, unchanged)) as outcomes:
        for found, outcome in outcomes:
            journal.add(found, outcome)
            tell(students[found])
    return keys


def _read(path):
    try:
        return read(path)
    except FileNotFoundError:
        return Submission(path.stem, problem="it was found, but is no longer there.")


def _unchanged(item, level, seed):
    """The submission that was read when its key was made: of those who handed in the same, one does.

    Raises:
        RuntimeError: when all were changed or removed since.
    """
    wanted, paths = item
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            submission = read(path)
            if key(submission, level, seed) == wanted:
                return submission
    raise RuntimeError("its files were changed or removed while the class was graded: grade it again")


def _is_open(line):
    """Whether there are points that our machine, or a check of ours, has still to give or refuse."""
    return line["grade"] is None or any(each.is_open for each in Graded.from_json(line["grade"]).exercises)


def _outcomes(todo, pool, how, unchanged):
    """Yields (key, outcome) as they come. What was in flight when something broke is tried once more, alone."""
    alone: deque = deque()
    in_flight: dict = {}
    todo, breaks = iter(todo), 0
    executor = pool.start()
    try:
        while True:
            executor = _submit(todo, alone, in_flight, executor, pool, how, unchanged)
            if not in_flight:
                return
            for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
                item, last_try = in_flight.pop(future)
                try:
                    yield item[0], _outcome(future.result())
                    breaks = 0
                    continue
                except Exception as error:
                    if last_try and isinstance(error, NotIsolated):
                        raise
                    broken, problem = isinstance(error, BrokenExecutor), f"{type(error).__name__}: {error}"
                breaks += broken and last_try
                if breaks == _MAX_BREAKS:
                    raise RuntimeError(f"the processes that grade end again and again: {problem}")
                if last_try:
                    yield item[0], {"status": "infrastructure error", "grade": None, "problem": problem}
                else:
                    alone.append(item)
    finally:
        for future in in_flight:
            future.cancel()
        executor.shutdown(wait=True)


def _submit(todo, alone, in_flight, executor, pool, how, unchanged):
    """Fill up what is in flight; returns the executor, which is a new one if the old one is broken."""
    while True:
        last_try = bool(alone) and not in_flight
        if last_try:
            item = alone.popleft()
        elif alone or len(in_flight) >= 2 * pool.size or (item := next(todo, None)) is None:
            return executor
        try:
            submission = unchanged(item)
            future = executor.submit(pools.task, submission, *how)
        except BrokenExecutor:
            executor.shutdown(wait=True)
            executor = pool.start()
            future = executor.submit(pools.task, submission, *how)
        except RuntimeError as error:  # BrokenExecutor is one, too
            future = Future()
            future.set_exception(error)
        in_flight[future] = item, last_try
        if last_try:
            return executor


def _outcome(graded):
    """The journal's line of it, without the name: others may have handed in the same."""
    states = {each.state for each in graded.exercises}
    hangs = "timed out" in states and "passed" not in states
    status = "student error" if graded.problem else "timed out" if hangs else "graded"
    return {"status": status, "grade": replace(graded, name="").to_json(), "problem": graded.problem}


def record(found, line):
    """The Record of a student, from what was found and the journal's line of it."""
    grade = line["grade"] and Graded.from_json(line["grade"])
    return Record(found.student, found.attempt, found.late, _when(found.path), line["status"], grade, line["problem"])


def _when(path):
    if Path(path).is_relative_to(scratch.folder()):
        return ""  # a copy of ours, which tells when it was made
    try:
        return datetime.fromtimestamp(Path(path).stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    except (OSError, ValueError, OverflowError):
        return ""  # it is gone, or from a year that no calendar has
