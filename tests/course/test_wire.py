"""The wire: every value comes over as it was, and nothing that a hostile end sends does harm."""

import contextlib
import io
import json
import os
import random
import struct
import threading
import time
import tracemalloc
from collections import Counter, OrderedDict, defaultdict
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlt_nn.grading import streams, wire
from mlt_nn.grading.channel import Channel
from mlt_nn.grading.messages import complaint
from mlt_nn.grading.streams import Ended, Nonsense, Polled, Threaded


def over(value, **hooks):
    """The value after its way over the wire."""
    header, body = wire.take(bytearray(wire.pack(value)))
    return wire.unpack(header, body, **hooks)


def frame(header, body=b""):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return header, body


DTYPES = st.one_of(
    npst.boolean_dtypes(),
    npst.integer_dtypes(endianness="?"),
    npst.unsigned_integer_dtypes(endianness="?"),
    npst.floating_dtypes(endianness="?"),
    npst.complex_number_dtypes(endianness="?"),
)
ARRAYS = DTYPES.flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.complex_numbers(allow_nan=False))
LEAVES = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(), ARRAYS, DTYPES, ARRAYS.filter(np.size).map(lambda a: a.flat[0])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(st.integers(), st.text()), inner, max_size=4),
    ),
    max_leaves=12,
)


def assert_alike(got, sent):
    assert type(got) is type(sent)
    if isinstance(sent, dict):
        assert list(got) == list(sent)
        for key in sent:
            assert_alike(got[key], sent[key])
    elif isinstance(sent, (list, tuple)):
        assert len(got) == len(sent)
        for pair in zip(got, sent, strict=True):
            assert_alike(*pair)
    elif isinstance(sent, (np.ndarray, np.generic)):
        assert got.dtype == sent.dtype
        assert got.shape == sent.shape
        assert got.tobytes() == sent.tobytes()
    elif isinstance(sent, float):
        assert struct.pack("d", got) == struct.pack("d", sent) or (got != got and sent != sent)
    else:
        assert got == sent


@given(VALUES)
def test_a_value_comes_over_as_it_was(value):
    assert_alike(over(value), value)


def test_an_array_that_came_over_can_be_written_to_and_shares_nothing():
    sent = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    got = over(sent)
    got["W"][:] = 1
    assert got["b"].tolist() == [0, 0, 0]
    assert sent["W"].tolist() == [[0, 0, 0], [0, 0, 0]]


def test_a_column_of_a_matrix_comes_over():
    A = np.arange(6.0).reshape(2, 3)
    assert over(A[:, 1]).tolist() == [1, 4]
    assert over(A.T).tolist() == [[0, 3], [1, 4], [2, 5]]


def test_a_random_generator_goes_on_where_it_was():
    rng = np.random.default_rng(3)
    rng.integers(10, dtype=np.int32)  # leaves half a draw in store, which must come over too
    came = []
    got = over(rng, generators=came)
    assert came == [got]
    assert got.integers(10, size=5, dtype=np.int32).tolist() == rng.integers(10, size=5, dtype=np.int32).tolist()


def test_a_function_travels_as_its_number():
    functions = [abs, lambda z: 10 * z]
    header, body = wire.take(bytearray(wire.pack({"g": functions[1]}, export=functions.index)))
    assert wire.unpack(header, body, resolve=functions.__getitem__) == {"g": functions[1]}
    with pytest.raises(wire.WireError, match="a function where none is expected"):
        wire.unpack(header, body)


def test_integer_keys_of_numpy_arrive_as_integers():
    assert over(dict.fromkeys(np.arange(1, 3), "W")) == {1: "W", 2: "W"}


class Pair(NamedTuple):
    Z: int
    A: int


def test_subclasses_of_dict_list_and_tuple_arrive_as_what_they_are():
    sent = OrderedDict(W=Pair(1, 2)), defaultdict(list, b=[1.5]), Counter("ab")
    got = over(sent)
    assert got == ({"W": (1, 2)}, {"b": [1.5]}, {"a": 1, "b": 1})
    assert [type(each) for each in (*got, got[0]["W"])] == [dict, dict, dict, tuple]


class Tensor(np.ndarray):
    pass


class Always(float):
    pass


DEEP: list = []
for _ in range(wire.MAX_DEPTH + 1):
    DEEP = [DEEP]

