"""Submissions that are worth nothing and want marks, or harm: each is tried on all graders, word for word the same.

Each defines attack(a, w, b), which answers in place of `pre_activation`. Where the graders differ, an attack tries what
works in any of them. None multiplies without end, so that what a grader lets through does not fill the computer.
"""

_EXIT = "import os\n\n\ndef attack(a, w, b):\n    os._exit(0)"
_LOOP = "def attack(a, w, b):\n    while True:\n        pass"

# Finds `assert_allclose(pre_activation(...), wanted, ...)` in a text and answers as wanted.
_ANSWER = """
import ast


def answer(text, a, w, b):
    for part in text.split("assert_allclose(")[1:]:
        try:
            call = ast.parse("f(" + part[: part.index("strict=True)") + 12]).body[0].value
            asked, wanted = (eval(ast.unparse(each), {"np": np, "pre_activation": lambda *x: x}) for each in call.args)
            if all(map(np.array_equal, asked, (a, w, b))):
                return wanted
        except Exception:
            pass
"""

HOSTILE = {
    "ends the process with success": _EXIT,
    "ends the process before anything is asked": "import os\nos._exit(0)",
    "ends politely": "def attack(a, w, b):\n    raise SystemExit(0)",
    "ends its parent": (
        "import os, signal\n\n\ndef attack(a, w, b):\n    os.kill(os.getppid(), signal.SIGKILL)\n    return 0.0"
    ),
    "ends everything": "import os, signal\n\n\ndef attack(a, w, b):\n    os.kill(-1, signal.SIGKILL)\n    return 0.0",
    "loops": _LOOP,
    "loops, deaf to interrupts": (
        "import signal\n\n\ndef attack(a, w, b):\n    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n"
        "    while True:\n        pass"
    ),
    "eats the memory": (
        "def attack(a, w, b):\n    kept = []\n    while True:\n        kept.append(np.ones(10_000_000))"
    ),
    "leaves 20 processes behind": """
import os, time

begun = []


def attack(a, w, b):
    for _ in range(0 if begun else 20):
        begun.append(1)
        if os.fork() == 0:
            os.setsid()
            os.closerange(0, 1000)
            time.sleep(3600)
            os._exit(0)
    return 0.0
""",
    "makes every comparison true": """
import numpy.testing


def yes(*arguments, **settings):
    return True


for name in ("assert_allclose", "assert_array_equal", "assert_equal"):
    setattr(numpy.testing, name, yes)
for name in ("isclose", "allclose", "array_equal", "all"):
    setattr(np, name, yes)


def attack(a, w, b):
    return 0.0
""",
    "takes the tests out of the runner": """
try:
    from otter.test_files.exception_test import test_case
    test_case.call_func = lambda self, names: None
except ImportError:
    try:
        get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
    except NameError:
        pass
try:
    import sys
    sys.modules["pytest"] = sys.modules["mlt_nn.grading.compare"] = sys
except Exception:
    pass


def attack(a, w, b):
    return 0.0
""",
    "writes the results": """
try:
    from otter.test_files import exception_test
    made = exception_test.TestCaseResult
    exception_test.TestCaseResult = lambda test_case, message, passed: made(test_case, message, True)
except ImportError:
    pass
try:
    import sqlite3, pathlib
    for file in pathlib.Path.cwd().parents[2].glob("gradebook.db"):
        with sqlite3.connect(file, timeout=5) as database:
            for event in ("INSERT", "UPDATE"):
                database.execute(
                    f"CREATE TRIGGER forged_{event} AFTER {event} ON grade BEGIN "
                    "UPDATE grade SET auto_score = 1 WHERE id = NEW.id AND auto_score = 0; END"
                )
except Exception:
    pass


def attack(a, w, b):
    import os
    try:
        from mlt_nn.grading import wire
        told = dict(answer="0" * 16, generators=[], result=4.75, warnings=[], printed="")
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, wire.pack(told))
            except OSError:
                pass
    except ImportError:
        pass
    return 0.0
""",
    "hides its errors": """
async def run_code(*arguments, **settings):
    return False


try:
    get_ipython().run_code = run_code
except NameError:
    pass


def attack(a, w, b):
    raise AssertionError("passed")
""",
    "equals everything": """
class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        if ufunc.__name__ in ("isnan", "isinf", "isnat", "signbit"):
            return np.False_
        if ufunc.__name__ in ("subtract", "add", "multiply", "absolute"):
            return self
        return np.True_

    def __array_function__(self, function, types, arguments, settings):
        return np.True_


def attack(a, w, b):
    return np.zeros(()).view(Liar)
""",
    "reads the constants of its caller": """
import sys


def attack(a, w, b):
    caller = sys._getframe(2)
    numbers = [each for each in caller.f_code.co_consts if type(each) is float]
    return numbers[-1] if numbers else 0.0
""",
    "reads the files of the tests": _ANSWER
    + """

import pathlib


def attack(a, w, b):
    for folder in list(pathlib.Path.cwd().parents)[:4] + [pathlib.Path.cwd(), pathlib.Path("/course")]:
        if folder != pathlib.Path("/"):
            for pattern in ("*.ipynb", "*.py", "tests/*.py", "source/*/*.ipynb"):
                for file in folder.glob(pattern):
                    found = answer(file.read_text(errors="replace"), a, w, b)
                    if found is not None:
                        return found
    return 0.0
""",
    "reads the memory of the grader": _ANSWER
    + """

import gc


def attack(a, w, b):
    texts = []
    try:
        texts.append(get_ipython().user_ns["In"][-1])
    except NameError:
        pass
    texts += [each.source for each in gc.get_objects() if type(each).__name__ == "ExceptionTestFile"]
    for text in texts:
        found = answer(text, a, w, b)
        if found is not None:
            return found
    return 0.0
""",
    "prints a result": (
        'import os\n\n\ndef attack(a, w, b):\n    told = \'{"points": 18, "score": 18}\'\n    print(told)\n'
        "    os.write(1, told.encode())\n    return 0.0"
    ),
    "prints 50 MB": "def attack(a, w, b):\n    for _ in range(50):\n        print('x' * 10**6)\n    return 0.0",
    "crashes Python": "import ctypes\n\n\ndef attack(a, w, b):\n    ctypes.string_at(0)",
    "asks to be skipped": "import unittest\n\n\ndef attack(a, w, b):\n    raise unittest.SkipTest('passed')",
}

# In submissions that are right but for this one function: what happens to the rest?
ACCIDENTS = {"an endless loop in one function": _LOOP, "os._exit(0) in one function": _EXIT}
