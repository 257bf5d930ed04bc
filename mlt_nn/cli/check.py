"""`mlt-nn check`: the checks of a notebook in a terminal, and a whole notebook against its reference run.

A notebook whose exercises are all right is also run from top to bottom with your functions, and you are
told at which cell something else came out than in the course's own run.

examples:
  python3 -m mlt_nn check activations.softmax  one function
  python3 -m mlt_nn check activations          all functions of one file
  python3 -m mlt_nn check 02                   all functions of notebook 02, then the notebook itself
  python3 -m mlt_nn check                      all functions
"""

from mlt_nn.cli import CommandError, UsageError
from mlt_nn.cli.rerun import differences, has_outputs, reference
from mlt_nn.support.catalogue import EXERCISES, find, named, notebook_named

_SHOWN = 5


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("names", nargs="*", metavar="name", help="an exercise, a file or the number of a notebook")


def execute(options):
    """Check and print; returns 1 when something is not right yet."""
    from mlt_nn.grading.check import check_exercises

    try:
        wanted = [exercise for name in options.names for exercise in named(name)]
    except ValueError as error:
        raise UsageError(str(error)) from error
    try:
        report = check_exercises(tuple(dict.fromkeys(wanted)) or EXERCISES)
        print(report.text(), flush=True)
        agree = [_agrees(notebook_named(name), report) for name in options.names if name[0].isdigit()]
    except (FileNotFoundError, RuntimeError) as error:
        raise CommandError(str(error)) from error
    return 0 if report.passed and all(agree) else 1


def _agrees(notebook, report):
    """Whether a notebook comes out as in its reference run. It is not run before its exercises are right."""
    if not all(exercise.is_right for exercise in report.exercises if find(exercise.name).notebook == notebook):
        return False
    print(f"Running notebook {notebook} with your functions ...", flush=True)
    text = reference(notebook)
    different = differences(text)
    for difference in different[:_SHOWN]:
        print(difference)
    if len(different) > _SHOWN:
        print(f"... and {len(different) - _SHOWN} more cells, which may follow from these.")
    if not different:
        print("Every cell came out as in the course's own run." if has_outputs(text) else "Every cell ran.")
    return not different
