"""All that is given back of a class, written into one folder."""

import json

from mlt_nn.support.writing import write_text
from mlt_nn.teaching.classroom import gradebook, junit
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages import class_page, student_page


def write(folder, records, tell):
    """Write the gradebook, the page of the class, and for each student a page and the same for programs.

    The latter are `junit/*.xml` and, where there is a grade, Gradescope's results in `results/*.json`; each has the
    name of the student's page.

    Arguments:
        folder: a Path.
        records: a function that gives the records, one by one; what it gives is read more than once.
        tell: called with 1 for each student.
    """
    for name in (class_page.STUDENTS, "junit", "results"):
        (folder / name).mkdir(exist_ok=True)
    gradebook.write(folder / "gradebook.csv", records())
    for record in records():
        page = student_page.file_name(record.student)
        name = page.removesuffix(".html")
        student_page.write(folder / class_page.STUDENTS / page, record)
        junit.write(folder / "junit" / f"{name}.xml", record)
        if record.grade is not None:
            values = json.dumps(results(record.grade), indent=1)
            write_text(folder / "results" / f"{name}.json", values + "\n")
        tell(1)
    class_page.write(folder / "class.html", records())
