"""One end of the wire, for grader and worker alike: calls, and the answer that belongs to each."""

import secrets
import time

import numpy as np

from mlt_nn.grading import wire
from mlt_nn.grading.messages import complaint
from mlt_nn.grading.patience import UsedUp
from mlt_nn.grading.streams import Nonsense

# How many calls may wait for each other: the student's function calls one of the check, which calls the student's.
MAX_NESTING = 50
# CPU seconds of our own that the questions of one patience may cost us: the other end may call without end meanwhile.
MAX_SERVING = 5.0


class Channel:
    """Messages over frames.

    A message is a dict: a call, {"call": a random id, ...}, or its answer, {"answer": the same id, ...}.

    Arguments:
        frames: what sends and receives frames, as in `streams`; it is closed with the channel.
        resolve: gives the function to a reference, as in `wire.unpack`.
    """

    def __init__(self, frames, resolve=None):
        self._frames, self._resolve = frames, resolve
        self._nesting = 0

    def send(self, message, export=None, generators=None):
        """Send a message. That the other end is gone already is told by the next `receive`, not here."""
        self._frames.send(wire.pack(message, export, generators))

    def receive(self, patience=None):
        """The next message; one that calls also holds its random "generators", in their order, and its size in "bytes".

        Arguments:
            patience: a Patience, or None.

        Raises:
            TimeoutError: when there is no time left.
            Ended: when the other end is gone; Nonsense when it sent what is no message.
        """
        header, body = self._frame(patience)
        generators: list = []
        try:
            message = wire.unpack(header, body, self._resolve, generators)
        except wire.WireError as error:
            raise Nonsense(str(error)) from None
        if wrong := complaint(message):
            raise Nonsense(wrong)
        if "call" in message:
            message |= {"generators": generators, "bytes": len(header) + len(body)}
        return message

    def _frame(self, patience):
        if patience is None:
            return self._frames.receive()
        while True:
            patience.begin()
            try:
                return self._frames.receive(patience.next_look)
            except TimeoutError:
                pass
            finally:
                patience.end()
            patience.look()

    def ask(self, question, serve, export=None, patience=None):
        """Send a call and return its answer; calls of the other end that arrive meanwhile are handed to `serve`.

        The random generators in the question move on as if the call had been local.

        Arguments:
            question: a dict of what `wire.pack` takes.
            serve: takes a call of the other end, and replies.
            export: as in `wire.pack`.
            patience: as in `receive`.
        """
        if self._nesting >= MAX_NESTING:
            raise RecursionError(f"more than {MAX_NESTING} calls between check and student wait for each other")
        identity = secrets.token_hex(8)
        mine: list = []
        start = time.thread_time()
        self._nesting += 1
        try:
            self.send({"call": identity, **question}, export, mine)
            while "call" in (message := self.receive(patience)):
                serve(message)
                # One that never stops calling never lets us wait, which is where it is noticed that its time is over.
                if patience is not None and time.monotonic() > patience.next_look:
                    patience.look()
                if patience is not None and patience.served + time.thread_time() - start > MAX_SERVING:
                    raise UsedUp
        finally:
            self._nesting -= 1
            if patience is not None and not self._nesting:
                patience.served += time.thread_time() - start
        if message.get("answer") != identity:
            raise Nonsense("it sent an answer to another call")
        move_on(mine, message.get("generators"))
        return message

    def reply(self, call, answer):
        """Send the answer to a call."""
        self.send({"answer": call["call"], "generators": call["generators"], **answer})

    def close(self):
        """Close the streams; the other end must have been ended before."""
        self._frames.close()


def move_on(mine, theirs):
    if type(theirs) is not list or [type(each) for each in theirs] != [np.random.Generator] * len(mine):
        raise Nonsense("it sent other random generators than it got")
    for generator, used in zip(mine, theirs, strict=True):
        generator.bit_generator.state = used.bit_generator.state
