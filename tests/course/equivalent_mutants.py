"""Mutants that are right too, by the changed line as Python writes it out, each with the reason."""

_SYMMETRIC = "the order of the two does not matter"
_ARRAYS_ARE_PROMISED = "the arguments are arrays; np.asarray is a courtesy to who gives lists"
_NUMPY_FLOAT = "a NumPy float is a number as well"
_LAYOUT = "how an array lies in memory changes none of its numbers"
_SAME_SHAPE = "both have one shape by then, or are refused for that"

EQUIVALENT = {
    "neuron.pre_activation": {
        "return np.dot(a, w) + b": _SYMMETRIC,
    },
    "neuron.neuron": {
        "return g(pre_activation(w, a, b))": _SYMMETRIC,
    },
    "activations.sigmoid": {
        "return np.maximum(e, np.asarray(z) > 0) / (1 + e)": "at z = 0 both are 1, for e = 1",
        "return np.maximum(e, z >= 0) / (1 + e)": "z is an array or a number, and both can be compared",
        "return np.maximum(np.asarray(z) >= 0, e) / (1 + e)": _SYMMETRIC,
    },
    "activations.softmax": {
        "Z = Z": _LAYOUT,
        "without Z = np.asfortranarray(Z)": _LAYOUT,
    },
    "activations.relu": {
        "return np.maximum(0, z)": _SYMMETRIC,
    },
    "network.accuracy": {
        "return float(np.mean(labels == np.asarray(predicted)))": _ARRAYS_ARE_PROMISED,
        "return float(np.mean(np.asarray(labels) == predicted))": _ARRAYS_ARE_PROMISED,
        "return np.mean(np.asarray(labels) == np.asarray(predicted))": _NUMPY_FLOAT,
    },
    "losses.squared_error": {
        "without y, y_hat = (np.asarray(y), np.asarray(y_hat))": _ARRAYS_ARE_PROMISED,
        "y, y_hat = (np.asarray(y), y_hat)": _ARRAYS_ARE_PROMISED,
        "y, y_hat = (y, np.asarray(y_hat))": _ARRAYS_ARE_PROMISED,
        "y, y_hat = (np.asarray(y_hat), np.asarray(y))": _SYMMETRIC,
        "y_hat, y = (np.asarray(y), np.asarray(y_hat))": _SYMMETRIC,
        "if y.shape != y_hat.shape or not (y.ndim == 1 or (y.ndim == 2 and y_hat.shape[1] == 1)):": _SAME_SHAPE,
        "if y.shape != y_hat.shape or not (y.ndim == 1 or (y_hat.ndim == 2 and y.shape[1] == 1)):": _SAME_SHAPE,
        "if y.shape != y_hat.shape or not (y_hat.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1)):": _SAME_SHAPE,
        "return 0.5 * np.sum((y_hat - y) * (y_hat - y))": _NUMPY_FLOAT,
    },
    "losses.cross_entropy": {
        "without Y, Y_hat = (np.asarray(Y), np.asarray(Y_hat))": _ARRAYS_ARE_PROMISED,
        "Y, Y_hat = (np.asarray(Y), Y_hat)": _ARRAYS_ARE_PROMISED,
        "Y, Y_hat = (Y, np.asarray(Y_hat))": _ARRAYS_ARE_PROMISED,
        "p = np.where(Y == 0, 2, Y_hat)": "0 times the logarithm of any positive number is 0",
        "return -np.sum(Y * np.log(p))": _NUMPY_FLOAT,
    },
    "backpropagation.layer_backward": {
        "b_g = Z_g.T @ np.ones(len(A_prev), Z_g.dtype)": "both have a row for each point",
        "b_g = Z_g.T @ np.ones(len(Z_g), A_prev.dtype)": "all arguments have one dtype",
    },
    "scalar_network.loss": {
        "return 0.5 * (y - y_hat) ** 2": _SYMMETRIC,
    },
    "gradient_check.numerical_gradient": {
        "gradient = np.ones_like(theta)": "every entry is written over",
        "above = f(theta)": "f reads what it is given and forgets it; in a check it gets a copy anyway",
        "below = f(theta)": "f reads what it is given and forgets it; in a check it gets a copy anyway",
    },
    "gradient_check.relative_error": {
        "difference = np.abs(np.subtract(b, a))": _SYMMETRIC,
        "size = np.maximum(np.abs(b), np.abs(a))": _SYMMETRIC,
        "size = np.where(size == 0, 2, size)": "the difference is 0 there, and 0 / 2 = 0 / 1",
        "return np.max(difference / size)": _NUMPY_FLOAT,
    },
    "gradient_descent.update": {
        "new_W = {l: W[l] - learning_rate * W_g[l] for l in b}": "W and b have the same keys",
        "new_b = {l: b[l] - learning_rate * b_g[l] for l in W_g}": "b and W_g have the same keys",
    },
    "gradient_descent.train": {
        "batches = [slice(None)] if batch_size is None else minibatches(len(Y), batch_size, rng)": (
            "there are as many targets as points"
        ),
    },
    "regularization.l1_penalty": {
        "return strength * sum((np.sum(np.abs(W[l])) for l in W))": _NUMPY_FLOAT,
    },
    "regularization.l2_penalty": {
        "return strength / 2 * sum((np.sum(W[l] * W[l]) for l in W))": _NUMPY_FLOAT,
    },
}
