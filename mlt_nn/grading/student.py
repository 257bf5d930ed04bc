"""The student's functions, as a check sees them: a call here is a call in the worker."""

import builtins
import functools
import linecache
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mlt_nn.grading import handed_in, wire
from mlt_nn.grading.messages import COVERS
from mlt_nn.grading.patience import NotServed, Patience
from mlt_nn.grading.process import Process, launch
from mlt_nn.grading.results import Kind, Place
from mlt_nn.grading.streams import Ended, Nonsense
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE
from mlt_nn.support.overlay import exercise_file

# Ours, not the student's: Python and NumPy from a slow disk, read by a virus scanner.
START_SECONDS = 60.0

LATE_TO_LOAD = "mlt_nn/{}.py did not finish loading within {{}}: is there a loop outside the functions?"

# Characters of what a worker tells that are kept. It cuts them itself, but is not trusted to.
_MOST_TOLD = 2_000
_MOST_PRINTED = 20_000
# Bytes of the arguments with which the student's function may call one of a check, and of all while it is asked once:
# the check may keep them.
_MOST_ARGUMENTS, _MOST_KEPT = 2**17, 2**24

SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")

# When a call has used up this part of its time, the worker writes down the lines that are under way.
_NEARLY = 0.8


class StudentError(Exception):
    """A function of the student's raised an exception instead of returning."""

    kind = Kind.RAISED
    loading = False
    """Whether that was its file, before any function of it could be called."""

    def __init__(self, name, type, message, place=None, kind=None, returned=""):
        super().__init__(name, type, message, place)
        self.name = name
        """The function that was called, as in "activations.softmax"."""
        self.type = type
        """The name of the exception's class, as in "ValueError"."""
        self.message = message
        self.place = place
        """The line of the student's where it happened: a Place, or None."""
        self.kind = kind or self.kind
        self.returned = returned
        """The name of the type of an answer that cannot be sent; "" when it is only too large."""

    @property
    def exception(self):
        """The name of the exception's class when it is one of Python's own, or ""."""
        return self.type if builtin_exception(self.type) else ""

    def __str__(self):
        function = self.name.partition(".")[2]
        match self.kind:
            case Kind.NOT_SENT if self.returned:
                wanted = "numbers, arrays, or a tuple or dict of these"
                return f"{function} returned {self.message}; it should return {wanted}."
            case Kind.NOT_SENT:
                return f"{function} returned something that no exercise asks for: {self.message}."
            case Kind.UNREADABLE:
                at = _while_loading(self.place)
                file = f"mlt_nn/{at.module if at else self.name.partition('.')[0]}.py"
                line = f"line {at.line}: " if at else ""
                if self.type in SYNTAX_ERRORS:
                    return f"{file} cannot be read: {line}{self.message.rstrip('?')}."
                return f"{file} cannot be imported: {line}{self.type}{self.message and ': '}{self.message}."
            case Kind.RAISED:
                return f"{function} raised {self.type}" + (f": {self.message}" if self.message else "")
        return self.message


class NotWritten(StudentError):  # noqa: N818
    """The function still is a stub, or needs one that is."""

    kind = Kind.NOT_WRITTEN


class TimedOut(StudentError):  # noqa: N818
    """The function was still running when its time was over."""

    kind = Kind.TIMED_OUT


class Died(StudentError):  # noqa: N818
    """The process of the function ended in the middle of it."""

    kind = Kind.DIED


def builtin_exception(name):
    """The exception class of Python's own that has this name, or None."""
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


class Observed(NamedTuple):
    """What a call did besides returning."""

    result: Any
    args: list
    """The arguments after the call; None for a function."""
    kwargs: dict
    names: list
    """The names of the function's parameters, in their order."""
    warnings: list
    """A Warned for each warning."""


class Warned(NamedTuple):
    """A warning that Python or NumPy gave while the student's function ran."""

    type: str
    message: str
    place: Place | None


