"""How many submissions are graded in a minute, by our grader and by others on the same work."""

import json
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from benchmarks import TESTS
from benchmarks.grading_work import measured, ours
from benchmarks.grading_work.exercises import CHECKS, POINTS, right, write_checks, write_modules
from benchmarks.grading_work.peers import PEERS
from benchmarks.results import Benchmark
from benchmarks.timing import spread
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom.pools import cores

SUBMISSIONS, ROUNDS = 10, 3
# How often ours has the same submissions, so that it takes about as long as what is measured beside it.
_REPEATED = 10
# Whole courses for each process.
_COURSES = 15
# A command that takes this long hangs.
_MOST_SECONDS = 600


class Run(NamedTuple):
    """Some submissions graded once."""

    submissions: int
    seconds: float
    """Of the grading; ours without the start of its processes, which serve any number of submissions."""
    whole_seconds: float
    """With all starts."""
    cpu: float
    """Seconds of the processors, of all processes and with all starts."""
    processes: int = 1

    @property
    def rate(self):
        """Submissions a minute and core."""
        return 60 * self.submissions / self.seconds / self.processes


def measure(peers=PEERS, submissions=SUBMISSIONS, repeated=_REPEATED, rounds=ROUNDS, courses=_COURSES):
    """Grade the same right submissions by each grader, in turns; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a grader fails, or does not give all points to a right submission.
    """
    problems = installed(peers)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        contestants = _contestants(work, [peer for peer in peers if not problems[peer.title]], submissions, repeated)
        runs: dict[str, list[Run]] = {name: [] for name in contestants}
        with tqdm(total=rounds * len(contestants), desc="grading", file=sys.stderr) as progress:
            for _ in range(rounds):
                for name, grade in contestants.items():
                    runs[name].append(grade())
                    progress.update()
        for name in list(runs):
            yield row(name, runs[name], runs[_OURS])
        for title, problem in problems.items():
            if problem:
                yield (f"{title}: not installed", *[""] * (len(BENCHMARK.head) - 1))
        for processes in dict.fromkeys((1, cores())):
            whole = [our_run(work, "course", [SOLUTIONS] * courses * processes, processes) for _ in range(rounds)]
            yield row(f"mlt-nn, whole course, {_count(processes)}", whole, None)


def installed(peers):
    """Install the peers that are not; title -> why one could not be installed, or "".

    Raises:
        RuntimeError: where ours has no sandbox in any case.
    """
    if sys.platform != "linux":
        raise RuntimeError("ours grades in its sandbox, which needs Linux")
    problems = {}
    for peer in tqdm(peers, "installing peers, once", file=sys.stderr, disable=all(peer.installed for peer in peers)):
        problems[peer.title] = peer.install()
        if problems[peer.title]:
            tqdm.write(f"{peer.title} cannot be installed: {problems[peer.title]}", file=sys.stderr)
    return problems


def row(name, runs, compared):
    """A row of the table.

    Arguments:
        name: of the grader.
        runs: its `Run`s.
        compared: ours of the same rounds, or None where there is nothing to compare.
    """
    rates = spread(run.rate for run in runs)
    cpu = statistics.median(run.cpu / run.submissions for run in runs)
    whole = statistics.median(run.whole_seconds / run.submissions for run in runs)
    ratio = ""
    if compared is not None and compared is not runs:
        ratio = str(spread(our.rate / run.rate for our, run in zip(compared, runs, strict=True)))
    return (name, *map(float, rates), whole, cpu, ratio)


def our_run(work, checks, paths, processes=1):
    """Grade by ours in a program of its own; the `Run`.

    Arguments:
        work: a folder for what is written.
        checks: a folder of checks, or "course".
        paths: submissions whose every check passes.
        processes: how many grade at once.
    """
    target = work / "found.json"
    command = [sys.executable, "-m", ours.__name__, target, processes, checks, *paths]
    report = carry_out(command, work, cwd=TESTS)
    found = ours.found(target)
    wrong = [passed for passed, all_checks in found["passed"] if passed != all_checks]
    if wrong:
        raise RuntimeError(f"a right submission passed {wrong[0]} checks only: the times say nothing")
    return Run(len(paths), found["seconds"], report["seconds"], found["start_cpu"] + found["cpu"], processes)


