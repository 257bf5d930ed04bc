"""The neuron with loops."""


def pre_activation(a, w, b):
    z = b
    for i in range(len(w)):
        z += float(a[i]) * float(w[i])
    return z


def neuron(a, w, b, g):
    z = b
    for a_i, w_i in zip(a, w, strict=True):
        z = z + a_i * w_i
    return g(z)
