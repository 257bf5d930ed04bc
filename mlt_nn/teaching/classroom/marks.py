"""moodle.csv and canvas.csv: the marks, in the table that the platform exported, for its import.

Without such a table the columns are those that the import needs. It goes by these:

- Moodle (mod/assign/feedback/offline: importgradeslib.php, locallib.php) finds a student by the number in the column
  Identifier. It passes over an empty grade, and over each that it changed itself after "Last modified (grade)".
- Canvas (lib/gradebook_importer.rb) finds a student by the column ID, and an assignment by the number in its title.
  What stands in the columns of other assignments would undo what was changed there since, so they are left out.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from mlt_nn.support.assignments import assignments
from mlt_nn.support.writing import replacing
from mlt_nn.teaching.classroom.gradebook import safe
from mlt_nn.teaching.classroom.student import letters
from mlt_nn.teaching.pages.text import counted, one_line

FILES = {"Moodle": "moodle.csv", "Canvas": "canvas.csv"}

_OF_STUDENTS = (
    *("Student", "LastName", "FirstName", "ID"),
    *("SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"),
)
_POINTS = "    Points Possible"


class _Unwritten(Exception):  # noqa: N818
    pass


class _Sheet(NamedTuple):
    header: list[str]
    rows: Iterable[tuple[list[str], float | None]]
    """Cells, and the score that belongs there."""
    students: int
    """So many of the rows are of students."""
    grade: int
    graded: int | None = None
    """The place of the time at which the platform changed the grade."""
    most: str = ""
    """The platform's maximum as it writes it, where it does."""
    separator: str = ","
    encoding: str = "utf-8"
    saved: datetime | None = None
    """When the platform exported it."""


def write(folder, records, roster, assignment):
    """Write the tables of those platforms that the roster or the downloads come from.

    A cell is filled where there is a score, scaled to the platform's maximum. Others stay as they are.

    Arguments:
        folder: a Path.
        records: an iterable of Records; it is read once.
        roster: the Roster, or None.
        assignment: that of all records.

    Returns:
        What was written and what was not, in sentences.
    """
    scores: dict[tuple[str, str], float] = {}
    own: dict[str, dict[str, tuple[str, float | None]]] = {platform: {} for platform in FILES}
    scored = 0
    for record in records:
        score = record.score()
        scored += score is not None
        if record.who and score is not None:
            scores[record.who.key] = score
        platform, number = number_of(record)
        if platform:
            # A number that two have is known to be neither's.
            own[platform][number] = record.student, None if number in own[platform] else score
    told = []
    for platform, file in FILES.items():
        try:
            sheet = _sheet(platform, roster and roster.table, scores, own[platform], assignment)
            if sheet:
                told.append(f"{file}: {_fill(folder / file, sheet, assignment, scored)}")
        except _Unwritten as error:
            told.append(f"{file} is not written: {error}")
    return [one_line(each) for each in told]


def number_of(record):
    """(platform, the number that Moodle or Canvas knows the student by); both are "" where none is known."""
    called = record.called
    if not called or called.platform not in FILES or not re.fullmatch("[0-9]+", called.platform_id):
        return "", ""
    is_group = record.who and letters(called.student) in map(letters, record.who.groups)
    return ("", "") if is_group else (called.platform, called.platform_id)


def is_worksheet(table):
    """Whether a Table is Moodle's grading worksheet."""
    return None not in [table.column(field) for field in ("id", "grade", "graded")]


def is_gradebook(table):
    """Whether it is Canvas's gradebook."""
    return {"ID", "Section"} <= set(table.header)


def _sheet(platform, table, scores, own, assignment):
    if table and platform == "Moodle" and is_worksheet(table):
        return _of_moodle(table, scores, own)
    if table and platform == "Canvas" and is_gradebook(table):
        return _of_canvas(table, scores, assignment)
    if not own:
        return None
    lines = [(number, safe(name), score) for number, (name, score) in own.items()]
    if platform == "Canvas":
        best = [_POINTS, "", "", _written(assignment.points)]
        rows = [(best, None), *(([name, number, "", ""], score) for number, name, score in lines)]
        return _Sheet(["Student", "ID", "Section", assignment.name], rows, len(own), 3)
    rows = [([f"Participant {number}", name, "", ""], score) for number, name, score in lines]
    header = ["Identifier", "Full name", "Grade", "Last modified (grade)"]
    return _Sheet(header, rows, len(own), 2, 3, encoding="utf-8-sig", saved=datetime.now(UTC))


