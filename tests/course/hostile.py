"""Hostile submissions: what each tries, its modules, and the points that it honestly has.

In neuron.py `pre_activation` is right, which is 1 point, and `neuron`, 1 point, is the attack. Nothing but these two
is handed in, unless `activations` is there too. {parent} and {port} are the number of the grader's process and a port
on which it listens.
"""

from typing import NamedTuple

PRE_ACTIVATION = "import numpy as np\n\n\ndef pre_activation(a, w, b):\n    return np.dot(w, a) + b\n\n\n"


class Hostile(NamedTuple):
    """One hostile submission."""

    tries: str
    neuron: str
    """The body of neuron(a, w, b, g), or the whole file when it begins with a `#`."""
    points: float = 1.0
    state: str = "failed"
    """Of the exercise neuron.neuron."""


WHOLE = "# "

# The worker's own end of the wire, as `out`, which waits until the grader reads.
_OUT = (
    "import gc, json, os, struct\nfrom mlt_nn.grading import wire\n"
    "[out] = [each._frames._outgoing for each in gc.get_objects() if type(each).__name__ == 'Channel']\n"
    "os.set_blocking(out.fileno(), True)\n"
)


def _sends(header, body="b''"):
    """Send a frame, given as Python's text, and hope that it is taken for an answer."""
    return (
        f"{_OUT}header, body = json.dumps({header}).encode(), {body}\n"
        "out.write(struct.pack('>II', len(header), len(body)) + header + body)\nout.flush()\nwhile True:\n    pass"
    )


# What an attack returns that got what it wanted, so that it is seen by its point.
_WON = "return g(float(np.dot(w, a) + b))"

# It was made before the memory was frozen, and so is none of the objects that the collector knows; its channel is.
_WORKER = (
    "import gc\n[worker] = [each._resolve.__self__ for each in gc.get_objects() if type(each).__name__ == 'Channel']\n"
)

