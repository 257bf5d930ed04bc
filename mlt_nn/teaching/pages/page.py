"""The frame of the pages that are given back: one file each, without scripts, that asks nobody for anything."""

import html
import re

from mlt_nn.support.catalogue import NOTEBOOKS
from mlt_nn.teaching.pages.text import one_line, visible

# How an exercise ended: a word and a sign, so that nothing hangs on color alone, and the class that colors it.
STATES = {
    "passed": ("right", "\N{CHECK MARK}", "right"),
    "failed": ("not yet", "\N{BALLOT X}", "wrong"),
    "timed out": ("does not end", "\N{BALLOT X}", "wrong"),
    "died": ("ends Python", "\N{BALLOT X}", "wrong"),
    "not written": ("not written yet", "\N{WHITE CIRCLE}", "open"),
    "broken": ("open", "?", "open"),
}

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #222; --soft: #5a5a5a; --line: #d0d0d0; --code: #f3f3f3;
  --blue: #0072b2; --vermilion: #b84f00; --bar-blue: #0072b2; --bar-vermilion: #d55e00; --gray: #767676 }
@media (prefers-color-scheme: dark) { :root { --ground: #16181b; --ink: #e8e8e8; --soft: #b0b0b0; --line: #44484d;
  --code: #23262a; --blue: #6cb8ea; --vermilion: #ff9351; --bar-blue: #3d9bd6; --bar-vermilion: #e8762b;
  --gray: #9a9a9a } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem; max-width: 54rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100% }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; line-height: 1.3 }
h3 { font-size: 1rem; margin: 0 }
p, ul, ol { margin: .5rem 0 }
li { margin: .4rem 0 }
ul, ol { padding-left: 1.4rem }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .92em }
pre { margin: .4rem 0; padding: .4rem .6rem; background: var(--code); white-space: pre-wrap; border-radius: 4px }
a { color: var(--blue) }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px }
.soft { color: var(--soft) }
.points { font-size: 1.15rem }
.right { color: var(--blue) } .wrong { color: var(--vermilion) } .open { color: var(--soft) }
.sign { font-weight: bold; white-space: nowrap }
.message { white-space: pre-wrap }
article { border-left: 4px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: 1.1rem 0; break-inside: avoid }
article.wrong { border-color: var(--vermilion); border-left-style: dashed; color: inherit }
article.next { border-color: var(--blue); border-left-style: solid; color: inherit }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; overflow-wrap: normal }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line) }
td { overflow-wrap: break-word } td.text { min-width: 10rem; overflow-wrap: anywhere }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
@media screen and (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  table, tbody, tr, td { display: block } tr { border-bottom: 1px solid var(--line); padding: .4rem 0 }
  td { display: flex; gap: .7rem; border: 0; padding: .1rem 0; text-align: left }
  td::before { content: attr(data-heading); flex: 0 0 6.5rem; color: var(--soft); white-space: normal }
  td.text { min-width: 0 } td.number { text-align: left } td > div { min-width: 0; flex: 1; white-space: normal } }
details { margin: 2rem 0; border-top: 1px solid var(--line); padding-top: .7rem }
summary { cursor: pointer; font-weight: bold }
figure { margin: 1rem 0 } figure svg { display: block; width: 100%; max-width: 46rem; overflow: visible }
figcaption { color: var(--soft); max-width: 46rem; margin-top: .4rem }
@media print { :root { color-scheme: light; --ground: #fff; --ink: #000; --soft: #444; --code: #f3f3f3;
  --line: #bbb; --blue: #0072b2; --vermilion: #b84f00; --bar-blue: #0072b2; --bar-vermilion: #d55e00; --gray: #767676 }
  body { max-width: none; padding: 0; font-size: 10.5pt }
  h2, h3 { break-after: avoid } tr { break-inside: avoid } svg { print-color-adjust: exact } }
"""
# Nothing may be fetched and nothing run, even if something slipped through.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title, *parts):
    """A whole page: a title, and parts of HTML."""
    body = "\n".join(filter(None, parts))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(one_line(title))}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def escape(text):
    """Text of whatever origin as HTML.

    >>> escape("<b> & \\u202e")
    '&lt;b&gt; &amp; [U+202E]'
    """
    return html.escape(visible(str(text)))


def name(text):
    """A name that somebody gave, in its own direction of writing whatever stands around it."""
    return f"<bdi>{escape(one_line(text))}</bdi>"


def sign(state):
    """How an exercise ended, as a word with a sign in a color."""
    word, mark, look = STATES[state]
    return f'<span class="sign {look}"><span aria-hidden="true">{mark}</span> {word}</span>'


def code(identifier):
    """A name of the course's code, which breaks at its dots and underscores where a line is too short for it.

    >>> code("losses.one_hot")
    '<code>losses.<wbr>one_<wbr>hot</code>'
    """
    breakable = re.sub(r"([._])", r"\1<wbr>", escape(identifier))
    return f"<code>{breakable}</code>"


def reading(exercise):
    """Where an exercise of the catalogue is explained."""
    return f"notebook {number(exercise.notebook)} ({code(exercise.notebook)}), “{escape(exercise.section)}”"


def shown(points):
    """Points in at most two decimals.

    >>> shown(0.5714), shown(3.0)
    ('0.57', '3')
    """
    return f"{points:,.2f}".rstrip("0").rstrip(".")


def number(notebook):
    """The number of a notebook.

    >>> number("02_activations")
    2
    """
    return NOTEBOOKS.index(notebook) + 1


def count(number, one, many):
    """A number with its noun.

    >>> count(1, "point", "points"), count(1.5, "point", "points")
    ('1 point', '1.5 points')
    """
    return f"{number:,.6g} {one if number == 1 else many}"


def table(label, columns, rows):
    """A table.

    Arguments:
        label: what it holds, for a reader who hears it.
        columns: {heading: the class of its cells: "number", "text" or ""}.
        rows: lists of cells, in HTML.
    """
    head = "".join(
        f'<th role="columnheader" scope="col"{_look(look)}>{escape(each)}</th>' for each, look in columns.items()
    )
    body = "\n".join(f'<tr role="row">{"".join(map(_cell, columns.items(), row))}</tr>' for row in rows)
    # The roles are said because a table that is laid out as blocks, as on a narrow screen, is none to some browsers.
    return (
        f'<table role="table" aria-label="{escape(label)}">\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}\n</tbody></table>'
    )


def details(summary, *parts):
    """What is read by those who ask for it."""
    return f"<details><summary>{escape(summary)}</summary>\n{chr(10).join(parts)}\n</details>"


def _cell(column, cell):
    heading, look = column
    return f'<td role="cell"{_look(look)} data-heading="{escape(heading)}"><div>{cell}</div></td>'


def _look(look):
    return f' class="{look}"' if look else ""