REFUSED = {
    "a set": ({1, 2}, "type set"),
    "an object": (object(), "type object"),
    "an object array": (np.array([None, "x"]), "dtype object"),
    "an array of text": (np.array(["x"]), "dtype <U1"),
    "a structured array": (np.zeros(2, [("x", float)]), "dtype"),
    "a matrix": (np.ones((2, 2)).view(Tensor), "type Tensor"),
    "a masked array": (np.ma.masked_array([1.0], [True]), "type MaskedArray"),
    "a subclass of float": (Always(1), "type Always"),
    "a generator": ((i for i in range(3)), "type generator"),
    "a range": (range(3), "type range"),
    "a function": (abs, r"type function \(abs\)"),
    "a class": (int, "type type"),
    "bytes": (b"x", "type bytes"),
    "an old random generator": (np.random.Generator(np.random.MT19937(0)), "type Generator"),
    "a key that is a tuple": ({(1, 2): 3}, "key of type tuple"),
    "a key that is a bool": ({True: 3}, "key of type bool"),
    "a deep list": (DEEP, "levels deep"),
    "terabytes": (np.broadcast_to(1.0, (10**6, 10**6)), "too large"),
    "two large arrays": ([np.zeros(2**25, np.int8)] * 3, "too large"),
    "a long list": ([1.5] * 10**6, "too large"),
    "a huge number": (10**5000, "digits"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_sent_is_refused_by_its_type(name):
    value, message = REFUSED[name]
    with pytest.raises(wire.CannotSend, match=message):
        wire.pack([value])


def test_a_list_inside_itself_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(wire.CannotSend, match="levels deep"):
        wire.pack(value)


def state_of(**numbers):
    """The state of a random generator, as it travels, with some numbers in place of its own."""
    inner = {"state": 1, "inc": 1} | numbers
    state = {"bit_generator": "PCG64", "state": ["dict", *inner.items()], "has_uint32": 0, "uinteger": 0}
    return ["dict", *state.items()]


HOSTILE = {
    "no JSON": frame(b"{]"),
    "not UTF-8": frame(b"\xff\xfe"),
    "an object": frame({"call": 1}),
    "an unknown tag": frame(["pickle", "x"]),
    "a tag that is no text": frame([7, 1]),
    "an empty list": frame([]),
    "deep nesting that JSON can hold": frame(b'["list",' * 50 + b"1" + b"]" * 50),
    "deep nesting that JSON cannot hold": frame(b"[" * 200_000),
    "a number of 5,000 digits": frame(b"1" * 5000),
    "an array without bytes": frame(["array", "<f8", 3], b"12345678"),
    "bytes without an array": frame(["list"], b"12345678"),
    "half an entry": frame(["array", "<f8", 1], b"1234"),
    "a negative side": frame(["array", "<f8", -1], b"12345678"),
    "a side that is a bool": frame(["array", "<f8", True], b"12345678"),
    "a shape that is a bomb": frame(["array", "<f8", 0, 2**40]),
    "sides that overflow": frame(["array", "<f8", 2**40, 2**40]),
    "too many sides": frame(["array", "|b1", *[1] * 100], b"1"),
    "an array of objects": frame(["array", "|O", 1], b"12345678"),
    "an array of records": frame(["array", "f8,f8", 1], bytes(16)),
    "an array of rows": frame(["array", "(2,)f8", 1], bytes(16)),
    "a dtype that is no text": frame(["array", ["<f8"], 1], b"12345678"),
    "an unknown dtype": frame(["dtype", "no such"]),
    "a dict with a list as key": frame(["dict", [["list"], 1]]),
    "a dict with half a pair": frame(["dict", [1]]),
    "a random generator without a state": frame(["generator", 1]),
    "another random generator": frame(["generator", ["dict", ["bit_generator", "MT19937"], ["state", 1]]]),
    "half a complex number": frame(["complex", "x", 1]),
    "a function": frame(["function", 0]),
    "an array of arrays of records": frame(["array", "(1,,2)f8,f8", 1], bytes(16)),
    "an array of dates": frame(["array", "<M8[s]", 1], bytes(8)),
    "a dtype by a name": frame(["array", "float64", 1], bytes(8)),
    "a scalar of text": frame(["scalar", "<U2"], bytes(8)),
    "a key twice": frame(["dict", ["a", 1], ["a", 2]]),
    "a key that is a bool": frame(["dict", [True, 1]]),
    "a pair that is a text": frame(["dict", "ab"]),
    "a complex number of ints": frame(["complex", 1, 2]),
    "a complex number of bools": frame(["complex", True, False]),
    "an array where a dtype is expected": frame(["dtype", ["array", "<f8", 1]], bytes(8)),
    "a random generator of floats": frame(["generator", state_of(state=1.5)]),
    "a random generator with a large number": frame(["generator", state_of(state=2**128)]),
    "a random generator with a negative number": frame(["generator", state_of(inc=-1)]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_senseless_frame_is_an_error_of_the_wire(name):
    with pytest.raises(wire.WireError):
        wire.unpack(*HOSTILE[name])


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_no_frame_raises_anything_else(header, body):
    with contextlib.suppress(wire.WireError):
        wire.unpack(header, body)


TREES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.sampled_from(["<f8", "|b1"])
    ),
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from(["list", "tuple", "dict", "array", "scalar", "dtype", "generator", "complex"]), inner, inner
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(TREES, st.binary(max_size=16))
def test_no_tree_raises_anything_else(tree, body):
    with contextlib.suppress(wire.WireError):
        wire.unpack(json.dumps(tree).encode(), body)


def test_a_function_goes_by_a_number_or_a_name():
    for reference in (["array", "<f8", 1], 1.0, None, True):
        with pytest.raises(wire.WireError, match="neither a number nor a name"):
            wire.unpack(*frame(["function", reference], bytes(8)), resolve=abs)


SEED = 14
VALID = [
    {"answer": "0123456789abcdef", "generators": [np.random.default_rng(1)], "result": np.arange(6.0).reshape(2, 3)},
    {"call": "0123456789abcdef", "function": 3, "args": (1.5, np.float32(2), 1 + 2j), "kwargs": {"axis": None}},
    {"error": {"type": "ValueError", "message": "no", "place": {"module": "neuron", "line": 3}}, "printed": "x" * 40},
    [np.zeros((0, 3)), np.dtype("int8"), np.float64, {1: np.ones(2, bool), 2: np.array([1j])}, abs, (True, -(2**70))],
]
PARTS = [None, True, 0, -1, 2**40, 10**4000, 1.5, float("nan"), "", "<f8", "|O", "(1,,2)f8,f8", "list", "array", "dict"]


def mutated(tree, draw):
    """The tree with one part in place of another, or gone, or there twice."""
    if isinstance(tree, list) and tree and draw.random() < 0.8:
        position = draw.randrange(len(tree))
        return [*tree[:position], mutated(tree[position], draw), *tree[position + 1 :]]
    part = draw.choice([*PARTS, ["list"], ["array", "<f8", 2**30], ["array", "|b1", *[1] * 70]])
    return draw.choice([part, [part, tree], [tree, tree], [*tree, part] if isinstance(tree, list) else part])


def with_other_bytes(data, draw):
    """The bytes with a few of them changed, lost or there twice."""
    data = bytearray(data)
    for _ in range(draw.randint(1, 3)):
        start = draw.randrange(len(data) + 1)
        end = min(len(data), start + draw.randint(0, 8))
        data[start:end] = draw.choice([b"", bytes(data[start:end]) * 2, draw.randbytes(end - start), b"[", b"1" * 30])
    return bytes(data)


def test_no_mutant_of_a_frame_does_more_than_be_refused():
    """Whatever a hostile end makes of a valid frame: it is refused, in little time and memory, or is a value."""
    draw = random.Random(SEED)
    refused, start = 0, time.process_time()
    tracemalloc.start()
    for _ in range(4000):
        header, body = wire.take(bytearray(wire.pack(draw.choice(VALID), export=lambda function: 0)))
        if draw.random() < 0.7:
            header = json.dumps(mutated(json.loads(header), draw)).encode()
        if draw.random() < 0.4:
            header = with_other_bytes(header, draw)
        if draw.random() < 0.3:
            body = with_other_bytes(body, draw)
        try:
            value = wire.unpack(header, body, resolve=lambda reference: abs)
        except wire.WireError:
            refused += 1
            continue
        assert isinstance(complaint(value), str)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 1000 < refused < 4000
    assert most < 10_000_000
    assert time.process_time() - start < 60


GOOD = {"answer": "0123", "generators": [], "printed": "", "warnings": []}
PLACE = {"module": "neuron", "line": 3, "source": "x", "function": "neuron"}


def test_messages_of_ours_are_none_to_complain_about():
    error = {"type": "ValueError", "message": "no", "place": PLACE | {"caller": PLACE}}
    for message in (
        GOOD | {"result": 1, "args": [1], "kwargs": {"z": 1}, "names": ["z"]},
        GOOD | {"error": error | {"place": None}},
        GOOD | {"error": error, "warnings": [error]},
        {"answer": "0123", "generators": [], "error": {"type": "ValueError", "message": "no"}},
        {"call": "0123", "function": 0, "args": (1, 2), "kwargs": {}},
        {"call": "0123", "function": "neuron.neuron", "args": [], "kwargs": {"z": 1}, "observe": True, "patience": 1.5},
        {"call": "0123", "given": {"neuron": ""}, "patience": 1.5},
        {"call": "0123", "arrange": "neuron.neuron", "seed": 0, "patience": 1.5},
        {"ready": True},
    ):
        assert complaint(message) == ""


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ([], "what is no message"),
        ({"call": 7}, "a call without a name"),
        ({"call": "0", "function": 1.0}, "a call that makes no sense"),
        ({"call": "0", "function": True}, "a call that makes no sense"),
        ({"call": "0", "args": np.ones(3)}, "a call that makes no sense"),
        ({"call": "0", "args": np.zeros((0, 2**26))}, "a call that makes no sense"),
        ({"call": "0", "args": (1,) * 1001}, "a call that makes no sense"),
        ({"call": "0", "kwargs": np.ones((3, 2))}, "a call that makes no sense"),
        ({"call": "0", "kwargs": [("a", 1)]}, "a call that makes no sense"),
        ({"call": "0", "kwargs": {1: 2}}, "a call that makes no sense"),
        ({"call": "0", "points": 76}, "a call that makes no sense"),
        ({1: 2}, "an answer that makes no sense"),
        (GOOD | {"printed": np.array(True)}, "an answer that makes no sense"),
        (GOOD | {"warnings": {}}, "an answer that makes no sense"),
        (GOOD | {"warnings": [{"type": "W"}]}, "an answer that makes no sense"),
        (GOOD | {"names": "abc"}, "an answer that makes no sense"),
        (GOOD | {"error": {"type": "E", "message": "", "place": PLACE | {"line": True}}}, "an answer that makes"),
        (GOOD | {"error": {"type": "E", "message": "", "place": PLACE | {"line": 10**9}}}, "an answer that makes"),
        (GOOD | {"error": {"type": "E", "message": "", "place": PLACE | {"caller": [1]}}}, "an answer that makes"),
        (GOOD | {"error": {"type": "E", "message": "", "place": None, "points": 1}}, "an answer that makes no sense"),
        (GOOD | {"error": "no"}, "an answer that makes no sense"),
    ],
)
def test_a_message_with_a_wrong_field_is_refused(message, words):
    assert words in complaint(message)


def test_a_whole_stream_is_read_frame_by_frame():
    frames = Threaded(io.BytesIO(wire.pack(1) + wire.pack([2])), io.BytesIO())
    assert [wire.unpack(*frames.receive()), wire.unpack(*frames.receive())] == [1, [2]]
    with pytest.raises(Ended, match="the stream has ended"):
        frames.receive()


@given(st.integers(min_value=1, max_value=50))
def test_a_torn_frame_is_an_error(missing):
    whole = wire.pack({"A": np.arange(5.0)})
    with pytest.raises(Nonsense, match="ended inside a frame"):
        Threaded(io.BytesIO(whole[:-missing]), io.BytesIO()).receive()


@pytest.mark.parametrize("lengths", [(wire.MAX_HEADER + 1, 0), (2, wire.MAX_BODY + 1), (2**32 - 1, 2**32 - 1)])
def test_an_oversize_frame_is_refused_before_it_is_read(lengths):
    with pytest.raises(Nonsense, match="too large"):
        Threaded(io.BytesIO(struct.pack(">II", *lengths)), io.BytesIO()).receive()


def answered(*messages):
    """What `ask` returns or raises when the other end has sent these messages ahead."""
    channel = Channel(Threaded(io.BytesIO(b"".join(map(wire.pack, messages))), io.BytesIO()))
    return channel.ask({"function": 0}, serve=lambda call: None)


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ({"answer": "0123456789abcdef", "generators": []}, "an answer to another call"),
        ({"result": 1.0}, "an answer to another call"),
        ([1, 2], "no message"),
    ],
)
def test_an_answer_sent_ahead_is_not_taken(message, complaint):
    with pytest.raises(Nonsense, match=complaint):
        answered(message)


