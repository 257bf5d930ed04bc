"""The charts, at the ends of what a student's functions may hand them."""

import io
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.image import imread

from mlt_nn import plots
from mlt_nn.plots import images, lines, look, matrix_charts
from mlt_nn.support.colors import SERIES, contrast

from .dark_theme import in_dark_theme

NAN, INF = float("nan"), float("inf")
X = np.array([[0.0, 0.5], [1.0, 2.0], [2.0, 0.0], [3.0, 1.0]])
LABELS = np.array([0, 1, 0, 1])
AXIS = np.linspace(-1, 1, 9)
ROWS = {
    "ordinary": [1.0, -2.0, 3.0, 0.5],
    "one value": [2.0],
    "none": [],
    "constant": np.full(3, 0.1, dtype=np.float32),
    "huge and tiny": [1e99, -1e300, 1e308, 1e-300],
    "a NaN and infinities": [1.0, NAN, 2.0, INF, -INF],
    "only NaN": [NAN, NAN],
}


def nothing(points):
    """A classifier to which every point is of class 0."""
    return np.zeros(len(points))


def square(values):
    """A matrix with the values in it, of sides that differ."""
    return np.resize(np.asarray(values, dtype=float), (2, 3)) if len(values) else np.zeros((0, 3))


# Each chart as a function of one row of numbers that a student's function may have returned.
CHARTS = {
    "curves": lambda v: plots.curves(np.arange(len(v)), {"one": v, "two": v}, "Title", "x", "y", "see"),
    "curves, log": lambda v: plots.curves(
        np.arange(1, len(v) + 1), {"one": v}, "Title", "x", "y", "see", log_x=True, log_y=True
    ),
    "curve_grid": lambda v: plots.curve_grid(
        np.arange(len(v)), {"A": {"one": v}, "B": {"two": v}}, "Title", "x", "y", "see"
    ),
    "line_fit": lambda v: plots.line_fit(
        v, v, {"constant": lambda x: np.full(len(x), v[0] if len(v) else 0.0)}, "Title", "x", "y", "see"
    ),
    "regions": lambda v: plots.regions(
        lambda P: (P[:, 0] > 0).astype(int), np.column_stack([v, v]), np.arange(len(v)) % 2, "Title", "see"
    ),
    "regions of a broken classifier": lambda v: plots.regions(
        lambda P: np.resize([*np.clip(np.abs(v), 0, 3).round(), NAN], len(P)), X, LABELS, "Title", "see"
    ),
    "surface": lambda v: plots.surface(
        lambda w1, w2: np.interp(w1 + w2, np.linspace(-2, 2, len(v)), v) if len(v) else NAN, AXIS, AXIS, "Title", "see"
    ),
    "surface with a path": lambda v: plots.surface(
        lambda w1, w2: w1 * w1 + w2 * w2,
        AXIS,
        AXIS,
        "Title",
        "see",
        paths={"path": [(0.5, 0.5), *zip(v, v, strict=True)]},
    ),
    "bars": lambda v: plots.bars(dict(enumerate(v)), "Title", "value", "see", highlight=[1]),
    "bars, log": lambda v: plots.bars(dict(enumerate(v)), "Title", "value", "see", log=True),
    "grouped_bars": lambda v: plots.grouped_bars(range(len(v)), {"one": v, "two": v}, "Title", "x", "y", "see"),
    "grouped_bars, log": lambda v: plots.grouped_bars(range(len(v)), {"one": v}, "Title", "x", "y", "see", log=True),
    "histogram": lambda v: plots.histogram({"one": v, "two": square(v)}, "Title", "value", "see"),
    "matrix": lambda v: plots.matrix(square(v), "Title", "see"),
    "matrices": lambda v: plots.matrices([("A", square(v)), "=", ("B", square(v).T)], "Title", "see"),
    "digits": lambda v: plots.digits(np.resize([*v, 0.0], (3, 16)), "abc", "Title", "see"),
    "weights_as_images": lambda v: plots.weights_as_images(np.resize([*v, 0.0], (16, 3)), "Title", "see"),
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("chart", CHARTS)
def test_no_values_break_a_chart(chart, row):
    """Warnings are errors here, so this also says that nothing overflows on the way."""
    picture = CHARTS[chart](ROWS[row])
    assert picture.drawing.startswith(b"\x89PNG")
    assert picture.caption == "see"
    assert picture.alt.startswith("Title. ")
    # Nothing is cut off: the outermost pixels are white.
    pixels = imread(io.BytesIO(picture.drawing))
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (edge == 1.0).all()


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_the_same_bytes_whatever_the_notebook_has_set(chart):
    row = ROWS["ordinary"]
    first = CHARTS[chart](row)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9, "text.usetex": True}):
        settings = dict(matplotlib.rcParams)
        again = CHARTS[chart](row)
        assert dict(matplotlib.rcParams) == settings
    assert again.drawing == first.drawing
    assert (again.width, again.height, again.alt) == (first.width, first.height, first.alt)


