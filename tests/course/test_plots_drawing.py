"""The parts of hand-drawn pictures: drawings, their axes, and the table of colors."""

import colorsys
import math
from xml.etree import ElementTree

import pytest

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.svg import formula
from mlt_nn.support.colors import GRAY, INK, SERIES, WHITE, contrast, tint

from .dark_theme import in_dark_theme

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


@pytest.mark.parametrize(("color", "ratio"), [("#000000", 21), ("#767676", 4.54), ("#D55E00", 3.87), (WHITE, 1)])
def test_contrast_is_that_of_the_guidelines(color, ratio):
    assert contrast(color, WHITE) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("color", [*SERIES, GRAY, INK])
def test_colored_words_are_legible_and_keep_their_hue(color):
    drawing = Drawing(200, 100)
    drawing.text(50, 50, "words", color=color)
    fill = parts(drawing, "text")[0].get("fill")
    assert contrast(fill, WHITE) >= 4.5
    assert contrast(in_dark_theme(fill), in_dark_theme(WHITE)) >= 4.5
    assert (fill == color) == (contrast(color, WHITE) >= 4.5)
    parted = [colorsys.rgb_to_hsv(*(part / 255 for part in bytes.fromhex(each[1:]))) for each in (fill, color)]
    assert parted[0][:2] == pytest.approx(parted[1][:2], abs=0.01)


def test_words_in_ink_and_gray_are_legible_on_white():
    assert contrast(INK, WHITE) > 7
    assert contrast(GRAY, WHITE) >= 4.5


def test_a_tint_goes_from_white_to_the_color():
    for color in SERIES:
        assert tint(color, 0) == WHITE
        assert tint(color, 1) == color
    assert contrast(INK, tint(SERIES[0], 0.44)) > 4.5