def _of_moodle(table, scores, own):
    students = [(cells, who) for cells, who in table.rows if who]
    if own and own.keys().isdisjoint(number for _, who in students for number in who.platform_ids):
        raise _Unwritten(
            "no number in the names of the download stands in the worksheet. Export that of the same assignment."
        )
    place = table.column("most")
    most = students[0][0][place] if students and place is not None else ""
    if most and not _number(most):
        raise _Unwritten(f"Moodle's maximum grade is {most!r}. Choose points as the type of grade in Moodle.")
    rows = [(cells, scores.get(who.key)) for cells, who in students]
    return _Sheet(table.header, rows, len(rows), table.column("grade"), table.column("graded"), most, *table[2:])


def _of_canvas(table, scores, assignment):
    points: list[str] = next((cells for cells, _ in table.rows if _POINTS.strip() in cells[0]), [])
    place = _column_of(assignment, table.header, points)
    kept = [each for each, title in enumerate(table.header) if title in _OF_STUDENTS or each == place]
    rows = [
        ([cells[each] for each in kept if each < len(cells)], scores.get(who.key) if who else None)
        for cells, who in table.rows
    ]
    header = [table.header[each] for each in kept]
    students = sum(who is not None for _, who in table.rows)
    most = points[place] if place < len(points) else ""
    return _Sheet(header, rows, students, kept.index(place), None, most, *table[2:])


def _column_of(assignment, header, points):
    """The place of the assignment's column: by its name, or the only one, unless it is called like another of ours."""
    others = {letters(each.name) for each in assignments() if each.name != assignment.name}
    titles = {
        place: re.sub(r" \(\d+\)$", "", title)
        for place, title in enumerate(header)
        if re.search(r" \(\d+\)$", title) and "read only" not in "".join(points[place : place + 1])
    }
    fitting = [place for place, title in titles.items() if letters(title) == letters(assignment.name)]
    if len(titles) == 1 and not fitting:
        fitting = [place for place, title in titles.items() if letters(title) not in others]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(map(repr, titles.values())) or "none"
    raise _Unwritten(
        f"of Canvas's assignments one should be called {assignment.name!r}; there are: {known}. Name it so in "
        "course/course.toml, or leave only its column in the gradebook."
    )


def _fill(path, sheet, assignment, scored):
    most = _number(sheet.most) or assignment.points
    filled = excused = 0
    with replacing(path) as stream:
        text = io.TextIOWrapper(stream, encoding=sheet.encoding, newline="")
        lines = csv.writer(text, delimiter=sheet.separator)
        lines.writerow(sheet.header)
        for cells, score in sheet.rows:
            line = cells + [""] * (len(sheet.header) - len(cells))
            if score is not None and line[sheet.grade].strip().upper() == "EX":
                excused += 1
            elif score is not None:
                line[sheet.grade] = _written(score * most / assignment.points, "," if "," in sheet.most else ".")
                if sheet.graded is not None and not re.search(r"\d", line[sheet.graded]):
                    line[sheet.graded] = sheet.saved.isoformat(timespec="seconds")
                filled += 1
            lines.writerow(line)
        text.detach()
    points = f"of at most {_written(most)} points"
    scaled = f", scaled from {_written(assignment.points)}" if most != assignment.points else ""
    column = f" in {sheet.header[sheet.grade]!r}"
    told = [f"{counted(filled, 'grade', 'grades')}{column}, {points}{scaled}."]
    if not _number(sheet.most):
        told.append("The maximum at the platform must be the same.")
    if excused:
        told.append(f"{counted(excused, 'student is', 'students are')} excused there, and so it stays.")
    if left := sheet.students - filled - excused:
        told.append(f"{counted(left, 'line', 'lines')} without a grade stay{'s' if left == 1 else ''} as before.")
    if beside := scored - filled - excused:
        told.append(f"{counted(beside, 'grade has', 'grades have')} no line there.")
    return " ".join(told)


def _number(text):
    """A number with a decimal point or comma; 0 where there is none."""
    found = re.fullmatch(r"\d+([.,]\d+)?", text.strip())
    return float(found[0].replace(",", ".")) if found else 0


def _written(number, point="."):
    return f"{number:.4f}".rstrip("0").rstrip(".").replace(".", point)