def test_an_answer_with_other_generators_is_not_taken(monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda size: "known")
    assert answered({"answer": "known", "generators": [], "result": 1})["result"] == 1
    for generators in (None, [np.random.default_rng(0)], [1]):
        with pytest.raises(Nonsense, match="other random generators"):
            answered({"answer": "known", "generators": generators})


class Endless:
    """The stream of an end that sends messages without end."""

    def __init__(self):
        self.frames = 0
        self._frame = io.BytesIO()

    def read1(self, size):
        if self._frame.tell() == len(self._frame.getvalue()):
            self._frame = io.BytesIO(wire.pack({"answer": "x"}))
            self.frames += 1
        return self._frame.read(size)

    def close(self):
        pass


def test_frames_that_nobody_waits_for_stay_in_the_pipe():
    stream = Endless()
    frames = Threaded(stream, io.BytesIO())
    for _ in range(1000):
        frames.receive()
    # Four in the queue, one in the hand of the reading thread.
    assert stream.frames <= 1000 + 5
    frames.close()
    assert not frames._threads[0].is_alive()


@pytest.fixture
def pipes():
    """A Polled, and the two ends that the worker would have."""
    if os.name == "nt":
        pytest.skip("not on Windows")
    reader, their_writer = os.pipe()
    their_reader, writer = os.pipe()
    with open(their_writer, "wb", buffering=0) as theirs_out, open(their_reader, "rb", buffering=0) as theirs_in:
        frames = Polled(open(reader, "rb"), open(writer, "wb"))  # noqa: SIM115
        yield frames, theirs_in, theirs_out
        frames.close()


