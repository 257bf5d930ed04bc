"""`mlt-nn bench`, or `python -m benchmarks` in the folder of the tests: how long things take on this computer."""

import argparse
import contextlib
import importlib
import os
import sys
import tempfile

from mlt_nn.cli import COMMANDS
from mlt_nn.support.allocator import keep_freed_memory
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

# Each is a file beside this one; the minutes are those of two cores.
BENCHMARKS = {
    "training": "an epoch of MNIST, beside scikit-learn and PyTorch (6 minutes)",
    "accuracy": "seconds to 95 % and 97 % on the test set (2 minutes)",
    "growth": "with more points, neurons and layers (2 minutes)",
    "memory": "of training, in multiples of the data (half a minute)",
    "loading": "MNIST from its files (half a minute)",
    "feedback": "checks, import and help (3 minutes)",
    "notebooks": "each from top to bottom (4 minutes)",
    "class_size": "grading 10, 100 and 1,000 submissions (10 minutes)",
    "grading": "submissions a minute, beside Otter-Grader and nbgrader, installed at first (6 minutes)",
    "load": "right submissions on a busy computer (3 minutes)",
    "attacks": "what hostile submissions get from these three graders (6 minutes)",
    "alike": "which copies are shown in classes that are made up, and which pairs that are none (4 minutes)",
    "sliders": "from a key press to the changed picture, for each widget, in a real browser (1 minute)",
}


def _parser():
    parser = argparse.ArgumentParser(
        prog="python3 -m mlt_nn bench",
        description=f"python3 -m mlt_nn bench: {COMMANDS['bench']}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.epilog = "\n".join(
        [
            *(f"{name:<10} {what}" for name, what in BENCHMARKS.items()),
            "all        all of these",
            "",
            "The exercises are those of solutions/. Leave the computer alone meanwhile: its other work counts too.",
            "Peers that are not installed are left out; it is said how to install them.",
            "",
            "examples:",
            "  python3 -m mlt_nn bench sliders      measure the sliders and print a table",
            "  python3 -m mlt_nn bench all --write  measure everything and write it into the page",
        ]
    )
    parser.add_argument("benchmarks", nargs="+", choices=[*BENCHMARKS, "all"], metavar="benchmark", help="see below")
    parser.add_argument(
        "--write",
        action="store_true",
        help="then put the tables into tests/benchmarks/README.md",
    )
    return parser


def main(arguments):
    """Measure and print tables; returns 1 when something could not be measured."""
    options = _parser().parse_args(arguments)
    # Loaded here, for asking for help must not wait for them.
    from browser import MissingError

    from benchmarks import readme, results
    from benchmarks.peers import how_to_install, missing

    names = BENCHMARKS if "all" in options.benchmarks else dict.fromkeys(options.benchmarks)
    print(results.machine())
    if missing():
        print(f"{' and '.join(missing())} not installed, so measured without. To have them: {how_to_install()}")
    print(flush=True)
    keep_freed_memory()  # as in every notebook of the course, and for all peers alike
    tables = {}
    with _solutions():
        for name in names:
            try:
                tables[name] = results.run(benchmark(name), say=_say)
            except (MissingError, RuntimeError, FileNotFoundError) as error:
                # The others took their minutes too, and are worth having.
                print(f"{name} could not be measured: {error}\n", file=sys.stderr, flush=True)
    if options.write:
        try:
            readme.write(tables)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        print("tests/benchmarks/README.md: written")
    return int(len(tables) < len(names))


def benchmark(name):
    """The `Benchmark` of that name."""
    return importlib.import_module(f"benchmarks.{name}").BENCHMARK


def _say(line):
    print(line, flush=True)


@contextlib.contextmanager
def _solutions():
    """The exercises of solutions/, and a place for the answers to questions that is not the reader's."""
    with tempfile.TemporaryDirectory() as state:
        before = dict(os.environ)
        os.environ.update({VARIABLE: str(SOLUTIONS), "MLT_NN_STATE": state})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
