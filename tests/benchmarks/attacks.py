"""What hostile submissions get from our grader and from others: marks, hangs, lost results, processes left behind."""

import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from benchmarks import TESTS
from benchmarks.grading import carry_out, installed
from benchmarks.grading_work import ours
from benchmarks.grading_work.exercises import CHECKS, POINTS, right, right_but, write_checks, write_modules, wrong
from benchmarks.grading_work.hostile import ACCIDENTS, HOSTILE
from benchmarks.grading_work.peers import CELL_SECONDS, PEERS
from benchmarks.results import Benchmark
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.classroom.pools import cores

# After that a grader that has no end of its own is ended by us.
HANGS = 60.0
_MEMORY = 3 << 30
_OURS = "mlt-nn"
# The points of the functions that are not attacked in a submission that is right but for one.
_REST = POINTS - len(next(iter(CHECKS.values())))


class Outcome(NamedTuple):
    """What one submission got."""

    points: float | None
    """None without a result."""
    seconds: float
    hung: bool
    """Whether we had to end the grader."""
    left: int
    """Processes that were there when the grader had ended."""


def measure(peers=PEERS, hostile=HOSTILE, accidents=ACCIDENTS):
    """Hand in the attacks, each by itself; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a peer cannot be shut in here, or does not give a right submission all points.
    """
    problems = installed(peers)
    submissions = {name: wrong(attack) for name, attack in hostile.items()}
    submissions |= {name: right_but(attack) for name, attack in accidents.items()}
    outcomes: dict[str, dict[str, Outcome]] = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(cores()) as executor:
        work = Path(folder)
        write_checks(work / "checks")
        graders = {_OURS: partial(_try_ours, work)}
        for peer in peers:
            if not problems[peer.title]:
                peer.prepare(work / peer.package)
                if _try_peer(peer, work, "right", right()).points != POINTS:
                    raise RuntimeError(f"{peer.title} does not grade a right submission inside of bubblewrap here")
                graders[peer.title] = partial(_try_peer, peer, work)
        with tqdm(total=len(graders) * len(submissions), desc="attacking", file=sys.stderr) as progress:
            for grader, attempt in graders.items():
                outcomes[grader] = {}
                results = executor.map(attempt, range(len(submissions)), submissions.values())
                for name, outcome in zip(submissions, results, strict=True):
                    outcomes[grader][name] = outcome
                    progress.update()
    titles = [_OURS, *(peer.title for peer in peers)]
    sizes = {_OURS: "bubblewrap"}
    sizes |= {peer.title: f"{peer.megabytes:.0f} MB" for peer in peers if not problems[peer.title]}
    yield from rows(titles, outcomes, sizes, list(hostile), list(accidents))


def rows(titles, outcomes, sizes, hostile, accidents):
    """The rows of the table.

    Arguments:
        titles: of the graders; one that has no outcomes is not installed.
        outcomes: title -> name of the submission -> `Outcome`.
        sizes: title -> what is installed for it.
        hostile: the names of the submissions that are worth nothing.
        accidents: the names of those that are right but for one function.
    """

    def line(what, cell):
        return (what, *(cell(outcomes[title]) if title in outcomes else "not installed" for title in titles))

    def which(found, that):
        names = [name for name in hostile if that(found[name])]
        return f"{len(names)}: {', '.join(names)}" if names else "0"

    yield line(f"attacks that earn marks, of {len(hostile)}", lambda found: which(found, lambda each: each.points))
    yield line("no result at all", lambda found: which(found, lambda each: each.points is None and not each.hung))
    yield line("hangs", lambda found: which(found, lambda each: each.hung))
    yield line("processes left behind", lambda found: sum(found[name].left for name in hostile))
    for name in accidents:
        yield line(f"{name}: what the others get", lambda found, name=name: _rest(found[name]))
    yield ("installed", *(sizes.get(title, "not installed") for title in titles))


def _rest(outcome):
    if outcome.hung:
        return f"hangs (ended by us after {HANGS:.0f} s)"
    if outcome.points is None:
        return f"no result, after {outcome.seconds:.1f} s"
    return f"{outcome.points:g} of {_REST} points, after {outcome.seconds:.1f} s"


def _try_ours(work, number, submission):
    folder = work / f"{_OURS}-{number}"
    write_modules(folder / "submission", submission)
    command = [sys.executable, "-m", ours.__name__, folder / "found.json", 1, work / "checks", folder / "submission"]
    report = carry_out(command, folder, cwd=TESTS, seconds=10 * HANGS)
    found = ours.found(folder / "found.json")
    return Outcome(found["passed"][0][0], found["seconds"], False, report["left"])


def _try_peer(peer, work, number, submission):
    """In a bubblewrap of ours, which the processes that an attack ends or leaves behind cannot get out of."""
    folder = work / f"{peer.package}-{number}"
    shutil.copytree(work / peer.package, folder)
    peer.hand_in(folder, "student", submission)
    (command,) = peer.commands(folder, ["student"])
    report = carry_out(
        command,
        folder,
        folder,
        peer.environment(folder),
        seconds=HANGS,
        memory=_MEMORY,
        inside=_shut_in(folder),
        demanded=False,
    )
    hung = report["code"] is None
    points = None if hung else peer.points(folder, "student")
    return Outcome(points, report["seconds"], hung, report["left"])


def _shut_in(folder):
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise RuntimeError("attacks on others are only tried inside bubblewrap (on Debian: apt install bubblewrap)")
    return [
        *(bubblewrap, "--unshare-all", "--die-with-parent", "--as-pid-1", "--ro-bind", "/", "/"),
        *("--dev", "/dev", "--proc", "/proc", "--size", str(1 << 30), "--tmpfs", "/tmp"),
        *("--ro-bind", str(PROJECT), str(PROJECT)),  # which may itself be in /tmp
        *("--bind", str(folder), str(folder), "--chdir", str(folder), "--"),
    ]


BENCHMARK = Benchmark(
    "Attacks",
    ("what happens", _OURS, *(peer.title for peer in PEERS)),
    measure,
    f"{len(HOSTILE)} submissions that are worth nothing, word for word the same for all graders, and {len(ACCIDENTS)} "
    "that are right but for one function. Each is handed in by itself. Otter-Grader never ends a loop: what takes "
    f"longer than {HANGS:.0f} s hangs. nbgrader ends a cell after 30 s if nobody says otherwise, here after "
    f"{CELL_SECONDS}. "
    "Ours runs in its sandbox, the others in one of ours around the whole grader. Installed is what their packages "
    "take without NumPy; the seconds are of a whole command for them, of the grading for ours.",
)
