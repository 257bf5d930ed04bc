"""The student's functions in their own process: called, called back, observed, and ended whatever they do."""

import gc
import os
import socket
import subprocess
import sys
import textwrap
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest

from mlt_nn.grading import wire
from mlt_nn.grading.channel import Channel
from mlt_nn.grading.process import Launched, launch
from mlt_nn.grading.results import Place
from mlt_nn.grading.student import Died, NotWritten, Student, StudentError, TimedOut
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

pytestmark = pytest.mark.thorough

Z = np.array([[1.0, -2.0, 3.0]])


@pytest.fixture
def student_of(tmp_path):
    """A Student with these texts as exercise modules: student_of(activations="...")."""
    students = []

    def make(deadline=60.0, **modules):
        for module, text in modules.items():
            (tmp_path / f"{module}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        students.append(Student(tmp_path, deadline))
        return students[-1]

    yield make
    for student in students:
        student.close()


@pytest.fixture
def relu_of(student_of):
    """The same for the body of relu(z) alone."""

    def make(body, **options):
        text = "import numpy as np\n\ndef relu(z):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        return student_of(activations=text, **options).activations.relu

    return make


# Calls and what comes back


def test_a_call_returns_what_the_function_returns(relu_of):
    got = relu_of("return np.maximum(z, 0)")(Z)
    assert got.tolist() == [[1, 0, 3]]
    assert got.dtype == np.float64


def test_positional_and_named_arguments_arrive(student_of):
    student = student_of(network="def initialize(sizes, rng, dtype=None):\n    return sizes, rng, dtype")
    assert student.network.initialize((2, 3), 7, dtype=np.float32) == ((2, 3), 7, np.float32)
    assert student.network.initialize(rng=1, sizes=[2]) == ([2], 1, None)


def test_the_module_is_loaded_once_and_read_anew_by_the_next_worker(student_of):
    def text(value):
        head = "loads = []\nloads.append(1)\n"
        return head + f"def tanh(z):\n    return ({value}, len(loads))\ndef relu(z):\n    return tanh(z)"

    student = student_of(activations=text(1))
    assert (student.activations.tanh(0), student.activations.relu(0)) == ((1, 1), (1, 1))
    # The same number of characters within the same second, which Python's bytecode cache could not tell apart.
    assert student_of(activations=text(2)).activations.tanh(0) == (2, 1)


def test_an_earlier_module_of_the_student_is_used(student_of):
    student = student_of(
        activations="def sigmoid(z):\n    return 7.0",
        network="from mlt_nn.activations import sigmoid\ndef predict(Y_hat):\n    return sigmoid(Y_hat)",
    )
    assert student.network.predict(Z) == 7.0


def test_only_exercises_can_be_asked_for(student_of):
    student = student_of()
    with pytest.raises(AttributeError, match="no exercise module 'os'"):
        _ = student.os
    with pytest.raises(AttributeError, match=r"no exercise 'activations\.softplus'"):
        _ = student.activations.softplus


# Functions as arguments


def test_a_function_of_the_check_is_called_back(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a * w) + g(z=b)")
    seen = []

    def g(z):
        seen.append(z)
        return 10 * z

    assert student.neuron.neuron(2.0, 3.0, 1.0, g) == 70.0
    assert seen == [6.0, 1.0]


def test_a_function_of_the_student_as_an_argument_stays_in_the_worker(student_of):
    student = student_of(
        neuron="def neuron(a, w, b, g):\n    return g(a)", activations="def relu(z):\n    return [z, z]"
    )
    assert student.neuron.neuron(2.0, 3.0, 1.0, student.activations.relu) == [2.0, 2.0]


def test_functions_of_the_check_are_not_given_without_end_what_they_may_keep(student_of):
    text = """
    import numpy as np

    def neuron(a, w, b, g):
        for _ in range(a):
            g(np.ones(10_000))
    """
    student, kept = student_of(neuron=text), []
    for _ in range(2):
        student.neuron.neuron(150, 0, 0, kept.append)
    assert len(kept) == 300
    with pytest.raises(Died, match="more to the functions of the check than can be kept"):
        student.neuron.neuron(10**6, 0, 0, kept.append)
    assert len(kept) < 600


def test_a_callback_inside_a_callback(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a) + 1")

    def down(a):
        return 0 if a == 0 else student.neuron.neuron(a - 1, 0, 0, down)

    assert student.neuron.neuron(5, 0, 0, down) == 6


def test_callbacks_without_end_are_stopped(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a)")

    def forever(a):
        return student.neuron.neuron(a, 0, 0, forever)

    with pytest.raises(StudentError, match=r"wait for each other") as caught:
        forever(1)
    assert caught.value.type == "RecursionError"
    assert student.neuron.neuron(1, 0, 0, abs) == 1


def test_what_a_callback_raises_reaches_the_student_as_the_same_builtin_exception(student_of):
    student = student_of(
        neuron="""
        def neuron(a, w, b, g):
            try:
                return g(a)
            except ValueError as error:
                return f"caught: {error}"
        """
    )

    def g(a):
        raise ValueError("only positive numbers")

    assert student.neuron.neuron(1, 2, 3, g) == "caught: only positive numbers"


def test_a_callback_that_the_student_calls_wrongly_is_an_error_in_their_line(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a, w)")
    with pytest.raises(StudentError, match="TypeError") as caught:
        student.neuron.neuron(1, 2, 3, lambda z: z)
    assert caught.value.place == Place("neuron", 2, "return g(a, w)", "neuron")


def test_the_verdict_of_an_assert_in_a_callback_cannot_be_swallowed(student_of):
    student = student_of(
        neuron="""
        def neuron(a, w, b, g):
            try:
                g(a)
            except BaseException:
                pass
            return 1
        """
    )

    def g(z):
        raise AssertionError("z is 1; it should be 2")

    with pytest.raises(AssertionError, match="it should be 2"):
        student.neuron.neuron(1, 2, 3, g)
    assert student.neuron.neuron(1, 2, 3, abs) == 1


# What else a call does


def test_a_change_in_place_is_seen_and_does_not_reach_the_check(relu_of):
    seen = relu_of("z[z < 0] = 0\nreturn z").observe(Z)
    assert seen.args[0].tolist() == [[1, 0, 3]]
    assert seen.names == ["z"]
    assert Z.tolist() == [[1, -2, 3]]


def test_named_arguments_and_functions_are_observed_too(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    w[0] = g(5)\n    return b")
    seen = student.neuron.neuron.observe(1, g=abs, b=2, w=[0])
    assert (seen.result, seen.args, seen.kwargs["w"], seen.kwargs["b"]) == (2, [1], [5], 2)


def test_a_random_generator_moves_on_as_if_the_call_had_been_local(student_of):
    student = student_of(
        regularization="""
        def dropout_mask(size, rng):
            if size < 0:
                rng.normal()
                raise ValueError
            return rng.random(size)
        """
    )
    rng, local = np.random.default_rng(5), np.random.default_rng(5)
    assert student.regularization.dropout_mask(3, rng).tolist() == local.random(3).tolist()
    assert student.regularization.dropout_mask(2, rng=rng).tolist() == local.random(2).tolist()
    with pytest.raises(StudentError):
        student.regularization.dropout_mask(-1, rng)
    local.normal()
    assert rng.random() == local.random()


def test_every_warning_of_a_call_is_told_with_its_line(relu_of):
    relu = relu_of("a = np.exp(z)\nfor _ in range(2):\n    z / 0.0\nreturn a")
    for _ in range(2):  # by default Python would tell each only once
        warnings = relu.observe(np.array([1000.0])).warnings
        assert [(each.type, each.message) for each in warnings] == [
            ("RuntimeWarning", "overflow encountered in exp"),
            ("RuntimeWarning", "divide by zero encountered in divide"),
            ("RuntimeWarning", "divide by zero encountered in divide"),
        ]
        assert [each.place.line for each in warnings] == [4, 6, 6]
        assert warnings[0].place.source == "a = np.exp(z)"


def test_a_flood_of_warnings_is_cut(relu_of):
    assert len(relu_of("for _ in range(10_000):\n    z / 0.0\nreturn z").observe(np.array([1.0])).warnings) == 100


def test_what_is_printed_is_told_and_does_not_disturb_the_wire(relu_of):
    relu = relu_of('import sys, os\nprint("z is", z)\nprint("oh", file=sys.stderr)\nos.write(1, b"low")\nreturn 1')
    assert (relu(2.5), relu._student.fetch_printed()) == (1, "z is 2.5\noh\n")
    assert (relu(3.5), relu._student.fetch_printed()) == (1, "z is 3.5\noh\n")


def test_a_megabyte_of_prints_is_cut(relu_of):
    relu = relu_of('print("x" * 1_000_000)\nreturn 1')
    assert relu(0) == 1
    assert relu._student.fetch_printed() == "x" * 10_000 + "\n... and 990001 more characters"


def test_reading_from_the_keyboard_is_an_error_and_not_a_hang(relu_of):
    with pytest.raises(StudentError, match="EOFError"):
        relu_of('return input("z?")')(0)


# Errors


def test_an_exception_names_the_line_in_the_student_s_own_file(relu_of):
    relu = relu_of("print('here')\nreturn np.ones(2) @ np.ones(3)")
    with pytest.raises(StudentError) as caught:
        relu(0)
    error = caught.value
    assert (error.name, error.type) == ("activations.relu", "ValueError")
    assert relu._student.fetch_printed() == "here\n"
    assert "matmul" in error.message
    assert error.place == Place("activations", 5, "return np.ones(2) @ np.ones(3)", "relu")
    assert str(error).startswith("relu raised ValueError: matmul")


def test_a_call_that_does_not_fit_names_the_line_of_the_definition(relu_of):
    with pytest.raises(StudentError, match="positional argument") as caught:
        relu_of("return z")(1, 2)
    assert caught.value.place == Place("activations", 3, "def relu(z):", "relu")


def test_a_stub_is_not_written(student_of):
    student = student_of(activations='def relu(z):\n    raise NotImplementedError("relu is yours to write")')
    with pytest.raises(NotWritten, match=r"^relu is yours to write$") as caught:
        student.activations.relu(0)
    assert caught.value.place.function == "relu"


@pytest.mark.parametrize("text", ["def other(z):\n    return z", "relu = 3"])
def test_a_function_that_is_gone_is_told(student_of, text):
    with pytest.raises(StudentError, match=r"mlt_nn/activations\.py has no function relu \(has it another name\?\)"):
        student_of(activations=text).activations.relu(0)


def test_a_syntax_error_is_told_with_its_line_also_from_another_file(student_of):
    student = student_of(
        activations="def relu(z)\n    return z",
        network="from mlt_nn.activations import relu\ndef predict(Y_hat):\n    return 1",
    )
    for function in (student.activations.relu, student.network.predict):
        with pytest.raises(
            StudentError, match=r"mlt_nn/activations\.py cannot be read: line 1: expected ':'"
        ) as caught:
            function(0)
        assert caught.value.place == Place("activations", 1, "def relu(z)", "")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("return {1, 2}", "a value of type set"),
        ("return (z, relu)", r"a value of type function \(relu\)"),
        ("return np.array([None])", "dtype object"),
        ("return np.ma.masked_array([1.0])", "type MaskedArray"),
        ("return np.broadcast_to(1.0, (10**6, 10**6))", "too large"),
    ],
)
def test_a_result_that_cannot_be_sent_is_told_by_its_type(relu_of, body, complaint):
    relu = relu_of(body)
    with pytest.raises(StudentError, match=f"^relu returned .*{complaint}.*"):
        relu(0)


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return relu(z)", "RecursionError"),
        ("return np.ones((10**7, 10**7, 10**3))", "MemoryError"),
        ("class Mute(Exception):\n    def __str__(self):\n        raise ValueError\nraise Mute", "Mute"),
        ("raise ValueError('x' * 10**7)", "ValueError"),
    ],
)
def test_whatever_is_raised_the_worker_goes_on(relu_of, body, type_):
    relu = relu_of(f"if z:\n    return z\n{body}")
    with pytest.raises(StudentError) as caught:
        relu(0)
    assert caught.value.type == type_
    assert len(caught.value.message) <= 2000
    assert relu(1) == 1


