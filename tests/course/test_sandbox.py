"""The sandbox: tried from inside, with workers that hold code of a student's."""

import os
import select
import struct
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from mlt_nn.grading import process
from mlt_nn.grading.student import Student
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.grader.isolation import holes, isolation
from mlt_nn.teaching.grader.submission import Submission, SubmittedModule
from mlt_nn.teaching.grader.system_calls import filter_program

from .processes import descendants


@pytest.fixture
def inside(sandbox):
    """Runs the body of relu(z) in the sandbox, as inside(body, z), and returns what it returns."""

    def run(body, z=0):
        text = "import os, sys\n\ndef relu(z):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        submission = Submission("ada", (SubmittedModule("activations", text.encode()),))
        with submission.unpacked() as folder, Student(folder, 60.0, sandbox.start) as student:
            return student.activations.relu(z)

    return run


def test_all_attacks_of_the_probe_fail(sandbox):
    assert holes(sandbox.start) == ""


def test_what_was_ended_while_it_was_made_ready_is_made_ready_anew(sandbox, monkeypatch):
    from mlt_nn.teaching.grader import sandbox as ours

    def killed(command, check):
        raise subprocess.CalledProcessError(-9, command)

    with monkeypatch.context() as once:
        once.setattr(subprocess, "run", killed)
        with pytest.raises(subprocess.CalledProcessError):
            ours._bubblewrap.__wrapped__()
    assert "/course/mlt_nn" in ours._bubblewrap.__wrapped__()


def test_it_holds_for_an_ordinary_user_too(sandbox):
    if os.getuid() != 0:
        pytest.skip("all tests here have shown it")
    # Python and the project may lie where nobody but root may go.
    needed = {Path(sys.base_prefix), Path(sys.prefix), PROJECT}
    closed = {folder for path in needed for folder in path.parents if not folder.stat().st_mode & 0o001}
    words = ["bwrap", "--dev-bind", "/", "/"]
    for folder in sorted(closed):
        inside = {folder / path.relative_to(folder).parts[0] for path in needed if path.is_relative_to(folder)}
        words += ["--tmpfs", str(folder), *(word for path in inside for word in ("--ro-bind", str(path), str(path)))]
    code = """
    import os, time
    from mlt_nn.grading.process import Process
    from mlt_nn.teaching.grader.isolation import isolation
    from mlt_nn.teaching.grader.submission import Submission
    found = isolation()
    print(os.getuid(), found.level, found.reason)
    with Submission("ada").unpacked() as folder:
        worker = Process(found.start, folder)
        worker.channel.receive(worker.patience(60))
        while not worker._process.is_idle():
            time.sleep(0.01)
        print(worker._process.cpu() > 0)
        worker.end()
    found.close()
    """
    code = textwrap.dedent(code)
    ordinary = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups", "--", sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "TMPDIR": "/tmp", "PYTHONPYCACHEPREFIX": "/closed"}
    said = subprocess.run([*words, *ordinary], env=environment, capture_output=True, text=True, check=False)
    assert (said.stdout.split(), said.stderr) == (["12345", "sandbox", "True"], "")


@pytest.mark.skipif(sys.platform != "linux", reason="the attacks are written for Linux")
def test_the_attacks_of_the_probe_are_real():
    won = holes(process.launch)
    for attack in (
        "read a file (secret)",
        "connect to this computer",
        "see other processes",
        "start many processes",
        "open a socket",
        "lock a file of others",
        "set the time of a file of others",
        "see what was read",
        "share memory",
        "take over another process",
    ):
        assert attack in won
    assert "fill the memory with files" in won


def test_without_bubblewrap_the_level_says_what_to_install(monkeypatch):
    from mlt_nn.teaching.grader import sandbox

    monkeypatch.setattr(sys, "platform", "linux")
    sandbox.close()  # or one that waits would do
    monkeypatch.setattr(sandbox, "_bubblewrap", sandbox._bubblewrap.__wrapped__)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert isolation()[:2] == ("process", "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)")


