"""The benchmarks' last results in the README.md beside this file, with their picture."""

import html
import re
from pathlib import Path

from benchmarks.peers import LIMIT, OURS, PYTORCH, SCIKIT_LEARN
from benchmarks.results import markdown
from mlt_nn.plots import grouped_bars
from mlt_nn.support.writing import write_bytes, write_text

README = Path(__file__).with_name("README.md")
PICTURE = README.with_name("speed.png")
BEGIN, END = "<!-- written by mlt-nn bench -->", "<!-- end of what mlt-nn bench wrote -->"
_WIDTH = 640


def write(tables, readme=README, picture=PICTURE):
    """Put tables between the two markers of the README, each in the place of the older one of its title.

    Arguments:
        tables: name of the benchmark -> `Table`; one whose title the README lacks comes last.
        readme: the file with the markers.
        picture: the file for the picture of the training, which is drawn when that was measured.

    Raises:
        ValueError: when a marker is missing.
    """
    text = readme.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    written, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme.name} has no place for the tables: put these two lines into it\n{BEGIN}\n{END}")
    top, *sections = re.split(r"^(?=## )", written, flags=re.MULTILINE)
    parts = {section.splitlines()[0]: section.strip() for section in sections}
    parts |= {f"## {table.title}": markdown(table) for table in tables.values()}
    if "training" in tables:
        drawn = training_picture(tables["training"])
        write_bytes(picture, drawn.drawing)
        where = picture.relative_to(readme.parent).as_posix()
        top = f'<img src="{where}" alt="{html.escape(drawn.alt)}" width="{_WIDTH}">\n\n{drawn.caption}'
    write_text(readme, "\n\n".join(filter(None, [head + begin, top.strip(), *parts.values(), end + tail])))


def training_picture(table):
    """The seconds of an epoch with ReLU and float32, as bars; a `Picture`."""
    rows = {row[0].partition(",")[0]: row for row in table.rows if row[0].endswith(", float32, relu")}
    series = {}
    for name in (LIMIT, OURS, SCIKIT_LEARN, PYTORCH):
        column = table.head.index(f"{name}, s")
        if all(isinstance(row[column], float) for row in rows.values()):
            series[name] = [row[column] for row in rows.values()]
    return grouped_bars(
        list(rows),
        series,
        "An epoch of MNIST, 784-50-10, ReLU, float32",
        "points in a mini-batch",
        "seconds",
        "Less is better. The limit is the two large matrix products and the gathering of shuffled rows, alone.",
    )