# Functions that do not come back

HANGS = {
    "a loop": "while True:\n    pass",
    "a loop deaf to interrupts": """
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """,
    "a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "signals ignored": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    pass",
}


@pytest.mark.parametrize("name", HANGS)
def test_a_hang_is_ended_and_the_next_call_gets_a_new_worker(relu_of, name):
    relu = relu_of("if z:\n    return z\n" + textwrap.dedent(HANGS[name]), deadline=0.5)
    assert relu(1) == 1
    with pytest.raises(TimedOut, match=r"^relu was still running after 0.5 seconds: does a loop never end") as caught:
        relu(0)
    assert caught.value.place.function == "relu"
    assert caught.value.place.line > 5
    assert relu(2) == 2


def test_a_hang_is_told_with_the_line_that_was_under_way(student_of):
    student = student_of(
        activations="""
        def tanh(z):
            while z:
                pass

        def relu(z):
            return tanh(z)
        """,
        deadline=0.5,
    )
    student.activations.relu(0)
    with pytest.raises(TimedOut) as caught:
        student.activations.relu(1)
    caller = Place("activations", 7, "return tanh(z)", "relu")
    places = [Place("activations", *line, "tanh", caller) for line in ((3, "while z:"), (4, "pass"))]
    assert caught.value.place in places


