"""The smallest network with a hidden layer, one step a press: forward, error, backward, update."""

from itertools import pairwise

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import List, LogSlider, Slider, button, row
from mlt_nn.widgets.dragging import held
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.two_weights_picture import PARAMETERS, PATHS, STEPS, box_at, draw, times

REACH = 10.0
"""The sliders of the parameters end at -REACH and REACH."""
# With the sigmoid z1 = z2 = 0, both activations are 1/2 and both slopes 1/4: everything can be checked by hand.
START = {"x": 2.0, "y": 1.0, "w1": 0.5, "b1": -1.0, "w2": 2.0, "b2": -1.0}
PRESETS = {"by hand": {}, "saturated": {"w1": 5.0}, "w2 = 0": {"w2": 0.0}, "no error": {"y": 0.5}}


def two_weights(forward, loss, backward, g, g_prime):
    """The two-weight network: every local derivative a number on its edge, and their products along the path.

    Arguments: the reader's functions of `mlt_nn.scalar_network`; an activation g and its derivative g_prime.
    """
    numbers = {
        name: Slider(name, value, *((-3.0, 3.0) if name in "xy" else (-REACH, REACH)), 0.1)
        for name, value in START.items()
    }
    rate = LogSlider("learning rate", 1.0, 0.01, 10)
    step = List("step", STEPS, "backward")
    path = List("path to", PARAMETERS)

    def computed():
        given = {name: control.value for name, control in numbers.items()}
        return compute(forward, loss, backward, g, g_prime, given, rate.value)

    def view():
        # Each is seen where it matters; hidden, not removed, so that the page keeps its height.
        path.layout.visibility = "visible" if step.value == "backward" else "hidden"
        rate.layout.visibility = "visible" if step.value == "update" else "hidden"
        state = computed()
        return draw(state, step.value, path.value), status(state, step.value, path.value)

    def advance():
        new = computed()["new"] if step.value == "update" else {}
        # As many digits as the field of the control shows.
        values = {numbers[name]: round(value, 6) for name, value in new.items()}
        widget.set(values | {step: STEPS[(STEPS.index(step.value) + 1) % len(STEPS)]})

    for control in numbers.values():
        control.narrow("3.5em", "9em", "150px")
    rate.narrow("7.5em", "11.5em", "120px")
    for control in (step, path):
        control.style.description_width, control.layout.width = "4.5em", "12.5em"
    presets = {
        label: {**{numbers[name]: value for name, value in (START | changes).items()}, step: "backward"}
        for label, changes in PRESETS.items()
    }
    controls = [*numbers.values(), row(step, button("Next step", advance, width=None)), path, rate]

    def take(x0, y0):
        name = box_at(x0, y0)
        if name is None:
            return None
        before = numbers[name].value
        return lambda x, _y: {numbers[name]: round(before + (x - x0) / 25, 1)}

    name = "two-weight network: forward, error, backward, update"
    widget = Interactive(name, controls, view, presets, beside=True, moved=held(take))
    return widget


def compute(forward, loss, backward, g, g_prime, given, rate):
    """Everything there is to know at one point.

    Returns:
        A dict: values and gradients, {name: number}; local, the `local_derivatives`; new, the parameters after the
        update at this rate, with new_loss; products, the four gradients by the chain rule, to hold against those that
        `backward` returned.
    """
    given = {name: np.float64(value) for name, value in given.items()}
    x, y, w1, b1, w2, b2 = (given[name] for name in START)
    with np.errstate(all="ignore"):  # numbers too large for a float are shown as such
        z1, a1, z2, a2 = forward(x, w1, b1, w2, b2, g)
        L = loss(y, a2)
        gradients = dict(zip(PARAMETERS, backward(x, y, w2, z1, a1, z2, a2, g_prime), strict=True))
        values = {**given, "z1": z1, "a1": a1, "z2": z2, "a2": a2, "L": L}
        local = local_derivatives(values, g_prime)
        a2_g, slope2, _, slope1 = (number for _, number in list(local.values())[:4])
        z2_g = a2_g * slope2
        a1_g = z2_g * w2
        z1_g = a1_g * slope1
        new = {name: given[name] - rate * gradients[name] for name in PARAMETERS}
        new_loss = loss(y, forward(x, new["w1"], new["b1"], new["w2"], new["b2"], g)[-1])
    return {
        "values": values,
        "gradients": {**gradients, "a2": a2_g, "z2": z2_g, "a1": a1_g, "z1": z1_g},
        "products": {"w1": z1_g * x, "b1": z1_g, "w2": z2_g * a1, "b2": z2_g},
        "local": local,
        "rate": rate,
        "new": new,
        "new_loss": new_loss,
    }


def local_derivatives(values, g_prime):
    """The derivative along each edge, {(from, to): (formula, number)}, those of the way back from L to z1 first."""
    return {
        ("a2", "L"): ("y_hat - y", values["a2"] - values["y"]),
        ("z2", "a2"): ("g'(z_2)", g_prime(values["z2"])),
        ("a1", "z2"): ("w_2", values["w2"]),
        ("z1", "a1"): ("g'(z_1)", g_prime(values["z1"])),
        ("w2", "z2"): ("a_1", values["a1"]),
        ("b2", "z2"): ("", 1.0),
        ("w1", "z1"): ("x", values["x"]),
        ("b1", "z1"): ("", 1.0),
    }


def status(state, step, path="w1"):
    """What happened in this step, in one sentence."""
    values, gradients, new = state["values"], state["gradients"], state["new"]
    if step == "forward":
        return f"Forward: from x = {figures(values['x'])} the network computes y_hat = {figures(values['a2'])}."
    if step == "error":
        said, right = figures(values["a2"]), figures(values["y"])
        return f"Error: the network says {said}, right would be {right}; the loss is {figures(values['L'])}."
    if step == "backward":
        for name in PARAMETERS:
            product, given = state["products"][name], gradients[name]
            # Two ways to multiply the same numbers differ by rounding only.
            if not np.isclose(product, given, rtol=1e-9, atol=1e-300, equal_nan=True):
                said = f"your backward says dL/d{name} = {figures(given)}"
                return f"Backward: {said}, but the product along the path is {figures(product)}."
        factors = (figures(state["local"][edge][1]) for edge in reversed(list(pairwise(PATHS[path]))))
        return f"Backward: dL/d{path} = {times(*factors)} = {figures(gradients[path])}{_why_so_small(state)}"
    said = ", ".join(f"{name} from {figures(values[name])} to {figures(new[name])}" for name in PARAMETERS)
    beyond = [name for name in PARAMETERS if not abs(new[name]) <= REACH]
    stop = f" The sliders end at ±{REACH:g}: {', '.join(beyond)} will stay there." if beyond else ""
    return f"Update: {said}. The loss goes from {figures(values['L'])} to {figures(state['new_loss'])}.{stop}"


def _why_so_small(state):
    """What on the way back makes the gradient of w1 0 or nearly so; a full stop when nothing does."""
    (_, error), (_, slope2), (_, w2), (_, slope1) = list(state["local"].values())[:4]
    if error == 0:
        return ". The prediction is right, so nothing has to change."
    if w2 == 0:
        return ". Since w2 = 0, nothing goes back through it to w1 and b1."
    for name, slope in (("z2", slope2), ("z1", slope1)):
        if abs(slope) < 0.01:
            return f". The activation is saturated: g'({name}) = {figures(slope)} lets hardly anything back."
    return "."
