"""What notebook 5 says is so: of two neurons, measured slopes, suspects that a report convicts or misses, and a 7."""

import inspect
import re

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_trained
from mlt_nn.support.folders import COURSE
from mlt_nn.support.suspects import convict, suspects

TEXT = (COURSE / "source" / "05_scalar_backpropagation.md").read_text(encoding="utf-8")
NOTEBOOK_POINT = np.array([0.5, -1.0, 2.0, -1.0])
RANDOM_POINT = np.array([0.7, -0.4, 1.5, 0.3])
NAMES = "suspect_1", "suspect_2", "suspect_3", "suspect_4"


class TwoNeurons:
    """The solutions, and the notebook's ways to call them, at x = 2 and y = 1."""

    def __init__(self, solved):
        self.scalar, self.checker, self.activations = (
            solved(module) for module in ("scalar_network", "gradient_check", "activations")
        )
        self.g, self.g_prime = self.activations.sigmoid, self.activations.sigmoid_prime

    def loss_at(self, theta, forward=None):
        return self.scalar.loss(1.0, (forward or self.scalar.forward)(2.0, *theta, self.g)[-1])

    def derivatives(self, theta, backward=None, forward=None):
        values = (forward or self.scalar.forward)(2.0, *theta, self.g)
        return np.array((backward or self.scalar.backward)(2.0, 1.0, theta[2], *values, self.g_prime))

    def measured(self, theta, forward=None, h=1e-5):
        return self.checker.numerical_gradient(lambda theta: self.loss_at(theta, forward), theta, h)

    def errors(self, theta, backward=None, forward=None):
        """The relative error of each of the four, as the notebook's report prints them."""
        pairs = zip(self.derivatives(theta, backward, forward), self.measured(theta, forward), strict=True)
        return np.array([self.checker.relative_error(*pair) for pair in pairs])


@pytest.fixture
def neurons(solved):
    return TwoNeurons(solved)


def cell(beginning):
    """The code cell of the notebook that holds this line."""
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return next(code for code in cells if beginning in code)


def test_the_numbers_on_paper_are_those_of_the_walk(neurons):
    z1, a1, z2, a2 = neurons.scalar.forward(2.0, *NOTEBOOK_POINT, neurons.g)
    assert (z1, a1, z2, a2, neurons.loss_at(NOTEBOOK_POINT)) == (0, 0.5, 0, 0.5, 0.125)
    assert neurons.derivatives(NOTEBOOK_POINT).tolist() == [-1 / 8, -1 / 16, -1 / 16, -1 / 8]


@pytest.mark.parametrize(
    ("old", "new", "blamed"),
    [
        ("a2 - y", "a2 + y", 0), ("a2_g * g_prime(z2)", "a2_g", 0), ("z2_g * a1", "z2_g * x", 1),
        ("z2_g * w2", "z2_g", 2), ("a1_g * g_prime(z1)", "a1_g", 2), ("z1_g * x", "z1_g", 3),
    ],
)  # fmt: skip
def test_each_of_the_four_numbers_depends_on_its_own_lines_alone(neurons, old, new, blamed):
    lines = inspect.getsource(neurons.scalar.backward)
    assert lines.count(old) == 1
    scope = {}
    exec(lines.replace(old, new), scope)

    def told(backward):
        w1_g, b1_g, w2_g, b2_g = neurons.derivatives(NOTEBOOK_POINT, backward)
        return np.array([b2_g, w2_g / b2_g, b1_g / b2_g, w1_g / b1_g])

    assert told(None).tolist() == [-1 / 8, 1 / 2, 1 / 2, 2]
    assert np.flatnonzero(told(scope["backward"]) != told(None)).tolist() == [blamed]


@pytest.mark.parametrize(
    ("old", "new"), [("z1_g * x", "z1_g * w2"), ("z2_g * a1", "z2_g * W1"), ("g_prime(z1)", "g_prime(z2)")]
)
def test_some_wrong_lines_pass_where_quantities_are_equal_and_not_where_they_differ(neurons, old, new):
    lines = inspect.getsource(neurons.scalar.backward)
    assert lines.count(old) == 1
    for point, seen in ((NOTEBOOK_POINT, False), (RANDOM_POINT, True)):
        scope = {"W1": point[0]}
        exec(lines.replace(old, new), scope)
        wrong = np.max(np.abs(neurons.derivatives(point, scope["backward"]) - neurons.derivatives(point)))
        assert (wrong > 1e-6) == seen


def test_a_saturated_neuron_and_a_silent_weight_stop_the_walk(neurons):
    saturated = neurons.derivatives(np.array([5.0, -1.0, 2.0, -1.0]))
    assert abs(saturated[0]) < 1e-3 < 0.05 < abs(saturated[2])
    silent = neurons.derivatives(np.array([0.5, -1.0, 0.0, -1.0]))
    assert silent[:2].tolist() == [0, 0]
    assert np.all(silent[2:] != 0)


