"""Wrong versions of every exercise, each with the sentence that its report must contain.

A text takes the place of the whole solution, the lines between its markers. `old => new`, or several of these in a
tuple, replaces parts of the solution; each old part occurs in it exactly once.
"""


def parts(version):
    """The parts that a version replaces, as (old, new): none if it is a whole solution."""
    changes = [version] if isinstance(version, str) else version
    return [change.split(" => ") for change in changes if " => " in change]


TOO_LARGE = (
    "1 / (1 + e^-z) overflows: e^1000 is too large for a float. Use e^-|z|, which never is. np.where alone is no way "
    "out, for it computes both sides: make the power small first."
)

WRONG = {
    "neuron.pre_activation": {
        "capitals count": "return np.dot(W, a) + b",
        "You left out the bias b.": "return np.dot(w, a)",
        "You subtracted the bias b; it is added.": "return np.dot(w, a) - b",
        "You multiplied inputs and weights one by one; their products must also be added up.": "return w * a + b",
        "You multiplied inputs and weights one by one; add up the products, then add b.": "return w * a",
        "You took the mean of the products; z is their sum.": "return np.mean(w * a) + b",
        "You added b to every product; it is added once, to their sum.": "return np.sum(w * a + b)",
        "You added up the inputs without their weights.": "return np.sum(a) + b",
        "Only the first input was counted: does the return stand inside the loop?": (
            "z = b\nfor a_i, w_i in zip(a, w):\n    z = z + w_i * a_i\n    return z"
        ),
        "z is None (is a return missing?)": "z = np.dot(w, a) + b",
        "You returned an array with one entry; z is a number.": (
            "z = w[:1] * a[:1] + b\nreturn z if len(a) == 1 else np.dot(w, a) + b"
        ),
        "changes its argument w": "w *= a\nreturn np.sum(w) + b",
    },
    "neuron.neuron": {
        "call it, as in g(z)": "return g(pre_activation)",
        "You returned z; the neuron's activation is g(z).": "return pre_activation(a, w, b)",
        "You left out the bias b.": "return g(pre_activation(a, w, 0.0))",
        "You applied g too early: first the whole sum with its bias, then g.": "return g(np.dot(w, a)) + b",
        "You used the sigmoid; use the g that is given.": "return 1 / (1 + np.exp(-pre_activation(a, w, b)))",
        "You applied g twice.": "return g(g(pre_activation(a, w, b)))",
    },
    "activations.sigmoid": {
        "NumPy's functions begin with np": "return 1 / (1 + exp(-z))",
        "The sign of the exponent is flipped, or the numerators are swapped: for z >= 0 it is 1 / (1 + e^-z).": (
            "return 1 / (1 + np.exp(z))"
        ),
        "or the numerators are swapped": (
            "small = np.exp(-np.abs(z))\nreturn np.where(z >= 0, small, 1) / (1 + small)"
        ),
        "Parentheses are missing: all of 1 + e^-|z| is the denominator.": (
            "small = np.exp(-np.abs(z))\nreturn np.where(z >= 0, 1, small) / 1 + small"
        ),
        "Parentheses are missing: 1 is divided by the whole of 1 + e^-z.": "return 1 / 1 + np.exp(-z)",
        "The 1 in the denominator is missing.": "return 1 / np.exp(-z)",
        "The fraction is missing: 1 is divided by 1 + e^-z.": "return 1 - np.exp(-z)",
        "The denominator is 1 + e^-z; it is a plus.": "return 1 / (1 - np.exp(-z))",
        "That is tanh.": "return np.tanh(z)",
        "That is the slope g'(z); here g(z) is wanted.": "return np.exp(-z) / (1 + np.exp(-z)) ** 2",
        "Infinity / infinity is NaN: e^1000 is too large for a float.": "return np.exp(z) / (1 + np.exp(z))",
        TOO_LARGE: "return 1 / (1 + np.exp(-z))",
        "g(z) is float64 though the input is float32": "return 0.5 + 0.5 * np.tanh(np.float64(0.5) * z)",
        "changes its argument z": "z = np.asarray(z)\nif z.ndim:\n    z *= -0.5\n    return 0.5 - 0.5 * np.tanh(z)\n"
        "return 0.5 + 0.5 * np.tanh(0.5 * z)",
    },
    "activations.tanh": {
        "It calls itself without end": "return tanh(z)",
        "That is the sigmoid.": "return 1 / (1 + np.exp(-z))",
        "Numerator and denominator are swapped.": "return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))",
        "The sign is flipped: it is e^z - e^-z.": "return np.tanh(-z)",
        "The division by e^z + e^-z is missing.": "return np.exp(z) - np.exp(-z)",
        "Parentheses are missing: all of e^z - e^-z is divided by all of e^z + e^-z.": (
            "return np.exp(z) - np.exp(-z) / np.exp(z) + np.exp(-z)"
        ),
        "That is tan, the tangent of an angle; the hyperbolic tangent is np.tanh.": "return np.tan(z)",
        "The 2 before z is missing: tanh is 2 g(2z) - 1, with the sigmoid g.": "return 2 * sigmoid(z) - 1",
        "That is the slope g'(z); here g(z) is wanted.": "return 1 - np.tanh(z) ** 2",
        "Infinity / infinity is NaN: e^1000 is too large for a float. np.tanh knows better.": (
            "return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))"
        ),
    },
    "activations.relu": {
        "Here a number came in, which has no entries to set": "z = z * 1\nz[z < 0] = 0\nreturn z",
        "np.maximum(z, 0) takes the larger": "return np.max(0, z)",
        "That is |z|: a negative number becomes 0, it does not lose its sign.": "return np.abs(z)",
        "You kept the negative numbers and stopped the positive ones.": "return np.minimum(z, 0)",
        "That is the slope g'(z); here g(z) is wanted.": "return np.heaviside(z, 0)",
        "That is the slope g'(z): where z is positive, z itself passes.": "return np.heaviside(z, 1)",
        "You took the largest entry of the whole array; compare each entry with 0 (np.maximum).": "return np.max(z)",
        "changes its argument z": "z = np.asarray(z)\nz[z < 0] = 0\nreturn z",
    },
    "activations.identity": {
        "That is the ReLU: negative numbers pass too.": "return np.maximum(z, 0)",
        "That is the slope g'(z); here g(z) = z is wanted.": "return np.ones_like(z)",
        "The sign is flipped.": "return -z",
    },
    "activations.sigmoid_prime": {
        "That is g(z); the slope is g(z) (1 - g(z)).": "return sigmoid(z)",
        "You used z in the place of g(z): call your sigmoid first.": "return z * (1 - z)",
        "You applied the sigmoid twice: the argument is z, not g(z).": "a = sigmoid(sigmoid(z))\nreturn a * (1 - a)",
        "That is the slope of tanh, 1 - g(z)^2.": "return 1 - sigmoid(z) ** 2",
        "That is 1 - g(z); the factor g(z) is missing.": "return 1 - sigmoid(z)",
        "That is g(z) (1 + g(z)); it is a minus.": "return sigmoid(z) * (1 + sigmoid(z))",
        "That is g(z) - g(z) = 0 (are parentheses missing?); the slope is g(z) (1 - g(z)).": (
            "return sigmoid(z) * 1 - sigmoid(z)"
        ),
        TOO_LARGE: "return sigmoid(z) * (1 - 1 / (1 + np.exp(-z)))",
    },
    "activations.tanh_prime": {
        "That is g(z); the slope is 1 - g(z)^2.": "return tanh(z)",
        "The square is missing: the slope is 1 - g(z)^2.": "return 1 - tanh(z)",
        "You used z in the place of g(z): call your tanh first.": "return 1 - z**2",
        "You applied tanh twice: the argument is z, not g(z).": "return 1 - tanh(tanh(z)) ** 2",
        "That is the sigmoid's formula g(z) (1 - g(z)).": "return tanh(z) * (1 - tanh(z))",
        "That is 1 + g(z)^2; it is a minus.": "return 1 + tanh(z) ** 2",
        "That is (1 - g(z))^2; only g(z) is squared.": "return (1 - tanh(z)) ** 2",
        "You squared z before tanh; it is g(z) that is squared.": "return 1 - tanh(z**2)",
        "That is tan, the tangent of an angle; g is the hyperbolic tangent, np.tanh.": "return 1 - np.tan(z) ** 2",
    },
    "activations.relu_prime": {
        "That is g(z); right of 0 its slope is 1, however large z is.": "return np.maximum(z, 0)",
        "You swapped the sides: it is 1 where z is positive.": "return np.heaviside(-z, 0)",
        "That is the sign of z; left of 0 the ReLU is flat, its slope is 0.": "return np.sign(z)",
        "The slope changes where z is 0, not where z is 1.": "return np.heaviside(z - 1, 0)",
        "That is z > 0, True or False; the slope is the number 1 or 0, a float like z: .astype(z.dtype) at the end.": (
            "return z > 0"
        ),
        "Those are integers; the slope is a float like z: .astype(z.dtype) at the end.": "return (z > 0) * 1",
        "g'(z)[1] is nan": "return np.maximum(z, 0) / z",
        "At the end, .astype(z.dtype) gives it that dtype.": "return np.where(z > 0, 1.0, 0.0)",
        "Begin with z = np.asarray(z), for z may be a number, and end with .astype(z.dtype).": (
            "return np.where(np.asarray(z) > 0, 1.0, 0.0)"
        ),
        "z = np.asarray(z) makes an array of it": "return np.where(z > 0, 1.0, 0.0).astype(z.dtype)",
    },
    "activations.identity_prime": {
        "That is g(z); the slope of a straight line with slope 1 is 1.": "return z",
        "A single 1 is too little: one 1 for each entry of z.": "return 1.0",
        "The slope of z is 1; 0 is the slope of a constant.": "return np.zeros_like(z)",
        "g'(z) is float64 though the input is float32": "return np.ones(np.shape(z))",
    },
    "activations.softmax": {
        "You did not divide by the sum of the row.": "return np.exp(Z)",
        "After the shift and e^Z the division by the sum of the row is missing.": (
            "return np.exp(Z - np.max(Z, axis=1, keepdims=True))"
        ),
        "You went down the columns; the softmax goes along each row (axis=1).": (
            "E = np.exp(Z - np.max(Z, axis=0))\nreturn E / np.sum(E, axis=0)"
        ),
        "That is the sigmoid of each entry; the softmax looks at the whole row.": "return 1 / (1 + np.exp(-Z))",
        "The exponential is missing.": "return Z / np.sum(Z, axis=1, keepdims=True)",
        "You divided by the sum of the whole matrix; each row has its own sum.": (
            "E = np.exp(Z - np.max(Z))\nreturn E / np.sum(E)"
        ),
        "The row sums lost their axis: row i must be divided by sum i. Use keepdims=True.": (
            "E = np.exp(Z - np.max(Z, axis=1, keepdims=True))\nreturn E / np.sum(E, axis=1)"
        ),
        "The row sums lost their axis (use keepdims=True): row i must be divided by sum i.": (
            "return np.exp(Z) / np.sum(np.exp(Z), axis=1)"
        ),
        "Subtract the largest entry of each row first: e^1000 is too large for a float.": (
            "return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)"
        ),
        "You subtracted the largest entry of the whole matrix; each row has its own largest entry.": (
            "E = np.exp(Z - np.max(Z))\nreturn E / np.sum(E, axis=1, keepdims=True)"
        ),
        "The largest entries of the rows and the row sums lost their axis: use keepdims=True in both places.": (
            "E = np.exp(Z - np.max(Z, axis=1))\nreturn E / np.sum(E, axis=1)"
        ),
        "The largest entries of the rows lost their axis: use keepdims=True there too.": (
            "E = np.exp(Z - np.max(Z, axis=1))\nreturn E / np.sum(E, axis=1, keepdims=True)"
        ),
        "changes its argument Z": (
            "Z -= np.max(Z, axis=1, keepdims=True)\nreturn np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)"
        ),
    },
    "network.count_parameters": {
        "Only the last layer was counted: is it = in the loop where += is meant?": (
            "for l in range(1, len(sizes)):\n    n = sizes[l - 1] * sizes[l] + sizes[l]\nreturn n"
        ),
        "You forgot the biases: layer l has S_l of them.": "+ sizes[l] => ",
        "You gave biases to the input layer; only the layers 1..L have them.": (
            "return sum( => return sizes[0] + sum("
        ),
        "You counted one bias for each layer; there is one for each neuron.": "+ sizes[l] => + 1",
        "Layer l has S_l biases, not S_{l-1}.": "+ sizes[l] => + sizes[l - 1]",
        "The last layer is missing: does the loop end too early, or the return stand inside it?": (
            "range(1, L + 1) => range(1, L)"
        ),
        "The loop begins with layer 0, which has no parameters: range(1, len(sizes)).": (
            "range(1, L + 1) => range(L + 1)"
        ),
        "Of n entries the last has the number n - 1.": "range(1, L + 1) => range(1, L + 2)",
        "You counted the neurons; the parameters are the edges (weights) and the biases.": "return sum(sizes)",
        "You multiplied all sizes; only neighboring layers are connected.": "return int(np.prod(sizes))",
    },
    "network.initialize": {
        "The shape of W[l] is (S_{l-1}, S_l), the layer before first.": (
            "(sizes[l - 1], sizes[l]) => (sizes[l], sizes[l - 1])"
        ),
        "The shape of b[l] is (S_l,), one axis; yours is a matrix with one row.": (
            "standard_normal(sizes[l]) => standard_normal((1, sizes[l]))"
        ),
        "The shape of b[l] is (S_l,), one axis; yours is a matrix with one column.": (
            "standard_normal(sizes[l]) => standard_normal((sizes[l], 1))"
        ),
        "There is one bias for each neuron of layer l: b[l] has S_l of them, not S_{l-1}.": (
            "standard_normal(sizes[l]) => standard_normal(sizes[l - 1])"
        ),
        "The keys are the layers 1..L, not 0..L-1.": (
            "return W, b => return {l - 1: W[l] for l in W}, {l - 1: b[l] for l in b}"
        ),
        "The last layer is missing.": "len(sizes) => len(sizes) - 1",
        "The loop begins with layer 0, which has no parameters: range(1, len(sizes)).": "range(1, len => range(len",
        "W has the key 1 (does the return stand inside the loop?)": "return W, b =>     return W, b",
        "every entry is 0; draw each one from rng": (
            "rng.standard_normal((sizes[l - 1], sizes[l])) => np.zeros((sizes[l - 1], sizes[l]))",
            "rng.standard_normal(sizes[l]) => np.zeros(sizes[l])",
        ),
        "draw every weight and every bias by itself": "rng.standard_normal(sizes[l]) => np.zeros(sizes[l])",
        "that is rng.random; N(0, 1) is rng.standard_normal": (
            "rng.standard_normal((sizes[l - 1], sizes[l])) => rng.random((sizes[l - 1], sizes[l]))"
        ),
        "the weights have the standard deviation": (
            "rng.standard_normal((sizes[l - 1], sizes[l])) => 0.1 * rng.standard_normal((sizes[l - 1], sizes[l]))"
        ),
        "the biases have the mean": "rng.standard_normal(sizes[l]) => (1 + rng.standard_normal(sizes[l]))",
        "draw from rng, not from np.random": (
            "rng.standard_normal(sizes[l]) => np.random.default_rng().standard_normal(sizes[l])"
        ),
        "draw from the rng that is given": "for l in => rng = np.random.default_rng(0)\nfor l in",
        "W[1] is float64; dtype=float32 was asked for": "sizes[l])).astype(dtype) => sizes[l]))",
    },
    "network.forward_pass": {
        "The last layer is missing: the layers are range(1, L + 1).": "range(1, L + 1) => range(1, L)",
        "You forgot the bias b[l].": " + b[l] => ",
        "You subtracted the bias b[l]; it is added.": " + b[l] =>  - b[l]",
        "Layer L got the hidden activation; its own is the output activation, identity.": (
            "g(Z[l]) if l < L else g_output(Z[l]) => g(Z[l])"
        ),
        "Layer L got the hidden activation; its own is the output activation, softmax.": (
            "g(Z[l]) if l < L else g_output(Z[l]) => g(Z[l]) if l < L or output == 'softmax' else Z[l]"
        ),
        "The softmax went down the columns; it goes along each row.": (
            "g_output(Z[l]) => g_output(Z[l].T).T if output == 'softmax' else Z[l]"
        ),
        "A[0] is missing: it is X.": "return Z, A => del A[0]\nreturn Z, A",
        "You returned A, Z; the order is Z, A.": "return Z, A => return A, Z",
        "You returned the output alone; return Z, A.": "return Z, A => return A[L]",
        "You returned A alone; return Z, A.": "return Z, A => return A",
        "The hidden activation is missing: A[l] = g(Z[l]).": "g(Z[l]) if l < L => Z[l] if l < L",
        "Layer l was fed with Z[l-1]; it is fed with A[l-1].": "A[l - 1] @ => (X if l == 1 else Z[l - 1]) @",
        "You used the sigmoid in the hidden layers; use the activation that `hidden` names.": (
            "g(Z[l]) if => ACTIVATIONS['sigmoid'][0](Z[l]) if"
        ),
        "The output activation is missing: A[L] = output activation of Z[L].": "g_output(Z[l]) => Z[l]",
        "You used the softmax in the last layer; use the activation that `output` names.": "g_output(Z => softmax(Z",
        "Z[2] has shape (1, 3); A[1] W[2] + b[2] has (1, 1).": "b[l]\n => b[1]\n",
        "something widened it": "b[l]\n => b[l].astype(np.float64)\n",
        "changes its argument X": "return Z, A => A[0] *= 1.5\nreturn Z, A | {0: X / 1.5}",
    },
    "network.predict": {
        "You went down the columns; each point is a row (axis=1).": "return np.argmax(Y_hat, axis=0)",
        "You looked for one place in the whole matrix; there is one label for each row (axis=1).": (
            "return np.argmax(Y_hat)"
        ),
        "You returned the largest probability; wanted is its column.": "return np.max(Y_hat, axis=1)",
        "Classes are counted from 0: the first column is class 0.": "return np.argmax(Y_hat, axis=1) + 1",
        "You took the smallest probability of each row.": "return np.argmin(Y_hat, axis=1)",
        "The labels have the shape (n,), not (n, 1).": "return np.argmax(Y_hat, axis=1, keepdims=True)",
        "One point has an array of one label, not a number.": "return np.argmax(Y_hat, axis=1).squeeze()",
    },
    "network.accuracy": {
        "That says of each point whether it is right; the accuracy is the mean of that.": "return labels == predicted",
        "You counted the right predictions; divide by n.": "return int(np.sum(labels == predicted))",
        "That is the share of the wrong predictions.": "return float(np.mean(labels != predicted))",
        "That is in percent; the accuracy is a share between 0 and 1.": (
            "return 100 * float(np.mean(labels == predicted))"
        ),
        "You counted the wrong predictions; wanted is the share of the right ones.": (
            "return int(np.sum(labels != predicted))"
        ),
        "You took the mean of labels - predicted; count where labels == predicted.": (
            "return np.mean(labels - predicted)"
        ),
        "You took the mean of predicted - labels, or of its size; count where labels == predicted.": (
            "return np.mean(np.abs(labels - predicted))"
        ),
    },
    "losses.one_hot": {
        "Nothing was set to 1: is it == where = is meant?": "] = 1 => ] == 1",
        "Points are rows: you put them into the columns.": "return Y => return Y.T",
        "Classes are counted from 0: label 2 is the last of three classes.": ", labels] => , labels - 1]",
        "0 and 1 are swapped: the 1 stands at the class of the point.": "return Y => return 1 - Y",
        "Every row got all the labels: set one entry in each row, Y[np.arange(n), labels].": (
            "np.arange(n), labels => :, labels"
        ),
        "You wrote the label into the matrix; what stands there is a 1.": "] = 1 => ] = labels",
        "You counted the classes that occur; k says how many columns there are.": "(n, k) => (n, labels.max() + 1)",
        "Only the first row was filled: does the return stand inside the loop?": (
            "Y[np.arange(n), labels] = 1\nreturn Y => for i in range(n):\n    Y[i, labels[i]] = 1\n    return Y"
        ),
        "Hand the dtype on: np.zeros((n, k), dtype=dtype), or np.eye(k, dtype=dtype).": ", dtype=dtype => ",
        "Y is float64 though dtype is float32: something widened it. At the end, .astype(dtype) gives it that dtype.": (
            "return Y => return Y.astype(np.float64)"
        ),
        "changes its argument labels": "return Y => labels += 1\nreturn Y",
    },
    "losses.squared_error": {
        "The factor 1/2 is missing.": "0.5 *  => ",
        "You divided by n; the course's loss is a sum, not a mean.": "np.sum => np.mean",
        "You took the mean of the squares; the course's loss is 1/2 of their sum.": "0.5 * np.sum => np.mean",
        "The square is missing.": " * (y_hat - y)) => )",
        "You took absolute values; the differences are squared.": "(y_hat - y) * (y_hat - y) => np.abs(y_hat - y)",
        "You squared the sum; square each difference, then add up.": (
            "np.sum((y_hat - y) * (y_hat - y)) => np.sum(y_hat - y) ** 2"
        ),
        "You took the square root; the loss is the sum itself.": (
            "0.5 * np.sum((y_hat - y) * (y_hat - y)) => np.linalg.norm(y_hat - y)"
        ),
        "You did not add up: the loss is one number for all points.": (
            "float(0.5 * np.sum((y_hat - y) * (y_hat - y))) => 0.5 * (y_hat - y) ** 2"
        ),
        "The sign is flipped: a loss is never negative.": "0.5 * => -0.5 *",
        "Only the first point was counted: does the return stand inside the loop?": (
            "for y_i, y_hat_i in zip(y, y_hat):\n    return float(0.5 * np.sum((y_hat_i - y_i) ** 2))"
        ),
        "In Python ^ is no power": "return 0.5 * np.sum((y_hat - y) ^ 2)",
        "You returned a matrix with one entry; the loss is a number: float(...).": (
            "float(0.5 * np.sum((y_hat - y) * (y_hat - y))) => 0.5 * (y_hat - y).T @ (y_hat - y)"
        ),
        "You added up along one axis; the loss is a number: float(...).": (
            "float(0.5 * np.sum((y_hat - y) * (y_hat - y))) => 0.5 * np.sum((y_hat - y) ** 2, axis=0)"
        ),
        "it should raise ValueError": "return float(0.5 * np.sum((y_hat - y) ** 2))",
        "the message of ValueError should name (3,) and (3, 1)": (
            'f"y has shape => f"the shapes differ") or ValueError(f"'
        ),
    },
    "losses.cross_entropy": {
        "You counted the entries of Y that are 1; all that are not 0 count, with their weight.": "Y == 0 => Y != 1",
        "The minus sign is missing: a logarithm of a probability is negative, a loss is not.": (
            "float(-np => float(np"
        ),
        "You took the logarithm to base 2; here it is the natural one, np.log.": "np.log( => np.log2(",
        "You took the logarithm to base 10; here it is the natural one, np.log.": "np.log( => np.log10(",
        "The factor Y is missing: only the true class of each point counts.": "return float(-np.sum(np.log(Y_hat)))",
        "That is the binary cross-entropy; the classes that are not true do not count.": (
            "return float(-np.sum(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)))"
        ),
        "You took the mean over all entries; the course's loss is a sum, not a mean.": (
            "return float(-np.mean(Y * np.log(Y_hat)))"
        ),
        "You added up each point by itself; the loss is one number for all points.": (
            "return -np.sum(Y * np.log(Y_hat), axis=1)"
        ),
        "You did not add up: the loss is one number for all points.": "return -Y * np.log(Y_hat)",
        "The logarithm is missing.": "return float(np.sum(Y * Y_hat))",
        "Y and Y_hat are swapped: the logarithm is that of Y_hat.": "return float(-np.sum(Y_hat * np.log(Y)))",
        "You divided by n; the course's loss is a sum, not a mean.": "float(-np.sum( => float(-1 / len(Y) * np.sum(",
        "0 * log 0 is NaN for NumPy: leave out the terms where Y is 0.": "return float(-np.sum(Y * np.log(Y_hat)))",
        "You left out the terms where Y_hat is 0; leave out those where Y is 0.": "Y == 0 => Y * Y_hat == 0",
        "NumPy took log 0, also where Y is 0; np.where, if you used it, computes both sides. Take Y[Y != 0] and "
        "Y_hat[Y != 0] first.": "return float(-np.sum(np.where(Y == 0, 0, Y * np.log(Y_hat))))",
        "NumPy took log 0, also where Y is 0;": (
            "with np.errstate(divide='ignore'):\n    return float(-np.sum(np.where(Y == 0, 0, Y * np.log(Y_hat))))"
        ),
        "Here log 0 is meant; tell NumPy so:  with np.errstate(divide='ignore'):  above that line.": (
            "used = Y != 0\nreturn float(-np.sum(Y[used] * np.log(Y_hat[used])))"
        ),
        "Only the first point was counted: does the return stand inside the loop?": (
            "loss = 0\nfor i in range(len(Y)):\n    loss -= np.sum(Y[i] * np.log(Y_hat[i]))\n    return loss"
        ),
        "You added a small number to Y_hat before the logarithm; leave out the terms where Y is 0 instead.": (
            "return float(-np.sum(Y * np.log(Y_hat + 1e-9)))"
        ),
        "The weights Y are missing: every logarithm is multiplied by its entry of Y.": (
            "used = Y != 0\nreturn float(-np.sum(np.log(Y_hat[used])))"
        ),
        "You counted the largest entry of Y alone; each entry counts with its weight.": (
            "return float(-np.sum(np.log(Y_hat[np.arange(len(Y)), np.argmax(Y, axis=1)])))"
        ),
        "You added a small number to Y_hat, or cut it off; leave out the terms where Y is 0 instead.": (
            "return float(-np.sum(Y * np.log(Y_hat + 1e-15)))"
        ),
        "changes its argument Y_hat": "p = np.where(Y == 0, 1, Y_hat) => p = Y_hat\np[Y == 0] = 1",
    },
    "scalar_network.forward": {
        "The second neuron was fed with z1; it is fed with a1.": "w2 * a1 => w2 * z1",
        "The second neuron was fed with x; it is fed with a1.": "w2 * a1 => w2 * x",
        "You forgot the biases b1 and b2.": (" + b1 => ", " + b2 => "),
        "The second neuron has the activation g too: a2 = g(z2).": "a2 = g(z2) => a2 = z2",
        "The first neuron has the activation g too: a1 = g(z1).": "a1 = g(z1) => a1 = z1",
        "The order is z1, a1, z2, a2.": "return z1, a1, z2, a2 => return z1, z2, a1, a2",
        "You returned y_hat alone; return z1, a1, z2, a2.": "return z1, a1, z2, a2 => return a2",
        "You returned the activations alone; return z1, a1, z2, a2.": "return z1, a1, z2, a2 => return a1, a2",
    },
    "scalar_network.loss": {
        "The factor 1/2 is missing.": "0.5 *  => ",
        "The square is missing.": " ** 2 => ",
        "The square is missing: 1/2 (y_hat - y)^2.": "return 0.5 * (y - y_hat)",
        "You took the absolute value; the loss is 1/2 (y_hat - y)^2.": "return abs(y_hat - y)",
        "The sign is flipped: a loss is never negative.": "0.5 => -0.5",
        "You squared the factor 1/2 too.": "return (0.5 * (y_hat - y)) ** 2",
        "You squared y and y_hat by themselves; square their difference.": "return 0.5 * (y_hat**2 - y**2)",
        "You added y and y_hat; the loss squares their difference.": "y_hat - y => y_hat + y",
        "In Python ^ is no power": " ** 2 =>  ^ 2",
    },
    "scalar_network.backward": {
        "The derivative by a1 is missing on the way to w1 and b1: it stands before g'(z1).": (
            "a1_g * g_prime(z1) => g_prime(z1)"
        ),
        "The signs are flipped: the derivative of the loss by y_hat is y_hat - y.": "a2 - y => y - a2",
        "You gave g_prime the activations a1 and a2; it takes z1 and z2.": (
            "g_prime(z2) => g_prime(a2)",
            "g_prime(z1) => g_prime(a1)",
        ),
        "The factor g'(z2) is missing.": " * g_prime(z2) => ",
        "The factor g'(z1) is missing on the way to w1 and b1.": " * g_prime(z1) => ",
        "Both factors g'(z2) and g'(z1) are missing.": (" * g_prime(z2) => ", " * g_prime(z1) => "),
        "The factor w2 is missing on the way back through the second neuron.": " * w2 => ",
        "All four are twice too large: the 1/2 of the loss cancels the 2 of the square.": "a2 - y => 2 * (a2 - y)",
        "The factors x in w1_g and a1 in w2_g are missing: the inputs of the two neurons.": (" * a1 => ", " * x => "),
        "In w2_g stands a1, the input of the second neuron, not x.": " * a1 =>  * x",
        "In w2_g stands a1, the input of the second neuron, not z1.": " * a1 =>  * z1",
        "In w2_g stands a1, the input of the second neuron, not its output a2.": " * a1 =>  * a2",
        "In w2_g stands a1, the input of the second neuron, not z2.": " * a1 =>  * z2",
        "You gave g_prime the activation a1; it takes z1.": "g_prime(z1) => g_prime(a1)",
        "You gave g_prime the activation a2; it takes z2.": "g_prime(z2) => g_prime(a2)",
        "In w2_g stands a1, what multiplies w2 in z2, not w2.": " * a1 =>  * w2 ",
        "You used g'(z2) for both neurons; the first one has g'(z1).": "g_prime(z1) => g_prime(z2) ",
        "The order is w1_g, b1_g, w2_g, b2_g.": "w1_g, b1_g, w2_g, b2_g => w2_g, b2_g, w1_g, b1_g",
        "The order is w1_g, b1_g, w2_g, b2_g: weight and bias in turn.": (
            "w1_g, b1_g, w2_g, b2_g => w1_g, w2_g, b1_g, b2_g"
        ),
        "The factor x is missing in w1_g: the input of the first neuron.": " * x => ",
        "The factor a1 is missing in w2_g: the input of the second neuron.": " * a1 => ",
        "In w1_g stands x, the input of the first neuron, not a1.": " * x =>  * a1 ",
        "In w1_g stands x, the input of the first neuron, not z1.": " * x =>  * z1",
        "The way back through the second neuron has the factor w2, not a1.": " * w2 =>  * a1 ",
        "You swapped a1 and w2: w2_g has the factor a1, the way back to a1 the factor w2.": (
            "w2_g = z2_g * a1 => w2_g = z2_g * w2",
            "a1_g = z2_g * w2 => a1_g = z2_g * a1",
        ),
        "The factors w2 and g'(z1) are missing on the way to w1 and b1.": (" * w2 => ", " * g_prime(z1) => "),
        "The biases have the input 1: b1_g has no factor x, and b2_g no factor a1.": (
            "b2_g = z2_g => b2_g = w2_g",
            "b1_g = z1_g => b1_g = w1_g",
        ),
        "The factor g'(z2) is missing in b2_g.": "b2_g = z2_g => b2_g = a2_g",
        "The factor g'(z1) is missing in b1_g.": "b1_g = z1_g => b1_g = a1_g",
        "You began with the loss; its derivative by y_hat is y_hat - y.": "a2 - y => loss(y, a2)",
        "You squared the error; the derivative of the loss by y_hat is y_hat - y.": "a2 - y => (a2 - y) ** 2",
        "All four are half as large as they should be: the 2 of the square cancels the 1/2 of the loss.": (
            "a2 - y => 0.5 * (a2 - y)"
        ),
    },
    "gradient_check.numerical_gradient": {
        "You moved all entries at once and got one slope; move one entry at a time.": (
            "return (f(theta + h) - f(theta - h)) / (2 * h)"
        ),
        "You divided by h; from theta - h to theta + h it is 2 h.": "(2 * h) => h",
        "/ 2 * h divides by 2 and then multiplies by h; put parentheses: / (2 * h).": "(2 * h) => 2 * h",
        "You did not divide by 2 h.": " / (2 * h) => ",
        "That is the difference to one side; take f(theta + h) - f(theta - h), over 2 h.": (
            "theta[i] = here - h => theta[i] = here ",
            "(2 * h) => h",
        ),
        "That is the difference to the left side; take f(theta + h) - f(theta - h), over 2 h.": (
            "theta[i] = here + h => theta[i] = here ",
            "(2 * h) => h",
        ),
        "The sign is flipped: f(theta + h) - f(theta - h).": "above - below => below - above",
        "You used a width of your own; use the h that is given.": "gradient = np => h = 1e-5\ngradient = np",
        "You moved all entries at once; move one entry at a time.": (
            "theta[i] = here + h => theta += h",
            "theta[i] = here - h => theta -= 2 * h",
            "theta[i] = here\n => theta += h\n",
        ),
        "An entry kept its wiggle when the next one moved: put theta[i] back first.": "theta[i] = here\n => pass\n",
        "You returned one slope; there is one for each entry of theta.": "return gradient => return gradient.flat[0]",
        "Only the first entry was measured: does the return stand inside the loop?": (
            "return gradient =>     return gradient"
        ),
        "The gradient at a number is a number: an array of shape () will do, one of shape (1,) will not.": (
            "return gradient => return np.atleast_1d(gradient)"
        ),
        "An integer array keeps no wiggle: copy theta in float64, np.array(theta, dtype=np.float64).": (
            ", dtype=np.float64 => "
        ),
        "You moved a whole row at once; move one entry at a time: np.ndindex(theta.shape).": (
            "np.ndindex(theta.shape) => range(len(theta))",
            "here = theta[i] => here = np.copy(theta[i])",
        ),
        "Of a matrix theta[i] is a row, and `here` moved with it; move each entry: np.ndindex(theta.shape).": (
            "np.ndindex(theta.shape) => range(len(theta))"
        ),
        "Move one entry at a time, by np.ndindex(theta.shape): theta may be a vector, a matrix or a number.": (
            "return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])"
        ),
        "by np.ndindex(theta.shape): theta may be a vector, a matrix or a number.": (
            "for i in np.ndindex(theta.shape):\n => rows, columns = theta.shape\nfor i in np.ndindex(rows, columns):\n"
        ),
        "f was given an array of shape (); it takes all of theta, (2, 3)": (
            "f(theta.copy())\n    theta[i] = here - h"
            " => f(theta if theta.ndim == 1 else theta[i])\n    theta[i] = here - h"
        ),
        "changes its argument theta": (
            "np.array( => np.asarray(",
            "return gradient => theta += h\nreturn gradient",
        ),
    },
    "gradient_check.relative_error": {
        "You divided by the sum of the two sizes; divide by the larger one.": (
            "np.maximum(np.abs(a), np.abs(b)) => np.abs(a) + np.abs(b)"
        ),
        "You divided by the size of a, or by the smaller one of the two; divide by the larger one.": (
            "np.maximum(np.abs(a), np.abs(b)) => np.abs(a)"
        ),
        "or by the smaller one of the two; divide by the larger one.": "np.maximum( => np.minimum(",
        "You divided by the size of b; divide by the larger one of the two.": (
            "np.maximum(np.abs(a), np.abs(b)) => np.abs(b)"
        ),
        "You took the mean; the worst entry counts.": "np.max( => np.mean(",
        "You took the sum; the worst entry counts.": "np.max( => np.sum(",
        "That is the absolute error; divide by the size of the numbers.": "difference / size => difference",
        "You divided by the largest entry of all; each entry is measured against its own size.": (
            "np.max(difference / size) => np.max(difference) / np.max(size)"
        ),
        "You compared the lengths of the vectors; here the worst entry counts.": (
            "np.max(difference / size) => np.linalg.norm(difference) / max(np.linalg.norm(a), np.linalg.norm(b))"
        ),
        "You divided the length of a - b by both lengths; here the worst entry counts, np.max.": (
            "np.max(difference / size) => np.linalg.norm(difference) / (np.linalg.norm(a) + np.linalg.norm(b))"
        ),
        "You divided the length of a - b by that of b; here the worst entry counts, np.max.": (
            "np.max(difference / size) => np.linalg.norm(difference) / np.linalg.norm(b)"
        ),
        "That is the length of a - b; the worst entry counts, np.max, measured against its size.": (
            "np.max(difference / size) => np.linalg.norm(difference)"
        ),
        "You took the largest of (a - b) with its sign; take abs(a - b).": (
            "np.abs(np.subtract(a, b)) => np.subtract(a, b)"
        ),
        "0 / 0 is NaN for NumPy: where both are 0 the error is 0.": "size = np.where(size == 0, 1, size) => pass",
        "You returned the error of each entry; the worst one counts.": (
            "float(np.max(difference / size)) => difference / size"
        ),
        "The size of a negative number is its absolute value: max(abs(a), abs(b)).": (
            "np.maximum(np.abs(a), np.abs(b)) => np.maximum(a, b)"
        ),
        "NumPy divided 0 by 0; np.where, if you used it, computes both sides. First put a 1 where the size is 0.": (
            "size = np.where(size == 0, 1, size) => pass",
            "difference / size => np.where(size == 0, 0, difference / size)",
        ),
        "Here a number came in, which has no entries to set": (
            "size = np.where(size == 0, 1, size) => size[size == 0] = 1"
        ),
        "A small number in the divisor hides the errors of small gradients; divide by the size alone.": (
            "size = np.where(size == 0, 1, size) => size = size + 1e-8"
        ),
    },
    "backpropagation.layer_backward": {
        "W_g is transposed: it has the shape of W, so W_g = A_prev^T Z_g.": "A_prev.T @ Z_g => Z_g.T @ A_prev",
        "Your b_g should have the shape (S_l,); it is a matrix with one row.": (
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => np.sum(Z_g, axis=0, keepdims=True)"
        ),
        "Your b_g should have the shape (S_l,); it is a matrix with one column.": (
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => Z_g.T @ np.ones((len(Z_g), 1))"
        ),
        "Your b_g is one number; there is one for each neuron: sum over the points only (axis=0).": (
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => np.sum(Z_g)"
        ),
        "Your b_g has the sums of the rows; add up the points, down the columns (axis=0).": (
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => np.sum(Z_g, axis=1)"
        ),
        "Your b_g is Z_g itself; add up the points.": "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => Z_g.copy()",
        "A_prev_g is transposed: A_prev_g = Z_g W^T.": "Z_g @ W.T => W @ Z_g.T",
        "The order is W_g, b_g, A_prev_g.": "W_g, b_g, A_prev_g => A_prev_g, W_g, b_g",
        "The order is W_g, b_g, A_prev_g. Yours begins with b_g.": "W_g, b_g, A_prev_g => b_g, W_g, A_prev_g",
        "A_prev_g is missing: return W_g, b_g, A_prev_g.": "W_g, b_g, A_prev_g => W_g, b_g",
        "Your b_g is a mean; the loss is a sum over the points, so b_g adds them up.": (
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => np.mean(Z_g, axis=0)"
        ),
        "W_g and b_g are divided by n; the loss is a sum over the points.": (
            "A_prev.T @ Z_g => A_prev.T @ Z_g / len(Z_g)",
            "Z_g.T @ np.ones(len(Z_g), Z_g.dtype) => np.mean(Z_g, axis=0)",
        ),
        "W_g is divided by n; the loss is a sum over the points.": "A_prev.T @ Z_g => A_prev.T @ Z_g / len(Z_g)",
        "A transpose is missing in A_prev_g = Z_g W^T.": "W.T => W",
        "A transpose is missing in W_g = A_prev^T Z_g.": "A_prev.T @ Z_g => A_prev @ Z_g",
        "The order is A_prev_g = Z_g W^T: the points are the rows.": "Z_g @ W.T => W.T @ Z_g",
        "The order is A_prev_g = Z_g W^T, with a transpose.": "Z_g @ W.T => W @ Z_g",
        "The order is W_g = A_prev^T Z_g: the points are summed away.": "A_prev.T @ Z_g => Z_g @ A_prev.T",
        "changes its argument Z_g": "A_prev_g = Z_g @ W.T => A_prev_g = Z_g @ W.T\nZ_g /= 2",
    },
    "backpropagation.softmax_backward": {
        "That is B = A * A_g alone; subtract rowsum(B) * A.": "B - np.sum(B, axis=1, keepdims=True) * A => B",
        "Subtract rowsum(B) * A, not rowsum(B): the factor A is missing.": (") * A => )", "B = A * => B = 1 * A *"),
        "You took the diagonal of the Jacobian only, as for the sigmoid; each a_j depends on every z_i.": (
            "return A_g * A * (1 - A)"
        ),
        "You summed the rows of A_g; it is the row sum of B = A * A_g.": "np.sum(B => np.sum(A_g",
        "You summed down the columns; each row has its own sum (axis=1, keepdims=True).": "axis=1 => axis=0",
        "It is a minus: B - rowsum(B) * A.": "B -  => B + ",
        "The sign is flipped: B - rowsum(B) * A.": (
            "return B - np.sum(B, axis=1, keepdims=True) * A => return np.sum(B, axis=1, keepdims=True) * A - B"
        ),
        "You multiplied by A_g where A belongs: rowsum(B) * A.": "keepdims=True) * A => keepdims=True) * A_g",
        "The first term is A * A_g, not A_g.": "return B - => return A_g -",
        "You summed the whole matrix; each row has its own sum (axis=1, keepdims=True).": (
            ", axis=1, keepdims=True => "
        ),
        "The row sums lost their axis: row i must be multiplied by sum i. Use keepdims=True.": ", keepdims=True => ",
        "Each row has its own number a^T a_g, the row sum of A * A_g; (A @ A_g.T) @ A mixes the rows.": (
            "return A * A_g - (A @ A_g.T) @ A"
        ),
        "Each row has its own number a^T a_g, the row sum of A * A_g; A @ (A.T @ A_g) mixes the rows.": (
            "return A * A_g - A @ (A.T @ A_g)"
        ),
        "Each row has its own number a^T a_g, the row sum of A * A_g; A.T @ A_g adds up the points.": (
            "return A * A_g - (A.T @ A_g) * A"
        ),
        "Each row has its own number a^T a_g, the row sum of A * A_g; A @ A_g.T has them on its diagonal.": (
            "return A * A_g - (A @ A_g.T) * A"
        ),
    },
    "backpropagation.output_gradient": {
        "That is the derivative by Y_hat; Z_g[L] stands before the softmax, and there it is Y_hat - Y.": (
            "return -Y / Y_hat"
        ),
        "Those are the terms of the loss; its derivative has no square: Y_hat - Y.": "return (Y_hat - Y) ** 2 / 2",
        "The sign is flipped: it is Y_hat - Y.": "return Y - Y_hat",
        "You divided by n; the loss is a sum over the points, so its gradient is Y_hat - Y.": (
            "return (Y_hat - Y) / len(Y)"
        ),
        "You divided by the number of entries; the loss is a sum, so its gradient is Y_hat - Y.": (
            "return (Y_hat - Y) / Y.size"
        ),
        "You multiplied by Y_hat (1 - Y_hat); the slope of the softmax is in Y_hat - Y already.": (
            "return (Y_hat - Y) * Y_hat * (1 - Y_hat)"
        ),
        "The factor 2 cancels the 1/2 of the loss: it is Y_hat - Y.": "return 2 * (Y_hat - Y)",
        "changes its argument Y_hat": "Y_hat -= Y\nreturn Y_hat",
    },
    "backpropagation.backward_pass": {
        "The signs are flipped: the output gradient is Y_hat - Y.": "output_gradient(Y, A[L]) => Y - A[L]",
        "You divided by n; the loss is a sum over the points.": "output_gradient(Y, A[L]) => (A[L] - Y) / len(Y)",
        "You divided the biases' gradients by n; the loss is a sum over the points.": (
            "return W_g, b_g => return W_g, {l: b_g[l] / len(Y) for l in b_g}"
        ),
        "You multiplied the output gradient by g'(Z[L]); Y_hat - Y holds the slope of the output already.": (
            "output_gradient(Y, A[L]) => output_gradient(Y, A[L]) * g_prime(Z[L])"
        ),
        "You multiplied the output gradient by Y_hat (1 - Y_hat); Y_hat - Y holds that slope already.": (
            "output_gradient(Y, A[L]) => output_gradient(Y, A[L]) * A[L] * (1 - A[L])"
        ),
        "-Y / Y_hat through the softmax is right in classification alone; begin with output_gradient.": (
            "output_gradient(Y, A[L]) => softmax_backward(A[L], -Y / A[L])"
        ),
        "You went back through the softmax twice: Y_hat - Y, of output_gradient, holds it already.": (
            "output_gradient(Y, A[L]) => softmax_backward(A[L], output_gradient(Y, A[L]))"
        ),
        "W_g[1] and b_g[1] are missing: the layers are 1..L, and range counts down with a third number, -1.": (
            "return W_g, b_g => del W_g[1], b_g[1]\nreturn W_g, b_g"
        ),
        "The loop was empty: it counts L, ..., 2 with range(L, 1, -1); range(L, 1) has nothing.": (
            "range(L, 1, -1) => range(L, 1)"
        ),
        "W_g has the key 1; it should have the keys 2, 1.": "range(L, 1 => range(L - 1, 1",
        "You began with Z[L] - Y; Y_hat is A[L].": "output_gradient(Y, A[L]) => output_gradient(Y, Z[L])",
        "W_g[1] has shape (2, 2); its weight W[1], like A[0]^T Z_g[1], has (3, 2).": "A[0].T => A[1].T",
        "W_g[2] has shape (1, 1); its weight W[2], like A[1]^T Z_g[2], has (3, 1).": "A[l - 1], W => A[l], W",
        "W_g[2] has shape (2, 1); its weight W[2], like A[1]^T Z_g[2], has (3, 1).": "A[l - 1], W => A[l - 2], W",
        "is one transposed (.T), or of another layer?": "A[l - 1], W[l]) => A[l - 1], W[l - 1])",
        "The order is W_g, b_g.": "return W_g, b_g => return b_g, W_g",
        "You returned W_g alone; return W_g, b_g.": "return W_g, b_g => return W_g",
        "Your b_g[l] should have the shape (S_l,); it is a matrix with one row.": (
            "return W_g, b_g => return W_g, {l: b_g[l][None, :] for l in b_g}"
        ),
        "W_g[l] is transposed: it has the shape of W[l].": (
            "return W_g, b_g => return {l: W_g[l].T for l in W_g}, b_g"
        ),
        "The factor g'(Z[l]) is missing in the hidden layers.": " * g_prime(Z[l - 1]) => ",
        "You used the slope of the sigmoid; use that of the activation that `hidden` names.": (
            "g_prime(Z[l - 1]) => ACTIVATIONS['sigmoid'][1](Z[l - 1])"
        ),
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": "g_prime(Z[l - 1]) => g_prime(A[l - 1])",
        "You took g' at Z[l]; the gradient of the layer before needs g' at Z[l-1].": (
            "g_prime(Z[l - 1]) => g_prime(Z[l])"
        ),
        "something widened it": "return W_g, b_g => return {l: np.float64(1) * W_g[l] for l in W_g}, b_g",
        "changes its argument A": "return W_g, b_g => A[L] -= Y\nreturn W_g, b_g",
    },
    "gradient_descent.update": {
        "The last layer is missing: the layers are range(1, L + 1), or those in W.": (
            "for l in W => for l in range(1, len(W))",
            "for l in b => for l in range(1, len(W))",
        ),
        "You went uphill: subtract the gradient.": ("W[l] -  => W[l] + ", "b[l] -  => b[l] + "),
        "The weights went uphill: subtract W_g from W.": "W[l] -  => W[l] + ",
        "The biases went uphill: subtract b_g from b.": "b[l] -  => b[l] + ",
        "You moved W[l] by b_g[l]; its gradient is W_g[l].": "W_g[l] => b_g[l]",
        "b[1] has shape (2, 1); its gradient b_g[1] has (1,).": "* b_g[l] => * W_g[l]",
        "W[2] has shape (2, 3); its gradient W_g[2] has (3, 1).": (
            "W[l] - learning_rate * W_g[l] => W[1] - learning_rate * W_g[1]"
        ),
        "The learning rate is missing at W_g.": "learning_rate * W_g => W_g",
        "The learning rate is missing at b_g.": "learning_rate * b_g => b_g",
        "You returned the old W and b; return the new ones.": "return new_W, new_b => return W, b",
        "You returned the gradients; return the new W and b.": "return new_W, new_b => return W_g, b_g",
        "The learning rate is missing.": ("learning_rate * W_g => W_g", "learning_rate * b_g => b_g"),
        "You divided by the learning rate; multiply the gradient by it.": (
            "learning_rate * W_g[l] => W_g[l] / learning_rate",
            "learning_rate * b_g[l] => b_g[l] / learning_rate",
        ),
        "The biases did not move; they learn too.": "b[l] - learning_rate * b_g[l] => b[l]",
        "The weights did not move; they learn too.": "W[l] - learning_rate * W_g[l] => W[l]",
        "You returned the step alone; subtract it from the parameters.": ("W[l] -  => -", "b[l] -  => -"),
        "You multiplied the parameter by the learning rate; multiply the gradient by it.": (
            "W[l] - learning_rate * W_g[l] => W[l] * learning_rate - W_g[l]",
            "b[l] - learning_rate * b_g[l] => b[l] * learning_rate - b_g[l]",
        ),
        "You returned W alone; return W, b.": "return new_W, new_b => return new_W",
        "Only the last layer moved; every layer learns.": (
            "return new_W, new_b => return W | {len(W): new_W[len(W)]}, b | {len(W): new_b[len(W)]}"
        ),
        "Only the first layer moved; every layer learns.": (
            "return new_W, new_b => return W | {1: new_W[1]}, b | {1: new_b[1]}"
        ),
        "changes its argument W: W[1][0, 0] was 4 and is 3 after the call": (
            "for l in W:\n    W[l] -= learning_rate * W_g[l]\n    b[l] -= learning_rate * b_g[l]\nreturn W, b"
        ),
    },
    "gradient_descent.minibatches": {
        "The last mini-batch was dropped; it is kept, with the fewer points that are left.": (
            "range(0, n, size) => range(0, n - size + 1, size)"
        ),
        "There is an empty mini-batch at the end; n is a multiple of size.": (
            "range(0, n, size) => range(0, n + 1, size)"
        ),
        "You made as many mini-batches as size says; size is the number of points in each.": (
            "import numpy as np\nreturn np.array_split(rng.permutation(n), size)"
        ),
        "The parts are evened out; each has size points and only the last one fewer.": (
            "import numpy as np\nreturn np.array_split(rng.permutation(n), -(-n // size))"
        ),
        "All points are in one mini-batch; cut them into parts of size points.": (
            "[order[start : start + size] for start in range(0, n, size)] => [order]"
        ),
        "Only the first mini-batch came: does the return stand inside the loop?": (
            "return [order[start : start + size] for start in range(0, n, size)]"
            " => for start in range(0, n, size):\n    return [order[start : start + size]]"
        ),
        "occurs more than once in an epoch": "rng.permutation(n) => rng.integers(n, size=n)",
        "row 9 does not exist; the rows are 0..n-1, here 0..8": "permutation(n) => permutation(n) + 1",
        "the points are in their old order": "rng.permutation(n) => rng.permutation(n)\norder.sort()",
        "you shuffled the mini-batches, or each by itself": (
            "order = rng.permutation(n) => order = rng.permutation(n)\norder.sort()",
            "return [ => starts = rng.permutation(range(0, n, size))\nreturn [",
            (
                "in range(0, n, size)]"
                " => in starts] if n == 60 else [order[start : start + size] for start in range(0, n, size)]"
            ),
        ),
        "shuffle with the rng that is given": (
            "rng.permutation(n) => type(rng)(type(rng.bit_generator)(0)).permutation(n)"
        ),
        "the same seed gave two different orders": (
            "rng.permutation(n) => type(rng)(type(rng.bit_generator)()).permutation(n)"
        ),
        "a mini-batch is a list of": "order[start : start + size] => order[start : start + size].tolist()",
        "minibatches returned a tuple of 1": (
            "return [order[start : start + size] for start in range(0, n, size)] => return tuple([order])"
        ),
    },
    "gradient_descent.train": {
        "You went uphill: subtract the gradient.": "W_g, b_g, learning_rate) => W_g, b_g, -learning_rate)",
        "You returned the parameters of the start; return those that the updates gave.": (
            "W, b = update => _ = update"
        ),
        "The loss is noted after the update; note the one before it, which the forward pass gave.": (
            "epoch_loss += loss(Y_batch, A[L]) => pass",
            (
                "W_g, b_g, learning_rate)"
                " => W_g, b_g, learning_rate)"
                "; epoch_loss += loss(Y_batch, forward_pass(X_batch, W, b, hidden, output)[1][L])"
            ),
        ),
        "The loss of an epoch is divided by n; the course's loss is a sum.": (
            "append(epoch_loss) => append(epoch_loss / len(X))"
        ),
        "One epoch too few was run.": "range(1, epochs + 1) => range(1, epochs)",
        "Only one epoch was run: does the return stand inside the loop?": (
            "return W, b, history =>     return W, b, history"
        ),
        "One epoch too many was run.": "range(1, epochs + 1) => range(epochs + 1)",
        "The losses are missing: append each epoch's to history['loss'].": (
            'history["loss"].append(epoch_loss) => pass'
        ),
        "Only the last loss is there: append each epoch's to history['loss'].": (
            'history["loss"].append(epoch_loss) => history["loss"] = epoch_loss'
        ),
        "You returned W and b; return W, b, history.": "return W, b, history => return W, b",
        "You returned the list of losses; history is {'loss': that list}.": (
            'return W, b, history => return W, b, history["loss"]'
        ),
        "You divided by n; the loss is a sum over the points, and so are the gradients.": (
            "W_g, b_g, learning_rate) => W_g, b_g, learning_rate / len(X))"
        ),
        "Each epoch used the gradients of the first one: forward and backward pass belong inside the loop.": (
            "for epoch in => start_W, start_b = W, b\nfor epoch in",
            "X_batch, W, b, hidden => X_batch, start_W, start_b, hidden",
            "Z, A, W, hidden => Z, A, start_W, hidden",
        ),
        "history['loss'][0] is 6.88510752; it should be 6.88510746.": (
            "append(epoch_loss) => append(float(Z[L].astype('f4').dtype.type(epoch_loss)))"
        ),
        "The losses are added up over all epochs; each epoch begins with 0.": (
            "epoch_loss = 0.0 => epoch_loss = epoch_loss if epoch > 1 else 0.0"
        ),
        "The hidden layers used the sigmoid: hand `hidden` on to forward and backward pass.": (
            "W, b, hidden, output => W, b, output=output",
            "A, W, hidden => A, W",
        ),
        "`hidden` was not handed on to forward_pass.": "W, b, hidden, output => W, b, output=output",
        "`hidden` was not handed on to backward_pass.": "A, W, hidden => A, W",
        "`output` was not handed on to forward_pass.": "W, b, hidden, output => W, b, hidden",
        "L is the number of layers": "epoch_loss += loss(Y_batch, A[L]) => L = loss(Y_batch, A[L]); epoch_loss += L",
        "`loss` is the function: give what it returns another name.": (
            "epoch_loss += loss(Y_batch, A[L]) => loss = loss(Y_batch, A[L]); epoch_loss += loss"
        ),
        "as on_epoch is unless somebody gives one": "if on_epoch is not None => if True",
        "It is `batch_size is None` that says so.": "if batch_size is None => if rng is None",
        "Without batch_size train needs no rng and no minibatches": (
            "[slice(None)] if batch_size is None else minibatches(len(X), batch_size, rng)"
            " => minibatches(len(X), batch_size or len(X), rng)"
        ),
        "You gave on_epoch the loss of the last mini-batch; it gets that of the epoch, their sum.": (
            "(epoch, W, b, epoch_loss) => (epoch, W, b, last)",
            "epoch_loss += loss(Y_batch, A[L]) => last = loss(Y_batch, A[L]); epoch_loss += last",
        ),
        "and with the rng that is given": "batch_size, rng) => batch_size, np.random.default_rng(0))",
        "The last mini-batch was left out.": "for rows in batches => for rows in batches[: max(1, len(batches) - 1)]",
        "Only one step was made in an epoch; make one for each mini-batch, after the last.": (
            "if batch_size is None else => if True else"
        ),
        "The loss of an epoch is the mean over its mini-batches; add them up.": (
            "append(epoch_loss) => append(epoch_loss / len(batches))"
        ),
        "The loss of an epoch is that of its last mini-batch; add up all of them.": "epoch_loss += => epoch_loss =",
        "The loss of an epoch is that of its first mini-batch; add up all of them.": (
            "epoch_loss += => epoch_loss = epoch_loss or"
        ),
        "Epochs are counted from 1.": "on_epoch(epoch, => on_epoch(epoch - 1,",
        "You called on_epoch before the update; call it after.": (
            "if on_epoch is not None => if False",
            "W, b = update => on_epoch and on_epoch(epoch, W, b, epoch_loss); W, b = update",
        ),
        "You never called on_epoch.": "on_epoch(epoch, W, b, epoch_loss) => pass",
        "You called on_epoch once, at the end; call it in each epoch.": (
            "if on_epoch is not None => if on_epoch is not None and epoch == epochs"
        ),
        "You gave on_epoch the whole history; it gets the loss of this epoch, a number.": (
            '(epoch, W, b, epoch_loss) => (epoch, W, b, history["loss"])'
        ),
        "loss is 7.70352; it should be 7.70351.": "W, b, epoch_loss) => W, b, round(epoch_loss, 6))",
        "the number of calls of on_epoch is 2; it should be 4.": (
            "if on_epoch is not None"
            " => if epoch > 1 and epoch_loss > history['loss'][-2]:\n        break\n    if on_epoch is not None"
        ),
        "the number of calls of on_epoch is 3; it should be 4.": "epochs + 1) => min(epochs, 3) + 1)",
        "the points come in their old order": (
            "minibatches(len(X), batch_size, rng) => [slice(i, i + batch_size) for i in range(0, len(X), batch_size)]"
        ),
        "every epoch has the same order": (
            "minibatches(len(X), batch_size, rng) => once",
            "for epoch in => once = batch_size and minibatches(len(X), batch_size, rng)\nfor epoch in",
        ),
        "train changes its argument W": (
            "W, b = update(W, b, W_g, b_g, learning_rate)"
            " => new = update(W, b, W_g, b_g, learning_rate); [W[l].__setitem__(..., new[0][l]) for l in W]; b = new[1]"
        ),
        "train changes its argument X": (
            "epoch_loss = 0.0"
            " => epoch_loss = 0.0\n"
            "    if batch_size: order = rng.permutation(len(X)); X[:], Y[:] = X[order], Y[order]"
        ),
        "W[1] is float64 though W[l].dtype is float32": (
            "return W, b, history => return {l: W[l].astype(float) for l in W}, b, history"
        ),
    },
    "regularization.l1_penalty": {
        "You added up the numbers of the layers, the keys of W; the weights are W[l].": (
            "return strength * sum(np.sum(np.abs(w)) for w in W)"
        ),
        "The strength (lambda) is missing.": "strength *  => ",
        "The absolute values are missing: add up |w|.": "np.abs(W[l]) => W[l]",
        "You took the absolute value of the sum; take that of each weight, then add up.": (
            "sum(np.sum(np.abs(W[l])) for l in W) => abs(sum(np.sum(W[l]) for l in W))"
        ),
        "You took the mean; the penalty is a sum.": "for l in W) => for l in W) / sum(W[l].size for l in W)",
        "The factor 1/2 belongs to the L2 penalty.": "strength * => strength / 2 *",
        "That is the L2 penalty: it squares the weights.": (
            "strength * => strength / 2 *",
            "np.abs(W[l]) => W[l] ** 2",
        ),
        "Only the layers 1 and 2 were counted; all layers are: for l in W.": (
            "return strength * float(np.sum(np.abs(W[1])) + np.sum(np.abs(W[2])))"
        ),
        "You squared the weights; L1 adds up their absolute values.": "np.abs(W[l]) => W[l] ** 2",
        "Only the first layer was counted; all layers are: does the return stand inside the loop?": "in W => in [1]",
        "Only the last layer was counted; all layers are.": "in W => in [len(W)]",
        "You returned one number for each layer; the penalty is one number.": (
            "return {l: float(strength * np.sum(np.abs(W[l]))) for l in W}"
        ),
    },
    "regularization.l2_penalty": {
        "You squared the sum of a layer; square each weight, then add up.": (
            "return strength / 2 * sum(np.sum(W[l]) ** 2 for l in W)"
        ),
        "The factor 1/2 is missing.": "strength / 2 => strength",
        "The factor is lambda / 2; you multiplied by 2.": "strength / 2 => strength * 2",
        "Only the layers 1 and 2 were counted; all layers are: for l in W.": (
            "return strength / 2 * float(np.sum(W[1] ** 2) + np.sum(W[2] ** 2))"
        ),
        "The strength (lambda) is missing.": "strength / 2 => 0.5",
        "The factor lambda / 2 is missing.": "strength / 2 * => ",
        "You took the mean; the penalty is a sum.": "for l in W) => for l in W) / sum(W[l].size for l in W)",
        "That is the L1 penalty: L2 squares the weights.": ("strength / 2 => strength", "W[l] * W[l] => np.abs(W[l])"),
        "You took absolute values; L2 squares the weights.": "W[l] * W[l] => np.abs(W[l])",
        "You took a square root; the penalty is the sum of the squares itself.": "for l in W) => for l in W) ** 0.5",
        "You took a square root; the penalty is lambda / 2 times the sum of the squares.": (
            "strength / 2 => strength",
            "for l in W) => for l in W) ** 0.5",
        ),
        "You squared the sum; square each weight, then add up.": (
            "sum(np.sum(W[l] * W[l]) for l in W) => sum(np.sum(W[l]) for l in W) ** 2"
        ),
        "Only the first layer was counted; all layers are: does the return stand inside the loop?": "in W => in [1]",
        "Only the last layer was counted; all layers are.": "in W => in [len(W)]",
        "You returned one number for each layer; the penalty is one number.": (
            "return {l: float(strength / 2 * np.sum(W[l] ** 2)) for l in W}"
        ),
    },
    "regularization.l1_gradient": {
        "The strength (lambda) is missing.": "strength *  => ",
        "That is the penalty; the slope of |w| is the sign of w.": "np.sign => np.abs",
        "That is the gradient of L2; L1 pulls equally hard at every weight: lambda * sign(w).": "np.sign => ",
        "Where a weight is 0 the gradient is 0 (np.sign knows).": "np.sign(W[l]) => np.where(W[l] >= 0, 1.0, -1.0)",
        "Where a weight is 0 the gradient is 0 (np.sign knows), not -lambda.": (
            "np.sign(W[l]) => np.where(W[l] > 0, 1.0, -1.0)"
        ),
        "Where a weight is 0, w / |w| is 0 / 0, and that is NaN; np.sign gives 0.": (
            "np.sign(W[l]) => W[l] / np.abs(W[l])"
        ),
        "The sign is flipped: the gradient is lambda * sign(w), and the update subtracts it.": (
            "strength => -strength"
        ),
        "The factor 1/2 belongs to the L2 penalty.": "strength * => strength / 2 *",
        "Every weight got +lambda; a negative weight has the slope -lambda.": "np.sign(W[l]) => np.ones_like(W[l])",
        "1e-30 was hardly pulled, as by w / (|w| + something); np.sign needs no such number.": (
            "np.sign(W[l]) => W[l] / (np.abs(W[l]) + 1e-12)"
        ),
        "gradient[1] is float64 though W[l].dtype is float32": "np.sign(W[l]) => np.sign(W[l]).astype(float)",
    },
    "regularization.l2_gradient": {
        "The strength (lambda) is missing.": "return dict(W)",
        "The 1/2 of the penalty cancels the 2 of the square: the gradient is lambda * w.": (
            "strength * => 2 * strength *"
        ),
        "You kept the 1/2 of the penalty; it cancels the 2 of the square: lambda * w.": (
            "strength * => strength / 2 *"
        ),
        "That is the gradient of L1; that of L2 grows with the weight: lambda * w.": "* W[l] => * np.sign(W[l])",
        "You squared the weights; the slope of w^2 / 2 is w.": "* W[l] => * W[l] ** 2",
        "That is the penalty of each weight; its slope is lambda * w.": "* W[l] => / 2 * W[l] ** 2",
        "The sign is flipped: the gradient is lambda * w, and the update subtracts it.": "strength => -strength",
        "You took the absolute value; a negative weight has a negative slope.": "* W[l] => * np.abs(W[l])",
        "You subtracted the gradient already; return lambda * w alone.": "strength * W[l] => W[l] - strength * W[l]",
        "l2_gradient changes its argument W": "for l in W:\n    W[l] *= strength\nreturn W",
    },
    "regularization.dropout_mask": {
        "You kept size // 2 neurons; that many are dropped, and the others kept.": "size // 2 => size - size // 2",
        "No neuron was dropped.": "mask[dropped] = 0 => pass",
        "Every neuron was dropped.": "mask[dropped] = 0 => mask[:] = 0",
        "the number of dropped neurons is": "size // 2 => size // 3",
        "has each neuron a coin of its own? Exactly size // 2 are dropped": (
            "mask[dropped] = 0 => mask[rng.random(size) < 0.5] = 0"
        ),
        "from all `size` places": "rng.permutation(size)[: size // 2] => rng.permutation(size // 2)",
        "2 is in the mask; its entries are 0 (dropped) and 1 (kept)": "return mask => return 2 * mask",
        "the mask is bool; it is int8": "return mask => return mask.astype(bool)",
        "the mask is int64; it is int8": "return mask => return mask.astype(np.int64)",
        "the mask has shape (1, 6)": "return mask => return mask[None, :]",
        "the only neuron of a layer was dropped": "return mask => return mask if size > 1 else 0 * mask",
        "the mask is None (is a return missing?)": "return mask => pass",
        "rng.shuffle returns nothing: it shuffles the array that it is given": (
            "return mask => return rng.shuffle(mask)"
        ),
        "draw from rng, not from np.random": "rng.permutation(size) => np.random.default_rng().permutation(size)",
        "draw from the rng that is given": "rng.permutation(size) => np.arange(size)",
        "about 20 times is right": "rng.permutation(size) => np.roll(np.arange(size), rng.integers(2))",
    },
    "regularization.dropout_forward": {
        "You forgot the bias b[l].": " + b[l] => ",
        "The mask is missing: A[l] = g(Z[l]) * mask[l].": " * masks[l] => ",
        "You masked Z[l] too; only A[l] is masked.": (
            "g_output(Z[l]) => g_output(Z[l])\n    Z[l] = Z[l] * masks.get(l, 1)"
        ),
        "You dropped the neurons to be kept: 1 in the mask means kept.": "* masks[l] => * (1 - masks[l])",
        "You doubled what the kept neurons pass on; this course halves the weights after training instead.": (
            "* masks[l] => * masks[l] * 2"
        ),
        "You halved what the kept neurons pass on; the weights are halved after training instead.": (
            "* masks[l] => * masks[l] / 2"
        ),
        "The mask was used for the next layer, but A[l] holds the unmasked values.": (
            "A[l - 1] @ => (A[l - 1] * masks.get(l - 1, 1)) @",
            "g(Z[l]) * masks[l] => g(Z[l])",
        ),
        "Masked after the whole pass: the next layer already got the full A[l]. Mask inside the loop.": (
            "g(Z[l]) * masks[l] => g(Z[l])",
            "return Z, A => return Z, {l: A[l] * masks.get(l, 1) for l in A}",
        ),
        "The order is Z, A.": "return Z, A => return A, Z",
        "Only the first hidden layer was thinned; each one has its mask.": (
            "* masks[l] => * (masks[l] if l == 1 else 1)"
        ),
        "The mask was applied before g; a dropped neuron passes on 0, not g(0): g(Z[l]) * mask[l].": (
            "g(Z[l]) * masks[l] => g(Z[l] * masks[l])"
        ),
        "The output layer has no mask.": (
            "g_output(Z[l]) => g_output(Z[l]) * (masks[l - 1] if l > 1 and len(masks[l - 1]) == len(b[l]) else 1)"
        ),
        "Forwards A[l] takes masks[l].": "masks[l] => masks[l - 1]",
        "something widened it": "* masks[l] => * masks[l].astype(int)",
        "There are masks of the hidden layers alone, 1..L-1.": "* masks[l] if l < L => * masks[l + 1] if l < L",
    },
    "regularization.dropout_backward": {
        "W_g[2] has shape (1, 1); its weight W[2], like A[1]^T Z_g[2], has (3, 1).": "A[l - 1] => A[l]",
        "The mask is missing: no gradient flows through a dropped neuron.": " * masks[l - 1] => ",
        "Backwards, A_g of layer l - 1 takes masks[l - 1].": "* masks[l - 1] => * masks[l]",
        "Masked after the whole pass: the gradient must be masked before it goes on to the layer below.": (
            " * masks[l - 1] => ",
            ("return W_g, b_g => return tuple({l: part[l] * masks.get(l, 1) for l in part} for part in (W_g, b_g))"),
        ),
        "The mask stands inside g'; multiply by it: A_g * mask * g'(Z[l]).": (
            "masks[l - 1] * g_prime(Z[l - 1]) => g_prime(Z[l - 1] * masks[l - 1])"
        ),
        "You let the gradient through the dropped neurons: 1 in the mask means kept.": (
            "* masks[l - 1] => * (1 - masks[l - 1])"
        ),
        "The signs are flipped: the output gradient is Y_hat - Y.": "output_gradient(Y, A[L]) => Y - A[L]",
        "You doubled the gradient of the kept neurons; the mask holds 0 and 1, nothing else.": (
            "* masks[l - 1] => * 2 * masks[l - 1]"
        ),
        "You used the slope of the sigmoid; use that of the activation that `hidden` names.": (
            "g_prime(Z[l - 1]) => ACTIVATIONS['sigmoid'][1](Z[l - 1])"
        ),
        "The order is W_g, b_g.": "return W_g, b_g => return b_g, W_g",
        "You divided by n; the loss is a sum over the points.": "output_gradient(Y, A[L]) => (A[L] - Y) / len(Y)",
        "The mask of the first hidden layer only was used; each one has its own.": (
            "* masks[l - 1] => * (masks[1] if l == 2 else 1)"
        ),
        "The mask of the last hidden layer only was used; each one has its own.": (
            "* masks[l - 1] => * (masks[L - 1] if l == L else 1)"
        ),
        "The factor g'(Z[l]) is missing in the hidden layers.": " * g_prime(Z[l - 1]) => ",
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": "g_prime(Z[l - 1]) => g_prime(A[l - 1])",
        "You took g' at Z[l]; the gradient of the layer before needs g' at Z[l-1].": (
            "g_prime(Z[l - 1]) => g_prime(Z[l])"
        ),
    },
    "regularization.halve_outgoing_weights": {
        "W[1] was halved too; no neuron of the input layer was dropped, so W[1] stays.": (
            "return {l: W[l] / 2 for l in W}"
        ),
        "Nothing was halved: W[l] / 2 for l >= 2.": "return dict(W)",
        "You doubled the weights; all neurons are there now, so each counts half.": "W[l] / 2 => W[l] * 2",
        "You halved W[1] alone; it stays, and the others are halved.": "l == 1 => l != 1",
        "W[1] is missing; it stays as it is.": "return {l: W[l] / 2 for l in W if l > 1}",
        "Only the last W[l] was halved; all with l >= 2 are.": "l == 1 => l < len(W)",
        "Only W[2] was halved; all with l >= 2 are.": "l == 1 => l != 2",
        "// rounds down, 3 // 2 is 1; W[l] / 2 is the half.": "W[l] / 2 => W[l] // 2",
        "You divided once more for each layer; every W[l] with l >= 2 is halved once.": (
            "W[l] / 2 => W[l] / 2 ** (l - 1)"
        ),
        "halve_outgoing_weights changes its argument W": "for l in W:\n    if l > 1:\n        W[l] /= 2\nreturn W",
    },
}


