"""The one look of the charts: dashes, markers, hatches, fonts, and the way from a figure to a `Picture`.

Figures are made without pyplot, which would keep every one of them alive and change the settings of the whole notebook.
"""

import base64
import io
import textwrap
from functools import partial
from typing import Any

import matplotlib
import numpy as np
from contourpy import FillType, contour_generator
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.text import Text

from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import mathtext
from mlt_nn.support.colors import FAINT, GRAY, INK, SERIES

# The k-th line, point and area differ not in their color alone: a reader may see none.
LOOKS: dict[str, tuple] = {
    "color": SERIES,
    "linestyle": ("-", *((0, gaps) for gaps in (
        (5, 1.5), (1.2, 1.2), (7, 1.5, 1.2, 1.5), (10, 2), (3, 1, 1, 1, 1, 1), (2, 3),
    ))),
    "marker": ("o", "s", "^", "D", "v", "P", "X"),
    "hatch": ("", "///", "...", "xxx", "\\\\\\", "++", "oo"),
}  # fmt: skip
CSS_PIXELS_PER_INCH = 96
# One and a half image pixels for each pixel on the page: crisp, and still small enough to store in a notebook.
DOTS_PER_INCH = 144
# Beyond this size (on a log axis: below its inverse) the arithmetic of matplotlib overflows, and nobody reads it off.
TOO_LARGE = 1e100

_SETTINGS: Any = {key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")} | {
    "axes.edgecolor": GRAY,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.axisbelow": True,
    "figure.constrained_layout.h_pad": 0.08,
    "figure.constrained_layout.w_pad": 0.08,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "grid.color": FAINT,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "legend.handlelength": 3,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "text.color": INK,
    "xtick.color": GRAY,
    "ytick.color": GRAY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}

house_style = partial(matplotlib.rc_context, _SETTINGS)
"""The settings of the course while a chart is drawn, whatever the notebook has set. Used as a decorator."""


def sheet(width, height, columns=1, **options):
    """An empty figure of that size in CSS pixels, and its axes: one, or a list of `columns` side by side."""
    inches = width / CSS_PIXELS_PER_INCH, height / CSS_PIXELS_PER_INCH
    figure = Figure(figsize=inches, dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, columns, squeeze=False, **options)[0]
    return figure, axes[0] if columns == 1 else list(axes)


def finish(figure, title, caption, alt, words=(), note=""):
    """The figure as a `Picture`: the title on top and, where there is one, the note about what is not drawn below.

    Without an alternative text of the caller's own, title, words and note make it.
    """
    width = round(figure.get_figwidth() * CSS_PIXELS_PER_INCH)
    # A letter of the title is about 9.5 pixels wide.
    lines = "\n".join(textwrap.wrap(title, int(width / 9.5)))
    figure.suptitle(lines, x=0.012, ha="left", fontsize=12, fontweight="bold")
    if note:
        figure.supxlabel("\n".join(textwrap.wrap(note, int(width / 7))), x=0.012, ha="left", fontsize=9)
    for text in figure.findobj(Text):
        text.set_text(mathtext(text.get_text()))
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    across, down = figure.canvas.get_width_height()
    height = round(width * down / across)
    return Picture(file.getvalue(), caption, alt or sentences(title, *words, note), width, height)


def embedded(pixels):
    """The address of an SVG image: pixels of shape (rows, columns, 3 or 4), bytes or numbers from 0 to 1, as a PNG."""
    options: Any = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 1}}  # level 1 is fast
    file = io.BytesIO()
    imsave(file, pixels, format="png", **options)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def numbers(name, values, ndim=1):
    """The values as a float array of that many dimensions, or an error that names them."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        kind = type(values).__name__
        raise ValueError(
            f"{name} cannot be drawn: it should hold numbers only, and it is a {kind}: {values!r:.60}"
        ) from None
    if array.ndim != ndim:
        wanted = {1: "one row of numbers, shape (n,)", 2: "a matrix, shape (rows, columns)"}[ndim]
        raise ValueError(f"{name} has shape {array.shape}; to be drawn it must be {wanted}")
    return array


def drawable(values, log=False):
    """The values with NaN in the place of what an axis cannot show, and how many these are."""
    with np.errstate(invalid="ignore"):
        shown = np.abs(values) < TOO_LARGE
        if log:
            shown &= values > 1 / TOO_LARGE
    return np.where(shown, values, np.nan), int(np.size(values) - np.count_nonzero(shown))


def contours(x, y, heights):
    """The lines and areas of equal height in a plane, for contourpy to give: `heights` row by row, at x and y."""
    known = np.ma.masked_invalid(drawable(heights)[0].reshape(len(y), len(x)))
    generator: Any = contour_generator(x, y, known, fill_type=FillType.OuterOffset)
    return generator


def gaps(missing, log=False):
    """The sentence about what is not drawn; `missing` is {name: how many}. Empty when all is drawn."""
    parts = [f"{count} of {name}" for name, count in missing.items() if count]
    why = "NaN, infinite, or not above 0 as a log axis needs" if log else "NaN or infinite"
    return f"Not drawn: {', '.join(parts)} ({why})." if parts else ""


def largest(*arrays):
    """The largest absolute value of all that can be drawn, to be compared with; 1 where that is 0."""
    sizes = np.concatenate([np.abs(drawable(array)[0]).ravel() for array in arrays] or [np.zeros(0)])
    return float(sizes.max(initial=0.0, where=np.isfinite(sizes))) or 1.0


def style(k, *names):
    """How the k-th of several things looks, its `names` among color, linestyle, marker and hatch."""
    return {name: LOOKS[name][k % len(LOOKS[name])] for name in names}


def legend(axes, handles=None):
    """The names of what is drawn, in rows above the axes: near, and they cover nothing. A single series needs none."""
    series = axes.get_legend_handles_labels()[0]
    if handles is None:
        handles = series if len(series) > 1 else []
    if handles:
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.3}
        axes.legend(handles=handles, ncols=4, columnspacing=1.5, **above)


def figures(value):
    """A number for a reader: three significant digits.

    >>> figures(1 / 3), figures(120.0), figures(-0.00001234), figures(float("nan"))
    ('0.333', '120', '-1.23e-05', 'NaN')
    """
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "infinity" if value > 0 else "-infinity"
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return str(int(rounded)) if 1000 <= abs(rounded) < 1e7 else f"{value:.3g}"


def ratio(value):
    """How many times, for a reader: three significant digits, with commas between the thousands of a large one.

    >>> ratio(14.04), ratio(2130000), ratio(1.5e12)
    ('14', '2,130,000', '1.5e+12')
    """
    return f"{float(f'{value:.3g}'):,.0f}" if 1000 <= value < 1e9 else figures(value)


def short(value):
    """The same number as it is written into a picture, with the signs of the board."""
    return figures(value).replace("infinity", "\N{INFINITY}").replace("-", "\N{MINUS SIGN}")


def counted(count, name):
    """So many things of that name.

    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{count} {name}{'' if count == 1 else 's'}"


def sentences(*parts):
    """The parts as one text, each closed by a full stop; empty ones are left out."""
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
