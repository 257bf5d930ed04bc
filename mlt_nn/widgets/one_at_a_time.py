"""One message of the page at a time.

JupyterLab lets a kernel that can (ipykernel 7) answer its widgets beside the cells, and what one control says may come
in another thread than what the next one says: while a picture was drawn, a control that moved would get no picture.

Source: https://github.com/jupyterlab/jupyterlab/pull/17363
"""

import threading
from functools import partial


def one_at_a_time(widget):
    """Let all that stands in a widget wait for its turn: no message to it is answered beside another one.

    Each widget has turns of its own, so that one whose function never ends keeps no other one waiting.
    """
    _give_turns(widget, threading.Lock())


def _give_turns(widget, turn):
    if widget.comm:  # none where there is no kernel
        widget.comm.on_msg(partial(_answer, widget, turn))
    for part in getattr(widget, "children", ()):
        _give_turns(part, turn)


def _answer(widget, turn, message):
    with turn:
        widget._handle_msg(message)
