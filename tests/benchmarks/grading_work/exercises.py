"""Six exercises of the course with three checks each, and submissions of them: the source of all graders' forms."""

import ast

from mlt_nn.support.folders import SOLUTIONS

# Word for word the same for all graders; a check is worth one point. `strict` compares shapes and dtypes too.
CHECKS = {
    "neuron.pre_activation": (
        "assert_allclose(pre_activation(np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.5), 1.5, strict=True)",
        "assert_allclose(pre_activation(np.array([3.0]), np.array([-2.0]), 0.5), -5.5, strict=True)",
        "assert_allclose(pre_activation(np.zeros(4), np.ones(4), 1.25), 1.25, strict=True)",
    ),
    "activations.sigmoid": (
        "assert_allclose(sigmoid(np.log([1.0, 3.0])), np.array([0.5, 0.75]), strict=True)",
        "assert_allclose(sigmoid(np.array([[1000.0], [-1000.0]])), np.array([[1.0], [0.0]]), strict=True)",
        "z = np.linspace(-3, 3, 7)\nassert_allclose(sigmoid(z) + sigmoid(-z), np.ones(7), strict=True)",
    ),
    "activations.softmax": (
        "assert_allclose(softmax(np.log([[1.0, 3.0], [4.0, 4.0]])), np.array([[0.25, 0.75], [0.5, 0.5]]), strict=True)",
        "assert_allclose(softmax(np.array([[1000.0, 1000.0]])), np.array([[0.5, 0.5]]), strict=True)",
        "Z = np.arange(12.0).reshape(4, 3)\nassert_allclose(softmax(Z).sum(axis=1), np.ones(4), strict=True)",
    ),
    "network.predict": (
        "assert_allclose(predict(np.array([[0.25, 0.75], [0.5, 0.125]])), np.array([1, 0]), strict=True)",
        "assert_allclose(predict(np.eye(5)), np.arange(5), strict=True)",
        "assert_allclose(predict(np.array([[0.1, 0.2, 0.7]])), np.array([2]), strict=True)",
    ),
    "losses.one_hot": (
        "assert_allclose(one_hot(np.array([1, 0]), 2), np.array([[0.0, 1.0], [1.0, 0.0]]), strict=True)",
        "assert_allclose(one_hot(np.arange(4), 4), np.eye(4), strict=True)",
        "assert_allclose(one_hot(np.array([2]), 3), np.array([[0.0, 0.0, 1.0]]), strict=True)",
    ),
    "losses.squared_error": (
        "assert_allclose(squared_error(np.array([1.0, 2.0]), np.array([1.5, 4.0])), 2.125, strict=True)",
        "assert_allclose(squared_error(np.array([[3.0]]), np.array([[1.0]])), 2.0, strict=True)",
        "assert_allclose(squared_error(np.arange(5.0), np.arange(5.0)), 0.0, strict=True)",
    ),
}
POINTS = sum(map(len, CHECKS.values()))
IMPORTS = "import numpy as np"
CHECK_IMPORTS = "import numpy as np\nfrom numpy.testing import assert_allclose"


def right():
    """A right submission: name of the exercise -> the source of its function, from the solutions."""
    return {name: _source(*name.split(".")) for name in CHECKS}


def wrong(attack):
    """A submission worth nothing: each function returns None, but `pre_activation` what the attack returns.

    Arguments:
        attack: lines of Python that define attack(a, w, b).
    """
    first, *others = CHECKS
    none = {name: f"def {name.partition('.')[2]}(*arguments):\n    return None" for name in others}
    return {first: _attacked(attack)} | none


def right_but(attack):
    """A right submission but for `pre_activation`, which is the attack."""
    return right() | {next(iter(CHECKS)): _attacked(attack)}


def write_modules(folder, submission):
    """Write a submission as exercise modules."""
    folder.mkdir(parents=True)
    for name, source in submission.items():
        file = folder / f"{name.partition('.')[0]}.py"
        before = file.read_text(encoding="utf-8") if file.exists() else IMPORTS
        file.write_text(f"{before}\n\n\n{source}\n", encoding="utf-8")


def write_checks(folder):
    """Write the checks in the course's form, as test_work.py."""
    folder.mkdir(parents=True)
    parts = [f"{CHECK_IMPORTS}\nfrom mlt_nn.grading import exercise\n"]
    for name, checks in CHECKS.items():
        function = name.partition(".")[2]
        for number, check in enumerate(checks, 1):
            lines = "\n    ".join([f"{function} = student.{name}", *check.splitlines()])
            parts.append(f'\n\n@exercise("{name}")\ndef test_{function}_{number}(student):\n    {lines}\n')
    (folder / "test_work.py").write_text("".join(parts), encoding="utf-8")


def _attacked(attack):
    return f"{attack}\n\n\ndef pre_activation(a, w, b):\n    return attack(a, w, b)"


def _source(module, function):
    text = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == function]
    lines = (ast.get_source_segment(text, nodes[0]) or "").splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("### "))
