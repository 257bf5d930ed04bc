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
# The contrast that letters need: see `contrast`.
LETTERS = 4.5


@functools.cache
def tint(color, share):
    """So much of a color on white paper: 0 is white, 1 the color itself.

    >>> tint("#0072B2", 0.0), tint("#0072B2", 0.5), tint("#0072B2", 1.0)
    ('#FFFFFF', '#80B8D8', '#0072B2')
    """
    return _mixed(255, color, share)


def contrast(color, other):
    """The ratio by which the Web Content Accessibility Guidelines measure what is seen: from 1 to 21.

    Letters need 4.5 (criterion 1.4.3), and what is no letter 3 (1.4.11).

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    dark, bright = sorted(map(_luminance, (color, other)))
    return (bright + 0.05) / (dark + 0.05)


@functools.cache
def legible(color):
    """The color of letters on white paper: no lighter than they need to be read.

    >>> legible("#0072B2"), legible("#D55E00")
    ('#0072B2', '#C25600')
    """
    shades = (_mixed(0, color, percent / 100) for percent in range(100, 0, -1))
    return next(shade for shade in shades if contrast(shade, WHITE) >= LETTERS)


def _luminance(color):
    channels = [part / 255 for part in bytes.fromhex(color[1:])]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _mixed(gray, color, share):
    return "#" + "".join(f"{round(gray + share * (part - gray)):02X}" for part in bytes.fromhex(color[1:]))
