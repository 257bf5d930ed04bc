"""Which of the known mistakes an input brings to light."""

from mlt_nn.grading.compare import alike


class telling:  # noqa: N801
    """Those of the mistakes that change this answer. Over a single point, for example, a mean is the sum.

    They are found out when they are looked at: for a right answer never.

    Arguments:
        mistakes, wanted: as for `assert_matches`.
        tolerances: rtol and atol, as for `assert_matches`.

    >>> dict(telling({"You took the mean.": 3.0, "You took the square.": 9.0}, 3.0).items())
    {'You took the square.': 9.0}
    """

    def __init__(self, mistakes, wanted, **tolerances):
        self._mistakes, self._wanted, self._tolerances = mistakes, wanted, tolerances

    def items(self):
        """As of a dict."""
        for mistake, wrong in self._mistakes.items():
            if not alike(wrong, self._wanted, **self._tolerances):
                yield mistake, wrong
