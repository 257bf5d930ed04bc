"""The server of the view: for this computer alone, and for whoever has the token in its address."""

import asyncio
import hmac
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

import tornado.web
from markupsafe import Markup
from tornado.httpserver import HTTPServer

from mlt_nn.support.assignments import assignments
from mlt_nn.teaching.classroom import by_hand
from mlt_nn.teaching.classroom.tally import mistake as mistake_of
from mlt_nn.teaching.classroom.term import Term
from mlt_nn.teaching.pages import page
from mlt_nn.teaching.view import code
from mlt_nn.teaching.view.overview import Overview

HOST = "127.0.0.1"
PORT = 8899
"""Taken if it is free, so that a tunnel to a computer far away can be told of it beforehand."""
# Another name is one that somebody else's site has given this computer (DNS rebinding).
_NAMES = (HOST, "localhost")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Of the class, and of those who made a mistake, so many are on a page.
_ROWS, _WHO = 100, 20
_GIVEN = ("exercise", "points", "reason", "comment")


class View:
    """The class as it is now, and the term that it is read from.

    Arguments:
        folder: the Path of the grades.
        term: its Term, of this thread.
    """

    def __init__(self, folder, term):
        self.folder, self.term = folder, term
        self.told: dict[str, str] = {}
        """What is said at the top of a student's page when it is shown next."""
        self._known: dict[str, tuple] = {}
        self._writer = ThreadPoolExecutor(1)

    def assignments(self):
        """Those of the course that are graded, by their names."""
        graded = self.term.assignments()
        return {each.name: each for each in assignments() if each.name in graded}

    def overview(self, assignment):
        """The Overview of an assignment; it is made anew when something has changed."""
        version = self.term.version(assignment)
        if self._known.get(assignment.name, (None,))[0] != version:
            self._known[assignment.name] = version, Overview(assignment, self.term.records(assignment))
        return self._known[assignment.name][1]

    def files(self, record):
        """{module: bytes} of what a student handed in, as far as the term has it."""
        found = {
            each["name"].removesuffix(".py"): self.term.file(each["sha256"])
            for each in (record.grade.files if record.grade else ())
        }
        return {module: data for module, data in found.items() if data is not None}

    async def write_pages(self, assignment, student):
        """Write what is given back of a student anew; returns what there is to say of it."""

        def write():
            with Term(self.folder) as term:
                return by_hand.write_pages(term, self.folder, assignment, student)

        return await asyncio.get_running_loop().run_in_executor(self._writer, write)

    def close(self):
        """Wait until all is written."""
        self._writer.shutdown()


