"""Training, watched: what is shown at an epoch is what the reader's functions compute there."""

import itertools
import math
import re
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.teaching.building.notebooks import from_text
from mlt_nn.widgets.watch_training import (
    ALL,
    EPOCHS,
    FEW,
    OTHERS,
    PENALIZED,
    POINTS,
    PRESETS,
    others,
    problems,
    training,
    verdict,
    watch_training,
)
from mlt_nn.widgets.watch_training_picture import NEARLY_ZERO, watch_training_picture

from .widget_parts import SVG, buttons, unwritten

PROBLEMS = {problem.name: problem for problem in problems()}


@pytest.fixture
def functions(solved):
    network, train = solved("network"), solved("gradient_descent").train
    return network.initialize, network.forward_pass, solved("losses").cross_entropy, train


def controls(widget):
    names = "epoch", "points", "neurons", "activation", "rate", "mini-batch", "start"
    return dict(zip(names, widget.children[1].children, strict=True))


def watched(functions, name, neurons, activation, epoch, rate=0.03, start=0):
    return training(*functions, PROBLEMS[name], neurons, activation, rate, "all", start)._replace(epoch=epoch)


def polylines(picture, **look):
    """The lines of that look, each an array of places."""
    found = ElementTree.fromstring(picture.drawing).iter(f"{SVG}polyline")
    return [
        np.array([[float(part) for part in place.split(",")] for place in line.get("points").split()])
        for line in found
        if all(line.get(name.replace("_", "-")) == value for name, value in look.items())
    ]


def border(picture):
    return polylines(picture, stroke_width="3")


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_points_of_each_problem_are_seen_and_half_of_them_are_of_each_class(name):
    points, classes = PROBLEMS[name].points, PROBLEMS[name].classes
    n = FEW if name == "noisy moons" else POINTS
    assert points.shape == (n, 2)
    assert np.abs(points).max() < 2.5
    assert 0.4 * n <= classes.sum() <= 0.6 * n


def test_the_words_are_what_the_functions_say(functions):
    initialize, forward_pass, cross_entropy, train = functions
    problem = PROBLEMS["moons"]
    Y = np.eye(2)[problem.classes]
    widget = watch_training(*functions)
    controls(widget)["epoch"].value = 20
    W, b = initialize((2, 4, 2), np.random.default_rng(0))
    W, b, _ = train(problem.points, Y, W, b, "tanh", learning_rate=0.03, epochs=20)
    Y_hat = forward_pass(problem.points, W, b, "tanh")[1][2]
    right = np.sum(Y_hat.argmax(axis=1) == problem.classes)
    assert 50 < right < 100
    loss = f"{cross_entropy(Y, Y_hat):.3g}"
    assert widget.words.startswith(f"Epoch 20: {right} of 100 points are on the right side, the loss is {loss}.")
    assert f"epoch 20 of {EPOCHS}: {100 - right} of 100 points on the wrong side, loss {loss}. " in widget.current.alt
    weights = f"neuron 2: {W[1][0, 1]:.3g}, {W[1][1, 1]:.3g} and {b[1][1]:.3g}, out {W[2][1, 1] - W[2][1, 0]:.3g};"
    assert weights in widget.current.alt
    # Those on the wrong side have a black rim, and there are two more in the legend.
    assert widget.current.drawing.count('stroke="#222222" stroke-width="2.5"') == 100 - right + 2


def test_the_start_is_what_initialize_gives(functions):
    initialize, *_ = functions
    widget = watch_training(*functions)
    controls(widget)["epoch"].value = 0
    W, _ = initialize((2, 4, 2), np.random.default_rng(0))
    assert f"neuron 1: {W[1][0, 0]:.3g}, {W[1][1, 0]:.3g} and" in widget.current.alt


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("moons", "Epoch 200: 100 of 100 points are on the right side, "),
        ("XOR, 2 neurons", "Epoch 200: 75 of 100 points are on the right side, "),
        ("XOR, 8 neurons", "Epoch 200: 100 of 100 points are on the right side, "),
        ("identity", "Epoch 200: 92 of 100 points are on the right side, "),
        ("dead ReLUs", "Dead, 0 at every point: neuron 1, 2, 3."),
    ],
)
def test_each_button_shows_its_case(functions, label, words):
    widget = watch_training(*functions)
    controls(widget)["epoch"].value = 3
    buttons(widget)[label].click()
    assert words in widget.words


def test_steps_that_are_too_long_never_come_to_rest(functions):
    widget = watch_training(*functions)

    def shown(label):
        buttons(widget)[label].click()
        loss, rose = re.search(r"the loss is (\S+)\. It rose in (\d+) of the 200", widget.words).groups()
        return float(loss), int(rose)

    loss, rose = shown("moons")
    assert loss < 1
    # Where it ends depends on the last digit of every number: it was 600 to 4,000, and rose in 98 or 99 epochs.
    its_loss, it_rose = shown("steps too long")
    assert its_loss > 50
    assert it_rose > 80 > 2 * rose
    assert set(buttons(widget)) == set(PRESETS)


