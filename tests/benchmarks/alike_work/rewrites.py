"""Every exercise as different people would write it: right answers, each a text in the place of the marked lines.

The first of each is what most write. They were written by one hand, so they are less different than a class is.
"""

REWRITES = {
    "neuron.pre_activation": [
        "return np.dot(w, a) + b",
        "return np.sum(w * a) + b",
        "z = b\nfor i in range(len(w)):\n    z += w[i] * a[i]\nreturn z",
        "total = 0\nfor weight, value in zip(w, a):\n    total = total + weight * value\nreturn total + b",
        "return sum(wi * ai for wi, ai in zip(w, a)) + b",
        "products = w * a\nreturn products.sum() + b",
    ],
    "neuron.neuron": [
        "return g(pre_activation(a, w, b))",
        "z = pre_activation(a, w, b)\nreturn g(z)",
        "z = np.dot(a, w) + b\nactivation = g(z)\nreturn activation",
    ],
    "activations.sigmoid": [
        "e = np.exp(-np.abs(z))\nreturn np.where(np.asarray(z) >= 0, 1, e) / (1 + e)",
        "return 0.5 * (1 + np.tanh(z / 2))",
        "t = np.exp(-np.abs(z))\nright = 1 / (1 + t)\nreturn np.where(np.asarray(z) < 0, t * right, right)",
        "small = np.exp(np.minimum(z, 0))\nbig = np.exp(-np.maximum(z, 0))\nreturn small / (small + big)",
        "return np.exp(-np.logaddexp(0, -z)).astype(np.asarray(z).dtype)",
        "half = np.tanh(np.divide(z, 2)) / 2\nreturn half + 0.5",
        "positive = np.asarray(z) >= 0\nneg = np.exp(np.where(positive, -z, z))\n"
        "return np.where(positive, 1 / (1 + neg), neg / (1 + neg))",
    ],
    "activations.tanh": [
        "return np.tanh(z)",
        "e = np.exp(-2 * np.abs(z))\nreturn np.sign(z) * (1 - e) / (1 + e)",
        "return 2 * sigmoid(2 * z) - 1",
    ],
    "activations.relu": [
        "return np.maximum(z, 0)",
        "return np.maximum(0, z)",
        "return np.where(np.asarray(z) > 0, z, 0)",
        "return z * (np.asarray(z) > 0)",
        "return (z + np.abs(z)) / 2",
        "return np.clip(z, 0, None)",
    ],
    "activations.identity": ["return z", "return z + 0", "return np.array(z)", "return 1 * z"],
    "activations.sigmoid_prime": [
        "s = sigmoid(z)\nreturn s * (1 - s)",
        "return sigmoid(z) * (1 - sigmoid(z))",
        "return sigmoid(z) * sigmoid(-z)",
        "g = sigmoid(z)\nreturn g - g * g",
        "y = sigmoid(z)\nderivative = np.multiply(y, 1 - y)\nreturn derivative",
    ],
    "activations.tanh_prime": [
        "return 1 - np.tanh(z) ** 2",
        "t = tanh(z)\nreturn 1 - t**2",
        "return 1 - np.square(tanh(z))",
        "y = tanh(z)\nreturn (1 - y) * (1 + y)",
        "return 1 - tanh(z) * tanh(z)",
    ],
    "activations.relu_prime": [
        "return np.where(np.asarray(z) > 0, np.ones_like(z), np.zeros_like(z))",
        "z = np.asarray(z)\nreturn (z > 0).astype(z.dtype)",
        "out = np.zeros_like(z)\nout[np.asarray(z) > 0] = 1\nreturn out",
        "return np.heaviside(z, 0)",
        "return np.sign(np.maximum(z, 0))",
        "mask = np.asarray(z) > 0\nreturn mask * np.ones_like(z)",
    ],
    "activations.identity_prime": [
        "return np.ones_like(z)",
        "return np.full_like(z, 1)",
        "return 0 * z + 1",
        "return np.ones(np.shape(z), dtype=np.asarray(z).dtype)",
    ],
    "activations.softmax": [
        "Z = Z - np.max(Z, axis=1, keepdims=True)\ne = np.exp(Z)\nreturn e / np.sum(e, axis=1, keepdims=True)",
        "shifted = Z - Z.max(axis=1, keepdims=True)\nexps = np.exp(shifted)\nsums = exps.sum(axis=1, keepdims=True)\n"
        "return exps / sums",
        "largest = np.max(Z, axis=1)\npowers = np.exp((Z.T - largest).T)\nreturn (powers.T / np.sum(powers, axis=1)).T",
        "result = np.empty_like(Z)\nfor i in range(len(Z)):\n    row = np.exp(Z[i] - np.max(Z[i]))\n"
        "    result[i] = row / np.sum(row)\nreturn result",
        "rows = []\nfor row in Z:\n    powers = np.exp(row - row.max())\n    rows.append(powers / powers.sum())\n"
        "return np.array(rows)",
        "m = np.amax(Z, axis=1).reshape(-1, 1)\nnumerator = np.exp(Z - m)\n"
        "denominator = numerator.sum(axis=1).reshape(-1, 1)\nreturn np.divide(numerator, denominator)",
        "top = Z.max(1)[:, None]\nlog_sum = np.log(np.exp(Z - top).sum(1))[:, None]\nreturn np.exp(Z - top - log_sum)",
    ],
    "network.count_parameters": [
        "total = 0\nfor l in range(1, len(sizes)):\n    total += sizes[l - 1] * sizes[l] + sizes[l]\nreturn total",
        "return sum(a * b + b for a, b in zip(sizes[:-1], sizes[1:]))",
        "count = 0\nfor i in range(len(sizes) - 1):\n    count += (sizes[i] + 1) * sizes[i + 1]\nreturn count",
        "weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))\nbiases = sum(sizes[1:])\n"
        "return weights + biases",
        "n = 0\nprevious = sizes[0]\nfor size in sizes[1:]:\n    n += previous * size\n    n += size\n"
        "    previous = size\nreturn n",
        "before, after = np.array(sizes[:-1]), np.array(sizes[1:])\nreturn int(np.sum((before + 1) * after))",
    ],
    "network.initialize": [
        "for l in range(1, len(sizes)):\n    W[l] = rng.standard_normal((sizes[l - 1], sizes[l])).astype(dtype)\n"
        "    b[l] = rng.standard_normal(sizes[l]).astype(dtype)\nreturn W, b",
        "for i in range(len(sizes) - 1):\n    n_in, n_out = sizes[i], sizes[i + 1]\n"
        "    W[i + 1] = rng.normal(size=(n_in, n_out)).astype(dtype)\n"
        "    b[i + 1] = rng.normal(size=n_out).astype(dtype)\nreturn W, b",
        "L = len(sizes) - 1\nW = {l: rng.standard_normal((sizes[l - 1], sizes[l]), dtype=dtype) for l in range(1, L + 1)}\n"
        "b = {l: rng.standard_normal(sizes[l], dtype=dtype) for l in range(1, L + 1)}\nreturn W, b",
        "for l, (rows, columns) in enumerate(zip(sizes[:-1], sizes[1:]), start=1):\n"
        "    W[l] = np.array(rng.normal(0, 1, (rows, columns)), dtype=dtype)\n"
        "    b[l] = np.array(rng.normal(0, 1, columns), dtype=dtype)\nreturn W, b",
        "layer = 1\nwhile layer < len(sizes):\n    shape = (sizes[layer - 1], sizes[layer])\n"
        "    weights = rng.standard_normal(shape)\n    biases = rng.standard_normal(shape[1])\n"
        "    W[layer] = weights.astype(dtype)\n    b[layer] = biases.astype(dtype)\n    layer += 1\nreturn W, b",
        "previous = sizes[0]\nfor l, size in enumerate(sizes):\n    if l == 0:\n        continue\n"
        "    both = rng.standard_normal((previous + 1, size)).astype(dtype)\n    W[l], b[l] = both[:-1], both[-1]\n"
        "    previous = size\nreturn W, b",
        "def draw(*shape):\n    return rng.standard_normal(shape).astype(dtype)\n\n"
        "for l in range(1, len(sizes)):\n    W[l] = draw(sizes[l - 1], sizes[l])\n    b[l] = draw(sizes[l])\nreturn W, b",
    ],
    "network.forward_pass": [
        "for l in range(1, L + 1):\n    Z[l] = A[l - 1] @ W[l] + b[l]\n    if l == L:\n        A[l] = g_output(Z[l])\n"
        "    else:\n        A[l] = g(Z[l])\nreturn Z, A",
        "for l in range(1, L):\n    Z[l] = np.dot(A[l - 1], W[l]) + b[l]\n    A[l] = g(Z[l])\n"
        "Z[L] = np.dot(A[L - 1], W[L]) + b[L]\nA[L] = g_output(Z[L])\nreturn Z, A",
        "activation = X\nfor l in range(1, L + 1):\n    z = activation @ W[l] + b[l]\n"
        "    activation = g(z) if l != L else g_output(z)\n    Z[l] = z\n    A[l] = activation\nreturn Z, A",
        "functions = [g] * (L - 1) + [g_output]\nfor l, f in enumerate(functions, 1):\n"
        "    Z[l] = np.matmul(A[l - 1], W[l]) + b[l]\n    A[l] = f(Z[l])\nreturn Z, A",
        "current = X\nfor layer in sorted(W):\n    pre = b[layer] + current.dot(W[layer])\n    Z[layer] = pre\n"
        "    if layer < max(W):\n        current = g(pre)\n    else:\n        current = g_output(pre)\n"
        "    A[layer] = current\nreturn Z, A",
        "def one_layer(l, f):\n    Z[l] = A[l - 1] @ W[l] + b[l]\n    A[l] = f(Z[l])\n\n"
        "for l in range(1, L):\n    one_layer(l, g)\none_layer(L, g_output)\nreturn Z, A",
        "l = 0\nwhile l < L:\n    l += 1\n    Z[l] = np.dot(A[l - 1], W[l])\n    Z[l] = Z[l] + b[l]\n"
        "    last = l == L\n    A[l] = [g, g_output][last](Z[l])\nreturn Z, A",
    ],
    "network.predict": [
        "return np.argmax(Y_hat, axis=1)",
        "return Y_hat.argmax(axis=1)",
        "labels = []\nfor row in Y_hat:\n    labels.append(np.argmax(row))\nreturn np.array(labels)",
        "return np.array([row.argmax() for row in Y_hat])",
    ],
    "losses.one_hot": [
        "n = len(labels)\nY = np.zeros((n, k), dtype=dtype)\nfor i in range(n):\n    Y[i, labels[i]] = 1\nreturn Y",
        "Y = np.zeros((len(labels), k), dtype=dtype)\nY[np.arange(len(labels)), labels] = 1\nreturn Y",
        "return np.eye(k, dtype=dtype)[labels]",
        "labels = np.asarray(labels)\nreturn (labels[:, None] == np.arange(k)).astype(dtype)",
        "result = np.zeros((len(labels), k), dtype)\nfor row, label in zip(result, labels):\n    row[label] = 1\nreturn result",
        "rows = [[1 if j == label else 0 for j in range(k)] for label in labels]\n"
        "return np.array(rows, dtype=dtype).reshape(len(labels), k)",
        "Y = np.zeros(len(labels) * k, dtype=dtype)\nY[np.arange(len(labels)) * k + labels] = 1.0\n"
        "return Y.reshape(-1, k)",
    ],
    "losses.squared_error": [
        "if np.shape(y) != np.shape(y_hat):\n    raise ValueError(f'shapes {np.shape(y)} and {np.shape(y_hat)} differ')\n"
        "return 0.5 * np.sum((y - y_hat) ** 2)",
        "y, y_hat = np.asarray(y), np.asarray(y_hat)\nif y.shape != y_hat.shape:\n"
        "    raise ValueError(f'{y.shape} is not {y_hat.shape}')\ndifference = y_hat - y\n"
        "return float(np.sum(difference * difference) / 2)",
        "if np.shape(y) == np.shape(y_hat):\n    return np.sum(np.square(np.subtract(y_hat, y))) / 2\n"
        "raise ValueError(f'y {np.shape(y)}, y_hat {np.shape(y_hat)}')",
        "a, b = np.shape(y), np.shape(y_hat)\nif a != b:\n    raise ValueError('different shapes: ' + str(a) + ' and ' + str(b))\n"
        "total = 0.0\nfor t, p in zip(np.ravel(y), np.ravel(y_hat)):\n    total += (p - t) ** 2\nreturn 0.5 * total",
        "same = np.shape(y) == np.shape(y_hat)\nif not same:\n"
        "    raise ValueError('y: {}, y_hat: {}'.format(np.shape(y), np.shape(y_hat)))\n"
        "error = np.ravel(y_hat) - np.ravel(y)\nreturn float(error @ error) / 2",
        "if y_hat.shape != y.shape:\n    raise ValueError(f'expected {y.shape}, got {y_hat.shape}')\n"
        "return 0.5 * np.linalg.norm(y_hat - y) ** 2",
    ],
    "losses.cross_entropy": [
        "mask = Y > 0\nwith np.errstate(divide='ignore'):\n    return -np.sum(Y[mask] * np.log(Y_hat[mask]))",
        "with np.errstate(divide='ignore', invalid='ignore'):\n    logs = np.log(Y_hat)\n"
        "    return float(-np.sum(np.where(Y == 0, 0, Y * logs)))",
        "loss = 0.0\nfor y, p in zip(np.ravel(Y), np.ravel(Y_hat)):\n    if y != 0:\n"
        "        loss -= y * np.log(p) if p > 0 else -np.inf\nreturn loss",
        "rows, columns = np.nonzero(Y)\nchosen = Y_hat[rows, columns]\nwith np.errstate(divide='ignore'):\n"
        "    terms = Y[rows, columns] * np.log(chosen)\nreturn -float(terms.sum())",
        "total = 0\nn, k = Y.shape\nwith np.errstate(divide='ignore'):\n    for i in range(n):\n        for j in range(k):\n"
        "            if Y[i, j]:\n                total += Y[i, j] * np.log(Y_hat[i, j])\nreturn -total",
        "safe = np.where(Y != 0, Y_hat, 1)\nwith np.errstate(divide='ignore'):\n    return -(Y * np.log(safe)).sum()",
        "logs = np.zeros_like(Y_hat)\nwith np.errstate(divide='ignore'):\n    np.log(Y_hat, out=logs, where=Y != 0)\n"
        "return -np.sum(Y * logs)",
    ],
    "scalar_network.forward": [
        "z1 = w1 * x + b1\na1 = g(z1)\nz2 = w2 * a1 + b2\na2 = g(z2)\nreturn z1, a1, z2, a2",
        "z1 = x * w1 + b1\nz2 = g(z1) * w2 + b2\nreturn z1, g(z1), z2, g(z2)",
        "def neuron(a, w, b):\n    z = a * w + b\n    return z, g(z)\n\n"
        "z1, a1 = neuron(x, w1, b1)\nz2, a2 = neuron(a1, w2, b2)\nreturn z1, a1, z2, a2",
    ],
    "scalar_network.loss": [
        "return 0.5 * (y - y_hat) ** 2",
        "return (y_hat - y) ** 2 / 2",
        "d = y - y_hat\nreturn d * d / 2",
        "return 1 / 2 * pow(y_hat - y, 2)",
    ],
    "scalar_network.backward": [
        "a2_g = a2 - y\nz2_g = a2_g * g_prime(z2)\nw2_g = z2_g * a1\nb2_g = z2_g\na1_g = z2_g * w2\n"
        "z1_g = a1_g * g_prime(z1)\nw1_g = z1_g * x\nb1_g = z1_g\nreturn w1_g, b1_g, w2_g, b2_g",
        "delta2 = (a2 - y) * g_prime(z2)\ndelta1 = delta2 * w2 * g_prime(z1)\n"
        "return delta1 * x, delta1, delta2 * a1, delta2",
        "dz2 = g_prime(z2) * (a2 - y)\ndw2 = a1 * dz2\ndb2 = dz2\nda1 = w2 * dz2\ndz1 = g_prime(z1) * da1\n"
        "dw1 = x * dz1\ndb1 = dz1\nreturn dw1, db1, dw2, db2",
        "b2_g = (a2 - y) * g_prime(z2)\nw2_g = b2_g * a1\nb1_g = b2_g * w2 * g_prime(z1)\nw1_g = b1_g * x\n"
        "return w1_g, b1_g, w2_g, b2_g",
        "w1_g = (a2 - y) * g_prime(z2) * w2 * g_prime(z1) * x\nb1_g = (a2 - y) * g_prime(z2) * w2 * g_prime(z1)\n"
        "w2_g = (a2 - y) * g_prime(z2) * a1\nb2_g = (a2 - y) * g_prime(z2)\nreturn w1_g, b1_g, w2_g, b2_g",
        "error = -(y - a2)\nslope1, slope2 = g_prime(z1), g_prime(z2)\nsecond = error * slope2\n"
        "first = second * w2 * slope1\ngradients = [first * x, first, second * a1, second]\nreturn tuple(gradients)",
        "def through(a_g, z, a):\n    z_g = a_g * g_prime(z)\n    return z_g * a, z_g\n\n"
        "w2_g, b2_g = through(a2 - y, z2, a1)\nw1_g, b1_g = through(b2_g * w2, z1, x)\nreturn w1_g, b1_g, w2_g, b2_g",
    ],
    "gradient_check.numerical_gradient": [
        "theta = np.array(theta, dtype=float)\ngrad = np.zeros_like(theta)\nfor i in np.ndindex(theta.shape):\n"
        "    plus = theta.copy()\n    plus[i] += h\n    minus = theta.copy()\n    minus[i] -= h\n"
        "    grad[i] = (f(plus) - f(minus)) / (2 * h)\nreturn grad",
        "theta = np.asarray(theta, dtype=np.float64)\nresult = np.empty(theta.shape)\nfor index, _ in np.ndenumerate(theta):\n"
        "    e = np.zeros(theta.shape)\n    e[index] = h\n    result[index] = (f(theta + e) - f(theta - e)) / (2 * h)\n"
        "return result",
        "theta = np.array(theta, dtype=float)\nflat = theta.ravel()\nslopes = np.zeros(flat.size)\n"
        "for i in range(flat.size):\n    old = flat[i]\n    flat[i] = old + h\n    up = f(theta.copy())\n"
        "    flat[i] = old - h\n    down = f(theta.copy())\n    flat[i] = old\n    slopes[i] = (up - down) / (2 * h)\n"
        "return slopes.reshape(theta.shape)",
        "shape = np.shape(theta)\nbase = np.array(theta, dtype=float).reshape(-1)\nslopes = []\nfor k in range(len(base)):\n"
        "    values = []\n    for sign in (1, -1):\n        moved = base.copy()\n        moved[k] += sign * h\n"
        "        values.append(f(moved.reshape(shape)))\n    slopes.append((values[0] - values[1]) / (2 * h))\n"
        "return np.array(slopes).reshape(shape)",
        "def slope(i):\n    step = np.zeros(np.shape(theta))\n    step[i] = h\n"
        "    return (f(theta + step) - f(theta - step)) / h / 2\n\n"
        "gradient = np.zeros(np.shape(theta))\nfor i in np.ndindex(np.shape(theta)):\n    gradient[i] = slope(i)\n"
        "return gradient",
        "t = np.asarray(theta, dtype=float)\nunits = np.eye(t.size).reshape((t.size, *t.shape)) * h\n"
        "return np.array([(f(t + u) - f(t - u)) / (2 * h) for u in units]).reshape(t.shape)",
        "theta = np.array(theta, dtype=float)\ngradient = np.zeros(theta.shape)\n"
        "it = np.nditer(theta, flags=['multi_index'])\nwhile not it.finished:\n    idx = it.multi_index\n"
        "    saved = theta[idx]\n    theta[idx] = saved + h\n    f_plus = f(theta.copy())\n    theta[idx] = saved - h\n"
        "    f_minus = f(theta.copy())\n    theta[idx] = saved\n    gradient[idx] = (f_plus - f_minus) / (2.0 * h)\n"
        "    it.iternext()\nreturn gradient",
    ],
    "gradient_check.relative_error": [
        "numerator = np.abs(np.subtract(a, b))\ndenominator = np.maximum(np.abs(a), np.abs(b))\n"
        "denominator = np.where(denominator == 0, 1, denominator)\nreturn float(np.max(numerator / denominator))",
        "a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)\nworst = 0.0\nfor p, q in zip(a.ravel(), b.ravel()):\n"
        "    largest = max(abs(p), abs(q))\n    if largest > 0:\n        worst = max(worst, abs(p - q) / largest)\nreturn float(worst)",
        "diff = np.abs(np.asarray(a) - np.asarray(b))\nscale = np.maximum(np.abs(a), np.abs(b))\n"
        "ratio = np.divide(diff, scale, out=np.zeros(np.shape(diff)), where=scale != 0)\nreturn float(ratio.max())",
        "x, y = np.ravel(a).astype(float), np.ravel(b).astype(float)\nsize = np.max([np.abs(x), np.abs(y)], axis=0)\n"
        "nonzero = size > 0\nif not nonzero.any():\n    return 0.0\n"
        "return float(np.max(np.abs(x - y)[nonzero] / size[nonzero]))",
        "with np.errstate(invalid='ignore', divide='ignore'):\n"
        "    quotient = np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b))\n"
        "return float(np.max(np.nan_to_num(quotient)))",
        "errors = [abs(p - q) / max(abs(p), abs(q)) if p != q else 0.0 for p, q in zip(np.ravel(a), np.ravel(b))]\n"
        "return float(max(errors))",
    ],
    "backpropagation.layer_backward": [
        "W_g = A_prev.T @ Z_g\nb_g = np.sum(Z_g, axis=0)\nA_prev_g = Z_g @ W.T\nreturn W_g, b_g, A_prev_g",
        "W_g = np.dot(A_prev.T, Z_g)\nb_g = Z_g.sum(axis=0)\nA_prev_g = np.dot(Z_g, W.T)\nreturn W_g, b_g, A_prev_g",
        "return A_prev.T @ Z_g, Z_g.sum(axis=0), Z_g @ W.T",
        "n = Z_g.shape[0]\nones = np.ones(n, dtype=Z_g.dtype)\nb_g = Z_g.T @ ones\nW_g = A_prev.T @ Z_g\n"
        "A_prev_g = Z_g @ W.T\nreturn W_g, b_g, A_prev_g",
        "W_g = np.zeros_like(W)\nb_g = np.zeros_like(W[0])\nfor a, z_g in zip(A_prev, Z_g):\n    W_g += np.outer(a, z_g)\n"
        "    b_g += z_g\nreturn W_g, b_g, Z_g @ W.T",
        "W_g = np.einsum('ni,nj->ij', A_prev, Z_g)\nb_g = np.einsum('nj->j', Z_g)\n"
        "A_prev_g = np.einsum('nj,ij->ni', Z_g, W)\nreturn W_g, b_g, A_prev_g",
        "A_prev_g = (W @ Z_g.T).T\nW_g = (Z_g.T @ A_prev).T\nb_g = np.add.reduce(Z_g)\nreturn W_g, b_g, A_prev_g",
    ],
    "backpropagation.softmax_backward": [
        "B = A * A_g\nreturn B - np.sum(B, axis=1, keepdims=True) * A",
        "B = A * A_g\nsums = B.sum(axis=1).reshape(-1, 1)\nZ_g = B - sums * A\nreturn Z_g",
        "Z_g = np.zeros_like(A)\nfor i in range(A.shape[0]):\n    J = np.diag(A[i]) - np.outer(A[i], A[i])\n"
        "    Z_g[i] = J @ A_g[i]\nreturn Z_g",
        "product = A * A_g\nrow_sums = np.sum(product, axis=1)[:, np.newaxis]\nreturn A * (A_g - row_sums)",
        "inner = np.einsum('ij,ij->i', A, A_g)\nreturn A * (A_g - inner[:, None])",
        "rows = []\nfor a, a_g in zip(A, A_g):\n    rows.append(a * a_g - np.dot(a, a_g) * a)\nreturn np.array(rows)",
    ],
    "backpropagation.output_gradient": [
        "return Y_hat - Y",
        "return np.subtract(Y_hat, Y)",
        "Z_g = Y_hat - Y\nreturn Z_g",
        "return -(Y - Y_hat)",
    ],
    "backpropagation.backward_pass": [
        "Z_g = output_gradient(Y, A[L])\nfor l in range(L, 0, -1):\n    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])\n"
        "    if l > 1:\n        Z_g = A_g * g_prime(Z[l - 1])\nreturn W_g, b_g",
        "delta = A[L] - Y\nfor l in reversed(range(1, L + 1)):\n    W_g[l] = A[l - 1].T @ delta\n"
        "    b_g[l] = np.sum(delta, axis=0)\n    if l != 1:\n        delta = (delta @ W[l].T) * g_prime(Z[l - 1])\nreturn W_g, b_g",
        "Z_g = {L: output_gradient(Y, A[L])}\nfor l in range(L - 1, 0, -1):\n    A_g = np.dot(Z_g[l + 1], W[l + 1].T)\n"
        "    Z_g[l] = A_g * g_prime(Z[l])\nfor l in range(1, L + 1):\n    W_g[l] = np.dot(A[l - 1].T, Z_g[l])\n"
        "    b_g[l] = Z_g[l].sum(axis=0)\nreturn W_g, b_g",
        "l = L\nerror = output_gradient(Y, A[L])\nwhile l > 0:\n    w, bias, back = layer_backward(error, A[l - 1], W[l])\n"
        "    W_g[l] = w\n    b_g[l] = bias\n    l -= 1\n    if l:\n        error = back * g_prime(Z[l])\nreturn W_g, b_g",
        "gradient = output_gradient(Y, A[L])\nW_g[L], b_g[L], A_g = layer_backward(gradient, A[L - 1], W[L])\n"
        "for l in range(L - 1, 0, -1):\n    gradient = g_prime(Z[l]) * A_g\n"
        "    W_g[l], b_g[l], A_g = layer_backward(gradient, A[l - 1], W[l])\nreturn W_g, b_g",
        "def back(l, Z_g):\n    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])\n    if l > 1:\n"
        "        back(l - 1, A_g * g_prime(Z[l - 1]))\n\nback(L, output_gradient(Y, A[L]))\nreturn W_g, b_g",
        "layers = sorted(W, reverse=True)\nZ_g = A[layers[0]] - Y\nfor layer in layers:\n    below = layer - 1\n"
        "    W_g[layer] = np.matmul(A[below].T, Z_g)\n    b_g[layer] = np.sum(Z_g, 0)\n    if below == 0:\n        break\n"
        "    Z_g = np.matmul(Z_g, W[layer].T)\n    Z_g = Z_g * g_prime(Z[below])\nreturn W_g, b_g",
    ],
    "gradient_descent.update": [
        "new_W, new_b = {}, {}\nfor l in W:\n    new_W[l] = W[l] - learning_rate * W_g[l]\n"
        "    new_b[l] = b[l] - learning_rate * b_g[l]\nreturn new_W, new_b",
        "W_new = {l: W[l] - learning_rate * W_g[l] for l in W}\nb_new = {l: b[l] - learning_rate * b_g[l] for l in b}\n"
        "return W_new, b_new",
        "L = len(W)\nW2, b2 = dict(W), dict(b)\nfor l in range(1, L + 1):\n    W2[l] = W2[l] - learning_rate * W_g[l]\n"
        "    b2[l] = b2[l] - learning_rate * b_g[l]\nreturn W2, b2",
        "def step(old, gradient):\n    return {key: old[key] - learning_rate * gradient[key] for key in old}\n\n"
        "return step(W, W_g), step(b, b_g)",
        "W_next = {}\nfor key, value in W.items():\n    W_next[key] = value - W_g[key] * learning_rate\nb_next = {}\n"
        "for key, value in b.items():\n    b_next[key] = value - b_g[key] * learning_rate\nreturn W_next, b_next",
        "W = {l: w.copy() for l, w in W.items()}\nb = {l: v.copy() for l, v in b.items()}\nfor l in W:\n"
        "    W[l] -= learning_rate * W_g[l]\n    b[l] -= learning_rate * b_g[l]\nreturn W, b",
    ],
    "gradient_descent.minibatches": [
        "order = rng.permutation(n)\nbatches = []\nfor i in range(0, n, size):\n    batches.append(order[i : i + size])\nreturn batches",
        "indices = np.arange(n)\nrng.shuffle(indices)\nreturn [indices[i : i + size] for i in range(0, n, size)]",
        "shuffled = rng.permutation(n)\nreturn np.split(shuffled, range(size, n, size))",
        "rest = rng.permutation(n)\nparts = []\nwhile len(rest) > 0:\n    parts.append(rest[:size])\n    rest = rest[size:]\nreturn parts",
        "perm = rng.permutation(np.arange(n))\ncount = int(np.ceil(n / size))\nresult = []\nfor k in range(count):\n"
        "    start = k * size\n    end = min(start + size, n)\n    result.append(perm[start:end])\nreturn result",
        "rows = list(range(n))\nrng.shuffle(rows)\nout, batch = [], []\nfor row in rows:\n    batch.append(row)\n"
        "    if len(batch) == size:\n        out.append(np.array(batch))\n        batch = []\nif batch:\n"
        "    out.append(np.array(batch))\nreturn out",
        "p = rng.permutation(n)\nfull = n // size\nlist_of_batches = list(p[: full * size].reshape(full, size))\n"
        "if n % size:\n    list_of_batches.append(p[full * size :])\nreturn list_of_batches",
    ],
    "gradient_descent.train": [
        "for epoch in range(1, epochs + 1):\n    if batch_size is None:\n        batches = [np.arange(len(X))]\n    else:\n"
        "        batches = minibatches(len(X), batch_size, rng)\n    total = 0.0\n    for batch in batches:\n"
        "        Z, A = forward_pass(X[batch], W, b, hidden, output)\n        total += loss(Y[batch], A[L])\n"
        "        W_g, b_g = backward_pass(Y[batch], Z, A, W, hidden)\n"
        "        W, b = update(W, b, W_g, b_g, learning_rate)\n    history['loss'].append(total)\n"
        "    if on_epoch is not None:\n        on_epoch(epoch, W, b, total)\nreturn W, b, history",
        "n = X.shape[0]\nfor e in range(epochs):\n    if batch_size:\n        parts = minibatches(n, batch_size, rng)\n    else:\n"
        "        parts = [range(n)]\n    losses = []\n    for rows in parts:\n        x, y = X[rows], Y[rows]\n"
        "        Z, A = forward_pass(x, W, b, hidden=hidden, output=output)\n        losses.append(loss(y, A[L]))\n"
        "        gradients = backward_pass(y, Z, A, W, hidden=hidden)\n        W, b = update(W, b, *gradients, learning_rate)\n"
        "    history['loss'].append(sum(losses))\n    if on_epoch:\n        on_epoch(e + 1, W, b, sum(losses))\nreturn W, b, history",
        "def step(x, y, W, b):\n    Z, A = forward_pass(x, W, b, hidden, output)\n    value = loss(y, A[L])\n"
        "    W_g, b_g = backward_pass(y, Z, A, W, hidden)\n    W, b = update(W, b, W_g, b_g, learning_rate)\n    return W, b, value\n\n"
        "for epoch in range(1, epochs + 1):\n    epoch_loss = 0.0\n    if batch_size is None:\n"
        "        W, b, epoch_loss = step(X, Y, W, b)\n    else:\n        for rows in minibatches(len(X), batch_size, rng):\n"
        "            W, b, part = step(X[rows], Y[rows], W, b)\n            epoch_loss += part\n"
        "    history['loss'].append(epoch_loss)\n    if on_epoch is not None:\n        on_epoch(epoch, W, b, epoch_loss)\n"
        "return W, b, history",
        "epoch = 0\nsize = len(X) if batch_size is None else batch_size\nwhile epoch < epochs:\n    epoch += 1\n"
        "    order = np.arange(len(X))\n    chunks = [order] if batch_size is None else minibatches(len(X), size, rng)\n"
        "    running = 0\n    for chunk in chunks:\n        pre, act = forward_pass(X[chunk], W, b, hidden, output)\n"
        "        running = running + loss(Y[chunk], act[L])\n        dW, db = backward_pass(Y[chunk], pre, act, W, hidden)\n"
        "        W, b = update(W, b, dW, db, learning_rate)\n    history['loss'].append(float(running))\n"
        "    if on_epoch is not None:\n        on_epoch(epoch, W, b, running)\nreturn W, b, history",
        "for i in range(1, epochs + 1):\n    history['loss'].append(0.0)\n"
        "    selection = minibatches(len(Y), batch_size, rng) if batch_size is not None else [slice(0, len(Y))]\n"
        "    for s in selection:\n        Zs, As = forward_pass(X[s], W, b, hidden, output)\n        Y_hat = As[L]\n"
        "        history['loss'][-1] += loss(Y[s], Y_hat)\n        W, b = update(W, b, *backward_pass(Y[s], Zs, As, W, hidden), learning_rate)\n"
        "    if on_epoch:\n        on_epoch(i, W, b, history['loss'][-1])\nreturn W, b, history",
        "losses = []\nfor number in range(epochs):\n    whole = 0.0\n    if batch_size is None:\n        Z, A = forward_pass(X, W, b, hidden, output)\n"
        "        whole = loss(Y, A[L])\n        W_g, b_g = backward_pass(Y, Z, A, W, hidden)\n        W, b = update(W, b, W_g, b_g, learning_rate)\n"
        "    else:\n        for rows in minibatches(len(X), batch_size, rng):\n            Z, A = forward_pass(X[rows], W, b, hidden, output)\n"
        "            whole += loss(Y[rows], A[L])\n            W_g, b_g = backward_pass(Y[rows], Z, A, W, hidden)\n"
        "            W, b = update(W, b, W_g, b_g, learning_rate)\n    losses.append(whole)\n    if on_epoch is not None:\n"
        "        on_epoch(number + 1, W, b, whole)\nhistory['loss'] = losses\nreturn W, b, history",
        "params = (W, b)\ndef batches():\n    if batch_size is None:\n        yield X, Y\n        return\n"
        "    for rows in minibatches(len(X), batch_size, rng):\n        yield X[rows], Y[rows]\n\n"
        "for epoch in range(1, epochs + 1):\n    summed = 0.0\n    for xs, ys in batches():\n"
        "        Z, A = forward_pass(xs, *params, hidden, output)\n        summed += loss(ys, A[L])\n"
        "        grads = backward_pass(ys, Z, A, params[0], hidden)\n        params = update(*params, *grads, learning_rate)\n"
        "    history['loss'].append(summed)\n    if callable(on_epoch):\n        on_epoch(epoch, *params, summed)\n"
        "return (*params, history)",
    ],
    "network.accuracy": [
        "return np.mean(labels == predicted)",
        "return np.sum(np.asarray(labels) == np.asarray(predicted)) / len(labels)",
        "right = 0\nfor i in range(len(labels)):\n    if labels[i] == predicted[i]:\n        right += 1\nreturn right / len(labels)",
        "hits = [int(a == b) for a, b in zip(labels, predicted)]\nreturn sum(hits) / len(hits)",
        "return float(np.count_nonzero(np.equal(labels, predicted)) / np.size(labels))",
    ],
    "regularization.l1_penalty": [
        "return strength * sum(np.sum(np.abs(W[l])) for l in W)",
        "total = 0\nfor l in W:\n    total += np.sum(np.abs(W[l]))\nreturn strength * total",
        "return strength * sum(np.abs(w).sum() for w in W.values())",
        "penalty = 0.0\nfor l in range(1, len(W) + 1):\n    penalty += strength * np.abs(W[l]).sum()\nreturn penalty",
    ],
    "regularization.l2_penalty": [
        "return strength / 2 * sum(np.sum(W[l] ** 2) for l in W)",
        "total = 0\nfor l in W:\n    total += np.sum(W[l] ** 2)\nreturn 0.5 * strength * total",
        "return 0.5 * strength * sum((w * w).sum() for w in W.values())",
        "squares = [np.sum(np.square(matrix)) for matrix in W.values()]\nreturn strength * sum(squares) / 2",
    ],
    "regularization.l1_gradient": [
        "return {l: strength * np.sign(W[l]) for l in W}",
        "gradient = {}\nfor l in W:\n    gradient[l] = strength * np.sign(W[l])\nreturn gradient",
        "return {key: np.sign(value) * strength for key, value in W.items()}",
    ],
    "regularization.l2_gradient": [
        "return {l: strength * W[l] for l in W}",
        "gradient = {}\nfor l in W:\n    gradient[l] = strength * W[l]\nreturn gradient",
        "return {key: value * strength for key, value in W.items()}",
    ],
    "regularization.dropout_mask": [
        "dropped = rng.choice(size, size // 2, replace=False)\nmask[dropped] = 0\nreturn mask",
        "mask[: size // 2] = 0\nrng.shuffle(mask)\nreturn mask",
        "order = rng.permutation(size)\nfor i in range(size // 2):\n    mask[order[i]] = 0\nreturn mask",
        "return (rng.permutation(size) >= size // 2).astype(np.int8)",
        "scores = rng.random(size)\nhalf = size // 2\nmask[np.argsort(scores)[:half]] = 0\nreturn mask",
        "zeros = np.zeros(size // 2, dtype=np.int8)\nones = np.ones(size - size // 2, dtype=np.int8)\n"
        "return rng.permutation(np.concatenate([zeros, ones]))",
        "left = list(range(size))\nrng.shuffle(left)\nmask = np.array([0 if i in left[: size // 2] else 1 for i in range(size)])\nreturn mask",
    ],
    "regularization.dropout_forward": [
        "for l in range(1, L + 1):\n    Z[l] = A[l - 1] @ W[l] + b[l]\n    if l == L:\n        A[l] = g_output(Z[l])\n"
        "    else:\n        A[l] = g(Z[l]) * masks[l]\nreturn Z, A",
        "for l in range(1, L):\n    Z[l] = np.dot(A[l - 1], W[l]) + b[l]\n    A[l] = masks[l] * g(Z[l])\n"
        "Z[L] = np.dot(A[L - 1], W[L]) + b[L]\nA[L] = g_output(Z[L])\nreturn Z, A",
        "activation = X\nfor l in range(1, L + 1):\n    z = activation @ W[l] + b[l]\n    if l < L:\n        activation = g(z)\n"
        "        activation = activation * masks[l]\n    else:\n        activation = g_output(z)\n    Z[l] = z\n    A[l] = activation\nreturn Z, A",
        "for l in W:\n    Z[l] = A[l - 1].dot(W[l]) + b[l]\n    A[l] = g_output(Z[l]) if l == L else np.where(masks[l], g(Z[l]), 0)\nreturn Z, A",
        "kept = {**masks, L: 1}\nfor l in range(1, L + 1):\n    f = g_output if l == L else g\n    Z[l] = A[l - 1] @ W[l] + b[l]\n"
        "    A[l] = f(Z[l]) * kept[l]\nreturn Z, A",
        "l = 1\nwhile l < L:\n    Z[l] = np.matmul(A[l - 1], W[l]) + b[l]\n    A[l] = g(Z[l])\n    A[l] = A[l] * masks[l]\n    l += 1\n"
        "Z[l] = np.matmul(A[l - 1], W[l]) + b[l]\nA[l] = g_output(Z[l])\nreturn Z, A",
        "def layer(l, f):\n    Z[l] = A[l - 1] @ W[l] + b[l]\n    return f(Z[l])\n\nfor l in range(1, L):\n"
        "    A[l] = layer(l, g) * masks[l]\nA[L] = layer(L, g_output)\nreturn Z, A",
    ],
    "regularization.dropout_backward": [
        "Z_g = output_gradient(Y, A[L])\nW_g, b_g = {}, {}\nfor l in range(L, 0, -1):\n"
        "    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])\n    if l > 1:\n"
        "        Z_g = A_g * masks[l - 1] * g_prime(Z[l - 1])\nreturn W_g, b_g",
        "W_g, b_g = {}, {}\ndelta = A[L] - Y\nfor l in reversed(range(1, L + 1)):\n    W_g[l] = A[l - 1].T @ delta\n"
        "    b_g[l] = np.sum(delta, axis=0)\n    if l != 1:\n        delta = (delta @ W[l].T) * g_prime(Z[l - 1]) * masks[l - 1]\nreturn W_g, b_g",
        "W_g, b_g = {}, {}\nZ_g = {L: output_gradient(Y, A[L])}\nfor l in range(L - 1, 0, -1):\n    A_g = np.dot(Z_g[l + 1], W[l + 1].T)\n"
        "    A_g = A_g * masks[l]\n    Z_g[l] = A_g * g_prime(Z[l])\nfor l in range(1, L + 1):\n    W_g[l] = np.dot(A[l - 1].T, Z_g[l])\n"
        "    b_g[l] = Z_g[l].sum(axis=0)\nreturn W_g, b_g",
        "W_g = {}\nb_g = {}\ngradient = output_gradient(Y, A[L])\nW_g[L], b_g[L], A_g = layer_backward(gradient, A[L - 1], W[L])\n"
        "for l in range(L - 1, 0, -1):\n    gradient = g_prime(Z[l]) * (masks[l] * A_g)\n"
        "    W_g[l], b_g[l], A_g = layer_backward(gradient, A[l - 1], W[l])\nreturn W_g, b_g",
        "W_g, b_g = {}, {}\n\ndef back(l, Z_g):\n    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])\n    if l > 1:\n"
        "        back(l - 1, A_g * g_prime(Z[l - 1]) * masks[l - 1])\n\nback(L, output_gradient(Y, A[L]))\nreturn W_g, b_g",
        "W_g, b_g = dict.fromkeys(W), dict.fromkeys(W)\nerror = output_gradient(Y, A[L])\nl = L\nwhile True:\n"
        "    W_g[l], b_g[l], back = layer_backward(error, A[l - 1], W[l])\n    l -= 1\n    if l == 0:\n        return W_g, b_g\n"
        "    back[:, masks[l] == 0] = 0\n    error = back * g_prime(Z[l])",
    ],
    "regularization.halve_outgoing_weights": [
        "return {l: W[l] if l == 1 else W[l] / 2 for l in W}",
        "halved = {}\nfor l in W:\n    if l == 1:\n        halved[l] = W[l]\n    else:\n        halved[l] = W[l] / 2\nreturn halved",
        "new = dict(W)\nfor l in range(2, len(W) + 1):\n    new[l] = 0.5 * W[l]\nreturn new",
        "return {l: w * (0.5 if l > 1 else 1) for l, w in W.items()}",
    ],
}
