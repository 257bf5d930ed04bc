"""Checks: ordinary pytest functions that judge what the student wrote, in a process that they do not share with it.

A check file needs these names, and the fixtures `student` and `rng`, a random generator that each run seeds:

    from mlt_nn.grading import assert_matches, exercise

    @exercise("activations.softmax")
    def test_one_row(student):
        \"\"\"Two equal numbers share the probability\"\"\"
        assert_matches(student.activations.softmax(np.zeros((1, 2))), np.array([[0.5, 0.5]]), name="A")
"""

_FOR_CHECKS = {
    "assert_close": "mlt_nn.grading.compare",
    "assert_matches": "mlt_nn.grading.compare",
    "assert_raises": "mlt_nn.grading.behavior",
    "assert_silent": "mlt_nn.grading.behavior",
    "assert_unchanged": "mlt_nn.grading.behavior",
    "exercise": "mlt_nn.grading.collection",
}


def __getattr__(name):
    # Looked up on first use: the worker imports this package too, and has no need of comparisons.
    if name not in _FOR_CHECKS:
        raise AttributeError(f"module 'mlt_nn.grading' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_FOR_CHECKS[name]), name)
