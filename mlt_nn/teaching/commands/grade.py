"""`mlt-nn grade`: submissions graded in a sandbox: a few as a table, a class into a folder of pages and files.

A submission is a folder or a zip with the files that students write: activations.py, network.py, ...
A folder of many is taken apart, and so is a zip of many, as Moodle, Canvas and Gradescope make it; of
several attempts the last one counts. Each exercise is graded as if all exercises before it were right, so
no mistake costs twice.

With --roster everybody in it has a row: a CSV with a column name, student_id or email, or what Moodle
(grading worksheet, participants), Canvas (gradebook) or Gradescope (roster) exports, as it is. With
--out, Moodle's worksheet and Canvas's gradebook are there again, with the marks in them, for the import.

With --out, the folder gets class.html, gradebook.csv, a page for each student, and term.sqlite3, in
which each submission stands as soon as it is graded: run the same command again after an interruption,
or with more submissions beside the old ones, and only what is new is graded.

Without a submission, it shows the term: all students, what they have, and what they had before.

examples:
  python3 -m mlt_nn grade solutions                    the course's own solutions: all points
  python3 -m mlt_nn grade submissions --out grades     a class
  python3 -m mlt_nn grade --out grades                 the term so far
  python3 -m mlt_nn grade moodle.zip --out grades --roster students.csv
"""

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from mlt_nn.cli import CommandError, UsageError
from mlt_nn.support.assignments import FILE, assignment_named, shown
from mlt_nn.teaching.classroom import late
from mlt_nn.teaching.pages.text import column, counted, listed, one_line


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("paths", nargs="*", metavar="path", type=Path, help="a submission, or a folder or zip of many")
    parser.add_argument("--out", type=Path, metavar="folder", help="write pages, gradebook and grades into this folder")
    parser.add_argument("--assignment", metavar="name", help="which, where course/course.toml names several")
    parser.add_argument("--roster", type=Path, metavar="file", help="who is in the class: a CSV or a platform's export")
    parser.add_argument(
        "--export", type=Path, metavar="folder", help="write all that is known of the term into this folder, as CSV"
    )
    parser.add_argument(
        "--scheduler", metavar="address", help="grade on a Dask cluster, with --out: the address, as tls://host:8786"
    )
    parser.add_argument(
        "--allow-process",
        action="store_true",
        help="grade also where students' code cannot be shut in: it then may do whatever you may",
    )
    parser.add_argument(
        "--seed",
        type=_seed,
        metavar="number",
        help="draw the hidden checks' inputs as in the grading that named this seed (default: anew for each grading)",
    )


def _seed(text):
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a seed is a whole number, as a grading names it, not {text!r}")
    if int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"a seed is below 2^63, as a grading names it, not {text}")
    return int(text)


def execute(options):
    """Grade and print; returns 0 when every submission was graded, whatever its points."""
    from mlt_nn.teaching.classroom import roster
    from mlt_nn.teaching.classroom.collect import collect
    from mlt_nn.teaching.grader.grader import NotIsolated, check_folders, stubs
    from mlt_nn.teaching.grader.grader import collected as collected_checks

    for argument, folder in (("--out", options.out), ("--export", options.export)):
        if folder and folder.is_file():
            raise UsageError(f"{folder} is a file: name a folder with {argument}")
    if options.scheduler and options.out is None:
        raise UsageError("--scheduler needs --out: a folder for the grades")
    if options.export and (options.paths or options.out is None):
        raise UsageError("--export needs --out, the folder with the grades, and no submissions")
    if not options.paths:
        if options.out is None:
            raise UsageError("name a submission, a folder or a zip of many, or with --out the folder of a term to show")
        return _show_term(options)
    assignment = assignment_named(options.assignment)
    try:
        collected_checks(check_folders())  # a mistake in the course is told once, and not of each student
        stubs()
        students = roster.read(options.roster, _zone(assignment)) if options.roster else None
        collected = collect(options.paths, students, assignment.due)
        for hint in collected.hints:
            print(one_line(f"Note: {hint}"))
        for path, why in collected.ignored:
            print(one_line(f"Not graded: {path}: {why}"))
        for each in collected.submissions:
            if each.superseded:
                print(one_line(f"Superseded: {each.student}: {each.shown}: {each.superseded}"))
        if not collected.counting:
            raise CommandError("There is no submission to grade.")
        for line in _of_no_use(assignment, collected):
            print(one_line(line))
        if options.out:
            return _grade_class(collected, options, assignment, students)
        status = _grade_some(collected.counting, options, assignment)
        for student, _ in collected.missing:
            print(one_line(f"Handed in nothing: {student}"))
        return status
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    except NotIsolated as error:
        raise CommandError(
            f"{error}.\nWith --allow-process it is graded all the same; the code may then do whatever you may do."
        ) from error
    except (roster.RosterError, RuntimeError, OSError) as error:
        raise CommandError(str(error)) from error


