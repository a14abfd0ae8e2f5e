"""What every page shares: security headers, compression, static files, and pages for errors."""

from __future__ import annotations

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_compress import Compress
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from plugin.assets import YEAR_SECONDS, asset, static_file
from plugin.config import settings
from plugin.drchrono.errors import (
    ConnectionBrokenError,
    DrChronoError,
    NotConnectedError,
    RateLimitedError,
)
from plugin.logs import log, note_in_log, reference

LARGEST_BODY_BYTES = 64 * 1024
_FRAMED_PATHS = ("/patient", "/clinical-note")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
_WORDS = {
    400: ("This request could not be read", "Go back and try again."),
    401: ("Please open this page again", "Close it in DrChrono and open it again."),
    403: ("Not allowed", "Go back and try again."),
    404: ("There is no such page", "Check the address, or go back."),
    405: ("This cannot be done here", "Go back and try again."),
    413: ("Too much was sent", "Shorten what you typed and try again."),
    415: ("This request could not be read", "Go back and try again."),
    429: ("Too many attempts", "Wait ten minutes and try again."),
}


def prepare_web(app: Flask) -> None:
    """Attach all of it to `app`."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY_BYTES,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    Compress(app)
    proxies = app.extensions["chartside-settings"].trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_set_security_headers)
    app.add_url_rule("/static/<fingerprint>/<path:name>", view_func=static_file)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DrChronoError, _drchrono_error)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(Exception, _unexpected_error)


def error_page(
    status: int, title: str, words: str, *, link: tuple[str, str] | None = None, code: str = ""
) -> Response:
    """A page a doctor understands: what happened, what to do, and the reference id that is also in the log.

    `link`: text and address of a way on, opened in a new tab since the page may be framed. `code` goes to the log.
    """
    note_in_log(refused=code or title)
    html = render_template("error.html", title=title, words=words, link=link, reference=reference())
    return make_response(html, status)


def _set_security_headers(response: Response) -> Response:
    framed = request.path.rstrip("/") in _FRAMED_PATHS
    ancestors = " ".join((*settings().frame_ancestors, "'self'")) if framed else "'none'"
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY.format(ancestors=ancestors)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if settings().is_https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    if not request.path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    if request.path.startswith("/panel/"):
        response.vary.update(("Accept", "Authorization"))
    return response


def wants_json() -> bool:
    """True when the caller asks for JSON rather than HTML."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def error_answer(status: int, title: str, words: str, *, code: str = "") -> Response:
    """For `/panel/*`: a fragment, or JSON `{"error", "reference"}`; elsewhere the page."""
    if not request.path.startswith("/panel/"):
        return error_page(status, title, words, code=code)
    note_in_log(refused=code or title)
    if wants_json():
        return make_response({"error": f"{title}. {words}", "reference": reference()}, status)
    return make_response(
        render_template("_error.html", title=title, words=words, reference=reference()), status
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status in (301, 302, 303, 307, 308):
        redirection: Response = error.get_response()  # type: ignore[assignment]
        return redirection
    title, words = _WORDS.get(status, ("This did not work", "Go back and try again."))
    return error_answer(status, title, words)


def _drchrono_error(error: DrChronoError) -> Response:
    """The one place that turns the vendor's failures into pages."""
    code = type(error).__name__
    if isinstance(error, (NotConnectedError, ConnectionBrokenError)):
        if request.path.startswith("/panel/"):
            words = f"{error.words} Then close this panel in DrChrono and open it again."
            return error_answer(401, "Chartside is not connected", words, code=code)
        link = ("Connect to DrChrono", f"{settings().public_url}/onboarding/")
        return error_page(403, "Chartside is not connected", error.words, link=link, code=code)
    if isinstance(error, RateLimitedError):
        return error_answer(502, "DrChrono is busy", error.words, code=code)
    return error_answer(502, "DrChrono did not answer as expected", error.words, code=code)


def _database_away(error: SQLAlchemyError) -> Response:
    """The database does not answer, or not in time."""
    log("database-away", level=logging.ERROR, error=type(error).__name__)
    return error_answer(
        503,
        "Chartside cannot reach its own records",
        f"{_what_was_done()} Try again in a minute; if it happens again, read the reference to your support.",
        code=type(error).__name__,
    )


def _unexpected_error(error: Exception) -> Response:
    log("unexpected-error", level=logging.ERROR, exc_info=True)
    return error_answer(
        500,
        "Something went wrong on our side",
        f"{_what_was_done()} Try again; if it happens again, read the reference to your support.",
        code=type(error).__name__,
    )


def _what_was_done() -> str:
    """Opening a page writes to no chart; what a button asked for may have been promised, or sent, before the fault."""
    if request.method in ("GET", "HEAD"):
        return "Nothing was changed in the chart."
    return (
        "It is not certain whether what you asked for was done. "
        "Asking again from the same page does not save or book it twice."
    )
