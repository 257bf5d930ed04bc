"""The two-weight network: four steps, one a press, with every number on its edge."""

import math
from xml.etree import ElementTree

import pytest

from mlt_nn.support.colors import VERMILION, legible
from mlt_nn.widgets.two_weights import REACH, START, compute, status, two_weights
from mlt_nn.widgets.two_weights_picture import PARAMETERS, PATHS, STEPS, WIDE, draw, working


@pytest.fixture
def functions(solved):
    exercise, activations = solved("scalar_network"), solved("activations")
    return exercise.forward, exercise.loss, exercise.backward, activations.sigmoid, activations.sigmoid_prime


def parts(widget):
    """The sliders by name, the learning rate, the choice of the step and its button."""
    *sliders, row, _, rate = widget.children[1].children
    return dict(zip(("x", "y", *PARAMETERS), sliders, strict=True)), rate, *row.children


def path_of(widget):
    return widget.children[1].children[-2]


def letters(picture):
    """All text in the drawing, each element as one string, with the minus of the keyboard."""
    texts = ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).replace("\N{MINUS SIGN}", "-") for text in texts]


def test_the_default_view_can_be_checked_by_hand(functions):
    # z1 = z2 = 0, so both activations are 1/2, both slopes 1/4 and y_hat - y = -1/2.
    widget = two_weights(*functions)
    assert widget.words == "Backward: dL/dw1 = (-0.5) · 0.25 · 2 · 0.25 · 2 = -0.125."
    assert letters(widget.current)[-4:] == [
        "dL/dw2 = (ŷ - y) g'(z2) a1 = (-0.5) · 0.25 · 0.5 = -0.0625",
        "dL/db2 = (ŷ - y) g'(z2) = (-0.5) · 0.25 = -0.125",
        "dL/dw1 = (ŷ - y) g'(z2) w2 g'(z1) x = (-0.5) · 0.25 · 2 · 0.25 · 2 = -0.125",
        "dL/db1 = (ŷ - y) g'(z2) w2 g'(z1) = (-0.5) · 0.25 · 2 · 0.25 = -0.0625",
    ]
    assert letters(widget.current).count("\N{MULTIPLICATION SIGN} 0.25") == 2
    for said in ("a1 = 0.5", "L = 0.125", "dL/da1 = -0.25", "dL/dz2 = -0.125"):
        assert said in widget.current.alt


def test_each_press_goes_one_step_on_and_an_update_is_taken_over(functions):
    widget = two_weights(*functions)
    sliders, rate, step, following = parts(widget)
    rate.value = 1.0
    following.click()
    assert step.value == "update"
    assert widget.words.startswith("Update: w1 from 0.5 to 0.625, b1 from -1 to -0.938, ")
    assert sliders["w1"].value == 0.5
    following.click()
    assert step.value == "forward"
    assert {name: slider.value for name, slider in sliders.items()} == START | {
        "w1": 0.625, "b1": -0.9375, "w2": 2.0625, "b2": -0.875
    }  # fmt: skip
    following.click()
    assert step.value == "error"
    following.click()
    assert step.value == "backward"


def test_many_updates_lower_the_loss(functions):
    widget = two_weights(*functions)
    _, _, step, following = parts(widget)
    for _ in range(4 * 20):
        following.click()
    step.value = "error"
    assert float(widget.words.split()[-1].rstrip(".")) < 0.02


def test_only_what_is_known_is_shown(functions):
    state = compute(*functions, START, 1.0)
    alts = [draw(state, step).alt for step in STEPS]
    assert ["L = " in alt.partition("Working")[0] for alt in alts] == [False, True, True, True]
    assert ["dL/dw1 = " in alt.partition("Working")[0] for alt in alts] == [False, False, True, True]
    assert len({draw(state, step).height for step in STEPS}) == 1


@pytest.mark.parametrize(
    ("button", "ends"),
    [
        ("by hand", "dL/dw1 = (-0.5) · 0.25 · 2 · 0.25 · 2 = -0.125."),
        ("saturated", "The activation is saturated: g'(z1) = 0.000123 lets hardly anything back."),
        ("w2 = 0", "Since w2 = 0, nothing goes back through it to w1 and b1."),
        ("no error", "The prediction is right, so nothing has to change."),
    ],
)
def test_each_button_shows_its_case(functions, button, ends):
    widget = two_weights(*functions)
    parts(widget)[2].value = "forward"
    {found.description: found for found in widget.children[0].children}[button].click()
    assert widget.words.endswith(ends)


def test_a_wrong_backward_is_told_by_the_numbers_on_the_edges(functions):
    forward, loss, backward, g, g_prime = functions

    def without_w2(x, y, w2, *rest):
        return backward(x, y, 1.0, *rest)

    words = two_weights(forward, loss, without_w2, g, g_prime).words
    assert words == "Backward: your backward says dL/dw1 = -0.0625, but the product along the path is -0.125."


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("rate", [0.01, 10])
def test_every_end_of_the_controls_is_drawn(functions, step, sign, rate):
    widget = two_weights(*functions)
    sliders, control, choice, _ = parts(widget)
    ends = {slider: sign * (3 if name in "xy" else REACH) for name, slider in sliders.items()}
    widget.set({**ends, control: rate, choice: step})
    assert widget.words.startswith(step.capitalize())
    assert ElementTree.fromstring(widget.current.drawing) is not None


