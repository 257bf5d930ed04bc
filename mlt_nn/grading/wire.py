"""What crosses the pipe between the grader and a worker: plain values in length-prefixed frames, never pickle.

A frame is eight bytes (the lengths of header and body, big-endian), the header (JSON) and the body (the entries of all
arrays, one after the other). Whoever reads a frame trusts nothing in it: it may come from a student's code.
"""

import json
import math
import struct

import numpy as np

MAX_HEADER = 2**20
MAX_BODY = 2**26
MAX_DEPTH = 20
# A dict has an entry for each layer or module; ints can be chosen so that a dict of many takes minutes to make.
MAX_KEYS = 1_000
MAX_SIDES = 64
# Of an int: as many as Python writes in decimal digits.
MAX_BITS = 14_285

_LENGTHS = struct.Struct(">II")
_KINDS = "biufc"
_AS_THEY_ARE = frozenset((type(None), bool, int, float, str))
# Made once: json.dumps would make one for every frame. Nothing needs to be watched for circles: MAX_DEPTH ends them.
_TO_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class WireError(Exception):
    """A frame that is not one of ours: torn, oversize or senseless."""


class CannotSend(TypeError):  # noqa: N818
    """A value that has no place on the wire; the message names its type.

    `what` is the value in words, and `type` the name of its type, unless it is only too large.
    """

    def __init__(self, message, what="", type=""):
        super().__init__(message)
        self.what, self.type = what, type


def pack(value, export=None, generators=None):
    """The frame of a value.

    Arguments:
        value: None, a bool, int, float, complex or str; a NumPy scalar or array of kind b, i, u, f or c, or such a
            dtype; a random generator of np.random.default_rng; a tuple, list or dict (int or str keys) of these, or a
            subclass, which arrives as what it is one of; a function, with `export`.
        export: a function that gives a function its number or name, or None: then functions are not sent.
        generators: a list that collects the random generators of the value, in their order.

    Returns:
        bytes.

    Raises:
        CannotSend: for any other type, also a subclass of a number or an array, and for what is too large or nested
            too deeply.

    >>> header, body = take(bytearray(pack({"A": np.array([[0.25, 0.75]])})))
    >>> unpack(header, body)
    {'A': array([[0.25, 0.75]])}
    """
    encoder = _Encoder(export, generators)
    try:
        header = _TO_JSON(encoder.encode(value, 0)).encode()
        size = sum(map(len, encoder.parts))
        if len(header) > MAX_HEADER or size > MAX_BODY:
            raise CannotSend(f"it is too large: arrays may have {MAX_BODY >> 20} MB in all")
        return b"".join([_LENGTHS.pack(len(header), size), header, *encoder.parts])
    except ValueError as error:  # an int of thousands of digits
        raise CannotSend(str(error)) from None
    except MemoryError:
        raise CannotSend("it is too large for the memory that is left") from None


def unpack(header, body, resolve=None, generators=None):
    """The value of a frame.

    Arguments:
        header, body: bytes, as `take` gave them.
        resolve: gives the function to a number, or None: then a frame with a function is senseless.
        generators: a list that collects the random generators of the value, in their order.

    Raises:
        WireError: when the frame makes no sense.
    """
    decoder = _Decoder(body, resolve, generators)
    try:
        value = decoder.decode(json.loads(header.decode()), 0)
    except WireError:
        raise
    except Exception as error:  # whatever else goes wrong in here was caused by what the other side sent
        raise WireError(f"the frame makes no sense: {type(error).__name__}") from error
    if decoder.position != len(body):
        raise WireError("the body is longer than its arrays")
    return value


def take(received):
    """Take the first frame off a bytearray, as (header, body); None when it is not all there yet.

    Raises:
        WireError: when a length is out of bounds.
    """
    if len(received) < _LENGTHS.size:
        return None
    header_size, body_size = _LENGTHS.unpack_from(received)
    if header_size > MAX_HEADER or body_size > MAX_BODY:
        raise WireError(f"a frame of {header_size} + {body_size} bytes is too large")
    start = _LENGTHS.size + header_size
    end = start + body_size
    if len(received) < end:
        return None
    frame = bytes(received[_LENGTHS.size : start]), bytes(received[start:end])
    del received[:end]
    return frame


# In the header None, bools, numbers and strings stand for themselves; anything else is a list that begins with its tag.


class _Encoder:
    def __init__(self, export, generators):
        self.parts: list[bytes] = []
        self._export = export
        self._generators = generators

    def encode(self, value, depth):
        if depth > MAX_DEPTH:
            raise CannotSend(f"it is nested more than {MAX_DEPTH} levels deep")
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind is np.ndarray or isinstance(value, np.generic):
            return self._array(value)
        if kind is complex:
            return ["complex", value.real, value.imag]
        # An OrderedDict is a dict, and a namedtuple a tuple.
        if isinstance(value, (list, tuple)):
            return ["list" if isinstance(value, list) else "tuple", *[self.encode(each, depth + 1) for each in value]]
        if isinstance(value, dict):
            if len(value) > MAX_KEYS:
                raise _of_no_use(f"a dict with {len(value)} keys", value)
            return ["dict", *[[_key(key), self.encode(entry, depth + 1)] for key, entry in value.items()]]
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            if self._generators is not None:
                self._generators.append(value)
            return ["generator", self.encode(value.bit_generator.state, depth + 1)]
        if isinstance(value, np.dtype) and value.kind in _KINDS:
            return ["dtype", value.str]
        if isinstance(value, type) and issubclass(value, np.generic) and np.dtype(value).kind in _KINDS:
            return ["scalar type", np.dtype(value).str]
        if self._export is not None and callable(value):
            return ["function", self._export(value)]
        raise _of_no_use(f"a value of type {_type_name(value)}", value)

    def _array(self, value):
        if value.dtype.kind not in _KINDS:
            raise _of_no_use(f"a NumPy value with dtype {value.dtype}", value)
        if value.nbytes > MAX_BODY:  # asked first: a broadcast array of terabytes exists, its bytes do not
            raise CannotSend(
                f"an array of shape {value.shape} is too large: arrays may have {MAX_BODY >> 20} MB in all"
            )
        self.parts.append(value.tobytes())
        if type(value) is np.ndarray:
            return ["array", value.dtype.str, *value.shape]
        return ["scalar", value.dtype.str]


