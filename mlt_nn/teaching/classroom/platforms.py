"""The names that learning platforms give to what students hand in, when all of it is downloaded at once.

Moodle (mod/assign/classes/downloader.php): a folder for each student and kind of work, or for each group, whose number
is the group's,
    Müller Anna_123456_assignsubmission_file_/work.zip
    Müller Anna_123456_assignsubmission_onlinetext_/onlinetext.html
or, without folders,
    Müller Anna_123456_assignsubmission_file_work.zip
Canvas (lib/content_zipper.rb): user and file have a number each; LATE stands there when it was handed in late; the file
handed in a second time is called work-1.zip; what was typed in, or a link, has no number,
    mulleranna_LATE_12345_67890_work-1.zip
    mulleranna_12345_text.html
Gradescope: a folder submission_<number> for each submission; whose it is stands in submission_metadata.yml, which
`metadata` reads.
"""

import re
import unicodedata
from typing import NamedTuple

_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_OF_MOODLE = re.compile(r"_assignsubmission_[a-z]+")
# Ruby's [[:word:]] holds combining marks, which names in Tamil or Hindi need; \w does not, and no sign of ASCII is one.
_WORD = "[\\w\x80-\U0010ffff]+?"
# Three digits or more for the file: a plain name with a date, exam_2026_11_24_anna.zip, is not Canvas's. And 20 at
# most, here and below, for int refuses what is very long.
_CANVAS = re.compile(
    rf"(?P<name>{_WORD})(?P<late>_LATE)?_(?P<id>\d+)_((?P<number>\d{{3,20}})_(?P<file>.+)|(?P<text>text|link)\.html)",
    re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_(?P<id>\w{5}))_((?P<number>\d{3,20})_(?P<file>.+)|(?P<text>text|link)\.html)",
    re.DOTALL,
)
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
# Nothing else in a plain name says so: "Anna (2)" may be another Anna, or what a browser made of a second download.
_AGAIN = re.compile(r"(?P<name>.+?)[ _]attempt[ _](?P<number>\d{1,20})", re.DOTALL | re.IGNORECASE)


class Name(NamedTuple):
    """What the name of a file or folder says."""

    platform: str
    """"Moodle", "Canvas", "Gradescope", or "" for a plain name."""
    student: str
    """Of a plain name as it is spelled, for two spellings of an umlaut may be two students."""
    platform_id: str = ""
    """The platform's number for the student (at Gradescope: for the submission), or ""."""
    number: int = 0
    """The greater, the later it was handed in."""
    late: bool = False
    file: str = ""
    """What the student called the file, where the name says so."""
    is_file: bool = True
    """False for what was typed in at the platform, and for a link."""

    @property
    def whose(self):
        """What tells one student from all others."""
        return self.student, self.platform_id, self.platform


def read_name(name, is_folder):
    """What the name of a folder or of a file says.

    Example:
        >>> read_name("mulleranna_LATE_12345_67890_work-1.zip", is_folder=False)[:6]
        ('Canvas', 'mulleranna', '12345', 67890, True, 'work-1.zip')
    """
    composed = unicodedata.normalize("NFC", name)
    of_canvas = None if is_folder else _CANVAS_ANONYMOUS.fullmatch(composed) or _CANVAS.fullmatch(composed)
    if of_canvas and _OF_MOODLE.search(of_canvas["name"]):
        of_canvas = None
    # Where it stands twice, or behind the numbers of Canvas, a part of it is a name that a student chose, perhaps so as
    # to be taken for another: then nothing says whose it is.
    is_chosen = len(_OF_MOODLE.findall(composed)) > (0 if of_canvas else 1)
    found = None if is_chosen else _MOODLE.fullmatch(composed)
    if found and is_folder != bool(found["file"]):
        is_file = found["kind"] == "file"
        return Name("Moodle", found["name"], found["id"] or "", file=found["file"] or "", is_file=is_file)
    if is_folder and (found := _GRADESCOPE.fullmatch(composed)):
        return Name("Gradescope", name, found["id"])
    if of_canvas and not is_chosen:
        file = of_canvas["file"] or f"{of_canvas['text']}.html"
        number, late = int(of_canvas["number"] or 0), bool(of_canvas["late"])
        return Name("Canvas", of_canvas["name"], of_canvas["id"], number, late, file, not of_canvas["text"])
    stem = name if is_folder else re.sub(r"\.zip$", "", name, flags=re.IGNORECASE)
    if found := _AGAIN.fullmatch(stem):
        return Name("", found["name"], number=int(found["number"]), file=name)
    return Name("", stem, file=name)
