"""The data of the course: MNIST, the digits bundled with it, and small sets of points made on the spot."""

from mlt_nn.datasets.digits import Digits, load_digits
from mlt_nn.datasets.download import DownloadError
from mlt_nn.datasets.mnist import MnistState, download_mnist, load_mnist, mnist_state
from mlt_nn.datasets.toy import noisy_curve, spirals, two_moons
from mlt_nn.datasets.trained import load_trained

__all__ = [
    "Digits", "DownloadError", "MnistState", "download_mnist", "load_digits", "load_mnist", "load_trained",
    "mnist_state", "noisy_curve", "spirals", "two_moons",
]  # fmt: skip
