"""The digits widget: how a network reads images, one by one."""

import xml.etree.ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.digits import digits, digits_picture
from mlt_nn.widgets.reading_picture import reading

from .widget_parts import unwritten

W = {1: np.ones((4, 3)), 2: np.ones((3, 3))}
b = {1: np.zeros(3), 2: np.zeros(3)}
X = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
LABELS = np.array([0, 1, 2, 0], dtype=np.uint8)


def forward_pass(X, W, b, hidden):
    """Says the class of the pixel that is inked; the fourth image is read as a 2."""
    Y_hat = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.1, 0.3, 0.6]])
    return {}, {0: X, 1: X @ W[1], 2: Y_hat}


def controls(widget):
    number, row = widget.children[0], widget.children[1]
    previous, following, only_mistakes = row.children
    return number, previous, following, only_mistakes


def test_the_default_view_reads_the_first_image():
    widget = digits(X, LABELS, forward_pass, W, b)
    assert widget.words == "The image shows the digit 0 and the network says 0 (70.0 %): right (image 1 of 4)."
    assert "0: 70.0 %, 1: 20.0 %, 2: 10.0 %" in widget.current.alt


def test_next_and_previous_go_round():
    widget = digits(X, LABELS, forward_pass, W, b)
    number, previous, following, _ = controls(widget)
    previous.click()
    assert number.value == 4
    following.click()
    following.click()
    assert number.value == 2
    assert "image 2 of 4" in widget.words


def test_only_mistakes_skips_to_the_next_mistake_and_stays_among_them():
    widget = digits(X, LABELS, forward_pass, W, b)
    number, previous, following, only_mistakes = controls(widget)
    only_mistakes.value = True
    assert number.value == 4
    mistake = "The image shows the digit 0 but the network says 2 (60.0 %): a mistake (image 4, mistake 1 of 1)."
    assert widget.words == mistake
    for button in (previous, following):
        button.click()
        assert number.value == 4


def test_after_the_last_mistake_comes_the_first():
    widget = digits(X, np.array([1, 1, 2, 2]), forward_pass, W, b)
    number, _, _, only_mistakes = controls(widget)
    only_mistakes.value = True
    assert number.value == 1
    number.value = 3
    assert number.value == 1


def test_no_mistakes_is_said():
    widget = digits(X, np.array([0, 1, 2, 2]), forward_pass, W, b)
    number, _, following, only_mistakes = controls(widget)
    only_mistakes.value = True
    assert "no mistakes among these 4 images" in widget.words
    following.click()
    assert number.value == 2


def test_a_single_image_is_enough():
    widget = digits(X[:1], LABELS[:1], lambda *a: ({}, {1: np.ones((1, 3)), 2: np.array([[1.0, 0.0, 0.0]])}), W, b)
    number, _, following, _ = controls(widget)
    following.click()
    assert (number.value, widget.words.count("image 1 of 1")) == (1, 1)


def test_an_unwritten_forward_pass_is_named_and_the_buttons_survive():
    widget = digits(X, LABELS, unwritten, W, b)
    _, _, following, only_mistakes = controls(widget)
    only_mistakes.value = True
    following.click()
    assert "this one is yours to write" in widget.words


@pytest.mark.parametrize(("images", "labels"), [(X[:0], LABELS[:0]), (X, LABELS[:3])])
def test_images_and_labels_must_match(images, labels):
    with pytest.raises(ValueError, match=f"{len(images)} images and {len(labels)} labels"):
        digits(images, labels, forward_pass, W, b)


def test_an_output_that_is_not_a_number_counts_as_a_mistake():
    picture, words = digits_picture(X[0], 1, [], np.array([np.nan, np.nan]))
    assert words == "The image shows the digit 1; the network's output is not a number"
    assert "not a number" in picture.alt


EXTREMES = [np.nan, np.inf, -np.inf, -1e308, 1e308, 0.0, 5e-324]


def rectangles(picture):
    """The upper edge of the drawing, which is measured from the lower edge of the title, and its rectangles."""
    root = xml.etree.ElementTree.fromstring(picture.drawing)
    return int(root.get("viewBox").split()[1]), list(root.iter("{http://www.w3.org/2000/svg}rect"))


@pytest.mark.parametrize("size", [1, 50, 784])
@pytest.mark.parametrize("layers", [0, 1, 10])
@pytest.mark.parametrize("value", [*EXTREMES, "all of them"])
def test_the_drawing_survives_every_value(value, layers, size):
    values = np.resize(np.array(EXTREMES if value == "all of them" else value), size)
    classes = [(j, float(values[0])) for j in range(10)]
    picture = reading("A <5> & more", np.resize(values, 784), [values] * layers, classes)
    top, drawn = rectangles(picture)
    for rectangle in drawn:
        x, y, width, height = (float(rectangle.get(side)) for side in ("x", "y", "width", "height"))
        # nan fails every comparison
        assert 0 <= x <= x + width <= picture.width
        assert top <= y <= y + height <= top + picture.height


def test_a_neuron_is_lit_by_its_activation_and_a_negative_one_has_a_dash():
    values = np.array([2.0, 1.0, 0.0, -2.0, np.nan])
    picture = reading("five", np.zeros(4), [values], [(0, np.nan)])
    fills = [rectangle.get("fill") for rectangle in rectangles(picture)[1] if rectangle.get("rx")]
    assert fills == ["#0072B2", "#80B8D8", "#FFFFFF", "#D55E00", "#BBBBBB"]
    (dash,) = xml.etree.ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}line")
    negative = next(box for box in rectangles(picture)[1] if box.get("fill") == "#D55E00")
    assert float(negative.get("x")) < float(dash.get("x1")) < float(negative.get("x")) + float(negative.get("width"))


def test_the_true_class_is_ringed_and_all_classes_are_shown():
    picture, _ = digits_picture(X[0], 2, [], np.array([0.1, 0.6, 0.3]))
    root = xml.etree.ElementTree.fromstring(picture.drawing)
    (ring,) = root.iter("{http://www.w3.org/2000/svg}circle")
    texts = {text.text: text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert abs(float(ring.get("cy")) - float(texts["2"].get("y"))) < 7
    assert {"10.0 %", "60.0 %", "30.0 %"} < set(texts)
    assert "a ring marks the true class" in picture.caption


def test_pixels_that_make_no_square_are_refused():
    with pytest.raises(ValueError, match="783 pixels is not a square"):
        reading("one", np.zeros(783), [], [(0, 1.0)])
