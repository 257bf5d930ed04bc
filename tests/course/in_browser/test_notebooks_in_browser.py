"""Every notebook as a student sees it: run in JupyterLab in a real browser, offline, each widget moved by keyboard."""

import pytest

from mlt_nn.support.catalogue import NOTEBOOKS


# The other notebooks, which train for long, are in the file of the widgets: files are what runs in parallel.
@pytest.mark.parametrize("name", NOTEBOOKS[:7])
def test_it_runs_and_every_widget_moves(check_notebook, name):
    check_notebook(name)
