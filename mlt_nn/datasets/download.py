"""Getting files from the first mirror that has them right: each one whole in its folder, or not there at all."""

import contextlib
import io
import os
import sys
import threading
import time
import uuid

from mlt_nn.datasets.idx import check_sha256, unzipped

# Seconds without a single byte after which a mirror that had answered is given up for the next one.
STALLED = 10

# Without the speed: pooch restarts the clock at the end, so the last speed shown would be absurd.
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}B of {total_fmt}B, {remaining} left"


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
    with _saying_where(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, checksum in checksums.items():
        data = _fetch(name, checksum, answering)
        with _saying_where(folder):
            _write(folder / name, data)


def _answering(mirrors, name, patience):
    """The mirrors that say within `patience` seconds that they have the file."""
    from pooch import HTTPDownloader

    has_it = {}

    def ask(mirror):
        # Whatever goes wrong here, the mirror is of no use now.
        with contextlib.suppress(Exception):
            has_it[mirror] = HTTPDownloader(timeout=patience)(f"{mirror}{name}.gz", None, None, check_only=True)

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
    from pooch import HTTPDownloader
    from tqdm import tqdm

    class Bar(tqdm):
        def __bool__(self):
            # tqdm counts as false while it does not know the length, which pooch takes for "no bar".
            return True

    reasons = []
    for mirror in mirrors:
        url = f"{mirror}{name}.gz"
        received = io.BytesIO()
        try:
            # Standard output: a notebook paints standard error red, as if something had failed.
            with Bar(desc=name, unit="B", unit_scale=True, bar_format=BAR, file=sys.stdout) as bar:
                HTTPDownloader(progressbar=bar, chunk_size=65536, timeout=STALLED)(url, received, None)
            data = unzipped(received.getvalue(), url)
            check_sha256(data, checksum, url)
        except (OSError, ValueError) as reason:  # every error of requests is an OSError
            reasons.append(str(reason))
        else:
            return data
    raise DownloadError(f"no server gave a good {name}: {'; '.join(reasons)}")


def _write(path, data):
    """Put a file in its place in one step, whoever else is doing the same."""
    # Not by tempfile, whose files only their owner may read: a class may share one folder.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        temporary.write_bytes(data)
        try:
            os.replace(temporary, path)
        except PermissionError:
            # Windows refuses while another notebook, which was faster, is reading the same file.
            if not path.is_file() or path.read_bytes() != data:
                raise
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _saying_where(folder):
    try:
        yield
    except OSError as reason:
        raise DownloadError(f"the folder {folder} cannot be written: {reason}") from reason
