"""The charts, at the ends of what a student's functions may hand them."""

import functools
import io
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from mlt_nn import plots
from mlt_nn.plots import bar_charts, images, lines, look, matrix_charts, plane
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
    return np.tile([1.0, 0.0], (len(points), 1))


def right_of(place, points):
    """The scores of a classifier to which every point right of that place is of class 1."""
    return np.stack([place - points[:, 0], points[:, 0] - place], axis=1)


@pytest.fixture
def figures(monkeypatch):
    """The figures of all charts, as they are when they are finished; no picture is made of them."""
    found = []
    finished = look.finish

    def finish(figure, *rest):
        found.append(figure)
        return finished(figure, *rest)

    for module in (bar_charts, images, lines, matrix_charts, plane):
        monkeypatch.setattr(module, "finish", finish)
    monkeypatch.setattr(Figure, "savefig", lambda *args, **options: None)
    return found


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
        lambda P: right_of(0, P), np.column_stack([v, v]), np.arange(len(v)) % 2, "Title", "see"
    ),
    "regions of a broken classifier": lambda v: plots.regions(
        lambda P: np.resize([*v, NAN], (len(P), 3)), X, LABELS, "Title", "see"
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
    "grouped_bars": lambda v: plots.grouped_bars(range(len(v)), {"one": v, "two": v}, "Title", "x", "y", "see"),
    "histogram": lambda v: plots.histogram({"one": v, "two": square(v)}, "Title", "value", "see"),
    "matrix": lambda v: plots.matrix(square(v), "Title", "see"),
    "matrices": lambda v: plots.matrices([("A", square(v)), "=", ("B", square(v).T)], "Title", "see"),
    "digits": lambda v: plots.digits(np.resize([*v, 0.0], (3, 16)), "abc", "Title", "see"),
    "weights_as_images": lambda v: plots.weights_as_images(np.resize([*v, 0.0], (16, 3)), "Title", "see"),
}


@functools.cache
def drawn(chart, row):
    return CHARTS[chart](ROWS[row])


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("chart", CHARTS)
def test_no_values_break_a_chart(chart, row):
    """Warnings are errors here, so this also says that nothing overflows on the way."""
    picture = drawn(chart, row)
    assert picture.drawing.startswith(b"\x89PNG")
    assert picture.caption == "see"
    assert picture.alt.startswith("Title. ")
    # Nothing is cut off: the outermost pixels are white.
    pixels = imread(io.BytesIO(picture.drawing))
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (edge == 1.0).all()


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_the_same_bytes_whatever_the_notebook_has_set(chart):
    first = drawn(chart, "ordinary")
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9, "text.usetex": True}):
        settings = dict(matplotlib.rcParams)
        again = CHARTS[chart](ROWS["ordinary"])
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
    picture = plots.regions(lambda P: right_of(1.5, P), X, LABELS, "A rule", "see")
    assert "2 of 4 points are on the side of their class" in picture.alt
    unknown = plots.regions(lambda P: np.full((len(P), 2), NAN), X, LABELS, "A rule", "see")
    assert "0 of 4 points are on the side of their class" in unknown.alt


def test_a_straight_border_is_drawn_straight(figures):
    a, b, c = 3.0, 1.0, 2.5

    def scores(points):
        """Class 1 wins where 3 x + y is above 2.5."""
        return np.stack([np.full(len(points), c), points @ [a, b]], axis=1)

    plots.regions(scores, X, LABELS, "A line", "see")
    borders = [border for border in figures[0].axes[0].collections if not border.get_fill()]
    corners = np.concatenate([path.vertices for border in borders for path in border.get_paths()])
    assert len(corners) > 100
    # Sums of a few numbers below 10: 1e-9 is far above their rounding, and far below a cell of the grid, 0.02.
    np.testing.assert_allclose(corners @ [a, b], c, atol=1e-9)


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
            plots.regions(lambda P, turn=turn: right_of(0.5, P)[:, ::turn], *none, "T", "see", "alt")
            for turn in (1, -1)
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


def test_a_negative_weight_of_an_image_has_a_dot(figures):
    plots.weights_as_images(np.array([[1.0, -1.0], [-0.9, 0.0], [0.5, -0.1], [np.nan, 1.0]]), "T", "see")
    first, second, bar = figures[0].axes
    dots = [[tuple(map(int, place)) for place in axes.lines[0].get_xydata()] for axes in (first, second)]
    assert dots == [[(1, 0)], [(0, 0)]]
    assert bar.lines[0].get_ydata().max() < 0 < bar.get_ylim()[1]
    fullest = to_hex(matrix_charts.SIGNED(0.0))
    assert contrast("#000000", fullest) >= 3
    assert contrast(in_dark_theme("#000000"), in_dark_theme(fullest)) >= 3


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


