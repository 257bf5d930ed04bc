"""The worker: a Python of its own that holds the student's functions and calls them when the grader asks.

It keeps the pipe for itself: what the student prints goes to a bounded buffer and is handed back with the answer.
"""

import builtins
import faulthandler
import importlib
import inspect
import io
import linecache
import os
import signal
import sys
import traceback
import warnings
from contextlib import contextmanager

from mlt_nn.grading import imports, limits, wire
from mlt_nn.grading.channel import Channel
from mlt_nn.grading.messages import COVERS
from mlt_nn.grading.patience import ASLEEP
from mlt_nn.grading.streams import Threaded
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.overlay import exercise_file

# Not on Windows. The other way starts a thread for each call, which takes as long as many a call.
_HAS_ALARM = hasattr(signal, "setitimer")

MAX_PRINTED = 10_000
MAX_MESSAGE = 2_000
MAX_WARNINGS = 100


class Missing(Exception):  # noqa: N818
    """The student's file lacks the function."""


class Printed(io.TextIOBase):
    """Takes what is printed, and keeps the first MAX_PRINTED characters until they are fetched."""

    def __init__(self):
        self._start_anew()

    def _start_anew(self):
        self._kept: list[str] = []
        self._left, self._dropped = MAX_PRINTED, 0

    def writable(self):
        return True

    def write(self, text):
        kept = text[: self._left]
        self._left -= len(kept)
        self._dropped += len(text) - len(kept)
        if kept:
            self._kept.append(kept)
        return len(text)

    def fetch(self):
        """What was printed since the last time."""
        text = "".join(self._kept)
        if self._dropped:
            text += f"\n... and {self._dropped} more characters"
        self._start_anew()
        return text


