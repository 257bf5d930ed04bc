"""Lets a maintainer run these files with plain pytest; `check` and `grade` bring the fixture themselves."""

from mlt_nn.grading.fixtures import student  # noqa: F401
