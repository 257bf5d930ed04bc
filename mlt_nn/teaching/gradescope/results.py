"""One graded submission as Gradescope's results.json.

Source: the section "Output format" of Gradescope's autograder specifications.
"""

from mlt_nn.support.assignments import shown
from mlt_nn.support.catalogue import NOTEBOOKS, find
from mlt_nn.teaching.grader.isolation import LEFT_OPEN
from mlt_nn.teaching.pages.text import one_line, visible


def results(graded, seconds=None, set_points=None, said=()):
    """The content of results.json.

    Arguments:
        graded: a Graded.
        seconds: how long the grading took.
        set_points: {exercise, or None for all: the points that were set by hand}.
        said: what else the student is told, line by line.

    Returns:
        A dict of plain values, with one test for each exercise. Of hidden checks it says no more than `graded` does,
        so all of it may be shown to the student. Points that are open are no mark: such a test has neither score nor
        status, and then there is no score of the whole, without which Gradescope gives none.
    """
    set_points = set_points or {}
    points = {each.name: None if each.is_open else each.points for each in graded.exercises}
    points |= {name: set_points[name] for name in points if name in set_points}
    known = [each for each in points.values() if each is not None]
    is_open = len(known) < len(points)
    score = set_points.get(None, None if is_open else round(min(sum(known), graded.max_points), 4))
    return {
        **({} if score is None else {"score": score}),
        **({} if seconds is None else {"execution_time": round(seconds)}),
        "output": "\n".join([*_summary(graded, score), *map(one_line, filter(None, said))]),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": _tests(graded, points),
        "extra_data": {
            name: getattr(graded, name)
            for name in ("isolation", "isolation_reason", "files", "versions", "seed", "hidden_checks")
        },
    }


def _summary(graded, score):
    right = sum(each.is_right for each in graded.exercises)
    still_open = ", ".join(each.name for each in graded.exercises if each.is_open)
    points = "no points yet" if score is None else f"{score:g} of {shown(graded.max_points)} points"
    yield f"{right} of {len(graded.exercises)} exercises are right: {points}."
    if graded.problem:
        yield f"Nothing could be graded: {one_line(graded.problem)}"
    if any(each.state == "broken" for each in graded.exercises):
        yield f"A check of ours is broken, which is no mistake of yours. Still open: {still_open}."
    elif still_open:
        yield f"The computer was too busy, which is no mistake of yours. Still open: {still_open}."
    if not graded.problem:
        yield f"Graded by {'public and hidden checks' if graded.hidden_checks else 'the public checks'}."
    for file in graded.files:
        problem = f" {one_line(file['problem'])}" if file["problem"] else ""
        yield f"{file['name']}: {file['lines']} lines, SHA-256 {file['sha256'][:12]}.{problem}"
    if graded.problem:
        return  # nothing was run
    if graded.isolation == "sandbox":
        yield f"Isolation: sandbox. {LEFT_OPEN}"
    else:
        yield f"Isolation: {graded.isolation} ({graded.isolation_reason})."


def _tests(graded, points):
    numbers = dict.fromkeys(NOTEBOOKS, 0)
    tests = []
    for each in graded.exercises:
        notebook = find(each.name).notebook
        numbers[notebook] += 1
        tests.append(
            {
                "name": each.name,
                "number": f"{int(notebook.partition('_')[0])}.{numbers[notebook]}",
                "max_score": each.max_points,
                **_score(each, points[each.name]),
                "output": visible("\n".join(each.lines())),
                "output_format": "text",
                "tags": [notebook, each.state],
                "visibility": "visible",
            }
        )
    return tests


def _score(exercise, points):
    if points is None:
        return {}
    return {"score": points} | ({} if exercise.is_open else {"status": "passed" if exercise.is_right else "failed"})
