"""The page that a student gets back: what is right, what to do next, and each mistake with its line."""

import hashlib
import re
import unicodedata

from mlt_nn.grading.results import WRONG
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.support.catalogue import exercise as find
from mlt_nn.support.writing import write_text
from mlt_nn.teaching.pages.page import code, count, details, escape, name, number, page, reading, shown, sign, table

_SHOWN_LINE = 300


def write(path, record):
    """Write the page of one submission, described in `mlt_nn.teaching.classroom.record`."""
    write_text(path, text(record))


def file_name(student):
    """A file name for a student's page, on every system, and another one for every other student.

    >>> file_name("Zoë Müller")
    'zoe-muller-d6e575a6b5.html'
    """
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    start = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "student"
    return f"{start}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}.html"


def text(record):
    """The page as HTML."""
    graded = record["grade"]
    head = [f"<h1>Your neural network: {name(record['student'])}</h1>", f'<p class="soft">{_handed_in(record)}</p>']
    if graded is None or graded["problem"]:
        body = [_not_graded(record)]
    else:
        exercises = graded["exercises"]
        body = [
            _points(graded, exercises),
            _next(exercises),
            _right(exercises),
            _not_yet(exercises),
            _not_written(exercises),
        ]
    how = [_how(graded)] if graded is not None else []
    return page(f"Your neural network: {record['student']}", *head, *body, *how)


def _handed_in(record):
    attempt = f"Attempt {record['attempt']}."
    if record["when"]:
        late = ", late" if record["late"] else ""
        return f"Handed in: {escape(record['when'])}{late}. {attempt}"
    return f"Handed in late. {attempt}" if record["late"] else attempt


def _not_graded(record):
    if record["grade"] is None:
        return (
            "<h2>Not graded yet</h2><p>Something went wrong on our side while your work was graded. It is no mistake "
            "of yours, and it costs no points. You need not do anything: it will be graded again.</p>"
        )
    why = f'<p class="message">{escape(record["grade"]["problem"])}</p>'
    ask = (
        "Hand in one folder, or one zip, with the files that you wrote: <code>neuron.py</code>, "
        "<code>activations.py</code> and so on. They are in the folder <code>mlt_nn</code> of the course; "
        "<code>python3 -m mlt_nn submit</code> makes such a zip."
    )
    return f"<h2>It could not be graded</h2>{why}<p>What to do: {ask}</p>"


def _points(graded, exercises):
    right = sum(each["state"] == "passed" for each in exercises)
    points = f"{shown(graded['points'])} of {count(graded['max_points'], 'point', 'points')}"
    open_ = [each for each in exercises if each["state"] == "broken"]
    told = ""
    if open_:
        names = ", ".join(code(each["name"]) for each in open_)
        told = f"<p>Still open: {names}. A check of ours is broken, which is no mistake of yours.</p>"
    return (
        f'<p class="points"><b>{points}.</b> {right} of {count(len(exercises), "exercise is", "exercises are")} right.'
        f"</p>{told}"
    )


def _next(exercises):
    """What is good, and the first thing to mend; when nothing is to be mended, the first to write."""
    wrong = [each for each in exercises if each["state"] in WRONG]
    written = [each for each in exercises if each["state"] != "not written"]
    unwritten = [each for each in exercises if each["state"] == "not written"]
    whole = [each for each in NOTEBOOKS if all(one["state"] == "passed" for one in _of(exercises, each))]
    good = f"<p>{_good(exercises, whole)}</p>"
    if wrong:
        first = wrong[0]
        then = f"Mend {code(first['name'])} first. {_its_mistake(first)}"
        if len(wrong) > 1:
            then += f" After it, {count(len(wrong) - 1, 'other waits', 'others wait')} below."
        read = f"Read again: {reading(find(first['name']))}."
    elif unwritten:
        first = unwritten[0]
        start = "All that you have written is right. Go on with" if written else "Begin with"
        then, read = f"{start} {code(first['name'])}.", f"It is explained in {reading(find(first['name']))}."
    else:
        return f"<h2>What is next</h2>{good}<p>Nothing is left to mend.</p>"
    return f'<h2>What is next</h2>{good}<article class="next"><p>{then}</p><p>{read}</p></article>'


def _good(exercises, whole):
    if len(whole) == len(NOTEBOOKS):
        return "All exercises of the course are right. You wrote a neural network from scratch."
    if whole:
        numbers = [str(number(each)) for each in whole]
        listed = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        return f"All exercises of {'notebook' if len(numbers) == 1 else 'notebooks'} {listed} are right."
    if any(each["state"] == "passed" for each in exercises):
        return "You have a good start: some functions are right already."
    return "Nothing is right yet, and that is where everybody begins."


