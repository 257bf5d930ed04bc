"""The one table of colors: of pictures, of controls and of pages."""

import functools

# Colors that people with any color vision tell apart (Okabe and Ito, "Color Universal Design", 2008).
BLUE, VERMILION = "#0072B2", "#D55E00"
SERIES = (BLUE, VERMILION, "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
WHITE, INK = "#FFFFFF", "#222222"
# Gray words are still read on white (contrast 4.5); pale and faint are for lines behind what counts.
GRAY, PALE, FAINT = "#767676", "#C9C9C9", "#E0E0E0"
# In the place of what is no number.
MISSING = "#BBBBBB"
# Around what is being computed now.
NOW = "#FFF6D6"


@functools.cache
def tint(color, share):
    """So much of a color on white paper: 0 is white, 1 the color itself.

    >>> tint("#0072B2", 0.0), tint("#0072B2", 0.5), tint("#0072B2", 1.0)
    ('#FFFFFF', '#80B8D8', '#0072B2')
    """
    return "#" + "".join(f"{round(255 + share * (part - 255)):02X}" for part in bytes.fromhex(color[1:]))
