"""feedback-moodle.zip and feedback-canvas.zip: the students' pages, under the names by which the platforms know whose.

- Moodle's "Upload multiple feedback files in a zip" (mod/assign/feedback/file/importziplib.php) goes by the number in a
  folder's name, which is that of the folder in its own download.
- Canvas's "Upload Submissions" (AbstractAssignment#infer_comment_context_from_filename) goes by the two numbers in the
  name of a file that it let download. It shows the file to the student under the name that the student gave to it,
  so a page is put into a zip, as was handed in.
"""

import re
import zipfile
from pathlib import Path

from mlt_nn.support.archive import zipped
from mlt_nn.support.writing import replacing
from mlt_nn.teaching.classroom.marks import is_gradebook, is_worksheet, number_of
from mlt_nn.teaching.pages.class_page import STUDENTS
from mlt_nn.teaching.pages.text import counted

PAGE = "feedback.html"


def write(folder, records, roster):
    """Write the zips of those platforms that the roster or the downloads come from.

    Arguments:
        folder: a Path, in which the pages lie.
        records: an iterable of Records; it is read once. Without a score there is no page, for it may change, but to
            who handed in nothing of what was said by hand.
        roster: the Roster, or None.

    Returns:
        What was written, in sentences.
    """
    table = roster.table if roster else None
    known = {who.key for _, who in table.rows if who} if table and is_worksheet(table) else set()
    moodle: dict[str, Path] = {}
    canvas: dict[str, Path] = {}
    left = 0
    for record in records:
        called = record.called
        if record.score() is None and (called or not record.by_hand):
            continue
        page = folder / STUDENTS / f"{record.page}.html"
        platform, number = number_of(record)
        if record.who and record.who.key in known:
            moodle[_in_folder(called.student if platform else record.who.name, record.who.platform_ids[0])] = page
        elif platform == "Moodle":
            moodle[_in_folder(called.student, number)] = page
        if called and called.platform == "Canvas" and called.file.lower().endswith(".zip"):
            canvas[_file(called)] = page
        elif called.platform == "Canvas" if called else table and is_gradebook(table):
            left += 1
    told = []
    for platform, pages, content in (("moodle", moodle, Path.read_bytes), ("canvas", canvas, _zipped)):
        if pages:
            file = f"feedback-{platform}.zip"
            with replacing(folder / file) as stream, zipfile.ZipFile(stream, "w") as archive:
                for name, page in pages.items():
                    # What the disk gave as bytes, which the platforms need not.
                    entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
                    archive.writestr(entry, content(page), zipfile.ZIP_DEFLATED)
            told.append(f"{file}: {counted(len(pages), 'page', 'pages')}.")
    if left:
        told.append(f"{counted(left, 'page', 'pages')} more: Canvas gives one only to who handed in a zip.")
    return told


def _in_folder(name, number):
    """The name in Moodle's folder, whose name it parts at each underscore."""
    clean = re.sub(r'[_\\/:*?"<>|\x00-\x1f]', " ", name)
    return f"{clean}_{number}_assignsubmission_file_/{PAGE}"


def _file(called):
    """The name of Canvas's file."""
    late = "LATE_" if called.late else ""
    anonymous = called.student.startswith("anon_")
    whose = f"{late}{called.student}" if anonymous else f"{called.student}_{late}{called.platform_id}"
    *parts, last = called.file.split("_")
    # It takes what ends so for a link that was handed in, and passes over it.
    file = "_".join([*parts, f"-{last}" if last.startswith("link") else last])
    return f"{whose}_{called.number}_{file}"


def _zipped(page):
    return zipped({PAGE: page.read_bytes()})
