"""Each widget in a real browser: by keyboard, by ear, in the dark theme, zoomed, and as the still picture in a file."""

import html
import io
import re

import numpy as np
import pytest
from browser import EXAMPLES, Keyboard, open_notebook, write_notebook
from browser.page import SIZE
from matplotlib.image import imread

from mlt_nn.support.colors import contrast

pytestmark = pytest.mark.thorough

UNWRITTEN = """
from mlt_nn.widgets import layer_sizes
def count_parameters(sizes):
    raise NotImplementedError("network.count_parameters is not written yet")
layer_sizes(count_parameters)
"""
# After its third move.
ENDLESS = """
from mlt_nn.network import count_parameters as solved
from mlt_nn.widgets import layer_sizes
def count_parameters(sizes):
    while sizes[0] == 787:
        pass
    return solved(sizes)
layer_sizes(count_parameters)
"""
LIVE = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def notebook(chromium_lab, server):
    """All widgets in one notebook, run."""
    write_notebook(server.root / "widgets.ipynb", *EXAMPLES.values(), UNWRITTEN)
    with chromium_lab.open("widgets.ipynb") as notebook:
        notebook.run_all()
        assert not notebook.errors()
        yield notebook
        assert not notebook.complaints


def cell_of(notebook, name):
    cell = notebook.show_cell(f"\n{name}(")
    cell.locator("figure img").first.wait_for()
    return cell


def output_of(notebook, name):
    return cell_of(notebook, name).locator(".jp-OutputArea-output")


@pytest.fixture(params=EXAMPLES)
def name(request):
    return request.param


def test_every_slider_is_named_and_every_field_knows_its_ends_before_anybody_touches_them(notebook, name):
    output = output_of(notebook, name).first
    output.locator("[role=status]").wait_for()
    handles = output.locator(".noUi-handle").all()
    names = [handle.get_attribute("aria-label") for handle in handles]
    assert all(names), names
    assert len(set(names)) == len(names)
    for field in output.get_by_role("spinbutton").all():
        assert float(field.get_attribute("min")) < float(field.get_attribute("max"))
    for group in output.locator(".widget-radio-box").all():
        (shared,) = set(group.locator("input").evaluate_all("inputs => inputs.map(input => input.name)"))
        assert shared


def test_every_slider_says_its_value_and_every_group_its_name(notebook, name):
    output = output_of(notebook, name).first
    output.locator("[role=status]").wait_for()
    assert output.locator(".mlt-nn-controls[role=group]").get_attribute("aria-label")
    for group in output.locator(".widget-radio-box").all():
        assert group.get_attribute("role") == "radiogroup"
        assert group.get_attribute("aria-label")
    for handle in output.locator(".noUi-handle").all():
        # What the field or the list beside it says; without one, what would stand beside it.
        twin = handle.evaluate(
            """handle => {
                const slider = handle.closest('.widget-slider');
                const beside = slider.parentElement.querySelector('input, select');
                return beside?.selectedOptions?.[0].text ?? beside?.value
                    ?? slider.querySelector('.widget-readout').textContent;
            }"""
        )
        assert handle.get_attribute("aria-valuetext") == twin.replace("-", "\N{MINUS SIGN}")


def test_a_slider_on_powers_of_ten_says_the_number_while_it_is_moved_and_when_it_was_typed(notebook):
    from playwright.sync_api import expect

    output = output_of(notebook, "learning_rate").first
    handle = output.get_by_role("slider", name="learning rate")
    field = output.get_by_role("spinbutton", name="learning rate")
    field.fill("0.01")
    field.press("Enter")
    output.locator(".noUi-handle[aria-valuetext='0.01']").wait_for()
    handle.focus()
    # At once, without the kernel.
    said = handle.evaluate(
        """async handle => {
            handle.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
            await null;
            return handle.ariaValueText;
        }"""
    )
    assert said == "0.03"
    expect(field).to_have_value("0.03")
    field.fill("0.025")
    field.press("Enter")
    output.locator(".noUi-handle[aria-valuetext='0.025']").wait_for()