@pytest.mark.parametrize("start", range(8))
def test_three_neurons_part_the_moons_from_every_start_and_two_from_none(functions, start):
    def right(neurons):
        problem = PROBLEMS["moons"]
        W, b = training(*functions, problem, neurons, "tanh", 0.03, "all", start).parameters[-1]
        return np.sum(functions[1](problem.points, W, b, "tanh")[1][2].argmax(axis=1) == problem.classes)

    assert right(3) == 100
    assert 92 <= right(2) <= 94


def test_without_a_bend_the_border_is_straight_and_with_one_it_is_not(functions):
    for activation, straight in (("identity", True), ("tanh", False)):
        seen = watched(functions, "moons", 4, activation, EPOCHS, 0.003 if straight else 0.03)
        (line,) = border(watch_training_picture(seen, functions[1]))
        rest = line - line[0]
        off = np.abs(rest[:, 0] * rest[-1, 1] - rest[:, 1] * rest[-1, 0]) / np.hypot(*rest[-1])
        assert (off.max() < 0.2) == straight  # pixels; a place is rounded to a tenth
        # The border is where both classes get 1/2.
        x, y = (line[0] - [310, 36]) / 280 * 5 - 2.5
        probability = functions[1](np.array([[x, -y]]), seen.W, seen.b, activation)[1][2][0, 1]
        assert probability == pytest.approx(0.5, abs=0.05)


def test_every_neuron_has_its_straight_line_in_its_field_and_in_the_plane(functions):
    seen = watched(functions, "XOR", 8, "tanh", 100)
    picture = watch_training_picture(seen, functions[1])
    small, large = (polylines(picture, stroke_dasharray=dash) for dash in ("3 3", "4 3"))
    assert len(small) == len(large) == 8
    for j, line in enumerate(large):
        x, y = ((line - [310, 36]) / 280 * 5 - 2.5).T
        z = functions[1](np.column_stack([x, -y]), seen.W, seen.b, "tanh")[0][1][:, j]
        assert np.abs(z).max() < 0.02


def test_no_number_of_a_line_covers_another_one(functions):
    """Two lines of these meet the frame side by side."""
    for start in range(4):
        seen = watched(functions, "noisy moons", 8, "tanh", EPOCHS, start=start)
        texts = ElementTree.fromstring(watch_training_picture(seen, functions[1]).drawing).iter(f"{SVG}text")
        placed = [(text.text, float(text.get("x")), float(text.get("y"))) for text in texts if text.get("font-weight")]
        numbers = [(x, y) for word, x, y in placed if (word or "").isdigit() and x > 310]
        assert len(numbers) > 4
        assert min(math.dist(*pair) for pair in itertools.combinations(numbers, 2)) > 18


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "identity"])
@pytest.mark.parametrize("neurons", [1, 8])
@pytest.mark.parametrize("rate", [0.001, 1.0])
@pytest.mark.filterwarnings("error")
def test_the_ends_of_the_controls_are_drawn(functions, activation, neurons, rate):
    for epoch in (0, EPOCHS):
        seen = watched(functions, "spirals", neurons, activation, epoch, rate)
        picture = watch_training_picture(seen, functions[1])
        assert f"{neurons} hidden neurons with {activation}, epoch {epoch} of 200" in picture.alt
        assert verdict(seen).startswith(f"Epoch {epoch}: ")
        assert picture.drawing.count("<image ") == neurons + 1


def test_a_training_that_diverges_says_so(functions):
    def train(X, Y, W, b, *given, on_epoch, epochs, **more):
        for epoch in range(1, epochs + 1):
            W = {l: theta * np.nan for l, theta in W.items()}
            on_epoch(epoch, W, b, np.nan)

    widget = watch_training(*functions[:3], train)
    assert widget.words == (
        "Epoch 200: 0 of 100 points are on the right side, the loss is NaN. "
        "In epoch 1 it was no longer a finite number."
    )
    assert not border(widget.current)


def test_a_train_that_changes_its_arrays_in_place_changes_no_past(functions):
    def train(X, Y, W, b, *given, on_epoch, epochs, **more):
        for epoch in range(1, epochs + 1):
            W[1] += 1.0
            on_epoch(epoch, W, b, 0.0)

    parameters = training(*functions[:3], train, PROBLEMS["moons"], 2, "tanh", 0.03, "all", 0).parameters
    assert [float(W[1][0, 0] - parameters[0][0][1][0, 0]) for W, _ in parameters[:3]] == pytest.approx([0, 1, 2])


def test_a_wrong_sign_is_seen(functions):
    initialize, forward_pass, cross_entropy, train = functions

    def uphill(*given, learning_rate, **more):
        return train(*given, learning_rate=-learning_rate, **more)

    widget = watch_training(initialize, forward_pass, cross_entropy, uphill)
    assert int(re.search(r"(\d+) of 100 points", widget.words)[1]) < 50
    controls(widget)["epoch"].value = 3
    assert "It rose in 3 of the 3 epochs so far." in widget.words