def test_images_of_gradients_are_not_called_weights(figures):
    words = plots.weights_as_images(np.eye(4), "T", "see", label="gradient").alt
    assert words.startswith("T. The gradients of 4 neurons")
    assert figures[0].axes[-1].get_ylabel() == "gradient"


def test_there_are_as_many_dashes_markers_and_hatches_as_colors():
    assert {"color", "linestyle", "marker", "hatch"} == set(look.LOOKS)
    for looks in look.LOOKS.values():
        assert len(set(looks)) == len(looks) == len(set(SERIES))


@given(st.lists(st.floats(-2, 2), max_size=12), st.floats(0.01, 0.5))
def test_names_at_the_ends_of_lines_keep_apart_and_in_order(heights, gap):
    heights = sorted(heights)
    places = lines.spread(heights, gap)
    assert len(places) == len(heights)
    # Sums of a dozen numbers below 10: 1e-12 is far above their rounding.
    assert all(b - a >= gap - 1e-12 for a, b in pairwise(places))
    assert sum(places) == pytest.approx(sum(heights), abs=1e-9)


def test_names_stand_at_the_ends_of_their_lines_in_every_panel(figures):
    """Also in a panel whose scale a later one has widened."""
    ends = {"low": (1.0, -5.0), "high": (10.0, -5.0)}
    plots.curve_grid(
        [0.0, 1.0],
        {panel: {"a": [0.0, one], "b": [0.0, other]} for panel, (one, other) in ends.items()},
        *("T", "x", "y", "see"),
    )
    figures[0].draw_without_rendering()
    for axes, both in zip(figures[0].axes, ends.values(), strict=True):
        names = {name.get_text(): name for name in axes.texts}
        for name, end in zip("ab", both, strict=True):
            _, end_on_axes = axes.transAxes.inverted().transform(axes.transData.transform((1.0, end)))
            # The names are far apart: each stands at the very height, up to rounding.
            assert names[name].get_position()[1] == pytest.approx(end_on_axes, abs=1e-9)


def test_the_only_line_of_a_panel_has_no_name_beside_it_but_that_of_a_chart_has(figures):
    plots.curve_grid([0.0, 1.0], {"A": {"one": [0, 1]}, "B": {"two": [0, 1]}}, "T", "x", "y", "see")
    plots.curves([0.0, 1.0], {"one": [0, 1]}, "T", "x", "y", "see")
    told = [[text.get_text() for axes in figure.axes for text in axes.texts] for figure in figures]
    assert told == [[], ["one"]]


def test_panels_share_a_scale_only_where_they_share_a_unit(figures):
    panels = {"loss": {"a": [0.5, 0.25]}, "points": {"b": [100.0, 200.0]}}
    plots.curve_grid([0.0, 1.0], panels, "T", "x", "both", "see")
    plots.curve_grid([0.0, 1.0], panels, "T", "x", ["loss", "points right"], "see")
    shared, own = ([axes.get_ylim() for axes in figure.axes] for figure in figures)
    assert shared[0] == shared[1]
    assert own[0][1] < 1 < own[1][0]
    looks = [[axes.lines[0].get_linestyle() for axes in figure.axes] for figure in figures]
    assert looks == [["-", "--"], ["-", "-"]]
    assert [axes.get_ylabel() for axes in figures[0].axes] == ["both", ""]
    assert [axes.get_ylabel() for axes in figures[1].axes] == ["loss", "points right"]


def test_a_walk_on_a_curve_leaves_the_scale_alone_and_is_told(figures):
    x = np.linspace(-2, 2, 9)
    panels = {name: {"loss": x * x / 2} for name in ("down", "away")}
    plots.curve_grid(x, panels, "T", "w", "loss", "see")
    words = plots.curve_grid(
        x, panels, "T", "w", "loss", "see", paths={"down": [(1, 0.5), (0, 0)], "away": [(1, 0.5), (-2, 2), (4, 8)]}
    ).alt
    assert "down: 1 steps from (1, 0.5), loss 0.5, to (0, 0), loss 0." in words
    assert "away: 2 steps from (1, 0.5), loss 0.5, to (4, 8), loss 8; outside the map after step 2" in words
    without, walked = figures
    for before, after in zip(without.axes, walked.axes, strict=True):
        assert (before.get_xlim(), before.get_ylim()) == (after.get_xlim(), after.get_ylim())
    assert [1, 0] in [list(line.get_xdata()) for line in walked.axes[0].lines]


