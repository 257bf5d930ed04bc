"""The handwriting widget: strokes become an image like MNIST's, and the network reads it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlt_nn.widgets.drawing_board import SIDE, DrawingBoard
from mlt_nn.widgets.handwriting import EXAMPLES, centered_image, handwriting, handwriting_picture, parse_strokes

W = {1: np.zeros((784, 5), dtype=np.float32), 2: np.zeros((5, 10), dtype=np.float32)}
b = {1: np.zeros(5, dtype=np.float32), 2: np.zeros(10, dtype=np.float32)}


def forward_pass(X, W, b, hidden):
    """Says 7 for much ink and 2 for little, in the dtype of X."""
    Y_hat = np.zeros((len(X), 10), dtype=X.dtype)
    Y_hat[:, 7 if X.sum() > 60 else 2] = 0.75
    Y_hat[:, 4] = 0.25
    return {}, {0: X, 1: X @ W[1], 2: Y_hat}


points = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
drawings = st.lists(st.lists(points, min_size=1, max_size=8).map(lambda p: np.array(p, dtype=float)), max_size=4)


@settings(max_examples=50)
@given(drawings)
def test_every_drawing_becomes_an_image(strokes):
    image = centered_image(strokes)
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    assert 0 <= image.min() <= image.max() <= 1
    assert image.any() == bool(strokes)


@settings(max_examples=50)
@given(drawings, st.integers(-1000, 1000), st.sampled_from([0.25, 0.5, 2.0]))
def test_place_and_size_on_the_board_make_no_difference(strokes, shift, scale):
    if len({tuple(p) for stroke in strokes for p in stroke}) == 1:
        scale = 1.0  # a dot has no size
    moved = [stroke * scale + shift for stroke in strokes]
    # Scaling and shifting round the coordinates; an edge's grey changes by no more than the distance does.
    np.testing.assert_allclose(centered_image(moved), centered_image(strokes), atol=1e-4)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_digit_fills_the_box_and_its_center_of_mass_is_in_the_middle(name):
    image = centered_image(parse_strokes(EXAMPLES[name]))
    rows, columns = np.nonzero(image > 0.5)
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    assert longer in (19, 20, 21)  # 20 wide, cut by the pixels at either end
    at = np.indices((28, 28)) + 0.5
    center = np.sum(at * image, axis=(1, 2)) / image.sum()
    # Moving by a part of a pixel redistributes the grey of the edges: a tenth of a pixel is what that can amount to.
    np.testing.assert_allclose(center, [14, 14], atol=0.1)


def test_a_dot_stays_a_dot():
    image = centered_image(parse_strokes("30,200 30,200"))
    rows, columns = np.nonzero(image)
    assert np.ptp(rows) <= 3
    assert np.ptp(columns) <= 3


def test_a_vertical_line_is_upright():
    image = centered_image(parse_strokes("10,10 10,200"))
    assert np.count_nonzero(image.sum(axis=0)) <= 4
    assert np.count_nonzero(image.sum(axis=1)) >= 20


@pytest.mark.parametrize("text", ["", ";", " ; ;"])
def test_no_strokes(text):
    assert parse_strokes(text) == []


def test_the_default_view_reads_the_drawn_3():
    widget = handwriting(forward_pass, W, b)
    assert widget.words == "The network says 7 (75.0 %), then 4 (25.0 %)."


def test_clear_leaves_empty_paper_and_says_what_the_network_says_even_so():
    widget = handwriting(forward_pass, W, b)
    widget.children[0].children[0].click()
    assert widget.words.startswith("Nothing is drawn. Even so the network says 2 (75.0 %)")


def test_the_network_gets_its_own_dtype():
    seen = []

    def recording(X, W, b, hidden):
        seen.append((X.dtype, X.shape, hidden))
        return forward_pass(X, W, b, hidden)

    handwriting(recording, W, b, "tanh")
    handwriting(recording, {l: W[l].astype(np.float64) for l in W}, b)
    assert seen == [(np.float32, (1, 784), "tanh"), (np.float64, (1, 784), "sigmoid")]


def test_a_network_for_other_images_is_refused():
    with pytest.raises(ValueError, match=r"W\[1\] has 64 rows"):
        handwriting(forward_pass, {1: np.zeros((64, 10))}, b)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_output_that_is_not_a_number_is_said(value):
    picture, status = handwriting_picture(np.ones((28, 28)), [], np.full(10, value))
    assert status == "The network's output is not a number."
    assert "9: not a number" in picture.alt


def test_a_network_with_one_class_has_no_second():
    _, status = handwriting_picture(np.ones((28, 28)), [], np.ones(1))
    assert status == "The network says 0 (100.0 %)."


def test_the_board_follows_what_is_set_and_what_the_browser_drew():
    board = DrawingBoard("1,2 3,4")
    seen = []
    board.observe(lambda change: seen.append(change.new), "value")
    assert board.get_state(["side", "drawing"]) == {"side": SIDE, "drawing": (1, "1,2 3,4")}
    board.set_state({"drawing": [1, "5,6 7,8"]})  # as the browser does
    assert board.drawing == (1, "5,6 7,8")  # a new number would tear the line from under the reader's hand
    board.value = "1,2 3,4"
    assert board.drawing == (2, "1,2 3,4")  # the same example as before, and still another number for the browser
    board.value = ""
    assert board.drawing == (3, "")
    assert seen == ["5,6 7,8", "1,2 3,4", ""]


def test_a_line_that_was_on_its_way_when_the_board_was_set_does_not_undo_that():
    board = DrawingBoard()
    board.value = "1,2 3,4"
    board.set_state({"drawing": [0, "5,6 7,8"]})
    assert (board.value, board.drawing) == ("1,2 3,4", (1, "1,2 3,4"))


def test_every_example_fits_on_the_board():
    for strokes in EXAMPLES.values():
        for stroke in parse_strokes(strokes):
            assert stroke.min() >= 0
            assert stroke.max() <= SIDE
