"""One graded submission as Gradescope's results.json.

Source: the section "Output format" of Gradescope's autograder specifications.
"""

from mlt_nn.support.assignments import shown
from mlt_nn.support.catalogue import NOTEBOOKS, find
from mlt_nn.teaching.grader.isolation import LEFT_OPEN
from mlt_nn.teaching.pages.text import one_line, visible


def results(graded, seconds=None):
    """The content of results.json.

    Arguments:
        graded: a Graded.
        seconds: how long the grading took.

    Returns:
        A dict of plain values, with one test for each exercise. Of hidden checks it says no more than `graded` does,
        so all of it may be shown to the student. Points that are open are no mark: such a test has neither score nor
        status, and then there is no score of the whole, without which Gradescope gives none.
    """
    is_open = any(each.is_open for each in graded.exercises)
    return {
        **({} if is_open else {"score": graded.points}),
        **({} if seconds is None else {"execution_time": round(seconds)}),
        "output": "\n".join(_summary(graded)),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": _tests(graded),
        "extra_data": {
            name: getattr(graded, name)
            for name in ("isolation", "isolation_reason", "files", "versions", "seed", "hidden_checks")
        },
    }


def _summary(graded):
    right = sum(each.is_right for each in graded.exercises)
    still_open = ", ".join(each.name for each in graded.exercises if each.is_open)
    points = "no points yet" if still_open else f"{graded.points:g} of {shown(graded.max_points)} points"
    yield f"{right} of {len(graded.exercises)} exercises are right: {points}."
    if graded.problem:
        yield f"Nothing could be graded: {one_line(graded.problem)}"
    if any(each.state == "broken" for each in graded.exercises):
        yield f"A check of ours is broken, which is no mistake of yours. Still open: {still_open}."
    elif still_open:
        yield f"The computer was too busy, which is no mistake of yours. Still open: {still_open}."
    yield f"Graded by {'public and hidden checks' if graded.hidden_checks else 'the public checks'}."
    for file in graded.files:
        problem = f" {one_line(file['problem'])}" if file["problem"] else ""
        yield f"{file['name']}: {file['lines']} lines, SHA-256 {file['sha256'][:12]}.{problem}"
    if graded.isolation == "sandbox":
        yield f"Isolation: sandbox. {LEFT_OPEN}"
    else:
        yield f"Isolation: {graded.isolation} ({graded.isolation_reason})."


def _tests(graded):
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
                **({} if each.is_open else {"score": each.points, "status": "passed" if each.is_right else "failed"}),
                "output": visible("\n".join(each.lines())),
                "output_format": "text",
                "tags": [notebook, each.state],
                "visibility": "visible",
            }
        )
    return tests
