"""The finished picture: what a notebook shows and what a reader hears."""

import io
import subprocess
import sys

import pytest
from matplotlib.image import imread

from mlt_nn.plots import Picture, bars, matrix_shapes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 150"></svg>'


@pytest.mark.parametrize(("caption", "alt"), [("", "words"), ("see this", "")])
def test_a_picture_without_words_is_refused(caption, alt):
    with pytest.raises(ValueError, match=r"caption .* alt"):
        Picture(SVG, caption, alt, 300, 150)


def test_the_page_knows_the_height_before_the_image_is_loaded():
    assert 'width="600" height="300"' in Picture(SVG, "see", "words", 600, 300).markup
    diagram = matrix_shapes([("A", (2, 3))], "A matrix", "see")
    assert f'viewBox="0 -34 {diagram.width} {diagram.height}"' in diagram.drawing


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_chart_has_the_proportions_of_its_image(count):
    chart = bars(dict.fromkeys(range(count), 1.0), "Bars", "value", "see")
    rows, columns, _ = imread(io.BytesIO(chart.drawing)).shape
    assert chart.height == round(chart.width * rows / columns) == 90 + 30 * count


def test_words_are_escaped():
    markup = Picture(SVG, "a < b", 'say "x" & <y>', 300, 150).markup
    assert "a &lt; b" in markup
    assert 'alt="say &quot;x&quot; &amp; &lt;y&gt;"' in markup


def test_a_notebook_gets_html_and_words():
    bundle = Picture(SVG, "see", "what is there", 300, 150)._repr_mimebundle_()
    assert bundle["text/plain"] == "[picture] what is there"
    assert ">see</figcaption>" in bundle["text/html"]


def test_pictures_are_drawn_without_pyplot():
    """pyplot would keep every figure alive and take over the settings of the notebook."""
    code = (
        "import sys; from mlt_nn import plots;"
        "plots.curves([0.0, 1.0], {'y': [0.0, 1.0]}, 'A line', 'x', 'y', 'see');"
        "plots.network_diagram((2, 1), 'A network', 'see');"
        "print('matplotlib.pyplot' in sys.modules, 'matplotlib.figure' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_name_in_the_caption_is_that_of_the_board():
    picture = Picture("<svg/>", "W_1 < -1, in code W_g[1] and A_prev", "alt", 10, 10)
    assert "W<sub>1</sub> &lt; \N{MINUS SIGN}1, in code W<sub>g</sub>[1] and A_prev</figcaption>" in picture.markup
