"""Every exercise as different people would write it: right answers, each in the place of the marked lines.

The first of each is what most write. All were written by one hand, so they are less different than a class is.
"""

_REWRITES = {
    "neuron.pre_activation": """
return np.dot(w, a) + b
---
return np.sum(w * a) + b
---
z = b
for i in range(len(w)):
    z += w[i] * a[i]
return z
---
total = 0
for weight, value in zip(w, a):
    total = total + weight * value
return total + b
---
return sum(wi * ai for wi, ai in zip(w, a)) + b
---
products = w * a
return products.sum() + b
""",
    "neuron.neuron": """
return g(pre_activation(a, w, b))
---
z = pre_activation(a, w, b)
return g(z)
---
z = np.dot(a, w) + b
activation = g(z)
return activation
""",
    "activations.sigmoid": """
e = np.exp(-np.abs(z))
return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)
---
return 0.5 * (1 + np.tanh(z / 2))
---
t = np.exp(-np.abs(z))
right = 1 / (1 + t)
return np.where(np.asarray(z) < 0, t * right, right)
---
small = np.exp(np.minimum(z, 0))
big = np.exp(-np.maximum(z, 0))
return small / (small + big)
---
return np.exp(-np.logaddexp(0, -z)).astype(np.asarray(z).dtype)
---
half = np.tanh(np.divide(z, 2)) / 2
return half + 0.5
---
positive = np.asarray(z) >= 0
neg = np.exp(np.where(positive, -z, z))
return np.where(positive, 1 / (1 + neg), neg / (1 + neg))
""",
    "activations.tanh": """
return np.tanh(z)
---
e = np.exp(-2 * np.abs(z))
return np.sign(z) * (1 - e) / (1 + e)
---
return 2 * sigmoid(2 * z) - 1
""",
    "activations.relu": """
return np.maximum(z, 0)
---
return np.maximum(0, z)
---
return np.where(np.asarray(z) > 0, z, 0)
---
return z * (np.asarray(z) > 0)
---
return (z + np.abs(z)) / 2
---
return np.clip(z, 0, None)
""",
    "activations.identity": """
return z
---
return z + 0
---
return np.array(z)
---
return 1 * z
""",
    "activations.sigmoid_prime": """
s = sigmoid(z)
return s * (1 - s)
---
return sigmoid(z) * (1 - sigmoid(z))
---
return sigmoid(z) * sigmoid(-z)
---
g = sigmoid(z)
return g - g * g
---
y = sigmoid(z)
derivative = np.multiply(y, 1 - y)
return derivative
""",
    "activations.tanh_prime": """
return 1 - np.tanh(z) ** 2
---
t = tanh(z)
return 1 - t**2
---
return 1 - np.square(tanh(z))
---
y = tanh(z)
return (1 - y) * (1 + y)
---
return 1 - tanh(z) * tanh(z)
""",
    "activations.relu_prime": """
return np.where(np.asarray(z) > 0, np.ones_like(z), np.zeros_like(z))
---
z = np.asarray(z)
return (z > 0).astype(z.dtype)
---
out = np.zeros_like(z)
out[np.asarray(z) > 0] = 1
return out
---
return np.heaviside(z, 0)
---
return np.sign(np.maximum(z, 0))
---
mask = np.asarray(z) > 0
return mask * np.ones_like(z)
""",
    "activations.identity_prime": """
return np.ones_like(z)
---
return np.full_like(z, 1)
---
return 0 * z + 1
---
return np.ones(np.shape(z), dtype=np.asarray(z).dtype)
""",
    "activations.softmax": """
Z = Z - np.max(Z, axis=1, keepdims=True)
e = np.exp(Z)
return e / np.sum(e, axis=1, keepdims=True)
---
shifted = Z - Z.max(axis=1, keepdims=True)
exps = np.exp(shifted)
sums = exps.sum(axis=1, keepdims=True)
return exps / sums
---
largest = np.max(Z, axis=1)
powers = np.exp((Z.T - largest).T)
return (powers.T / np.sum(powers, axis=1)).T
---
result = np.empty_like(Z)
for i in range(len(Z)):
    row = np.exp(Z[i] - np.max(Z[i]))
    result[i] = row / np.sum(row)
return result
---
rows = []
for row in Z:
    powers = np.exp(row - row.max())
    rows.append(powers / powers.sum())
return np.array(rows)
---
m = np.amax(Z, axis=1).reshape(-1, 1)
numerator = np.exp(Z - m)
denominator = numerator.sum(axis=1).reshape(-1, 1)
return np.divide(numerator, denominator)
---
top = Z.max(1)[:, None]
log_sum = np.log(np.exp(Z - top).sum(1))[:, None]
return np.exp(Z - top - log_sum)
""",
    "network.count_parameters": """
total = 0
for l in range(1, len(sizes)):
    total += sizes[l - 1] * sizes[l] + sizes[l]
return total
---
return sum(a * b + b for a, b in zip(sizes[:-1], sizes[1:]))
---
count = 0
for i in range(len(sizes) - 1):
    count += (sizes[i] + 1) * sizes[i + 1]
return count
---
weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
biases = sum(sizes[1:])
return weights + biases
---
n = 0
previous = sizes[0]
for size in sizes[1:]:
    n += previous * size
    n += size
    previous = size
return n
---
before, after = np.array(sizes[:-1]), np.array(sizes[1:])
return int(np.sum((before + 1) * after))
""",
    "network.initialize": """
for l in range(1, len(sizes)):
    W[l] = rng.standard_normal((sizes[l - 1], sizes[l])).astype(dtype)
    b[l] = rng.standard_normal(sizes[l]).astype(dtype)
return W, b
---
for i in range(len(sizes) - 1):
    n_in, n_out = sizes[i], sizes[i + 1]
    W[i + 1] = rng.normal(size=(n_in, n_out)).astype(dtype)
    b[i + 1] = rng.normal(size=n_out).astype(dtype)
return W, b
---
L = len(sizes) - 1
W = {l: rng.standard_normal((sizes[l - 1], sizes[l]), dtype=dtype) for l in range(1, L + 1)}
b = {l: rng.standard_normal(sizes[l], dtype=dtype) for l in range(1, L + 1)}
return W, b
---
for l, (rows, columns) in enumerate(zip(sizes[:-1], sizes[1:]), start=1):
    W[l] = np.array(rng.normal(0, 1, (rows, columns)), dtype=dtype)
    b[l] = np.array(rng.normal(0, 1, columns), dtype=dtype)
return W, b
---
layer = 1
while layer < len(sizes):
    shape = (sizes[layer - 1], sizes[layer])
    weights = rng.standard_normal(shape)
    biases = rng.standard_normal(shape[1])
    W[layer] = weights.astype(dtype)
    b[layer] = biases.astype(dtype)
    layer += 1
return W, b
---
previous = sizes[0]
for l, size in enumerate(sizes):
    if l == 0:
        continue
    both = rng.standard_normal((previous + 1, size)).astype(dtype)
    W[l], b[l] = both[:-1], both[-1]
    previous = size
return W, b
---
def draw(*shape):
    return rng.standard_normal(shape).astype(dtype)

for l in range(1, len(sizes)):
    W[l] = draw(sizes[l - 1], sizes[l])
    b[l] = draw(sizes[l])
return W, b
""",
    "network.forward_pass": """
for l in range(1, L + 1):
    Z[l] = A[l - 1] @ W[l] + b[l]
    if l == L:
        A[l] = g_output(Z[l])
    else:
        A[l] = g(Z[l])
return Z, A
---
for l in range(1, L):
    Z[l] = np.dot(A[l - 1], W[l]) + b[l]
    A[l] = g(Z[l])
Z[L] = np.dot(A[L - 1], W[L]) + b[L]
A[L] = g_output(Z[L])
return Z, A
---
activation = X
for l in range(1, L + 1):
    z = activation @ W[l] + b[l]
    activation = g(z) if l != L else g_output(z)
    Z[l] = z
    A[l] = activation
return Z, A
---
functions = [g] * (L - 1) + [g_output]
for l, f in enumerate(functions, 1):
    Z[l] = np.matmul(A[l - 1], W[l]) + b[l]
    A[l] = f(Z[l])
return Z, A
---
current = X
for layer in sorted(W):
    pre = b[layer] + current.dot(W[layer])
    Z[layer] = pre
    if layer < max(W):
        current = g(pre)
    else:
        current = g_output(pre)
    A[layer] = current
return Z, A
---
def one_layer(l, f):
    Z[l] = A[l - 1] @ W[l] + b[l]
    A[l] = f(Z[l])

for l in range(1, L):
    one_layer(l, g)
one_layer(L, g_output)
return Z, A
---
l = 0
while l < L:
    l += 1
    Z[l] = np.dot(A[l - 1], W[l])
    Z[l] = Z[l] + b[l]
    last = l == L
    A[l] = [g, g_output][last](Z[l])
return Z, A
""",
    "network.predict": """
return np.argmax(Y_hat, axis=1)
---
return Y_hat.argmax(axis=1)
---
labels = []
for row in Y_hat:
    labels.append(np.argmax(row))
return np.array(labels)
---
return np.array([row.argmax() for row in Y_hat])
""",
    "losses.one_hot": """
n = len(labels)
Y = np.zeros((n, k), dtype=dtype)
for i in range(n):
    Y[i, labels[i]] = 1
return Y
---
Y = np.zeros((len(labels), k), dtype=dtype)
Y[np.arange(len(labels)), labels] = 1
return Y
---
return np.eye(k, dtype=dtype)[labels]
---
labels = np.asarray(labels)
return (labels[:, None] == np.arange(k)).astype(dtype)
---
result = np.zeros((len(labels), k), dtype)
for row, label in zip(result, labels):
    row[label] = 1
return result
---
rows = [[1 if j == label else 0 for j in range(k)] for label in labels]
return np.array(rows, dtype=dtype).reshape(len(labels), k)
---
Y = np.zeros(len(labels) * k, dtype=dtype)
Y[np.arange(len(labels)) * k + labels] = 1.0
return Y.reshape(-1, k)
""",
    "losses.squared_error": """
if np.shape(y) != np.shape(y_hat) or np.size(y) != len(y):
    raise ValueError(f'shapes {np.shape(y)} and {np.shape(y_hat)} differ')
return 0.5 * np.sum((y - y_hat) ** 2)
---
y, y_hat = np.asarray(y), np.asarray(y_hat)
if y.shape != y_hat.shape or y.ndim > 1 and y.shape[1] > 1:
    raise ValueError(f'{y.shape} is not {y_hat.shape}')
difference = y_hat - y
return float(np.sum(difference * difference) / 2)
---
if np.shape(y) == np.shape(y_hat) in ((len(y),), (len(y), 1)):
    return np.sum(np.square(np.subtract(y_hat, y))) / 2
raise ValueError(f'y {np.shape(y)}, y_hat {np.shape(y_hat)}')
---
a, b = np.shape(y), np.shape(y_hat)
if a != b or a[1:] not in ((), (1,)):
    raise ValueError('different shapes: ' + str(a) + ' and ' + str(b))
total = 0.0
for t, p in zip(np.ravel(y), np.ravel(y_hat)):
    total += (p - t) ** 2
return 0.5 * total
---
same = np.shape(y) == np.shape(y_hat)
one_column = np.size(y) == np.shape(y)[0]
if not (same and one_column):
    raise ValueError('y: {}, y_hat: {}'.format(np.shape(y), np.shape(y_hat)))
error = np.ravel(y_hat) - np.ravel(y)
return float(error @ error) / 2
---
if y_hat.shape != y.shape:
    raise ValueError(f'expected {y.shape}, got {y_hat.shape}')
if y.ndim == 2:
    if y.shape[1] != 1:
        raise ValueError(f'{y.shape} and {y_hat.shape} have more than one column')
return 0.5 * np.linalg.norm(y_hat - y) ** 2
""",
    "losses.cross_entropy": """
mask = Y > 0
with np.errstate(divide='ignore'):
    return -np.sum(Y[mask] * np.log(Y_hat[mask]))
---
with np.errstate(divide='ignore', invalid='ignore'):
    logs = np.log(Y_hat)
    return float(-np.sum(np.where(Y == 0, 0, Y * logs)))
---
loss = 0.0
for y, p in zip(np.ravel(Y), np.ravel(Y_hat)):
    if y != 0:
        loss -= y * np.log(p) if p > 0 else -np.inf
return loss
---
rows, columns = np.nonzero(Y)
chosen = Y_hat[rows, columns]
with np.errstate(divide='ignore'):
    terms = Y[rows, columns] * np.log(chosen)
return -float(terms.sum())
---
total = 0
n, k = Y.shape
with np.errstate(divide='ignore'):
    for i in range(n):
        for j in range(k):
            if Y[i, j]:
                total += Y[i, j] * np.log(Y_hat[i, j])
return -total
---
safe = np.where(Y != 0, Y_hat, 1)
with np.errstate(divide='ignore'):
    return -(Y * np.log(safe)).sum()
---
logs = np.zeros_like(Y_hat)
with np.errstate(divide='ignore'):
    np.log(Y_hat, out=logs, where=Y != 0)
return -np.sum(Y * logs)
""",
    "scalar_network.forward": """
z1 = w1 * x + b1
a1 = g(z1)
z2 = w2 * a1 + b2
a2 = g(z2)
return z1, a1, z2, a2
---
z1 = x * w1 + b1
z2 = g(z1) * w2 + b2
return z1, g(z1), z2, g(z2)
---
def neuron(a, w, b):
    z = a * w + b
    return z, g(z)

z1, a1 = neuron(x, w1, b1)
z2, a2 = neuron(a1, w2, b2)
return z1, a1, z2, a2
""",
    "scalar_network.loss": """
return 0.5 * (y - y_hat) ** 2
---
return (y_hat - y) ** 2 / 2
---
d = y - y_hat
return d * d / 2
---
return 1 / 2 * pow(y_hat - y, 2)
""",
    "scalar_network.backward": """
a2_g = a2 - y
z2_g = a2_g * g_prime(z2)
w2_g = z2_g * a1
b2_g = z2_g
a1_g = z2_g * w2
z1_g = a1_g * g_prime(z1)
w1_g = z1_g * x
b1_g = z1_g
return w1_g, b1_g, w2_g, b2_g
---
delta2 = (a2 - y) * g_prime(z2)
delta1 = delta2 * w2 * g_prime(z1)
return delta1 * x, delta1, delta2 * a1, delta2
---
dz2 = g_prime(z2) * (a2 - y)
dw2 = a1 * dz2
db2 = dz2
da1 = w2 * dz2
dz1 = g_prime(z1) * da1
dw1 = x * dz1
db1 = dz1
return dw1, db1, dw2, db2
---
b2_g = (a2 - y) * g_prime(z2)
w2_g = b2_g * a1
b1_g = b2_g * w2 * g_prime(z1)
w1_g = b1_g * x
return w1_g, b1_g, w2_g, b2_g
---
w1_g = (a2 - y) * g_prime(z2) * w2 * g_prime(z1) * x
b1_g = (a2 - y) * g_prime(z2) * w2 * g_prime(z1)
w2_g = (a2 - y) * g_prime(z2) * a1
b2_g = (a2 - y) * g_prime(z2)
return w1_g, b1_g, w2_g, b2_g
---
error = -(y - a2)
slope1, slope2 = g_prime(z1), g_prime(z2)
second = error * slope2
first = second * w2 * slope1
gradients = [first * x, first, second * a1, second]
return tuple(gradients)
---
def through(a_g, z, a):
    z_g = a_g * g_prime(z)
    return z_g * a, z_g

w2_g, b2_g = through(a2 - y, z2, a1)
w1_g, b1_g = through(b2_g * w2, z1, x)
return w1_g, b1_g, w2_g, b2_g
""",
    "gradient_check.numerical_gradient": """
theta = np.array(theta, dtype=float)
grad = np.zeros_like(theta)
for i in np.ndindex(theta.shape):
    plus = theta.copy()
    plus[i] += h
    minus = theta.copy()
    minus[i] -= h
    grad[i] = (f(plus) - f(minus)) / (2 * h)
return grad
---
theta = np.asarray(theta, dtype=np.float64)
result = np.empty(theta.shape)
for index, _ in np.ndenumerate(theta):
    e = np.zeros(theta.shape)
    e[index] = h
    result[index] = (f(theta + e) - f(theta - e)) / (2 * h)
return result
---
theta = np.array(theta, dtype=float)
flat = theta.ravel()
slopes = np.zeros(flat.size)
for i in range(flat.size):
    old = flat[i]
    flat[i] = old + h
    up = f(theta.copy())
    flat[i] = old - h
    down = f(theta.copy())
    flat[i] = old
    slopes[i] = (up - down) / (2 * h)
return slopes.reshape(theta.shape)
---
shape = np.shape(theta)
base = np.array(theta, dtype=float).reshape(-1)
slopes = []
for k in range(len(base)):
    values = []
    for sign in (1, -1):
        moved = base.copy()
        moved[k] += sign * h
        values.append(f(moved.reshape(shape)))
    slopes.append((values[0] - values[1]) / (2 * h))
return np.array(slopes).reshape(shape)
---
def slope(i):
    step = np.zeros(np.shape(theta))
    step[i] = h
    return (f(theta + step) - f(theta - step)) / h / 2

gradient = np.zeros(np.shape(theta))
for i in np.ndindex(np.shape(theta)):
    gradient[i] = slope(i)
return gradient
---
t = np.asarray(theta, dtype=float)
units = np.eye(t.size).reshape((t.size, *t.shape)) * h
return np.array([(f(t + u) - f(t - u)) / (2 * h) for u in units]).reshape(t.shape)
---
theta = np.array(theta, dtype=float)
gradient = np.zeros(theta.shape)
it = np.nditer(theta, flags=['multi_index'])
while not it.finished:
    idx = it.multi_index
    saved = theta[idx]
    theta[idx] = saved + h
    f_plus = f(theta.copy())
    theta[idx] = saved - h
    f_minus = f(theta.copy())
    theta[idx] = saved
    gradient[idx] = (f_plus - f_minus) / (2.0 * h)
    it.iternext()
return gradient
""",
    "gradient_check.relative_error": """
numerator = np.abs(np.subtract(a, b))
denominator = np.maximum(np.abs(a), np.abs(b))
denominator = np.where(denominator == 0, 1, denominator)
return float(np.max(numerator / denominator))
---
a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
worst = 0.0
for p, q in zip(a.ravel(), b.ravel()):
    largest = max(abs(p), abs(q))
    if largest > 0:
        worst = max(worst, abs(p - q) / largest)
return float(worst)
---
diff = np.abs(np.asarray(a) - np.asarray(b))
scale = np.maximum(np.abs(a), np.abs(b))
ratio = np.divide(diff, scale, out=np.zeros(np.shape(diff)), where=scale != 0)
return float(ratio.max())
---
x, y = np.ravel(a).astype(float), np.ravel(b).astype(float)
size = np.max([np.abs(x), np.abs(y)], axis=0)
nonzero = size > 0
if not nonzero.any():
    return 0.0
return float(np.max(np.abs(x - y)[nonzero] / size[nonzero]))
---
with np.errstate(invalid='ignore', divide='ignore'):
    quotient = np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b))
return float(np.max(np.nan_to_num(quotient)))
---
errors = [abs(p - q) / max(abs(p), abs(q)) if p != q else 0.0 for p, q in zip(np.ravel(a), np.ravel(b))]
return float(max(errors))
""",
    "backpropagation.layer_backward": """
W_g = A_prev.T @ Z_g
b_g = np.sum(Z_g, axis=0)
A_prev_g = Z_g @ W.T
return W_g, b_g, A_prev_g
---
W_g = np.dot(A_prev.T, Z_g)
b_g = Z_g.sum(axis=0)
A_prev_g = np.dot(Z_g, W.T)
return W_g, b_g, A_prev_g
---
return A_prev.T @ Z_g, Z_g.sum(axis=0), Z_g @ W.T
---
n = Z_g.shape[0]
ones = np.ones(n, dtype=Z_g.dtype)
b_g = Z_g.T @ ones
W_g = A_prev.T @ Z_g
A_prev_g = Z_g @ W.T
return W_g, b_g, A_prev_g
---
W_g = np.zeros_like(W)
b_g = np.zeros_like(W[0])
for a, z_g in zip(A_prev, Z_g):
    W_g += np.outer(a, z_g)
    b_g += z_g
return W_g, b_g, Z_g @ W.T
---
W_g = np.einsum('ni,nj->ij', A_prev, Z_g)
b_g = np.einsum('nj->j', Z_g)
A_prev_g = np.einsum('nj,ij->ni', Z_g, W)
return W_g, b_g, A_prev_g
---
A_prev_g = (W @ Z_g.T).T
W_g = (Z_g.T @ A_prev).T
b_g = np.add.reduce(Z_g)
return W_g, b_g, A_prev_g
""",
    "backpropagation.softmax_backward": """
B = A * A_g
return B - np.sum(B, axis=1, keepdims=True) * A
---
B = A * A_g
sums = B.sum(axis=1).reshape(-1, 1)
Z_g = B - sums * A
return Z_g
---
Z_g = np.zeros_like(A)
for i in range(A.shape[0]):
    J = np.diag(A[i]) - np.outer(A[i], A[i])
    Z_g[i] = J @ A_g[i]
return Z_g
---
product = A * A_g
row_sums = np.sum(product, axis=1)[:, np.newaxis]
return A * (A_g - row_sums)
---
inner = np.einsum('ij,ij->i', A, A_g)
return A * (A_g - inner[:, None])
---
rows = []
for a, a_g in zip(A, A_g):
    rows.append(a * a_g - np.dot(a, a_g) * a)
return np.array(rows)
""",
    "backpropagation.output_gradient": """
return Y_hat - Y
---
return np.subtract(Y_hat, Y)
---
Z_g = Y_hat - Y
return Z_g
---
return -(Y - Y_hat)
""",
    "backpropagation.backward_pass": """
Z_g = output_gradient(Y, A[L])
for l in range(L, 0, -1):
    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
    if l > 1:
        Z_g = A_g * g_prime(Z[l - 1])
return W_g, b_g
---
delta = A[L] - Y
for l in reversed(range(1, L + 1)):
    W_g[l] = A[l - 1].T @ delta
    b_g[l] = np.sum(delta, axis=0)
    if l != 1:
        delta = (delta @ W[l].T) * g_prime(Z[l - 1])
return W_g, b_g
---
Z_g = {L: output_gradient(Y, A[L])}
for l in range(L - 1, 0, -1):
    A_g = np.dot(Z_g[l + 1], W[l + 1].T)
    Z_g[l] = A_g * g_prime(Z[l])
for l in range(1, L + 1):
    W_g[l] = np.dot(A[l - 1].T, Z_g[l])
    b_g[l] = Z_g[l].sum(axis=0)
return W_g, b_g
---
l = L
error = output_gradient(Y, A[L])
while l > 0:
    w, bias, back = layer_backward(error, A[l - 1], W[l])
    W_g[l] = w
    b_g[l] = bias
    l -= 1
    if l:
        error = back * g_prime(Z[l])
return W_g, b_g
---
gradient = output_gradient(Y, A[L])
W_g[L], b_g[L], A_g = layer_backward(gradient, A[L - 1], W[L])
for l in range(L - 1, 0, -1):
    gradient = g_prime(Z[l]) * A_g
    W_g[l], b_g[l], A_g = layer_backward(gradient, A[l - 1], W[l])
return W_g, b_g
---
def back(l, Z_g):
    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
    if l > 1:
        back(l - 1, A_g * g_prime(Z[l - 1]))

back(L, output_gradient(Y, A[L]))
return W_g, b_g
---
layers = sorted(W, reverse=True)
Z_g = A[layers[0]] - Y
for layer in layers:
    below = layer - 1
    W_g[layer] = np.matmul(A[below].T, Z_g)
    b_g[layer] = np.sum(Z_g, 0)
    if below == 0:
        break
    Z_g = np.matmul(Z_g, W[layer].T)
    Z_g = Z_g * g_prime(Z[below])
return W_g, b_g
""",
    "gradient_descent.update": """
new_W, new_b = {}, {}
for l in W:
    new_W[l] = W[l] - learning_rate * W_g[l]
    new_b[l] = b[l] - learning_rate * b_g[l]
return new_W, new_b
---
W_new = {l: W[l] - learning_rate * W_g[l] for l in W}
b_new = {l: b[l] - learning_rate * b_g[l] for l in b}
return W_new, b_new
---
L = len(W)
W2, b2 = dict(W), dict(b)
for l in range(1, L + 1):
    W2[l] = W2[l] - learning_rate * W_g[l]
    b2[l] = b2[l] - learning_rate * b_g[l]
return W2, b2
---
def step(old, gradient):
    return {key: old[key] - learning_rate * gradient[key] for key in old}

return step(W, W_g), step(b, b_g)
---
W_next = {}
for key, value in W.items():
    W_next[key] = value - W_g[key] * learning_rate
b_next = {}
for key, value in b.items():
    b_next[key] = value - b_g[key] * learning_rate
return W_next, b_next
---
W = {l: w.copy() for l, w in W.items()}
b = {l: v.copy() for l, v in b.items()}
for l in W:
    W[l] -= learning_rate * W_g[l]
    b[l] -= learning_rate * b_g[l]
return W, b
""",
    "gradient_descent.minibatches": """
order = rng.permutation(n)
batches = []
for i in range(0, n, size):
    batches.append(order[i : i + size])
return batches
---
indices = np.arange(n)
rng.shuffle(indices)
return [indices[i : i + size] for i in range(0, n, size)]
---
shuffled = rng.permutation(n)
return np.split(shuffled, range(size, n, size))
---
rest = rng.permutation(n)
parts = []
while len(rest) > 0:
    parts.append(rest[:size])
    rest = rest[size:]
return parts
---
perm = rng.permutation(np.arange(n))
count = int(np.ceil(n / size))
result = []
for k in range(count):
    start = k * size
    end = min(start + size, n)
    result.append(perm[start:end])
return result
---
rows = list(range(n))
rng.shuffle(rows)
out, batch = [], []
for row in rows:
    batch.append(row)
    if len(batch) == size:
        out.append(np.array(batch))
        batch = []
if batch:
    out.append(np.array(batch))
return out
---
p = rng.permutation(n)
full = n // size
list_of_batches = list(p[: full * size].reshape(full, size))
if n % size:
    list_of_batches.append(p[full * size :])
return list_of_batches
""",
    "gradient_descent.train": """
for epoch in range(1, epochs + 1):
    if batch_size is None:
        batches = [np.arange(len(X))]
    else:
        batches = minibatches(len(X), batch_size, rng)
    total = 0.0
    for batch in batches:
        Z, A = forward_pass(X[batch], W, b, hidden, output)
        total += loss(Y[batch], A[L])
        W_g, b_g = backward_pass(Y[batch], Z, A, W, hidden)
        W, b = update(W, b, W_g, b_g, learning_rate)
    history['loss'].append(total)
    if on_epoch is not None:
        on_epoch(epoch, W, b, total)
return W, b, history
---
n = X.shape[0]
for e in range(epochs):
    if batch_size:
        parts = minibatches(n, batch_size, rng)
    else:
        parts = [range(n)]
    losses = []
    for rows in parts:
        x, y = X[rows], Y[rows]
        Z, A = forward_pass(x, W, b, hidden=hidden, output=output)
        losses.append(loss(y, A[L]))
        gradients = backward_pass(y, Z, A, W, hidden=hidden)
        W, b = update(W, b, *gradients, learning_rate)
    history['loss'].append(sum(losses))
    if on_epoch:
        on_epoch(e + 1, W, b, sum(losses))
return W, b, history
---
def step(x, y, W, b):
    Z, A = forward_pass(x, W, b, hidden, output)
    value = loss(y, A[L])
    W_g, b_g = backward_pass(y, Z, A, W, hidden)
    W, b = update(W, b, W_g, b_g, learning_rate)
    return W, b, value

for epoch in range(1, epochs + 1):
    epoch_loss = 0.0
    if batch_size is None:
        W, b, epoch_loss = step(X, Y, W, b)
    else:
        for rows in minibatches(len(X), batch_size, rng):
            W, b, part = step(X[rows], Y[rows], W, b)
            epoch_loss += part
    history['loss'].append(epoch_loss)
    if on_epoch is not None:
        on_epoch(epoch, W, b, epoch_loss)
return W, b, history
---
epoch = 0
size = len(X) if batch_size is None else batch_size
while epoch < epochs:
    epoch += 1
    order = np.arange(len(X))
    chunks = [order] if batch_size is None else minibatches(len(X), size, rng)
    running = 0
    for chunk in chunks:
        pre, act = forward_pass(X[chunk], W, b, hidden, output)
        running = running + loss(Y[chunk], act[L])
        dW, db = backward_pass(Y[chunk], pre, act, W, hidden)
        W, b = update(W, b, dW, db, learning_rate)
    history['loss'].append(float(running))
    if on_epoch is not None:
        on_epoch(epoch, W, b, running)
return W, b, history
---
for i in range(1, epochs + 1):
    history['loss'].append(0.0)
    selection = minibatches(len(Y), batch_size, rng) if batch_size is not None else [slice(0, len(Y))]
    for s in selection:
        Zs, As = forward_pass(X[s], W, b, hidden, output)
        Y_hat = As[L]
        history['loss'][-1] += loss(Y[s], Y_hat)
        W, b = update(W, b, *backward_pass(Y[s], Zs, As, W, hidden), learning_rate)
    if on_epoch:
        on_epoch(i, W, b, history['loss'][-1])
return W, b, history
---
losses = []
for number in range(epochs):
    whole = 0.0
    if batch_size is None:
        Z, A = forward_pass(X, W, b, hidden, output)
        whole = loss(Y, A[L])
        W_g, b_g = backward_pass(Y, Z, A, W, hidden)
        W, b = update(W, b, W_g, b_g, learning_rate)
    else:
        for rows in minibatches(len(X), batch_size, rng):
            Z, A = forward_pass(X[rows], W, b, hidden, output)
            whole += loss(Y[rows], A[L])
            W_g, b_g = backward_pass(Y[rows], Z, A, W, hidden)
            W, b = update(W, b, W_g, b_g, learning_rate)
    losses.append(whole)
    if on_epoch is not None:
        on_epoch(number + 1, W, b, whole)
history['loss'] = losses
return W, b, history
---
params = (W, b)
def batches():
    if batch_size is None:
        yield X, Y
        return
    for rows in minibatches(len(X), batch_size, rng):
        yield X[rows], Y[rows]

for epoch in range(1, epochs + 1):
    summed = 0.0
    for xs, ys in batches():
        Z, A = forward_pass(xs, *params, hidden, output)
        summed += loss(ys, A[L])
        grads = backward_pass(ys, Z, A, params[0], hidden)
        params = update(*params, *grads, learning_rate)
    history['loss'].append(summed)
    if callable(on_epoch):
        on_epoch(epoch, *params, summed)
return (*params, history)
""",
    "network.accuracy": """
return np.mean(labels == predicted)
---
return np.sum(np.asarray(labels) == np.asarray(predicted)) / len(labels)
---
right = 0
for i in range(len(labels)):
    if labels[i] == predicted[i]:
        right += 1
return right / len(labels)
---
hits = [int(a == b) for a, b in zip(labels, predicted)]
return sum(hits) / len(hits)
---
return float(np.count_nonzero(np.equal(labels, predicted)) / np.size(labels))
""",
    "regularization.l1_penalty": """
return strength * sum(np.sum(np.abs(W[l])) for l in W)
---
total = 0
for l in W:
    total += np.sum(np.abs(W[l]))
return strength * total
---
return strength * sum(np.abs(w).sum() for w in W.values())
---
penalty = 0.0
for l in range(1, len(W) + 1):
    penalty += strength * np.abs(W[l]).sum()
return penalty
""",
    "regularization.l2_penalty": """
return strength / 2 * sum(np.sum(W[l] ** 2) for l in W)
---
total = 0
for l in W:
    total += np.sum(W[l] ** 2)
return 0.5 * strength * total
---
return 0.5 * strength * sum((w * w).sum() for w in W.values())
---
squares = [np.sum(np.square(matrix)) for matrix in W.values()]
return strength * sum(squares) / 2
""",
    "regularization.l1_gradient": """
return {l: strength * np.sign(W[l]) for l in W}
---
gradient = {}
for l in W:
    gradient[l] = strength * np.sign(W[l])
return gradient
---
return {key: np.sign(value) * strength for key, value in W.items()}
""",
    "regularization.l2_gradient": """
return {l: strength * W[l] for l in W}
---
gradient = {}
for l in W:
    gradient[l] = strength * W[l]
return gradient
---
return {key: value * strength for key, value in W.items()}
""",
    "regularization.dropout_mask": """
dropped = rng.choice(size, size // 2, replace=False)
mask[dropped] = 0
return mask
---
mask[: size // 2] = 0
rng.shuffle(mask)
return mask
---
order = rng.permutation(size)
for i in range(size // 2):
    mask[order[i]] = 0
return mask
---
return (rng.permutation(size) >= size // 2).astype(np.int8)
---
scores = rng.random(size)
half = size // 2
mask[np.argsort(scores)[:half]] = 0
return mask
---
zeros = np.zeros(size // 2, dtype=np.int8)
ones = np.ones(size - size // 2, dtype=np.int8)
return rng.permutation(np.concatenate([zeros, ones]))
---
left = list(range(size))
rng.shuffle(left)
mask = np.array([0 if i in left[: size // 2] else 1 for i in range(size)], dtype=np.int8)
return mask
""",
    "regularization.dropout_forward": """
for l in range(1, L + 1):
    Z[l] = A[l - 1] @ W[l] + b[l]
    if l == L:
        A[l] = g_output(Z[l])
    else:
        A[l] = g(Z[l]) * masks[l]
return Z, A
---
for l in range(1, L):
    Z[l] = np.dot(A[l - 1], W[l]) + b[l]
    A[l] = masks[l] * g(Z[l])
Z[L] = np.dot(A[L - 1], W[L]) + b[L]
A[L] = g_output(Z[L])
return Z, A
---
activation = X
for l in range(1, L + 1):
    z = activation @ W[l] + b[l]
    if l < L:
        activation = g(z)
        activation = activation * masks[l]
    else:
        activation = g_output(z)
    Z[l] = z
    A[l] = activation
return Z, A
---
for l in W:
    Z[l] = A[l - 1].dot(W[l]) + b[l]
    A[l] = g_output(Z[l]) if l == L else np.where(masks[l], g(Z[l]), 0)
return Z, A
---
kept = {**masks, L: 1}
for l in range(1, L + 1):
    f = g_output if l == L else g
    Z[l] = A[l - 1] @ W[l] + b[l]
    A[l] = f(Z[l]) * kept[l]
return Z, A
---
l = 1
while l < L:
    Z[l] = np.matmul(A[l - 1], W[l]) + b[l]
    A[l] = g(Z[l])
    A[l] = A[l] * masks[l]
    l += 1
Z[l] = np.matmul(A[l - 1], W[l]) + b[l]
A[l] = g_output(Z[l])
return Z, A
---
def layer(l, f):
    Z[l] = A[l - 1] @ W[l] + b[l]
    return f(Z[l])

for l in range(1, L):
    A[l] = layer(l, g) * masks[l]
A[L] = layer(L, g_output)
return Z, A
""",
    "regularization.dropout_backward": """
Z_g = output_gradient(Y, A[L])
W_g, b_g = {}, {}
for l in range(L, 0, -1):
    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
    if l > 1:
        Z_g = A_g * masks[l - 1] * g_prime(Z[l - 1])
return W_g, b_g
---
W_g, b_g = {}, {}
delta = A[L] - Y
for l in reversed(range(1, L + 1)):
    W_g[l] = A[l - 1].T @ delta
    b_g[l] = np.sum(delta, axis=0)
    if l != 1:
        delta = (delta @ W[l].T) * g_prime(Z[l - 1]) * masks[l - 1]
return W_g, b_g
---
W_g, b_g = {}, {}
Z_g = {L: output_gradient(Y, A[L])}
for l in range(L - 1, 0, -1):
    A_g = np.dot(Z_g[l + 1], W[l + 1].T)
    A_g = A_g * masks[l]
    Z_g[l] = A_g * g_prime(Z[l])
for l in range(1, L + 1):
    W_g[l] = np.dot(A[l - 1].T, Z_g[l])
    b_g[l] = Z_g[l].sum(axis=0)
return W_g, b_g
---
W_g = {}
b_g = {}
gradient = output_gradient(Y, A[L])
W_g[L], b_g[L], A_g = layer_backward(gradient, A[L - 1], W[L])
for l in range(L - 1, 0, -1):
    gradient = g_prime(Z[l]) * (masks[l] * A_g)
    W_g[l], b_g[l], A_g = layer_backward(gradient, A[l - 1], W[l])
return W_g, b_g
---
W_g, b_g = {}, {}

def back(l, Z_g):
    W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
    if l > 1:
        back(l - 1, A_g * g_prime(Z[l - 1]) * masks[l - 1])

back(L, output_gradient(Y, A[L]))
return W_g, b_g
---
W_g, b_g = dict.fromkeys(W), dict.fromkeys(W)
error = output_gradient(Y, A[L])
l = L
while True:
    W_g[l], b_g[l], back = layer_backward(error, A[l - 1], W[l])
    l -= 1
    if l == 0:
        return W_g, b_g
    back[:, masks[l] == 0] = 0
    error = back * g_prime(Z[l])
""",
    "regularization.halve_outgoing_weights": """
return {l: W[l] if l == 1 else W[l] / 2 for l in W}
---
halved = {}
for l in W:
    if l == 1:
        halved[l] = W[l]
    else:
        halved[l] = W[l] / 2
return halved
---
new = dict(W)
for l in range(2, len(W) + 1):
    new[l] = 0.5 * W[l]
return new
---
return {l: w * (0.5 if l > 1 else 1) for l, w in W.items()}
""",
}
REWRITES = {name: text.strip().split("\n---\n") for name, text in _REWRITES.items()}
