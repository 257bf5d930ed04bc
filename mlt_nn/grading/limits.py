"""Limits of the operating system for a worker, lowered by itself before any code of a student's runs."""

import contextlib

# Seconds that a worker computes at most, if the grader, which ends it much earlier, is stopped itself.
CPU = 4 * 3600

# For a worker with the user's own rights: against an accident that would bring the computer to a halt.
GENEROUS = {"AS": 4 << 30, "CPU": CPU, "FSIZE": 10_000_000, "CORE": 0}


def lower(limits):
    """Lower limits of this process and of all that it starts; nobody but root can raise them again.

    Arguments:
        limits: by the name that `resource` gives them after RLIMIT_, as in {"AS": bytes}. What a system does not
            have or does not let be set is left as it is.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, wanted in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (value, value))