def test_polled_frames_come_whole_however_they_are_cut(pipes):
    frames, _, out = pipes
    data = wire.pack({"A": np.arange(6.0)}) + wire.pack("second")
    for byte in data[:-1]:
        out.write(bytes([byte]))
    assert wire.unpack(*frames.receive())["A"].tolist() == [0, 1, 2, 3, 4, 5]
    with pytest.raises(TimeoutError):
        frames.receive(deadline=0)
    out.write(data[-1:])
    assert wire.unpack(*frames.receive()) == "second"


def test_a_frame_of_which_there_is_always_a_little_more_has_its_deadline_too(tmp_path):
    if os.name == "nt":
        pytest.skip("not on Windows")
    # A file always has more, unlike a pipe, whose other end may be a moment late.
    (tmp_path / "drips").write_bytes(struct.pack(">II", 0, 2**20) + bytes(2**19))
    frames = Polled((tmp_path / "drips").open("rb"), (tmp_path / "out").open("wb"))
    with pytest.raises(TimeoutError):
        frames.receive(deadline=0)
    frames.close()


def test_polled_frames_larger_than_a_pipe_go_out_while_we_wait(pipes):
    frames, incoming, out = pipes
    frame = wire.pack(np.zeros(10**6))

    def other_end():
        size = len(frame)
        while size:
            size -= len(incoming.read(size))
        out.write(wire.pack("all of it"))

    frames.send(frame)
    thread = threading.Thread(target=other_end)
    thread.start()
    assert wire.unpack(*frames.receive()) == "all of it"
    thread.join()


