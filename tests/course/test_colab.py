"""Google Colab and Kaggle: the cell that brings the course, in an empty folder, with a stand-in for `google.colab`."""

import html
import json
import os
import shutil
import subprocess
import sys

import pytest
import traitlets

from mlt_nn.cli import main
from mlt_nn.support.catalogue import MODULES, NOTEBOOKS
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.building import colab, release

pytestmark = pytest.mark.thorough

ADDRESS = "https://github.com/ada/nn-course"
# `drive.mount` makes the folder, as Colab does, or is refused by the student.
STAND_IN = """
import os, pathlib, sys, types
for name in ("google", "google.colab", "google.colab.drive"):
    sys.modules[name] = types.ModuleType(name)
def mount(place):
    if "NO_DRIVE" in os.environ:
        raise ValueError("mount failed")
    pathlib.Path(place, "MyDrive").mkdir(parents=True, exist_ok=True)
sys.modules["google.colab.drive"].mount = mount
"""
# As IPython shows it, without IPython.
SHOWN = "import IPython.display; IPython.display.display = lambda shown: print(shown.data)\n"


@pytest.fixture(scope="module")
def files():
    return colab.prepared(release.handout(), ADDRESS)


@pytest.fixture(scope="module")
def repository(files, tmp_path_factory):
    """What the instructor put on GitHub."""
    folder = release.write(tmp_path_factory.mktemp("github") / "nn-course", files)[0]
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-q", "-m", "The course"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def code(files, name="01_neuron"):
    return "".join(json.loads(files[f"course/{name}.ipynb"])["cells"][1]["source"])


