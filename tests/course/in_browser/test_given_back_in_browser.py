"""The pages that are given back, in a real browser: they fit, they run nothing and they ask nobody for anything."""

import pytest

from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.pages import class_page, student_page

from ..classes import HOSTILE, grade, record, refused

LONG = "long" * 200


def hostile_class():
    """Students with every kind of outcome, whose names and messages are hostile and long."""
    states = ("failed", "timed out", "died", "not written", "broken")
    wrong = {
        each.name: {"state": states[number % 5], "message": f"{HOSTILE}\n{LONG}", "source": LONG, "line": 1}
        for number, each in enumerate(EXERCISES)
    }
    yield record(f"{HOSTILE} {LONG}", grade(wrong), when=HOSTILE, late=True)
    yield record("Fine", grade())
    yield refused(HOSTILE + LONG)


@pytest.mark.parametrize("kind", ["student", "class"])
def test_it_fits_every_screen_and_runs_nothing(browser, tmp_path, kind):
    if kind == "class":
        class_page.write(tmp_path / "page.html", hostile_class())
    else:
        student_page.write(tmp_path / "page.html", next(hostile_class()))
    page = browser.new_page()
    try:
        happened = []
        page.on("dialog", lambda dialog: happened.append(dialog.message) or dialog.dismiss())
        page.on("console", lambda message: happened.append(message.text))
        page.on("request", lambda request: happened.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        grounds = set()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            for width in (320, 700, 1400):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") == width
        assert happened == [(tmp_path / "page.html").as_uri()]
        assert len(grounds) == 2, "light and dark"
    finally:
        page.close()
