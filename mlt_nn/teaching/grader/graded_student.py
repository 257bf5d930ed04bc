"""The student's functions while they are graded: one exercise at a time, on the reference's of all earlier ones."""

import functools
from typing import Any, NamedTuple

from mlt_nn.grading.patience import NotServed, Patience
from mlt_nn.grading.process import SEED
from mlt_nn.grading.results import Kind
from mlt_nn.grading.streams import Ended, Nonsense
from mlt_nn.grading.student import LATE_TO_LOAD, Died, Observed, Student, StudentError, StudentFunction, TimedOut
from mlt_nn.support.catalogue import earlier
from mlt_nn.teaching.grader import texts
from mlt_nn.teaching.grader.graded_worker import LENT

# For all that an exercise computes in its public checks, and again in its hidden ones.
SECONDS = 2.0
# So many times these seconds the reference may compute for what the student's function asks it.
_ASKED = 5


class GradedStudent(Student):
    """A Student of whom one exercise is graded at a time; `stand_in.py` says what comes from where.

    Arguments:
        folder: the folder of the student's exercise modules.
        reference: a Student with the reference's.
        given: the texts of the stubs, by module.
        start: launches the worker, as `process.launch` does.
        seconds: that all calls of one exercise may compute.

    `spent` are the seconds that the workers so far computed or slept, with those that the reference and we ourselves
    computed for them; `disturbed` names the exercises that asked the reference something over which its process ended,
    be it for what they asked or for the computer's sake.
    """

    def __init__(self, folder, reference, given, start, seconds=SECONDS):
        super().__init__(folder, seconds, start)
        self._reference, self._given = reference, given
        self._exercise = ""
        self._left, self.spent, self._asked = seconds, 0.0, 0.0
        self._own: Patience | None = None
        self._asking: Patience | None = None
        self._earlier: frozenset[str] = frozenset()
        # A file that hangs or dies when it is loaded does so for all its exercises, and is not tried again.
        self._unloadable: dict[str, StudentError] = {}
        self._recorded = False
        self.disturbed: set[str] = set()

    def grade(self, exercise, recorded=False):
        """Grade this exercise from now on, and give it its time.

        Arguments:
            exercise: its name.
            recorded: whether the reference never tells anybody what the checks ask from now on.
        """
        self.close()  # a worker serves one exercise, and finds nothing of another
        self._exercise, self._recorded = exercise, recorded
        self._left, self._own, self._asked = self._seconds, None, 0.0
        self._earlier = frozenset(earlier(exercise))

    def close(self):
        """End the worker and all that it started."""
        if self._own is not None and self._process is not None:  # else it is counted already
            self.spent += self._own.spent + self._own.served
        self._end_asking()
        super().close()

    def _end_asking(self):
        if self._asking is not None:
            self.spent += self._asking.spent
            self._asked += self._asking.spent
        self._asking = None

    def call(self, name, args, kwargs, observe=False, patience=None):
        """Call the exercise in the worker; any other is the reference's."""
        if name != self._exercise:
            if self._patience:  # the check is called by the student's function
                return self._call_reference(name, *args, **kwargs)
            return self._reference.call(name, args, kwargs, observe)
        module = name.partition(".")[0]
        if module in self._unloadable:
            raise self._unloadable[module]
        if self._left <= 0:
            message = f"its checks took more than {self._seconds:g} seconds in all."
            raise TimedOut(name, "TimedOut", message)
        process = self._ready_process()  # our time, not the student's
        if self._own is None:
            self._own = process.patience(self._left)
        if self._recorded and not self._patience:
            self._reference.record(name, args, kwargs)
        try:
            return super().call(name, args, kwargs, observe, self._own)
        finally:
            if self._process is not process:  # it has ended; another goes on in what time is left
                self._left, self._own = self._own.left, None

    def _load(self, process, name, patience):
        if self._given and "given" not in process.loaded:
            self._ask(process, name, {"given": self._given}, patience, LATE_TO_LOAD)
            process.loaded.add("given")
        if name in process.loaded:
            return
        module = name.partition(".")[0]
        try:
            self._ask_to_load(process, name, {"arrange": name, "seed": SEED}, patience)
        except (TimedOut, Died) as error:
            self._unloadable[module] = error
            raise
        process.loaded = {"given", name}

    def _understand(self, name, question, answer):
        outcome = super()._understand(name, question, answer)
        return outcome._replace(result=texts.without(outcome.result)) if isinstance(outcome, Observed) else outcome

    def _export(self, function):
        if isinstance(function, StudentFunction) and function.name != self._exercise:
            function = functools.partial(self._call_reference, function.name)  # called back here, it is the reference's
        return super()._export(function)

    def _resolve(self, reference):
        return _Sent(reference)

    def _callable(self, reference):
        """What the worker may call: a function of the check, by its number, or an earlier exercise of the reference."""
        if type(reference) is not str:
            return functools.partial(_call_of_the_check, super()._callable(reference))
        if reference not in self._earlier:
            why = f"{self._exercise} must not build on {reference}, which comes later in the course"
            return functools.partial(_refuse, self._exercise, why)
        return functools.partial(self._call_reference, reference)

    def _call_reference(self, name, *args, **kwargs):
        args = tuple(self._received(value) for value in args)
        kwargs = {key: self._received(value) for key, value in kwargs.items()}
        if self._reference.is_recorded(name, args, kwargs):
            _refuse(self._exercise, f"{name} is asked the same when it is graded")
        try:
            if self._asking is None:
                self._asking = self._reference.patience(max(0.0, _ASKED * self._seconds - self._asked))
            return self._reference.call(name, args, kwargs, patience=self._asking)
        except (TimedOut, Died, TimeoutError, Ended) as error:
            self._end_asking()
            self._reference.close()  # it may be in the middle of a call still
            if self._process is None:
                raise Ended("a function of the student's ended the worker") from None
            if isinstance(error, Died):
                self.disturbed.add(self._exercise)
                self._asked += _ASKED * self._seconds / 4  # how long it computed is not known any more
                raise MemoryError(f"{name} cannot work with values as large as these") from None
            if isinstance(error, NotServed) or getattr(error, "kind", None) is Kind.NOT_SERVED:
                raise NotServed from None
            raise TimeoutError from None  # the student's function has used up its time with it

    def _received(self, value):
        """A function that the worker sent as one that can be called; any other value as it is."""
        if not isinstance(value, _Sent):
            return value
        match value.reference:
            case int(number) if number < len(self._functions):
                return self._functions[number]
            case str(name) if name in self._earlier:
                return StudentFunction(self._reference, name)
            case str(name) if name.startswith(LENT):
                return functools.partial(self._call_lent, name)
        raise Nonsense("it sent a function that it did not get")

    def _call_lent(self, name, *args, **kwargs):
        question = {"function": name, "args": args, "kwargs": kwargs, "observe": False}
        late = f"{self._exercise.partition('.')[2]} was still running after {{}}: does a loop never end?"
        return self._ask(self._process, self._exercise, question, self._patience[-1], late).result


class _Sent(NamedTuple):
    """A function that the worker sent, which nothing calls by mistake."""

    reference: Any


def _call_of_the_check(function, *args, **kwargs):
    return function(*texts.without(args), **{name: texts.without(value) for name, value in kwargs.items()})


def _refuse(exercise, why, *args, **kwargs):
    raise StudentError(exercise, "RuntimeError", why)
