"""A feedforward network as a diagram: layers of neurons, and edges that show their weights."""

from itertools import pairwise, product

import numpy as np

from mlt_nn.plots.drawing import Drawing, fitting, signed
from mlt_nn.plots.look import figures, largest, numbers, sentences, short
from mlt_nn.plots.neurons import visible
from mlt_nn.support.colors import GRAY, INK, PALE, VERMILION

# So many neurons of a layer are drawn one by one; of more, the first ones and the last.
MOST = 8
# With more edges than these between two layers there is no room for numbers on them.
MOST_NUMBERS, MOST_TARGETS = 12, 3


def network_diagram(
    sizes, title, caption, alt=None, *, W=None, b=None, A=None, W_g=None, Z_g=None, highlight=None, masks=None
):
    """A network of any size. Of a layer of many neurons the first ones and the last are drawn, with dots between them.

    An edge is blue and solid for a positive weight, vermilion and dashed for a negative one, and thick if it is large.
    In a network that is small enough the numbers are written: values in black, gradients below them in vermilion, after
    "g =".

    Arguments:
        sizes: the layer sizes (S_0, ..., S_L).
        title, caption, alt: as in every chart.
        W, b: the parameters, dicts with keys 1..L, or None.
        A: the activations of one point, a dict with keys 0..L of arrays (S_l,) or (1, S_l), or None.
        W_g, Z_g: the gradients of the weights, and of the pre-activations of one point; any keys may be missing.
        highlight: one edge, (l, i, j) as on the board: from neuron i of layer l-1 to neuron j of layer l, from 1 on.
        masks: the masks of dropout, {l: (S_l,) of 0 and 1}: neurons with a 0 are crossed out, and their edges fade.

    Example:
        >>> picture = network_diagram((3, 4, 2), "A network", "All are connected.", masks={1: [1, 0, 0, 1]})
        >>> picture.alt
        'A network. Layers of 3, 4, 2 neurons, 20 edges. Dropped in layer 1: neurons 2, 3.'
    """
    sizes = [int(size) for size in sizes]
    L = len(sizes) - 1
    if L < 1 or min(sizes) < 1:
        raise ValueError(f"sizes is {tuple(sizes)}; a network has at least two layers, each with at least one neuron")
    W, b, W_g = ({l: np.asarray(M, dtype=np.float64) for l, M in (given or {}).items()} for given in (W, b, W_g))
    A, Z_g = ({l: numbers(f"layer {l}", np.ravel(row)) for l, row in (given or {}).items()} for given in (A, Z_g))
    masks = {l: numbers(f"the mask of layer {l}", mask) for l, mask in (masks or {}).items()}
    for name, given in (("b", b), ("A", A), ("Z_g", Z_g), ("masks", masks), ("W", W), ("W_g", W_g)):
        for l, values in given.items():
            wanted = (sizes[l - 1], sizes[l]) if name in ("W", "W_g") else (sizes[l],)
            if values.shape != wanted:
                raise ValueError(f"{name}[{l}] has shape {values.shape}; with these sizes it should have {wanted}")
    if highlight is not None:
        l, i, j = highlight
        if not (1 <= l <= L and 1 <= i <= sizes[l - 1] and 1 <= j <= sizes[l]):
            raise ValueError(
                f"highlight is {highlight}; there is no such edge: (l, i, j) count from 1, sizes is {sizes}"
            )

    shown = {l: _visible(l, size, highlight) for l, size in enumerate(sizes)}
    numbered = {l for l in range(1, L + 1) if sizes[l - 1] * sizes[l] <= MOST_NUMBERS and sizes[l] <= MOST_TARGETS}
    # A marked edge needs the room for its own label.
    numbered &= set() if highlight else set(W) | set(W_g)
    tall = max(len(rows) for rows in shown.values())
    radius = 21 if tall <= 5 or A else 15
    pitch = 82 if Z_g or W_g else 2 * radius + (24 if numbered or b else 14)
    apart = (300 if W_g else 230) if numbered else max(84, min(230, 560 / L))
    width = max(apart * L + 170, 420)
    left = (width - apart * L) / 2
    high = pitch * tall + 20
    drawing = Drawing(width, high + 108, title)
    spots = {
        (l, i): (left + apart * l, high / 2 + pitch * (row - (len(rows) - 1) / 2))
        for l, rows in shown.items()
        for row, i in enumerate(rows)
    }
    dropped = {(l, i) for l, mask in masks.items() for i in np.flatnonzero(mask == 0)}
    for l in range(1, L + 1):
        edges(drawing, l, spots, dropped, W.get(l), highlight is not None)
    for l in sorted(numbered):
        _edge_numbers(drawing, l, shown, spots, W, W_g)
    for (l, i), (x, y) in spots.items():
        # Beside neurons with a value, the number of one without would be taken for its value.
        value = short(A[l][i]) if l in A else "" if A else None
        neuron(drawing, x, y, radius, value, i + 1, (l, i) in dropped)
        if l in b:
            drawing.text(x, y - radius - 9, f"b = {short(b[l][i])}", 11, color=GRAY, halo=True)
        if l in Z_g:
            drawing.text(x, y + radius + 10, f"g = {short(Z_g[l][i])}", 12, color=VERMILION, halo=True)
    for l, rows in shown.items():
        for above, below in pairwise(rows):
            if below > above + 1:
                drawing.dots(spots[l, above][0], (spots[l, above][1] + spots[l, below][1]) / 2, 1.8, 6)
        x, kind = left + apart * l, "input" if l == 0 else "output" if l == L else "hidden"
        drawing.text(x, high + 14, f"layer {l}", weight="bold")
        drawing.text(x, high + 31, kind)
        drawing.text(x, high + 50, f"S_{{{l}}} = {sizes[l]}")
    if highlight is not None:
        _highlight(drawing, spots, radius, highlight, W)
    drawing.arrow(left - 20, high + 82, left + apart * L + 20, high + 82, GRAY, 1.2)
    drawing.text(left - 20, high + 96, "information flows forward", 11, "start", color=GRAY)
    if W_g or Z_g:
        key = "g: gradient, of the weight or of the neuron's z"
        drawing.text(left + apart * L + 20, high + 96, key, 11, "end", color=VERMILION)
    return drawing.picture(caption, alt or _words(title, sizes, W, b, A, W_g, Z_g, highlight, masks))


