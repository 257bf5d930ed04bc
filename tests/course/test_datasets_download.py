"""Downloading, against servers on this machine: every file whole and right, or a plain word why not."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import os
import socket
import struct
import subprocess
import sys
import threading

import numpy as np
import pytest

from mlt_nn.datasets import DownloadError, load_digits, mnist
from mlt_nn.datasets.download import download
from mlt_nn.datasets.idx import read_idx
from mlt_nn.datasets.mnist import find

PATIENCE = 20  # never waited out: these servers answer or refuse at once


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


PIXELS = np.random.default_rng(0).integers(0, 256, (9, 28, 28)).astype(np.uint8)
FILES = {
    "train-images-idx3-ubyte": idx(PIXELS[:6]),
    "train-labels-idx1-ubyte": idx(np.array([5, 0, 4, 1, 9, 2], dtype=np.uint8)),
    "t10k-images-idx3-ubyte": idx(PIXELS[6:]),
    "t10k-labels-idx1-ubyte": idx(np.array([7, 2, 1], dtype=np.uint8)),
}
CHECKSUMS = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
GOOD = {f"/{name}.gz": gzip.compress(data) for name, data in FILES.items()}
SWAPPED = GOOD | {"/t10k-labels-idx1-ubyte.gz": GOOD["/train-labels-idx1-ubyte.gz"]}
LOGIN_PAGE = dict.fromkeys(GOOD, b"<html>Please log in to this network</html>")


class Mirror(http.server.ThreadingHTTPServer):
    """A server on a free port. `bodies`: path -> what it sends; `cut`: only half of it; `before_body`: called first."""

    def __init__(self, bodies, cut=False, before_body=lambda: None):
        super().__init__(("127.0.0.1", 0), Answer)
        self.bodies, self.cut, self.before_body = bodies, cut, before_body
        self.sent = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(http.server.BaseHTTPRequestHandler):
    server: Mirror

    def do_HEAD(self):
        body = self.server.bodies.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        return body

    def do_GET(self):
        self.server.before_body()
        body = self.do_HEAD() or b""
        self.server.sent.append(self.path)
        self.wfile.write(body[: len(body) // 2] if self.server.cut else body)

    def log_message(self, format, *args):
        pass


def load(folder, mirrors, patience=PATIENCE):
    """`load_mnist` with the small files, from these mirrors into this folder."""
    with small_files(folder, mirrors, patience):
        return mnist.load_mnist()


def complete(folder, mirrors):
    """`download_mnist` likewise."""
    with small_files(folder, mirrors, PATIENCE):
        return mnist.download_mnist()


@contextlib.contextmanager
def small_files(folder, mirrors, patience):
    table = {"DOWNLOADS": folder, "CHECKSUMS": CHECKSUMS, "MIRRORS": mirrors}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(mnist.VARIABLE, raising=False)
        for name, value in (table | dict.fromkeys(("IN_A_NOTEBOOK", "ON_REQUEST"), patience)).items():
            patch.setattr(mnist, name, value)
        yield


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def serve():
    """A function that starts a `Mirror`; all are stopped at the end of the test."""
    with contextlib.ExitStack() as stack:

        def start(*args, **kwargs):
            mirror = stack.enter_context(Mirror(*args, **kwargs))
            thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(mirror.shutdown)
            return mirror

        yield start


@pytest.fixture
def dead():
    """The address of a mirror that refuses every connection: its port is taken, but nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