def _key(key):
    if isinstance(key, np.integer):  # `for l in np.arange(1, L + 1)` makes such keys, and they equal the ints
        return int(key)
    if type(key) not in (int, str):
        raise _of_no_use(f"a dict with a key of type {_type_name(key)}", key)
    return key


def _of_no_use(what, value):
    return CannotSend(f"{what} cannot be sent", what, _type_name(value))


def _type_name(value):
    if callable(value) and hasattr(value, "__name__") and not isinstance(value, type):
        return f"function ({value.__name__})"
    return type(value).__qualname__


# By the exact word: np.dtype itself would take words for records, rows and dates too.
_DTYPES = {
    word: np.dtype(word) for code in "?bhilqBHILQefdgFDG" for order in "<>" if (word := np.dtype(order + code).str)
}


class _Decoder:
    def __init__(self, body, resolve, generators):
        self.body = body
        self.position = 0
        self._resolve = resolve
        self._generators = generators

    def decode(self, tree, depth):
        if depth > MAX_DEPTH:
            raise WireError("the frame is nested too deeply")
        kind = type(tree)
        if kind is int and tree.bit_length() > MAX_BITS:
            raise WireError("a number has too many digits")
        if kind is dict:
            raise WireError("an object in the header")
        if kind is not list:
            return tree
        tag, *entries = tree
        depth += 1
        match tag:
            case "list":
                return [self.decode(entry, depth) for entry in entries]
            case "tuple":
                return tuple([self.decode(entry, depth) for entry in entries])
            case "dict":
                return self._dict(entries, depth)
            case "complex":
                real, imaginary = entries
                return complex(_exactly(float, real), _exactly(float, imaginary))
            case "array":
                name, *shape = entries
                return self._array(_dtype(name), shape)
            case "scalar":
                return self._take(_dtype(*entries), 1)[0]
            case "dtype":
                return _dtype(*entries)
            case "scalar type":
                return _dtype(*entries).type
            case "generator":
                (state,) = entries
                return self._generator(_state(self.decode(state, depth)))
            case "function":
                return self._function(*entries)
        raise KeyError(tag)

    def _dict(self, entries, depth):
        if len(entries) > MAX_KEYS:
            raise WireError("a dict has too many keys")
        value = {}
        for pair in entries:
            key, entry = _exactly(list, pair)
            if type(key) is not int and type(key) is not str:
                raise WireError("a key that is neither int nor str")
            value[self.decode(key, depth)] = self.decode(entry, depth)
        if len(value) < len(entries):
            raise WireError("a key stands in a dict twice")
        return value

    def _array(self, dtype, shape):
        if len(shape) > MAX_SIDES:
            raise WireError("an array has too many sides")
        # An array with a side of 0 has no bytes whatever its other sides are; they are bounded all the same, because
        # a sum along the empty side would make an array of their size.
        bound = dtype.itemsize
        for side in shape:
            if type(side) is not int or side < 0:
                raise WireError("a side of an array is not a natural number")
            bound *= side or 1
            if bound > MAX_BODY:
                raise WireError("an array is too large")
        return self._take(dtype, math.prod(shape)).reshape(shape)

    def _take(self, dtype, count):
        # A copy, since an array that looks into the frame would be read-only and could lie at an odd address.
        array = np.frombuffer(self.body, dtype, count, self.position).copy() if count else np.empty(0, dtype)
        self.position += array.nbytes
        return array

    def _generator(self, state):
        bit_generator = np.random.PCG64(0)
        bit_generator.state = state
        generator = np.random.Generator(bit_generator)
        if self._generators is not None:
            self._generators.append(generator)
        return generator

    def _function(self, reference):
        if self._resolve is None:
            raise WireError("a function where none is expected")
        if type(reference) is not int and type(reference) is not str:
            raise WireError("a function that is neither a number nor a name")
        return self._resolve(reference)


def _exactly(kind, value):
    if type(value) is not kind:
        raise WireError(f"a {type(value).__name__} where a {kind.__name__} is expected")
    return value


def _dtype(name):
    if _exactly(str, name) not in _DTYPES:
        raise WireError("a dtype that no array on the wire has")
    return _DTYPES[name]


def _state(state):
    """The state of a random generator; its setter would take floats, and numbers without end."""
    numbers = state["state"]
    if set(state) != {"bit_generator", "state", "has_uint32", "uinteger"} or set(numbers) != {"state", "inc"}:
        raise WireError("no state of a random generator")
    bounds = (numbers["state"], 128), (numbers["inc"], 128), (state["has_uint32"], 1), (state["uinteger"], 32)
    if not all(type(number) is int and 0 <= number < 2**bits for number, bits in bounds):
        raise WireError("no state of a random generator")
    return state