@pytest.mark.parametrize(
    "chart", ["curves", "curve_grid", "bars", "grouped_bars", "histogram", "surface", "matrix", "matrices"]
)
def test_what_is_missing_is_drawn_and_said(chart):
    """A gap is another picture than the same one without the gap, and the words name it."""
    whole, broken = CHARTS[chart]([1.0, 1.5, 2.0]), CHARTS[chart]([1.0, NAN, 2.0])
    assert whole.drawing != broken.drawing
    assert "NaN" not in whole.alt
    assert "Not drawn: " in broken.alt


def test_the_sentence_about_gaps_names_the_line_and_the_count():
    assert look.gaps({"5 values of a": 2, "5 values of b": 0}) == "Not drawn: 2 of 5 values of a (NaN or infinite)."
    assert look.gaps({"5 values of b": 0}) == ""
    assert "not above 0" in look.gaps({"5 values of a": 1}, log=True)


def test_a_log_axis_shows_what_is_above_0_only():
    shown, missing = look.drawable(np.array([-1.0, 0.0, 2.0, INF]), log=True)
    assert missing == 3
    assert shown[2] == 2.0


def test_what_the_words_of_a_line_tell():
    picture = plots.curves([0.0, 1.0, 2.0], {"bump": [0.0, 5.0, 1.0]}, "A bump", "x", "y", "see", marks=[(1, 5, "top")])
    assert picture.alt == "A bump. bump: 0 at x = 0, 1 at x = 2; lowest 0, highest 5. Marked: top at x = 1, 5."
    rounding = plots.curves([0.0, 1.0], {"sine": [1e-17, 1.0]}, "A sine", "x", "y", "see")
    assert "sine: 0 at x = 0" in rounding.alt


def test_own_words_replace_the_written_ones():
    picture = plots.curves([0.0, 1.0], {"noise": [1e-9, 2e-9]}, "Errors", "x", "y", "see", "About one billionth.")
    assert picture.alt == "About one billionth."


def test_a_path_that_leaves_the_map_is_told():
    steps = [(0.5, 0.5), (-0.9, -0.9), (7.0, 7.0), (-50.0, 0.0)]
    picture = plots.surface(lambda u, v: u * u + v * v, AXIS, AXIS, "Bowl", "see", paths={"rate 3": steps})
    assert "outside the map after step 2" in picture.alt
    assert "3 steps from (0.5, 0.5), loss 0.5, to (-50, 0), loss 2500" in picture.alt


def test_how_many_points_a_classifier_gets_right():
    picture = plots.regions(lambda P: (P[:, 0] > 1.5).astype(int), X, LABELS, "A rule", "see")
    assert "2 of 4 points are on the side of their class" in picture.alt


def test_confusion_counts():
    picture = plots.confusion([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], 2, "Five", "see")
    assert picture.alt == "Five. 2 of 5 are right. Most frequent mistakes: 1 taken for 0: 2, 0 taken for 1: 1."
    assert plots.confusion([], [], 3, "None", "see").alt == "None. 0 of 0 are right."
    for labels in ([3], [-1], [0.5]):
        with pytest.raises(ValueError, match="not one of the classes 0"):
            plots.confusion(labels, [0], 3, "Bad", "see")


def test_one_hundred_classes_still_make_a_picture():
    assert plots.confusion(np.arange(100), np.arange(100), 100, "Many", "see").height < 800


def test_a_large_matrix_fits_the_page():
    picture = plots.matrix(np.ones((3, 200)), "Wide", "see")
    assert picture.width < 900
    assert "600 entries are positive, 0 negative" in picture.alt