def test_the_error_shrinks_with_h_for_one_side_and_with_its_square_for_two(neurons):
    parabola_off_by = (2.1**2 - 2**2) / 0.1 - 4
    assert parabola_off_by == pytest.approx(0.1), "one-sided, by h"
    f, theta = (lambda theta: theta[0] ** 3), np.array([2.0])
    for h in (0.1, 0.01):
        one = (f(theta + h) - f(theta)) / h
        assert one - 12 == pytest.approx(3 * 2 * h + h**2, rel=1e-6)
        assert neurons.checker.numerical_gradient(f, theta, h)[0] - 12 == pytest.approx(h**2, rel=1e-6)


def test_two_central_differences_mixed_leave_the_fourth_power_of_h(neurons):
    f, theta, h = (lambda theta: theta[0] ** 5), np.array([2.0]), 0.1
    near, far = (neurons.checker.numerical_gradient(f, theta, width)[0] for width in (h, 2 * h))
    assert (4 * near - far) / 3 - 80 == pytest.approx(-4 * h**4, rel=1e-6)


def test_the_central_difference_is_best_near_1e_5_and_bad_at_1e_12(neurons):
    exact = neurons.derivatives(RANDOM_POINT)
    error = {h: np.max(np.abs(neurons.measured(RANDOM_POINT, h=h) - exact)) for h in (1e-1, 1e-2, 1e-5, 1e-12)}
    assert error[1e-1] / error[1e-2] == pytest.approx(100, rel=0.05)
    assert error[1e-5] < 1e-9
    assert error[1e-12] > 1000 * error[1e-5]


def test_float32_spoils_the_measurement_and_the_kink_gives_one_half(neurons):
    x, y = np.float32(2), np.float32(1)

    def loss32(theta):
        return neurons.scalar.loss(y, neurons.scalar.forward(x, *theta.astype(np.float32), neurons.g)[-1])

    measured = neurons.checker.numerical_gradient(loss32, RANDOM_POINT)
    assert 0.005 < neurons.checker.relative_error(measured, neurons.derivatives(RANDOM_POINT)) < 0.5
    assert neurons.checker.numerical_gradient(neurons.activations.relu, 0.0) == pytest.approx(0.5)


def test_the_three_measurements_stand_on_three_rungs(neurons):
    exact = neurons.derivatives(RANDOM_POINT)

    def one_sided(h):
        moved = [neurons.loss_at(RANDOM_POINT + h * e) for e in np.eye(4)]
        return (np.array(moved) - neurons.loss_at(RANDOM_POINT)) / h

    assert neurons.checker.relative_error(one_sided(1e-1), exact) > 1e-2
    assert 1e-4 < neurons.checker.relative_error(one_sided(1e-3), exact) < 1e-2
    assert neurons.checker.relative_error(neurons.measured(RANDOM_POINT), exact) < 1e-7


def test_the_report_tells_the_three_strangers_apart(neurons):
    accused = suspects("05", *NAMES[:3], given={})
    first, second, third = (neurons.errors(RANDOM_POINT, backward) for backward in accused)
    for errors in (first, second):
        assert np.all(errors[:2] > 1e-2)
        assert np.all(errors[2:] < 1e-7)
    assert np.all(third < 1e-7)
    ratios = [
        neurons.derivatives(RANDOM_POINT, backward)[0] / neurons.derivatives(RANDOM_POINT)[0] for backward in accused
    ]
    z1, a1, *_ = neurons.scalar.forward(2.0, *RANDOM_POINT, neurons.g)
    assert ratios[0] == pytest.approx(neurons.g_prime(a1) / neurons.g_prime(z1))
    assert ratios[1] == pytest.approx(1 / 1.5)
    for suspect, variable in zip(accused, ("z1_g", "a1_g", "nothing"), strict=True):
        assert convict(suspect, variable).proven


def test_the_suspect_that_forgets_w2_goes_free_where_it_is_1(neurons):
    _, forgetful = suspects("05", *NAMES[:2], given={})
    assert np.all(neurons.errors(np.array([0.7, -0.4, 1.0, 0.3]), forgetful) < 1e-7)
    assert neurons.errors(np.array([0.7, -0.4, 0.0, 0.3]), forgetful)[0] == pytest.approx(1)


def test_a_gradient_check_passes_a_wrong_forward_pass(neurons):
    (wrong,) = suspects("05", NAMES[3], given={})
    assert np.all(neurons.errors(RANDOM_POINT, forward=wrong) < 1e-7)
    assert wrong(2.0, *NOTEBOOK_POINT, neurons.g)[-1] == pytest.approx(0.731, abs=5e-4)
    assert convict(wrong, "z2").proven


