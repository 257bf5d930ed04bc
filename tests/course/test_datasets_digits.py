"""The bundled digits: every image there, enlarged truly, split fairly."""

import numpy as np
import pytest

from mlt_nn.datasets import load_digits
from mlt_nn.datasets.digits import enlarge
from mlt_nn.datasets.idx import read_idx
from mlt_nn.support.folders import PROJECT


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def test_form_is_that_of_mnist(digits):
    assert digits.source == "bundled digits"
    for X, labels in (digits.X_train, digits.labels_train), (digits.X_test, digits.labels_test):
        assert X.shape == (len(labels), 784)
        assert X.dtype == np.float32
        assert labels.dtype == np.int64
        assert X.min() == 0
        assert X.max() == 1
        assert X.flags.writeable
        assert labels.flags.writeable


def test_every_image_is_in_one_part(digits):
    everything = np.vstack([digits.X_train, digits.X_test])
    assert len(everything) == 1797
    # None of the 1,797 images is there twice, so an image in both parts, or in none, would be seen here.
    assert len(np.unique(everything, axis=0)) == 1797


def test_every_digit_has_its_share_of_both_parts(digits):
    train = np.bincount(digits.labels_train, minlength=10)
    test = np.bincount(digits.labels_test, minlength=10)
    assert np.all(np.abs(test - (train + test) / 5) < 1)


def test_labels_belong_to_their_images(digits):
    # A test image is mostly like the mean image of its own digit: chance alone would make 10 % of them so.
    means = np.array([digits.X_train[digits.labels_train == digit].mean(axis=0) for digit in range(10)])
    distances = np.linalg.norm(digits.X_test[:, np.newaxis] - means, axis=2)
    assert np.mean(np.argmin(distances, axis=1) == digits.labels_test) > 0.8


def test_enlarged_images_have_a_margin_of_paper():
    images = enlarge(read_idx(PROJECT / "data" / "digits-images-idx3-ubyte.gz"))
    inside = images[:, 4:24, 4:24].sum(dtype=np.float64)
    assert images.sum(dtype=np.float64) == inside > 0


def test_enlarging_interpolates_straight_lines_exactly():
    down, across = np.indices((8, 8))
    plane = (down + across)[np.newaxis]  # 0..14, within the range of a pixel
    u = (np.arange(20) + 0.5) * 8 / 20 - 0.5
    expected = (u[:, np.newaxis] + u) / 16
    # Beyond the centers of the outermost pixels there is paper on one side: compare between them. float32 has 7 digits.
    np.testing.assert_allclose(enlarge(plane)[0, 5:23, 5:23], expected[1:-1, 1:-1], rtol=0, atol=1e-6)


def test_enlarging_keeps_the_picture_upright():
    image = np.zeros((1, 8, 8))
    image[0, 1, 6] = 16
    top, left = np.unravel_index(np.argmax(enlarge(image)[0]), (28, 28))
    assert top < 14 < left
