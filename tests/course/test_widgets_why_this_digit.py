"""Why this digit: votes, gradient and changed ink are what the reader's functions and the weights say."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_trained
from mlt_nn.plots.look import figures
from mlt_nn.plots.matrix_charts import DOTTED
from mlt_nn.widgets.handwriting import EXAMPLES
from mlt_nn.widgets.why_this_digit import ALL, ONE, STEPS, inked, seen, turned, verdict, why_this_digit
from mlt_nn.widgets.why_this_digit_picture import SHOWN, why_this_digit_picture

from .widget_parts import letters, press

W, b = load_trained()
DATA = load_digits()


@pytest.fixture
def functions(solved):
    return solved("network").forward_pass, solved("backpropagation").layer_backward, solved("activations").relu_prime


@pytest.fixture
def mistakes(functions):
    """Images that the trained network reads wrongly, and their labels: first a 4 that it reads as a 9."""
    read = functions[0](DATA.X_test, W, b, "relu")[1][2].argmax(axis=1)
    rows = np.flatnonzero(read != DATA.labels_test)
    rows = rows[np.argsort((DATA.labels_test[rows] != 4) | (read[rows] != 9), kind="stable")]
    return DATA.X_test[rows], DATA.labels_test[rows]


@pytest.fixture
def case(functions, mistakes):
    """case(way, image) -> the way of one of these images to its label, as a `Case`."""

    def case(way=ONE, image=0, W=W, b=b):
        X, labels = mistakes
        return turned(lambda *x: seen(*functions, W, b, *x), W, b, X[image], int(labels[image]), "its label", way)

    return case


def controls(widget):
    return widget.children[1].children


def score(functions, x, said, rival):
    Z, _ = functions[0](x[np.newaxis], W, b, "relu")
    return float(Z[2][0, said] - Z[2][0, rival])


def test_a_4_that_was_read_as_a_9_becomes_a_4_pixel_by_pixel(functions, mistakes):
    X, labels = mistakes
    widget = why_this_digit(*functions, W, b, X, labels)
    _, _, _, steps = controls(widget)
    ahead = figures(score(functions, X[0], 9, 4))
    assert re.fullmatch(
        rf"Read as 9 \(.* %\); 4 gets .* %\. For 9 speak .*: 9 is ahead by {ahead}\. Next: row .*", widget.words
    )
    assert "The image (label 4)" in letters(widget.current)
    press(widget, "until the verdict turns")
    turn = steps.value
    assert 1 < turn < 10
    assert widget.words.startswith(f"{turn} of 784 pixels changed, by ")
    assert " at most: read as 4 (" in widget.words
    steps.value -= 1
    assert ": read as 9 (" in widget.words
    press(widget, "as it was")
    assert widget.words.startswith("Read as 9 ")


def test_another_image_begins_with_its_own_ink(functions, mistakes):
    image, rival, way, steps = controls(widget := why_this_digit(*functions, W, b, *mistakes))
    steps.value = 7
    image.value = 2
    assert steps.value == 0
    assert widget.words.startswith("Read as ")
    for control, value in ((rival, 5), (way, ALL), (steps, 3)):
        before = widget.words, widget.current.drawing
        control.value = value
        assert (widget.words, widget.current.drawing) != before


@pytest.mark.parametrize("way", [ONE, ALL])
@pytest.mark.parametrize("image", [0, 1, 20])
def test_votes_and_biases_add_up_to_the_difference_of_the_scores(case, functions, way, image):
    seen_case = case(way, image)
    for step in (0, 1, STEPS):
        now = seen_case._replace(step=step)
        votes = now.votes(step)
        assert len(votes) == SHOWN + 2
        difference = score(functions, now.now.pixels, now.said, now.rival)
        assert sum(votes.values()) == pytest.approx(difference, abs=1e-3)
        drawn = letters(why_this_digit_picture(now))
        for value in (*votes.values(), difference):
            assert f"{figures(value)}" in [words.removeprefix("+") for words in drawn]


def test_a_neurons_image_and_its_bias_add_up_to_its_vote(case):
    now = case()
    for j in now.shown:
        of_pixels = np.sum(now.weights[:, j] * now.out[j] * now.now.pixels)
        assert of_pixels + now.out[j] * b[1][j] == pytest.approx(now.votes(0)[f"neuron {j}"], abs=1e-4)
        assert now.out[j] == W[2][j, 9] - W[2][j, 4]


def test_the_words_tell_what_speaks_for_each_class(case):
    now = case()
    votes = [*(now.now.hidden * now.out), now.bias]
    pro, con = (sum(sign * vote for vote in votes if sign * vote > 0) for sign in (1, -1))
    assert f" For 9 speak {figures(pro)}, for 4 {figures(con)}: 9 is ahead by {figures(pro - con)}. " in verdict(now)


def test_the_neurons_shown_are_those_that_vote_most_at_the_start(case):
    now = case()
    sizes = np.abs(now.path[0].hidden * (W[2][:, 9] - W[2][:, 4]))
    assert sorted(sizes[now.shown]) == sorted(sizes)[-SHOWN:]
    assert list(now._replace(step=STEPS).votes(STEPS)) == list(now.votes(0))


def test_the_gradient_is_that_of_the_difference_of_the_scores(case, functions):
    now, h = case(), 1e-3
    wide = {l: W[l].astype(np.float64) for l in W}, {l: b[l].astype(np.float64) for l in b}
    x = now.now.pixels.astype(np.float64)
    for pixel in (300, 400, 500):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[pixel] += sign * h
            S = functions[0](moved[np.newaxis], *wide, "relu")[0][2][0]
            ends.append(S[9] - S[4])
        assert now.now.slope[pixel] == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-3)


def test_a_step_takes_the_pixel_by_which_the_other_class_gains_most(case):
    now = case()
    for step, (before, after) in enumerate(pairwise(now.path)):
        (j,) = np.flatnonzero(before.pixels != after.pixels)
        assert after.pixels[j] == (before.slope[j] < 0)
        end = "ink" if after.pixels[j] else "paper"
        assert verdict(now._replace(step=step)).endswith(f" Next: row {j // 28}, column {j % 28} to {end}.")
        gains = -before.slope * (np.where(before.slope < 0, 1, 0) - before.pixels)
        assert gains[j] == gains.max() > 0


def test_a_step_of_all_pixels_follows_the_gradient_downhill(case):
    before, after = case(ALL).path[:2]
    free = before.pixels - 0.02 * before.slope
    assert np.allclose(after.pixels, np.clip(free, 0, 1))
    assert np.any(free < 0)
    assert verdict(case(ALL)).endswith(" Next: all pixels, less 0.02 times the gradient.")


@pytest.mark.parametrize("way", [ONE, ALL])
def test_ink_stays_ink_and_the_score_falls(case, way):
    path = case(way).path
    ahead = [moment.scores[9] - moment.scores[4] for moment in path]
    assert ahead[0] > 0 > ahead[-1]
    for moment in path:
        assert 0 <= moment.pixels.min() <= moment.pixels.max() <= 1
        assert moment.pixels.dtype == np.float32


def test_changed_pixels_are_ringed_and_so_is_the_next_one(case):
    def rings(step, way=ONE):
        picture = why_this_digit_picture(case(way)._replace(step=step))
        boxes = ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}rect")
        return [(box.get("stroke"), box.get("x"), box.get("y")) for box in boxes if box.get("stroke-width") == "2"]

    assert [color for color, *_ in rings(0)] == ["#222222"]
    assert sorted(color for color, *_ in rings(3)) == ["#222222"] + ["#D55E00"] * 3
    assert rings(0, ALL) == []
    # Where the next pixel was ringed in the gradient, a changed one is in the image.
    (_, x, y) = rings(0)[0]
    assert ("#D55E00", x, str(int(y) - 212)) in rings(1)


def test_what_helps_the_other_class_has_a_dot_in_the_gradient(case):
    seen = case()
    paths = ElementTree.fromstring(why_this_digit_picture(seen).drawing).iter("{http://www.w3.org/2000/svg}path")
    (dots,) = (path.get("d") for path in paths if path.get("stroke-linecap") == "round")
    places = [[float(part) for part in dot.split(",")] for dot in dots.replace("h0", "").split("M")[1:]]
    columns, rows = ((np.array(places) - [14, 244]) * 28 / 168 - 0.5).round().astype(int).T
    dotted = np.zeros(784, dtype=bool)
    dotted[28 * rows + columns] = True
    assert dotted.any()
    assert np.array_equal(dotted, seen.now.slope < DOTTED * np.abs(seen.now.slope).max())


def test_the_bars_join_at_their_ends_and_lead_to_the_difference(case):
    picture = why_this_digit_picture(case())
    bars = [
        [[float(part) for part in corner.split(",")] for corner in polygon.get("points").split()]
        for polygon in ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}polygon")
    ]
    starts, tips = [bar[0][0] for bar in bars], [bar[2][0] for bar in bars]
    for (start, _), (shoulder, _), (tip, _), *_ in bars:
        assert min(start, tip) <= shoulder <= max(start, tip)
    *_, total = bars
    assert starts[1:-1] == tips[:-2]
    assert (total[0][0], total[2][0]) == (starts[0], tips[-2])
    votes = np.array(list(case().votes(0).values()))
    lengths = np.subtract(tips, starts)[:-1]
    assert np.allclose(lengths / lengths[0], votes / votes[0], atol=0.01)


def test_the_scale_stays_until_the_verdict_turns(case):
    def zero(step):
        drawing = why_this_digit_picture(case()._replace(step=step)).drawing
        lines = ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}line")
        return [line.get("x1") for line in lines if line.get("stroke") == "#222222"]

    assert zero(0) == zero(case().turn)


def test_a_class_that_is_read_already_is_ahead_from_the_start(functions, mistakes):
    widget = why_this_digit(*functions, W, b, *mistakes)
    _, rival, _, steps = controls(widget)
    rival.value = 9
    assert re.search(r"^Read as 9 .*: 9 is ahead by [\d.]+\. Next: ", widget.words)
    press(widget, "until the verdict turns")
    assert steps.value == 0


def test_the_board_asks_for_the_second_choice(functions):
    widget = why_this_digit(*functions, W, b)
    board = controls(widget)[0]
    assert (board.value, "(label" in "".join(letters(widget.current))) == (EXAMPLES["4 or 9"], False)
    assert widget.words.startswith("Read as 9 (98.1 %); 4 gets 1.9 %. ")
    press(widget, "until the verdict turns")
    assert ": read as 4 (" in widget.words
    for name in ("a 3", "no digit", "clear"):
        before = widget.words
        press(widget, name)
        assert widget.words.startswith("Read as ")
        assert widget.words != before
    assert not any(widget.children[1].children[0].value)


def test_a_gradient_of_zero_changes_nothing(case):
    silent = {1: np.zeros_like(W[1]), 2: W[2]}
    now = case(ONE, 0, silent, {1: b[1] * 0, 2: b[2]})
    assert np.array_equal(now.path[0].pixels, now.path[-1].pixels)
    assert np.array_equal(inked(now.path[0], ONE), now.path[0].pixels)
    assert "silent" in letters(why_this_digit_picture(now))
    assert "0 of 784 pixels changed, by 0 at most: " in verdict(now._replace(step=1))
    assert verdict(now).endswith(" Next: no pixel helps.")


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.filterwarnings("error")
def test_weights_that_are_no_numbers_or_huge_are_survived(functions, mistakes, value, layer):
    spoiled = W | {layer: np.full_like(W[layer], value)}
    widget = why_this_digit(*functions, spoiled, b, *mistakes)
    controls(widget)[3].value = 2
    assert "changed" in widget.words
    assert "nan" not in widget.current.drawing


def test_scores_that_the_votes_do_not_explain_are_said(functions, mistakes):
    def forward_pass(X, W, b, hidden):
        Z, A = functions[0](X, W, b, hidden)
        return Z | {2: Z[2] - b[2]}, A

    words = why_this_digit(forward_pass, *functions[1:], W, b, *mistakes).words
    assert re.search(
        r"The votes add up to [\d.]+, but the scores of your forward_pass differ by [\d.]+\. Next: ", words
    )


def test_a_function_that_is_not_written_is_named(functions, mistakes):
    calls = []

    def unwritten(*given):
        calls.append(given)
        raise NotImplementedError("layer_backward is yours to write")

    widget = why_this_digit(functions[0], unwritten, functions[2], W, b, *mistakes)
    press(widget, "until the verdict turns")
    assert len(calls) == 1
    assert widget.words == "Nothing to see yet: layer_backward is yours to write"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((W, b, DATA.X_test[:0], DATA.labels_test[:0]), "0 images and 0 labels"),
        ((W, b, DATA.X_test[:3], DATA.labels_test[:2]), "3 images and 2 labels"),
        (({1: W[1]}, {1: b[1]}), "W has 1 layers"),
        (({1: W[1][:64], 2: W[2]}, b), r"W\[1\] has 64 rows"),
    ],
)
def test_what_cannot_be_shown_is_refused(functions, given, words):
    with pytest.raises(ValueError, match=words):
        why_this_digit(*functions, *given)
