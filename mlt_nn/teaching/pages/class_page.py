"""class.html: what the class can do, which mistakes it makes, and what to teach again on Tuesday."""

from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS, find
from mlt_nn.support.writing import write_text
from mlt_nn.teaching.classroom.tally import LISTED, Tally
from mlt_nn.teaching.pages import class_pictures
from mlt_nn.teaching.pages.page import code, count, details, escape, name, number, page, reading, shown, table
from mlt_nn.teaching.pages.student_page import file_name

STUDENTS = "students"
"""The folder beside class.html in which it looks for the pages that `student_page.file_name` names."""

# Notebooks and exercises, as they stand at the beginning of what is counted.
_ORDER = (*NOTEBOOKS, *(exercise.name for exercise in EXERCISES))
_TEACH = 3
_FREQUENT = 15


def write(path, records):
    """Write the page of a class.

    Arguments:
        path: the file.
        records: an iterable of records, as `teaching.classroom.record` describes them, one for each student; it is
            read once, one by one.
    """
    tally = Tally()
    for record in records:
        tally.add(record)
    write_text(path, text(tally))


def text(tally):
    """The page as HTML."""
    parts = ["<h1>The class</h1>", _summary(tally)]
    if tally.graded:
        parts += [
            _teach(tally),
            f"<h2>The exercises</h2>{class_pictures.exercises(tally)}",
            _numbers(tally),
            _mistakes(tally),
            f"<h2>The points</h2>{class_pictures.points(tally)}{_averages(tally)}",
        ]
    return page("The class: mlt-nn", *parts, _to_look_at(tally), _students(tally))


def _summary(tally):
    if not tally.submissions:
        return "<p>There is no submission yet.</p>"
    late = f", {tally.late:,} of them late" if tally.late else ""
    graded = f"{tally.graded:,} could be graded" if tally.graded < tally.submissions else "all were graded"
    n = tally.number_to_look_at
    look = f' <a href="#look">Somebody should look at {n:,} of them.</a>' if n else ""
    return f"<p>{count(tally.submissions, 'submission', 'submissions')}{late}; {graded}.{look}</p>"


def _teach(tally):
    """The sections in which most have something wrong, in words."""
    items = []
    for (notebook, section), n in _most(tally.wrong_in)[:_TEACH]:
        own = [each.name for each in EXERCISES if (each.notebook, each.section) == (notebook, section)]
        listed = ", ".join(f"{code(each)} ({tally.wrong(each):,})" for each in own if tally.wrong(each))
        ((exercise, mistake), most), *_ = _most({key: k for key, k in tally.mistakes.items() if key[0] in own})
        often = f"Most often, {most:,} times, in" if most > 1 else "For example, in"
        items.append(
            f"<li><b>Notebook {number(notebook)}, “{escape(section)}”.</b> {n:,} of {_students_graded(tally)} "
            f"({_share(n, tally.graded)}) {'has' if n == 1 else 'have'} something wrong there: {listed}. "
            f"{often} {code(exercise)}: {escape(mistake)}</li>"
        )
    head = "<h2>What to teach again on Tuesday</h2>"
    if not items:
        return f"{head}<p>Nothing: all that was written is right.</p>"
    return f"{head}<ol>{''.join(items)}</ol>"


def _to_look_at(tally):
    if not tally.number_to_look_at:
        return ""
    rows = [[_link(record), str(record["attempt"]), escape(why)] for record, why in tally.to_look_at]
    columns = {"student": "text", "attempt": "number", "why": "text"}
    more = tally.number_to_look_at - len(rows)
    rest = f"<p>And {more:,} more.</p>" if more else ""
    head = '<h2 id="look">Submissions that somebody should look at</h2>'
    return f"{head}{table('Submissions to look at', columns, rows)}{rest}"


def _numbers(tally):
    """The first picture as a table."""
    rows = []
    for each in EXERCISES:
        states = tally.states[each.name]
        stuck = states["timed out"] + states["died"]
        numbers = [states["passed"], states["failed"], stuck, states["not written"], states["broken"]]
        rows.append([code(each.name), *(f"{n:,}" for n in numbers)])
    heads = ("right", "not yet", "does not end", "not written", "open")
    return details(
        "The same in numbers", table("Students by exercise", {"exercise": ""} | dict.fromkeys(heads, "number"), rows)
    )


def _mistakes(tally):
    """The mistakes, most frequent first."""
    head = "<h2>The mistakes</h2>"
    if not tally.mistakes:
        return f"{head}<p>None.</p>"
    rows = []
    for (exercise, mistake), n in _most(tally.mistakes):
        written = tally.graded - tally.states[exercise]["not written"]
        where = f'{code(exercise)}<br><span class="soft">{reading(find(exercise))}</span>'
        rows.append([f"{n:,}", _share(n, written), escape(mistake), where])
    columns = {"how many": "number", "share": "number", "mistake": "text", "exercise, and where it is taught": "text"}
    note = (
        "<p>The most frequent first. Of each exercise that a student has not right the first mistake is counted; the "
        "share is of those who wrote the exercise.</p>"
    )
    first, rest = rows[:_FREQUENT], rows[_FREQUENT:]
    more = details(f"{len(rest)} more", table("Rarer mistakes", columns, rest)) if rest else ""
    return f"{head}{note}{table('The most frequent mistakes', columns, first)}{more}"


def _averages(tally):
    best = sum(each.points for each in EXERCISES)
    return f"<p>Of {best} points, the median is {tally.median():.1f}, the mean {tally.mean():.1f}.</p>"


def _students(tally):
    if not tally.submissions:
        return ""
    if tally.submissions > LISTED:
        return f"<h2>The students</h2><p>{tally.submissions:,} are too many for a page: see gradebook.csv.</p>"
    # A platform's zip does not say when.
    when = {"handed in": ""} if any(record["when"] for record, _ in tally.students) else {}
    rows = []
    for record, points in tally.students:
        handed_in = [escape(record["when"]) for _ in when]
        late = "late" if record["late"] else ""
        sum_ = "open" if points is None else shown(points)
        rows.append([_link(record), str(record["attempt"]), *handed_in, late, sum_])
    columns = {"student": "text", "attempt": "number", **when, "late": "", "points": "number"}
    return f"<h2>The students</h2>{table('Students, with their pages', columns, rows)}"


def _link(record):
    return f'<a href="{STUDENTS}/{file_name(record["student"])}">{name(record["student"])}</a>'


def _students_graded(tally):
    return count(tally.graded, "student", "students")


def _most(counter):
    """The largest first; those alike in the order of the course and of the alphabet, in every run the same."""

    def rank(item):
        (place, words), n = item
        return -n, _ORDER.index(place), words

    return sorted(counter.items(), key=rank)


def _share(part, whole):
    """A part in percent.

    >>> _share(1, 3), _share(1, 30000)
    ('33%', 'below 1%')
    """
    percent = 100 * part / whole
    return f"{percent:.0f}%" if percent >= 1 or not part else "below 1%"
