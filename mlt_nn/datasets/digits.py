"""The digits bundled with the course: 1,797 images of 8 x 8 pixels.

They are enlarged to the size of MNIST's, so that a network of 784-50-10 stays 784-50-10.
"""

from typing import NamedTuple

import numpy as np

from mlt_nn.datasets.idx import read_idx
from mlt_nn.support.folders import PROJECT

SIDE = 8  # pixels of a stored image
BOX = 20  # MNIST's digits fill a box of 20 x 20 ...
FRAME = 28  # ... in the middle of 28 x 28
INK = 16  # the value of a pixel that is all ink


class Digits(NamedTuple):
    """Pictures of digits, to train with and to test on. A picture of 28 x 28 pixels is a row of 784 numbers."""

    X_train: np.ndarray
    """(n, 784), float32 in [0, 1]: 0 is paper, 1 is ink."""
    labels_train: np.ndarray
    """(n,), int64 in 0..9."""
    X_test: np.ndarray
    """Like X_train, other pictures."""
    labels_test: np.ndarray
    """Like labels_train."""
    source: str
    """ "MNIST" or "bundled digits"."""


def load_digits():
    """The digits bundled with the course, in the form of MNIST: 1,438 to learn from and 359 to test on.

    Of every five images of a digit, in the order of the file, the middle one is for testing: the split is always the
    same, and every digit has its share of both.

    Returns:
        `Digits` with source "bundled digits".

    Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
    CC BY 4.0; see data/README.md.

    Example:
        >>> digits = load_digits()
        >>> digits.X_train.shape, digits.X_test.shape, digits.labels_train[:10].tolist()
        ((1438, 784), (359, 784), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    images = read_idx(PROJECT / "data" / "digits-images-idx3-ubyte.gz")
    labels = read_idx(PROJECT / "data" / "digits-labels-idx1-ubyte.gz").astype(np.int64)
    X = enlarge(images).reshape(len(images), -1)
    middle = [np.flatnonzero(labels == digit)[2::5] for digit in range(10)]
    test = np.isin(np.arange(len(labels)), np.concatenate(middle))
    return Digits(X[~test], labels[~test], X[test], labels[test], "bundled digits")


def enlarge(images):
    """Images of 8 x 8 enlarged to 20 x 20 and framed to 28 x 28, as MNIST's are.

    Equation:  E = R I R^T,  R (20, 8) with R_ij = max(0, 1 - |u_i - j|),  u_i = (i + 1/2) 8/20 - 1/2

    u_i is where the center of new pixel i lies among the old ones: each new pixel is the weighted mean of its
    neighbors, first down, then across (bilinear interpolation). Outside the old image there is paper.

    Arguments:
        images: (n, 8, 8), numbers from 0 (paper) to 16 (ink).

    Returns:
        (n, 28, 28), float32 in [0, 1].

    Example:
        >>> E = enlarge(np.full((1, 8, 8), 16))
        >>> print(E.shape, E[0, 14, 0:8].tolist(), E[0, 14, 14].item())
        (1, 28, 28) [0.0, 0.0, 0.0, 0.0, 0.699999988079071, 1.0, 1.0, 1.0] 1.0
    """
    u = (np.arange(BOX) + 0.5) * SIDE / BOX - 0.5
    R = np.maximum(0, 1 - np.abs(u[:, np.newaxis] - np.arange(SIDE)))
    enlarged = np.zeros((len(images), FRAME, FRAME), dtype=np.float32)
    margin = (FRAME - BOX) // 2
    enlarged[:, margin:-margin, margin:-margin] = R @ (images / INK) @ R.T
    return enlarged