def test_the_arrow_keys_take_the_steps_of_the_slider_in_a_field_for_powers_of_ten(notebook):
    from playwright.sync_api import expect

    output = output_of(notebook, "learning_rate").first
    field = output.get_by_role("spinbutton", name="learning rate")
    field.fill("0.01")
    field.press("Enter")
    output.locator(".noUi-handle[aria-valuetext='0.01']").wait_for()
    for key, value in (("ArrowUp", "0.03"), ("ArrowUp", "0.1"), ("ArrowDown", "0.03"), ("ArrowDown", "0.01")):
        field.press(key)
        expect(field).to_have_value(value)


def in_light_and_dark(notebook, seen):
    """What is seen in the light theme, and in the dark one."""
    light = seen()
    notebook.set_theme("JupyterLab Dark")
    try:
        return light, seen()
    finally:
        notebook.set_theme("JupyterLab Light")


def test_the_focus_is_seen(notebook):
    def seen():
        return {name: Keyboard(notebook, cell_of(notebook, name)).each_focused(RING) for name in EXAMPLES}

    light, dark = in_light_and_dark(notebook, seen)
    for name in EXAMPLES:
        assert len(light[name]) == len(dark[name]) == Keyboard(notebook, cell_of(notebook, name)).count() > 0
        for control, style, width, color, ground in light[name] + dark[name]:
            assert (style, width) == ("solid", "2px"), (name, control)
            # 3 is what the guidelines ask for (1.4.11).
            assert contrast(color, ground) >= 3, (name, control)
    assert {ring[-1] for rings in light.values() for ring in rings} == {"#ffffff"}
    assert "#ffffff" not in {ring[-1] for rings in dark.values() for ring in rings}


COLOR = """const hex = color => '#' + color.match(/[\\d.]+/g).slice(0, 3)
    .map(part => Math.round(part).toString(16).padStart(2, '0')).join('');"""
RING = f"""control => {{
    {COLOR}
    const {{outlineStyle, outlineWidth, outlineColor}} = getComputedStyle(document.activeElement);
    const ground = getComputedStyle(document.querySelector('.jp-NotebookPanel-notebook')).backgroundColor;
    return [control.outerHTML.slice(0, 200), outlineStyle, outlineWidth, hex(outlineColor), hex(ground)];
}}"""


def pixels(notebook, box):
    """What is on the screen there, shape (rows, columns, 3), from 0 to 1."""
    return imread(io.BytesIO(notebook.page.screenshot(clip=box)))[:, :, :3]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tracks_handles_and_buttons_are_seen_in_the_colors_of_the_system(notebook, scheme):
    notebook.page.emulate_media(forced_colors="active", color_scheme=scheme)
    try:
        for name, selector in (
            ("learning_rate", ".noUi-target"), ("learning_rate", ".noUi-handle"), ("learning_rate", "button"),
        ):  # fmt: skip
            output = output_of(notebook, name).first
            part = output.locator(selector).first
            part.scroll_into_view_if_needed()
            box, track, handle = (
                each.bounding_box()
                for each in (part, output.locator(".noUi-target").first, output.locator(".noUi-handle").first)
            )
            # Down through it, from outside, where no handle lies on the track.
            is_left = handle["x"] + handle["width"] / 2 < track["x"] + track["width"] / 2
            strip = {
                "x": box["x"] + box["width"] * (0.75 if is_left else 0.25),
                "y": box["y"] - 4,
                "width": 1,
                "height": box["height"] + 8,
            }
            column = pixels(notebook, strip)[:, 0]
            assert np.abs(column - column[0]).max() > 0.4, selector
    finally:
        notebook.page.emulate_media(forced_colors="none", color_scheme="light")


def test_a_picture_follows_the_theme_and_keeps_its_colors(notebook):
    def seen():
        image = output_of(notebook, "one_neuron").first.locator("figure img")
        image.scroll_into_view_if_needed()
        before, now = None, pixels(notebook, image.bounding_box())
        while before is None or not np.array_equal(before, now):  # a theme comes in gradually
            before, now = now, pixels(notebook, image.bounding_box())
        return now

    light, dark = in_light_and_dark(notebook, seen)
    assert light[2, 2].min() > 0.99
    assert dark[2, 2].max() < 0.1
    # Blue stays blue, and orange orange.
    difference = light[:, :, 2] - light[:, :, 0]
    for colored in (difference > 0.5, difference < -0.5):
        assert colored.sum() > 100
        assert (np.sign(dark[:, :, 2] - dark[:, :, 0]) == np.sign(difference))[colored].all()


