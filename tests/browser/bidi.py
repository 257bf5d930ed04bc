"""A browser driven by the protocol that it speaks itself, WebDriver BiDi.

What is here has the names of Playwright's classes and methods: of these, what `open_notebook`, `Notebook`, `Keyboard`
and the tests use.

Source: https://www.w3.org/TR/webdriver-bidi/
"""

import base64
import contextlib
import itertools
import json
import time
from types import SimpleNamespace

import websocket

# Longer than anything that is waited for in the page.
_SECONDS = 300
_KEYS = {
    **{"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "Backspace": "\ue003"},
    **{"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"},
}


class Browser:
    """A running browser.

    Arguments:
        address: where it listens, "ws://127.0.0.1:<port>/session".
    """

    def __init__(self, address):
        # A page of the web must not drive a browser, so that a connection which says where it comes from is refused.
        self._socket = websocket.create_connection(address, _SECONDS, suppress_origin=True)
        self._numbers = itertools.count()
        self._pages: dict[str, Page] = {}
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])

    def send(self, method, **parameters):
        """Give a command of the protocol and return its result; what happens until then is told to the pages.

        Raises:
            RuntimeError: when the browser refuses it; with its words.
        """
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message["type"] == "event":
                self._tell(message["method"], message["params"])
            elif message["type"] == "error":
                raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
            elif message["id"] == number:
                return message["result"]

    def _tell(self, method, event):
        page = self._pages.get(event.get("source", event).get("context"))
        if page is None:
            return
        if method == "network.beforeRequestSent":
            page.happened("request", SimpleNamespace(url=event["request"]["url"]))
        elif event["type"] == "console":
            page.happened("console", SimpleNamespace(type=event["level"], text=event["text"]))
        elif event["level"] == "error":
            page.happened("pageerror", event["text"])

    def new_page(self):
        """A new tab, in front."""
        context = self.send("browsingContext.create", type="tab")["context"]
        self._pages[context] = Page(self, context)
        return self._pages[context]

    def close(self):
        """End the browser, whatever state it is in."""
        with contextlib.suppress(Exception):
            self.send("browser.close")
        self._socket.close()


class Page:
    """A tab."""

    def __init__(self, browser, context):
        self._browser = browser
        self._context = context
        self._listeners = []
        self.keyboard = SimpleNamespace(press=self._press)
        self.mouse = SimpleNamespace(
            move=self._move, down=lambda: self._button("pointerDown"), up=lambda: self._button("pointerUp")
        )

    def on(self, event, listener):
        self._listeners.append((event, listener))

    def happened(self, event, what):
        """Tell the listeners of this event."""
        for name, listener in self._listeners:
            if name == event:
                listener(what)

    @contextlib.contextmanager
    def expect_event(self, event, predicate=lambda what: True):
        """Wait, at the end of the block, for an event that fits and has come since the block began.

        Raises:
            TimeoutError: when it does not come.
        """
        events: list[object] = []
        self.on(event, events.append)
        yield
        end = time.monotonic() + 60
        while not any(map(predicate, events)):
            if time.monotonic() > end:
                raise TimeoutError(f"no {event} has come")
            self.evaluate("() => new Promise(requestAnimationFrame)")

    def set_viewport_size(self, size):
        self._browser.send("browsingContext.setViewport", context=self._context, viewport=size)

    def goto(self, url):
        self._browser.send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def close(self):
        self._browser.send("browsingContext.close", context=self._context)

    def evaluate(self, function, arg=None):
        """What a function of JavaScript makes of the argument; both go by JSON.

        Raises:
            RuntimeError: with what the function throws.
        """
        answer = self._browser.send(
            "script.callFunction",
            functionDeclaration=f"async arg => JSON.stringify(await ({function})(JSON.parse(arg)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(arg)}],
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for_function(self, function, arg=None, timeout=60_000):
        """Wait until the function gives something true, at most so many milliseconds.

        Raises:
            TimeoutError: when it does not.
        """
        waiting = f"""async arg => {{
            const end = Date.now() + {timeout};
            while (!await ({function})(arg)) {{
                if (Date.now() > end) return false;
                await new Promise(resolve => setTimeout(resolve, 20));
            }}
            return true;
        }}"""
        if not self.evaluate(waiting, arg):
            raise TimeoutError(f"after {timeout} ms this is not so: {function}")

    def screenshot(self, clip):
        """What is seen in a rectangle {"x": ..., "y": ..., "width": ..., "height": ...}: the bytes of a PNG."""
        clip = {"type": "box", **clip}
        shot = self._browser.send("browsingContext.captureScreenshot", context=self._context, clip=clip)
        return base64.b64decode(shot["data"])

    def locator(self, selector):
        return Locator(self, selector)

    def _press(self, key):
        self._act("key", *({"type": kind, "value": _KEYS[key]} for kind in ("keyDown", "keyUp")))

    def _move(self, x, y, steps=1):
        # In one step of a given time, which the browser itself divides.
        self._act("pointer", {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20 * (steps - 1)})

    def _button(self, kind):
        self._act("pointer", {"type": kind, "button": 0})

    def _act(self, kind, *actions):
        source = {"type": kind, "id": kind, "actions": actions}
        self._browser.send("input.performActions", context=self._context, actions=[source])


class Locator:
    """The first element in the page that a selector fits, whenever it is asked for."""

    def __init__(self, page, selector):
        self._page = page
        self._selector = selector

    @property
    def first(self):
        return self

    def locator(self, selector):
        return Locator(self._page, f"{self._selector} {selector}")

    def wait_for(self):
        self._page.wait_for_function("selector => document.querySelector(selector)?.checkVisibility()", self._selector)

    def evaluate(self, function, arg=None):
        call = f"([selector, arg]) => ({function})(document.querySelector(selector), arg)"
        return self._page.evaluate(call, [self._selector, arg])