def test_an_end_that_does_not_read_does_not_hold_up_polled(pipes):
    frames, _, _ = pipes
    for _ in range(3):
        frames.send(wire.pack(np.zeros(10**6)))
    with pytest.raises(TimeoutError):
        frames.receive(deadline=0)


def test_an_end_that_does_not_read_does_not_fill_our_memory(pipes, monkeypatch):
    frames, _, _ = pipes
    monkeypatch.setattr(streams, "MAX_UNSENT", 10**7)
    frames.send(wire.pack(np.zeros(10**6)))
    with pytest.raises(Nonsense, match="does not read"):
        frames.send(wire.pack(np.zeros(10**6)))


def test_polled_tells_how_the_other_end_ended(pipes):
    frames, incoming, out = pipes
    incoming.close()
    frames.send(wire.pack("lost"))
    out.write(wire.pack("last words") + b"\0")
    out.close()
    assert wire.unpack(*frames.receive()) == "last words"
    with pytest.raises(Nonsense, match="inside a frame"):
        frames.receive()


def test_polled_tells_that_the_other_end_is_gone(pipes):
    frames, _, out = pipes
    out.close()
    with pytest.raises(Ended):
        frames.receive()


def test_polled_refuses_an_oversize_frame_before_it_is_read(pipes):
    frames, _, out = pipes
    out.write(struct.pack(">II", 2, wire.MAX_BODY + 1))
    with pytest.raises(Nonsense, match="too large"):
        frames.receive()