class _Handler(tornado.web.RequestHandler):
    def initialize(self, view, token):
        self.view, self._token = view, token

    def set_default_headers(self):
        self.clear_header("Server")
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self):
        if self.request.host_name not in _NAMES:
            raise tornado.web.HTTPError(403)
        # A page from another port of this computer may set our cookies, also that of the form, and it sends them.
        sent_from = self.request.headers.get("Sec-Fetch-Site", "same-origin")
        if self.request.method == "POST" and sent_from not in ("same-origin", "none"):
            raise tornado.web.HTTPError(403)
        given = self.get_query_argument("token", None)
        if given is not None and hmac.compare_digest(given.encode(), self._token.encode()):
            self.set_signed_cookie(self.settings["cookie"], "1", expires_days=None, httponly=True, samesite="Lax")
            names = [name for name in self.request.query_arguments if name != "token"]
            rest = [(name, value) for name in names for value in self.get_query_arguments(name)]
            self.redirect(self.request.path + ("?" + urlencode(rest) if rest else ""))
        elif self.get_signed_cookie(self.settings["cookie"]) is None:
            raise tornado.web.HTTPError(403)

    def write_error(self, status_code, **more):
        error = more.get("exc_info", (None, None))[1]
        told = {
            403: "This page is shown to whoever has the address with the token, which the command  "
            "python3 -m mlt_nn class  prints. If you pressed a button: nothing was changed; load the page anew.",
            404: "There is no such page. Perhaps another class is graded here now.",
        }.get(status_code, "Something went wrong, and nothing was changed.")
        if isinstance(error, OSError):
            told = f"The term could not be read or written, and nothing was changed: {error}"
        self.finish(page.rendered("view_error.html", told=told, here=None))

    def show(self, template, overview, here=None, **values):
        assignment = overview and overview.assignment
        known = {"assignment": assignment, "assignments": list(self.view.assignments().values()), "here": here}
        urls = {"url": url, "token_field": lambda: Markup(self.xsrf_form_html())}
        self.finish(page.rendered(template, overview=overview, **known, **urls, **values))

    def paged(self, rows, size):
        """Of many rows those of the page that is asked for, its number, and how many pages there are."""
        text = self.get_query_argument("page", "1")
        asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
        pages = max(-(-len(rows) // size), 1)
        number = min(max(asked, 1), pages)
        return {"rows": rows[(number - 1) * size : number * size], "page": number, "pages": pages}

    def overview(self, name):
        """The Overview of the assignment of that name."""
        known = self.view.assignments()
        if name not in known:
            raise tornado.web.HTTPError(404)
        return self.view.overview(known[name])


class _First(_Handler):
    def get(self):
        graded = self.view.assignments()
        if graded:
            self.redirect(url(list(graded)[-1]))
        else:
            self.show("view_error.html", None, told="Nothing of the course's assignments is graded yet.")


class _Class(_Handler):
    def get(self, name):
        overview = self.overview(name)
        search, order = self.get_query_argument("search", ""), self.get_query_argument("order", "")
        rows = overview.search(search, by_points=order == "points")
        asked = {"search": search, "order": order, "found": len(rows)}
        paged = self.paged(rows, _ROWS)
        self.show("view_class.html", overview, "class", mistakes=_most(overview)[:5], **asked, **paged)


class _Mistakes(_Handler):
    def get(self, name):
        overview = self.overview(name)
        self.show("view_mistakes.html", overview, "mistakes", mistakes=_most(overview))


class _Mistake(_Handler):
    def get(self, name, exercise):
        overview = self.overview(name)
        words = self.get_query_argument("mistake", "", strip=False)
        who = overview.mistakes.get((exercise, words))
        if who is None:
            raise tornado.web.HTTPError(404)
        paged = self.paged(who, _WHO)
        made = [(row, *self._made(row, overview.assignment, exercise)) for row in paged["rows"]]
        told = {"exercise": exercise, "mistake": words, "number": len(who), "made": made}
        self.show("view_mistake.html", overview, **told, **paged)

    def _made(self, row, assignment, exercise):
        """The failure of a student, and the code."""
        record = next(self.view.term.records(assignment, row.record.student))
        failure = next(each.first_failure for each in record.grade.exercises if each.name == exercise)
        return failure, code.of_failure(exercise, failure, self.view.files(record))


class _Student(_Handler):
    def get(self, name, student):
        self._show(self.overview(name), student)

    def _show(self, overview, student, problem="", given=None):
        record = self._record(overview, student)
        files = self.view.files(record)
        exercises = [
            (each, state, each.first_failure and code.of_failure(each.name, each.first_failure, files))
            for each in (record.grade.exercises if record.grade else ())
            for state in [overview.rows[student].states[each.name]]
        ]
        self.show(
            "view_student.html",
            overview,
            record=record,
            exercises=exercises,
            mistake_of=mistake_of,
            files=[code.whole(module, data) for module, data in files.items()],
            gone=bool(record.grade and record.grade.files) and not files,
            told=self.view.told.pop(student, ""),
            problem=problem,
            given=given or dict.fromkeys(_GIVEN, "") | {"exercise": self.get_query_argument("exercise", "")},
        )

    def _record(self, overview, student):
        if student not in overview.rows:
            raise tornado.web.HTTPError(404)
        return next(self.view.term.records(overview.assignment, overview.rows[student].record.student))

    async def post(self, name, student):
        overview = self.overview(name)
        record = self._record(overview, student)
        given = {name: self.get_body_argument(name, "") for name in _GIVEN}
        withdraws = self.get_body_argument("withdraw", "")
        try:
            if withdraws:
                change = by_hand.withdraw(self.view.term, withdraws, given["reason"], record.student)
                told = f"Change {change.number} is taken back."
            else:
                points = by_hand.number(given["points"])
                what = given | {"exercise": given["exercise"] or None, "points": points}
                told = f"Kept as change {by_hand.change(self.view.term, overview.assignment, record.student, **what)}."
        except by_hand.RefusedError as error:
            self.set_status(422)
            self._show(overview, student, str(error), given)
            return
        try:
            told += " " + await self.view.write_pages(name, record.student)
        except OSError as error:
            told += f" But {error}"
        self.view.told[student] = told
        self.redirect(url(name, "students", student) + "#by-hand", status=303)


def url(*parts, **query):
    """The address of a page below the root."""
    return "/" + "/".join(quote(part, safe="") for part in parts) + ("?" + urlencode(query) if query else "")


def _most(overview):
    """(exercise, mistake), who made it, the most frequent first."""
    order = [each.name for each in overview.assignment.exercises]
    return sorted(overview.mistakes.items(), key=lambda item: (-len(item[1]), order.index(item[0][0]), item[0][1]))


class _Nowhere(_Handler):
    def get(self):
        raise tornado.web.HTTPError(404)


def start(view):
    """Begin to serve a View; returns the server and its address, with the token.

    Raises:
        OSError: when there is no port for it.
    """
    try:
        listening = socket.create_server((HOST, PORT))
    except OSError:
        listening = socket.create_server((HOST, 0))
    listening.setblocking(False)
    port, token = listening.getsockname()[1], secrets.token_urlsafe(32)
    shared = {"view": view, "token": token}
    one, two = r"/([^/]+)", r"/([^/]+)"
    application = tornado.web.Application(
        [
            (r"/", _First, shared),
            (one, _Class, shared),
            (rf"{one}/mistakes", _Mistakes, shared),
            (rf"{one}/mistakes{two}", _Mistake, shared),
            (rf"{one}/students{two}", _Student, shared),
        ],
        default_handler_class=_Nowhere,
        default_handler_args=shared,
        cookie_secret=secrets.token_hex(32),
        # Servers on other ports of this computer, Jupyter's say, would overwrite cookies of the same names.
        cookie=f"mlt-nn-class-{port}",
        xsrf_cookies=True,
        xsrf_cookie_name=f"mlt-nn-class-xsrf-{port}",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Lax"},
        log_function=lambda _: None,
    )
    server = HTTPServer(application, max_body_size=100_000)
    server.add_socket(listening)
    return server, f"http://{HOST}:{port}/?token={token}"


async def stop(server, view):
    """End what was started, once all is written."""
    server.stop()
    await server.close_all_connections()
    view.close()
