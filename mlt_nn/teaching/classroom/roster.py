"""The roster: who is in the class, from a table of one's own or the export of a platform, as it is.

A table of one's own is a CSV with a column `name`, `student_id` or `email`. The exports, by what writes them:

- Moodle: the grading worksheet (mod/assign/gradingtable.php; "Participant 123" in its column Identifier is the number
  in the names of the downloaded folders) and the list of participants (user/classes/table/participants.php);
- Canvas: the gradebook (lib/gradebook_exporter.rb; below its header stand a row with the points possible, and one for
  manual posting);
- Gradescope: the roster (its guide "Adding Students and Staff"), and submission_metadata.yml of a download.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from mlt_nn.teaching.classroom import metadata
from mlt_nn.teaching.classroom.platforms import Name
from mlt_nn.teaching.classroom.student import Student, letters, spellings

# What a column may be called, in letters alone: in English, and in German as Moodle and Canvas say it.
_COLUMNS = {
    "name": ("name", "fullname", "student", "studentname", "vollständigername"),
    "first_name": ("firstname", "givenname", "first", "vorname"),
    "last_name": ("lastname", "surname", "familyname", "last", "nachname"),
    "email": ("email", "emailaddress", "mail", "emailadresse"),
    "student_id": ("studentid", "sisuserid", "sid", "idnumber", "idnummer", "matrikelnummer"),
    "id": ("id", "identifier", "participant", "teilnehmerin"),
    "login": ("sisloginid", "username", "login", "platformid", "anmeldename"),
    "group": ("group", "groups", "team", "gruppe", "gruppen"),
    "handed_in": ("lastmodifiedsubmission", "zuletztgeändertabgabe"),
    "status": ("status",),
    "grade": ("grade", "bewertung"),
    "most": ("maximumgrade", "bestwertung"),
    "graded": ("lastmodifiedgrade", "zuletztgeändertbewertung"),
}
_WHO = ("name", "first_name", "last_name", "email", "student_id", "id", "login")
# What a browser makes of a second download, unless somebody is called so.
_AGAIN = re.compile(r"\s*[(\[]\d{1,3}[)\]]$")
_LATE = re.compile(r"\blate\b|zu spät|verspätet", re.IGNORECASE)
_MONTHS = (
    "jan", "feb", "mar|mär", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez"
)  # fmt: skip


class RosterError(Exception):
    """A roster cannot be used; the text says where, why and what to do."""


class Table(NamedTuple):
    """A roster's table as it is in the file, cell by cell."""

    header: list[str]
    rows: list[tuple[list[str], Student | None]]
    """Cells, and whose they are: None where a line is no student's."""
    separator: str
    encoding: str
    """UTF-8, with the mark at its beginning or without."""
    saved: datetime

    def column(self, field):
        """The place of the column that holds a field, or None."""
        return next((place for place, title in enumerate(self.header) if _field(title) == field), None)


class Roster:
    """The students of a class, found by what a download calls them."""

    def __init__(self, students: Iterable[Student], path="", table: Table | None = None):
        self.students = tuple(students)
        self.path = path
        self.table = table
        self._by: dict[tuple[str, str], list[Student]] = {}
        for each in self.students:
            keys = {("id", letters(each.student_id)), ("email", each.email.casefold())}
            keys |= {("platform", letters(one)) for one in each.platform_ids}
            keys |= {("group", letters(one)) for one in each.groups}
            names = (each.name, f"{each.first_name} {each.last_name}", f"{each.last_name} {each.first_name}")
            keys |= {("name", one) for name in names for one in spellings(name)}
            for key in keys:
                if key[1]:
                    self._by.setdefault(key, []).append(each)

    def find(self, name: Name, known: Student | None = None, by_name=True):
        """Who handed in what has a Name: by a number, an id or an e-mail before the student's name.

        Arguments:
            name: what the file or folder is called.
            known: the Student that a platform's own list says it is, if one does.
            by_name: whether a name may say who it is, which many platforms let students choose.

        Returns:
            (the students, the undecided): those who handed it in, several for a group's, or else those between whom
            it cannot be decided. Both are empty when nobody fits.
        """
        if known:
            found = self._one("id", known.student_id) or self._one("email", known.email)
            found = found or (self._one("name", known.name) if by_name else []) or self._one("platform", name.student)
        elif name.platform == "Gradescope":  # whose name is that of a submission
            found = self._one("platform", name.student)
        elif name.platform:
            # At Canvas a name may hold numbers, too, and then more than one may be the student's.
            others = re.findall(r"(?<=_)\d+(?=_\d{3,20}_)", f"_{name.number}_{name.file}")
            numbers = [name.platform_id or name.student, *(others if name.platform == "Canvas" else ())]
            found = list(dict.fromkeys(each for number in numbers for each in self._one("platform", number)))
            named = self._one("name", name.student) if by_name else []
            group = [] if named else self._group(name.student)
            if group:  # the number is the group's, or at Canvas that of one in it
                return tuple(group), ()
            if named and not set(found) & set(named):  # a number of another platform, or of another assignment
                found = [*found, *named]
        else:
            text = name.student
            while not (found := self._plain(text, by_name)):
                if group := self._group(text):
                    return tuple(group), ()
                text, before = _AGAIN.sub("", text), text
                if text == before:
                    break
        return (tuple(found), ()) if len(found) == 1 else ((), tuple(found))

    def _one(self, kind, text):
        return self._by.get((kind, text.casefold() if kind == "email" else letters(text)), [])

    def _group(self, text):
        """Those of a group; where other groups have the same letters, as "Team 1" and "Team-1", by its very name."""
        found = self._one("group", text)
        names = {one for each in found for one in each.groups if letters(one) == letters(text)}
        return [each for each in found if text in each.groups] if len(names) > 1 else found

    def _plain(self, text, by_name):
        """Of a name that a person gave to a file."""
        found = [each for kind in ("id", "platform", "email") for each in self._one(kind, text)]
        return list(dict.fromkeys(found)) or (self._one("name", text) if by_name else [])


