"""Is the answer right, and if not, what is wrong with it, in the course's own names."""

import math

import numpy as np

# (relative, absolute) by the size of the wanted float. Two right ways to write a function of the course differ by
# hundreds of roundings, each half the spacing of the floats: 1e-16 in float64, 6e-8 in float32, 5e-4 in float16. A
# wrong formula differs in the first digits. The absolute part is for entries that are 0 after numbers of about 1 have
# cancelled.
_TOLERANCES = {2: (2e-2, 2e-3), 4: (2e-5, 1e-6), 8: (1e-9, 1e-12)}

# A number in a narrower float than the wanted one may be off by that float's rounding, some dozen times, but not by
# what somebody rounded away before: four digits are no more right in a float32 than in a float64.
_ROUNDING = {2: 1e-2, 4: 2e-6}

# (relative, absolute) of values alone. Sums of some numbers between -3 and 3, worked out in float32, are good to 1e-6.
_VALUES = (2e-6, 4e-6)


class KnownMistake(AssertionError):  # noqa: N818
    """The answer is wrong in a way that the check knows."""

    def __init__(self, mistake, problem):
        super().__init__(f"{mistake}\n{problem}")
        self.mistake = mistake
        """What was done wrong, in a sentence."""


def assert_matches(got, wanted, name="the result", mistakes=None, rtol=None, atol=None, shapes=None, dtype=None):
    """Demand that an answer is right: type, shape, NaN, values and dtype, in this order.

    Arguments:
        got: the student's answer.
        wanted: the right one. An array wants an array of its shape and dtype (any integer dtype will do for another);
            a number wants a number: int, float, NumPy scalar or 0-d array; a dict wants its keys, a tuple or list its
            length, and each entry is compared in the same way.
        name: what the course calls it: "A", or ("W", "b") for a tuple. Entries are named after it: "W_g[1]", "A[0, 2]".
        mistakes: {"what was done wrong": the answer that comes out then}: when the answer is wrong and equals one of
            these, that sentence comes first. One may have the right values in a wrong dtype.
        rtol, atol: relative and absolute tolerance; by default by the wanted dtype, see the comment above.
        shapes: what the wanted shape is that of: "its weight W[1]", or by entry {"W_g[1]": "its weight W[1]"}.
        dtype: how the function names the wanted dtype where it is not that of an input z: "X.dtype".

    Raises:
        AssertionError: with a message for a beginner.

    >>> assert_matches(np.array([[0.25, 0.5]]), np.array([[0.25, 0.75]]), name="A")
    Traceback (most recent call last):
    AssertionError: A[0, 1] is 0.5; it should be 0.75.
    """
    problem = _Comparison(rtol, atol, shapes or {}, dtypes=True, dtype=dtype).problem(got, wanted, name)
    if problem is None:
        return
    # A wrong dtype costs some speed, a wrong value everything.
    problem = _Comparison(rtol, atol, shapes or {}, dtypes=False).problem(got, wanted, name) or problem
    for mistake, wrong in (mistakes or {}).items():
        if is_right(wrong, wanted, rtol, atol):
            raise ValueError(f"the check lists a mistake whose answer is the right one: {mistake!r}")
    _fail(problem, got, wanted, mistakes, rtol, atol)


def assert_close(got, wanted, name="the result", mistakes=None, rtol=_VALUES[0], atol=_VALUES[1]):
    """Demand that the values of an answer are right, to six digits, in whatever dtype they come.

    For checks that draw their inputs: float32 and float64, integers and truth values pass alike, so that a dtype costs
    the points of the one check that asks for it with `assert_matches`.

    Arguments:
        got, wanted, name, mistakes: as in `assert_matches`. An input may be drawn for which a mistake does not show.
        rtol, atol: relative and absolute tolerance, the same for every dtype of the answer.

    Raises:
        AssertionError: with a message for a beginner.

    >>> assert_close(np.array([True, False]), np.array([1.0, 0.0]))
    >>> assert_close(np.array([0.3333, 0.5], dtype=np.float32), np.array([1 / 3, 0.5]), name="A")
    Traceback (most recent call last):
    AssertionError: A[0] is 0.3333; it should be 0.333333.
    """
    problem = _Comparison(rtol, atol, {}, dtypes=False).problem(got, wanted, name)
    if problem is not None:
        _fail(problem, got, wanted, mistakes, rtol, atol)


