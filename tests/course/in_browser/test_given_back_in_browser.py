"""The pages that are given back, in a real browser: they fit, they run nothing and they ask nobody for anything."""

import os

import pytest
from browser import MissingError, violations

from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.pages import class_page, student_page

from ..classes import HOSTILE, grade, record, refused

pytestmark = pytest.mark.thorough

LONG = "long" * 200


def hostile_class():
    """Students with every kind of outcome, whose names and messages are hostile and long."""
    states = ("failed", "timed out", "died", "not written", "broken")
    wrong = {
        each.name: {"state": states[number % 5], "message": f"{HOSTILE}\n{LONG}", "source": LONG, "line": 1}
        for number, each in enumerate(EXERCISES)
    }
    yield record(f"{HOSTILE} {LONG}", grade(wrong), when_by=HOSTILE, late=True)
    yield record("Fine", grade())
    yield refused(HOSTILE + LONG)


@pytest.fixture(params=["student", "class"])
def file(request, tmp_path):
    """A page, as it is given back."""
    file = tmp_path / "page.html"
    if request.param == "class":
        class_page.write(file, hostile_class())
    else:
        student_page.write(file, next(hostile_class()))
    return file


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def open_details(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_it_fits_every_screen_and_runs_nothing(page, file):
    happened = []
    page.on("dialog", lambda dialog: happened.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda message: happened.append(message.text))
    page.on("request", lambda request: happened.append(request.url))
    page.goto(file.as_uri())
    open_details(page)
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for width in (320, 700, 1400):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert happened == [file.as_uri()]
    assert len(grounds) == 2, "light and dark"


def test_axe_core_finds_no_fault_in_it_light_and_dark_and_finds_one_that_is_planted(page, file):
    page.goto(file.as_uri())
    open_details(page)
    try:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, "html") == [], scheme
    except MissingError as missing:
        # Where all tests must run nothing may be skipped; on a person's machine one can do without.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\"><button></button>')"
    )
    assert [found.partition(":")[0] for found in violations(page, "body")] == ["button-name", "image-alt"]
