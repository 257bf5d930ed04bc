"""Frames in and out of two binary streams, which are closed at the end.

`Polled` waits for both itself, which is quick; `Threaded` has a thread for each, where one cannot wait for pipes with a
deadline (Windows), or where somebody has to notice the end while a student's function runs (the worker).
"""

import contextlib
import os
import queue
import select
import threading
import time

from mlt_nn.grading import wire

# Bytes that may wait for an other end which asks and does not read: two of the largest answers.
MAX_UNSENT = 2 * wire.MAX_BODY

# Bytes that a pipe holds, so that one reading gets no more. Room for more would be fetched from the system each time.
_PIPE = 1 << 16


class Ended(Exception):  # noqa: N818
    """The other end is gone."""


class Nonsense(Ended):
    """The other end sent what is not ours; it is not to be spoken to any more."""


class Polled:
    """Pipes (not on Windows). The other end may send what it likes and need not read: neither holds us up."""

    def __init__(self, incoming, outgoing):
        self._incoming, self._outgoing = incoming, outgoing
        for stream in (incoming, outgoing):
            os.set_blocking(stream.fileno(), False)
        self._received, self._unsent = bytearray(), bytearray()
        self._poll = select.poll()
        self._poll.register(incoming, select.POLLIN)

    def send(self, frame):
        """Send a frame; what the pipe does not take now is sent in `receive`.

        Raises:
            Nonsense: when too much waits for the other end to read it.
        """
        self._unsent += frame
        self._write()
        if len(self._unsent) > MAX_UNSENT:
            raise Nonsense("it does not read what it asked for")

    def receive(self, deadline=None):
        """The next frame as (header, body).

        Raises:
            TimeoutError: at the deadline, on time.monotonic's clock.
            Ended: when the other end is gone; Nonsense when it sent what is no frame.
        """
        late = False
        while True:
            try:
                frame = wire.take(self._received)
            except wire.WireError as error:
                raise Nonsense(str(error)) from None
            if frame is not None:
                return frame
            if late:
                raise TimeoutError  # though there is always a little more of the frame
            if self._unsent:
                self._poll.register(self._outgoing, select.POLLOUT)
            ready = self._poll.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000)
            if self._unsent:
                self._poll.unregister(self._outgoing)
                self._write()
            if not ready:
                raise TimeoutError
            self._read()
            late = deadline is not None and time.monotonic() >= deadline

    def close(self):
        """Close both streams."""
        self._unsent.clear()
        for stream in (self._incoming, self._outgoing):
            with contextlib.suppress(OSError):
                stream.close()

    def _write(self):
        try:
            while self._unsent:
                del self._unsent[: os.write(self._outgoing.fileno(), self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._unsent.clear()  # the other end is gone, which the reading tells

    def _read(self):
        try:
            data = os.read(self._incoming.fileno(), _PIPE)
        except BlockingIOError:
            return
        except OSError as error:
            raise Nonsense(str(error)) from None
        if not data:
            if self._received:
                raise Nonsense("the stream ended inside a frame")
            raise Ended("the stream has ended")
        self._received += data


class Threaded:
    """Any two binary streams.

    Arguments:
        incoming, outgoing: the streams.
        at_end: called in the reading thread when the stream has ended.
        writing: whether a thread writes too, for an end that must not be held up by another that does not read.
    """

    def __init__(self, incoming, outgoing, at_end=None, writing=False):
        self._incoming, self._outgoing, self._at_end = incoming, outgoing, at_end
        # Short, so that an end that sends frames without end fills its pipe and not our memory.
        self._received: queue.Queue = queue.Queue(maxsize=4)
        self._closing = False
        self._to_send: queue.Queue = queue.Queue()
        self._writing = writing
        works = [self._read, self._write] if writing else [self._read]
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def send(self, frame):
        """Send a frame."""
        if self._writing:
            self._to_send.put(frame)
        else:
            self._outgoing.write(frame)
            self._outgoing.flush()

    def receive(self, deadline=None):
        """As `Polled.receive`."""
        try:
            frame = self._received.get(timeout=None if deadline is None else max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if frame is None:
            raise Ended("the stream has ended")
        if isinstance(frame, Exception):
            raise Nonsense(str(frame))
        return frame

    def close(self):
        """End the threads; the other end must have been ended before."""
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
        received = bytearray()
        try:
            while not self._closing and (data := self._incoming.read1(_PIPE)):
                received += data
                while not self._closing and (frame := wire.take(received)) is not None:
                    self._received.put(frame)
            if not self._closing:
                self._received.put(wire.WireError("the stream ended inside a frame") if received else None)
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
