"""Which of the known mistakes an input brings to light."""

from collections.abc import Mapping
from functools import cached_property

from mlt_nn.grading.compare import alike


class telling(Mapping):  # noqa: N801
    """Those of the mistakes that change this answer. Over a single point, for example, a mean is the sum.

    A mapping that is worked out when it is looked into: for a right answer never.

    Arguments:
        mistakes, wanted: as for `assert_matches`.
        tolerances: rtol and atol, as for `assert_matches`.

    >>> dict(telling({"You took the mean.": 3.0, "You took the square.": 9.0}, 3.0))
    {'You took the square.': 9.0}
    """

    def __init__(self, mistakes, wanted, **tolerances):
        self._mistakes, self._wanted, self._tolerances = mistakes, wanted, tolerances

    @cached_property
    def _telling(self):
        return {
            mistake: wrong
            for mistake, wrong in self._mistakes.items()
            if not alike(wrong, self._wanted, **self._tolerances)
        }

    def __getitem__(self, mistake):
        return self._telling[mistake]

    def __iter__(self):
        return iter(self._telling)

    def __len__(self):
        return len(self._telling)