def _zone(assignment):
    """The time zone that the course names, or None."""
    zone = assignment.due and assignment.due.tzinfo
    return zone if isinstance(zone, ZoneInfo) else None  # an offset in a date is that of a day


def _of_no_use(assignment, collected):
    """What there is to say of extensions that are not one student's."""
    who = dict([(each.student, each.who) for each in collected.submissions] + list(collected.missing))
    for called, _ in assignment.extensions:
        found = late.fitting(called, who.items())
        if not found:
            yield f"Not here: {called}, who has an extension in {FILE.name}: nobody found has that name."
        if len(found) > 1:
            yield (
                f"Not given: the extension of {called} in {FILE.name}, which may be for {' or '.join(found)}: write "
                "the id or the e-mail there, or the name as it stands here."
            )


def _show_term(options):
    from mlt_nn.teaching.classroom.term import existing
    from mlt_nn.teaching.classroom.term_table import lines

    try:
        with existing(options.out) as term:
            for line in lines(term):
                print(line)
            if options.export:
                options.export.mkdir(parents=True, exist_ok=True)
                term.export(options.export)
                print(f"All of it stands in {options.export} as CSV.")
    except OSError as error:
        raise CommandError(str(error)) from error
    return 0


def _grade_some(found, options, assignment):
    from mlt_nn.teaching.classroom.tally import why_open
    from mlt_nn.teaching.grader.grader import grade
    from mlt_nn.teaching.grader.isolation import isolation

    def tell(graded):
        graded = assignment.of(graded)
        print(_table(graded) if len(found) == 1 else _line(graded), flush=True)

    names = [each.name for each in assignment.exercises]
    how = {"seed": options.seed, "exercises": names}
    all_graded = grade([each.path for each in found], isolation(), tell, options.allow_process, **how)
    for graded in [each for each in all_graded if not each.problem][:1]:
        print(_how(graded))
    still_open = [each for graded in all_graded for each in graded.exercises if each.is_open]
    if still_open:
        print(why_open(still_open))
    return 1 if still_open else 0