def test_a_bubblewrap_that_does_not_work_says_why(monkeypatch):
    def launch(folder, errors):
        command = [sys.executable, "-c", "import sys; sys.exit('no namespaces for you')"]
        pipe = subprocess.PIPE
        return process.Launched(command, stdin=pipe, stdout=pipe, stderr=errors, start_new_session=True)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("mlt_nn.teaching.grader.sandbox.launch", launch)
    reached, reason = isolation()[:2]
    assert reached == "process"
    assert "cannot be shut in here" in reason
    assert "no namespaces for you" in reason


def test_on_another_system_the_level_is_process(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isolation().level == "process"
    assert "needs Linux" in isolation().reason


def test_only_what_a_worker_needs_is_there(inside):
    files = inside(
        """
        found = []
        for folder, _, files in os.walk("/course"):
            found += [os.path.relpath(os.path.join(folder, file), "/course/mlt_nn") for file in files]
        return sorted(file for file in found if file.endswith(".py"))
        """
    )
    support = [f"support/{name}.py" for name in ("__init__", "catalogue", "folders", "overlay")]
    names = ("__init__", "channel", "imports", "limits", "messages", "patience", "streams", "wire", "worker")
    grading = [f"grading/{name}.py" for name in names]
    names = ("__init__", "graded_worker", "replacing", "stand_in", "system_calls", "warm")
    grader = [f"teaching/grader/{name}.py" for name in names]
    assert files == sorted(["__init__.py", "teaching/__init__.py", *support, *grading, *grader])
    assert inside("return sorted(os.listdir('/packages'))") in (["numpy"], ["numpy", "numpy.libs"])
    assert inside("return sorted(os.listdir('/submission'))") == ["activations.py"]
    tops = {"course", "dev", "etc", "lib", "lib64", "packages", "python", "scratch", "submission", "usr"}
    assert set(inside("return os.listdir('/')")) <= tops | {"opt", "home", "root", "nix"}  # Python's own library
    assert inside("return os.listdir('/etc')") in ([], ["ld.so.cache"])


def test_only_the_standard_library_and_numpy_can_be_imported(inside):
    imported = inside(
        """
        import importlib
        there = []
        for name in z:
            try:
                importlib.import_module(name)
                there.append(name)
            except ImportError:
                pass
        return there
        """,
        ["json", "ctypes", "numpy.random", "matplotlib", "pytest", "pip", "mlt_nn.grading.compare", "mlt_nn.plots"],
    )
    assert imported == ["json", "ctypes", "numpy.random"]


def test_the_environment_holds_nothing_of_ours(inside, monkeypatch):
    monkeypatch.setenv("SECRET", "secret")
    allowed = {"MLT_NN_EXERCISES", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PWD", "LC_CTYPE"}
    variables = inside("return list(os.environ)")
    assert {name for name in variables if not name.endswith("_THREADS")} <= allowed


def test_nothing_can_be_written_but_a_little_in_the_scratch_folder(inside):
    body = """
    open("note.txt", "w").write("x")
    wrong = []
    for folder in z:
        try:
            open(os.path.join(folder, "x"), "w")
            wrong.append(folder)
        except OSError:
            pass
    return os.getcwd(), wrong
    """
    assert inside(body, ["/", "/dev", "/course/mlt_nn", "/submission", "/packages/numpy", "/etc"]) == ("/scratch", [])


def test_the_worker_is_nobody_we_know_and_has_no_rights(inside):
    body = """
    import ctypes
    privileges = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)  # whether it may gain new privileges
    return os.getuid(), os.getgid(), os.getgroups(), privileges
    """
    user, group, groups, no_new_privileges = inside(body)
    assert user != 0
    assert group != 0
    assert set(groups) <= {group, 65534}
    assert no_new_privileges == 1


def test_no_file_of_ours_is_open_in_the_worker(inside):
    """Pipes and the null device are: neither tells of a disk of ours, nor keeps what is written to it."""
    kinds = inside(
        """
        import stat
        found = []
        for descriptor in range(1024):
            try:
                status = os.fstat(descriptor)
            except OSError:
                continue
            if not stat.S_ISFIFO(status.st_mode) and status.st_rdev != os.stat(os.devnull).st_rdev:
                found.append(descriptor)
        return found
        """
    )
    assert kinds == []


# The numbers of the calls below are in this order; new ones are the same everywhere.
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch):
    """What the filter of a machine says to a call, as machine(number by machine, arguments by their number)."""
    monkeypatch.setattr("platform.machine", lambda: request.param)
    program = filter_program()

    def says(numbers, **arguments):
        number = numbers if isinstance(numbers, int) else numbers[list(MACHINES).index(request.param)]
        return outcome(program, MACHINES[request.param], number, arguments)

    return says


# From the kernel's tables.
@pytest.mark.parametrize(
    "numbers",
    [
        *[(29, 194), (64, 190), (240, 180), (319, 279), (248, 217)],  # shmget semget mq_open memfd_create add_key
        *[(101, 117), (310, 270), 438, 434],  # ptrace process_vm_readv pidfd_getfd pidfd_open
        *[(41, 198), (53, 199), (288, 242)],  # socket socketpair accept4
        *[(293, 59), (290, 19), (291, 20), (284, 85)],  # pipe2 eventfd2 epoll_create1 timerfd_create
        *[(73, 32), (254, 27), (300, 262), (280, 88)],  # flock inotify_add_watch fanotify_init utimensat
        *[(27, 232), (327, 286), (221, 223), 451, (187, 213)],  # mincore preadv2 fadvise64 cachestat readahead
        *[(74, 82), (162, 81), (138, 44), (99, 179)],  # fsync sync fstatfs sysinfo
        *[(59, 221), (322, 281)],  # execve execveat
        *[(272, 97), (165, 40), (321, 280), (298, 241), 425, (317, 277)],  # unshare mount bpf perf io_uring seccomp
    ],
)
def test_the_filter_refuses_what_it_does_not_list(machine, numbers):
    assert machine(numbers) == (UNKNOWN if isinstance(numbers, int) else REFUSE)


@pytest.mark.parametrize("numbers", [(0, 63), (1, 64), (9, 222), (257, 56), (3, 57), (202, 98), (231, 94)])
def test_the_filter_allows_what_python_needs(machine, numbers):
    assert machine(numbers) == ALLOW  # read write mmap openat close, futex(FUTEX_WAIT), exit_group


def test_the_filter_knows_neither_calls_to_come_nor_those_of_other_machines(machine):
    assert machine(600) == UNKNOWN
    assert machine(0x40000000) == machine(0x40000257) == REFUSE
    assert outcome(filter_program(), 0x40000003, 0, {}) == KILL


def test_the_filter_allows_threads_and_refuses_processes_and_namespaces(machine):
    clone, thread, child = (56, 220), 0x003D0F00, 17
    assert machine(clone, first=thread) == ALLOW
    assert machine(clone, first=child) == machine(clone, first=0x4111) == REFUSE  # fork, vfork
    for namespace in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert machine(clone, first=namespace | thread) == REFUSE
    assert machine(435) == UNKNOWN  # the newer form, whose flags no filter can see
    assert machine((0, 63), first=0x10000000) == ALLOW  # an argument of another call is none of our business


def test_the_filter_refuses_parts_of_calls(machine):
    fcntl, ioctl, madvise, prctl, futex = (72, 25), (16, 29), (28, 233), (157, 167), (202, 98)
    assert [machine(fcntl, second=each) for each in (0, 3, 4, 1030)] == [ALLOW] * 4
    # a lock, two more kinds of it, an owner, a lease, a watch, a larger pipe
    assert [machine(fcntl, second=each) for each in (6, 7, 37, 8, 1024, 1026, 1031)] == [REFUSE] * 7
    assert [machine(ioctl, second=each) for each in (0x5401, 0x5421)] == [ALLOW] * 2
    assert machine(ioctl, second=0x5412) == REFUSE  # to type into a terminal
    assert [machine(madvise, third=each) for each in (4, 8)] == [ALLOW] * 2
    assert [machine(madvise, third=each) for each in (12, 21)] == [REFUSE] * 2  # to share pages, to page out
    assert machine(prctl, first=15) == ALLOW
    assert [machine(prctl, first=each) for each in (22, 36, 67)] == [REFUSE] * 3
    assert [machine(futex, second=each) for each in (129, 0x189, 0, 9)] == [ALLOW] * 4
    assert [machine(futex, second=each) for each in (1, 3, 4, 5, 10)] == [REFUSE] * 5


def outcome(program, architecture, number, arguments):
    """What the filter returns for a system call, read as the kernel reads it."""
    held = {0: number, 4: architecture, **dict.fromkeys((16, 24, 32), 0)}
    for name, value in arguments.items():
        held[{"first": 16, "second": 24, "third": 32}[name]] = value
    steps = list(struct.iter_unpack("=HBBI", program))
    position = 0
    while True:
        code, yes, no, value = steps[position]
        position += 1
        match code:
            case 0x20:
                loaded = held[value]
            case 0x15:
                position += yes if loaded == value else no
            case 0x35:
                position += yes if loaded >= value else no
            case 0x45:
                position += yes if loaded & value else no
            case 0x06:
                return value


def test_a_machine_whose_system_calls_are_not_known_has_no_sandbox(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "abacus")
    assert filter_program() == b""
    reached, reason = isolation()[:2]
    assert reached == "process"
    assert "(abacus) are not known" in reason


def test_why_a_worker_cannot_be_made_in_the_sandbox_is_told(sandbox):
    with Submission("ada").unpacked() as folder, Student(folder, 60.0, sandbox.start) as student:
        (folder / "neuron.py").mkdir()
        with pytest.raises(RuntimeError, match="IsADirectoryError"):
            student.neuron.neuron(1, 1, 1, abs)


def test_memory_is_limited(inside):
    body = """
    import numpy as np
    try:
        np.ones(2 * 10**9 // 8)
        return "got it"
    except MemoryError:
        return "refused"
    """
    assert inside(body) == "refused"


def test_the_sandbox_ends_with_the_grader(sandbox):
    """A grader that is killed leaves nothing behind, not even what would not notice: a worker that computes."""
    code = """
    import time
    from mlt_nn.teaching.grader.isolation import isolation
    from mlt_nn.grading.student import Student
    from mlt_nn.teaching.grader.submission import Submission, SubmittedModule
    found = isolation()
    text = b"def relu(z):\\n    while z: pass\\n"
    with Submission("ada", (SubmittedModule("activations", text),)).unpacked() as folder:
        with Student(folder, 3600.0, found.start) as student:
            student.activations.relu(0)
            print("ready", flush=True)
            student.activations.relu(1)
    """
    # What is killed cannot clear up its temporary folders; the worker's user must be able to go through this one.
    with tempfile.TemporaryDirectory() as temporary:
        os.chmod(temporary, 0o711)
        grader = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            stdout=subprocess.PIPE,
            env=os.environ | {"TMPDIR": temporary},
        )
        with grader:
            assert grader.stdout.readline() == b"ready\n"
            started = [os.pidfd_open(each) for each in descendants(grader.pid)]
            grader.kill()
        assert len(started) == 4  # two of bubblewrap, the Python that waits, the worker
        for process in started:
            assert select.select([process], [], [], 60.0)[0]  # readable when it has ended
            os.close(process)
