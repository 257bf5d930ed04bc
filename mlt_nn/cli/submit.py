"""`mlt-nn submit`: the exercise files in one zip, to be handed in.

The zip holds your nine exercise files and manifest.json, which says how far you are, the versions of
Python, NumPy and the course, and the time, in UTC. Who you are it does not say, unless you give your
name. Before, the files are tried as they will be graded: alone, with NumPy and no other package.
Where the course has several assignments, you are told of the one that is due next.

examples:
  python3 -m mlt_nn submit                      writes mlt-nn-submission.zip into the course's folder
  python3 -m mlt_nn submit --name "Ada Lovelace"
"""

import contextlib
import hashlib
import json
import platform
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from mlt_nn.cli import CommandError
from mlt_nn.grading.handed_in import MANIFEST
from mlt_nn.support.archive import zipped
from mlt_nn.support.assignments import WHOLE_COURSE, assignment_named, assignments, due_next, shown
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.environment import installed_version
from mlt_nn.support.folders import PROJECT
from mlt_nn.support.overlay import exercise_file
from mlt_nn.support.writing import no_room, write_bytes

ZIP = PROJECT / "mlt-nn-submission.zip"
# So many exercises of a kind are named.
_NAMED = 4


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("--assignment", metavar="name", help="another than the one that is due next")
    parser.add_argument("--name", help="your name, if it is to stand in the zip")
    parser.add_argument("--out", type=Path, default=ZIP, metavar="place", help="another file, or folder, for the zip")


def execute(options):
    """Write the zip and say what is in it.

    Returns:
        1 when it would be graded otherwise than it works here, else 0: that exercises are missing is no error.
    """
    now = datetime.now(UTC)
    assignment = assignment_named(options.assignment) if options.assignment else due_next(now)
    out = options.out.resolve()
    if out.is_dir() or not out.name:  # a drive of Windows that is not there has no name either
        out = out / ZIP.name
    places = {f"{module}.py": exercise_file(module) for module in MODULES}
    files = {name: _data(file) for name, file in places.items() if file.is_file()}
    if not files:
        raise CommandError("There is no exercise file to hand in: mlt_nn/neuron.py and all others are gone.")
    results, why = _tried(files)
    states = {each.name: each.state for each in results} if results else None
    asked = assignment.results(results)
    differences = list(_differences(asked))
    for difference in differences:
        print(difference)
    versions = {"python": platform.python_version(), **{each: installed_version(each) for each in ("numpy", "mlt-nn")}}
    try:
        write_zip(out, files, manifest(files, states, versions, now, options.name))
    except OSError as error:
        raise CommandError(
            f"The zip cannot be written to {out}: {error.strerror}. Name another place with --out."
        ) from error
    print(f"Written: {out}")
    name = f'the name "{options.name}"' if options.name else "no name"
    print(f"In it are {len(files)} files of yours, how far you are, and {name}.")
    missing = [name for name in places if name not in files]
    if missing:
        print(f"Missing, for they are gone: {', '.join(missing)}.")
    print("\n".join(_words(assignment, asked)) if asked else f"How far you are could not be told: {why}")
    later = [str(each) for each in assignments() if each is not assignment and (each.due is None or each.due >= now)]
    if later:
        print(f"Not due yet: {'; '.join(later)}.")
    if differences:
        print("Next: mend what stands at the top, and write  python3 -m mlt_nn submit  again.")
        return 1
    print("Next: hand it in where your course collects the work. Later you may do the same again.")
    return 0


def manifest(files, progress, versions, when, name=None):
    """What the zip says of itself: nothing in it tells of the person or the computer, unless a name is given.

    Arguments:
        files: {"neuron.py": its bytes, ...}.
        progress: {"neuron.pre_activation": "passed", ...}, as the public checks found it, or None when they could not.
        versions: {"python": "3.11.7", ...}.
        when: a datetime of the time zone UTC.
        name: what the student wants to be called.

    Returns:
        A dict of plain values.
    """
    sums = {file: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for file, data in files.items()}
    time = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": name, "time": time, "versions": versions, "files": sums, "progress": progress}


def write_zip(path, files, manifest):
    """Write the zip, whole or not at all; files and manifest as for and from `manifest`."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    write_bytes(path, zipped({MANIFEST: text.encode("utf-8"), **files}))


def _data(file):
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _tried(files):
    """The results of all public checks for these files, which have no other beside them; and "".

    Where they cannot be told they are none, and why comes second.
    """
    from mlt_nn.grading.check import check_exercises

    private = ""
    try:
        private = tempfile.mkdtemp()
        folder, nowhere = Path(private, "mlt_nn"), Path(private, "nowhere")
        for each in (folder, nowhere):
            each.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        with contextlib.chdir(nowhere):
            return check_exercises(EXERCISES, folder=folder).exercises, ""
    except (OSError, RuntimeError) as error:
        return [], no_room(error) or str(error)
    finally:
        # Not by TemporaryDirectory: on Windows a folder may stay a moment longer than the worker that ended in it.
        if private:
            shutil.rmtree(private, ignore_errors=True)


def _differences(results):
    """What stands in the way of the grading and not of the student, each once, in lines."""
    told = dict.fromkeys(each.first_failure.message.splitlines()[-1] for each in results if _is_outside(each))
    if told:
        yield "As it is, this would lose points. It is graded by your nine files, NumPy and Python's own library alone:"
        yield from (f"  {each}" for each in told)


def _is_outside(result):
    from mlt_nn.grading.hints import NOT_FOUND

    return result.first_failure and (
        result.is_unreadable or result.first_failure.exception in (*NOT_FOUND, "FileNotFoundError")
    )


def _words(assignment, results):
    """How far the student is: how many are right, and the first of all others."""
    own = "" if assignment is WHOLE_COURSE else f"{assignment}: "
    points = assignment.total(each.max_points for each in results if each.is_right)
    yield (
        f"{own}{sum(each.is_right for each in results)} of {len(results)} exercises are right by the checks that you "
        f"have: {shown(points)} of {shown(assignment.points)} points."
    )
    names = {each.name: each.name + " (optional)" * (each.name in assignment.optional) for each in results}
    unwritten = [names[each.name] for each in results if each.state == "not written"]
    wrong = [names[each.name] for each in results if each.state not in ("passed", "not written")]
    if wrong:
        yield f"Not right yet: {_some(wrong)}."
    if unwritten:
        yield f"Not written yet: {_some(unwritten)}."


def _some(names):
    more = len(names) - _NAMED
    rest = f", and {more} more (all:  python3 -m mlt_nn progress )" if more > 0 else ""
    return ", ".join(names[:_NAMED]) + rest
