"""The worker while a student is graded: the exercises before the one that is graded are the reference's."""

import functools

from mlt_nn.grading import worker
from mlt_nn.teaching.grader.stand_in import StandIns

# How it names a function of the student's that it passes to a stand-in, in front of a number.
LENT = "lent "


class GradedWorker(worker.Worker):
    """A Worker that arranges the exercises as `stand_in.py` says."""

    def __init__(self):
        super().__init__()
        self._stand_ins: StandIns | None = None
        self._lent: list = []

    def give(self, stubs):
        """Make the stand-ins, of the texts of the stubs by module."""
        # The reference alone takes functions.
        self._stand_ins = StandIns(stubs, functools.partial(self._of_the_grader, export=self._lend))
        return self._stand_ins

    def _serve(self, call):
        super()._serve(call)
        if not self._under_way:
            self._lent.clear()

    def _carry_out(self, call):
        if "given" in call:
            self.give(call["given"])
        elif "arrange" in call and self._stand_ins is not None:
            self._stand_ins.arrange(call["arrange"], call["seed"])
        else:
            return super()._carry_out(call)
        return {"result": None}

    def _function(self, name):
        if name.startswith(LENT):
            return self._lent[int(name.removeprefix(LENT))]
        return super()._function(name)

    def _lend(self, function):
        """The reference to a function that goes to the grader: one that came from there, or one of the student's."""
        if hasattr(function, "reference"):
            return function.reference
        self._lent.append(function)
        return f"{LENT}{len(self._lent) - 1}"


def main(limited):
    """As `worker.main`, at the level `process`."""
    worker.main(limited, worker=GradedWorker())
