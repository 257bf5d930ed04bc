"""`mlt-nn mark`: a student's mark set by hand, or a comment, which stays whatever is graded anew.

A student is named as in the gradebook. Without an exercise the mark is that of the whole assignment.
The pages and the gradebook are written anew at once; the student reads the reason and the comment.

examples:
  python3 -m mlt_nn mark "Ada Lovelace" activations.relu --points 1 --reason "explained it in the tutorial"
  python3 -m mlt_nn mark "Ada Lovelace" --comment "Come and see me about the softmax."
  python3 -m mlt_nn mark --list
  python3 -m mlt_nn mark --withdraw 3
"""

import difflib
from pathlib import Path

from mlt_nn.cli import CommandError, UsageError
from mlt_nn.support.assignments import assignment_named
from mlt_nn.teaching.classroom import by_hand
from mlt_nn.teaching.pages.text import local_time, one_line


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("student", nargs="?", help="whose mark, as in the gradebook")
    parser.add_argument("exercise", nargs="?", help="of which exercise, as activations.relu (default: of all)")
    parser.add_argument(
        "--out", type=Path, default=Path("grades"), metavar="folder", help="where the grades are (default: grades)"
    )
    parser.add_argument("--assignment", metavar="name", help="which, where course/course.toml names several")
    parser.add_argument("--points", type=float, metavar="number", help="the points, in place of those of the checks")
    parser.add_argument("--reason", default="", metavar="text", help="why, as the student reads it")
    parser.add_argument("--comment", default="", metavar="text", help="what you want to say to the student")
    parser.add_argument("--list", action="store_true", help="show what was set by hand, of one student or of all")
    parser.add_argument("--withdraw", type=int, metavar="number", help="take back a change, by its number in the list")


def execute(options):
    """Change and print; returns 0."""
    from mlt_nn.teaching.classroom.term import existing

    try:
        with existing(options.out) as term:
            if options.list:
                return _list(term, options)
            change = _withdrawn(term, options) if options.withdraw is not None else _set(term, options)
            print(by_hand.write_pages(term, options.out, **change))
            return 0
    except by_hand.RefusedError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise CommandError(str(error)) from error


def _list(term, options):
    student = options.student and _student(term, options.student)
    changes = term.changes(options.assignment, student)
    for each in changes:
        older = " (on an older submission)" if each.is_older else ""
        told = f"{each.student}, {each.assignment}: {each.words()}{older} [{each.by}, {local_time(each.when)}]"
        print(f"{each.number:>4}  {one_line(told)}")
    if not changes:
        print("Nothing was set by hand.")
    return 0


def _set(term, options):
    if options.student is None:
        raise UsageError("name a student, as in the gradebook, or --list, or --withdraw and a number")
    assignment = assignment_named(options.assignment)
    student = _student(term, options.student)
    what = {name: getattr(options, name) for name in ("exercise", "points", "comment", "reason")}
    number = by_hand.change(term, assignment, student, **what)
    print(one_line(f"Kept as change {number} of {student}, {assignment.name}."))
    return {"assignment": assignment.name, "student": student}


def _withdrawn(term, options):
    found = by_hand.withdraw(term, options.withdraw, options.reason)
    print(one_line(f"Taken back: {found.student}, {found.assignment}: {found.words()}"))
    return {"assignment": found.assignment, "student": found.student}


def _student(term, wanted):
    students = term.students()
    found = [each.name for each in students if wanted in (each.name, each.student_id, each.email)]
    if len(found) != 1:
        near = difflib.get_close_matches(wanted, [each.name for each in students], n=3, cutoff=0.5)
        said = f"there is no student {wanted!r}" if not found else f"{wanted!r} may be {' or '.join(found)}"
        hint = f"; the nearest {'is' if len(near) == 1 else 'are'} {', '.join(map(repr, near))}" if near else ""
        raise UsageError(one_line(f"{said}: name the student as in the gradebook{hint}"))
    return found[0]