NEXT_FILE = {"network": "from mlt_nn.activations import relu\ndef predict(Y_hat):\n    return relu(Y_hat)"}


def test_an_error_in_another_file_is_told_with_the_line_that_led_there(student_of):
    student = student_of(activations="def relu(z):\n    return z[0]", **NEXT_FILE)
    with pytest.raises(StudentError) as caught:
        student.network.predict(1.0)
    caller = Place("network", 3, "return relu(Y_hat)", "predict")
    assert caught.value.place == Place("activations", 2, "return z[0]", "relu", caller)


def test_a_hang_in_another_file_is_told_with_the_line_that_led_there(student_of):
    student = student_of(activations="def relu(z):\n    while z: pass", deadline=0.5, **NEXT_FILE)
    student.network.predict(0)
    with pytest.raises(TimedOut) as caught:
        student.network.predict(1)
    caller = Place("network", 3, "return relu(Y_hat)", "predict")
    assert caught.value.place == Place("activations", 2, "while z: pass", "relu", caller)


def test_an_error_in_a_helper_comes_after_the_line_of_the_checked_function(student_of):
    student = student_of(
        activations="""
        def first(z):
            return z[0]

        def relu(z):
            return [first(each) for each in z]
        """
    )
    with pytest.raises(StudentError) as caught:
        student.activations.relu(np.ones(2))
    caller = caught.value.place.caller
    assert replace(caught.value.place, caller=None) == Place("activations", 3, "return z[0]", "first")
    assert (caller.module, caller.line, caller.source) == ("activations", 6, "return [first(each) for each in z]")


