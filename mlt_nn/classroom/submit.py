"""What a student hands in: one zip of the exercise files, with a manifest that says what is in it."""

import hashlib
import json

from mlt_nn.classroom.archive import zipped
from mlt_nn.writing import write_bytes

MANIFEST = "manifest.json"


def manifest(files, progress, versions, when, name=None):
    """What the zip says of itself: nothing in it tells of the person or the computer, unless a name is given.

    Arguments:
        files: {"neuron.py": its bytes, ...}.
        progress: {"neuron.pre_activation": "passed", ...}, as the public checks found it, or None when they could not.
        versions: {"python": "3.11.7", ...}.
        when: a datetime of the time zone UTC.
        name: what the student wants to be called.

    Returns:
        A dict of plain values.
    """
    return {
        "name": name,
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "versions": dict(versions),
        "files": {
            file: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for file, data in files.items()
        },
        "progress": progress,
    }


def write(path, files, manifest):
    """Write the zip, whole or not at all.

    Arguments:
        path: the zip.
        files: {"neuron.py": its bytes, ...}.
        manifest: as `manifest` gives it.
    """
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    write_bytes(path, zipped({MANIFEST: text.encode("utf-8"), **files}))
