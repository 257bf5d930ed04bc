"""The two pictures of a class. Lengths are percentages, letters are pixels: so they fit every screen."""

import html
import math

from mlt_nn.plots.svg import element
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.teaching.pages.page import number

# The parts of a bar, from left to right: the states that it counts, its word, and its filling.
_PARTS = (
    (("passed",), "right", "var(--bar-blue)"),
    (("failed",), "not yet", "url(#not-yet)"),
    (("timed out", "died"), "does not end, or ends Python", "url(#stuck)"),
    (("not written",), "not written", "url(#not-written)"),
    (("broken",), "open: a check of ours is broken", "url(#broken)"),
)
_PATTERNS = (
    '<pattern id="not-yet" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="var(--bar-vermilion)"/>'
    '<rect width="2.2" height="7" fill="var(--ground)"/></pattern>'
    '<pattern id="stuck" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="var(--ink)"/><circle cx="3" cy="3" r="1.4" fill="var(--ground)"/></pattern>'
    '<pattern id="not-written" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="var(--ground)"/><circle cx="3" cy="3" r=".9" fill="var(--gray)"/></pattern>'
    '<pattern id="broken" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="var(--ground)"/><path d="M0 3H6M3 0V6" stroke="var(--gray)"/></pattern>'
)


def exercises(tally):
    """For each exercise, how many have it right, wrong, or not at all: bars that lie."""
    title = f"{len(EXERCISES)} exercises, {tally.graded:,} graded"
    rows: list[str] = [_text(0, 18, title, 16, weight="bold")]
    y = 44
    for states, word, fill in _PARTS:
        if any(counted[state] for counted in tally.states.values() for state in states):
            rows += [_box(0, y - 11, 6, 13, fill), _text(8, y, word)]
            y += 20
    y -= 8
    top, words = y, []
    bars = []
    for notebook in NOTEBOOKS:
        y += 30
        bars.append(_text(0, y, f"Notebook {number(notebook)}: {notebook[3:].replace('_', ' ')}", 13, weight="bold"))
        for exercise in EXERCISES:
            if exercise.notebook == notebook:
                y += 20
                parts, told = _bar(tally.states[exercise.name], max(tally.graded, 1), y + 5)
                right = tally.states[exercise.name]["passed"]
                bars += [_text(0, y, exercise.function), _text(100, y, f"{right:,} right", anchor="end"), *parts]
                words.append(f"{exercise.name}: {told}")
                y += 21
    y += 12
    for tick in _ticks(tally.graded):
        x = 100 * tick / max(tally.graded, 1)
        anchor = "start" if x < 3 else "end" if x > 97 else "middle"
        bars = [_line(x, top + 12, x, y), *bars, _text(x, y + 16, f"{tick:,}", anchor=anchor)]
    bars.append(_text(50, y + 36, "students", anchor="middle"))
    caption = "Look for long hatched parts: there many wrote something and few have it right yet."
    return _figure(y + 44, [f"<defs>{_PATTERNS}</defs>", *rows, *bars], f"{title}. {'; '.join(words)}.", caption)


def points(tally):
    """How many students have how many points: bars that stand."""
    best = sum(exercise.points for exercise in EXERCISES)
    width = math.ceil(best / 20)
    starts = list(range(0, best, width))
    counts = [0] * len(starts)
    for tenths, n in tally.points.items():
        counts[min(int(tenths / 10 / width), len(starts) - 1)] += n
    title = "How the points are spread"
    left, bottom, high = 11.0, 230, 170
    ticks = _ticks(max(counts))
    scale = max(ticks[-1], 1)
    parts = [_text(0, 18, title, 16, weight="bold"), _text(0, 42, f"students, by intervals of {width} points")]
    for tick in ticks:
        y = bottom - high * tick / scale
        parts += [_line(left, y, 100, y), _text(left - 1.5, y + 4, f"{tick:,}", anchor="end")]
    step = (100 - left) / len(starts)
    for k, n in enumerate(counts):
        tall = high * n / scale
        parts.append(_box(left + k * step + 0.15 * step, bottom - tall, 0.7 * step, tall, "var(--bar-blue)"))
    for tick in _ticks(best):
        x = left + (100 - left) * tick / (len(starts) * width)
        parts.append(_text(x, bottom + 17, str(tick), anchor="middle" if x < 97 else "end"))
    parts.append(_text((left + 100) / 2, bottom + 37, f"points, of {best}", anchor="middle"))
    said = ", ".join(
        f"{start} to {min(start + width, best)}: {n:,}" for start, n in zip(starts, counts, strict=True) if n
    )
    caption = "Look for a heap at the left: those who stopped early need another help than those who make mistakes."
    return _figure(bottom + 45, parts, f"{title}. Points and students: {said or 'none'}.", caption)


def _bar(states, total, y):
    """The parts of a bar with its upper edge at y, and what it says in words."""
    parts, told, x = [], [], 0.0
    for names, word, fill in _PARTS:
        n = sum(states[name] for name in names)
        if n:
            parts.append(_box(x, y, 100 * n / total, 13, fill))
            told.append(f"{n:,} {word}")
            x += 100 * n / total
    return parts, ", ".join(told) or "nobody"


def _ticks(largest):
    """About four round numbers from 0 to the largest, and the next one if there is none so large."""
    if largest < 1:
        return [0]
    raw = largest / 4
    power = 10 ** math.floor(math.log10(raw)) if raw >= 1 else 1
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw or m == 10)
    return list(range(0, largest + 1, step))


def _figure(height, parts, alt, caption):
    label = html.escape(alt)
    return (
        f'<figure><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="100%" '
        f'height="{height}">{"".join(parts)}</svg><figcaption>{html.escape(caption)}</figcaption></figure>'
    )


def _text(x, y, words, size=13, anchor="start", weight="normal"):
    style = {"font_weight": weight} if weight != "normal" else {}
    place = {"x": f"{x:.6g}%", "y": y, "font_size": size, "text_anchor": anchor}
    return element("text", html.escape(words), **place, fill="var(--ink)", **style)


def _box(x, y, width, height, fill):
    place = {"x": f"{x:.6g}%", "y": y, "width": f"{width:.6g}%", "height": height}
    return element("rect", **place, fill=fill, stroke="var(--ink)", stroke_width=0.7)


def _line(x1, y1, x2, y2):
    return element("line", x1=f"{x1:.6g}%", y1=y1, x2=f"{x2:.6g}%", y2=y2, stroke="var(--line)")
