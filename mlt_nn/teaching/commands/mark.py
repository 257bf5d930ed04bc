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
from mlt_nn.support.assignments import UnknownAssignmentError, assignment_named, shown
from mlt_nn.support.catalogue import named
from mlt_nn.teaching.pages.text import one_line


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
    from mlt_nn.teaching.classroom.term import FILE, Term

    if not (options.out / FILE).is_file():
        raise CommandError(
            f"There is no term in {options.out}: name its folder by --out, or grade submissions with --out first."
        )
    try:
        with Term(options.out) as term:
            if options.list:
                return _list(term, options)
            change = _withdrawn(term, options) if options.withdraw is not None else _set(term, options)
            _write_pages(term, options.out, **change)
            return 0
    except OSError as error:
        raise CommandError(str(error)) from error


def _list(term, options):
    student = options.student and _student(term, options.student)
    changes = term.changes(options.assignment, student)
    for each in changes:
        older = " (on an older submission)" if each.is_older else ""
        told = f"{each.student}, {each.assignment}: {each.words()}{older} [{each.by}, {each.when}]"
        print(f"{each.number:>4}  {one_line(told)}")
    if not changes:
        print("Nothing was set by hand.")
    return 0


def _withdrawn(term, options):
    found = next((each for each in term.changes() if each.number == options.withdraw), None)
    if found is None:
        raise UsageError(f"there is no change {options.withdraw} that stands: mark --list shows all")
    whose = {"assignment": found.assignment, "student": found.student}
    term.change(**whose, withdraws=found.number, reason=options.reason)
    print(one_line(f"Taken back: {found.student}, {found.assignment}: {found.words()}"))
    return whose


def _set(term, options):
    if options.student is None:
        raise UsageError("name a student, as in the gradebook, or --list, or --withdraw and a number")
    if options.points is None and not options.comment.strip():
        raise UsageError("nothing is set: give --points and --reason, or --comment")
    if options.points is not None and not options.reason.strip():
        raise UsageError("--points needs --reason: why the mark is set by hand, as the student reads it")
    try:
        assignment = assignment_named(options.assignment)
    except UnknownAssignmentError as error:
        raise UsageError(str(error)) from error
    whose = {"assignment": assignment.name, "student": _student(term, options.student)}
    _check(assignment, options.exercise, options.points)
    what = {name: getattr(options, name) for name in ("exercise", "points", "comment", "reason")}
    number = term.change(**whose, **what)
    print(one_line(f"Kept as change {number} of {whose['student']}, {whose['assignment']}."))
    return whose


def _student(term, wanted):
    students = term.students()
    found = [each.name for each in students if wanted in (each.name, each.student_id, each.email)]
    if len(found) != 1:
        near = difflib.get_close_matches(wanted, [each.name for each in students], n=3, cutoff=0.5)
        said = f"there is no student {wanted!r}" if not found else f"{wanted!r} may be {' or '.join(found)}"
        hint = f"; the nearest {'is' if len(near) == 1 else 'are'} {', '.join(map(repr, near))}" if near else ""
        raise UsageError(one_line(f"{said}: name the student as in the gradebook{hint}"))
    return found[0]


def _check(assignment, exercise, points):
    best = assignment.points if exercise is None else _points(assignment, exercise)
    if points is not None and not 0 <= points <= best:
        raise UsageError(f"--points of {exercise or 'all exercises'} go from 0 to {shown(best)}, not {points:g}")


def _points(assignment, exercise):
    try:
        exercises = named(exercise)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if exercise != exercises[0].name:
        raise UsageError(f"a mark is of one exercise, or of all: {exercise!r} has {len(exercises)}")
    points = {each.name: each.points for each in assignment.exercises}
    if exercise not in points:
        raise UsageError(f"{exercise} is none of {assignment.name}, which has {', '.join(points)}")
    return points[exercise]


def _write_pages(term, folder, assignment, student):
    """Write what is given back anew, unless somebody who grades is about to."""
    from mlt_nn.teaching.classroom import give_back

    try:
        asked = assignment_named(assignment)
    except UnknownAssignmentError:
        print(f"{assignment} stands no longer in course/course.toml, so its pages are not written.")
        return
    pages = give_back.folder_of(folder, asked)
    written: list[int] = []
    lost: dict[str, str] = {}
    try:
        with term.alone():
            if student in [record.student for record in term.note_totals(asked)]:  # all are noted
                pages.mkdir(exist_ok=True)
                lost = give_back.write(pages, lambda: term.records(asked), written.append, asked, student)
    except BlockingIOError:
        print(f"Another grading is at work in {folder}: once it is done, grade again, and the pages show it.")
        return
    for why in lost.values():
        raise CommandError(f"It is kept, but {why}")
    if not written:
        print("It shows once the student is among the submissions that are graded: the last time there were others.")
        return
    print(f"The student's page and {pages / 'gradebook.csv'} show it.")
