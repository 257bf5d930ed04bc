"""The versions that the course was tested with, as pip's constraints."""

from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_HEADER = """\
# The versions that the course was tested with. `python3 -m mlt_nn lab` installs these.
# To renew them, with the oldest Python that the course supports:  python3 -m mlt_nn build --constraints
"""


def text(root="mlt-nn[hub,test]"):
    """All packages that the root needs, directly or not, with the versions that this environment has of them."""
    versions: dict[str, str] = {}
    _collect(Requirement(root), versions, set())
    del versions[canonicalize_name(Requirement(root).name)]
    return _HEADER + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


def _collect(requirement, versions, seen):
    name = canonicalize_name(requirement.name)
    for extra in ("", *sorted(requirement.extras)):
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        distribution = metadata.distribution(name)
        versions[name] = distribution.version
        for needed in map(Requirement, distribution.requires or ()):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                _collect(needed, versions, seen)