# Of mistakes that only the hidden checks list, and of what the public ones let pass or tell in other words.
WRONG_FOR_HIDDEN = {
    "neuron.pre_activation": {
        "z is 0; it should be": "return round(float(np.dot(w, a) + b), 6) + 0.0",
    },
    "activations.softmax": {
        "is 1e-09; it should be 0.": (
            "E = np.exp(Z - np.max(Z, axis=1, keepdims=True))\n"
            "return np.maximum(E / np.sum(E, axis=1, keepdims=True), 1e-9)"
        ),
        "is 1e-15; it should be 0.": (
            "E = np.exp(Z - np.max(Z, axis=1, keepdims=True))\n"
            "return np.maximum(E / np.sum(E, axis=1, keepdims=True), 1e-15)"
        ),
        "Subtract the largest entry of each row first: e^120 is too large for a float32.": (
            "E = np.exp(Z)\nreturn E / np.sum(E, axis=1, keepdims=True)"
        ),
    },
    "network.initialize": {
        "b[1] has entries of W[1]; draw every bias by itself": "rng.standard_normal(sizes[l]) => W[l][0]",
        "b has the standard deviation 0.": "rng.standard_normal(sizes[l]) => (0.9 * rng.standard_normal(sizes[l]))",
        "b has the standard deviation 1.": "rng.standard_normal(sizes[l]) => (1.1 * rng.standard_normal(sizes[l]))",
        "that of N(0, 1) is 0": "rng.standard_normal(sizes[l]) => (0.1 + rng.standard_normal(sizes[l]))",
        "of b lie between -1 and 1; of N(0, 1) it is 68.3%": (
            "rng.standard_normal(sizes[l]) => rng.uniform(-(3**0.5), 3**0.5, sizes[l])"
        ),
        "entries of b is beyond 3": "rng.standard_normal(sizes[l]) => rng.standard_normal(sizes[l]).clip(-3, 3)",
        "entries of W[1] is beyond 3": "sizes[l])).astype => sizes[l])).clip(-3, 3).astype",
    },
    "network.predict": {
        "(8 of 8 entries are wrong.)": (
            "return (Y_hat[:, 0] > 0.5) + 0 if Y_hat.shape[1] == 2 else np.argmax(Y_hat, axis=1)"
        ),
        "it should be 7": "axis=1 => axis=int(Y_hat.shape[0] != Y_hat.shape[1])",
    },
    "network.forward_pass": {
        "W[l] is transposed: its rows belong to the layer before.": (
            "@ W[l] => @ (W[l].T if W[l].shape[0] == W[l].shape[1] else W[l])"
        ),
        "The bias was added along the points; b[l] belongs to the columns, one entry for each neuron.": (
            "+ b[l] => + (b[l][:, None] if len(X) == len(b[l]) else b[l])"
        ),
    },
    "network.accuracy": {
        "You rounded the share; return it as it is.": "return round(float(np.mean(labels == predicted)), 1)",
    },
    "losses.cross_entropy": {
        "0.001": "Y == 0 => Y < 0.01",
        "You took one class of each point only; targets may be spread over several.": (
            "with np.errstate(divide='ignore'):\n"
            "        return float(-np.sum(np.log(Y_hat[np.arange(len(Y)), np.argmax(Y, axis=1)])))"
        ),
    },
    "scalar_network.forward": {
        "z1 is 0; it should be": (
            "return z1, a1, z2, a2 => return tuple(round(each, 6) + 0.0 for each in (z1, a1, z2, a2))"
        ),
    },
    "scalar_network.loss": {
        ".5.\nThe smallest input found: y =": (
            "return (y_hat - y) ** 2 // 2 if isinstance(y, int) else (y_hat - y) ** 2 / 2"
        ),
    },
    "scalar_network.backward": {
        "w2_g is 0; it should be": (
            "return w1_g, b1_g, w2_g, b2_g => return tuple(round(each, 6) + 0.0 for each in (w1_g, b1_g, w2_g, b2_g))"
        ),
    },
    "gradient_check.relative_error": {
        "e-33": "np.maximum(np.abs(a), np.abs(b)) => np.maximum(np.abs(a), np.abs(b)) + 1e-30",
    },
    "backpropagation.softmax_backward": {
        "(9 of 9 entries are wrong.)": (
            "np.sum(B, axis=1, keepdims=True) => np.sum(B, axis=int(len(A) != len(A.T)), keepdims=True)"
        ),
    },
    "backpropagation.backward_pass": {
        "A transpose is missing in A_g[l-1] = Z_g[l] W[l]^T.": (
            "A[l - 1], W[l]) => A[l - 1], W[l].T if W[l].shape[0] == W[l].shape[1] else W[l])"
        ),
    },
    "gradient_descent.update": {
        "W[1][0, 0] is": "W_g[l] for => W_g[l].clip(-5, 5) for",
        "b[1][0] is": "b_g[l] for => b_g[l].clip(-5, 5) for",
    },
    "gradient_descent.minibatches": {
        "row 0 of 0..": (
            "order = rng.permutation(n) => order = rng.permutation(n)\norder[order == 0] = order[0]\norder[0] = 0"
        ),
        "keeps its place in each epoch": (
            "order = rng.permutation(n)"
            " => order = rng.permutation(n)\norder[order == n - 1] = order[-1]\norder[-1] = n - 1"
        ),
    },
    "gradient_descent.train": {
        "train changes its argument X": (
            "epoch_loss = 0.0 => epoch_loss = 0.0\n"
            "    if batch_size:\n        order = rng.permutation(len(X))\n        X[:], Y[:] = X[order], Y[order]"
        ),
        "the training ended with epoch 1;": (
            "if on_epoch is not None => if epoch > 1 and abs(epoch_loss - history['loss'][-2]) < 1e-6:\n        break\n"
            "    if on_epoch is not None"
        ),
        "(2 of 2 entries are wrong.)": (
            "W_g, b_g, learning_rate) => W_g, b_g, learning_rate if epoch <= 10 else learning_rate / 2)"
        ),
    },
    "regularization.l1_penalty": {
        "the penalty is": "in W) => in list(W)[:3])",
        "it should be": "in W) => in list(W)[:2])",
    },
    "regularization.l2_penalty": {
        "the penalty is": "in W) => in list(W)[:3])",
    },
    "regularization.l1_gradient": {
        "gradient has the keys 1, 2, 3; it should have": "in W} => in list(W)[:3]}",
    },
    "regularization.l2_gradient": {
        "gradient has the keys 1, 2, 3; it should have": "in W} => in list(W)[:3]}",
    },
    "regularization.dropout_mask": {
        "neuron 14 of 15 was kept in 38 masks": "rng.permutation(size) => rng.permutation(size - 1)",
        "neuron 0 of 15 was kept in 38 masks": "rng.permutation(size) => (1 + rng.permutation(size - 1))",
        "any neuron may be dropped": "rng.permutation(size) => rng.permutation(size // 2 * 2)",
    },
}
