"""Every notebook as a student sees it: run in JupyterLab in a real browser, offline, each widget moved by keyboard."""

import pytest
from browser import write_notebook

from mlt_nn.support.catalogue import NOTEBOOKS

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_every_widget_moves(check_notebook, name):
    check_notebook(name)


def test_after_a_restart_no_answer_can_be_moved_above_the_words_to_another_one(opened, server):
    write_notebook(server.root / "question.ipynb", 'from mlt_nn.widgets import question\nquestion("01.role_of_bias")')
    notebook = opened("question.ipynb")
    notebook.run_all()
    radios = notebook.page.locator(".mlt-question input[type=radio]")
    radios.nth(1).click()
    notebook.page.locator(".mlt-question b", has_text="Not yet.").wait_for()
    rest = "b => getComputedStyle(b, '::before').content"
    assert notebook.page.locator(".mlt-question").evaluate(rest) == "none"
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    notebook.page.wait_for_selector(".mlt-question [inert]")
    radios.nth(2).click(force=True)
    assert [radio.is_checked() for radio in radios.all()] == [False, True, False]
    assert "run this cell" in notebook.page.locator(".mlt-question").evaluate(rest)


def test_a_link_to_an_exercise_file_leads_to_the_line(opened, server):
    (server.root / "mlt_nn").mkdir()
    (server.root / "mlt_nn" / "network.py").write_text("\n".join(map(str, range(300))), encoding="utf-8")
    notebook = opened("course/08_mnist.ipynb")
    notebook.show_cell('check("network.accuracy")')
    link = notebook.page.locator("a", has_text="mlt_nn/network.py").first
    line = int((link.get_attribute("href") or "").partition("#line=")[2])
    link.click()
    notebook.page.wait_for_function("() => jupyterapp.shell.currentWidget.context?.path === 'mlt_nn/network.py'")
    cursor = "() => jupyterapp.shell.currentWidget.content.editor.getCursorPosition().line"
    notebook.page.wait_for_function(f"({cursor})() === {line}")
