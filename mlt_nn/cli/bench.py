"""`mlt-nn bench`: how long things take on this computer."""

from mlt_nn.cli import CommandError

BENCHMARKS = ("sliders",)


def configure(parser):
    """Describe the command's arguments."""
    parser.epilog = "\n".join(
        [
            "sliders    from a key press to the changed picture, for each widget, in a real browser (one minute)",
            "",
            "example:",
            "  mlt-nn bench sliders",
        ]
    )
    parser.add_argument("benchmark", choices=BENCHMARKS, help="what to measure")


def execute(options):
    """Measure and print a table; returns 0."""
    from mlt_nn.benchmarks import sliders
    from mlt_nn.browser import MissingError

    try:
        for line in sliders.table(sliders.measure()):
            print(line, flush=True)
    except (MissingError, RuntimeError) as error:
        raise CommandError(str(error)) from error
    return 0