class TestWithoutColor:
    """With every color black, what was told apart by color must still be told apart."""

    @pytest.fixture(autouse=True)
    def _black(self, monkeypatch):
        monkeypatch.setitem(look.LOOKS, "color", ("#000000",) * len(SERIES))

    def test_classes(self):
        first, second = (plots.regions(nothing, X, labels, "T", "see", "alt") for labels in (LABELS, 1 - LABELS))
        assert first.drawing != second.drawing

    def test_regions(self):
        none = np.zeros((0, 2)), np.zeros(0, dtype=int)
        left, right = (
            plots.regions(lambda P, k=k: (P[:, 0] > 0.5) ^ k, *none, "T", "see", "alt") for k in (False, True)
        )
        assert left.drawing != right.drawing

    def test_lines(self):
        u, v = np.array([0.0, 3.0, 1.0] * 10), np.array([0.0, -3.0, 1.0] * 10)
        first, second = (
            plots.curves(np.arange(30), {"a": p, "b": q}, "T", "x", "y", "see", "alt") for p, q in ((u, v), (v, u))
        )
        # Where lines cross, the order in which they are drawn shows in a few pixels; dashes show in many.
        difference = np.abs(imread(io.BytesIO(first.drawing)) - imread(io.BytesIO(second.drawing)))
        assert np.count_nonzero(difference.max(axis=2) > 0.5) > 500

    def test_bars(self):
        plain, marked = (plots.bars({"a": 1.0}, "T", "x", "see", highlight=names) for names in ((), ("a",)))
        assert plain.drawing != marked.drawing


def test_a_negative_entry_of_a_matrix_is_marked_without_color(monkeypatch):
    gray = LinearSegmentedColormap.from_list("gray", ["#777777", "#FFFFFF", "#777777"])
    monkeypatch.setattr(matrix_charts, "SIGNED", gray)
    # 20 columns leave no room for numbers.
    positive, negative = (plots.matrix(np.full((2, 20), value), "T", "see", "alt") for value in (1.0, -1.0))
    assert positive.drawing != negative.drawing