class Worker:
    """Serves the grader's calls; a function that came as an argument is called back while it waits."""

    def __init__(self):
        self.printed = Printed()
        self._under_way = False

    def run(self, frames, errors):
        """Serve until the grader is gone; `errors` is a file that takes the lines that are under way."""
        self._channel, self._errors = Channel(frames, self._resolve), errors
        self._modules = {str(exercise_file(module)): module for module in MODULES}
        self._channel.send({"ready": True})
        while True:
            self._serve(self._channel.receive())

    def _serve(self, call):
        with self._warnings_seen() as seen, self._stack_told(call["patience"]):
            try:
                answer = self._carry_out(call)
            except BaseException as error:  # SystemExit and KeyboardInterrupt too: a student may raise what they like
                answer = {"error": self._describe(error, call)}
        told = {"warnings": seen, "printed": self.printed.fetch()}
        try:
            self._channel.reply(call, answer | told)
        except wire.CannotSend as error:
            answer = {"kind": "not sent", "type": "CannotSend", "returned": error.type, "place": None}
            self._channel.reply(call, {"error": answer | {"message": error.what or str(error)}} | told)

    def _carry_out(self, call):
        if "load" in call:
            importlib.import_module(f"mlt_nn.{call['load']}")
            return {"result": None}
        function = self._function(call["function"])
        args, kwargs = call["args"], call["kwargs"]
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # the call itself did not fit
                return {"error": self._describe(error, call) | {"place": self._definition(function)}}
            raise
        if not call["observe"]:
            return {"result": result}
        names = list(inspect.signature(function).parameters)
        kept = dict(zip(kwargs, _without_functions(kwargs.values()), strict=True))
        return {"result": result, "args": _without_functions(args), "kwargs": kept, "names": names}

    def _function(self, name):
        module, _, function = name.partition(".")
        found = getattr(importlib.import_module(f"mlt_nn.{module}"), function, None)
        if not callable(found):
            raise Missing(f"mlt_nn/{module}.py has no function {function} (has it another name?).")
        return found

    def _resolve(self, reference):
        """The function behind a reference: a name is one of the student's, a number one of the check."""
        if isinstance(reference, int):
            return self._of_the_grader(reference)
        # Looked up when it is called: what is wrong with it is then an error of that call.
        return lambda *args, **kwargs: self._function(reference)(*args, **kwargs)

    def _of_the_grader(self, reference, export=None):
        """The function that is behind a reference at the grader; `export` is for the functions that it takes itself."""

        def given(*args, **kwargs):
            question = {"function": reference, "args": args, "kwargs": kwargs}
            answer = self._channel.ask(question, self._serve, export)
            if "error" in answer:
                raise _builtin_error(answer["error"]["type"])(answer["error"]["message"])
            return answer["result"]

        vars(given)["reference"] = reference
        return given

    @contextmanager
    def _stack_told(self, seconds):
        """Write the lines that are under way to standard error when the call takes so long that it will be ended.

        That is said of a call that computes by the first clock, of one that sleeps by the second; the last lines count.
        """
        if self._under_way:  # a call inside a call ends with the outer one
            yield
            return
        self._under_way = True
        if _HAS_ALARM:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, seconds, ASLEEP * seconds)
        else:
            faulthandler.dump_traceback_later(seconds, file=self._errors)
        try:
            yield
        finally:
            if _HAS_ALARM:
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.setitimer(signal.ITIMER_REAL, 0)
            else:
                faulthandler.cancel_dump_traceback_later()
            self._under_way = False

    @contextmanager
    def _warnings_seen(self):
        seen: list = []

        def note(message, category, filename, lineno, file=None, line=None):
            if len(seen) < MAX_WARNINGS:
                place = self._place(filename, lineno)
                seen.append({"type": category.__name__, "message": _text(message), "place": place})

        with warnings.catch_warnings():
            warnings.simplefilter("always")  # by default only the first one of each line is told
            warnings.showwarning = note
            yield seen

    def _describe(self, error, call):
        syntax = isinstance(error, SyntaxError)
        place = self._place(error.filename, error.lineno) if syntax else None
        covers = isinstance(error, NotImplementedError) and self._covers_lines(error.__traceback__)
        return {
            "kind": "missing" if isinstance(error, Missing) else "raised",
            "type": type(error).__name__,
            "message": error.msg if syntax else COVERS if covers else _text(error),
            "place": place or self._innermost(error.__traceback__, call),
        }

    def _covers_lines(self, trace):
        """Whether in the student's file more lines of the same block follow the statement that raised."""
        while trace.tb_next:
            trace = trace.tb_next
        code = trace.tb_frame.f_code
        _, end, column, _ = list(code.co_positions())[trace.tb_lasti // 2]
        if code.co_filename not in self._modules or None in (end, column):
            return False
        below = linecache.getlines(code.co_filename)[end:]
        line = next((line for line in below if line.strip() and not line.lstrip().startswith("#")), "")
        return len(line) - len(line.lstrip()) >= column > 0

    def _innermost(self, trace, call):
        """The last line of the student's own that was under way, and the one in what was called that led there."""
        module, _, function = (call.get("load") or str(call.get("function"))).partition(".")
        place = caller = None
        is_inside = False
        for frame, line in traceback.walk_tb(trace):
            code = frame.f_code
            if found := self._place(code.co_filename, line, code.co_name):
                place = found
                # A comprehension is a part of its function.
                is_inside = (found["module"], code.co_qualname.partition(".")[0]) == (module, function or "<module>")
                caller = found if is_inside else caller
        return place and place | {"caller": None if is_inside else caller}

    def _definition(self, function):
        code = getattr(function, "__code__", None)
        return code and self._place(code.co_filename, code.co_firstlineno, code.co_name)

    def _place(self, file, line, function=""):
        """Where in the student's files that is, or None if it is elsewhere."""
        if file not in self._modules or line is None:
            return None
        source = linecache.getline(file, line).strip()[:MAX_MESSAGE]
        return {"module": self._modules[file], "line": line, "source": source, "function": function}


def _without_functions(values):
    return [None if callable(value) else value for value in values]


def _builtin_error(name):
    """The exception class that a function of the check raised, so that a student's `except ValueError` sees it."""
    error = getattr(builtins, name, None)
    return error if isinstance(error, type) and issubclass(error, Exception) else RuntimeError


def _text(error):
    try:
        return str(error)[:MAX_MESSAGE]
    except BaseException:  # an exception class of the student's that cannot print itself
        return ""


def _ending_with_the_grader(incoming, outgoing):
    # Without a grader there is nobody to end a student's endless loop: the worker goes with it.
    return Threaded(incoming, outgoing, at_end=lambda: os._exit(0))


def main(limited, frames=_ending_with_the_grader, worker=None):
    """Serve the pipe at standard input and output until it is closed.

    Arguments:
        limited: limits as `limits.lower` takes them.
        frames: makes of both streams what sends and receives frames.
        worker: a Worker that was made ready before.
    """
    worker = worker or Worker()
    limits.lower(limited)
    imports.narrow()
    incoming, outgoing, errors = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(2), "wb")
    faulthandler.enable(errors)  # a crash of Python tells its lines too
    if _HAS_ALARM:
        faulthandler.register(signal.SIGALRM, errors)
        faulthandler.register(signal.SIGPROF, errors)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stderr = worker.printed
    worker.run(frames(incoming, outgoing), errors)
