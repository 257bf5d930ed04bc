"""The diagrams: well-formed, inside their frame, true to their values, and told in words."""

import xml.etree.ElementTree as ElementTree
from itertools import combinations

import numpy as np
import pytest

from mlt_nn import plots
from mlt_nn.plots.drawing import Drawing, signed
from mlt_nn.plots.svg import plain

NAN, INF = float("nan"), float("inf")
SVG = "{http://www.w3.org/2000/svg}"
RNG_SEED = 7
W = {1: np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]), 2: np.array([[1.0], [-2.0]])}
A = {0: np.array([[1.0, 2.0, 3.0]]), 1: np.array([0.5, 0.25]), 2: np.array([0.125])}
FULL = dict.fromkeys(("x", "w1", "b1", "z1", "a1", "w2", "b2", "z2", "a2", "y", "L"), -1.23456e-7)


def random_network(sizes):
    rng = np.random.default_rng(RNG_SEED)
    return {l: rng.standard_normal((sizes[l - 1], sizes[l])) for l in range(1, len(sizes))}


def network(sizes, **options):
    return lambda: plots.network_diagram(sizes, "Title", "see", **options)


DIAGRAMS = {
    "neuron, one input": lambda: plots.neuron_diagram([2.0], [0.0], 0, "Title", "see"),
    "neuron, two inputs": lambda: plots.neuron_diagram([2.0, 1.0], [-1.0, 0.5], 1.0, "Title", "see"),
    "neuron, 784 inputs": lambda: plots.neuron_diagram(np.ones(784), -np.ones(784), 1e-9, "Title", "see"),
    "neuron, not finite": lambda: plots.neuron_diagram([NAN, INF, 1e300], [-INF, NAN, -1e-300], NAN, "Title", "see"),
    "network, two neurons": network((1, 1)),
    "network of MNIST": network((784, 50, 10)),
    "network of MNIST, weights": network((784, 50, 10), W=random_network((784, 50, 10))),
    "network, deep": network((2, *[3] * 11, 2)),
    "network, elided and marked": network((784, 50, 10), highlight=(1, 400, 25)),
    "network, first edge marked": network((4, 3), highlight=(1, 1, 3), W=random_network((4, 3))),
    "network, steep edge marked": network((8, 8), highlight=(1, 1, 8)),
    "network, last edge marked": network((4, 3), highlight=(1, 4, 1)),
    "network, all numbers": network(
        (3, 2, 1), W=W, b={1: [0.1, -0.2], 2: [0.0]}, A=A, W_g=W, Z_g={1: [0.1, -0.2], 2: [1.5]}
    ),
    "network, not finite": network(
        (3, 2, 1),
        W={1: np.full((3, 2), NAN), 2: np.array([[INF], [-INF]])},
        A={0: [NAN, INF, -INF], 1: [1e300, 1e-300]},
    ),
    "network, zero weights": network((3, 2), W={1: np.zeros((3, 2))}),
    "network, dropped": network((4, 8, 8, 3), masks={1: [1, 0] * 4, 2: [0, 1] * 4}),
    "network, all dropped": network((2, 4, 2), masks={1: [0, 0, 0, 0]}),
    "shapes, letters": lambda: plots.matrix_shapes(
        [("Z_1", ("n", 50)), "=", ("A_0", ("n", 784)), ("W_1", (784, 50)), "+", ("b_1", (50,))], "Title", "see"
    ),
    "shapes, one number": lambda: plots.matrix_shapes([("c", (1,))], "Title", "see"),
    "shapes, huge": lambda: plots.matrix_shapes([("A", (60000, 784)), ("W", (784, 1))], "Title", "see"),
    "shapes, long names": lambda: plots.matrix_shapes(
        [("a_{l-1}^T", (1, 3)), ("W_l", (3, 2)), "+", ("A_{l-1}^{(g)}", ("n", "k"))], "Title", "see"
    ),
    "chain, empty": lambda: plots.chain({}, "Title", "see"),
    "chain, full": lambda: plots.chain(FULL, "Title", "see", g="sigmoid"),
    "chain, not finite": lambda: plots.chain({"x": NAN, "w1": -INF, "L": INF}, "Title", "see"),
    "a long title": lambda: plots.chain({}, "Title. " + "a word after another " * 12, "see"),
}


def elements(picture, kind):
    return ElementTree.fromstring(picture.drawing).iter(SVG + kind)