def test_digits_are_legible_on_every_cell(monkeypatch):
    drawn = []
    monkeypatch.setattr(matrix_charts, "finish", lambda figure, *rest: drawn.append(figure))
    values = np.linspace(-1, 1, 60).reshape(6, 10)
    plots.matrix(values, "T", "see")
    plots.confusion(np.repeat(np.arange(4), 40), np.arange(160) ** 2 // 640 % 4, 4, "T", "see")
    for figure, count in zip(drawn, (60, 12), strict=True):
        axes = figure.axes[0]
        (image,) = axes.images
        cells = image.to_rgba(image.get_array())
        assert len(axes.texts) >= count
        for text in axes.texts:
            column, row = text.get_position()
            letters, ground = to_hex(text.get_color()), to_hex(cells[row, column])
            assert contrast(letters, ground) >= 4.5, (row, column)
            assert contrast(in_dark_theme(letters), in_dark_theme(ground)) >= 4.5, (row, column)


def test_images_of_gradients_are_not_called_weights(monkeypatch):
    figures = []
    monkeypatch.setattr(images, "finish", lambda figure, *rest: figures.append(figure) or " ".join(rest[3]))
    words = plots.weights_as_images(np.eye(4), "T", "see", label="gradient")
    assert words.startswith("The gradients of 4 neurons")
    assert figures[0].axes[-1].get_ylabel() == "gradient"


def test_there_are_as_many_dashes_markers_and_hatches_as_colors():
    assert {"color", "linestyle", "marker", "hatch"} == set(look.LOOKS)
    for looks in look.LOOKS.values():
        assert len(set(looks)) == len(looks) == len(set(SERIES))


@given(st.lists(st.floats(-2, 2), max_size=12), st.floats(0.01, 0.5))
def test_names_at_the_ends_of_lines_keep_apart_and_in_order(heights, gap):
    heights = sorted(heights)
    places = lines._spread(heights, gap)
    assert len(places) == len(heights)
    # Sums of a dozen numbers below 10: 1e-12 is far above their rounding.
    assert all(b - a >= gap - 1e-12 for a, b in pairwise(places))
    assert sum(places) == pytest.approx(sum(heights), abs=1e-9)


def test_names_stand_at_the_ends_of_their_lines_in_every_panel(monkeypatch):
    """Also in a panel whose scale a later one has widened."""
    figures = []
    monkeypatch.setattr(lines, "finish", lambda figure, *rest: figures.append(figure))
    ends = {"low": 1.0, "high": 10.0}
    plots.curve_grid([0.0, 1.0], {panel: {"a": [0.0, end]} for panel, end in ends.items()}, "T", "x", "y", "see")
    for axes, end in zip(figures[0].axes, ends.values(), strict=True):
        (name,) = axes.texts
        _, end_on_axes = axes.transAxes.inverted().transform(axes.transData.transform((1.0, end)))
        # One name needs no room for others: it stands at the very height, up to rounding.
        assert name.get_position()[1] == pytest.approx(end_on_axes, abs=1e-9)


MISTAKES = {
    "a line is too short": (
        lambda: plots.curves([0, 1, 2], {"a": [1, 2]}, "T", "x", "y", "c"),
        "a has 2 .*x has 3",
    ),
    "a line is a matrix": (
        lambda: plots.curves([0, 1], {"a": [[1], [2]]}, "T", "x", "y", "c"),
        r"a has shape \(2, 1\).*one row",
    ),
    "a line is a text": (lambda: plots.curves([0], {"a": "no"}, "T", "x", "y", "c"), "a cannot be drawn.*str"),
    "no panels": (lambda: plots.curve_grid([0], {}, "T", "x", "y", "c"), "panels is empty"),
    "x and y": (lambda: plots.line_fit([0, 1], [1], {}, "T", "x", "y", "c"), "x has 2 entries and y has 1"),
    "a fit": (lambda: plots.line_fit([0], [1], {"f": lambda x: 1.0}, "T", "x", "y", "c"), "'f' returned 1.*200"),
    "three features": (lambda: plots.regions(nothing, np.ones((2, 3)), [0, 1], "T", "c"), r"X has shape \(2, 3\)"),
    "labels": (lambda: plots.regions(nothing, X, LABELS[:2], "T", "c"), r"labels \(2,\)"),
    "labels from 1": (lambda: plots.regions(nothing, X, LABELS - 1, "T", "c"), "integers from 0"),
    "labels with halves": (lambda: plots.regions(nothing, X, LABELS / 2, "T", "c"), "integers from 0.*float64"),
    "probabilities": (lambda: plots.regions(lambda P: P, X, LABELS, "T", "c"), "one class each"),
    "halves": (lambda: plots.regions(lambda P: np.full(len(P), 0.5), X, LABELS, "T", "c"), "0.5, which is no class"),
    "too large": (lambda: plots.regions(lambda P: np.full(len(P), 1e9), X, LABELS, "T", "c"), "is no class"),
    "a path": (
        lambda: plots.surface(lambda u, v: 0.0, AXIS, AXIS, "T", "c", paths={"p": np.ones((3, 3))}),
        r"'p' has shape \(3, 3\)",
    ),
    "groups": (lambda: plots.grouped_bars([1, 2], {"a": [1.0]}, "T", "x", "y", "c"), "a has 1 values for 2 groups"),
    "a vector": (lambda: plots.matrix([1.0, 2.0], "T", "c"), r"shape \(2,\).*matrix"),
    "names": (lambda: plots.matrix(np.ones((2, 3)), "T", "c", row_names=["a"]), "1 names for 2"),
    "no matrix": (lambda: plots.matrices(["="], "T", "c"), "no matrix"),
    "unequal": (lambda: plots.confusion([0, 1], [0], 2, "T", "c"), r"\(2,\).*\(1,\)"),
    "captions": (lambda: plots.digits(np.zeros((2, 784)), ["one"], "T", "c"), "1 captions for 2 images"),
    "pixels": (lambda: plots.digits(np.zeros((2, 783)), "ab", "T", "c"), r"\(2, 783\).*square"),
    "neurons": (lambda: plots.weights_as_images(np.zeros((4, 2)), "T", "c", names=["a"]), "1 names for 2 neurons"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_names_and_shapes(mistake):
    draw, message = MISTAKES[mistake]
    with pytest.raises(ValueError, match=message):
        draw()
