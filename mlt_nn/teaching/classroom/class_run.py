"""A class graded: each submission once, each ends with a status, and a run that was stopped goes on where it was."""

import contextlib
import functools
import hashlib
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from pathlib import Path

from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import course, pools
from mlt_nn.teaching.classroom.record import how_it_ended
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.grader.grader import NotIsolated, new_seed
from mlt_nn.teaching.grader.submission import Submission, read
from mlt_nn.teaching.pages.page import counted
from mlt_nn.teaching.pages.student_page import file_names


def key(submission, level, seed):
    """What a grade depends on, as a number in hexadecimal digits: what was handed in, seed, course and versions."""
    return digest(submission, course.digest(), level, str(seed))


def digest(submission, *more):
    """What was handed in, as a number in hexadecimal digits, whoever handed it in and however it is graded."""
    modules = (f"{each.module} {each.sha256} {each.problem}" for each in submission.modules)
    parts = [*more, submission.problem, *modules]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def seeds(term):
    """The seed for what is new, and those of the grades before.

    A run that was stopped goes on with its own. Once grades are given back a new one is drawn: their pages name inputs,
    so that a table of these would be right the next time.
    """
    own, before = term.seeds()
    return list(dict.fromkeys([new_seed() if own is None else own, *before]))


def grade(paths, term, assignment, level, pool, tell, allow_process=False, seed=0, before=(), note=lambda words: None):
    """Grade what lies at the paths, unless it is in the term already with all its points, and write it there.

    Of a submission that was graded for other exercises only those that are missing are graded.

    Arguments:
        paths: folders and zips, each one submission.
        term: a Term.
        assignment: an Assignment.
        level: the level of isolation.
        pool: a Pool.
        tell: called with how many more submissions are done, also with those that were done before.
        allow_process, seed: as in Grader.
        before: other seeds, of grades in the term that stand.
        note: called with why something is graded again, or in part.

    Returns:
        The key of each path, and the `digest` of what lies there, in the same order.

    Raises:
        NotIsolated: as Grader does.
        RuntimeError: when the processes that grade cannot be kept alive.
    """
    keys: list[tuple[str, str]] = []
    todo: dict[str, tuple[int, list[str], list[Path]]] = {}
    again: list[tuple[set[str] | None, set[str]]] = []
    for path in paths:
        submission = _read(path)
        term.keep({each.sha256: each.data for each in submission.modules if each.data})
        possible = {key(submission, level, each): each for each in (seed, *before)}
        # With a seed that was given back, too: these files were there before it was.
        found, known = _best(assignment, term.grades(possible)) or (next(iter(possible)), None)
        keys.append((found, digest(submission)))
        missing = _missing(assignment, known)
        if missing:
            if term.was_graded(assignment.name, keys[-1][1]):
                again.append((known and {each["name"] for each in known["grade"]["exercises"]}, set(missing)))
            todo.setdefault(found, (possible[found], missing, []))[2].append(path)
        else:
            tell(1)
    for words in _why_again(again, assignment):
        note(words)
    students = Counter(each for each, _ in keys)  # who hand in the same files get the same marks
    unchanged = functools.partial(_unchanged, level=level)
    with (
        contextlib.closing(_Graders(pool, allow_process, course.digest())) as graders,
        contextlib.closing(_outcomes(todo.items(), graders, pool.size, unchanged)) as outcomes,
    ):
        for found, outcome in outcomes:
            term.add(found, _with_earlier(outcome, term.grade(found)))
            tell(students[found])
    return keys


def _read(path):
    try:
        return read(path)
    except FileNotFoundError:
        return Submission(path.stem, problem="it was found, but is no longer there.")


