"""The trained network is one that reads, and its recipe makes such a one."""

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_mnist, load_trained, mnist_state
from mlt_nn.datasets.digits import Digits
from mlt_nn.teaching.building import trained


def share_right(W, b, X, labels):
    hidden = np.maximum(X @ W[1] + b[1], 0)
    return np.mean(np.argmax(hidden @ W[2] + b[2], axis=1) == labels)


def test_it_has_the_shapes_of_the_course_in_float32():
    W, b = load_trained()
    assert sum(W[l].size + b[l].size for l in W) == 39_760
    assert {array.dtype for array in (*W.values(), *b.values())} == {np.dtype(np.float32)}
    assert trained.FILE.stat().st_size < 200_000


def test_it_reads_digits_that_it_has_never_seen():
    digits = load_digits()
    X = np.concatenate([digits.X_train, digits.X_test])
    labels = np.concatenate([digits.labels_train, digits.labels_test])
    assert "about seven in ten of those that come with the course" in load_trained.__doc__
    # A rounding may turn a few of 1,797; the wrong order of the pixels gives a tenth.
    assert share_right(*load_trained(), X, labels) == pytest.approx(0.7, abs=0.02)
    if mnist_state().source == "MNIST":
        mnist = load_mnist()
        assert share_right(*load_trained(), mnist.X_test, mnist.labels_test) > 0.97


@pytest.mark.usefixtures("solved")
def test_the_recipe_learns():
    digits = load_digits()
    few = Digits(digits.X_train[:300], digits.labels_train[:300], digits.X_test, digits.labels_test, digits.source)
    W, b = trained.train(few, epochs=5)
    # Guessing is right for a tenth.
    assert share_right(W, b, few.X_test, few.labels_test) > 0.5
