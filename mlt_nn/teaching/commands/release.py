"""`mlt-nn release`: the course's folder for students, and what Gradescope grades with.

The folder and the zip beside it hold all that a student needs, and no solution and no hidden check. The
questions of the notebooks hold their answers, which are told as soon as one is chosen.

examples:
  python3 -m mlt_nn release                     makes mlt-nn-course and mlt-nn-course.zip here
  python3 -m mlt_nn release out/spring          makes out/spring and out/spring.zip
  python3 -m mlt_nn release --without-outputs   without our run, which `check 02` compares with
  python3 -m mlt_nn release --repository https://github.com/YOU/COURSE
                                     for a repository of that address: its notebooks open in Google Colab
  python3 -m mlt_nn release --gradescope autograder.zip
                                     makes the zip that Gradescope asks for; students must not get it
"""

from pathlib import Path

from mlt_nn.cli import CommandError
from mlt_nn.support.assignments import assignment_named, shown


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("folder", nargs="?", type=Path, help="the folder to make; without it: mlt-nn-course")
    parser.add_argument("--without-outputs", action="store_true", help="leave our run of the notebooks out")
    parser.add_argument(
        "--repository", metavar="address", help="where you will put the folder on GitHub, so that it opens in Colab"
    )
    parser.add_argument(
        "--gradescope", type=Path, metavar="zip", help="make this zip, and a folder only if one is named"
    )
    parser.add_argument("--assignment", metavar="name", help="with --gradescope: which, of several")


def execute(options):
    """Make what was asked for; returns 0."""
    from mlt_nn.teaching.building.release import demand_free, places

    assignment = assignment_named(options.assignment) if options.gradescope else None
    zips = [options.gradescope.resolve()] if options.gradescope else []
    folders = [options.folder or Path("mlt-nn-course")] if options.folder or not zips else []
    try:
        demand_free(*zips, *(place for folder in folders for place in places(folder)))
        for path in zips:
            _gradescope(path, assignment)
        for folder in folders:
            _handout(folder, not options.without_outputs, options.repository)
    except (OSError, ValueError) as error:
        raise CommandError(f"It could not be made: {error}") from error
    return 0


def _handout(place, outputs, repository):
    from mlt_nn.teaching.building import colab, release

    files = release.handout(outputs)
    if repository is not None:
        files = colab.prepared(files, repository)
    folder, archive = release.write(place, files)
    print(f"Written: {folder} and {archive} ({archive.stat().st_size / 1e6:.1f} MB), {len(files)} files each.")
    print("Give one of the two to students; its README.md says how to start. To see that it works, run in that folder")
    print("    python3 -m mlt_nn test")
    if repository is not None:
        print(
            f"Put what is in the folder on the branch main of {repository}; mlt_nn/teaching/guides/colab.md says how."
        )


def _gradescope(place, assignment):
    from mlt_nn.teaching.building import autograder

    archive = autograder.write(place, assignment)
    print(f"Written: {archive} ({archive.stat().st_size / 1e6:.1f} MB). It holds solutions and hidden checks.")
    print(f"In Gradescope make a programming assignment of {shown(assignment.points)} points; choose Ubuntu 24.04, and")
    print("upload this zip under Configure Autograder. Students upload the zip of  python3 -m mlt_nn submit , or their")
    print("files. Gradescope runs each in a container of its own, in which the sandbox often cannot be started. Then")
    print("a student's code runs as another user, who cannot read the hidden checks or write the marks, but may do all")
    print("else that such a user may. Each result says which of the two it was.")