def extent(element):
    """The left, top, right and bottom of an element; of a text, as wide as its letters are on average."""
    at = {key: float(value) for key, value in element.attrib.items() if key in NUMBERS}
    match element.tag.removeprefix(SVG):
        case "circle":
            return at["cx"] - at["r"], at["cy"] - at["r"], at["cx"] + at["r"], at["cy"] + at["r"]
        case "rect":
            x, y = at.get("x", 0), at.get("y", 0)
            return x, y, x + at["width"], y + at["height"]
        case "line":
            return *np.minimum([at["x1"], at["y1"]], [at["x2"], at["y2"]]), *np.maximum(
                [at["x1"], at["y1"]], [at["x2"], at["y2"]]
            )
        case "polygon" | "polyline":
            corners = np.array([pair.split(",") for pair in element.attrib["points"].split()], dtype=float)
            return *corners.min(axis=0), *corners.max(axis=0)
        case "text":
            wide = 0.6 * at["font-size"] * len("".join(element.itertext()))
            left = at["x"] - {"start": 0, "middle": wide / 2, "end": wide}[element.attrib["text-anchor"]]
            return left, at["y"] - at["font-size"], left + wide, at["y"] + 0.3 * at["font-size"]


NUMBERS = {"x", "y", "cx", "cy", "r", "width", "height", "x1", "y1", "x2", "y2", "font-size"}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_is_whole(name):
    picture = DIAGRAMS[name]()
    root = ElementTree.fromstring(picture.drawing)
    # Measured from the lower edge of the title.
    left_edge, top_edge, width, height = map(int, root.attrib["viewBox"].split())
    assert (left_edge, width, height) == (0, picture.width, picture.height)
    assert picture.caption == "see"
    assert picture.alt.startswith("Title.")
    drawn = [element for element in root if element.tag != SVG + "svg"]
    assert len(drawn) > 2
    for element in drawn:
        left, top, right, bottom = extent(element)
        assert left >= 0, ElementTree.tostring(element)
        assert top >= top_edge, ElementTree.tostring(element)
        assert right <= picture.width, ElementTree.tostring(element)
        assert bottom <= top_edge + height, ElementTree.tostring(element)
    assert DIAGRAMS[name]().drawing == picture.drawing
    assert picture.width < 1500


def test_signs_are_seen_without_color():
    positive, negative, zero, missing = (signed(weight, 2.0) for weight in (2.0, -2.0, 0.0, NAN))
    assert positive["dash"] == ""
    assert negative["dash"] not in ("", zero["dash"])
    assert zero == missing
    assert positive["width"] == negative["width"] > signed(1.0, 2.0)["width"] > zero["width"]


def test_each_edge_has_the_look_of_its_weight():
    lines = list(elements(plots.network_diagram((3, 2, 1), "T", "see", W=W), "line"))
    for l in (1, 2):
        for weight in W[l].ravel():
            look = signed(weight, np.abs(W[l]).max())
            like = [
                line for line in lines if line.attrib["stroke-width"] == f"{look['width']:.2f}".rstrip("0").rstrip(".")
            ]
            assert look["dash"] in [line.attrib.get("stroke-dasharray", "") for line in like]
    assert sum(line.attrib.get("stroke-dasharray", "") != "" for line in lines) == 3


def test_a_dropped_neuron_is_crossed_out_and_its_edges_fade():
    whole = plots.network_diagram((2, 4, 3), "T", "see")
    thinned = plots.network_diagram((2, 4, 3), "T", "see", masks={1: np.array([1, 0, 0, 1])})
    assert sum(circle.attrib.get("stroke-dasharray") == "4 3" for circle in elements(thinned, "circle")) == 2
    # Two crosses of two lines each; and of the 5 edges at each neuron, 10 fade.
    assert len(list(elements(thinned, "line"))) == len(list(elements(whole, "line"))) + 4
    assert sum(line.attrib.get("stroke-dasharray") == "2 4" for line in elements(thinned, "line")) == 10
    assert "Dropped in layer 1: neurons 2, 3" in thinned.alt


def test_a_marked_edge_has_its_name_on_the_board_and_in_the_code():
    picture = plots.network_diagram((3, 4, 2), "T", "see", highlight=(2, 3, 1), W=random_network((3, 4, 2)))
    texts = ["".join(text.itertext()) for text in elements(picture, "text")]
    weight = random_network((3, 4, 2))[2][2, 0]
    assert f"W231 = {weight:.3g}".replace("-", "\N{MINUS SIGN}") in texts
    assert "in code: W[2][2, 0]" in texts
    assert "Marked: W_231, the edge from neuron 3 of layer 1 to neuron 1 of layer 2" in picture.alt
    large = plots.network_diagram((784, 50), "T", "see", highlight=(1, 400, 25))
    assert "W_1,400,25" in large.alt
    assert "400" in ["".join(text.itertext()) for text in elements(large, "text")]


def test_a_large_layer_is_shortened_with_its_last_neuron_kept():
    texts = ["".join(text.itertext()) for text in elements(plots.network_diagram((784, 50, 10), "T", "see"), "text")]
    assert "784" in texts
    assert "7" not in texts
    assert "S0 = 784" in texts


def test_values_and_gradients_are_written():
    picture = plots.network_diagram((3, 2, 1), "T", "see", W=W, A=A, Z_g={2: [0.375]})
    texts = ["".join(text.itertext()) for text in elements(picture, "text")]
    for text in ("0.125", "g = 0.375", "\N{MINUS SIGN}0.75", "1.5"):
        assert text in texts
    assert "A[2]: 0.125" in picture.alt
    assert "Z_g[2]: 0.375" in picture.alt