class Student:
    """The exercise modules of one student, in a worker that is started when it is needed and after each death anew.

    Arguments:
        folder: the folder of exercise modules; None means the student's own, as `mlt_nn` would import them.
        deadline: seconds that a call may compute; loading a file too.
        start: launches the worker, as `process.launch` does.

    Use it in a `with` statement, at whose end nothing is left running:

        with Student() as student:
            A = student.activations.softmax(Z)
    """

    # A worker sends no functions.
    _resolve: Any = None

    def __init__(self, folder=None, deadline=2.0, start=launch):
        self._folder, self._seconds, self._start = folder, deadline, start
        self._process: Process | None = None
        self._functions: list = []
        self._patience: list[Patience] = []
        self._assertion = None
        self._bytes_passed = 0
        self._printed: list[str] = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __getattr__(self, module):
        if module not in MODULES:
            raise AttributeError(f"there is no exercise module {module!r}; these are: {', '.join(MODULES)}")
        return StudentModule(self, module)

    def file(self, module):
        """The file of an exercise module that the worker reads."""
        if self._folder is None:
            return exercise_file(module)
        own = Path(self._folder).resolve() / f"{module}.py"
        return own if own.is_file() else PACKAGE / f"{module}.py"

    def start(self):
        """Launch the worker ahead of the first call, so that it gets ready while we do something else."""
        if self._process is None:
            self._process = Process(self._start, self._folder, self._resolve)
        return self._process

    def patience(self, seconds):
        """A Patience with the worker, which may compute for so many seconds from now on."""
        return self._ready_process().patience(seconds)

    def close(self):
        """End the worker and all that it started."""
        process, self._process = self._process, None
        self._assertion = None  # of a call that did not come back
        if process is not None:
            process.end()

    def fetch_printed(self):
        """What the student's functions printed since the last time."""
        text, self._printed = "".join(self._printed), []
        return text

    def call(self, name, args, kwargs, observe=False, patience=None):
        """Call an exercise in the worker; see StudentFunction.

        Arguments:
            patience: a Patience with the worker, where the call is not to have `seconds` of its own.
        """
        function = name.partition(".")[2]
        process = self._ready_process()
        # A call inside a call has no more time than what is left of the outer one.
        patience = self._patience[-1] if self._patience else patience or process.patience(self._seconds)
        self._patience.append(patience)
        try:
            self._load(process, name, patience)
            question = {"function": name, "args": args, "kwargs": kwargs, "observe": observe}
            late = f"{function} was still running after {{}}: does a loop never end?"
            answer = self._ask(process, name, question, patience, late)
        finally:
            self._patience.pop()
            if not self._patience:
                self._functions.clear()
                self._bytes_passed = 0
        return answer if observe else answer.result

    def _load(self, process, name, patience):
        """Load the module of an exercise, unless that is done."""
        module = name.partition(".")[0]
        if module not in process.loaded:
            self._check_text(name, module)
            self._ask_to_load(process, name, {"load": module}, patience)
            process.loaded.add(module)

    def _check_text(self, name, module):
        """Refuse a file that is not graded for its bytes."""
        try:
            wrong = handed_in.problem(self.file(module).read_bytes())
        except OSError:
            return  # told by the import
        if wrong:
            raise StudentError(name, "SyntaxError", f"it {wrong}", kind=Kind.UNREADABLE)

    def _ask_to_load(self, process, name, question, patience):
        """Whatever its file raises meanwhile is nothing that the exercise does."""
        try:
            self._ask(process, name, question, patience, LATE_TO_LOAD.format(name.partition(".")[0]))
        except StudentError as error:
            if error.kind is Kind.RAISED:
                error.kind = Kind.UNREADABLE
            error.loading = error.kind in (Kind.UNREADABLE, Kind.TIMED_OUT, Kind.DIED)
            raise

    def _ready_process(self):
        process = self.start()
        if not process.ready:
            try:
                process.channel.receive(process.patience(START_SECONDS))
            except (TimeoutError, Ended):
                self.close()
                raise RuntimeError(f"the worker process did not start. {process.last_words}") from None
            process.ready = True
        return process

    def _ask(self, process, name, question, patience, late):
        function = name.partition(".")[2]
        try:
            serve = functools.partial(self._serve, process.channel)
            told = {"patience": max(0.01, _NEARLY * (patience.seconds - patience.used))}
            answer = process.channel.ask(question | told, serve, self._export, patience)
            outcome = self._understand(name, question, answer)
        except TimeoutError as error:
            self.close()
            if isinstance(error, NotServed):
                message = f"the computer was too busy to tell whether {function} comes back in time."
                raise TimedOut(name, "TimedOut", message, kind=Kind.NOT_SERVED) from None
            message = late.format(f"{self._seconds:g} seconds")
            raise TimedOut(name, "TimedOut", message, self._under_way(name, process.last_words)) from None
        except Nonsense as error:
            self.close()
            raise Died(name, "Died", f"the process that ran {function} was ended: {error}.") from None
        except Ended:
            self.close()
            message = f"the process that ran {function} ended in the middle of it: does it call exit, or crash Python?"
            raise Died(name, "Died", message, self._under_way(name, process.last_words)) from None
        if self._assertion is not None:
            assertion, self._assertion = self._assertion, None
            raise assertion
        if isinstance(outcome, StudentError):
            raise outcome
        return outcome

    def _under_way(self, name, last_words):
        """The innermost line of the student's in the stack that Python wrote at the end, or None."""
        # An earlier call may have taken nearly all of its time, and left a stack too.
        stack = re.split(r"Timeout \(|Current thread 0x|Fatal Python error", last_words)[-1]
        linecache.checkcache()
        places = []
        for line in stack.splitlines():
            if found := re.match(r' *File "([^"]*)\.py", line (\d{1,6}) in (\w+|<module>)$', line):
                module = re.split(r"[\\/]", found[1])[-1]
                if module in MODULES:
                    places.append(Place(module, int(found[2]), self._source(module, int(found[2])), found[3]))
        if not places:
            return None
        module, _, function = name.partition(".")
        # Outside of all functions only when the file is loaded.
        called = [each for each in places if each.module == module and each.function in (function, "<module>")]
        same_line = called and (called[0].module, called[0].line) == (places[0].module, places[0].line)
        return replace(places[0], caller=called[0] if called and not same_line else None)

    def _source(self, module, line):
        try:
            return linecache.getline(str(self.file(module)), line).strip()[:_MOST_TOLD]
        except (LookupError, UnicodeError):  # the file names a codec that is for no text
            return ""

    def _understand(self, name, question, answer):
        """The answer as Observed or as a StudentError; nothing in it is taken on trust."""
        try:
            self._printed.append(_string(answer["printed"], _MOST_PRINTED))
            if "error" in answer:
                return _error(name, answer["error"])
            warnings = [
                Warned(_string(w["type"]), _string(w["message"]), _place(w["place"])) for w in answer["warnings"]
            ]
            after = answer.get("args", []), answer.get("kwargs", {}), answer.get("names", [])
            if [type(each) for each in after] != [list, dict, list]:
                raise TypeError("not what an observed call gives")
            if question.get("observe") and len(after[0]) != len(question["args"]):
                raise ValueError("not the arguments that it got")
            return Observed(answer["result"], *after, warnings)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Nonsense("it sent an answer that makes no sense") from None

    def _export(self, function):
        if isinstance(function, StudentFunction):
            return function.name
        self._functions.append(function)
        return len(self._functions) - 1

    def _callable(self, reference):
        return self._functions[reference]

    def _serve(self, channel, call):
        """Call a function of the check for the student's."""
        try:
            function = self._callable(call["function"])
            args, kwargs = tuple(call["args"]), dict(call["kwargs"])
        except (KeyError, TypeError, ValueError, IndexError):
            raise Nonsense("it sent a call that makes no sense") from None
        try:
            if type(call["function"]) is int:
                if call["bytes"] > _MOST_ARGUMENTS:
                    raise ValueError(f"this function takes a few numbers, not {call['bytes']} bytes of them")
                self._bytes_passed += call["bytes"]
                if self._bytes_passed > _MOST_KEPT:
                    raise Nonsense("it gave more to the functions of the check than can be kept")
            answer = {"result": function(*args, **kwargs)}
        except (TimedOut, Died, TimeoutError, Ended):
            raise
        except StudentError as error:
            answer = {"error": {"type": error.type, "message": error.message}}
        except AssertionError as error:
            # The verdict of the check, whatever the student's function makes of it.
            self._assertion = error
            answer = {"error": {"type": "AssertionError", "message": ""}}
        except Exception as error:  # most likely the student's function passed what ours cannot work with
            answer = {"error": {"type": type(error).__name__, "message": str(error)}}
        try:
            channel.reply(call, answer)
        except wire.CannotSend as error:
            channel.reply(call, {"error": {"type": "TypeError", "message": str(error)}})


