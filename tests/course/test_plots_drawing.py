"""The parts of hand-drawn pictures: drawings, their axes, and the table of colors."""

import math
from xml.etree import ElementTree

import pytest

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.svg import formula
from mlt_nn.support.colors import GRAY, INK, SERIES, WHITE, tint

SVG = "{http://www.w3.org/2000/svg}"


def parts(drawing, kind):
    return ElementTree.fromstring(drawing.picture("see", "words").drawing).findall(SVG + kind)


@pytest.fixture
def axes():
    return Axes(Drawing(200, 120), 50, 10, 100, 80, (-1.0, 1.0), (0.0, 4.0))


def test_the_ends_of_the_scales_are_the_corners(axes):
    assert axes.place(-1.0, 0.0) == (50, 90)
    assert axes.place(1.0, 4.0) == (150, 10)
    assert axes.place(0.0, 1.0) == (100, 70)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 4.1])
def test_what_is_outside_or_no_number_is_not_shown(axes, value):
    assert axes.shows(0.0, 4.0)
    assert not axes.shows(0.0, value)


def test_a_line_is_drawn_in_pieces_between_its_gaps(axes):
    axes.line([(-1, 1), (-0.5, 1), (0, math.nan), (0.5, 9), (0.75, 2), (1, 2)], dash="2 3")
    lines = parts(axes.drawing, "polyline")
    assert [line.get("points") for line in lines] == ["50.0,70.0 75.0,70.0", "137.5,50.0 150.0,50.0"]
    assert {line.get("stroke-dasharray") for line in lines} == {"2 3"}


def test_scales_have_their_numbers_and_the_line_at_0_is_thicker(axes):
    axes.scales({0: "0", 1: "one"}, {2: "two"}, "across", "up")
    words = {"".join(text.itertext()): text for text in parts(axes.drawing, "text")}
    assert list(words) == ["0", "one", "two", "across", "up"]
    assert words["up"].get("transform").startswith("rotate(-90 ")
    widths = {line.get("x1"): line.get("stroke-width") for line in parts(axes.drawing, "line")}
    assert widths == {"100": "2", "150": "1", "50": "1"}


def test_a_drawing_is_measured_from_the_lower_edge_of_its_title():
    with_title, without = Drawing(300, 100, "A title"), Drawing(300, 100)
    assert (with_title.height, without.height) == (134, 100)
    (ground,) = parts(with_title, "rect")
    assert (ground.get("y"), ground.get("height"), ground.get("fill")) == ("-34", "134", WHITE)
    picture = with_title.picture("see", "words")
    assert 'viewBox="0 -34 300 134"' in picture.drawing
    assert (picture.width, picture.height) == (300, 134)


@pytest.mark.parametrize("name", ["count_parameters", "leaky_relu", "my_own_function"])
def test_a_name_in_code_is_written_as_it_is(name):
    assert formula(name, 10) == name


@pytest.mark.parametrize("words", ["W_g[l]", "A_{l-1}", "a_1 x", "x^2", "dL/dw_2"])
def test_a_name_on_the_board_has_its_index(words):
    assert "<tspan" in formula(words, 10)


def test_words_are_made_to_fit():
    assert fitting("12", 14, 100) == 14
    assert 0.7 * fitting("a long word", 14, 30) * len("a long word") == pytest.approx(30)


def contrast(color, other):
    """The ratio by which the Web Content Accessibility Guidelines measure whether letters are legible."""

    def luminance(color):
        channels = [part / 255 for part in bytes.fromhex(color[1:])]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    bright, dark = sorted((luminance(color), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_words_in_ink_and_gray_are_legible_on_white():
    assert contrast(INK, WHITE) > 7
    assert contrast(GRAY, WHITE) >= 4.5


def test_a_tint_goes_from_white_to_the_color():
    for color in SERIES:
        assert tint(color, 0) == WHITE
        assert tint(color, 1) == color
    assert contrast(INK, tint(SERIES[0], 0.44)) > 4.5