def test_an_error_is_a_line_from_its_point_to_the_curve(figures):
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, -1.0, 5.0])
    plots.line_fit(x, y, {"zero": np.zeros_like, "double": lambda x: 2 * x}, "T", "x", "y", "see", errors=True)
    plots.line_fit(x, y, {"zero": np.zeros_like, "double": lambda x: 2 * x}, "T", "x", "y", "see")
    drawn = [[sorted(segment[:, 1]) for segment in axes.collections[0].get_segments()] for axes in figures[0].axes]
    assert drawn == [[[0, 1], [-1, 0], [0, 5]], [[0, 1], [-1, 2], [4, 5]]]
    assert not figures[1].axes[0].collections


@pytest.mark.parametrize("rises", [True, False])
def test_the_words_of_a_mark_stand_on_no_line(figures, rises):
    x = np.linspace(-1, 1, 101)
    plots.curves(x, {"a": x if rises else -x}, "T", "x", "y", "see", marks=[(0, 0, "here it is")])
    figures[0].draw_without_rendering()
    (axes,) = figures[0].axes
    (words,) = (text for text in axes.texts if text.get_text() == "here it is")
    left, bottom, right, top = words.get_window_extent().extents
    for across, height in axes.transData.transform(axes.lines[0].get_xydata()):
        assert not (left <= across <= right and bottom <= height <= top)


def test_names_in_a_chart_are_those_of_the_board(figures):
    W = np.array([[1.0, -2.0]])
    plots.matrices([("Y_hat", W), "-", ("W_1", W)], "The matrix W_1", "see")
    plots.matrix(W, "T", "see", row_names=["a_1"], column_names=["z_1", "z_2"])
    plots.bars({"b_1": -1.0}, "T", "slope at -1", "see")
    plots.digits(np.zeros((1, 4)), ["z = -4.5"], "A 2-3-2 network", "see")
    told = [[text.get_text() for text in figure.findobj(Text)] for figure in figures]
    index = "$_{{\\mathrm{{{}}}}}$".format
    assert {"Ŷ", f"W{index(1)}", "\N{MINUS SIGN}", f"The matrix W{index(1)}"} <= set(told[0])
    assert {f"a{index(1)}", f"z{index(1)}", f"z{index(2)}"} <= set(told[1])
    assert {f"b{index(1)}", "slope at \N{MINUS SIGN}1"} <= set(told[2])
    assert {"z = \N{MINUS SIGN}4.5", "A 2-3-2 network"} <= set(told[3])


def test_each_bar_of_a_group_has_its_value_at_its_end(figures):
    plots.grouped_bars(["a", "b"], {"one": [1 / 3, -2.0], "two": [3.0, 4e-7]}, "T", "x", "y", "see")
    told = [text.get_text() for text in figures[0].axes[0].texts]
    assert told == ["0.333", "\N{MINUS SIGN}2", "3", "4e\N{MINUS SIGN}07"]


def test_only_several_series_need_a_legend(figures):
    for values in ({"one": [1.0, 2.0]}, {"one": [1.0, 2.0], "two": [0.0, 3.0]}):
        plots.histogram(values, "T", "x", "see")
    assert [figure.axes[0].get_legend() is not None for figure in figures] == [False, True]


def test_few_images_are_large_and_many_fit_the_page(figures):
    widths = [
        plots.weights_as_images(np.eye(4, columns + 1), "T", "see", columns=columns).width for columns in (2, 5, 10, 20)
    ]
    assert widths == [340, 688, 728, 728]
    assert "1 image of 2 x 2 pixels" in plots.digits(np.zeros((1, 4)), ["one"], "T", "see").alt


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
    "classes": (
        lambda: plots.regions(lambda P: P[:, 0], X, LABELS, "T", "c"),
        r"\(25600,\) for 25600 points.*not the predicted classes",
    ),
    "one score": (lambda: plots.regions(lambda P: P[:, :1], X, LABELS, "T", "c"), "one score for each class.*least 2"),
    "some points": (lambda: plots.regions(lambda P: P[:9], X, LABELS, "T", "c"), r"\(9, 2\) for 25600 points"),
    "labels of y": (
        lambda: plots.curve_grid([0], {"A": {}, "B": {}}, "T", "x", ["y"], "c"),
        "1 labels of y for 2 panels",
    ),
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
