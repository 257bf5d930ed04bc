"""Draw a digit and see, layer by layer, what the reader's network makes of it."""

import numpy as np

from mlt_nn.widgets.drawing_board import DrawingBoard
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.reading_picture import most_probable, percent, reading

FIELD, BOX = 28, 20  # MNIST: a digit fills a box of 20 x 20 pixels in a field of 28 x 28
PEN = 2.4  # the width of a line in pixels, much like MNIST's

EXAMPLES = {
    "a 3": "80,70 110,45 150,40 185,60 190,95 165,120 125,130 165,135 200,165 200,205 165,235 115,235 80,210",
    "4 or 9": "140,48 105,65 90,95 100,122 135,130 180,112;182,50 180,112 170,170 160,235",
    "no digit": (
        "70,140 90,95 140,70 190,95 210,140 190,190 140,215 90,190 70,140;"
        "115,115 115,120;165,115 165,120;110,165 140,180 170,165"
    ),
}


def parse_strokes(text):
    """The strokes of a drawing board, "x,y x,y ...;x,y ...", as a list of arrays of shape (points, 2).

    Example:
        >>> [stroke.tolist() for stroke in parse_strokes("1,2 3,4;5,6")]
        [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]
    """
    strokes = [[[float(x) for x in point.split(",")] for point in stroke.split()] for stroke in text.split(";")]
    return [np.array(stroke) for stroke in strokes if stroke]


def centered_image(strokes):
    """A drawing as MNIST shows digits: scaled to a box of 20 x 20 pixels, its center of mass in the middle of 28 x 28.

    Arguments:
        strokes: a list of arrays of shape (points, 2), x to the right and y down, in any unit.

    Returns:
        The image, shape (28, 28), float32, 0 (paper) to 1 (ink). Where and how large it was drawn makes no difference.
        All 0 without strokes.
    """
    if not strokes:
        return np.zeros((FIELD, FIELD), dtype=np.float32)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.max(high - low)
    # A single dot has no extent and stays a dot.
    scale = (BOX - PEN) / extent if extent else 1.0
    centered = [(stroke - (low + high) / 2) * scale + FIELD / 2 for stroke in strokes]
    image = _ink(centered)
    rows, columns = np.indices(image.shape) + 0.5
    center_of_mass = np.array([np.sum(columns * image), np.sum(rows * image)]) / np.sum(image)
    return _ink([stroke + FIELD / 2 - center_of_mass for stroke in centered])


def _ink(strokes):
    """How much ink each pixel gets from lines of the width of the pen: the nearer its middle to a line, the more."""
    starts = np.concatenate([np.vstack([stroke[:1], stroke[:-1]]) for stroke in strokes])
    along = np.concatenate(strokes) - starts
    rows, columns = np.indices((FIELD, FIELD)) + 0.5
    distance = np.full((FIELD, FIELD), np.inf)
    for (x, y), (dx, dy) in zip(starts, along, strict=True):
        length = dx * dx + dy * dy
        # Where on the line the pixel is nearest to it: 0 at its start, 1 at its end.
        t = np.clip(((columns - x) * dx + (rows - y) * dy) / length, 0, 1) if length else 0.0
        distance = np.minimum(distance, np.hypot(columns - x - t * dx, rows - y - t * dy))
    return np.clip(PEN / 2 + 0.5 - distance, 0, 1).astype(np.float32)


def handwriting_picture(image, hidden, probabilities):
    """What a network says to a drawn image, layer by layer: a `Picture` and a status sentence."""
    classes = [(j, float(p)) for j, p in enumerate(probabilities)]
    best = most_probable(classes)
    second = most_probable([pair for pair in classes if pair[0] != best])
    said = [f"{j} ({percent(classes[j][1])})" for j in (best, second) if j is not None]
    says = f"the network says {', then '.join(said)}" if said else "the network's output is not a number"
    title, status = "Your drawing as the network gets it, scaled and centered", f"{says[0].upper()}{says[1:]}."
    if not image.any():
        title = "Empty paper"
        status = f"Nothing is drawn. Even so {says}: the output is always a choice among the classes."
    return reading(title, image.ravel(), hidden, classes), status


def handwriting(forward_pass, W, b, hidden="sigmoid"):
    """A widget with a board to draw a digit on, and what the network makes of it, layer by layer.

    Arguments:
        forward_pass: the reader's `forward_pass`.
        W, b: a network trained on MNIST, dicts with keys 1..L; W[1] has 784 rows.
        hidden: the activation of its hidden layers, as in `forward_pass`.

    Raises:
        ValueError: when the network does not take 784 pixels.
    """
    m, L = len(W[1]), len(W)
    if m != FIELD**2:
        raise ValueError(f"W[1] has {m} rows, but a drawing has {FIELD**2} pixels: give a network trained on MNIST")
    board = DrawingBoard(EXAMPLES["a 3"])

    def view():
        image = centered_image(parse_strokes(board.value))
        X = image.reshape(1, -1).astype(W[1].dtype)
        _, A = forward_pass(X, W, b, hidden)
        return handwriting_picture(image, [A[l][0] for l in range(1, L)], A[L][0])

    presets = {name: {board: strokes} for name, strokes in {"clear": "", **EXAMPLES}.items()}
    return Interactive("draw a digit and see what the network says", [board], view, presets, beside=True)
