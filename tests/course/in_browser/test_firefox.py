"""Each widget in Firefox: by keyboard, and to the eye."""

import time

import pytest
from browser import EXAMPLES, Keyboard, write_notebook

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def notebook(firefox_lab, server):
    """All widgets in one notebook, run."""
    write_notebook(server.root / "firefox.ipynb", *EXAMPLES.values())
    with firefox_lab.open("firefox.ipynb") as notebook:
        notebook.run_all()
        assert not notebook.errors()
        yield notebook
        assert not notebook.complaints


@pytest.fixture(params=EXAMPLES)
def name(request):
    return request.param


@pytest.fixture
def keyboard(notebook, name):
    return Keyboard(notebook, notebook.show_cell(f"\n{name}("))


def picture(keyboard, other_than=None):
    """The pixels of the picture as they are on the screen; a busy computer paints another one long after."""
    end = time.monotonic() + 60
    while (seen := _picture(keyboard)) == other_than and time.monotonic() < end:
        pass
    return seen


def _picture(keyboard):
    box = keyboard.output.evaluate(
        """async output => {
            for (;;) {
                const image = output.querySelector('figure img');
                image.scrollIntoView({block: 'center'});
                await image.decode().catch(() => {});
                // The first comes before the picture is painted, the second after it.
                for (let frames = 2; frames; frames--) await new Promise(requestAnimationFrame);
                const {x, y, width, height} = image.getBoundingClientRect();
                if (width) return {x, y, width, height};  // else another has taken its place meanwhile
            }
        }"""
    )
    return keyboard.page.screenshot(clip=box)


def test_every_control_is_moved_by_keys_and_shows_another_picture_to_the_eye(keyboard, name, moved_controls):
    if name == "two_weights":
        # The learning rate is seen in the last step only.
        keyboard.output.evaluate(
            """output => {
                const update = [...output.querySelectorAll('option')].find(option => option.text === 'update');
                const step = update.parentElement;
                step.selectedIndex = update.index;
                step.dispatchEvent(new Event('change', {bubbles: true}));
            }"""
        )
        keyboard.output.locator("figure img[alt^='4. Update']").wait_for()
    assert picture(keyboard) == picture(keyboard)
    seen = []
    for control in moved_controls(keyboard):
        # Before this one is moved.
        seen.append((control, picture(keyboard, _unwanted(seen))))
    assert len(seen) == keyboard.count()
    after = [*(before for _, before in seen[1:]), picture(keyboard, _unwanted(seen))]
    unmoved = [control for (control, before), now in zip(seen, after, strict=True) if now == before and _shows(control)]
    assert unmoved == []


def _shows(control):
    """Whether another picture is seen when it is moved: a preset may be in force, a box ticked change nothing here."""
    return not control.is_preset and control.role != "checkbox"


def _unwanted(seen):
    """The picture before the control that was moved last, unless it may stay."""
    return seen[-1][1] if seen and _shows(seen[-1][0]) else None
