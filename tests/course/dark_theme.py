"""What the dark theme makes of a color: the filter of a picture, as the standard of CSS filters defines it."""

import re

import numpy as np

from mlt_nn.plots.picture import THEME

LUMINANCE = np.array([0.213, 0.715, 0.072])
# A turn of all hues by 180 degrees.
TURNED = 2 * np.tile(LUMINANCE, (3, 1)) - np.eye(3)
INVERTED = float(re.search(r"invert\(min\(([\d.]+),", THEME)[1])


def in_dark_theme(color):
    """A color as "#RRGGBB", and what is seen in its place."""
    channels = np.array(list(bytes.fromhex(color[1:]))) / 255
    seen = TURNED @ (channels + INVERTED * (1 - 2 * channels))
    return "#" + bytes(np.round(255 * np.clip(seen, 0, 1)).astype(int).tolist()).hex()
