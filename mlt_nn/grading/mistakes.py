"""Which of the known mistakes an input brings to light."""

from mlt_nn.grading.compare import assert_matches


def telling(mistakes, wanted, **tolerances):
    """Those of the mistakes that change this answer. Over a single point, for example, a mean is the sum.

    Arguments:
        mistakes, wanted: as for `assert_matches`.
        tolerances: rtol and atol, as for `assert_matches`.

    >>> telling({"You took the mean.": 3.0, "You took the square.": 9.0}, 3.0)
    {'You took the square.': 9.0}
    """
    return {mistake: wrong for mistake, wrong in mistakes.items() if _changes(mistake, wrong, wanted, tolerances)}


def _changes(mistake, wrong, wanted, tolerances):
    try:
        assert_matches(wanted, wanted, mistakes={mistake: wrong}, **tolerances)
    except ValueError:  # assert_matches refuses a mistake whose answer is the right one
        return False
    return True