def _its_mistake(exercise):
    failure = exercise["first_failure"]
    first = failure["mistake"] or failure["message"].partition("\n")[0]
    return escape(first)


def _right(exercises):
    rows = []
    for notebook in NOTEBOOKS:
        own = _of(exercises, notebook)
        right = [code(find(each["name"]).function) for each in own if each["state"] == "passed"]
        if not right:
            continue
        points = f"{shown(sum(each['points'] for each in own))} of {sum(each['max_points'] for each in own)}"
        title = f"{number(notebook)}. {code(notebook[3:])}"
        rows.append([title, f"{len(right)} of {len(own)}", points, ", ".join(right)])
    columns = {"notebook": "", "right": "number", "points": "number", "which": "text"}
    if not rows:
        return ""
    return f"<h2>What is right</h2>{table('What is right, by notebook', columns, rows)}"


def _not_yet(exercises):
    wrong = [each for each in exercises if each["state"] in WRONG]
    if not wrong:
        return ""
    note = (
        "<p>Each exercise was graded as if all before it were right, so none of these comes from another one. The "
        "message is that of the first check that did not pass.</p>"
    )
    return f"<h2>What is not right yet</h2>{note}{''.join(map(_card, wrong))}"


def _card(exercise):
    failure = exercise["first_failure"]
    known = find(exercise["name"])
    points = f"{shown(exercise['points'])} of {count(exercise['max_points'], 'point', 'points')}"
    checks = f"{exercise['passed']} of {count(exercise['checks'], 'check', 'checks')} passed"
    first, end, more = failure["message"].partition("\n")
    rest = end + more
    parts = [
        f"<h3>{code(exercise['name'])}: {sign(exercise['state'])}</h3>",
        f'<p class="soft">{points}; {checks}.</p>',
        f'<p class="message"><b>{escape(first)}</b>{escape(rest)}</p>',
    ]
    if failure["check"]:
        kind = " (a check that runs only when work is graded)" if failure["hidden"] else ""
        parts.append(f"<p>What was checked: {escape(failure['check'])}{kind}.</p>")
    if failure["line"]:
        parts.append(f"<p><code>mlt_nn/{failure['module']}.py</code>, line {failure['line']}:</p>")
        parts.append(f"<pre>{escape(failure['source'][:_SHOWN_LINE])}</pre>")
    parts.append(f"<p>Read again: {reading(known)}.</p>")
    return f'<article class="wrong">{"".join(parts)}</article>'


def _not_written(exercises):
    unwritten = [each for each in exercises if each["state"] == "not written"]
    if not unwritten:
        return ""
    rows = [[code(each["name"]), str(each["max_points"]), reading(find(each["name"]))] for each in unwritten]
    columns = {"exercise": "", "points": "number", "where it is explained": "text"}
    head = f"{sign('not written')}: {count(len(unwritten), 'exercise', 'exercises')}"
    return f"<h2>What is left to write</h2><p>{head}.</p>{table('Exercises to write', columns, rows)}"


def _how(graded):
    checks = "the public checks and hidden ones" if graded["hidden_checks"] else "the public checks only"
    shut_in = {"sandbox": "shut in a sandbox", "process": "run in a process of its own, not shut in"}
    versions = ", ".join(f"{escape(each)} {escape(version)}" for each, version in graded["versions"].items())
    files = []
    for each in graded["files"]:
        file, sha256 = f"<code>{escape(each['name'])}</code>", f"<code>{escape(each['sha256'])}</code>"
        files.append([file, f"{each['lines']:,}", sha256, escape(each["problem"]) or "none"])
    columns = {"file": "", "lines": "number", "SHA-256": "text", "problem": "text"}
    return details(
        "How this was graded",
        f"<p>By {checks}. Your code was {shut_in[graded['isolation']]}. An exercise's points are the share of its "
        "checks that passed; each is tried with our version of the exercises before it, so that no mistake costs "
        "twice.</p>",
        f"<p>Versions: {versions}. Seed: {graded['seed']}.</p>",
        table("The files that were graded", columns, files),
        f'<p class="soft">{len(EXERCISES)} exercises, {sum(each.points for each in EXERCISES)} points in all.</p>',
    )


def _of(exercises, notebook):
    return [each for each in exercises if find(each["name"]).notebook == notebook]
