"""The start-values widget: dead, tied and free are measured, and come out as the captions say."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.start_values import (
    REACH,
    STARTS,
    STEPS,
    Step,
    spread,
    start_values,
    start_values_picture,
    training,
    verdict,
)

from .widget_parts import SVG, press


@pytest.fixture
def functions(solved):
    network = solved("network")
    backward_pass, update = solved("backpropagation").backward_pass, solved("gradient_descent").update
    return network.initialize, network.forward_pass, backward_pass, update


def rings(picture):
    """Where the four neurons are, in the order of their numbers."""
    circles = ElementTree.fromstring(picture.drawing).findall(f"{SVG}circle")
    return [(float(ring.get("cx")), float(ring.get("cy"))) for ring in circles if ring.get("fill") == "none"]


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_from_zeros_tanh_and_relu_are_dead(functions, hidden):
    steps = training(*functions, "zero", hidden)
    assert all(step.dead for step in steps)
    assert not any(np.any(step.W_1) for step in steps)
    assert verdict(steps[-1], STEPS).startswith("Step 200: dead. W_g[1] and W_g[2] are exactly 0, so no weight moves; ")


def test_from_zeros_the_sigmoid_moves_but_stays_tied(functions):
    steps = training(*functions, "zero", "sigmoid")
    assert not any(step.dead for step in steps)
    assert np.all(np.abs(steps[-1].W_1) > 0.5)
    assert verdict(steps[-1], STEPS).startswith("Step 200: tied; ")
    assert np.linalg.matrix_rank(steps[-1].A_1) == 1


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
def test_a_constant_is_tied_at_every_step(functions, hidden):
    steps = training(*functions, "constant", hidden)
    # Equal columns get equal gradients; only rounding could part them.
    assert max(spread(step.W_1) for step in steps) < 1e-12
    assert {int(np.linalg.matrix_rank(step.A_1)) for step in steps} == {1}
    assert spread(steps[-1].W_1 - steps[0].W_1) < 1e-12
    assert not np.allclose(steps[-1].W_1, steps[0].W_1)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
def test_random_numbers_are_free_and_end_lower(functions, hidden):
    free, tied = (training(*functions, start, hidden)[-1] for start in ("random", "constant"))
    assert verdict(free, STEPS).startswith("Step 200: free; ")
    assert np.linalg.matrix_rank(free.A_1) == 4
    assert free.loss < tied.loss


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("step", [0, STEPS])
def test_every_end_of_the_controls_is_drawn(functions, start, hidden, step):
    widget = start_values(*functions)
    widget.set(dict(zip(widget.children[1].children[:3], (start, hidden, step), strict=True)))
    assert widget.words.startswith(f"Step {step}: ")
    assert len(rings(widget.current)) == 4
    assert len(set(rings(widget.current))) == (4 if start == "random" else 1)


def test_the_default_view_shows_the_tie(functions):
    words = start_values(*functions).words
    assert words.startswith("Step 200: tied; the columns of W[1] differ by 0, A[1] has rank 1.")


def test_training_runs_once_for_each_choice(functions):
    starts = []

    def initialize(sizes, rng):
        starts.append(sizes)
        return functions[0](sizes, rng)

    widget = start_values(initialize, *functions[1:])
    start, _, step = widget.children[1].children[:3]
    for value in (0, 100, STEPS):
        step.value = value
    assert len(starts) == 1
    start.value = "zero"
    start.value = "constant"
    assert len(starts) == 2


def test_weights_beyond_the_picture_are_on_its_edge_and_nan_is_left_out():
    history = np.array([[[0.0, 1e300, -1e300, math.nan], [0.0, 1.0, -math.inf, 1.0]]])
    picture = start_values_picture(history, np.array([[1.0, 1e300, math.inf, math.nan]]), "all wild")
    (x0, y0), (x1, _) = rings(picture)[:2]
    assert len(rings(picture)) == 2
    edge = start_values_picture(np.full((1, 2, 4), REACH), np.zeros((1, 4)), "edge")
    assert x1 == rings(edge)[0][0] > x0
    assert y0 > rings(edge)[0][1]
    assert "neuron 4 at (NaN, 1)" in picture.alt


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_network_that_is_not_finite_is_named(value):
    words = verdict(Step(np.full((2, 4), value), np.zeros((6, 4)), value, False), 3)
    assert words == "Step 3: a weight or an activation is no longer a finite number."


def test_a_neuron_that_is_dragged_aside_parts_from_the_others_which_stay_tied(functions):
    widget = start_values(*functions)
    across, up = widget.children[1].children[3:]
    widget.children[-1].drag = (200, 100, 83, 301)  # to (-2, -2)
    assert (across.value, up.value) == (-2.5, -2.5)
    first, *others = rings(widget.current)
    assert len(set(others)) == 1
    assert first not in others
    assert widget.words.startswith("Step 200: 2 different neurons; ")
    assert "A[1] has rank 2. Those that began alike are still tied." in widget.words
    widget.children[1].children[2].value = 0
    assert "Weights into the hidden neurons: neuron 1 at (-2, -2), neuron 2 at (0.5, 0.5)" in widget.current.alt
    widget.children[-1].drag = (200, 100, 9999, -9999)
    assert "neuron 1 at (2.5, 2.5)" in widget.current.alt
    widget.children[-1].drag = (400, 100, 83, 301)  # the table has nothing to take hold of
    assert "neuron 1 at (2.5, 2.5)" in widget.current.alt
    press(widget, "a constant")
    assert len(set(rings(widget.current))) == 1
