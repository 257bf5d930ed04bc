"""The axes of all hand-drawn charts: numbers become places on a drawing."""

from mlt_nn.support.colors import FAINT, GRAY, INK


class Axes:
    """A rectangle of a drawing with a scale on each side.

    Arguments:
        drawing: the `Drawing`.
        left, top, width, height: the rectangle, in its pixels.
        x, y: the numbers at the ends of each scale, (low, high).
        size: of the letters.
    """

    def __init__(self, drawing, left, top, width, height, x, y, size=12):
        self.drawing, self.size = drawing, size
        self.left, self.top, self.right, self.bottom = left, top, left + width, top + height
        self.x, self.y = x, y

    def place(self, x, y):
        """Where a point is on the drawing."""
        (left, right), (low, high) = self.x, self.y
        return (
            self.left + (x - left) / (right - left) * (self.right - self.left),
            self.bottom - (y - low) / (high - low) * (self.bottom - self.top),
        )

    def numbers(self, x, y):
        """The point that is at a place of the drawing."""
        (left, right), (low, high) = self.x, self.y
        return (
            left + (x - self.left) / (self.right - self.left) * (right - left),
            low + (self.bottom - y) / (self.bottom - self.top) * (high - low),
        )

    def shows(self, x, y):
        """Whether a point is inside; one that is NaN is not."""
        return self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]

    def scales(self, x, y, x_label, y_label, grid=FAINT, framed=False):
        """Draw both scales: ticks as {number: words}, each with a line of the grid, the one at 0 thicker."""
        for number, words in x.items():
            across, _ = self.place(number, self.y[0])
            self.drawing.line(across, self.top, across, self.bottom, grid, 2 if number == 0 else 1)
            self.drawing.text(across, self.bottom + self.size + 1, words, self.size)
        for number, words in y.items():
            _, height = self.place(self.x[0], number)
            self.drawing.line(self.left, height, self.right, height, grid, 2 if number == 0 else 1)
            self.drawing.text(self.left - 7, height, words, self.size, "end")
        if framed:
            sides = self.right - self.left, self.bottom - self.top
            self.drawing.box(self.left, self.top, *sides, fill="none", edge=GRAY, line=1)
        if x_label:
            self.drawing.text((self.left + self.right) / 2, self.bottom + 2 * self.size + 7, x_label, self.size + 1)
        # Beside the longest number, of letters that are 0.62 of their size wide, or at the edge of the page.
        beside = max(self.left - self.size - 8 - round(0.62 * self.size, 1) * max(map(len, y.values()), default=0), 12)
        self.drawing.text(beside, (self.top + self.bottom) / 2, y_label, self.size + 1, turn=-90)

    def line(self, points, color=INK, width=2.5, dash=""):
        """A line through the points (x, y) that are inside, in pieces between those that are not."""
        piece: list[tuple[float, float]] = []
        for x, y in [*points, (float("nan"), 0.0)]:
            if self.shows(x, y):
                piece.append(self.place(x, y))
            elif piece:
                self.drawing.polyline(piece, color, width, dash)
                piece = []
