"""`mlt-nn build`: what is generated from its one source is generated again.

Stubs come from solutions/, notebooks from course/source/; each notebook is run before it is written.

examples:
  python3 -m mlt_nn build                   all stubs and all notebooks
  python3 -m mlt_nn build 02_activations    all stubs and one notebook
  python3 -m mlt_nn build --constraints     the newest versions of all packages, into mlt_nn/support/constraints.txt
"""

from mlt_nn.cli import CommandError, UsageError
from mlt_nn.support.folders import PROJECT
from mlt_nn.support.installers import CONSTRAINTS


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("notebooks", nargs="*", metavar="notebook", help="a notebook's name; without any: all of them")
    parser.add_argument(
        "--constraints",
        action="store_true",
        help="write down the newest versions that have wheels for every Python and system; needs the network",
    )


def execute(options):
    """Generate; returns 0."""
    if options.constraints:
        return _renew_constraints()
    from mlt_nn.teaching.building import notebooks, stubs

    unknown = [name for name in options.notebooks if name not in notebooks.names()]
    if unknown:
        raise UsageError(f"there is no text {', '.join(unknown)}; there are: {', '.join(notebooks.names())}")
    for module in stubs.write_stubs():
        print(f"mlt_nn/{module}.py: written", flush=True)
    for name in notebooks.build(options.notebooks or None):
        print(f"course/{name}.ipynb: run and written", flush=True)
    return 0


def _renew_constraints():
    from mlt_nn.support.writing import write_text
    from mlt_nn.teaching.building.constraints import text

    try:
        write_text(PROJECT / CONSTRAINTS, text())
    except RuntimeError as error:
        raise CommandError(f"{CONSTRAINTS} stays as it is. {error}") from error
    print(f"{CONSTRAINTS}: written")
    return 0