def test_a_neuron_without_a_value_has_no_number_that_could_be_taken_for_one():
    pictures = (plots.network_diagram((3, 2, 1), "T", "see", A=given) for given in (None, {1: A[1]}))
    texts = [["".join(text.itertext()) for text in elements(picture, "text")] for picture in pictures]
    assert [{"1", "2", "3"} <= set(found) for found in texts] == [True, False]
    assert not {"1", "2", "3"} & set(texts[1])


def test_a_product_that_does_not_exist_is_drawn_and_named():
    picture = plots.matrix_shapes([("A_0", (5, 3)), ("W_1", (4, 2))], "T", "see")
    assert "A_0 W_1: 3 and 4 differ, there is no product" in picture.alt
    assert "no product" in picture.drawing
    right = plots.matrix_shapes([("A_0", (5, 3)), ("W_1", (3, 2))], "T", "see")
    assert "A_0 W_1: 3 and 3 agree" in right.alt
    assert "stroke-dasharray" in picture.drawing
    assert "stroke-dasharray" not in right.drawing


def test_a_value_in_the_chain_is_a_number_with_its_own_sign():
    picture = plots.chain({"x": 2.0, "w1": -0.125}, "T", "see")
    texts = ["".join(text.itertext()) for text in elements(picture, "text")]
    assert {"2", "\N{MINUS SIGN}0.125"} <= set(texts)
    assert picture.alt == "T. Values: x = 2, w1 = -0.125."


def test_the_numbers_of_edges_into_one_neuron_cover_no_others():
    """Each with its gradient below it: of one layer at a time all numbers are legible."""
    wide = {l: np.full((before, after), -1.234) for l, (before, after) in {1: (2, 3), 2: (3, 2)}.items()}
    for l in (1, 2):
        picture = plots.network_diagram((2, 3, 2), "T", "see", W={l: wide[l]}, W_g={l: wide[l]})
        texts = [text for text in elements(picture, "text") if "1.23" in "".join(text.itertext())]
        assert len(texts) == 12
        numbers = [extent(text) for text in texts]
        for (left, top, right, bottom), other in combinations(numbers, 2):
            across, high = min(right, other[2]) - max(left, other[0]), min(bottom, other[3]) - max(top, other[1])
            # Lines of one column are 14 pixels apart and letters 12 high, with room above and below.
            assert across < 8 or high < 5


def test_a_hyphen_between_sizes_is_no_minus():
    drawing = Drawing(300, 50, "The network 2-3-2, x = -1, A_{l-1}, one-sided")
    title = " ".join("".join(text.itertext()) for text in elements(drawing.picture("see", "words"), "text"))
    minus = "\N{MINUS SIGN}"
    assert title == f"The network 2-3-2, x = {minus}1, Al{minus}1, one-sided"


def test_scripts_stand_above_and_below_and_come_back_to_the_line():
    drawing = Drawing(200, 50, "T")
    drawing.text(100, 20, "W_{12}^{(g)} = y_hat_1 & <b>")
    text = list(elements(drawing.picture("see", "words"), "text"))[-1]
    assert "".join(text.itertext()) == "W12(g) = ŷ1 & <b>"
    shifts = [float(span.attrib["dy"]) for span in text]
    assert shifts[0] > 0 > shifts[1]
    assert sum(shifts) == pytest.approx(0, abs=0.01)
    assert plain("W_{12}^{(g)}") == "W_12^(g)"


MISTAKES = {
    "weights": (lambda: plots.neuron_diagram([1.0, 2.0], [1.0], 0, "T", "c"), "a has 2 entries and w has 1"),
    "one layer": (lambda: plots.network_diagram((3,), "T", "c"), "at least two layers"),
    "no neurons": (lambda: plots.network_diagram((3, 0), "T", "c"), "at least one neuron"),
    "transposed": (
        lambda: plots.network_diagram((3, 2), "T", "c", W={1: np.ones((2, 3))}),
        r"W\[1\] has shape \(2, 3\)",
    ),
    "mask": (
        lambda: plots.network_diagram((3, 2, 1), "T", "c", masks={1: [1]}),
        r"masks\[1\] has shape \(1,\).*\(2,\)",
    ),
    "edge": (lambda: plots.network_diagram((3, 2), "T", "c", highlight=(1, 0, 1)), "no such edge"),
    "no matrix": (lambda: plots.matrix_shapes(["="], "T", "c"), "no matrix"),
    "three sizes": (lambda: plots.matrix_shapes([("A", (1, 2, 3))], "T", "c"), "one or two sizes"),
    "value": (lambda: plots.chain({"z3": 1.0}, "T", "c"), "no 'z3' in the chain"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_names_and_shapes(mistake):
    draw, message = MISTAKES[mistake]
    with pytest.raises(ValueError, match=message):
        draw()
