"""Seconds until 95 % and 97 % of the test digits are right, everyone with the settings that suit it best."""

import random
import time

import numpy as np

from benchmarks.peers import OURS, PYTORCH, SCIKIT_LEARN, exercise_module, missing, set_threads, thread_numbers
from benchmarks.results import Benchmark
from benchmarks.timing import spread
from mlt_nn.datasets import load_mnist

GOALS = (0.95, 0.97)
ROUNDS = 5
_HIDDEN_NEURONS = 50
# Points between two looks at the test set, with the clock stopped.
_PIECE = 6_000
_MOST_EPOCHS = 15
BATCH_SIZES = {OURS: 64, SCIKIT_LEARN: 256, PYTORCH: 128}
RATES = {OURS: 0.4, SCIKIT_LEARN: 0.008, PYTORCH: 0.004}


def measure(digits=None, rounds=ROUNDS, goals=GOALS):
    """Train everyone that is installed to the goals; yields rows for `BENCHMARK.head`."""
    digits = digits or load_mnist()
    if thread_numbers(1) != (None,):
        set_threads(1)
    absent = missing()
    learners = {name: learner for name, learner in LEARNERS.items() if name not in absent}
    order = random.Random(0)
    seconds: dict = {name: [] for name in learners}
    for seed in range(rounds):
        for name in order.sample(list(learners), len(learners)):
            learn, predict = learners[name](digits, seed)
            seconds[name].append(_until(goals, digits, learn, predict, seed))
    for name in LEARNERS:
        for position, goal in enumerate(goals):
            what = f"{name} to {goal:.0%}"
            if name in absent:
                yield what, "not installed", "", "", ""
                continue
            times = [each[position] for each in seconds[name] if len(each) > position]
            if not times:
                yield what, "not reached", "", "", f"0 of {rounds}"
                continue
            yield (what, *spread(times), f"{len(times)} of {rounds}")


def _until(goals, digits, learn, predict, seed):
    """The seconds of learning until each goal that was reached."""
    rng = np.random.default_rng(seed)
    n = len(digits.X_train)
    reached: list[float] = []
    seconds = 0.0
    for _ in range(_MOST_EPOCHS):
        order = rng.permutation(n)
        for begin in range(0, n, _PIECE):
            rows = order[begin : begin + _PIECE]
            start = time.perf_counter()
            learn(rows)
            seconds += time.perf_counter() - start
            right = float(np.mean(predict(digits.X_test) == digits.labels_test))
            while len(reached) < len(goals) and right >= goals[len(reached)]:
                reached.append(seconds)
            if len(reached) == len(goals):
                return reached
    return reached


def _ours(digits, seed):
    network, train = exercise_module("network"), exercise_module("gradient_descent").train
    rng = np.random.default_rng(seed)
    X = digits.X_train
    Y = exercise_module("losses").one_hot(digits.labels_train, 10, X.dtype)
    W, b = network.initialize((X.shape[1], _HIDDEN_NEURONS, 10), rng, X.dtype)
    small = X.dtype.type(0.05)
    state = {"W": {l: small * W[l] for l in W}, "b": {l: small * b[l] for l in b}}

    def learn(rows):
        rate, size = RATES[OURS] / BATCH_SIZES[OURS], BATCH_SIZES[OURS]
        state["W"], state["b"], _ = train(
            X[rows], Y[rows], state["W"], state["b"], "relu", "softmax", rate, 1, size, rng
        )

    def predict(X):
        _, A = network.forward_pass(X, state["W"], state["b"], "relu")
        return network.predict(A[2])

    return learn, predict


def _scikit_learn(digits, seed):
    from sklearn import config_context
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (_HIDDEN_NEURONS,),
        solver="adam",
        alpha=0.0,
        batch_size=BATCH_SIZES[SCIKIT_LEARN],
        learning_rate_init=RATES[SCIKIT_LEARN],
        random_state=seed,
    )

    def learn(rows):
        with config_context(assume_finite=True):
            model.partial_fit(digits.X_train[rows], digits.labels_train[rows], classes=range(10))

    return learn, model.predict


def _pytorch(digits, seed):
    import torch

    torch.manual_seed(seed)
    X, labels = torch.from_numpy(digits.X_train), torch.from_numpy(digits.labels_train)
    model = torch.nn.Sequential(
        torch.nn.Linear(X.shape[1], _HIDDEN_NEURONS), torch.nn.ReLU(), torch.nn.Linear(_HIDDEN_NEURONS, 10)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=RATES[PYTORCH], fused=True)

    def learn(rows):
        for batch in torch.from_numpy(rows).split(BATCH_SIZES[PYTORCH]):
            loss = torch.nn.functional.cross_entropy(model(X.index_select(0, batch)), labels.index_select(0, batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def predict(X):
        with torch.no_grad():
            return model(torch.from_numpy(X)).argmax(dim=1).numpy()

    return learn, predict


LEARNERS = {OURS: _ours, SCIKIT_LEARN: _scikit_learn, PYTORCH: _pytorch}

BENCHMARK = Benchmark(
    "Time to an accuracy",
    ("who, to what accuracy on the test set", "median, s", "least, s", "most, s", "reached"),
    measure,
    f"Seconds of training in float32 with one thread, {ROUNDS} starts each in turns; after every {_PIECE:,} points the "
    "clock stops and the test set is asked. The network is 784-50-10 with ReLU for all, the rest is what suited each "
    "best in a small search by hand: "
    + "; ".join(
        f"{name} {method}, {rate} {RATES[name]}, mini-batches of {BATCH_SIZES[name]}"
        for name, method, rate in (
            (OURS, "plain gradient descent from 0.05 N(0, 1)", "with a learning rate (for the mean) of"),
            (SCIKIT_LEARN, "Adam from its own start", "at"),
            (PYTORCH, "Adam (fused) from its own start", "at"),
        )
    )
    + ".",
)
