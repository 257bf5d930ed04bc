"""submission_metadata.yml, in which Gradescope's download of all submissions says whose each folder is, and since when.

Ruby writes it: its keys begin with a colon, a submission has one submitter or several,

    submission_901:
      :submitters:
      - :name: Anna Müller
        :sid: '4711'
        :email: anna@example.org
      :created_at: 2026-11-24 10:00:00.000000000 Z
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import yaml  # type: ignore[import-untyped,unused-ignore]

from mlt_nn.teaching.classroom.student import Student, letters
from mlt_nn.teaching.grader.submission import moment

METADATA = "submission_metadata.yml"

# All values stay text: an id that begins with zeros is none, and no tag makes an object of ours.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Whoever hands in such a file could end the process that reads it by what lies one in the other.
_MOST_DEEP = 100


class Submitted(NamedTuple):
    """What it says of one folder."""

    students: tuple[Student, ...]
    when: datetime | None


def read(data):
    """Folder -> Submitted, from the bytes of the file. An id that two of different e-mails have is neither's.

    Raises:
        ValueError: when it is no such file.
    """
    try:
        depth = 0
        for event in yaml.parse(data, _LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_DEEP:
                raise ValueError("is nested too deeply")
        content = yaml.load(data, _LOADER)
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        raise ValueError(f"is no YAML: {error}".replace("\n", " ")) from None
    if content in (None, ""):
        return {}
    if not isinstance(content, dict):
        raise ValueError("does not name the folders of submissions")
    told = {
        str(folder): Submitted(tuple(_students(of.get(":submitters"))), moment(of.get(":created_at")))
        for folder, of in content.items()
        if isinstance(of, dict)
    }
    emails: dict[str, set[str]] = {}
    for student in (student for each in told.values() for student in each.students):
        emails.setdefault(letters(student.student_id), set()).update(filter(None, [student.email.casefold()]))

    def without_shared_id(student):
        # At Gradescope a student may type it in; the e-mail is verified.
        is_shared = len(emails[letters(student.student_id)]) > 1
        return replace(student, student_id="") if is_shared else student

    return {
        folder: each._replace(students=tuple(map(without_shared_id, each.students))) for folder, each in told.items()
    }


def _students(submitters):
    for each in submitters if isinstance(submitters, list) else ():
        if isinstance(each, dict):
            values = (each.get(key) for key in (":name", ":sid", ":email"))
            # The text of lists that name each other again and again would have no end.
            name, sid, email = (value if isinstance(value, str) else "" for value in values)
            if name or sid or email:
                yield Student(name or email or sid, email=email, student_id=sid)
