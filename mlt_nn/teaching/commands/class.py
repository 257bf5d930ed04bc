"""`mlt-nn class`: the class in your browser: who did what, each mistake with who made it, the code, and marks by hand.

The pages are shown to this computer alone, and to whoever has the address with its token. End it with Ctrl-C.

examples:
  python3 -m mlt_nn class                       the class of the folder grades
  python3 -m mlt_nn class grades --no-browser   only print the address to open
"""

# The command has this name, which no import statement can say.
# ruff: noqa: N999

import asyncio
import contextlib
import signal
import tempfile
import threading
import webbrowser
from html import escape
from pathlib import Path

from mlt_nn.cli import CommandError
from mlt_nn.cli.lab import SNAPS


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("grades"), help="where the grades are (default: grades)"
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address in place of opening a browser")


def execute(options):
    """Serve until it is interrupted; returns 0."""
    from mlt_nn.teaching.classroom.term import existing

    try:
        with existing(options.folder) as term:
            asyncio.run(_serve(options, term))
    except OSError as error:
        raise CommandError(str(error)) from error
    return 0


async def _serve(options, term):
    from mlt_nn.teaching.view import server

    view = server.View(options.folder, term)
    serving, address = server.start(view)
    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # on Windows, where Ctrl-C ends asyncio.run by itself
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    print(f"The class is at\n    {address}\nEnd it with Ctrl-C here.", flush=True)
    with tempfile.TemporaryDirectory() as private:
        if not options.no_browser:
            # Some browsers are waited for until they are closed, and must not keep this from serving, or ending.
            page = _kept_private(Path(private), address)
            threading.Thread(target=webbrowser.open, args=(page,), daemon=True).start()
        try:
            await ended.wait()
        finally:
            await server.stop(serving, view)


def _kept_private(folder, address):
    """The address of a file that leads to an address, so that no list of this computer's programs tells the token."""
    if SNAPS.is_dir():
        return address  # a browser that is a snap may not read the file
    file = folder / "class.html"
    file.write_text(f'<meta http-equiv="refresh" content="0; url={escape(address)}">', encoding="utf-8")
    return file.as_uri()
