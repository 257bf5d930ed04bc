"""Small sets of points in the plane, made on the spot: to see what a network can learn, and how.

Rows come in random order, so the first half of a set is as good a sample as the second. The classes differ in size by
one point at most.
"""

import math

import numpy as np


def two_moons(n, rng, noise=0.1):
    """Two half circles, each reaching into the other: no straight line separates them, a bent one does.

    Equations:  class 0:  x = (cos t, sin t)        class 1:  x = (1 - cos t, 1/2 - sin t)        t uniform in [0, pi],
                and normal noise is added to every coordinate

    Arguments:
        n: the number of points, an int >= 2.
        rng: a NumPy random generator, as made by np.random.default_rng(seed).
        noise: standard deviation of the noise, >= 0.

    Returns:
        X: shape (n, 2), float64.
        labels: shape (n,), int64, 0 or 1.

    Example: without noise every point of class 0 lies on the unit circle.
        >>> X, labels = two_moons(5, np.random.default_rng(0), noise=0)
        >>> print(X.shape, np.bincount(labels), np.sum(X[labels == 0] ** 2, axis=1).round(6))
        (5, 2) [3 2] [1. 1. 1.]
    """
    labels = _shuffled_classes(n, 2, rng)
    t = rng.uniform(0, math.pi, n)
    upper = np.column_stack([np.cos(t), np.sin(t)])
    lower = np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])
    return _noisy(np.where(labels[:, np.newaxis] == 0, upper, lower), rng, noise), labels


def spirals(n, rng, k=3, noise=0.02):
    """k arms that wind around the origin: a class per arm, each next to all its neighbors.

    Equation:  x = r (cos phi, sin phi)  with  phi = 2 pi c / k + 4 r,  c = 0..k-1 the class, r uniform in [0, 1],
               and normal noise is added to every coordinate

    Arguments:
        n: the number of points, an int >= k.
        k: the number of arms, an int >= 2.
        rng, noise: as for `two_moons`.

    Returns:
        X: shape (n, 2), float64.
        labels: shape (n,), int64 in 0..k-1.

    Example: without noise the angle tells the class, once the winding 4 r is taken back.
        >>> X, labels = spirals(7, np.random.default_rng(0), k=3, noise=0)
        >>> unwound = np.arctan2(X[:, 1], X[:, 0]) - 4 * np.hypot(X[:, 0], X[:, 1])
        >>> bool(np.all((unwound * 3 / (2 * np.pi)).round() % 3 == labels)), np.bincount(labels).tolist()
        (True, [3, 2, 2])
    """
    labels = _shuffled_classes(n, k, rng)
    r = rng.uniform(0, 1, n)
    phi = 2 * math.pi * labels / k + 4 * r
    return _noisy(np.column_stack([r * np.cos(phi), r * np.sin(phi)]), rng, noise), labels


def noisy_curve(n, rng, noise=0.1):
    """One period of a sine, seen through noise: the smallest interesting regression.

    Equation:  y = sin(pi x) + noise,  x uniform in [-1, 1]

    Arguments:
        n: the number of points, an int >= 1.
        rng, noise: as for `two_moons`; the noise is added to y only.

    Returns:
        X: shape (n, 1), float64.
        y: shape (n, 1), float64.

    Example:
        >>> X, y = noisy_curve(4, np.random.default_rng(0), noise=0)
        >>> print(X.shape, bool(np.all(y == np.sin(np.pi * X))))
        (4, 1) True
    """
    _check(n, 1, rng)
    X = rng.uniform(-1, 1, (n, 1))
    return X, _noisy(np.sin(math.pi * X), rng, noise)


def _shuffled_classes(n, k, rng):
    """(n,) labels in 0..k-1, int64: as many of each as of any other, or one more."""
    _check_count("k", k, 2)
    _check(n, k, rng)
    return rng.permutation(np.arange(n) % k)


def _check(n, at_least, rng):
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}, expected a NumPy random generator: np.random.default_rng(a seed)")
    _check_count("n", n, at_least)


def _check_count(name, value, at_least):
    if not isinstance(value, int | np.integer) or value < at_least:
        raise ValueError(f"{name} is {value!r}, expected an int, {at_least} or more")


def _noisy(points, rng, noise):
    if not 0 <= noise < math.inf:
        raise ValueError(f"noise is {noise!r}, expected a standard deviation: a number >= 0")
    return points + noise * rng.standard_normal(points.shape)