def _grade_class(collected, options, assignment, students):
    import contextlib
    from collections import Counter

    from tqdm import tqdm

    from mlt_nn.teaching.classroom import class_run, feedback, give_back, marks, pools
    from mlt_nn.teaching.classroom.term import Term
    from mlt_nn.teaching.grader.grader import HIDDEN, check_folders
    from mlt_nn.teaching.grader.isolation import isolation

    found = collected.counting
    pages_folder = give_back.folder_of(options.out, assignment)
    pages_folder.mkdir(parents=True, exist_ok=True)
    shut_in = isolation()
    shut_in.close()
    pool = pools.dask(options.scheduler) if options.scheduler else pools.local()
    bar = {"unit": "", "file": sys.stderr, "dynamic_ncols": True}
    with Term(options.out) as term, term.alone():
        with tqdm(total=len(found), desc="grading", **bar) as progress:
            paths = [each.path for each in found]
            seed, *before = class_run.seeds(term) if options.seed is None else [options.seed]
            with contextlib.closing(pool):
                try:
                    how = options.allow_process, seed, before, progress.write
                    keys = class_run.grade(paths, term, assignment, shut_in.level, pool, progress.update, *how)
                except (RuntimeError, OSError, KeyboardInterrupt) as error:
                    why = "Interrupted." if isinstance(error, KeyboardInterrupt) else error
                    kept = f"{progress.n} of {len(found)} are graded and kept; the same command goes on."
                    raise CommandError(f"{why}\n{kept}") from error

        class_run.hand_in(term, assignment, collected, keys)
        outcomes: dict[str, str] = {}
        seeds: set[int] = set()
        for each in term.note_totals(assignment):
            outcomes[each.student] = each.status
            seeds.update({each.grade.seed} if each.grade else ())
        term.give_back(seed)  # before the first page is
        graded_before = sum(key not in term.added for key, _ in keys)
        missing = term.left_out(assignment.name)
        by_hand = any(each.student in missing for each in term.changes(assignment.name))
        with tqdm(total=len(found) + len(collected.missing), desc="writing pages", **bar) as progress:
            lost = give_back.write(pages_folder, lambda: term.records(assignment), progress.update, assignment)

        def given():
            return (each for each in term.records(assignment) if each.student not in lost)

        told = marks.write(pages_folder, given(), students, assignment)
        told += feedback.write(pages_folder, given(), students)
    statuses = Counter((outcomes | dict.fromkeys(lost, "infrastructure error")).values())
    for student, why in lost.items():
        print(one_line(f"Not given back: {student}: {why}"))
    for status, count in sorted(statuses.items()):
        print(f"{count:>6} {status}{'s' if count > 1 and status.endswith('error') else ''}")
    if graded_before:
        print(f"The files of {graded_before} of them were graded before.")
    for line in told:
        print(line)
    if missing:
        print(
            one_line(
                f"{counted(len(missing), 'student who was', 'students who were')} graded here before "
                f"{'is' if len(missing) == 1 else 'are'} not among these submissions, nor in the gradebook: "
                f"{listed(missing)}. Name all submissions, old and new, and only the new ones are graded."
                f"{' What was set by hand stays with these names: mark --list shows it.' if by_hand else ''}"
            )
        )
    drawn = f"seed{'s' if len(seeds) > 1 else ''} {' and '.join(map(str, sorted(seeds)))}"
    if HIDDEN in check_folders():
        print(f"The inputs of the hidden checks were drawn from the {drawn}.")
    else:
        print(f"Graded by the public checks only, which students have: there are no hidden ones in {HIDDEN}.")
    print(f"Look at {pages_folder / 'class.html'} first; the points stand in {pages_folder / 'gradebook.csv'}.")
    return 1 if statuses["infrastructure error"] else 0


def _line(graded):
    right = sum(each.is_right for each in graded.exercises)
    told = f"  {one_line(graded.problem)}" if graded.problem else ""
    points = f"{graded.points:g} of {shown(graded.max_points)}"
    return f"{column(graded.name, 30)} {points:>12} points  {right:>2} of {len(graded.exercises)} exercises right{told}"


def _table(graded):
    rows = [_line(graded), ""]
    for each in graded.exercises:
        first = each.first_failure
        why = ""
        if first is not None:
            line = f"line {first.line}: " if first.line else ""
            message, _, _ = first.message.partition("\n")
            why = f"  {each.state}: {line}{one_line(message)}"
        checks = f"{each.passed} of {each.of_checks}"
        rows.append(f"  {each.name:<38} {each.points:>4.4g} of {shown(each.max_points)}  {checks:>22}{why}")
    return "\n".join(rows)


def _how(graded):
    from mlt_nn.teaching.grader.isolation import LEFT_OPEN

    checks = "public and hidden checks" if graded.hidden_checks else "public checks only, for there are no hidden ones"
    shut_in = "shut in a sandbox" if graded.isolation == "sandbox" else f"not shut in ({graded.isolation_reason})"
    left_open = f"\n{LEFT_OPEN}" if graded.isolation == "sandbox" else ""
    return (
        f"\nGraded by {checks}; the students' code was {shut_in}.{left_open}\n"
        f"The inputs were drawn from the seed {graded.seed}."
    )
