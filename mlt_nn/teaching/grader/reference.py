"""The reference's functions while submissions are graded: the same call has the same answer, so it is asked once."""

from mlt_nn.grading import wire
from mlt_nn.grading.channel import move_on
from mlt_nn.grading.student import Student

# Bytes of answers that are kept. The checks ask the same of every submission; a wrong one asks other things too.
MAX_KEPT = 2**26


class Reference(Student):
    """A Student whose functions are ours, and so depend on nothing but their arguments."""

    def __init__(self, folder, deadline, start):
        super().__init__(folder, deadline, start)
        self._kept: dict[bytes, bytes] = {}
        self._size = 0

    def call(self, name, args, kwargs, observe=False, patience=None):
        """Call an exercise, or give the answer of the last time; random generators move on in both cases."""
        generators: list = []
        try:
            question = wire.pack((name, args, kwargs), generators=generators)
        except wire.CannotSend:  # a function, whose answers may be others each time
            question = None
        if question is None or observe:
            return super().call(name, args, kwargs, observe, patience)
        if question in self._kept:
            result, moved = wire.unpack(*wire.split(self._kept[question]))
            move_on(generators, moved)
            return result
        result = super().call(name, args, kwargs, observe, patience)
        self._keep(question, wire.pack((result, generators)))
        return result

    def _keep(self, question, answer):
        self._size += len(question) + len(answer)
        if self._size > MAX_KEPT:
            self._kept.clear()
            self._size = len(question) + len(answer)
        self._kept[question] = answer
