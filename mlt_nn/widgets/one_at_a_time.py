"""One message of the page at a time.

JupyterLab lets a kernel that can (ipykernel 7) answer its widgets beside the cells, and what one control says may come
in another thread than what the next one says: while a picture was drawn, a control that moved would get no picture.

Source: https://github.com/jupyterlab/jupyterlab/pull/17363
"""

import threading
from functools import partial

_TURN = threading.Lock()


def one_at_a_time(widget):
    """Let a widget and all that stands in it wait for their turn, and no message is answered beside another one."""
    if widget.comm:  # none where there is no kernel
        widget.comm.on_msg(partial(_answer, widget))
    for part in getattr(widget, "children", ()):
        one_at_a_time(part)


def _answer(widget, message):
    with _TURN:
        widget._handle_msg(message)
