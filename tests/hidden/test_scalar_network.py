"""What `grade` asks of mlt_nn/scalar_network.py: on inputs that are drawn anew in each run."""

from mlt_nn.grading import assert_close, exercise
from mlt_nn.teaching.grader.draws import given, number, numbers, positive

VALUES = ("z1", "a1", "z2", "a2")
SLOPES = ("w1_g", "b1_g", "w2_g", "b2_g")


def some(rng, count):
    """Python floats."""
    return numbers(rng, count, high=1.5).tolist()


def parabola(rng, scale=1.0):
    """A g that is known to nobody, and its slope times the scale."""
    square, line, shift = some(rng, 3)
    return lambda z: square * z * z + line * z + shift, lambda z: scale * (2 * square * z + line)


def forward(x, w1, b1, w2, b2, g):
    z1 = w1 * x + b1
    z2 = w2 * g(z1) + b2
    return z1, g(z1), z2, g(z2)


@exercise("scalar_network.forward")
def test_forward_of_any_numbers(student, rng):
    """Whatever the numbers and the g: each neuron is a line, then g"""
    for scale in (1.0, 1.0, 1e-20):
        (x, *others), (g, _) = some(rng, 5), parabola(rng)
        w1, b1, w2, b2 = (scale * other for other in others)
        with given(x=x, w1=w1, b1=b1, w2=w2, b2=b2):
            wanted = forward(x, w1, b1, w2, b2, g)
            got = student.scalar_network.forward(x, w1, b1, w2, b2, g)
            assert_close(got, wanted, name=VALUES, atol=4e-6 * scale)


@exercise("scalar_network.forward")
def test_forward_asks_g_for_both_pre_activations(student, rng):
    """g is called with z1 and with z2, and with nothing else"""
    g, _ = parabola(rng)
    arguments, seen = some(rng, 5), set()

    def watched(z):
        seen.add(float(z))
        return g(z)

    wanted = forward(*arguments, g)
    assert_close(student.scalar_network.forward(*arguments, watched), wanted, name=VALUES)
    assert_close(sorted(seen), sorted({wanted[0], wanted[2]}), name="what g was given")


@exercise("scalar_network.forward")
def test_forward_with_weights_of_zero(student, rng):
    """With w2 = 0 the second neuron has its bias alone, with w1 = 0 the first one has"""
    (x, w1, b1, w2, b2), (g, _) = some(rng, 5), parabola(rng)
    for arguments in ((x, w1, b1, 0.0, b2), (x, 0.0, b1, w2, b2)):
        wanted = forward(*arguments, g)
        assert_close(student.scalar_network.forward(*arguments, g), wanted, name=VALUES)


def assert_loss(student, y, y_hat):
    with given(y=y, y_hat=y_hat):
        assert_close(student.scalar_network.loss(y, y_hat), (y_hat - y) ** 2 / 2, name="the loss", atol=0)


@exercise("scalar_network.loss")
def test_loss_of_any_numbers(student, rng):
    """Whatever the numbers: half the squared difference"""
    for _ in range(3):
        y, y_hat = some(rng, 2)
        assert_loss(student, y, y_hat)


@exercise("scalar_network.loss")
def test_loss_of_integers(student, rng):
    """Integers will do; a perfect prediction costs 0"""
    y = int(rng.integers(-99, 99))
    assert_loss(student, y, y + 2 * int(rng.integers(2, 40)) + 1)  # an odd difference: its square has no whole half
    assert_loss(student, y, y)


@exercise("scalar_network.loss")
def test_loss_of_tiny_and_huge_numbers(student, rng):
    """Differences of 1e15 and of 1e-15 are squared as they are"""
    for scale in (1e15, 1e-15):
        y, y_hat = some(rng, 2)
        assert_loss(student, scale * y, scale * y_hat)


def backward(x, y, w2, z1, a1, z2, a2, slope1, slope2):
    b2_g = (a2 - y) * slope2
    b1_g = b2_g * w2 * slope1
    return b1_g * x, b1_g, b2_g * a1, b2_g


def passed(rng, scale=1.0):
    """x, y, w2, z1, a1, z2, a2 of a network, and the slope of its g."""
    (x, w1, b1, w2, b2), (g, g_prime) = some(rng, 5), parabola(rng, scale)
    return (x, number(rng) * 5, w2, *forward(x, w1, b1, w2, b2, g)), g_prime


@exercise("scalar_network.backward")
def test_backward_of_any_network(student, rng):
    """Whatever the network: the chain rule, from the loss back to both weights and biases"""
    for scale in (1.0, 1.0, 1e-20):
        arguments, g_prime = passed(rng, scale)
        _, _, _, z1, _, z2, _ = arguments
        slopes = g_prime(z1), g_prime(z2)
        mistakes = {
            "You used g'(z2) for both neurons; the first one has g'(z1).": backward(*arguments, slopes[1], slopes[1]),
            "The factor w2 is missing on the way back through the second neuron.": backward(
                *arguments[:2], 1.0, *arguments[3:], *slopes
            ),
        }
        with given(**dict(zip(("x", "y", "w2", *VALUES), arguments, strict=True))):
            got = student.scalar_network.backward(*arguments, g_prime)
            assert_close(got, backward(*arguments, *slopes), name=SLOPES, mistakes=mistakes, atol=4e-6 * scale)


@exercise("scalar_network.backward")
def test_backward_asks_for_the_slopes_at_z(student, rng):
    """g_prime is given z1 and z2, and nothing else; where the first neuron is flat only the second one learns"""
    arguments, seen = some(rng, 7), set()
    z1, z2, slope = arguments[3], arguments[5], number(rng)

    def g_prime(z):
        seen.add(float(z))
        return 0.0 if z == z1 else slope

    got = student.scalar_network.backward(*arguments, g_prime)
    assert_close(got, backward(*arguments, 0.0, slope), name=SLOPES)
    assert_close(sorted(seen), sorted((z1, z2)), name="what g_prime was given")


@exercise("scalar_network.backward")
def test_backward_where_nothing_flows(student, rng):
    """Input 0: w1 does not matter, the others do"""
    (_, *arguments), g_prime = passed(rng)
    slopes = g_prime(arguments[2]), g_prime(arguments[4])
    got = student.scalar_network.backward(0.0, *arguments, g_prime)
    assert_close(got, backward(0.0, *arguments, *slopes), name=SLOPES)


@exercise("scalar_network.backward")
def test_backward_of_a_perfect_prediction(student, rng):
    """A perfect prediction has the derivatives 0, one that is too high has not"""
    (x, _, *others, y), g_prime = passed(rng)
    slopes = g_prime(others[1]), g_prime(others[3])
    for high in (0.0, positive(rng)):
        got = student.scalar_network.backward(x, y, *others, y + high, g_prime)
        assert_close(got, backward(x, y, *others, y + high, *slopes), name=SLOPES)
