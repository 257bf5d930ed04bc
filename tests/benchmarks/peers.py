"""The same training by different hands: ours, scikit-learn's and PyTorch's, and the least that all must do."""

import importlib
import itertools
import sys
import warnings
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

OURS, LIMIT, SCIKIT_LEARN, PYTORCH = "mlt-nn", "limit", "scikit-learn", "PyTorch"
DATA_LOADER = "PyTorch with a DataLoader"
_NEEDS = {SCIKIT_LEARN: "sklearn", PYTORCH: "torch"}


class Work(NamedTuple):
    """What is to be trained: a network for classification, by gradient descent on the summed cross-entropy."""

    X: Any
    labels: Any
    Y: Any
    """The labels one-hot, in the dtype of X."""
    W: dict
    b: dict
    hidden: str
    """"relu" or "sigmoid"."""
    batch_size: int | None
    learning_rate: float
    epochs: int = 1
    shuffled: bool = True
    """Whether mini-batches are shuffled; in order, all peers see the same ones."""


class DifferentWorkError(RuntimeError):
    """Two peers did not compute the same: their times must not be compared."""


def exercise_module(module):
    """One of the exercise modules, from the folder that MLT_NN_EXERCISES names."""
    return importlib.import_module(f"mlt_nn.{module}")


def missing():
    """The peers that are not installed."""
    return [name for name, package in _NEEDS.items() if find_spec(package) is None]


def how_to_install():
    """The command that installs all peers, for the Python that runs this."""
    return f'{sys.executable} -m pip install -e ".[bench]"'


def available(names):
    """Name -> peer, for those of these that are installed: it takes a `Work` and returns the function that does it."""
    absent = missing()
    return {name: PEERS[name] for name in names if {DATA_LOADER: PYTORCH}.get(name, name) not in absent}


def new_work(X, labels, sizes, hidden, batch_size, epochs=1):
    """A `Work` on these points: weights of 0.05 N(0, 1), a learning rate of 0.1 for the mean of a mini-batch."""
    W, b = exercise_module("network").initialize(sizes, np.random.default_rng(0), X.dtype)
    small = X.dtype.type(0.05)
    W, b = {l: small * W[l] for l in W}, {l: small * b[l] for l in b}
    Y = exercise_module("losses").one_hot(labels, sizes[-1], X.dtype)
    return Work(X, labels, Y, W, b, hidden, batch_size, 0.1 / (batch_size or len(X)), epochs)


def ours(work):
    """The course's `train`, as the solutions have it."""
    train = exercise_module("gradient_descent").train
    rng = np.random.default_rng(0) if work.shuffled else _InOrder()

    def run():
        W, b, _ = train(
            work.X,
            work.Y,
            work.W,
            work.b,
            work.hidden,
            "softmax",
            work.learning_rate,
            work.epochs,
            work.batch_size,
            rng,
        )
        return W, b

    return run


def limit(work):
    """What nobody gets round: the large matrix products X W[1] and X^T Z_g[1], and shuffled rows gathered for them."""
    n = len(work.X)
    size = work.batch_size or n
    rng = np.random.default_rng(0)

    def run():
        for _ in range(work.epochs):
            order = rng.permutation(n) if work.batch_size and work.shuffled else None
            for start in range(0, n, size):
                rows = slice(start, start + size)
                X = work.X[rows if order is None else order[rows]]
                X.T @ (X @ work.W[1])

    return run


def scikit_learn(work):
    """scikit-learn's MLPClassifier with momentum and L2 off, which leaves plain gradient descent."""
    from sklearn import config_context
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    layers = range(1, len(work.W) + 1)
    size = work.batch_size or len(work.X)
    model = MLPClassifier(
        hidden_layer_sizes=[work.W[l].shape[1] for l in layers[:-1]],
        activation={"sigmoid": "logistic"}.get(work.hidden, work.hidden),
        solver="sgd",
        alpha=0.0,
        momentum=0.0,
        learning_rate_init=work.learning_rate * size,  # its gradient is that of the mean
        max_iter=work.epochs,
        n_iter_no_change=work.epochs + 1,
        shuffle=work.shuffled and work.batch_size is not None,
        random_state=0,
    )
    # One point gives it parameters, which are then replaced by ours.
    model.set_params(batch_size=1).partial_fit(work.X[:1], work.labels[:1], classes=np.arange(work.Y.shape[1]))
    model.set_params(batch_size=size, warm_start=True)
    model.coefs_ = [work.W[l].copy() for l in layers]
    model.intercepts_ = [work.b[l].copy() for l in layers]

    def run():
        with warnings.catch_warnings(), config_context(assume_finite=True):
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is what was asked for
            model.fit(work.X, work.labels)
        return dict(zip(layers, model.coefs_, strict=True)), dict(zip(layers, model.intercepts_, strict=True))

    return run


