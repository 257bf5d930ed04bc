"""The dropout widget: thinned networks, and their average against the full network with halved weights."""

import itertools
import xml.etree.ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.dropout import (
    HIDDEN,
    MOST_DRAWS,
    OUTPUTS,
    ThinnedNetworks,
    dropout,
    dropout_picture,
    dropout_view,
    running_average,
)


def dropout_mask(size, rng):
    mask = np.ones(size, dtype=np.int8)
    mask[rng.permutation(size)[: size // 2]] = 0
    return mask


def dropout_forward(X, W, b, masks, hidden, output):
    A = {0: X, 1: masks[1] / (1 + np.exp(-(X @ W[1] + b[1])))}
    Z = A[1] @ W[2] + b[2]
    A[2] = Z if output == "identity" else np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return {}, A


def forward_pass(X, W, b, hidden, output):
    return dropout_forward(X, W, b, {1: np.ones(HIDDEN)}, hidden, output)


def halve(W):
    return {1: W[1], 2: W[2] / 2}


FUNCTIONS = (dropout_mask, dropout_forward, forward_pass, halve)


def controls(widget):
    mode, output, draw = widget.children[1].children
    return mode, output, draw, draw.children[-1]


def test_the_average_over_all_halves_is_the_halved_network_if_the_output_is_linear():
    networks = ThinnedNetworks("linear", *FUNCTIONS)
    assert len(networks.every_half) == 70
    # A mean of 70 sums of 8 terms: rounding stays below 1e-13 for numbers of this size.
    assert np.mean(networks.every_half) == pytest.approx(networks.full_A[2][0, 0], abs=1e-13)
    assert dropout_view(networks, 1, "training")[1].endswith(": the same.")


def test_with_the_softmax_it_is_near_but_not_the_same_and_the_gap_is_said():
    networks = ThinnedNetworks("softmax", *FUNCTIONS)
    gap = abs(np.mean(networks.every_half) - networks.full_A[2][0, 0])
    assert 1e-4 < gap < np.std(networks.every_half) / 4
    assert f"{gap:.3g} away from it." in dropout_view(networks, 1, "training")[1]


def test_the_average_of_many_draws_comes_near_the_average_over_all_halves():
    networks = ThinnedNetworks("linear", *FUNCTIONS)
    outputs = [A[2][0, 0] for _, A in networks.draws(500)]
    # Five standard errors of a mean of 500 draws.
    assert np.mean(outputs) == pytest.approx(
        np.mean(networks.every_half), abs=5 * np.std(networks.every_half) / 500**0.5
    )


@pytest.mark.parametrize("n", [1, 10, 100, MOST_DRAWS])
def test_the_funnel_holds_the_average_where_chance_leaves_it(n):
    networks = ThinnedNetworks("linear", *FUNCTIONS)
    halved = networks.full_A[2][0, 0]
    allowed = 2 * np.std(networks.every_half) / n**0.5
    average = np.mean([A[2][0, 0] for _, A in networks.draws(n)])
    assert abs(average - halved) < allowed
    root = xml.etree.ElementTree.fromstring(dropout_view(networks, n, "training")[0].drawing)
    (funnel,) = root.iter("{http://www.w3.org/2000/svg}polygon")
    places = [tuple(map(float, place.split(","))) for place in funnel.get("points").split()]
    at = 328 + 90 * np.log10(n)
    high, low = sorted(y for x, y in places if abs(x - at) < 0.1)
    first_high, first_low = sorted(y for x, y in places if x == 328)
    # 2 pixels: each is rounded to a tenth; the first is cut where the axis ends.
    assert low - high <= (first_low - first_high) / n**0.5 * 1.3 + 2
    dot = next(e for e in root.iter("{http://www.w3.org/2000/svg}circle") if e.get("r") == "5")
    assert high <= float(dot.get("cy")) <= low


def test_a_draw_stays_what_it_was():
    networks = ThinnedNetworks("linear", *FUNCTIONS)
    first = networks.draws(3)[2][0]
    networks.draws(50)
    assert networks.draws(3)[2][0] is first
    assert len({tuple(mask) for mask, _ in networks.draws(50)}) > 20


def test_drop_again_draws_another_half():
    widget = dropout(*FUNCTIONS)
    _, _, draw, again = controls(widget)
    draw.value = 1
    assert widget.words.startswith("Training, draw 1: 4 of 8 hidden neurons stay; ")
    before = widget.current.alt
    again.click()
    assert draw.value == 2
    assert widget.words.startswith("Training, draw 2: 4 of 8")
    assert widget.current.alt != before


def test_drop_again_stops_at_the_last_draw():
    widget = dropout(*FUNCTIONS)
    _, _, draw, again = controls(widget)
    draw.value = draw.high
    again.click()
    assert draw.value == draw.high


def test_inference_shows_all_neurons_and_halved_weights():
    widget = dropout(*FUNCTIONS)
    mode, _, _, _ = controls(widget)
    mode.value = "inference"
    assert "all 8 hidden neurons, outgoing weights halved" in widget.words
    assert "1, 2, 3, 4, 5, 6, 7, 8, 8 of 8" in widget.current.alt


@pytest.mark.parametrize("missing", range(4))
def test_an_unwritten_function_is_named(missing):
    def unwritten(*arguments):
        raise NotImplementedError("this one is yours to write")

    functions = list(FUNCTIONS)
    functions[missing] = unwritten
    assert "this one is yours to write" in dropout(*functions).words


def test_a_mask_that_drops_too_few_is_shown_as_it_is():
    widget = dropout(lambda size, rng: np.array([0, 1, 1, 1, 1, 1, 1, 1]), *FUNCTIONS[1:])
    assert "7 of 8 hidden neurons stay" in widget.words
    assert "Hidden neurons that stay: 2, 3, 4, 5, 6, 7, 8, 7 of 8" in widget.current.alt


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 5e-324])
def test_any_output_can_be_drawn(value, output):
    def extreme(X, W, b, masks, hidden, output):
        return {}, {0: X, 1: np.full((1, HIDDEN), value), 2: np.full((1, W[2].shape[1]), value)}

    networks = ThinnedNetworks(output, dropout_mask, extreme, lambda X, W, b, h, o: extreme(X, W, b, {}, h, o), halve)
    for n, mode in itertools.product((1, 2, MOST_DRAWS), ("training", "inference")):
        picture, status = dropout_view(networks, n, mode)
        xml.etree.ElementTree.fromstring(picture.drawing)
        assert 'nan"' not in picture.drawing
        assert f"Average of {n} draw" in status


def test_a_dropped_neuron_is_crossed_out_and_its_edges_fade():
    W = {1: np.ones((1, 2)), 2: -np.ones((2, 1))}
    A = {0: np.array([1.0]), 1: np.array([0.5, 0.0]), 2: np.array([-0.5])}

    def count(mask, **attributes):
        root = xml.etree.ElementTree.fromstring(
            dropout_picture("t", W, A, np.array(mask), [0.0], [0.0], 0.0, (-1, 1)).drawing
        )
        return sum(all(e.get(k) == v for k, v in attributes.items()) for e in root.iter())

    faint, dashed = {"stroke-width": "0.7"}, {"stroke-dasharray": "7 4"}
    crossed = {"stroke-dasharray": "4 3"}
    assert (count([1, 1], **faint), count([1, 1], **dashed), count([1, 1], **crossed)) == (0, 2, 0)
    assert (count([1, 0], **faint), count([1, 0], **dashed), count([1, 0], **crossed)) == (2, 1, 1)


def test_the_running_average():
    np.testing.assert_allclose(running_average([1.0, 3.0, 5.0]), [1, 2, 3], rtol=1e-15)