def edges(drawing, l, spots, dropped, W=None, pale=False):
    """The edges into layer l of a diagram.

    Arguments:
        spots: where the neurons are, {(layer, index): (x, y)}.
        dropped: neurons, as (layer, index), whose edges fade.
        W: the weights of these edges, shape (S_{l-1}, S_l), or None.
        pale: whether all of them step back behind what is marked.
    """
    before, after = ([neuron for neuron in spots if neuron[0] == layer] for layer in (l - 1, l))
    most = 1.0 if W is None else largest(W)
    crowded = len(before) * len(after) > 30
    for start, end in product(before, after):
        if start in dropped or end in dropped:
            look = {"color": PALE, "width": 0.7, "dash": "2 4"}
        else:
            plain = {"color": GRAY, "width": 0.7 if crowded else 1.1}
            look = plain if W is None else signed(W[start[1], end[1]], most)
            look |= {"opacity": 0.35} if pale else {}
        drawing.line(*spots[start], *spots[end], **look)


def neuron(drawing, x, y, radius, value, number, is_dropped):
    """A neuron with its value, or its number in gray where it has none; crossed out when it is dropped."""
    if is_dropped:
        drawing.circle(x, y, radius, edge=GRAY, dash="4 3")
        arm = radius * 0.7
        drawing.line(x - arm, y - arm, x + arm, y + arm, GRAY, 2)
        drawing.line(x - arm, y + arm, x + arm, y - arm, GRAY, 2)
        return
    drawing.circle(x, y, radius)
    if value is None:
        drawing.text(x, y, str(number), 12 if radius > 18 else 10, color=GRAY)
    else:
        drawing.text(x, y, value, fitting(value, 13, 2.03 * radius))


def _visible(l, size, highlight):
    rows = set(visible(size, MOST))
    if highlight is not None:
        layer, i, j = highlight
        rows |= {i - 1} if l == layer - 1 else {j - 1} if l == layer else set()
    return sorted(rows)


def _edge_numbers(drawing, l, shown, spots, W, W_g):
    for i, (column, j) in product(shown[l - 1], enumerate(shown[l])):
        # The numbers of the edges into neuron j stand below each other, in a column of their own.
        t = 0.2 + 0.42 * (column / (len(shown[l]) - 1) if len(shown[l]) > 1 else 0.5)
        (x1, y1), (x2, y2) = spots[l - 1, i], spots[l, j]
        x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
        if l in W:
            drawing.text(x, y, short(W[l][i, j]), 12, halo=True)
        if l in W_g:
            drawing.text(x, y + (14 if l in W else 0), f"g = {short(W_g[l][i, j])}", 12, color=VERMILION, halo=True)


def _highlight(drawing, spots, radius, highlight, W):
    l, i, j = highlight
    (x1, y1), (x2, y2) = spots[l - 1, i - 1], spots[l, j - 1]
    length = float(np.hypot(x2 - x1, y2 - y1))
    u, v = (x2 - x1) / length, (y2 - y1) / length
    drawing.arrow(x1 + radius * u, y1 + radius * v, x2 - radius * u, y2 - radius * v, INK, 4)
    for x, y in ((x1, y1), (x2, y2)):
        drawing.circle(x, y, radius + 3, fill="none", width=2.5)
    value = f" = {short(W[l][i - 1, j - 1])}" if l in W else ""
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    # Above and below the edge, the further away the steeper it is: the labels are about 100 pixels wide.
    away = 15 + min(50 * abs(v / u), 60)
    drawing.text(x, y - away, f"W_{{{_index(l, i, j)}}}{value}", 16, weight="bold", halo=True)
    drawing.text(x, y + away, f"in code: W[{l}][{i - 1}, {j - 1}]", 12, halo=True)


def _index(*indices):
    return ("" if max(indices) < 10 else ",").join(map(str, indices))


def _words(title, sizes, W, b, A, W_g, Z_g, highlight, masks):
    count = sum(before * after for before, after in pairwise(sizes))
    parts = [f"Layers of {', '.join(map(str, sizes))} neurons, {count} edges"]
    for name, given in (("W", W), ("b", b), ("A", A), ("W_g", W_g), ("Z_g", Z_g)):
        for l, values in sorted(given.items()):
            # Rows of many numbers help nobody who listens.
            if values.size <= MOST_NUMBERS:
                told = "; ".join(", ".join(map(figures, row)) for row in np.atleast_2d(values))
            else:
                told = f"{values.size} numbers, {np.count_nonzero(values < 0)} of them negative"
            parts.append(f"{name}[{l}]: {told}")
    if highlight is not None:
        l, i, j = highlight
        marked = f"the edge from neuron {i} of layer {l - 1} to neuron {j} of layer {l}"
        parts.append(f"Marked: W_{_index(l, i, j)}, {marked}")
    for l, mask in sorted(masks.items()):
        gone = [str(i + 1) for i in np.flatnonzero(mask == 0)]
        parts.append(f"Dropped in layer {l}: " + (f"neurons {', '.join(gone)}" if gone else "none"))
    return sentences(title, *parts)
