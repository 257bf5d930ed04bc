"""`mlt-nn grade`: submissions graded in a sandbox, as a table and as one line of JSON each."""

import json
from pathlib import Path

from mlt_nn.cli import CommandError, UsageError


def configure(parser):
    """Describe the command's arguments."""
    parser.epilog = "\n".join(
        [
            "A submission is a folder or a zip with the files that students write: activations.py, network.py, ...",
            "Each exercise is graded as if all exercises before it were right: no mistake costs twice.",
            "",
            "examples:",
            "  mlt-nn grade solutions                        the course's own solutions: all points",
            "  mlt-nn grade submissions/* --out grades       several, with grades/grades.jsonl",
        ]
    )
    parser.add_argument("paths", nargs="+", metavar="path", type=Path, help="a folder or a zip of exercise modules")
    parser.add_argument("--out", type=Path, metavar="folder", help="write grades.jsonl into this folder, anew")
    parser.add_argument(
        "--allow-process",
        action="store_true",
        help="grade also where students' code cannot be shut in: it then may do whatever you may",
    )


def execute(options):
    """Grade and print; returns 0 when every submission was graded, whatever its points."""
    from mlt_nn.grading.grade import NotIsolated, grade
    from mlt_nn.grading.isolation import isolation

    lines = None
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        lines = (options.out / "grades.jsonl").open("w", encoding="utf-8")

    def tell(graded):
        print(_table(graded) if len(options.paths) == 1 else _line(graded), flush=True)
        if lines is not None:
            print(json.dumps(graded.to_json(), ensure_ascii=False), file=lines, flush=True)

    try:
        all_graded = grade(options.paths, isolation(), tell, options.allow_process)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    except NotIsolated as error:
        raise CommandError(
            f"{error}.\nWith --allow-process it is graded all the same; the code may then do whatever you may do."
        ) from error
    except RuntimeError as error:
        raise CommandError(str(error)) from error
    finally:
        if lines is not None:
            lines.close()
    print(_how(all_graded[0]))
    broken = sorted({each.name for graded in all_graded for each in graded.exercises if each.state == "broken"})
    if broken:
        print(f"A check of ours is broken, and its points are open: {', '.join(broken)}.")
    return 1 if broken else 0


def _line(graded):
    right = sum(each.state == "passed" for each in graded.exercises)
    told = f"  {graded.problem}" if graded.problem else ""
    points = f"{graded.points:g} of {graded.max_points}"
    return f"{graded.name:<30} {points:>12} points  {right:>2} of {len(graded.exercises)} exercises right{told}"


def _table(graded):
    rows = [_line(graded), ""]
    for each in graded.exercises:
        first = each.first_failure
        why = ""
        if first is not None:
            line = f"line {first.line}: " if first.line else ""
            why = f"  {each.state}: {line}{(first.message.splitlines() or [''])[0]}"
        checks = f"{each.passed} of {each.checks} checks"
        rows.append(f"  {each.name:<38} {each.points:>4.4g} of {each.max_points}  {checks:>15}{why}")
    return "\n".join(rows)


def _how(graded):
    checks = "public and hidden checks" if graded.hidden_checks else "public checks only, for there are no hidden ones"
    shut_in = "shut in a sandbox" if graded.isolation == "sandbox" else f"not shut in ({graded.isolation_reason})"
    return f"\nGraded by {checks}; the students' code was {shut_in}."