def test_a_shared_weight_gets_the_sum(neurons):
    first, _, second, _ = neurons.derivatives(np.array([0.5, -1.0, 0.5, -0.25]))
    measured = neurons.checker.numerical_gradient(
        lambda w: neurons.loss_at(np.array([float(w), -1.0, float(w), -0.25])), 0.5
    )
    assert (first, second) == (-0.03125, -0.0625)
    assert float(measured) == pytest.approx(first + second, rel=1e-7)


def test_the_shortcut_has_a_backward_pass_that_the_check_accepts(neurons):
    def shortcut(x, w1, b1, w2, b2, g):
        z1, a1, z2, a2 = neurons.scalar.forward(x, w1, b1, w2, b2, g)
        return z1, a1, z2, a2, a2 + a1

    def right(x, y, w2, z1, a1, z2, a2, y_hat, g_prime):
        z2_g = (y_hat - y) * g_prime(z2)
        z1_g = (z2_g * w2 + (y_hat - y)) * g_prime(z1)
        return z1_g * x, z1_g, z2_g * a1, z2_g

    def old(x, y, w2, z1, a1, z2, a2, y_hat, g_prime):
        return neurons.scalar.backward(x, y, w2, z1, a1, z2, a2, g_prime)

    assert np.all(neurons.errors(RANDOM_POINT, right, shortcut) < 1e-7)
    assert np.all(neurons.errors(RANDOM_POINT, old, shortcut) > 1e-2)


def test_the_value_class_completed_gives_the_four_derivatives(neurons):
    code = cell("class Value:").replace(
        "pass  # yours: two lines, as in __add__",
        "self.g += other.number * out.g\n            other.g += self.number * out.g",
    )
    code = code.replace("pass  # yours: one line", "self.g += out.number * (1 - out.number) * out.g")
    assert "yours" not in code
    scope = {
        "sigmoid": neurons.g,
        "x": 2.0,
        "y": 1.0,
        **dict(zip(("w1", "b1", "w2", "b2"), NOTEBOOK_POINT, strict=True)),
    }
    exec(code + cell("L.draw()"), scope)
    got = [scope[name].g for name in ("w1_", "b1_", "w2_", "b2_")]
    assert got == pytest.approx(neurons.derivatives(NOTEBOOK_POINT).tolist())


@pytest.fixture
def seven(solved):
    """The surest mistake of the trained network: its image, what it is, what was said; probabilities and slopes."""
    data, trained = load_digits(), load_trained()
    W, b = ({l: array.astype(np.float64) for l, array in part.items()} for part in trained)
    network, losses, checker = (solved(module) for module in ("network", "losses", "gradient_check"))

    def probabilities(images):
        return network.forward_pass(images, W, b, hidden="relu")[1][2]

    def slopes(image, digit):
        target = losses.one_hot(np.array([digit]), 10)
        return checker.numerical_gradient(lambda image: losses.cross_entropy(target, probabilities(image)), image)

    P = probabilities(data.X_test)
    wrong = np.flatnonzero(network.predict(P) != data.labels_test)
    worst = wrong[np.argmax(np.max(P[wrong], axis=1))]
    return data.X_test[[worst]].astype(np.float64), data.labels_test[worst], P[worst], probabilities, slopes


def test_the_surest_mistake_is_a_7_read_as_8(seven):
    _, true, P, _, _ = seven
    assert (true, np.argmax(P)) == (7, 8)
    assert P[8] > 0.99


def test_small_steps_against_the_gradient_make_every_digit_of_it_and_random_ones_of_that_length_none(seven):
    image, _, _, probabilities, slopes = seven
    for target in (2, 7, 9):
        changed, count = image, 0
        while np.argmax(probabilities(changed)) != target and count < 40:
            changed, count = np.clip(changed - 0.02 * slopes(changed, target), 0, 1), count + 1
        assert np.argmax(probabilities(changed)) == target
        noise = np.array([np.random.default_rng(seed).standard_normal(784) for seed in range(20)])
        noise *= np.linalg.norm(changed - image) / np.linalg.norm(noise, axis=1, keepdims=True)
        assert np.all(np.argmax(probabilities(image + noise), axis=1) == 8)


def test_pytorch_gives_the_same_four_derivatives(neurons):
    torch = pytest.importorskip("torch")
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    scope = {}
    exec(block, scope)
    theirs = [float(scope[name].grad) for name in ("w1", "b1", "w2", "b2")]
    assert isinstance(scope["L"], torch.Tensor)
    assert theirs == pytest.approx(neurons.derivatives(NOTEBOOK_POINT).tolist(), rel=1e-12)