def test_numbers_that_overflow_are_shown_as_such(functions):
    def square(z):
        return z**2

    def slope(z):
        return 2 * z

    state = compute(*functions[:3], square, slope, {**START, "w1": 1e100, "w2": 1e200}, 10)
    for step in STEPS:
        assert "infinity" in draw(state, step).alt
        assert status(state, step)
    assert status(state, "update").endswith("The sliders end at ±10: w1, b1, w2, b2 will stay there.")


def test_nan_is_drawn(functions):
    state = compute(functions[0], functions[1], lambda *given: [math.nan] * 4, *functions[3:], START, 1.0)
    picture = draw(state, "backward")
    assert letters(picture).count("NaN") == 4  # in the boxes of the parameters
    state = compute(*functions[:4], lambda z: math.nan, START, 1.0)
    assert letters(draw(state, "backward")).count("\N{MULTIPLICATION SIGN} NaN") == 2


def test_a_negative_number_stands_in_brackets_inside_a_product(functions):
    state = compute(*functions, START | {"x": -2.0}, 1.0)
    assert working(state, "forward")[0] == "z_1 = w_1 x + b_1 = 0.5 · (-2) + (-1) = -2"


def test_a_long_number_stays_inside_its_box_and_between_two_boxes(functions):
    picture = draw(compute(*functions, START | {"w1": 5.0}, 1.0), "backward")
    texts = {"".join(text.itertext()): text for text in ElementTree.fromstring(picture.drawing).iter()}
    for words, room in (("\N{MULTIPLICATION SIGN} 0.000123", 104), ("\N{MINUS SIGN}2.61e\N{MINUS SIGN}05", WIDE)):
        # A bold digit is as wide as 0.7 of its size.
        assert 0.7 * float(texts[words].attrib["font-size"]) * len(words) < room


def heads(picture):
    """The orange heads of arrows: of each, its tip and the middle behind it."""
    found = []
    for node in ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}polygon"):
        points = [[float(part) for part in pair.split(",")] for pair in node.attrib["points"].split()]
        if node.attrib["fill"] == "#D55E00":
            found.append((points[0], [(a + b) / 2 for a, b in zip(*points[1:], strict=True)]))
    return found


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_way_back_is_one_path_whose_arrows_point_back(functions, name):
    widget = two_weights(*functions)
    path_of(widget).value = name
    arrows = heads(widget.current)
    assert len(arrows) == len(PATHS[name]) - 1
    level = [(tip, tail) for tip, tail in arrows if tip[1] == tail[1]]
    assert all(tip[0] < tail[0] for tip, tail in level)
    ((tip, tail),) = [arrow for arrow in arrows if arrow not in level]
    assert tip[1] < tail[1]  # up to the parameter
    assert widget.words.startswith(f"Backward: dL/d{name} = (-0.5) · 0.25 · ")
    here = [
        words for words, color in written(widget.current) if words.startswith("dL/d") and color == legible(VERMILION)
    ]
    assert [words.partition(" ")[0] for words in here] == [f"dL/d{name}"]


def written(picture):
    """All text in the drawing with its color."""
    texts = ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}text")
    return zip(letters(picture), [text.attrib["fill"] for text in texts], strict=True)


def test_the_other_steps_have_no_arrow_back_and_hide_what_does_not_matter(functions):
    widget = two_weights(*functions)
    _, rate, step, _ = parts(widget)
    seen = {}
    for step.value in STEPS:
        seen[step.value] = (path_of(widget).layout.visibility, rate.layout.visibility, bool(heads(widget.current)))
    assert seen == {
        "forward": ("hidden", "hidden", False),
        "error": ("hidden", "hidden", False),
        "backward": ("visible", "hidden", True),
        "update": ("hidden", "visible", False),
    }


def test_an_update_shows_what_it_changes(functions):
    picture = draw(compute(*functions, START, 1.0), "update")
    assert {"0.625", "-0.938", "2.06", "-0.875"} <= set(letters(picture))
    assert "new w1 = 0.625" in picture.alt
    assert "new L = 0." in picture.alt
    assert "new z1" not in picture.alt


def test_a_number_is_dragged_from_side_to_side(functions):
    widget = two_weights(*functions)
    sliders, *_ = parts(widget)
    (listening,) = [child for child in widget.children if child.has_trait("drag")]
    texts = ElementTree.fromstring(widget.current.drawing).iter("{http://www.w3.org/2000/svg}text")
    (box,) = [text for text in texts if text.attrib.get("font-weight") and "".join(text.itertext()) == "w2"]
    x, y = float(box.attrib["x"]), float(box.attrib["y"])
    for way in (0, -20, -50):
        listening.drag = (x, y, x + way, y + 3)
    assert sliders["w2"].value == 0
    listening.drag = (300, 300, 300, 300)
    listening.drag = (300, 300, 400, 300)
    assert {name: slider.value for name, slider in sliders.items()} == START | {"w2": 0}