def test_every_control_is_reached_named_and_moved_by_keys(notebook, name, moved_controls):
    keyboard = Keyboard(notebook, cell_of(notebook, name))
    if name == "two_weights":
        # The learning rate is seen in the last step only.
        keyboard.output.get_by_role("combobox", name="step").select_option("update")
        keyboard.output.locator("figure img[alt^='4. Update']").wait_for()
    names = []
    for control in moved_controls(keyboard):
        names.append(keyboard.announced())
        assert names[-1][0] == control.role
    assert len(names) == keyboard.count()
    assert all(said for _, said in names), names
    assert len(set(names)) == len(names), names


def test_every_button_on_top_shows_another_case_in_the_same_space(notebook, name):
    keyboard = Keyboard(notebook, cell_of(notebook, name))
    height, seen = keyboard.height(), []
    buttons = keyboard.output.locator(".mlt-nn-controls > :first-child > button").all()
    if name == "wiggle_and_multiply":
        # Otherwise there may be no way back that could be forgotten, or none left to go.
        for words in ("forget the way back", "steps back: one more"):
            keyboard.output.get_by_role("button", name=words).click()
    # The first one may be what is shown already.
    for first in buttons[:1]:
        first.click()
        keyboard.wait_for_rest()
    for button in [*buttons[1:], *buttons[:1]]:
        before = keyboard.said()
        button.focus()
        notebook.page.keyboard.press("Enter")
        seen.append(keyboard.wait_for_change(before))
        assert keyboard.height() == height, button.inner_text()
    assert len(set(seen)) == len(buttons)


def test_a_link_in_the_sentence_is_reached_by_tab_and_sets_the_slider(notebook):
    keyboard = Keyboard(notebook, cell_of(notebook, "learning_rate"))
    reached = {keyboard.announced()[1]: keyboard.page.evaluate(LOOK) for _ in keyboard.controls()}
    decoration, focus = reached["one step with 0.1"]
    assert decoration == "underline"
    assert focus != "none"
    before = keyboard.said()
    keyboard.output.get_by_role("button", name="one step with 0.1").focus()
    notebook.page.keyboard.press("Enter")
    picture, status = keyboard.wait_for_change(before)
    assert "goes in 1 step from (-0.5, 1) to (0.1, 0.7)" in picture
    assert status.startswith("Learning rate 0.1.")
    assert keyboard.output.get_by_role("spinbutton", name="learning rate").input_value() == "0.1"


def test_a_picture_is_dragged_with_the_mouse_and_sets_the_controls(notebook):
    keyboard = Keyboard(notebook, cell_of(notebook, "map_of_lines"))
    mouse, before = notebook.page.mouse, keyboard.said()
    image = keyboard.output.locator("figure img")
    image.scroll_into_view_if_needed()
    frame = image.bounding_box()
    mouse.move(frame["x"] + 500, frame["y"] + 80)
    mouse.down()
    mouse.move(frame["x"] + 557, frame["y"] + 181, steps=5)  # the middle of the map
    mouse.up()
    keyboard.output.locator("figure img[alt*='it is the point (0, 0)']").wait_for()
    assert keyboard.wait_for_change(before)[1].startswith("The line 0 x + 0, loss ")
    assert keyboard.output.get_by_role("spinbutton", name="w", exact=True).input_value() == "0"
    mouse.move(frame["x"] + 500, frame["y"] + 80)  # let go: nothing follows any more
    keyboard.output.get_by_role("spinbutton", name="b", exact=True).press("ArrowUp")
    keyboard.output.locator("figure img[alt*='it is the point (0, 0.1)']").wait_for()


