"""What a benchmark found, as a table: for the terminal and for the README."""

import datetime
import platform
import textwrap
from collections.abc import Callable, Iterable
from importlib import metadata
from typing import NamedTuple

from mlt_nn.teaching.classroom.pools import cores

_FIRST_COLUMN = 46
_PACKAGES = ("numpy", "scikit-learn", "torch")


class Benchmark(NamedTuple):
    """Something to measure."""

    title: str
    head: tuple[str, ...]
    measure: Callable[[], Iterable[tuple]]
    """Yields the rows as they come; a cell is a text or a number."""
    settings: str
    """How it is measured, in sentences."""


class Table(NamedTuple):
    """What was measured."""

    title: str
    head: list
    rows: list
    settings: str
    machine: str
    date: str


def machine():
    """The computer and the versions, in one line."""
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            versions.append(f"no {package}")
    return f"{_processor()}, {cores()} cores, {platform.system()}, Python {platform.python_version()}, " + ", ".join(
        versions
    )


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def run(benchmark, say=print):
    """Carry out a benchmark and say each row as it comes; returns the `Table`."""
    widths = [max(len(title), 12) + 2 for title in benchmark.head]
    widths[0] = max(widths[0], _FIRST_COLUMN)

    def line(cells):
        texts = [shown(cell) for cell in cells]
        return "".join(text.ljust(width - 1) + " " for text, width in zip(texts, widths, strict=True)).rstrip()

    say(benchmark.title)
    say(line(benchmark.head))
    rows = []
    for row in benchmark.measure():
        rows.append(list(row))
        say(line(row))
    say("\n".join(textwrap.wrap(benchmark.settings, 110)) + "\n")
    today = datetime.date.today().isoformat()
    return Table(benchmark.title, list(benchmark.head), rows, benchmark.settings, machine(), today)


def shown(cell):
    """A cell as text: a number with three digits, or as an integer when it is one.

    >>> shown(0.012345), shown(123.4), shown(7), shown("0.5 (0.4 to 0.6)")
    ('0.0123', '123', '7', '0.5 (0.4 to 0.6)')
    """
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"


def markdown(table):
    """A table in Markdown, with its settings below."""
    lines = [f"| {' | '.join(table.head)} |", f"|{'---|' * len(table.head)}"]
    lines += [f"| {' | '.join(shown(cell) for cell in row)} |" for row in table.rows]
    return "\n".join([f"## {table.title}", "", *lines, "", f"{table.settings} Measured {table.date}: {table.machine}."])
