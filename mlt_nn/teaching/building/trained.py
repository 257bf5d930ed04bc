"""The trained network that comes with the course, trained again: `python -m mlt_nn.teaching.building.trained`.

It needs MNIST, and runs on the solutions. Another BLAS, or another order of sums in the solutions, gives weights that
differ from the second digit on, so the file is made only when the recipe changes.
"""

import io
import os

import numpy as np

from mlt_nn.datasets import load_mnist
from mlt_nn.datasets.trained import FILE
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.support.writing import write_bytes

SIZES = (784, 50, 10)
EPOCHS, BATCH_SIZE, LEARNING_RATE = 15, 128, 5e-3
DEVIATION, STRENGTH = 0.05, 0.02


def train(digits, epochs=EPOCHS, seed=0):
    """Train on digits: mini-batches, ReLU, an L2 penalty, and a learning rate that falls to 0 in a straight line.

    Arguments:
        digits: as `load_mnist()` gives them.

    Returns:
        W, b: dicts by layer, float32.
    """
    # The exercises are those of the solutions, which `main` has laid over the stubs by then.
    from importlib import import_module

    network, losses, descent, backpropagation, regularization = (
        import_module(f"mlt_nn.{name}")
        for name in ("network", "losses", "gradient_descent", "backpropagation", "regularization")
    )
    rng = np.random.default_rng(seed)
    W, b = network.initialize(SIZES, rng, np.float32)
    W = {l: np.float32(DEVIATION) * W[l] for l in W}
    b = {l: np.zeros_like(b[l]) for l in b}
    Y = losses.one_hot(digits.labels_train, SIZES[-1]).astype(np.float32)
    for epoch in range(epochs):
        rate = np.float32(LEARNING_RATE * (1 - epoch / epochs))
        for i in descent.minibatches(len(Y), BATCH_SIZE, rng):
            Z, A = network.forward_pass(digits.X_train[i], W, b, hidden="relu")
            W_g, b_g = backpropagation.backward_pass(Y[i], Z, A, W, hidden="relu")
            penalty = regularization.l2_gradient(W, np.float32(STRENGTH))
            W, b = descent.update(W, b, {l: W_g[l] + penalty[l] for l in W}, b_g, rate)
    return W, b


def main():
    """Write the file and say how well the network reads."""
    os.environ[VARIABLE] = str(SOLUTIONS)
    digits = load_mnist()
    W, b = train(digits)
    stream = io.BytesIO()
    np.savez_compressed(stream, **{f"W{l}": W[l] for l in W}, **{f"b{l}": b[l] for l in b})
    write_bytes(FILE, stream.getvalue())
    hidden = np.maximum(digits.X_test @ W[1] + b[1], 0)
    right = np.mean(np.argmax(hidden @ W[2] + b[2], axis=1) == digits.labels_test)
    print(
        f"{FILE.name}: written, {FILE.stat().st_size:,} bytes; {right:.2%} of {len(digits.labels_test):,} test digits"
    )


if __name__ == "__main__":
    main()
