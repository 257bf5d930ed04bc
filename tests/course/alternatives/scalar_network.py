"""Two neurons in other words."""


def forward(x, w1, b1, w2, b2, g):
    values, a = [], x
    for w, b in ((w1, b1), (w2, b2)):
        z = w * a + b
        a = g(z)
        values += [z, a]
    return values


def loss(y, y_hat):
    return (y - y_hat) * (y - y_hat) / 2


def backward(x, y, w2, z1, a1, z2, a2, g_prime):
    b2_g = g_prime(z2) * (a2 - y)
    b1_g = g_prime(z1) * w2 * b2_g
    return x * b1_g, b1_g, a1 * b2_g, b2_g
