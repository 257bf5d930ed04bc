"""Lets a maintainer run these files with plain pytest; `check` and `grade` call the checks themselves."""

from mlt_nn.grading.fixtures import rng, student  # noqa: F401