def _fail(problem, got, wanted, mistakes, rtol, atol):
    for mistake, wrong in (mistakes or {}).items():
        # Where the dtype alone is the mistake, it tells mistakes apart.
        if (is_right if alike(wrong, wanted, rtol, atol) else alike)(got, wrong, rtol, atol):
            raise KnownMistake(sentence(mistake), problem)
    raise AssertionError(problem)


def is_right(got, wanted, rtol=None, atol=None):
    """Whether an answer is one that `assert_matches` lets pass."""
    return _Comparison(rtol, atol, {}, dtypes=True).problem(got, wanted, "") is None


def alike(got, wanted, rtol=None, atol=None):
    """Whether two answers agree in all but their dtypes."""
    return _Comparison(rtol, atol, {}, dtypes=False).problem(got, wanted, "") is None


def describe(value):
    """What a value is, in words.

    >>> describe(np.ones((2, 3)))
    'an array of shape (2, 3)'
    >>> describe(np.random.default_rng(0))
    'an object of type Generator'
    """
    match value:
        case None:
            return "None (is a return missing?)"
        case bool() | np.bool_():
            return f"the truth value {bool(value)}"
        case str():
            return f"the text {value!r}"
        case dict():
            return "a dict"
        case list() | tuple():
            return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else describe(value[()])
    if isinstance(value, (int, float, complex, np.number)):
        return f"the number {show(value)}"
    return f"an object of type {type(value).__name__}"  # a dtype or a random generator, say


def show(number):
    """A number in at most six digits."""
    return f"{_no_huge_int(number):.6g}" if np.isrealobj(number) else str(number)


def show_both(first, second):
    """Two numbers in six digits, or in as many as it takes to tell them apart."""
    for digits in (6, 9, 17):
        texts = f"{first:.{digits}g}", f"{second:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