def _unchanged(item, level):
    """The submission that was read when its key was made, the seed, and the names of the exercises to grade.

    Of those who handed in the same, one does.

    Raises:
        RuntimeError: when all were changed or removed since.
    """
    wanted, (seed, exercises, paths) = item
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            submission = read(path)
            if key(submission, level, seed) == wanted:
                return submission, seed, exercises
    raise RuntimeError("its files were changed or removed while the class was graded: grade it again")


def _best(assignment, lines):
    """Of {key: its line} the (key, line) to go on from: that with the most of the assignment; None without any."""
    graded = [each for each in lines.items() if each[1]["grade"]]
    return min(graded, key=lambda each: len(_missing(assignment, each[1])), default=None)


def _why_again(again, assignment):
    """Why submissions that were graded before are graded again, or in part.

    Arguments:
        again: of each the exercises that were graded, None when nothing of it stands, and those to grade.
    """
    anew = sum(graded is None for graded, _ in again)
    if anew:
        yield (
            f"{counted(anew, 'submission is', 'submissions are')} graded again: since the last time the checks, the "
            "course's functions, the seed, Python, NumPy or the isolation changed."
        )
    in_part = [(graded, missing) for graded, missing in again if graded is not None]
    yield from _alone(f"added to {assignment.name}", [missing - graded for graded, missing in in_part])
    yield from _alone("left open", [missing & graded for graded, missing in in_part])


def _alone(why, of_each):
    names = frozenset().union(*of_each)
    if names:
        were, alone = ("exercise was", "it alone is") if len(names) == 1 else ("exercises were", "they alone are")
        submissions = counted(sum(map(bool, of_each)), "submission", "submissions")
        yield f"{len(names)} {were} {why}: {alone} graded, of {submissions}."


def _missing(assignment, line):
    """The exercises whose points were not asked for yet, or that our machine or a check of ours left open."""
    graded = Graded.from_json(line["grade"]).exercises if line and line["grade"] else ()
    done = {each.name for each in graded if not each.is_open}
    return [each.name for each in assignment.exercises if each.name not in done]


def _with_earlier(outcome, line):
    """The outcome, with what the line says of exercises that were not graded again."""
    if not (line and line["grade"]):
        return outcome
    if not outcome["grade"]:  # it is no fault of the earlier ones
        return outcome | {"grade": line["grade"]}
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

    def submit(self, submission, seed=0, exercises=None):
        """The Future of its grade.

        Raises:
            BrokenExecutor: when no executor takes it, not even a new one.
        """
        problem: Exception | None = None
        for _ in range(2):
            try:
                if self._executor is None:
                    self._executor = self._pool.start()
                return self._executor.submit(pools.task, *(submission, *self._how, seed, exercises))
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
    """What is kept of it, without the name: others may have handed in the same."""
    return {"status": how_it_ended(graded), "grade": replace(graded, name="").to_json(), "problem": graded.problem}


def hand_in(term, assignment, collected, keys):
    """Keep in the term what counts of each student, where else something of theirs is, and why that does not count.

    Arguments:
        collected: what `collect` found.
        keys: what `grade` returned for the paths of those that count.
    """
    found = collected.counting
    pages = file_names([*(each.student for each in found), *(name for name, _ in collected.missing)])
    superseded: dict[str, list[tuple[str, str]]] = {each.student: [] for each in found}
    for each in collected.submissions:
        others = [*each.beside, *([(each.shown, each.superseded)] if each.superseded else [])]
        superseded[each.student] += [(str(path), why) for path, why in others]
    term.hand_in(
        assignment.name,
        (
            {
                "student": each.student,
                "who": each.who,
                "sha": sha,
                "found_at": str(each.shown),
                "named": each.called,
                "attempt": each.attempt,
                "late": each.late,
                "handed_in": each.when,
                "when_by": each.when_by,
                "page": pages[each.student],
                "superseded": superseded[each.student],
                "key": key,
            }
            for each, (key, sha) in zip(found, keys, strict=True)
        ),
        [{"student": name, "who": student, "page": pages[name]} for name, student in collected.missing],
    )
