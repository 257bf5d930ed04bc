"""A notebook open in JupyterLab: run it, read its outputs, and hear of everything that went wrong on the way."""

import contextlib
import uuid

import nbformat

# A window of a laptop, and higher, so that a whole widget is in sight.
SIZE = {"width": 1200, "height": 1400}
_MINUTE = 60_000
_CODE = "[...jupyterapp.shell.currentWidget.content.model.cells].filter(cell => cell.type === 'code')"


def write_notebook(file, *sources):
    """A notebook of code cells, not run.

    Arguments:
        file: its path, as `pathlib.Path`.
        sources: the text of each cell; or (text, outputs) with outputs as nbformat stores them.
    """
    cells = []
    for source in sources:
        text, outputs = (source, []) if isinstance(source, str) else source
        cells.append(
            nbformat.v4.new_code_cell(text.strip(), outputs=[nbformat.from_dict(output) for output in outputs])
        )
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), file)


@contextlib.contextmanager
def open_lab(browser, server, size=SIZE):
    """JupyterLab in a new page and a new workspace, as `Lab`; the page is closed at the end.

    Arguments:
        browser: from `chromium` or `firefox`.
        server: from `serve`.
        size: of the window in CSS pixels, {"width": ..., "height": ...}.
    """
    page = browser.new_page()
    try:
        page.set_viewport_size(size)
        lab = Lab(page, server.address)
        page.goto(server.url(f"lab/workspaces/{uuid.uuid4().hex}"))
        page.wait_for_function("() => window.jupyterapp", timeout=_MINUTE)
        page.evaluate("async () => { await jupyterapp.restored; jupyterapp.shell.collapseLeft(); }")
        yield lab
    finally:
        page.close()


@contextlib.contextmanager
def open_notebook(browser, server, path, size=SIZE):
    """A notebook in a JupyterLab of its own: see `open_lab` and `Lab.open`."""
    with open_lab(browser, server, size) as lab, lab.open(path) as notebook:
        yield notebook


class Lab:
    """JupyterLab in a page, which takes seconds to load: one notebook after another may be opened in it.

    Arguments:
        page: Playwright's, or in Firefox the one of `browser.bidi`.
        address: the server's; requests to anywhere else are complaints.
    """

    def __init__(self, page, address):
        self._page = page
        self._complaints: list[str] = []
        self._own = (f"{address}/", f"{address.replace('http', 'ws', 1)}/", "data:", "blob:", "about:")
        page.on("pageerror", lambda error: self._complain("page error", getattr(error, "stack", None) or error))
        page.on("console", self._printed)
        page.on("request", self._requested)

    @contextlib.contextmanager
    def open(self, path):
        """A notebook, not yet run, as `Notebook`; after the block its kernel is ended, and all is closed that is open.

        Arguments:
            path: below the server's root, with forward slashes.
        """
        # A path in the URL races with the start of JupyterLab; the command does not.
        self._page.evaluate(
            """async (path) => {
                const opened = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
                await opened.context.ready;
                await opened.sessionContext.ready;
            }""",
            path,
        )
        try:
            yield Notebook(self._page, self._complaints)
        finally:
            with contextlib.suppress(Exception):  # whatever has happened to it, what is told is what happened before
                self._page.evaluate(
                    """async () => {
                        for (const opened of [...jupyterapp.shell.widgets('main')]) {
                            await opened.sessionContext?.shutdown().catch(() => {});
                            opened.dispose();
                        }
                    }"""
                )
            self._complaints = []

    def _complain(self, kind, what):
        self._complaints.append(f"{kind}: {what}")

    def _printed(self, line):
        if line.type == "error":
            self._complain("console", line.text)

    def _requested(self, request):
        if not request.url.startswith(self._own):
            self._complain("request to the outside", request.url)


class Notebook:
    """A notebook open in the browser; what went wrong on the way is collected in `complaints`.

    `page` is Playwright's, or in Firefox the one of `browser.bidi`.
    """

    def __init__(self, page, complaints):
        self.page = page
        self.complaints = complaints

    def run_all(self, seconds=180):
        """Run all cells and wait until the kernel has answered the last one, or one has failed.

        Raises:
            TimeoutError: when that takes longer than so many seconds.
        """
        in_time = self.page.evaluate(
            """milliseconds => Promise.race([
                jupyterapp.commands.execute('notebook:run-all-cells').then(() => true),
                new Promise(resolve => setTimeout(resolve, milliseconds, false)),
            ])""",
            1000 * seconds,
        )
        if not in_time:
            raise TimeoutError(f"the notebook was still running after {seconds} seconds")
        self.page.wait_for_function(
            f"""() => {{
                const cells = {_CODE};
                const failed = cells.some(cell => cell.outputs.toJSON().some(output => output.output_type === 'error'));
                const idle = jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle';
                return cells.length && idle && (failed || cells.every(cell => cell.executionCount !== null));
            }}""",
            timeout=_MINUTE,
        )

    def outputs(self):
        """For each code cell: its source and its outputs as nbformat stores them."""
        return self.page.evaluate(f"() => {_CODE}.map(cell => [cell.sharedModel.source, cell.outputs.toJSON()])")

    def errors(self):
        """The outputs that are errors."""
        return [output for _, outputs in self.outputs() for output in outputs if output["output_type"] == "error"]

    def show_cell(self, part):
        """Scroll to the code cell whose source holds this text and return it, as a `Locator` of the page.

        Cells out of sight are not drawn, and not in the page.
        """
        position = self.page.evaluate(
            """async (part) => {
                const {content} = jupyterapp.shell.currentWidget;
                const position = content.widgets.findIndex(cell => cell.model.sharedModel.source.includes(part));
                if (position >= 0) {
                    content.activeCellIndex = position;
                    await content.scrollToItem(position, 'start');
                }
                return position;
            }""",
            part,
        )
        if position < 0:
            raise ValueError(f"no cell holds {part!r}")
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{position}"]')

    def show_all(self):
        """Draw all cells, also those out of sight, and wait for their widgets.

        Returns how many widgets of the course there are.
        """
        return self.page.evaluate(
            """async () => {
                const {content} = jupyterapp.shell.currentWidget;
                content.notebookConfig = {...content.notebookConfig, windowingMode: 'none'};
                const kinds = ['[interactive]', '[question]'];
                const expected = [...content.model.cells].flatMap(cell => cell.outputs?.toJSON() ?? []).filter(
                    output => kinds.some(kind => [output.data?.['text/plain'] ?? ''].flat().join('').startsWith(kind)));
                const shown = () => content.node.querySelectorAll('.mlt-nn-controls[role=group] [role=status]').length;
                const end = Date.now() + 60_000;
                while (shown() < expected.length) {
                    if (Date.now() > end) throw Error(`${shown()} of ${expected.length} widgets are drawn`);
                    await new Promise(requestAnimationFrame);
                }
                return expected.length;
            }"""
        )

    def set_theme(self, name):
        """Change the colors of JupyterLab: "JupyterLab Light" or "JupyterLab Dark"."""
        self.page.evaluate(
            """async (theme) => {
                await jupyterapp.commands.execute('apputils:change-theme', {theme});
                const dark = String(theme.includes('Dark'));
                // JupyterLab's own screen for it goes later; with another change before that it is removed twice.
                while (document.body.dataset.jpThemeLight === dark || document.getElementById('jupyterlab-splash'))
                    await new Promise(requestAnimationFrame);
            }""",
            name,
        )