def test_a_comprehension_is_a_part_of_its_function(relu_of):
    with pytest.raises(StudentError) as caught:
        relu_of("return [each[0] for each in z]")(np.ones(2))
    assert (caught.value.place.line, caught.value.place.caller) == (4, None)


def test_a_crash_of_python_is_told_with_the_line_that_was_under_way(relu_of):
    with pytest.raises(Died) as caught:
        relu_of("import faulthandler\nfaulthandler._sigabrt()")(0)
    assert caught.value.place == Place("activations", 5, "faulthandler._sigabrt()", "relu")


def test_a_file_that_hangs_when_it_is_loaded(student_of):
    student = student_of(activations="while True:\n    pass", deadline=0.5)
    with pytest.raises(TimedOut, match=r"^mlt_nn/activations\.py did not finish loading within 0.5 seconds"):
        student.activations.relu(0)


def test_a_call_inside_a_call_has_no_more_time_than_the_outer_one(student_of, monkeypatch):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a)")
    deadlines = []
    ask = Channel.ask

    def note(channel, question, serve, export, deadline):
        deadlines.append(deadline)
        return ask(channel, question, serve, export, deadline)

    monkeypatch.setattr(Channel, "ask", note)
    student.neuron.neuron(1, 0, 0, lambda a: student.neuron.neuron(a, 0, 0, abs))
    loading, outer, inner = deadlines
    assert loading is outer is inner
    student.neuron.neuron(1, 0, 0, abs)
    assert deadlines[-1] is not outer