@pytest.mark.parametrize(
    ("name", "preset", "way", "field", "value"),
    [
        ("learning_rate", "back to the start", (100, 100, 204, 188), "start w1", "0"),  # the middle of the map
        ("start_values", "a constant", (200, 100, 83, 301), "push 1 by w1", "-2.5"),  # from 0.5 to -2
    ],
)
def test_the_start_of_a_training_is_dragged(notebook, name, preset, way, field, value):
    from playwright.sync_api import expect

    keyboard = Keyboard(notebook, cell_of(notebook, name))
    output, mouse = keyboard.output, notebook.page.mouse
    output.get_by_role("button", name=preset, exact=True).click()
    keyboard.wait_for_rest()
    image = output.locator("figure img")
    image.scroll_into_view_if_needed()
    frame = image.bounding_box()
    for act, (x, y) in ((mouse.down, way[:2]), (mouse.up, way[2:])):
        mouse.move(frame["x"] + x, frame["y"] + y, steps=5)
        act()
    expect(output.get_by_role("spinbutton", name=field)).to_have_value(value)


def test_controls_picture_and_status_are_seen_together_on_a_laptop(notebook):
    # Once for all: JupyterLab, which draws the cells in sight alone, loses one at times when its window changes.
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    try:
        height = "output => output.getBoundingClientRect().height"
        heights = {name: output_of(notebook, name).first.evaluate(height) for name in EXAMPLES}
    finally:
        notebook.page.set_viewport_size(SIZE)
    assert {name: height for name, height in heights.items() if height > 562} == {}


def test_letters_are_large_enough_in_a_narrow_window(notebook, name):
    smallest, width = output_of(notebook, name).first.locator("figure img").evaluate(LETTERS)
    # In a window of 1000 pixels with the file browser open a picture has 564.
    assert smallest * min(564 / width, 1) > 11


# The size of the smallest letters of a picture, and its width, in its own pixels.
LETTERS = """image => {
    const svg = new DOMParser().parseFromString(atob(image.src.split(',')[1]), 'image/svg+xml');
    return [Math.min(...[...svg.querySelectorAll('text')].filter(text => text.textContent)
        .map(text => text.getAttribute('font-size'))), image.width];
}"""


def test_a_curve_is_drawn_with_the_mouse_or_by_keys_and_then_compared(notebook):
    keyboard = Keyboard(notebook, cell_of(notebook, "draw_your_guess"))
    again, show = keyboard.output.locator(".mlt-nn-controls > :first-child > button").all()
    image = keyboard.output.locator("figure img")
    show.click()
    again.click()
    keyboard.output.get_by_text("Draw the rest.").wait_for()
    mouse = notebook.page.mouse
    image.scroll_into_view_if_needed()
    frame = image.bounding_box()
    mouse.move(frame["x"] + 150, frame["y"] + 100)
    mouse.down()
    mouse.move(frame["x"] + 500, frame["y"] + 200, steps=20)
    mouse.up()
    keyboard.output.locator("figure img[alt*='Yours: 80 at 1, ']").wait_for()
    keyboard.wait_for_rest()  # the kernel still follows the stroke, and would undo what the key does
    handle = keyboard.output.get_by_role("slider", name="epoch 128")
    handle.focus()
    notebook.page.keyboard.press("Home")  # the lower end
    keyboard.output.get_by_text("You drew 0.1 at epoch 128.").wait_for()
    drawn = image.get_attribute("alt").partition("Yours: ")[2].rstrip(".").split(", ")
    heights = [float(point.split(" at ")[0]) for point in drawn]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 8
    assert "easured" not in image.get_attribute("alt")
    show.click()
    keyboard.output.locator("figure img[alt*='Measured: 80 at 1, 40 at 2, ']").wait_for()
    assert keyboard.said()[1].startswith("It falls, as you drew it. ")
    again.click()
    keyboard.output.get_by_text("Draw the rest.").wait_for()