class _Comparison:
    """`problem` returns the first thing that is wrong, as a sentence, or None."""

    def __init__(self, rtol, atol, shapes, dtypes, dtype=None):
        self._rtol, self._atol, self._shapes, self._dtypes, self._dtype = rtol, atol, shapes, dtypes, dtype

    def problem(self, got, wanted, name):
        if isinstance(wanted, dict):
            return self._dicts(got, wanted, name)
        if isinstance(wanted, (tuple, list)):
            return self._sequences(got, wanted, name)
        if isinstance(wanted, np.ndarray) and wanted.ndim > 0:
            return self._arrays(got, wanted, name)
        if wanted is None or isinstance(wanted, (bool, np.bool_, str)):
            return self._exactly(got, wanted, name)
        return self._numbers(got, wanted, name)

    def _exactly(self, got, wanted, name):
        if isinstance(got, np.ndarray) and got.ndim == 0:
            got = got[()]
        kinds = (bool, np.bool_) if isinstance(wanted, (bool, np.bool_)) else (type(wanted),)
        # In this order: `==` with an array would be an array.
        if isinstance(got, kinds) and got == wanted:
            return None
        return f"{name} is {describe(got)}; it should be {'None' if wanted is None else describe(wanted)}."

    def _dicts(self, got, wanted, name):
        if not isinstance(got, dict):
            return f"{name} is {describe(got)}; it should be a dict with the keys {_listed(wanted)}."
        if set(got) != set(wanted):
            only_first = len(wanted) > 1 and list(got) == list(wanted)[:1]
            hint = " (does the return stand inside the loop?)" if only_first else ""
            return f"{name} has {_keys(got)}{hint}; it should have {_keys(wanted)}."
        return self._first((got[key], wanted[key], f"{name}[{key!r}]") for key in wanted)

    def _sequences(self, got, wanted, name):
        names = name if isinstance(name, tuple) else tuple(f"{name}[{i}]" for i in range(len(wanted)))
        whole = "the result" if isinstance(name, tuple) else name
        parts = f": {', '.join(name)}" if isinstance(name, tuple) else ""
        if not isinstance(got, (tuple, list)):
            kind = type(wanted).__name__
            return f"{whole} is {describe(got)}; it should be a {kind} of {len(wanted)}{parts}."
        if len(got) != len(wanted):
            entries = "1 entry" if len(wanted) == 1 else f"{len(wanted)} entries"
            return f"{whole} is {describe(got)}; it should have {entries}{parts}."
        return self._first(zip(got, wanted, names, strict=True))

    def _first(self, entries):
        problems = (self.problem(*entry) for entry in entries)
        return next((problem for problem in problems if problem is not None), None)

    def _arrays(self, got, wanted, name):
        if not isinstance(got, np.ndarray) or got.ndim == 0:
            hint = ": np.array makes one of a list" if isinstance(got, (list, tuple)) else ""
            return f"{name} is {describe(got)}{hint}; it should be an array of shape {wanted.shape}."
        if got.shape != wanted.shape:
            owner = self._shapes if isinstance(self._shapes, str) else self._shapes.get(name)
            return f"{name} has shape {got.shape}; {owner or 'it should'} {'has' if owner else 'have'} {wanted.shape}."
        return self._dtype_problem(got, wanted, name) or self._values(got, wanted, name)

    def _dtype_problem(self, got, wanted, name):
        have, want = got.dtype, wanted.dtype
        if have.kind == want.kind == "f":
            if not self._dtypes or have.itemsize == want.itemsize:
                return None
            problem = f"{name} is {have.name} though {self._dtype or 'the input'} is {want.name}: something"
            if have.itemsize < want.itemsize:
                return f"{problem} rounded it."
            return f"{problem} widened it. At the end, .astype({self._dtype or 'z.dtype'}) gives it that dtype."
        if _family(have) == _family(want) or (not self._dtypes and {have.kind, want.kind} <= set("biuf")):
            return None
        wish = {"integer": "integers", "b": "truth values"}.get(_family(want), want.name)
        return f"{name} holds {have.name}; it should hold {wish}."

    def _numbers(self, got, wanted, name):
        single = isinstance(got, np.ndarray) and got.ndim > 0
        number = isinstance(got, (int, float, complex, np.number, np.ndarray)) and not isinstance(got, (bool, np.bool_))
        if single or not number or (isinstance(got, np.ndarray) and got.dtype.kind == "b"):
            hint = ": take its only entry" if single and got.size == 1 else ""
            return f"{name} is {describe(got)}{hint}; it should be a number."
        if np.iscomplexobj(got) and not np.iscomplexobj(wanted):
            return f"{name} is the complex number {show(got)}; it should be {show(wanted)}."
        got, wanted = np.asarray(_no_huge_int(got)), np.asarray(wanted)
        if got.dtype == np.float16 != wanted.dtype:
            return f"{name} is the float16 number {show(got)}: something rounded it to three digits."
        return self._values(got, wanted, name)

    def _values(self, got, wanted, name):
        if np.array_equal(got, wanted):  # most right answers are, and isclose takes ten times as long
            return None
        rtol, atol = self._tolerance(got.dtype, wanted.dtype)
        # NumPy warns when it subtracts inf from inf, which is no news here.
        with np.errstate(all="ignore"):
            right = np.isclose(got, wanted, rtol=rtol, atol=atol, equal_nan=True)
        if right.all():
            return None
        lost = np.isnan(got) & ~np.isnan(wanted)
        index = tuple(np.argwhere(lost if lost.any() else ~right)[0].tolist())
        entry = f"{name}[{', '.join(map(str, index))}]" if index else name
        is_, should = show_both(got[index], wanted[index])
        if lost.any():
            return f"{entry} is nan (not a number), as 0/0, inf - inf or 0 * inf give it; it should be {should}."
        count = f" ({np.sum(~right)} of {right.size} entries are wrong.)" if np.sum(~right) > 1 else ""
        return f"{entry} is {is_}; it should be {should}.{count}"

    def _tolerance(self, got, wanted):
        rtol = atol = 0.0
        if "f" in (got.kind, wanted.kind):
            rtol, atol = _TOLERANCES[min(wanted.itemsize, 8) if wanted.kind == "f" else 8]
            rtol = max(rtol, _ROUNDING.get(got.itemsize, 0) if got.kind == "f" else 0)
        return (rtol if self._rtol is None else self._rtol), (atol if self._atol is None else self._atol)


def _no_huge_int(number):
    """The number; an int that NumPy has no type for as a float."""
    if type(number) is not int or -(2**63) <= number < 2**63:
        return number
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _family(dtype):
    return "integer" if dtype.kind in "iu" else dtype.kind


def _listed(keys):
    return ", ".join(map(repr, keys))


def _keys(keys):
    return f"the {'key' if len(keys) == 1 else 'keys'} {_listed(keys)}" if keys else "no keys"


def sentence(text):
    """A text as a sentence, with a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else text + "."
