"""One end of the wire, for grader and worker alike: a thread reads frames, and a question waits for its own answer."""

import contextlib
import queue
import secrets
import threading
import time

import numpy as np

from mlt_nn.grading import wire

# How many calls may wait for each other: the student's function calls one of the check, which calls the student's.
MAX_NESTING = 50


class Ended(Exception):  # noqa: N818
    """The other end is gone."""


class Nonsense(Ended):
    """The other end sent what is not ours; it is not to be spoken to any more."""


class Channel:
    """Messages in and out of two binary streams, both of which it closes at the end.

    A message is a dict: a call, {"call": a random id, ...}, or its answer, {"answer": the same id, ...}.

    Arguments:
        incoming, outgoing: the streams.
        resolve: gives the function to a reference, as in `wire.unpack`.
        at_end: called in the reading thread when the stream has ended.
        writing_thread: whether a thread writes too, for an end that must not be held up by another that does not read.
    """

    def __init__(self, incoming, outgoing, resolve=None, at_end=None, writing_thread=False):
        self._incoming, self._outgoing, self._resolve, self._at_end = incoming, outgoing, resolve, at_end
        # Short, so that an end that sends frames without end fills its pipe and not our memory.
        self._received: queue.Queue = queue.Queue(maxsize=4)
        self._closing = False
        self._nesting = 0
        self._to_send: queue.Queue = queue.Queue()
        self._writing_thread = writing_thread
        # A thread reads, so that waiting can have a deadline on every system (Windows cannot select on pipes).
        self._threads = [threading.Thread(target=self._read, daemon=True)]
        if writing_thread:
            self._threads.append(threading.Thread(target=self._write, daemon=True))
        for thread in self._threads:
            thread.start()

    def send(self, message, export=None, generators=None):
        """Send a message. That the other end is gone already is told by the next `receive`, not here."""
        frame = wire.pack(message, export, generators)
        if self._writing_thread:
            self._to_send.put(frame)
        else:
            self._outgoing.write(frame)
            self._outgoing.flush()

    def receive(self, deadline=None):
        """The next message; one that calls also holds its random "generators", in their order.

        Raises:
            TimeoutError: at the deadline, on time.monotonic's clock.
            Ended: when the other end is gone; Nonsense when it sent what is no message.
        """
        try:
            frame = self._received.get(timeout=None if deadline is None else max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if frame is None:
            raise Ended("the stream has ended")
        generators: list = []
        try:
            if isinstance(frame, Exception):
                raise frame
            header, body = frame
            message = wire.unpack(header, body, self._resolve, generators)
        except (wire.WireError, OSError) as error:
            raise Nonsense(str(error)) from None
        if type(message) is not dict:
            raise Nonsense("it sent what is no message")
        if "call" in message:
            message["generators"] = generators
        return message

    def ask(self, question, serve, export=None, deadline=None):
        """Send a call and return its answer; calls of the other end that arrive meanwhile are handed to `serve`.

        The random generators in the question move on as if the call had been local.

        Arguments:
            question: a dict of what `wire.pack` takes.
            serve: takes a call of the other end, and replies.
            export: as in `wire.pack`.
            deadline: on time.monotonic's clock, or None.
        """
        if self._nesting >= MAX_NESTING:
            raise RecursionError(f"more than {MAX_NESTING} calls between check and student wait for each other")
        identity = secrets.token_hex(8)
        mine: list = []
        self._nesting += 1
        try:
            self.send({"call": identity, **question}, export, mine)
            while "call" in (message := self.receive(deadline)):
                serve(message)
        finally:
            self._nesting -= 1
        if message.get("answer") != identity:
            raise Nonsense("it sent an answer to another call")
        _move_on(mine, message.get("generators"))
        return message

    def reply(self, call, answer):
        """Send the answer to a call."""
        self.send({"answer": call["call"], "generators": call["generators"], **answer})

    def close(self):
        """End both threads; the other end must have been ended before."""
        self._closing = True
        self._to_send.put(None)
        while True:  # a reader that waits for a place in the queue gets one
            try:
                self._received.get_nowait()
            except queue.Empty:
                break
        for thread in self._threads:
            # At once, unless a process that escaped from the worker holds the pipe: such a thread ends with us.
            thread.join(timeout=1)

    def _read(self):
        frame: object = None
        try:
            while not self._closing:
                frame = wire.read(self._incoming)
                self._received.put(frame)
                if frame is None:
                    break
        except (OSError, ValueError, wire.WireError) as error:
            if not self._closing:
                self._received.put(error)
        finally:
            if self._at_end is not None:
                self._at_end()
            self._incoming.close()

    def _write(self):
        try:
            while (frame := self._to_send.get()) is not None:
                self._outgoing.write(frame)
                self._outgoing.flush()
        except (OSError, ValueError):
            pass  # the other end is gone, which the reader tells
        finally:
            with contextlib.suppress(OSError):  # what could not be written is flushed once more, in vain
                self._outgoing.close()


def _move_on(mine, theirs):
    if type(theirs) is not list or [type(each) for each in theirs] != [np.random.Generator] * len(mine):
        raise Nonsense("it sent other random generators than it got")
    for generator, used in zip(mine, theirs, strict=True):
        generator.bit_generator.state = used.bit_generator.state