def run(folder, repository, source, python=sys.executable, **variables):
    """Run cells in the folder; where GitHub would be asked, the repository is."""
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MLT_NN", "PYTHON"))}
    environment |= {"MLT_NN_DATA": "bundled", **instead, **variables}
    # Not beside the project, whose package would be found.
    done = subprocess.run(
        [python, "-P", "-c", source], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    return done.returncode, done.stdout + done.stderr


ASK = "\nimport mlt_nn; print(mlt_nn.__file__); print(mlt_nn.check('neuron.neuron')._repr_mimebundle_()['text/html'])"


def test_each_notebook_begins_with_the_badge_and_the_cell(files):
    plain = release.handout()
    assert {name for name in files if files[name] != plain[name]} == {f"course/{name}.ipynb" for name in NOTEBOOKS}
    for name in NOTEBOOKS:
        cells, before = (json.loads(each[f"course/{name}.ipynb"])["cells"] for each in (files, plain))
        assert cells[2:] == before
        badge = "".join(cells[0]["source"])
        opened = f"https://colab.research.google.com/github/ada/nn-course/blob/main/course/{name}.ipynb"
        assert badge.startswith(
            f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({opened})"
        )
        assert f'repository = "{ADDRESS}"' in code(files, name)
        assert not [cell for cell in before if "colab" in json.dumps(cell).lower()]
    assert code(files, "05_scalar_backpropagation").endswith(
        'bring_course(keep_in_my_drive, "scalar_network", "gradient_check")'
    )


@pytest.mark.parametrize("address", [f"{ADDRESS}/", f"{ADDRESS}.git"])
def test_an_address_as_git_writes_it_is_the_same(files, address):
    assert colab.prepared(release.handout(), address) == files


@pytest.mark.parametrize(
    "address",
    ["", "nn-course", "http://github.com/ada/nn-course", "https://gitlab.com/ada/nn-course", f"{ADDRESS}/tree/main",
     'https://github.com/ada/"; import os #', "https://github.com/ada"],
)  # fmt: skip
def test_an_address_that_is_none_is_told(address, tmp_path, capsys):
    assert main(["release", str(tmp_path / "spring"), "--repository", address]) == 1
    assert f"{address!r} is not the address of a repository on GitHub" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_in_jupyter_the_cell_does_nothing(files, repository, tmp_path):
    assert run(tmp_path, repository, code(files)) == (0, "")
    assert not list(tmp_path.iterdir())


def test_in_colab_the_course_comes_and_what_is_written_stays_in_the_drive(files, repository, tmp_path):
    cell = SHOWN + STAND_IN + code(files)
    today, drive = tmp_path / "today", tmp_path / "today" / "drive" / "MyDrive"
    today.mkdir()
    status, shown = run(today, repository, cell + ASK)
    assert status == 0, shown
    assert f"{today}/nn-course/mlt_nn/__init__.py" in shown
    assert "They are kept in your Drive, in the folder nn-course." in shown
    assert {file.name for file in (drive / "nn-course").iterdir()} == {f"{module}.py" for module in MODULES}
    view = html.escape(f'google.colab.files.view("{today}/nn-course/mlt_nn/neuron.py"); return false')
    assert shown.count(view) == 2  # below the cell, and in the panel of the check
    # The editor writes into the file that it opened.
    shutil.copyfile(SOLUTIONS / "neuron.py", today / "nn-course" / "mlt_nn" / "neuron.py")
    status, shown = run(today, repository, cell + ASK)
    assert (status, "neuron.neuron: right." in shown) == (0, True), shown

    # The next day Colab has forgotten all but the Drive.
    tomorrow = tmp_path / "tomorrow"
    (tomorrow / "drive").mkdir(parents=True)
    drive.rename(tomorrow / "drive" / "MyDrive")
    status, shown = run(tomorrow, repository, cell + ASK)
    assert (status, "neuron.neuron: right." in shown) == (0, True), shown


def test_without_the_drive_it_says_what_is_lost_and_loses_nothing_later(files, repository, tmp_path):
    cell = SHOWN + STAND_IN + code(files)
    again = f"\n{code(files)}\nfrom imp import reload\n"
    status, shown = run(tmp_path, repository, cell + again + ASK, NO_DRIVE="1")
    assert status == 0, shown
    assert "Your Drive was not opened: mount failed" in shown
    assert "They are lost when Colab ends this session" in shown
    mine = tmp_path / "nn-course" / "mlt_nn" / "neuron.py"
    mine.write_text("# today\n")
    kept = tmp_path / "drive" / "MyDrive" / "nn-course"
    kept.mkdir(parents=True)
    (kept / "neuron.py").write_text("# an earlier day\n")
    status, shown = run(tmp_path, repository, cell)
    assert status == 0, shown
    assert "Your Drive has a neuron.py of an earlier day, which counts." in shown
    assert mine.read_text() == "# an earlier day\n"
    (other,) = kept.glob("neuron *.py")
    assert other.read_text() == "# today\n"


def test_on_kaggle_the_course_comes_too(files, repository, tmp_path):
    status, shown = run(tmp_path, repository, code(files) + ASK, KAGGLE_KERNEL_RUN_TYPE="Interactive")
    assert status == 0, shown
    assert "Persistence: Files" in shown
    assert f"{tmp_path}/nn-course/mlt_nn/__init__.py" in shown


def test_a_repository_that_cannot_be_read_is_told(files, tmp_path):
    status, shown = run(tmp_path, tmp_path / "nowhere", STAND_IN + code(files))
    assert status == 1
    assert f"RuntimeError: The course could not be brought from {ADDRESS}." in shown
    assert not list(tmp_path.iterdir())


def test_the_old_widgets_of_colab_take_what_the_course_gives_them():
    """ipywidgets 7, which Colab has: a button's tooltip is a text there, and not None."""
    from mlt_nn.widgets.controls import button

    assert button("Again", list).tooltip == "Again"


def test_the_film_of_the_old_widgets_knows_whether_it_plays(monkeypatch):
    from mlt_nn.widgets.controls import Film, ipywidgets

    class Old(ipywidgets.Play):
        """What ipywidgets 8 calls `playing` is `_playing` in 7."""

        _playing = traitlets.Bool()
        playing = None

    monkeypatch.setattr(ipywidgets, "Play", Old)
    film = Film("epoch", 1, 0, 8)
    film._play._playing = True
    film.value = 8
    assert film._play.value == 8
    film._play._playing = False
    assert film._play.value == 0
