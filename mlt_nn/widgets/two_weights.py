"""The smallest network with a hidden layer, one step a press: forward, error, backward, update."""

from itertools import pairwise

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.plots.svg import plain
from mlt_nn.widgets.controls import List, LogSlider, Slider, button, row
from mlt_nn.widgets.dragging import held
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.two_weights_picture import box_at, two_weights_picture

STEPS = ("forward", "error", "backward", "update")
PARAMETERS = ("w1", "b1", "w2", "b2")
ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
REACH = 10.0
"""The sliders of the parameters end at -REACH and REACH."""
# With the sigmoid z1 = z2 = 0, both activations are 1/2 and both slopes 1/4: everything can be checked by hand.
START = {"x": 2.0, "y": 1.0, "w1": 0.5, "b1": -1.0, "w2": 2.0, "b2": -1.0}
PRESETS = {"by hand": {}, "saturated": {"w1": 5.0}, "w2 = 0": {"w2": 0.0}, "no error": {"y": 0.5}}
# The quantities that a change of a parameter meets on its way to L.
PATHS = {name: (name, *(("z1", "a1") if name in ("w1", "b1") else ()), "z2", "a2", "L") for name in PARAMETERS}
_DRAG = "Drag a number with blue arrows from side to side."
CAPTIONS = {
    "forward": f"From left to right, each box is computed from those with an arrow into it. {_DRAG}",
    "error": f"The last box says how wrong the network is; y_hat - y is where the way back begins. {_DRAG}",
    "backward": (
        "Follow the orange arrows from L back: times the number on each. Below a value, the product so far: the "
        f"derivative of L. {_DRAG}"
    ),
    "update": "Each parameter goes against its gradient; the old value is crossed out. Next step goes on from there.",
}


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
        A dict: values, gradients and local as `chain` takes them; new, the parameters after the update,
        with new_loss; products, the four gradients by the chain rule, to hold against those that `backward` returned.
    """
    given = {name: np.float64(value) for name, value in given.items()}
    x, y, w1, b1, w2, b2 = (given[name] for name in START)
    with np.errstate(all="ignore"):  # numbers too large for a float are shown as such
        z1, a1, z2, a2 = forward(x, w1, b1, w2, b2, g)
        L = loss(y, a2)
        gradients = dict(zip(PARAMETERS, backward(x, y, w2, z1, a1, z2, a2, g_prime), strict=True))
        slope1, slope2 = g_prime(z1), g_prime(z2)
        a2_g = a2 - y
        z2_g = a2_g * slope2
        a1_g = z2_g * w2
        z1_g = a1_g * slope1
        new = {name: given[name] - rate * gradients[name] for name in PARAMETERS}
        new_loss = loss(y, forward(x, new["w1"], new["b1"], new["w2"], new["b2"], g)[-1])
    local = {
        ("a2", "L"): ("y_hat - y", a2_g),
        ("z2", "a2"): ("g'(z_2)", slope2),
        ("a1", "z2"): ("w_2", w2),
        ("z1", "a1"): ("g'(z_1)", slope1),
        ("w2", "z2"): ("a_1", a1),
        ("b2", "z2"): ("", 1.0),
        ("w1", "z1"): ("x", x),
        ("b1", "z1"): ("", 1.0),
    }
    return {
        "values": {**given, "z1": z1, "a1": a1, "z2": z2, "a2": a2, "L": L},
        "gradients": {**gradients, "a2": a2_g, "z2": z2_g, "a1": a1_g, "z1": z1_g},
        "products": {"w1": z1_g * x, "b1": z1_g, "w2": z2_g * a1, "b2": z2_g},
        "local": local,
        "rate": rate,
        "new": new,
        "new_loss": new_loss,
    }


def draw(state, step, path="w1"):
    """The picture at one of the STEPS: what is not yet known there is left out."""
    known = STEPS.index(step)
    values = {name: value for name, value in state["values"].items() if known > 0 or name not in ("y", "L")}
    gradients = state["gradients"] if known > 1 else {}
    new = {**state["new"], "L": state["new_loss"]} if step == "update" else {}
    way = PATHS[path] if step == "backward" else ()
    lines = working(state, step)
    here = f"dL/d{'_'.join(path)} "
    title = f"{known + 1}. {step.capitalize()}"
    said = [f"{name} = {figures(value)}" for name, value in values.items()]
    said += [f"dL/d{name} = {figures(value)}" for name, value in gradients.items()]
    said += [f"new {name} = {figures(value)}" for name, value in new.items()]
    back = f" Path: {', '.join(reversed(way))}." if way else ""
    alt = f"{title}.{back} {', '.join(said)}. Working: {'; '.join(plain(words) for words in lines)}."
    return two_weights_picture(
        f"{title}, on the path to {'_'.join(path)}" if way else title,
        CAPTIONS[step],
        alt,
        values,
        gradients=gradients,
        new=new,
        local=state["local"],
        path=way,
        working=[(words, bool(way) and words.startswith(here)) for words in lines],
    )


def working(state, step):
    """The computation of one step, line by line, with its numbers."""
    v = {name: figures(value) for name, value in state["values"].items()}
    d = {name: figures(value) for name, value in state["gradients"].items()}
    error, slope2, _, slope1 = (figures(number) for _, number in list(state["local"].values())[:4])
    if step == "forward":
        return [
            f"z_1 = w_1 x + b_1 = {_times(v['w1'], v['x'])} + {_in(v['b1'])} = {v['z1']}",
            f"a_1 = g(z_1) = g({v['z1']}) = {v['a1']}",
            f"z_2 = w_2 a_1 + b_2 = {_times(v['w2'], v['a1'])} + {_in(v['b2'])} = {v['z2']}",
            f"y_hat = a_2 = g(z_2) = g({v['z2']}) = {v['a2']}",
        ]
    if step == "error":
        return [
            f"y_hat - y = {v['a2']} - {_in(v['y'])} = {error}",
            f"L = 1/2 (y_hat - y)^2 = 1/2 ({error})^2 = {v['L']}",
        ]
    if step == "backward":
        to_z1 = _times(error, slope2, v["w2"], slope1)
        return [
            f"dL/dw_2 = (y_hat - y) g'(z_2) a_1 = {_times(error, slope2, v['a1'])} = {d['w2']}",
            f"dL/db_2 = (y_hat - y) g'(z_2) = {_times(error, slope2)} = {d['b2']}",
            f"dL/dw_1 = (y_hat - y) g'(z_2) w_2 g'(z_1) x = {to_z1} · {_in(v['x'])} = {d['w1']}",
            f"dL/db_1 = (y_hat - y) g'(z_2) w_2 g'(z_1) = {to_z1} = {d['b1']}",
        ]
    rate, new = figures(state["rate"]), {name: figures(value) for name, value in state["new"].items()}
    return [
        f"{written} - {ALPHA} dL/d{written} = {_in(v[name])} - {_times(rate, d[name])} = {new[name]}"
        for name, written in ((name, "_".join(name)) for name in PARAMETERS)
    ]


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
        return f"Backward: dL/d{path} = {_times(*factors)} = {figures(gradients[path])}{_why_so_small(state)}"
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


def _times(*numbers):
    return " · ".join(_in(number) for number in numbers)


def _in(number):
    """A number inside a formula: a negative one in brackets."""
    return f"({number})" if number.startswith("-") else number
