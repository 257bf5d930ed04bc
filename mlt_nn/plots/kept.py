"""A chart whose axes are drawn once and kept, for a widget: only what moves is drawn again."""

import io
from typing import Any

from matplotlib.image import imsave


class Kept:
    """A figure as it is now; `drawn` draws on it as often as one likes.

    A new chart takes a third of a second or more, copying this one back and drawing on it a few milliseconds. What is
    drawn later is made beforehand, too, with `animated=True`, which leaves it out of what is kept.
    """

    def __init__(self, figure):
        self._figure = figure
        figure.canvas.draw()
        self._empty = figure.canvas.copy_from_bbox(figure.bbox)

    def clear(self):
        """Only the axes again."""
        self._figure.canvas.restore_region(self._empty)

    def draw(self, *artists):
        """These on top of what is there."""
        for artist in artists:
            self._figure.draw_artist(artist)

    def png(self):
        """What is there, as a PNG file."""
        file = io.BytesIO()
        options: Any = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 1}}  # level 1 is fast
        imsave(file, self._figure.canvas.buffer_rgba(), format="png", **options)
        return file.getvalue()
