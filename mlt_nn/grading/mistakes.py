"""Which of the known mistakes an input brings to light."""

from mlt_nn.grading.compare import alike


def telling(mistakes, wanted, **tolerances):
    """Those of the mistakes that change this answer. Over a single point, for example, a mean is the sum.

    Arguments:
        mistakes, wanted: as for `assert_matches`.
        tolerances: rtol and atol, as for `assert_matches`.

    >>> telling({"You took the mean.": 3.0, "You took the square.": 9.0}, 3.0)
    {'You took the square.': 9.0}
    """
    return {mistake: wrong for mistake, wrong in mistakes.items() if not alike(wrong, wanted, **tolerances)}