@pytest.mark.parametrize(
    ("name", "way", "field", "value"),
    [
        ("one_neuron", (457, 207, 499, 207), "b", "-1"),  # the line, half a unit to the right
        ("one_neuron", (114, 102, 164, 102), "w₁", "3"),  # the label of an edge
        ("one_neuron", (415, 207, 457, 207), "its a₁", "0.5"),  # a point
        ("activations", (300, 100, 318, 60), "z", "0"),
        ("two_weights", (117, 66, 167, 66), "w1", "2.5"),
    ],
)
def test_what_looks_movable_is_dragged(notebook, name, way, field, value):
    from playwright.sync_api import expect

    keyboard = Keyboard(notebook, cell_of(notebook, name))
    keyboard.output.locator(".mlt-nn-controls > :first-child > button").first.click()
    for start, number in {"w₁": "1", "w₂": "1", "b": "-0.5"}.items() if name == "one_neuron" else ():
        typed = keyboard.output.get_by_role("spinbutton", name=start, exact=True)
        typed.fill(number)
        typed.press("Enter")
    # The picture is made anew until the kernel has answered all that was asked before this.
    notebook.page.evaluate(
        "async () => { await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo(); }"
    )
    image = keyboard.output.locator("figure img")
    image.scroll_into_view_if_needed()
    frame, mouse = image.bounding_box(), notebook.page.mouse
    x0, y0, x, y = way
    mouse.move(frame["x"] + x0, frame["y"] + y0)
    mouse.down()
    mouse.move(frame["x"] + x, frame["y"] + y, steps=5)
    mouse.up()
    expect(keyboard.output.get_by_role("spinbutton", name=field, exact=True)).to_have_value(value)


@pytest.mark.parametrize(
    ("name", "target", "way", "seen"),
    [
        ("map_of_lines", "figure img", (500, 80, 557, 181), r"it is the point \(0, 0\)"),
        ("two_weights", "figure img", (117, 66, 167, 66), "w1 = 2.5"),  # held, and moved by as much
        ("draw_your_guess", "figure img", (150, 100, 500, 200), "Yours: 80 at 1, "),
        ("handwriting", ".mlt-nn-drawing svg", (120, 60, 120, 180), "^Your drawing"),
        ("gradient_flow", ".noUi-handle", (8, 8, 400, 8), "layer 11: "),
    ],
)
def test_everything_that_is_dragged_follows_a_finger(notebook, name, target, way, seen):
    from playwright.sync_api import expect

    keyboard = Keyboard(notebook, cell_of(notebook, name))
    keyboard.output.locator(".mlt-nn-controls > :first-child > button").first.click()
    keyboard.wait_for_rest()
    image = keyboard.output.locator("figure img")
    expect(image).not_to_have_attribute("alt", re.compile(seen))
    dragged = keyboard.output.locator(target).first
    dragged.scroll_into_view_if_needed()
    frame = dragged.bounding_box()
    touch = notebook.page.context.new_cdp_session(notebook.page)
    for k, (x, y) in enumerate(np.linspace(way[:2], way[2:], 6)):
        finger = {"x": frame["x"] + x, "y": frame["y"] + y}
        kind = "touchMove" if k else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(image).to_have_attribute("alt", re.compile(seen))


LOOK = """() => {
    const style = getComputedStyle(document.activeElement);
    return [style.textDecorationLine, style.outlineStyle];
}"""


def test_a_number_typed_beyond_the_end_of_a_slider_is_set_to_it_and_said_so(notebook):
    from playwright.sync_api import expect

    keyboard = Keyboard(notebook, cell_of(notebook, "one_neuron"))
    field = keyboard.output.get_by_role("spinbutton", name="b", exact=True)
    for _ in range(2):  # the second time the value is the end already
        field.fill("12")
        field.press("Enter")
        keyboard.output.get_by_text("b goes from -5 to 5 here, so 12 became 5.", exact=True).wait_for()
        expect(field).to_have_value("5")
    assert (field.get_attribute("min"), field.get_attribute("max")) == ("-5", "5")
    before = keyboard.said()
    field.press("ArrowUp")  # stops at the end by itself
    field.press("ArrowDown")
    assert "became" not in keyboard.wait_for_change(before)[1]
    expect(field).to_have_value("4.9")


def test_the_words_can_be_read_in_the_dark_theme(notebook):
    notebook.set_theme("JupyterLab Dark")
    try:
        pale = {name: output_of(notebook, name).evaluate(CONTRASTS) for name in EXAMPLES}
    finally:
        notebook.set_theme("JupyterLab Light")
    assert all(len(words) >= 3 for words in pale.values())
    # 4.5 is what the Web Content Accessibility Guidelines ask for (1.4.3).
    assert {name: [said for said, contrast in words if contrast < 4.5] for name, words in pale.items()} == {
        name: [] for name in EXAMPLES
    }