def test_a_function_of_the_check_is_let_go_after_the_call(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a)")

    def g(z):
        return z

    gone = weakref.ref(g)
    assert student.neuron.neuron(1, 2, 3, g) == 1
    del g
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("body", ["import os\nos._exit(0)", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)"])
def test_a_death_is_told_and_the_next_call_gets_a_new_worker(relu_of, body):
    relu = relu_of(f"if z:\n    return z\n{body}")
    with pytest.raises(Died, match=r"^the process that ran relu ended in the middle of it"):
        relu(0)
    assert relu(2) == 2


def test_a_death_in_a_callback_is_told(student_of):
    student = student_of(neuron="def neuron(a, w, b, g):\n    return g(a)", activations="import os\nos._exit(0)")
    with pytest.raises(Died, match="relu"):
        student.neuron.neuron(1, 0, 0, lambda a: student.activations.relu(a))
    assert student.neuron.neuron(1, 0, 0, abs) == 1


def test_a_file_that_exits_when_it_is_loaded(student_of):
    with pytest.raises(Died):
        student_of(activations="import os\nos._exit(0)").activations.relu(0)


FORGERIES = {
    "garbage": 'b"garbage " * 100',
    "an oversize frame": 'b"\\xff" * 8',
    "an answer ahead": 'wire.pack({"answer": "0" * 16, "generators": [], "result": 1, "warnings": [], "printed": ""})',
    "frames without end": 'wire.pack({"answer": 1}) * 10_000',
    "a call without sense": 'wire.pack({"call": "x", "function": 99, "args": 1})',
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_student_who_writes_to_the_wire_is_not_believed(relu_of, name):
    body = f"""
    import os
    from mlt_nn.grading import wire
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, {FORGERIES[name]})
        except OSError:
            pass
    return 1
    """
    with pytest.raises(Died):
        relu_of(body)(0)


def test_what_a_check_expects_is_not_in_the_worker(relu_of):
    seen = relu_of("import sys\nreturn list(sys.modules)")(0)
    assert "mlt_nn.grading.worker" in seen
    assert not {"pytest", "mlt_nn.grading.compare", "mlt_nn.grading.run", "mlt_nn.grading.student"} & set(seen)


# What is left over

CHILD = "import socket, time; s = socket.create_connection(('127.0.0.1', {port})); s.sendall(b'x'); time.sleep(3600)"


@pytest.mark.parametrize("how", ["closed", "dead"])
def test_what_the_student_started_is_ended_with_the_worker(student_of, how):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        code = CHILD.format(port=server.getsockname()[1])
        student = student_of(
            activations=f"""
            import os, subprocess, sys
            def relu(z):
                subprocess.Popen([sys.executable, "-S", "-c", {code!r}])
            def tanh(z):
                os._exit(0)
            """
        )
        student.activations.relu(0)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(60)
            assert connection.recv(1) == b"x"
            if how == "closed":
                student.close()
            else:
                with pytest.raises(Died):
                    student.activations.tanh(0)
            assert is_closed(connection)


def is_closed(connection):
    """Whether the other side of the connection ended; waits for it, and fails after the time-out of the connection."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_worker_in_a_loop_goes_when_its_grader_is_gone(tmp_path):
    begun = tmp_path / "begun"
    (tmp_path / "activations.py").write_text(
        f"def relu(z):\n    open({str(begun)!r}, 'w').close()\n    while True:\n        pass", encoding="utf-8"
    )
    with launch(tmp_path, subprocess.DEVNULL) as worker:
        assert worker.stdout.read(1)  # it is ready
        call = {
            "call": "1",
            "function": "activations.relu",
            "args": (0,),
            "kwargs": {},
            "observe": False,
            "patience": 60.0,
        }
        worker.stdin.write(wire.pack(call))
        worker.stdin.flush()
        while not begun.exists():
            assert worker.poll() is None
            time.sleep(0.01)
        worker.stdin.close()
        assert worker.wait(timeout=60) == 0


def test_a_call_that_hangs_is_not_blamed_on_a_slow_one_before_it(tmp_path):
    """A call that takes nearly all of its time leaves its lines too."""
    text = "import time\n\ndef sigmoid(z):\n    time.sleep(z)\n    return z\n\ndef tanh(z):\n    while True: pass\n"
    (tmp_path / "activations.py").write_text(text, encoding="utf-8")
    with Student(tmp_path, deadline=0.5) as student:
        student.activations.sigmoid(0)  # loads the file
        student.activations.sigmoid(0.45)
        with pytest.raises(TimedOut) as caught:
            student.activations.tanh(1)
    assert (caught.value.place.function, caught.value.place.line) == ("tanh", 8)


def test_a_worker_that_does_not_start_is_nobody_s_fault_but_ours():
    def start(folder, errors):
        code = "import sys; sys.exit('no module named numpy')"
        command = [sys.executable, "-c", code]
        return Launched(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=sys.platform != "win32",
        )

    with Student(start=start) as student, pytest.raises(RuntimeError, match=r"did not start\. no module named numpy"):
        student.activations.relu(0)


AHEAD = """
import sys
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.building.stubs import stub_text
from mlt_nn.teaching.grader.graded_worker import GradedWorker

stubs = {name: stub_text((SOLUTIONS / f"{name}.py").read_text(encoding="utf-8"), name) for name in MODULES}
stand_ins = GradedWorker().give(stubs)
stand_ins.load_ahead()
"""


def test_stubs_that_were_loaded_ahead_are_not_seen_before_something_is_arranged():
    ran(AHEAD + "import mlt_nn.network\nassert mlt_nn.network.__file__ == str(SOLUTIONS / 'network.py')")


def test_a_stub_that_was_loaded_ahead_is_taken_unless_it_builds_on_the_students_module():
    ran(
        AHEAD
        + """
ahead = dict(stand_ins._ahead)
stand_ins.arrange("network.forward_pass", 0)
assert sys.modules["mlt_nn.network"].__file__ == str(SOLUTIONS / "network.py")
assert sys.modules["mlt_nn.activations"] is ahead["activations"]
assert sys.modules["mlt_nn.network"].ACTIVATIONS is ahead["activations"].ACTIVATIONS
stand_ins.arrange("activations.sigmoid", 0)
import mlt_nn.network
assert mlt_nn.network is not ahead["network"]
assert mlt_nn.network.ACTIVATIONS is sys.modules["mlt_nn.activations"].ACTIVATIONS
assert sys.modules["mlt_nn.activations"].__file__ == str(SOLUTIONS / "activations.py")
"""
    )


def ran(code):
    environment = os.environ | {VARIABLE: str(SOLUTIONS)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