def carry_out(command, work, cwd, environment=None, seconds=_MOST_SECONDS, memory=0, inside=(), demanded=True):
    """Run a command with all that it starts, and wait for its end.

    Arguments:
        command: a list.
        work: a folder for the report and what the command prints.
        cwd, environment: of the command.
        seconds, memory: as in `measured`.
        inside: a command line that shuts it in.
        demanded: whether it must succeed.

    Returns:
        The report of `measured`.

    Raises:
        RuntimeError: when it fails, with the end of what it printed.
    """
    report, printed = work / "report.json", work / "printed.txt"
    report.unlink(missing_ok=True)
    words = [*inside, sys.executable, "-I", measured.__file__, report, seconds, memory, *command]
    with printed.open("wb") as output:
        subprocess.run(list(map(str, words)), cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT)
    told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {"code": "killed"}
    if told["code"] == "killed" or (demanded and told["code"] != 0):
        end = printed.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(map(str, command[:4]))} failed ({told['code']}):\n{end}")
    return told


_OURS = "mlt-nn, 1 process"


def _contestants(work, peers, number, repeated):
    """Name -> a function that grades once; the submissions differ in a comment."""
    students = [f"student{each}" for each in range(number)]
    handed_in = {each: {name: f"# {each}\n{source}" for name, source in right().items()} for each in students}
    write_checks(work / "checks")
    for student, submission in handed_in.items():
        write_modules(work / "ours" / student, submission)
    folders = [work / "ours" / student for student in students] * repeated
    contestants = {
        f"mlt-nn, {_count(processes)}": partial(our_run, work, work / "checks", folders * processes, processes)
        for processes in dict.fromkeys((1, cores()))
    }
    for peer in peers:
        there = work / peer.package
        peer.prepare(there)
        for student, submission in handed_in.items():
            peer.hand_in(there, student, submission)
        contestants[peer.title] = partial(_peer_run, peer, there, students)
    return contestants


def _peer_run(peer, work, students):
    reports = [carry_out(each, work, work, peer.environment(work)) for each in peer.commands(work, students)]
    for student in students:
        if peer.points(work, student) != POINTS:
            raise RuntimeError(f"{peer.title} gave {peer.points(work, student)} of {POINTS} to a right submission")
    seconds = sum(report["seconds"] for report in reports)
    return Run(len(students), seconds, seconds, sum(report["cpu"] for report in reports))


def _count(processes):
    return "1 process" if processes == 1 else f"{processes} processes"


BENCHMARK = Benchmark(
    "Grading",
    (
        "grader",
        "submissions a minute and core, median",
        "least",
        "most",
        "s a submission with the start",
        "CPU s a submission",
        "mlt-nn, 1 process / it",
    ),
    measure,
    f"{len(CHECKS)} exercises with {POINTS} checks in all, word for word the same for everyone, and {SUBMISSIONS} "
    f"right submissions; {ROUNDS} rounds in turns. Otter-Grader runs once for each submission (`otter run`), "
    f"nbgrader once for all {SUBMISSIONS} (`nbgrader autograde`), each in one process with a kernel. Ours runs in "
    f"the sandbox, with the submissions {_REPEATED} times over for each process; its rate is that after the start "
    "of its processes, the other columns are with it. CPU is user and system time of all processes, those in the "
    f"sandbox too. The whole course is `solutions/` by all hidden checks, {_COURSES} times for each process: the "
    "public ones are asked where these find something wrong. The goals are 1,000 a minute and core on the small work, "
    "100 there.",
)