def read(path, zone=None):
    """The Roster in a file.

    Arguments:
        path: the file.
        zone: the time zone of its times, which Moodle does not name; None for that of this computer.

    Raises:
        RosterError: when the file is no roster, or cannot be read.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RosterError(
            f"{path} cannot be read: {error.strerror}. Name the table of the class: your own, or what your platform "
            "exports."
        ) from None
    if path.suffix.lower() in (".yml", ".yaml"):
        try:
            submitted = metadata.read(data).values()
        except ValueError as error:
            raise RosterError(f"{path} {error}. It should be Gradescope's submission_metadata.yml, as it is.") from None
        students = [student for each in submitted for student in each.students]
        return Roster(dict.fromkeys(students), path)
    header, separator, rows = _rows(path, data)
    lines = list(rows)
    whose = tuple(_students(path, ((line, row) for line, _, row in lines if row), zone))
    own = iter(whose)
    cells = [(cells, next(own) if row else None) for _, cells, row in lines]
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Roster(whose, path, Table(header, cells, separator, encoding, saved))


def _text(path, data):
    # A table in UTF-16 without its mark has a zero beside each letter. A German Excel writes Windows-1252.
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    unmarked = "utf-16-be" if data[:1] == b"\0" else "utf-16-le" if data[1:2] == b"\0" else "utf-8-sig"
    first = "utf-16" if marked else unmarked
    for encoding in (first, *(["cp1252"] if first == "utf-8-sig" else [])):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line, byte = data[: error.start].count(b"\n") + 1, data[error.start]
    raise RosterError(
        f"{path}, line {line}: byte {byte:#04x} is no text in UTF-8, UTF-16 or Windows-1252. Save the table as CSV in "
        "UTF-8."
    )


def _rows(path, data):
    """(header, separator, rows) of a table; a row is (number of the line, cells, {field of _COLUMNS: text} or None)."""
    if data.startswith(b"PK"):
        raise RosterError(f"{path} is a spreadsheet or a zip. Save the table as CSV in UTF-8, and name that.")
    text = re.sub(r"\Asep=.\r?\n", "", _text(path, data))
    first = next((line for line in text.splitlines() if line.strip()), "")
    headers = {separator: next(csv.reader([first], delimiter=separator), []) for separator in ",;\t"}
    separator, header = max(headers.items(), key=lambda item: (sum(map(bool, map(_field, item[1]))), len(item[1])))
    fields = list(map(_field, header))
    for place, field in enumerate(fields):
        if field in ("name", "email", "student_id", "id") and field in fields[:place]:
            twice = f"{header[fields.index(field)]!r} and {header[place]!r}"
            raise RosterError(f"{path}, line 1: {twice} both hold the {field}: leave one of the two columns.")
    if not set(fields) & set(_WHO):
        raise RosterError(
            f"{path}, line 1: none of its columns says who somebody is: {', '.join(map(repr, header))[:300]}. Call the "
            "columns name, student_id, email, first_name, last_name; one of the first three is enough."
        )
    return header, separator, _below(path, text, header, separator)


def _below(path, text, header, separator):
    """The rows below the header."""
    fields = list(map(_field, header))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begin = 1
    is_canvas = any(letters(each) == "sisloginid" for each in header)
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            composed = (unicodedata.normalize("NFC", cell.strip()) for cell in cells)
            row = {field: cell for field, cell in zip(fields, composed, strict=False) if field}
            if list(map(_field, cells)) == fields:
                continue
            # At Canvas points possible, manual posting, and the student that it makes up for its preview.
            is_nobody = is_canvas and (not row.get("id") or row.get("name") == "Student, Test")
            if is_nobody or not any(map(str.strip, cells)):
                yield line, cells, None
                continue
            if not any(row.get(field) for field in _WHO):
                told = separator.join(cells)[:80]
                raise RosterError(
                    f"{path}, line {line}: neither a name nor an id nor an e-mail is in {told!r}. Fill in one, or "
                    "remove the line."
                )
            yield line, cells, row | {"platform": "Canvas" if is_canvas else ""}
    except csv.Error as error:
        raise RosterError(f"{path}, line {reader.line_num}: {error}. Save the table as CSV in UTF-8.") from None


def _field(title):
    """The field that a column's title names, or None."""
    known = letters(title)
    return next((field for field, titles in _COLUMNS.items() if known in titles), None)


