"""All that is given back of a class, written into one folder."""

from mlt_nn.classroom import class_page, gradebook, junit, student_page


def write(folder, records, tell):
    """Write the gradebook, the page of the class, and of each student a page and the same for programs.

    Arguments:
        folder: a Path.
        records: a function that gives the records, one by one; what it gives is read more than once.
        tell: called with 1 for each student.
    """
    for name in (class_page.STUDENTS, "junit"):
        (folder / name).mkdir(exist_ok=True)
    gradebook.write(folder / "gradebook.csv", records())
    for record in records():
        page = student_page.file_name(record["student"])
        student_page.write(folder / class_page.STUDENTS / page, record)
        junit.write(folder / "junit" / page.replace(".html", ".xml"), record)
        tell(1)
    class_page.write(folder / "class.html", records())