def test_a_train_that_never_tells_of_its_epochs_and_one_not_written_are_named(functions):
    def silent(X, Y, W, b, *given, **more):
        return W, b, {"loss": []}

    said = "train called on_epoch 0 times in 200 epochs"
    assert said in watch_training(*functions[:3], silent).words
    assert watch_training(*functions[:3], unwritten).words == "Nothing to see yet: this one is yours to write"


def test_each_choice_is_trained_once(functions):
    calls = []

    def counting(*given, **more):
        calls.append(more["batch_size"])
        return functions[3](*given, **more)

    widget = watch_training(*functions[:3], counting)
    for epoch in (0, 50, 199):
        controls(widget)["epoch"].value = epoch
    assert calls == [None]
    controls(widget)["mini-batch"].value = 20
    controls(widget)["mini-batch"].value = "all"
    assert calls == [None, 20]


def test_the_film_plays_from_where_one_is_and_at_its_end_from_the_start(functions):
    epoch = controls(watch_training(*functions))["epoch"]
    field, slider, play = epoch.children
    assert (epoch.value, play.value) == (EPOCHS, 0)
    slider.value = 30
    assert play.value == 30
    play.playing = True
    for value in (31, EPOCHS):
        play.value = value
        assert epoch.value == field.value == slider.value == play.value == value
    play.playing = False
    assert (epoch.value, play.value) == (EPOCHS, 0)


@pytest.fixture
def penalized(functions, solved):
    """The functions of the widget with penalties: those of the reader, and the loop of notebook 9."""
    solved("regularization")
    names = {}
    for cell in from_text("09_regularization").cells:
        if cell.source.startswith(("import numpy as np\n\nfrom mlt_nn", "def train_with_penalty")):
            exec(cell.source, names)
    penalties = {"L2": names["l2_gradient"], "L1": names["l1_gradient"]}
    return *functions[:3], names["train_with_penalty"], penalties


def alive(W):
    """The neurons that hear something and are heard."""
    return np.sum((np.abs(W[1]).max(axis=0) > NEARLY_ZERO) & (np.abs(W[2]).max(axis=1) > NEARLY_ZERO))


def priced(penalized, penalty, strength, start=PENALIZED["start"]):
    *given, train, penalties = penalized
    learn = partial(train, gradient=penalties[penalty], strength=strength)
    return training(*given, learn, PROBLEMS["noisy moons"], 8, "tanh", PENALIZED["rate"], ALL, start)


@pytest.mark.parametrize("start", range(20))
def test_l1_leaves_two_to_six_neurons_and_l2_seven_or_eight(penalized, start):
    l1, l2 = (alive(priced(penalized, penalty, 0.3, start).parameters[-1][0]) for penalty in ("L1", "L2"))
    assert 2 <= l1 <= 6
    assert 7 <= l2 <= 8


def test_a_penalty_learns_less_by_heart_and_does_better_on_points_that_are_not_learned(penalized):
    free, right, strong = (priced(penalized, "L2", strength) for strength in (0.0, 0.3, 10.0))
    assert free.losses[-1] < right.losses[-1] < strong.losses[-1]
    assert free.unseen.losses[-1] > 1.25 * right.unseen.losses[-1]
    assert free.unseen.losses[-1] > 1.25 * free.unseen.losses.min()
    assert strong.unseen.losses[-1] > 1.15 * right.unseen.losses[-1]


def test_the_words_tell_of_points_that_are_not_learned_and_of_weights_near_0(penalized):
    _, forward_pass, cross_entropy, *_ = penalized
    widget = watch_training(*penalized)
    buttons(widget)["L1"].click()
    penalty, strength, epoch = widget.children[1].children[:3]
    assert (penalty.value, strength.value, epoch.value) == ("L1", 0.3, EPOCHS)
    W, b = priced(penalized, "L1", 0.3).parameters[-1]
    Y_hat = forward_pass(others().points, W, b, "tanh")[1][2]
    right = np.sum(Y_hat.argmax(axis=1) == others().classes)
    loss = f"{cross_entropy(np.eye(2)[others().classes], Y_hat) / OTHERS:.3g}"
    zeros = sum(np.sum(np.abs(W[l]) < NEARLY_ZERO) for l in W)
    said = f"per point. Of 400 others {right} are right, loss {loss}. {zeros} of 32 weights are below 0.05."
    assert said in widget.words
    assert f"Of points not learned from {right} are right, loss per point {loss}. " in widget.current.alt
    # Dotted is an edge that is 0.
    lines = ElementTree.fromstring(widget.current.drawing).findall(f"{SVG}line")
    assert sum(line.get("stroke-dasharray") == "1 4" for line in lines) == (
        np.sum(np.abs(W[1]) < NEARLY_ZERO) + np.sum(np.abs(W[2][:, 1] - W[2][:, 0]) < NEARLY_ZERO)
    )
    strength.value = 0.0
    assert "per point. Of 400 others " in widget.words


def test_other_points_are_not_compared_with_any_and_their_loss_is_the_sum(penalized):
    widget = watch_training(*penalized)
    widget.children[1].children[3].value = "XOR"
    assert "others" not in widget.words
    assert ">Loss<" in widget.current.drawing
    buttons(widget)["no penalty"].click()
    assert "Loss per point" in widget.current.drawing