def _students(path, rows, zone):
    """The students in the rows, none of them twice."""
    seen: dict[tuple[str, str], tuple[int, Student]] = {}
    for line, row in rows:
        student = _student(row, zone)
        own = [("the id", student.student_id), *(("the platform's id", each) for each in student.platform_ids)]
        own = [*own, ("the e-mail", student.email.casefold())]
        own = [(kind, key) for kind, key in own if key] or [("without an id or an e-mail, the name", student.name)]
        for kind, key in own:
            first, other = seen.setdefault((kind, key), (line, student))
            if other is not student:
                raise RosterError(
                    f"{path}, line {line}: {kind} {key!r} stands already in line {first}, of {other.name!r}. A student "
                    "has one line; two of one name need a column student_id or email that tells them apart."
                )
        yield student


def _student(row, zone):
    first, last, name = (row.get(field, "") for field in ("first_name", "last_name", "name"))
    if row["platform"] and re.fullmatch(r'="(.*)"', name):
        name = name[2:-1]  # a name that begins with =, as Canvas writes it
    if not first and not last and name.count(",") == 1:  # the last name comes first, at Canvas always
        last, first = (part.strip() for part in name.split(","))
        name = ""
    number = row.get("id", "")
    student_id = row.get("student_id", "")
    participant = re.fullmatch(r"\D*?(\d+)", number) if re.match(r"[^\W\d]", number) else None
    login = row.get("login", "")
    ids = [participant[1] if participant else number, login]
    # Canvas exports no e-mail, but at many universities people log in with it.
    email = row.get("email") or (login if re.fullmatch(r"[^@\s]+@[^@\s]+", login) else "")
    if number and not student_id and not participant and not row["platform"]:
        student_id, ids = number, ids[1:]  # a table of one's own
    name = name or f"{first} {last}".strip()
    return Student(
        name or email or student_id or next(filter(None, ids)),
        first,
        last,
        email,
        student_id,
        tuple(filter(None, dict.fromkeys(ids))),
        tuple(filter(None, (each.strip() for each in re.split("[,;]", row.get("group", ""))))),
        _time(row.get("handed_in", ""), zone),
        bool(_LATE.search(row.get("status", ""))),
    )


def _time(text, zone=None):
    """A time as Moodle writes it in English or German, which names no zone: None is that of this computer; or None.

    >>> [f"{_time(text):%Y-%m-%d %H:%M}" for text in ("Tuesday, 24 November 2026, 2:05 PM", "24. November 2026, 14:05")]
    ['2026-11-24 14:05', '2026-11-24 14:05']
    """
    clock = re.search(r"\b(\d{1,2}):(\d\d)(?::\d\d)?\s*([AP]M)?", text, re.IGNORECASE)
    year = re.search(r"\b(20\d\d)\b", text)
    day = re.search(r"\b(\d{1,2})\b(?!:)", text[: clock.start()] if clock else text)
    words = [word.lower() for word in re.findall(r"[^\W\d]+", text)]
    month = next((n for word in words for n, names in enumerate(_MONTHS, 1) if re.match(names, word)), None)
    if not (clock and year and day and month):
        return None
    hour = int(clock[1]) % 12 + 12 * (clock[3].upper() == "PM") if clock[3] else int(clock[1])
    try:
        return datetime(int(year[1]), month, int(day[1]), hour, int(clock[2]), tzinfo=zone).astimezone(zone)
    except ValueError:
        return None