HOSTILE = {
    "exits": Hostile("end the process with success", "import os\nos._exit(0)", state="died"),
    "exits politely": Hostile("end the process with success", "raise SystemExit(0)"),
    "exits at import": Hostile("end before anything is asked", "# \nimport os\nos._exit(0)\n", 0.0, "died"),
    "kills its parent": Hostile(
        "end the grader",
        "import os, signal\nfor number in (os.getppid(), {parent}, 1):\n"
        "    try:\n        os.kill(number, signal.SIGKILL)\n    except OSError:\n        pass\nreturn 1.0",
    ),
    "kills all": Hostile("end everything", "import os, signal\nos.kill(-1, signal.SIGKILL)\nreturn 1.0", state="*"),
    "loops": Hostile("hang for ever", "while True:\n    pass", state="timed out"),
    "loops deaf": Hostile(
        "hang for ever, deaf to interrupts",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n"
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        state="timed out",
    ),
    "loops at import": Hostile("hang before anything is asked", "# \nwhile True:\n    pass\n", 0.0, "timed out"),
    "sleeps a little in each call": Hostile(
        "stay below the time of a call, again and again", "import time\ntime.sleep(0.9)\nreturn 1.0", state="*"
    ),
    "eats memory": Hostile("use up the memory", "kept = []\nwhile True:\n    kept.append(np.ones(10**7))", state="*"),
    "eats memory in children": Hostile(
        "use up the memory in many processes",
        "import os, time\nfor _ in range(100):\n    try:\n        child = os.fork()\n    except OSError:\n"
        "        break\n    if child == 0:\n        kept = np.ones(10**8)\n        time.sleep(60)\n"
        "        os._exit(0)\nreturn 1.0",
    ),
    "forks and forks": Hostile(
        "a fork bomb",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        state="*",
    ),
    "leaves a process behind": Hostile(
        "go on after the grading",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        time.sleep(3600)\n    os._exit(0)\nreturn 1.0",
    ),
    "patches numpy and pytest": Hostile(
        "make every comparison true",
        "# \nimport builtins, sys\nimport numpy as np\n\n\ndef yes(*args, **kwargs):\n    return True\n\n\n"
        "for name in ('isclose', 'allclose', 'array_equal'):\n    setattr(np, name, yes)\n"
        "np.testing.assert_allclose = np.testing.assert_array_equal = yes\n"
        "builtins.AssertionError = type('Never', (Exception,), dict())\nbuiltins.isinstance = yes\n"
        "sys.modules['pytest'] = sys.modules['mlt_nn.grading.compare'] = sys\n\n\n"
        "def neuron(a, w, b, g):\n    return 1.0\n",
        0.0,
        "*",
    ),
    "always equal": Hostile(
        "answer with an object that equals everything",
        "class Equal(float):\n    def __eq__(self, other):\n        return True\n    __lt__ = __le__ = __gt__ = "
        "__ge__ = __ne__ = __eq__\n    def __sub__(self, other):\n        return 0.0\n    __rsub__ = __sub__\n"
        "    __hash__ = float.__hash__\nreturn Equal(3)",
    ),
    "an array that lies": Hostile(
        "answer with an array subclass that equals everything",
        "class Liar(np.ndarray):\n    def __eq__(self, other):\n        return np.array(True)\n"
        "    def __array_ufunc__(self, *args, **kwargs):\n        return np.array(True)\n"
        "return np.zeros(()).view(Liar)",
    ),
    "raises AssertionError": Hostile("look like a check", "raise AssertionError('passed')"),
    "raises pytest's own": Hostile("be skipped", "class Skipped(BaseException):\n    pass\nraise Skipped('passed')"),
    "reads frames and memory": Hostile(
        "find the expected answer among the grader's objects",
        "import gc, sys\nframe = sys._getframe()\nwhile frame:\n    for value in frame.f_locals.values():\n"
        "        if type(value) is dict and 'wanted' in value:\n            return value['wanted']\n"
        "    frame = frame.f_back\nfor each in gc.get_objects():\n    if type(each) is dict and 'wanted' in each:\n"
        "        return each['wanted']\nreturn 1.0",
    ),
    "reads the tests": Hostile(
        "find the expected answer in the files",
        "import os\nfound = [file for top in ('/course', '/home', '/root', '/tmp', '/work', '/srv')\n"
        "         for folder, _, files in os.walk(top) for file in files\n"
        "         if file.startswith('test_') or '/solutions/' in folder + '/']\n"
        "if found:\n    return g(float(np.dot(w, a) + b))\nreturn 1.0",
    ),
    "asks the reference": Hostile(
        "let the reference do the exercise",
        f"{_WORKER}return worker._stand_ins._stand_ins['neuron.neuron'](a, w, b, g)",
    ),
    "asks by another's function": Hostile(
        "let a later exercise of the reference do it",
        f"{_WORKER}return float(worker._stand_ins._stand_ins['network.forward_pass']("
        "np.array([a]), dict([(1, np.array([w]).T)]), dict([(1, np.array([b]))]))[0][1][0, 0])",
    ),
    "answers ahead": Hostile(
        "forge the answers to come",
        "import os\nfrom mlt_nn.grading import wire\n"
        "told = dict(answer='0' * 16, generators=[], result=1.0, warnings=[], printed='')\n"
        "for descriptor in range(3, 20):\n    try:\n        os.write(descriptor, wire.pack(told))\n"
        "    except OSError:\n        pass\nreturn 1.0",
        state="died",
    ),
    "an oversize frame": Hostile(
        "make the grader allocate gigabytes",
        "import os\nfor descriptor in range(3, 20):\n    try:\n        os.write(descriptor, bytes([255]) * 8)\n"
        "    except OSError:\n        pass\nreturn 1.0",
        state="died",
    ),
    "a dripping frame": Hostile(
        "hold the grader up with a frame that never ends",
        "import os, time\nwhile True:\n    for descriptor in range(3, 20):\n        try:\n"
        "            os.write(descriptor, bytes(1))\n        except OSError:\n            pass\n    time.sleep(0.05)",
        state="*",
    ),
    "a nested frame": Hostile(
        "exhaust the grader's recursion",
        "import os, struct\nheader = b'[' * 100_000\nfor descriptor in range(3, 20):\n    try:\n"
        "        os.write(descriptor, struct.pack('>II', len(header), 0) + header)\n"
        "    except OSError:\n        pass\nreturn 1.0",
        state="*",
    ),
    "a last word of many digits": Hostile(
        "break the reading of the stack",
        "import os\nfor descriptor in range(3, 20):\n    try:\n"
        "        os.write(descriptor, b'File \"neuron.py\", line ' + b'9' * 9000 + b' in neuron')\n"
        "    except OSError:\n        pass\nwhile True:\n    pass",
        state="*",
    ),
    "calls and calls": Hostile(
        "keep the grader so busy that it never looks at the clock",
        _OUT + "told = wire.pack(dict(call='0', function='network.forward_pass', args=(), kwargs=dict()))\n"
        "while True:\n    out.write(told)",
        state="timed out",
    ),
    "asks and does not listen": Hostile(
        "fill the memory of the grader with answers",
        _OUT + "told = wire.pack(dict(call='0', function='neuron.pre_activation', "
        "args=(np.ones(1), np.ones(1), np.ones(10**6, dtype=bool)), kwargs=dict()))\n"
        "while True:\n    out.write(told)",
        state="died",
    ),
    "a call without a name": Hostile(
        "make the grader send a function",
        _OUT + "out.write(wire.pack(dict(call=print, function=0, args=(1.0,), kwargs=dict()), lambda function: 0))\n"
        "out.flush()\nwhile True:\n    pass",
        state="died",
    ),
    "keys that collide": Hostile(
        "a dict that takes minutes to make",
        _OUT + "entries = [[i * (2**61 - 1), 0] for i in range(36_000)]\n"
        "header = json.dumps(['dict', *entries], separators=(',', ':')).encode()\n"
        "out.write(struct.pack('>II', len(header), 0) + header)\nout.flush()\nwhile True:\n    pass",
        state="died",
    ),
    "a dtype that is no word": Hostile(
        "break the check by an error that nobody expects",
        _sends("['dict', ['answer', '0'], ['result', ['array', '(1,,2)f8,f8', 1]]]", "bytes(16)"),
        state="died",
    ),
    "an array as arguments": Hostile(
        "make the grader unpack an array of millions, entry by entry",
        _OUT + "told = dict(call='0', function='neuron.pre_activation', args=np.zeros(2**23), kwargs=dict())\n"
        "out.write(wire.pack(told))\nout.flush()\nwhile True:\n    pass",
        state="died",
    ),
    "an array as named arguments": Hostile(
        "make the grader take a million rows for names",
        _OUT + "told = dict(call='0', function=0, args=(), kwargs=np.ones((10**6, 2)))\n"
        "out.write(wire.pack(told))\nout.flush()\nwhile True:\n    pass",
        state="died",
    ),
    "arguments without end": Hostile(
        "a call with more arguments than there are",
        _OUT + "out.write(wire.pack(dict(call='0', function=0, args=(1,) * 10**5, kwargs=dict())))\nout.flush()\n"
        "while True:\n    pass",
        state="died",
    ),
    "a call of a bool": Hostile(
        "be number 1 without being a number",
        _OUT + "out.write(wire.pack(dict(call='0', function=False, args=(1.0,), kwargs=dict())))\nout.flush()\n"
        "while True:\n    pass",
        state="died",
    ),
    "a key twice": Hostile(
        "be two answers", _sends("['dict', ['answer', '0'], ['result', 1.0], ['result', 2.0]]"), state="died"
    ),
    "a random generator of floats": Hostile(
        "break the setting of its state",
        _sends(
            "['generator', ['dict', ['bit_generator', 'PCG64'], ['state', ['dict', ['state', 1.5], ['inc', 1]]], "
            "['has_uint32', 0], ['uinteger', 0]]]"
        ),
        state="died",
    ),
    "a field that nobody knows": Hostile(
        "tell the grader the points", _sends("['dict', ['answer', '0'], ['points', 76]]"), state="died"
    ),
    "a place far away": Hostile(
        "break the reading of the line",
        "from mlt_nn.grading.channel import Channel\nreply = Channel.reply\n\n\ndef forged(channel, call, answer):\n"
        "    place = dict(module='neuron', line=10**30, source='', function='')\n"
        "    error = dict(type='ValueError', message='', place=place)\n"
        "    return reply(channel, call, dict(error=error, printed='', warnings=[]))\n\n\n"
        "Channel.reply = forged\nreturn 1.0",
        state="died",
    ),
    "opens a socket": Hostile(
        "leave ports in use for who comes after",
        f"import socket\nwith socket.create_server(('127.0.0.1', 0)) as server:\n    {_WON}",
    ),
    "two sockets": Hostile("talk through sockets", f"import socket\nsocket.socketpair()\n{_WON}"),
    "a pipe": Hostile("leave a note in the numbers of pipes", f"import os\nos.pipe()\n{_WON}"),
    "stamps the null device": Hostile(
        "leave a note in the time of a file that all have", f"import os\nos.utime(os.devnull)\n{_WON}"
    ),
    "locks the library": Hostile(
        "tell a worker beside it a bit",
        f"import fcntl, os\nfcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)\n{_WON}",
    ),
    "watches the library": Hostile(
        "see what a worker beside it reads",
        "import ctypes\nlibrary = ctypes.CDLL(None)\nwatch = library.inotify_init1(0)\n"
        f"if watch >= 0 and library.inotify_add_watch(watch, b'/python', 0xfff) >= 0:\n    {_WON}\nreturn 1.0",
    ),
    "looks into the page cache": Hostile(
        "see what an earlier worker read",
        f"import os\nos.preadv(os.open(os.__file__, os.O_RDONLY), [bytearray(1)], 0, os.RWF_NOWAIT)\n{_WON}",
    ),
    "empties the page cache": Hostile(
        "leave a note in what is in memory of a file",
        f"import os\nos.posix_fadvise(os.open(os.__file__, os.O_RDONLY), 0, 0, os.POSIX_FADV_DONTNEED)\n{_WON}",
    ),
    "asks for the disk": Hostile("read a note in how full the disk is", f"import os\nos.statvfs(os.__file__)\n{_WON}"),
    "writes to the disk": Hostile(
        "hold up everybody's writing", f"import os\nos.fsync(os.open(os.__file__, os.O_RDONLY))\n{_WON}"
    ),
    "files without a byte": Hostile(
        "use up the memory with names, which have no size",
        f"import os\nfor number in range(5000):\n    os.close(os.open(f'/scratch/{{number}}', os.O_CREAT))\n{_WON}",
    ),
    "starts a program": Hostile(
        "be rid of what Python forbids",
        f"import subprocess\nsubprocess.run(['/python/bin/python3', '-c', ''], check=True)\n{_WON}",
    ),
    "becomes a program": Hostile(
        "be another Python, which nobody has prepared", "import os\nos.execv('/python/bin/python3', ['python3'])"
    ),
    "a process that is no child": Hostile(
        "use up time that is counted for nobody",
        "import os, signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        f"if os.fork() == 0:\n    sum(range(10**6))\n    os._exit(0)\n{_WON}",
    ),
    "sleeps": Hostile("hold the grader up without computing", "import time\ntime.sleep(3600)", state="timed out"),
    "sleeps and wakes": Hostile(
        "hold the grader up and compute a little",
        "import time\nwhile True:\n    time.sleep(0.01)",
        state="timed out",
    ),
    "works when it is looked at": Hostile(
        "hold the grader up, and sleep where nobody looks",
        "import time\nstart, half = time.monotonic(), 0\nwhile True:\n    half += 0.501\n"
        "    time.sleep(max(0, start + half - 0.01 - time.monotonic()))\n"
        "    while time.monotonic() < start + half + 0.02:\n        pass",
        state="timed out",
    ),
    "a frame of single bytes": Hostile(
        "hold the grader up with a frame of which there is always a little more",
        _OUT + "out.write(struct.pack('>II', 2**20, 2**26))\nout.flush()\n"
        "while True:\n    os.write(out.fileno(), b'x')",
        state="timed out",
    ),
    "more than a check can keep": Hostile(
        "fill the memory of a check that keeps what it is given",
        "many = np.ones(15_000)\nwhile True:\n    try:\n        g(many)\n"
        "    except (TypeError, ValueError):\n        pass",
        state="died",
    ),
    "a large argument": Hostile(
        "let a function of the check work on 64 MB",
        "try:\n    g(np.ones(2**26 - 1000, dtype=bool))\nexcept ValueError:\n    pass\nreturn 1.0",
    ),
    "a message of a million letters": Hostile(
        "break the reading of a message",
        "import mlt_nn.grading.worker as worker\nworker.MAX_MESSAGE = 10**6\nraise ValueError('shapes ' * 100_000)",
    ),
    "last words without end": Hostile(
        "break the reading of the stack once more",
        f"import os\n{_WORKER}"
        "os.write(worker._errors.fileno(), b'Fatal Python error' + b'File \"' * 100 + b'a' * 48_000)\nos._exit(1)",
        state="died",
    ),
    "forges what was observed": Hostile(
        "break the check that looks at the arguments",
        "from mlt_nn.grading.channel import Channel\nreply = Channel.reply\n\n\ndef forged(channel, call, answer):\n"
        "    return reply(channel, call, answer | dict(args=[]) if 'args' in answer else answer)\n\n\n"
        "Channel.reply = forged\nreturn 1.0",
        state="*",
    ),
    "an endless integer": Hostile("a number that no float can hold", "return 10**400"),
    "half a float": Hostile(
        "be nearly right, in so few digits that nobody can tell", "return np.float16(1.01 * g(float(np.dot(w, a) + b)))"
    ),
    "a shape bomb": Hostile("an array of terabytes", "return np.broadcast_to(1.0, (10**6, 10**6))"),
    "an empty array": Hostile("nothing to compare", "return np.empty((0,))"),
    "NaN": Hostile("nothing compares with it", "return float('nan')"),
    "an array of ones": Hostile("let NumPy broadcast", "return np.ones(1000)"),
    "a constant": Hostile("hope", "return 0.5"),
    "the identity": Hostile("hope", "return a"),
    "prints 50 MB": Hostile("fill the memory of the grader", "for _ in range(50):\n    print('x' * 10**6)\nreturn 1.0"),
    "writes to standard output": Hostile(
        "forge the report", "import os\nos.write(1, b'{\"points\": 76}\\n')\nprint('{\"points\": 76}')\nreturn 1.0"
    ),
    "starts threads that spin": Hostile(
        "use up the processors",
        "import threading\n\n\ndef spin():\n    while True:\n        pass\n\n\ntry:\n    for _ in range(100):\n"
        "        threading.Thread(target=spin, daemon=True).start()\nexcept RuntimeError:\n    pass\nreturn 1.0",
        state="*",
    ),
    "crashes Python": Hostile("a segmentation fault", "import ctypes\nctypes.string_at(0)", state="died"),
    "connects": Hostile(
        "tell the hidden checks to somebody",
        "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)\nreturn g(float(np.dot(w, a) + b))",
    ),
    "raises its limits": Hostile(
        "have more than it may",
        "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (10**5, 10**5))\nreturn g(float(np.dot(w, a) + b))",
    ),
    "writes start-up files": Hostile(
        "poison the next submission",
        "import os\nfor folder in ('/packages', '/course/mlt_nn', '/python/lib', '/scratch', '/submission', '/tmp'):\n"
        "    for name in ('sitecustomize.py', 'usercustomize.py', 'numpy.py', 'evil.pth', 'neuron.py'):\n"
        "        try:\n            with open(os.path.join(folder, name), 'w') as file:\n"
        "                file.write('raise SystemExit')\n        except OSError:\n            pass\nreturn 1.0",
    ),
    "shares memory": Hostile(
        "fill memory that no limit counts",
        "import ctypes\nlibrary = ctypes.CDLL(None)\nlibrary.shmat.restype = ctypes.c_void_p\n"
        "library.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]\n"
        "number = library.shmget(0, ctypes.c_size_t(10**8), 0o1600)\nif number >= 0:\n"
        "    ctypes.memset(library.shmat(number, None, 0), 1, 10**8)\n"
        "    return g(float(np.dot(w, a) + b))\nreturn 1.0",
    ),
    "takes over the keeper": Hostile(
        "outlive the sandbox by a hand in the process that ends it",
        "import ctypes\nptrace = ctypes.CDLL(None).ptrace\nptrace.argtypes = [ctypes.c_long] * 4\n"
        "if ptrace(16, 1, 0, 0) == 0:\n    return g(float(np.dot(w, a) + b))\nreturn 1.0",
    ),
    "shadows numpy": Hostile(
        "replace NumPy and the given modules for all that follows",
        "# \nimport sys, types\nimport numpy as np\n\nsys.modules['numpy'] = sys.modules['mlt_nn.activations'] = "
        "types.ModuleType('numpy')\n\n\ndef pre_activation(a, w, b):\n    return np.dot(w, a) + b\n\n\n"
        "def neuron(a, w, b, g):\n    return 1.0\n",
        state="*",
    ),
    "changes its arguments": Hostile(
        "change what the check compares with", "a[...] = w[...] = 0.0\nreturn 0.0", state="failed"
    ),
    "raises without end": Hostile(
        "an exception whose text never ends",
        "class Endless(Exception):\n    def __str__(self):\n        while True:\n            pass\nraise Endless",
        state="timed out",
    ),
}
