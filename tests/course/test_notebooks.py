"""The notebooks as they are stored: built from their text, clean, readable without a run. nbval judges the outputs."""

import ast
import re
import subprocess
import sys

import nbformat
import pytest

from mlt_nn.support import questions
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.teaching.building import notebooks, stubs
from mlt_nn.teaching.building.notebooks import SOURCE, from_text, names
from mlt_nn.teaching.building.stubs import BEGIN, END

STORED = {name: nbformat.read(COURSE / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS}


def code_cells(name):
    return [cell for cell in STORED[name].cells if cell.cell_type == "code"]


def prose(name):
    return "\n\n".join(cell.source for cell in STORED[name].cells if cell.cell_type == "markdown")


def stored_texts(name):
    for cell in code_cells(name):
        for output in cell.outputs:
            yield from [output.text] if output.output_type == "stream" else map(str, output.data.values())


def test_every_notebook_of_the_catalogue_has_a_text_and_no_other():
    assert names() == list(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
class TestStored:
    def test_agrees_with_its_text(self, name):
        built = from_text(name)
        assert [(c.id, c.cell_type, c.source, c.metadata) for c in STORED[name].cells] == [
            (c.id, c.cell_type, c.source, c.metadata) for c in built.cells
        ], f"run `mlt-nn build {name}`"
        assert STORED[name].metadata == built.metadata

    def test_is_the_run_of_one_pass(self, name):
        cells = code_cells(name)
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))

    def test_holds_no_error_no_warning_and_nothing_of_a_machine(self, name):
        outputs = [output for cell in code_cells(name) for output in cell.outputs]
        assert outputs
        assert not [output for output in outputs if output.output_type == "error"]
        assert not [output for output in outputs if output.get("name") == "stderr"]
        for text in stored_texts(name):
            assert "Traceback" not in text
            assert str(PROJECT) not in text
            # The bytes of a picture may spell an address by chance.
            words = re.sub(r"base64,[\w+/=]*", "", text)
            assert not re.search(r"0x[0-9a-f]{8}|/(home|root|tmp|Users)/", words)

    def test_no_line_of_code_in_sight_scrolls_sideways(self, name):
        # So many characters fit in JupyterLab on a screen 1366 pixels wide, beside the file list and a scroll bar.
        lines = [
            line
            for cell in code_cells(name)
            if not cell.metadata.get("jupyter", {}).get("source_hidden")
            for line in cell.source.splitlines()
        ]
        assert [line for line in lines if len(line) > 115] == []

    def test_says_why_an_output_is_not_compared(self, name):
        for cell in code_cells(name):
            if "nbval-ignore-output" in cell.metadata.get("tags", []):
                assert len(cell.metadata.get("reason", "")) > 20, cell.source

    def test_has_an_alternative_text_for_every_picture(self, name):
        for cell in code_cells(name):
            for output in cell.outputs:
                data = output.get("data", {})
                assert not {"image/png", "image/jpeg", "image/svg+xml"} & set(data), f"a bare picture: {cell.source}"
                for image in re.findall(r"<img [^>]*>", data.get("text/html", "")):
                    assert re.search(r'alt="[^"]{10,}"', image), cell.source

    def test_has_the_parts_of_every_notebook(self, name):
        text = prose(name)
        place = -1
        for part in ("# ", "**You will be able to**", "**You need**", "**Time**", "## What you have built",
                     "## Three ways to go further", "## Next"):  # fmt: skip
            assert text.find(part, place + 1) > place, f"{part!r} is missing or in another place"
            place = text.find(part, place + 1)

    def test_asks_at_least_four_questions(self, name):
        asked = questions.parse((SOURCE / f"{name}.md").read_text(encoding="utf-8"), name.partition("_")[0])
        assert len(asked) >= 4
        for question in asked:
            assert len(question.lines or question.choices) >= (3 if question.off_by is None else 2)

    def test_has_no_exclamation_and_no_emoji(self, name):
        text = re.sub(r"`[^`]*`|\$\$?[^$]*\$\$?|\]\([^)]*\)", "", prose(name))
        assert not re.findall(r".*!(?!=).*", text)
        assert not re.findall("[\U0001f300-\U0001faff\u2600-\u27bf]", text)

    def test_links_lead_somewhere(self, name):
        for target in re.findall(r"\]\(([^)]+)\)", prose(name)):
            file, _, heading = target.partition("#")
            assert not target.startswith("http"), f"{target}: the course is read offline"
            assert not file or (COURSE / file).exists(), target
            if file.endswith(".py"):
                continue
            if heading:
                where = prose(file.removesuffix(".ipynb") or name)
                headings = [line.lstrip("# ").replace(" ", "-") for line in where.splitlines() if line.startswith("#")]
                assert heading in headings, target


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_links_lead_to_the_line_of_the_exercise_when_those_before_it_are_written(name):
    asked = [each for each in EXERCISES if each.notebook == name]
    for section in dict.fromkeys(each.section for each in asked):
        text = prose(name).partition(f"## {section}\n")[2].partition("\n## ")[0]
        first = next(each for each in asked if each.section == section)
        (line,) = re.findall(rf"\]\(\.\./mlt_nn/{first.module}\.py#line=(\d+)\)", text)
        source = (SOLUTIONS / f"{first.module}.py").read_text(encoding="utf-8").splitlines()
        written = [each for each in source if each.strip() not in (BEGIN, END)]
        assert written[int(line)].startswith(f"def {first.function}("), section


def test_the_code_of_a_cell_that_only_draws_is_folded():
    for name in NOTEBOOKS:
        for cell in code_cells(name):
            if cell.metadata.get("jupyter") == {"source_hidden": True}:
                names = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
                assert not names & {each.function for each in EXERCISES}, cell.source
                assert "data" in cell.outputs[0], cell.source
    folded = [cell.source for cell in code_cells("01_neuron") if cell.metadata.get("jupyter")]
    assert [source.partition("(")[0] for source in folded] == ["neuron_diagram"]


def test_a_notebook_that_somebody_worked_in_is_kept(tmp_path, monkeypatch):
    for place in ("COURSE", "BUILT"):
        monkeypatch.setattr(notebooks, place, tmp_path / place)
    monkeypatch.setattr(stubs, "REPLACED", tmp_path / "replaced")
    runs = iter("aabc")
    new = nbformat.v4.new_notebook
    monkeypatch.setattr(notebooks, "run", lambda notebook, _: new(cells=[nbformat.v4.new_raw_cell(next(runs), id="1")]))
    file = tmp_path / "COURSE" / f"{NOTEBOOKS[0]}.ipynb"
    file.parent.mkdir()

    def build():
        assert list(notebooks.build([NOTEBOOKS[0]])) == [NOTEBOOKS[0]]
        return file.read_text(encoding="utf-8")

    first = build()
    assert build() == first
    assert build() != first
    assert not stubs.REPLACED.exists()
    file.write_text("my notes", encoding="utf-8")
    assert "my notes" not in build()
    (kept,) = stubs.REPLACED.iterdir()
    assert (kept.suffix, kept.read_text(encoding="utf-8")) == (".ipynb", "my notes")


def test_course_and_package_are_spelled_right():
    folders = ["course/source", "mlt_nn", "solutions", "tests", "README.md"]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *folders], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