class StudentModule:
    """The exercises of one module."""

    def __init__(self, student, module):
        self._student, self._module = student, module

    def __getattr__(self, function):
        name = f"{self._module}.{function}"
        if name not in _NAMES:
            raise AttributeError(f"there is no exercise {name!r}")
        return StudentFunction(self._student, name)


class StudentFunction:
    """One exercise. Called like the function itself, with values that `wire.pack` takes.

    A function among the arguments is called back here; one of the student's own stays in the worker.

    Raises:
        NotWritten: when it raised NotImplementedError, and not above other lines of the same block.
        StudentError: when it raised anything else, is missing, or returned what no exercise asks for.
        TimedOut, Died: when it did not come back. The worker is killed; the next call starts another.
    """

    def __init__(self, student, name):
        self._student, self.name = student, name

    def __call__(self, *args, **kwargs):
        return self._student.call(self.name, args, kwargs)

    def observe(self, *args, **kwargs):
        """The same, and what else it did: an Observed, with the arguments as they are after the call."""
        return self._student.call(self.name, args, kwargs, observe=True)


_NAMES = frozenset(exercise.name for exercise in EXERCISES)


def _string(value, most=_MOST_TOLD):
    if type(value) is not str:
        raise TypeError("not a str")
    return value[:most]


def _error(name, told):
    kind, type_, place = Kind(told["kind"]), _string(told["type"]), _place(told["place"])
    if kind not in (Kind.RAISED, Kind.MISSING, Kind.NOT_SENT):
        raise ValueError("not what a worker tells")
    if kind is Kind.RAISED and type_ in SYNTAX_ERRORS and not (place and place.function):
        kind = Kind.UNREADABLE
    if kind is Kind.RAISED and type_ == "NotImplementedError" and told["message"] != COVERS:
        return NotWritten(name, type_, _string(told["message"]), place)
    return StudentError(name, type_, _string(told["message"]), place, kind, _string(told.get("returned", "")))


def _while_loading(place):
    """The line outside of all functions that was under way in a Place, or its innermost."""
    inside = place and place.function not in ("", "<module>")
    return (place.caller if inside else None) or place


def _place(told):
    if told is None:
        return None
    module, line = told["module"], told["line"]
    if module not in MODULES or type(line) is not int:
        raise ValueError("no such place")
    return Place(module, line, _string(told["source"]), _string(told["function"]), _place(told.get("caller")))
