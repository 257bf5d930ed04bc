"""What lies in the folder of grades in the end."""

import json

from mlt_nn.teaching.classroom import give_back

from .classes import HOSTILE, grade, record, ungraded


def test_each_student_has_a_page_and_the_same_for_programs(tmp_path):
    class_ = [record("Ada", grade()), record(HOSTILE, grade(problem=HOSTILE)), ungraded("Inga")]
    told = []
    give_back.write(tmp_path, lambda: iter(class_), told.append)
    assert told == [1, 1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("class.html", "gradebook.csv", "junit", "results", "students"),
    ]
    pages = {path.stem for path in (tmp_path / "students").iterdir()}
    assert len(pages) == 3
    assert {path.stem for path in (tmp_path / "junit").iterdir()} == pages
    # No grade, no score: a program that reads a 0 would take it for one.
    (ada,) = (path for path in (tmp_path / "results").iterdir() if path.name.startswith("ada-"))
    assert {path.stem for path in (tmp_path / "results").iterdir()} == {name for name in pages if name[:4] != "inga"}
    assert json.loads(ada.read_text(encoding="utf-8"))["score"] == 76
    for path in (tmp_path / "students").iterdir():
        assert path.name in (tmp_path / "class.html").read_text(encoding="utf-8")