# Of each element with words of its own: the words, and the contrast of their color with the ground behind them.
CONTRASTS = """output => {
    const numbers = color => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
    const ground = element => {
        for (; element; element = element.parentElement) {
            const [r, g, b, alpha = 1] = numbers(getComputedStyle(element).backgroundColor);
            if (alpha > 0.99) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const spoken = element => element.value ?? [...element.childNodes]
        .filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join('').trim();
    return [...output.querySelectorAll('*')]
        .filter(element => element.checkVisibility({visibilityProperty: true}) && spoken(element))
        .map(element => {
            const pair = [numbers(getComputedStyle(element).color), ground(element)].map(luminance);
            return [spoken(element), (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)];
        });
}"""


def test_nothing_is_cut_off_at_a_zoom_of_200_percent(notebook):
    # To the page, a window zoomed to 200 % is one with half as many CSS pixels.
    notebook.page.set_viewport_size({side: pixels // 2 for side, pixels in SIZE.items()})
    try:
        cut_off = {name: output_of(notebook, name).evaluate(CUT_OFF) for name in EXAMPLES}
    finally:
        notebook.page.set_viewport_size(SIZE)
    assert cut_off == {name: [] for name in EXAMPLES}


# What reaches beyond the window, or holds more than it shows.
CUT_OFF = """output => [...output.querySelectorAll('*')]
    .filter(element => element.checkVisibility({visibilityProperty: true}) && !element.closest('.noUi-target'))
    .filter(element => element.getBoundingClientRect().right > output.getBoundingClientRect().right + 1
        || getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
    .map(element => `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`)"""


def test_a_function_not_written_yet_is_named_in_the_place_of_the_picture(notebook):
    cell = notebook.show_cell("is not written yet")
    cell.get_by_role("alert").wait_for()
    assert "network.count_parameters is not written yet" in cell.get_by_role("alert").inner_text()
    assert cell.locator("figure img").count() == 0


def test_a_function_that_never_ends_is_interrupted_and_named(browser, server):
    write_notebook(server.root / "endless.ipynb", ENDLESS)
    with open_notebook(browser, server, "endless.ipynb") as notebook:
        notebook.run_all()
        keyboard = Keyboard(notebook, notebook.show_cell("layer_sizes("))
        field = keyboard.output.get_by_role("spinbutton", name="inputs")
        for _ in range(2):
            before = keyboard.said()
            field.press("ArrowUp")
            keyboard.wait_for_change(before)
        field.press("ArrowUp")
        kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        notebook.page.wait_for_function(f"() => {kernel}.status === 'busy'")
        notebook.page.evaluate(f"() => {kernel}.interrupt()")
        alert = keyboard.output.get_by_role("alert")
        alert.wait_for()
        assert alert.inner_text().startswith("Your function count_parameters was interrupted at `")
        assert not notebook.complaints


def test_a_notebook_not_run_and_not_trusted_shows_the_still_pictures(notebook, browser, server):
    # As it is published: with outputs, and without live widgets.
    cells = notebook.outputs()
    for _, outputs in cells:
        for output in outputs:
            del output["data"][LIVE]
    write_notebook(server.root / "stored.ipynb", *cells)
    # In a page of its own, for the other notebook stays open.
    with open_notebook(browser, server, "stored.ipynb") as untouched:
        assert not untouched.page.evaluate(
            "() => [...jupyterapp.shell.currentWidget.content.model.cells].some(cell => cell.trusted)"
        )
        for name, (_, outputs) in zip(EXAMPLES, cells, strict=False):
            still = outputs[0]["data"]["text/html"]
            images = cell_of(untouched, name).locator("figure img").all()
            assert len(images) == still.count("<img")
            for image in images:
                assert image.is_visible()
                assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
                assert f'alt="{html.escape(image.get_attribute("alt"))}"' in still
        assert not untouched.complaints
