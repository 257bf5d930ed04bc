"""Charts: values in, a `Picture` out. The student's functions and arrays come as arguments.

In every chart `title`, `x_label` and `y_label` are what is drawn, `caption` says what to see, and `alt` is the picture
in words; None: written from the values. A value that is NaN or infinite is a gap, and the picture says so.
"""

from mlt_nn.plots.bar_charts import bars, grouped_bars, histogram
from mlt_nn.plots.chains import chain
from mlt_nn.plots.images import digits, weights_as_images
from mlt_nn.plots.lines import curve_grid, curves, line_fit
from mlt_nn.plots.matrix_charts import confusion, matrices, matrix
from mlt_nn.plots.networks import network_diagram
from mlt_nn.plots.neurons import neuron_diagram
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.plane import regions, surface
from mlt_nn.plots.shapes import matrix_shapes

__all__ = [
    "Picture", "bars", "chain", "confusion", "curve_grid", "curves", "digits", "grouped_bars", "histogram",
    "line_fit", "matrices", "matrix", "matrix_shapes", "network_diagram", "neuron_diagram", "regions", "surface",
    "weights_as_images",
]  # fmt: skip