@pytest.fixture
def silent():
    """The address of a mirror that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def assert_whole(folder):
    """The four files are there, right, and nothing else is."""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


def test_good_mirror(serve, tmp_path, capsys):
    download(tmp_path / "data" / "mnist", CHECKSUMS, [serve(GOOD).url], PATIENCE)
    assert_whole(tmp_path / "data" / "mnist")
    shown = capsys.readouterr().out
    for name in FILES:
        assert f"{name}: 100%" in shown


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_whoever_may_read_other_files_may_read_these(serve, tmp_path, request, mask):
    request.addfinalizer(functools.partial(os.umask, os.umask(mask)))
    download(tmp_path / "mnist", CHECKSUMS, [serve(GOOD).url], PATIENCE)
    (tmp_path / "other").write_bytes(b"")
    for name in FILES:
        assert (tmp_path / "mnist" / name).stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_mirror_that_decompresses_on_the_way(serve, tmp_path):
    download(tmp_path, CHECKSUMS, [serve({f"/{name}.gz": data for name, data in FILES.items()}).url], PATIENCE)
    assert_whole(tmp_path)


@pytest.mark.parametrize(
    ("bodies", "cut"),
    [({}, False), (SWAPPED, False), (LOGIN_PAGE, False), (dict.fromkeys(GOOD, b""), False), (GOOD, True)],
    ids=["has no files", "sends another file", "sends a page", "sends nothing", "breaks off"],
)
def test_bad_mirror_then_a_good_one(serve, tmp_path, bodies, cut):
    good = serve(GOOD)
    download(tmp_path, CHECKSUMS, [serve(bodies, cut).url, good.url], PATIENCE)
    assert_whole(tmp_path)
    assert good.sent


def test_dead_mirror_then_a_good_one(serve, tmp_path, dead):
    download(tmp_path, CHECKSUMS, [dead, serve(GOOD).url], PATIENCE)
    assert_whole(tmp_path)


def test_silent_mirror_then_a_good_one(serve, tmp_path, silent):
    download(tmp_path, CHECKSUMS, [silent, serve(GOOD).url], patience=1)
    assert_whole(tmp_path)


@pytest.mark.parametrize(("bodies", "cut"), [(LOGIN_PAGE, False), (GOOD, True)], ids=["send a page", "break off"])
def test_all_mirrors_bad(serve, tmp_path, bodies, cut):
    mirrors = [serve(bodies, cut).url, serve(bodies, cut).url]
    with pytest.raises(DownloadError, match="no server gave a good train-images-idx3-ubyte") as error:
        download(tmp_path, CHECKSUMS, mirrors, PATIENCE)
    assert str(error.value).count("; ") >= 1, "the reason for each mirror"
    assert list(tmp_path.iterdir()) == []


def test_what_came_before_a_failure_stays_and_is_not_fetched_again(serve, tmp_path):
    only_swapped = serve(SWAPPED)
    with pytest.raises(DownloadError, match=r"no server gave a good t10k-labels-idx1-ubyte.*holds other bytes"):
        complete(tmp_path, [only_swapped.url])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(FILES) - {"t10k-labels-idx1-ubyte"})
    good = serve(GOOD)
    complete(tmp_path, [good.url])
    assert good.sent == ["/t10k-labels-idx1-ubyte.gz"]
    assert_whole(tmp_path)


def test_complete_replaces_what_is_damaged_and_leaves_the_rest_alone(serve, tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(FILES["t10k-images-idx3-ubyte"][:-5])
    good = serve(GOOD)
    state = complete(tmp_path, [good.url])
    assert good.sent == ["/t10k-images-idx3-ubyte.gz"]
    assert_whole(tmp_path)
    assert state == find(tmp_path)
    assert state.source == "MNIST"


def test_complete_asks_nobody_when_all_is_there(tmp_path, dead):
    for name, data in FILES.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(data))
    assert complete(tmp_path, [dead]).source == "MNIST"


def test_two_downloads_at_once(serve, tmp_path):
    # Both processes must have asked for a file before either gets it.
    meeting = threading.Barrier(2)
    mirror = serve(GOOD, before_body=lambda: meeting.wait(60))
    program = (
        "import json, pathlib, sys; from mlt_nn.datasets.download import download;"
        "folder, checksums, mirror = map(json.loads, sys.argv[1:]);"
        "download(pathlib.Path(folder), checksums, [mirror], 60)"
    )
    arguments = [json.dumps(value) for value in (str(tmp_path), CHECKSUMS, mirror.url)]
    processes = [
        subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    for process in processes:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    assert len(mirror.sent) == 2 * len(FILES)
    assert_whole(tmp_path)


def test_a_reader_on_windows_may_hold_the_file_open(serve, tmp_path, monkeypatch):
    def refuse(temporary, path):
        path.write_bytes(FILES[path.name])  # the other notebook was faster
        raise PermissionError("the file is in use by another process")

    monkeypatch.setattr(os, "replace", refuse)
    download(tmp_path, CHECKSUMS, [serve(GOOD).url], PATIENCE)
    assert_whole(tmp_path)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, PermissionError, OSError])
def test_nothing_is_left_of_a_write_that_stops(serve, tmp_path, monkeypatch, stop):
    def fail(temporary, path):
        raise stop("no space left on this device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt if stop is KeyboardInterrupt else DownloadError, match="no space left"):
        download(tmp_path, CHECKSUMS, [serve(GOOD).url], PATIENCE)
    assert list(tmp_path.iterdir()) == []


def test_leftover_of_a_killed_download_is_not_taken_for_a_file(serve, tmp_path, monkeypatch):
    killed = []

    def kill(temporary, path):
        killed.append((temporary, path.name))
        os.link(temporary, f"{temporary}.kept.part")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", kill)
        with pytest.raises(KeyboardInterrupt):
            download(tmp_path, CHECKSUMS, [serve(GOOD).url], PATIENCE)
    assert len(list(tmp_path.iterdir())) == len(killed) == 1
    state = find(tmp_path)
    assert set(state.files.values()) == {None}
    assert state.source == "bundled digits"


# Loading.


def test_load_downloads_once(serve, tmp_path, dead):
    mirror = serve(GOOD)
    first = load(tmp_path, [mirror.url])
    again = load(tmp_path, [dead])
    for digits in first, again:
        assert digits.source == "MNIST"
        assert digits.X_train.dtype == digits.X_test.dtype == np.float32
        assert digits.labels_train.dtype == digits.labels_test.dtype == np.int64
        np.testing.assert_array_equal(digits.X_train, PIXELS[:6].reshape(6, 784) / np.float32(255))
        np.testing.assert_array_equal(digits.X_test, PIXELS[6:].reshape(3, 784) / np.float32(255))
        assert digits.labels_train.tolist() == [5, 0, 4, 1, 9, 2]
        assert digits.labels_test.tolist() == [7, 2, 1]
    assert len(mirror.sent) == 4


def assert_bundled(digits, said, *words):
    assert digits.source == "bundled digits"
    np.testing.assert_array_equal(digits.X_train, load_digits().X_train)
    sentence = said.splitlines()[-1]
    for word in ("1,797 digits bundled with the course", "to get MNIST", *words):
        assert word in sentence
        assert said.count(word) == 1


def test_load_without_a_network(tmp_path, dead, capsys):
    folder = tmp_path / "mnist"
    digits = load(folder, [dead, dead])
    said = capsys.readouterr().out
    assert_bundled(digits, said, "none of 2 servers answered", str(folder))
    assert len(said.splitlines()) == 1
    assert not folder.exists()


def test_load_from_a_network_that_swallows_everything(tmp_path, silent, capsys):
    digits = load(tmp_path, [silent], patience=0.5)
    assert_bundled(digits, capsys.readouterr().out, "none of 1 servers answered within 0.5 seconds")


def test_load_where_the_name_server_never_answers(tmp_path, monkeypatch, capsys):
    forever = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: forever.wait())
    digits = load(tmp_path, ["http://mnist.invalid/"], patience=0.5)
    forever.set()
    assert_bundled(digits, capsys.readouterr().out, "none of 1 servers answered")


def test_load_from_mirrors_that_are_all_wrong(serve, tmp_path, capsys):
    digits = load(tmp_path, [serve(LOGIN_PAGE).url])
    assert_bundled(digits, capsys.readouterr().out, "no server gave a good train-images-idx3-ubyte")


def test_load_where_nothing_can_be_written(serve, tmp_path, capsys):
    (tmp_path / "data").write_text("a file in the place of the folder")
    folder = tmp_path / "data" / "mnist"
    digits = load(folder, [serve(GOOD).url])
    assert_bundled(digits, capsys.readouterr().out, "cannot be written")


def test_load_fetches_only_what_is_missing(serve, tmp_path):
    for name in list(FILES)[1:]:
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(FILES[name]))
    mirror = serve(GOOD)
    assert load(tmp_path, [mirror.url]).source == "MNIST"
    assert mirror.sent == ["/train-images-idx3-ubyte.gz"]
    np.testing.assert_array_equal(read_idx(tmp_path / "train-images-idx3-ubyte"), PIXELS[:6])


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_load_names_a_damaged_file_and_the_way_out(tmp_path, dead, suffix):
    for name, data in FILES.items():
        (tmp_path / f"{name}{suffix}").write_bytes(data)
    path = tmp_path / f"t10k-labels-idx1-ubyte{suffix}"
    path.write_bytes(FILES["train-labels-idx1-ubyte"])
    with pytest.raises(ValueError, match=r"holds other bytes than it should.*Delete this file") as error:
        load(tmp_path, [dead])
    assert str(path) in str(error.value)
