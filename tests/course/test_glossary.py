"""The glossary: each term of the course in one sentence, with a link to the section that introduces it."""

import functools
import re

import pytest

from mlt_nn.support.catalogue import NOTEBOOKS
from mlt_nn.support.folders import COURSE
from mlt_nn.teaching.building.notebooks import SOURCE, from_text

PARTS = {"You will be able to", "You need", "Time"}
"""What every first cell sets in bold. Everything else in bold is a term; emphasis is set in italics."""

ENTRY = re.compile(r"- \*\*(.+?)\*\*: (.+?) \[Notebook (\d), (.+)\]\((\w+)\.ipynb#(\S+)\)")

LINES = [line for line in (COURSE / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("-")]
ENTRIES = [ENTRY.fullmatch(line) for line in LINES]


def bold_terms(notebook):
    """The terms that the notebook sets in bold, in lower case, each with the heading above it."""
    heading = ""
    for cell in from_text(notebook).cells:
        if cell.cell_type != "markdown":
            continue
        for part in re.split(r"^(?=#+ )", cell.source, flags=re.MULTILINE):
            title = re.match(r"#+ (.+)", part)
            heading = title[1] if title else heading
            prose = re.sub(r"`[^`]*`", "", part)
            for term in re.findall(r"\*\*(.+?)\*\*", prose, re.DOTALL):
                if term not in PARTS:
                    yield " ".join(term.lower().split()), notebook, heading


@functools.cache
def all_introduced():
    return [introduced for notebook in NOTEBOOKS for introduced in bold_terms(notebook)]


def test_every_line_is_an_entry():
    assert LINES
    assert [line for line, entry in zip(LINES, ENTRIES, strict=True) if not entry] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry], ids=lambda entry: entry[1])
def test_entry_is_introduced_where_its_link_leads(entry):
    term, meaning, number, heading, notebook, anchor = entry.groups()
    assert meaning.endswith(".")
    assert ". " not in meaning, "one sentence"
    assert notebook.startswith(f"0{number}_")
    places = [(file, title) for name, file, title in all_introduced() if name == term.lower()]
    assert len(places) == 1, f"**{term}** stands once in the course, where it is introduced"
    file, title = places[0]
    assert (notebook, anchor) == (file, title.replace(" ", "-"))
    assert heading == re.sub(r"^\d\. ", "", title)


def test_every_term_has_an_entry():
    listed = {entry[1].lower() for entry in ENTRIES if entry}
    assert [introduced for introduced in all_introduced() if introduced[0] not in listed] == []


def test_entries_are_in_alphabetical_order():
    terms = [entry[1].lower() for entry in ENTRIES if entry]
    assert terms == sorted(terms)


def test_the_first_notebook_leads_to_it():
    assert "](glossary.md)" in (SOURCE / f"{NOTEBOOKS[0]}.md").read_text(encoding="utf-8")
