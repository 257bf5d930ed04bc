"""class.html: what the class can do, which mistakes it makes, and what to teach again."""

from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS
from mlt_nn.teaching.classroom.tally import Tally
from mlt_nn.teaching.grader.isolation import LEFT_OPEN
from mlt_nn.teaching.pages import class_pictures, page

STUDENTS = "students"
"""The folder beside class.html in which it looks for the pages of the students."""

# What stands at the beginning of what is counted.
_ORDER = (*NOTEBOOKS, *(exercise.name for exercise in EXERCISES), *MODULES)
_TEACH = 3


def write(path, records, assignment=WHOLE_COURSE):
    """Write the page of a class.

    Arguments:
        path: the file.
        records: an iterable of records, as `teaching.classroom.record` describes them, one for each student; it is
            read once, one by one.
        assignment: that of all of them.
    """
    tally, levels = Tally(), set()
    for record in records:
        tally.add(record)
        if record.grade and not record.grade.problem:
            levels.add(record.grade.isolation)
    page.write(
        path,
        "class.html",
        tally=tally,
        assignment=assignment,
        whole_course=WHOLE_COURSE.name,
        teach=[_section(tally, place, n) for place, n in _most(tally.wrong_in)[:_TEACH]],
        bars=class_pictures.bars(tally),
        mistakes=_most(tally.mistakes),
        histogram=class_pictures.histogram(tally) if tally.points else None,
        unloaded=_most(tally.unloaded),
        absent={module: n for module in MODULES if (n := tally.not_handed_in[module])},
        levels=levels,
        left_open=LEFT_OPEN,
        page_of=lambda record: f"{STUDENTS}/{record.page}.html",
    )


def _section(tally, place, students):
    """What is wrong in a section of a notebook, and its most frequent mistake."""
    own = [each.name for each in EXERCISES if (each.notebook, each.section) == place]
    (exercise, mistake), times = _most({key: n for key, n in tally.mistakes.items() if key[0] in own})[0]
    return {
        "notebook": place[0],
        "section": place[1],
        "students": students,
        "wrong": {each: n for each in own if (n := tally.wrong(each))},
        "exercise": exercise,
        "mistake": mistake,
        "times": times,
    }


def _most(counter):
    """The largest first; those alike in the order of the course and of the alphabet, in every run the same."""
    return sorted(counter.items(), key=lambda item: (-item[1], _ORDER.index(item[0][0]), item[0][1]))