def pytorch(work):
    """PyTorch with autograd, and the step written out: at small mini-batches that is faster than torch.optim.SGD."""
    import torch

    layers = range(1, len(work.W) + 1)
    X, labels = torch.from_numpy(work.X), torch.from_numpy(work.labels)
    W = {l: torch.tensor(work.W[l], requires_grad=True) for l in layers}
    b = {l: torch.tensor(work.b[l], requires_grad=True) for l in layers}
    parameters = [*W.values(), *b.values()]
    g = getattr(torch, work.hidden)

    def step(X, labels):
        A = X
        for l in layers:
            Z = torch.addmm(b[l], A, W[l])
            A = g(Z) if l < len(layers) else Z
        loss = torch.nn.functional.cross_entropy(A, labels, reduction="sum")
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=work.learning_rate)
        return loss.item()

    def run():
        for _ in range(work.epochs):
            if work.batch_size is None:
                step(X, labels)
                continue
            order = torch.randperm(len(X)) if work.shuffled else torch.arange(len(X))
            for rows in order.split(work.batch_size):
                step(X.index_select(0, rows), labels.index_select(0, rows))
        return {l: W[l].detach().numpy() for l in layers}, {l: b[l].detach().numpy() for l in layers}

    return run


def pytorch_with_data_loader(work):
    """PyTorch as its tutorials use it: a DataLoader, layers, a loss and an optimizer from the library."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    g = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}[work.hidden]
    layers = {l: torch.nn.Linear(*work.W[l].shape, dtype=torch.from_numpy(work.X).dtype) for l in work.W}
    with torch.no_grad():
        for l, layer in layers.items():
            layer.weight.copy_(torch.from_numpy(work.W[l].T))
            layer.bias.copy_(torch.from_numpy(work.b[l]))
    first, *others = layers.values()
    model = torch.nn.Sequential(first, *(module for layer in others for module in (g(), layer)))
    loss = torch.nn.CrossEntropyLoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), lr=work.learning_rate)
    points = TensorDataset(torch.from_numpy(work.X), torch.from_numpy(work.labels))
    loader = DataLoader(points, batch_size=work.batch_size or len(points), shuffle=work.shuffled)

    def run():
        for _ in range(work.epochs):
            for X, labels in loader:
                optimizer.zero_grad()
                loss(model(X), labels).backward()
                optimizer.step()
        return (
            {l: layer.weight.detach().numpy().T for l, layer in layers.items()},
            {l: layer.bias.detach().numpy() for l, layer in layers.items()},
        )

    return run


PEERS = {
    OURS: ours,
    LIMIT: limit,
    SCIKIT_LEARN: scikit_learn,
    PYTORCH: pytorch,
    DATA_LOADER: pytorch_with_data_loader,
}


def demand_same_work(work, peers):
    """Let the peers train on the first mini-batches in order, and compare all weights and biases with ours.

    Raises:
        DifferentWorkError: when they differ by more than rounding explains.
    """
    size = work.batch_size or len(work.X)
    n = size * min(8, len(work.X) // size)  # whole mini-batches: the mean of a shorter one has another divisor
    # scikit-learn wants to meet each class again
    n = len(work.X) if len(np.unique(work.labels[:n])) < work.Y.shape[1] else n
    few = work._replace(X=work.X[:n], labels=work.labels[:n], Y=work.Y[:n], epochs=1, shuffled=False)
    ours_after = ours(few)()
    eps = float(np.finfo(work.X.dtype).eps)
    for name, peer in peers.items():
        if name in (OURS, LIMIT):
            continue
        for before, after, theirs in zip((work.W, work.b), ours_after, peer(few)(), strict=True):
            for l in before:
                # Half the digits of the step, for sums over many points are rounded in another order by each; and
                # the last digit of a parameter, once for each of up to eight mini-batches.
                step, size = (float(np.max(np.abs(array))) for array in (after[l] - before[l], before[l]))
                most = np.sqrt(eps) * step + 8 * eps * size
                difference = float(np.max(np.abs(after[l] - theirs[l])))
                if theirs[l].dtype != after[l].dtype or not difference <= most:
                    raise DifferentWorkError(
                        f"{name} does not do the same work as {OURS}: after {n} points the parameters of layer {l} "
                        f"({theirs[l].dtype}, ours {after[l].dtype}) differ by {difference:.1e}, expected at most "
                        f"{most:.1e} for a step of {step:.1e}. The times cannot be compared."
                    )


def set_threads(number):
    """Let every library here use that many threads from now on."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(number)
    if PYTORCH not in missing():
        import torch

        torch.set_num_threads(number)


def thread_numbers(cores):
    """The numbers of threads worth a try: one and as many as there are cores; none where they cannot be set."""
    if find_spec("threadpoolctl") is None:
        return (None,)
    return tuple(dict.fromkeys((1, cores)))


def on_threads(peers, numbers, work):
    """(name, threads) -> a contestant for `interleaved`, for each peer and number of threads."""

    def contestant(peer, number):
        def prepare():
            if number is not None:
                set_threads(number)
            return peer(work)

        return prepare

    return {(name, number): contestant(peers[name], number) for name, number in itertools.product(peers, numbers)}


class _InOrder:
    """Stands in for a random generator: its permutation leaves everything where it is."""

    def permutation(self, n):
        return np.arange(n)
