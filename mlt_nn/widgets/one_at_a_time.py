"""One message of the page at a time, and where the button that interrupts the kernel reaches.

JupyterLab lets a kernel that can (ipykernel 7) answer its widgets beside the cells, in another thread. What one control
says may come in that one, what the next one says in the main one: while a picture was drawn, a control that moved got
none. And only the main thread is interrupted: a function that never ended would keep all widgets waiting for good.

Source: https://github.com/jupyterlab/jupyterlab/pull/17363
"""

import threading
from functools import partial


def one_at_a_time(widget):
    """Answer all that stands in a widget in the main thread where ipykernel (from 7.4) can be told, and everywhere one
    message after the other.
    """
    _give_turns(widget, threading.Lock())


def _give_turns(widget, turn):
    if widget.comm:  # none where there is no kernel
        widget.comm.on_msg(partial(_answer, widget, turn))
        widget.comm._reply_subshell_for = _main_thread
    for part in getattr(widget, "children", ()):
        _give_turns(part, turn)


def _main_thread(_data, _default):
    """The thread that ipykernel is to answer in, in whichever JupyterLab would like it to."""
    return None


def _answer(widget, turn, message):
    with turn:
        widget._handle_msg(message)
