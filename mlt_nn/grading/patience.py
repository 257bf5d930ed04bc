"""How long one waits for a worker: until it has used up its own time, however long that takes on a busy computer.

What counts is what the worker has computed. By the clock on the wall only a worker is ended that sleeps, and one for
which the computer had no time, of which then nothing is known.
"""

import random
import time

# So many times its seconds a worker may sleep; where the system does not tell what it computes, all is taken for sleep.
ASLEEP = 5
# And so many times we wait for one that gets no processor.
WAITED = 300

# Seconds between two looks at a worker: near the end of its time, and else.
_SOON, _LATE = 0.02, 0.5


class UsedUp(TimeoutError):  # noqa: N818
    """The worker has computed for all of its time."""


class Slept(TimeoutError):  # noqa: N818
    """The worker has slept, or waited for what does not come."""


class NotServed(TimeoutError):  # noqa: N818
    """The computer had no time for the worker: whether it would have come back in its own is not known."""


class Patience:
    """The time of a worker, from now on.

    Arguments:
        worker: tells its CPU seconds by `own_cpu()`, with all that it started by `cpu()`, and by `is_idle()` whether it
            sleeps.
        seconds: that it may compute.
    """

    def __init__(self, worker, seconds):
        self.seconds = seconds
        self.used = 0.0
        """CPU seconds, as of the last look."""
        self.asleep = 0.0
        """Seconds in which we waited and it slept."""
        self.waited = 0.0
        """Seconds in which we waited."""
        self.served = 0.0
        """CPU seconds of our own that its answers and calls have cost."""
        self._worker, self._start = worker, worker.own_cpu()
        self._looked = self._begun = time.monotonic()
        self._waited = 0.0
        self.next_look = self._looked + _some_of(min(_LATE, seconds))
        """When to look at it again, on time.monotonic's clock."""

    def begin(self):
        """Begin to wait."""
        self._begun = time.monotonic()

    def end(self):
        """It came. Until `begin`, what takes time is our own work or that of others, and none of the worker's."""
        self._waited += time.monotonic() - self._begun

    def look(self):
        """Look at the worker when `next_look` has come; if it was waited for, it still is.

        Raises:
            UsedUp, Slept, NotServed: when one need not wait any longer.
        """
        now = time.monotonic()
        # Where we get no processor ourselves, we see nothing of the worker meanwhile.
        waited = min(self._waited, self.next_look - self._looked)
        # The clock of a worker that has ended is gone; its stream tells.
        used = max(self.used, self._worker.cpu() - self._start)
        if self._worker.is_idle():
            self.asleep += max(0.0, waited - (used - self.used))
        self.used, self.waited = used, self.waited + waited
        self._looked, self._waited = now, 0.0
        self.next_look = now + _some_of(min(_LATE, max(_SOON, self.seconds - self.used)))
        if self.used >= self.seconds:
            raise UsedUp
        if self.asleep >= ASLEEP * self.seconds:
            raise Slept
        if self.waited >= WAITED * self.seconds:
            raise NotServed

    @property
    def spent(self):
        """Seconds that it computed up to now, or slept as of the last look."""
        return max(self.used, self._worker.own_cpu() - self._start) + self.asleep

    @property
    def left(self):
        """Seconds for another worker that goes on in place of this one, as of the last look; 0 when all is over."""
        return max(0.0, self.seconds - max(self.used, self.asleep / ASLEEP, self.waited / WAITED))


def _some_of(seconds):
    """Not all of them: a worker that knew when it is looked at would sleep until then, and work for that moment."""
    return random.uniform(0.5, 1) * seconds
