"""Getting files from the first mirror that has them right: each one whole in its folder, or not there at all."""

import sys
import threading
import time

from mlt_nn.datasets.idx import check_sha256, unzipped
from mlt_nn.support.writing import write_bytes

# Seconds without a single byte after which a mirror that had answered is given up for the next one.
STALLED = 10


class DownloadError(OSError):
    """A file could not be downloaded; the message says which, and why, for every mirror."""


def download(folder, checksums, mirrors, patience):
    """Download files into a folder, decompressed, with a progress bar for each.

    Arguments:
        folder: a pathlib.Path; it is made if it is not there.
        checksums: name of a file -> SHA-256 of its uncompressed bytes. A mirror has it as name + ".gz".
        mirrors: addresses that end in "/", tried in this order for each file.
        patience: how many seconds the mirrors have to give a first answer, all together.

    Raises:
        DownloadError: when the folder cannot be written or no mirror gives a file with the right checksum. Files that
            were downloaded before that stay. A file that is there already is replaced in one step.
    """
    if not checksums:
        return
    answering = _answering(mirrors, next(iter(checksums)), patience)
    if not answering:
        raise DownloadError(f"none of {len(mirrors)} servers answered within {patience} seconds")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, checksum in checksums.items():
            _put(folder / name, _fetch(name, checksum, answering))
    except DownloadError:
        raise
    except OSError as reason:
        raise DownloadError(f"the folder {folder} cannot be written: {reason}") from reason


def _answering(mirrors, name, patience):
    """The mirrors that say within `patience` seconds that they have the file."""
    import requests

    has_it = {}

    def ask(mirror):
        try:
            has_it[mirror] = requests.head(f"{mirror}{name}.gz", timeout=patience, allow_redirects=True).ok
        except Exception:  # whatever goes wrong here, the mirror is of no use now
            has_it[mirror] = False

    # A name server that does not answer cannot be given a time limit, and each address of a host has one of its own.
    # So every mirror is asked in a thread that is left behind when the time is up.
    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    return [mirror for mirror in mirrors if has_it.get(mirror)]


def _fetch(name, checksum, mirrors):
    """The uncompressed bytes of a file, from the first mirror that gives the right ones."""
    import requests
    from tqdm import tqdm

    reasons = []
    for mirror in mirrors:
        url = f"{mirror}{name}.gz"
        # Standard output: a notebook paints standard error red, as if something had failed.
        bar = tqdm(desc=name, unit="B", unit_scale=True, file=sys.stdout)
        try:
            with bar, requests.get(url, stream=True, timeout=STALLED) as answer:
                answer.raise_for_status()
                bar.total = int(answer.headers.get("Content-Length", 0))
                received = []
                for part in answer.iter_content(65536):
                    received.append(part)
                    bar.update(len(part))
            data = unzipped(b"".join(received), url)
            check_sha256(data, checksum, url)
        except (OSError, ValueError) as reason:  # every error of requests is an OSError
            reasons.append(str(reason))
        else:
            return data
    raise DownloadError(f"no server gave a good {name}: {'; '.join(reasons)}")


def _put(path, data):
    """Put a file in its place in one step, whoever else is doing the same."""
    try:
        write_bytes(path, data)
    except PermissionError:
        # Windows refuses while another notebook, which was faster, is reading the same file.
        if not path.is_file() or path.read_bytes() != data:
            raise
