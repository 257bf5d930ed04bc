"""Drawing on the handwriting board with a mouse and with the keyboard, in each browser."""

import pytest
from browser import write_notebook

pytestmark = pytest.mark.thorough

SOURCE = """
import numpy as np
from mlt_nn.network import forward_pass, initialize
from mlt_nn.widgets.handwriting import handwriting
W, b = initialize((784, 5, 10), np.random.default_rng(0))
handwriting(forward_pass, W, b)
"""


@pytest.fixture(scope="module")
def notebook(each_lab, server):
    write_notebook(server.root / "handwriting.ipynb", SOURCE, "'the next cell'")
    with each_lab.open("handwriting.ipynb") as notebook:
        yield notebook


@pytest.fixture
def board(notebook):
    """A new one, on which nothing was drawn."""
    notebook.run_all()
    cell = notebook.show_cell("handwriting(")
    cell.locator("figure img").wait_for()
    cell.locator(".mlt-nn-drawing svg").wait_for()
    yield Board(notebook.page, cell)
    assert not notebook.errors()
    assert not notebook.complaints


class Board:
    def __init__(self, page, cell):
        self.page = page
        self.cell = cell
        self.svg = cell.locator(".mlt-nn-drawing svg")

    def lines(self):
        return self.svg.evaluate(
            "svg => Array.from(svg.querySelectorAll('polyline'), line => line.getAttribute('points'))"
        )

    def picture_after(self, act):
        """The picture in words once it has become another one."""
        image = self.cell.locator("figure img")
        before = image.evaluate("image => image.alt")
        act()
        self.page.wait_for_function("before => document.querySelector('figure img').alt !== before", arg=before)
        return image.evaluate("image => image.alt")

    def draw(self, across=0.5):
        """With the mouse, from a quarter of the height of the board to three quarters, that far from its left side."""
        box = self.svg.evaluate("svg => svg.getBoundingClientRect().toJSON()")
        x, top = box["x"] + box["width"] * across, box["y"] + box["height"] / 4
        self.page.mouse.move(x, top)
        self.page.mouse.down()
        self.page.mouse.move(x, top + box["height"] / 2, steps=5)
        self.page.mouse.up()

    def wait_until_it_says(self, beginning):
        # Each of several keys gives a picture of its own: the one waited for may come after others.
        self.page.wait_for_function(
            "beginning => document.querySelector('figure img').alt.startsWith(beginning)", arg=beginning
        )


def test_a_line_drawn_with_the_mouse_takes_the_place_of_the_example(board):
    assert len(board.lines()) == 1
    said = board.picture_after(board.draw)
    assert said.startswith("Your drawing as the network gets it")
    (line,) = board.lines()
    assert line.startswith("140,70 ")
    assert line.endswith(" 140,210")


def test_what_was_drawn_stays_under_the_hand_and_the_same_example_once_more_takes_its_place(board):
    example = board.lines()
    said = board.cell.locator("figure img").evaluate("image => image.alt")
    board.picture_after(board.draw)
    board.svg.evaluate("svg => svg.querySelector('polyline').dataset.drawn = 'here'")
    board.picture_after(lambda: board.draw(0.2))
    # Drawing again what the kernel has heard of would tear the line from under the reader's hand.
    assert board.svg.evaluate("svg => svg.querySelector('polyline').dataset.drawn") == "here"
    assert len(board.lines()) == 2
    # While strokes may still be on their way to the kernel.
    board.cell.locator("button[title='a 3']").evaluate("button => button.click()")
    board.wait_until_it_says(said)
    assert board.lines() == example


def test_the_board_says_what_it_is_for_to_those_who_cannot_see_it(board):
    name, tab = board.svg.evaluate("svg => [svg.ariaLabel, svg.tabIndex]")
    assert "arrow keys" in name
    assert tab == 0
    assert board.svg.evaluate("svg => svg.nextElementSibling.getAttribute('aria-live')") == "polite"
    assert board.svg.evaluate("svg => svg.nextElementSibling.innerText") == name


def test_keys_draw_and_the_notebook_does_not_take_them(board):
    board.cell.locator("button").first.evaluate("clear => clear.click()")
    board.wait_until_it_says("Empty paper")
    board.svg.evaluate("svg => svg.focus()")
    for key in ("ArrowUp", "Space", "ArrowRight", "ArrowDown", "Space", "ArrowDown"):
        board.page.keyboard.press(key)
    board.wait_until_it_says("Your drawing")
    assert board.lines() == ["140,130 140,130 150,130 150,140"]
    said = board.svg.evaluate("svg => svg.nextElementSibling.innerText")
    assert "Pen up, 150 from the left and 150 from the top" in said
    board.page.keyboard.press("Backspace")
    board.wait_until_it_says("Empty paper")
    assert board.svg.evaluate("svg => svg === document.activeElement")
