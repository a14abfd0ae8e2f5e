"""Files of static/: put together, compressed once at their best, under addresses that change with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

import brotli
from flask import Response, abort, request

STATIC = Path(__file__).resolve().parent.parent / "static"
YEAR_SECONDS = 31_536_000
_BUNDLES = {
    "panel.bundle.css": ("base.css", "panel.css", "filing.css"),
    "panel.bundle.js": ("vendor/htmx-2.0.11.min.js", "panel.js", "page.js", "filing.js"),
}
"""What a panel needs, in this order, as one file each: one request in place of three or four."""
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""Compressed, and called so on every machine."""


def asset(name: str) -> str:
    """Address of a file or bundle of static/, which changes with the content of any of them."""
    return f"/static/{_fingerprint()}/{name}"


def static_file(fingerprint: str, name: str) -> Response:
    """A file or bundle of static/, to be kept for a year; its address changes when it does. 404 for any other."""
    if name not in _names():
        abort(404)
    kind = _TYPES.get(Path(name).suffix)
    coding = request.accept_encodings.best_match(("br", "gzip")) if kind else None
    response = Response(_encoded(name, coding), mimetype=kind or mimetypes.guess_type(name)[0])
    if coding:
        response.headers["Content-Encoding"] = coding
    response.set_etag(f"{_fingerprint()}-{coding or 'plain'}")
    is_own = fingerprint == _fingerprint()
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS if is_own else 0
    response.cache_control.immutable = is_own
    response.make_conditional(request)
    return response


@cache
def _names() -> frozenset[str]:
    """Everything that may be asked for; nothing outside of static/ is among it."""
    files = (path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())
    return frozenset((*files, *_BUNDLES))


@cache
def _encoded(name: str, coding: str | None) -> bytes:
    """The content as it is sent; some hundredths of a second once in a process."""
    content = b"\n".join((STATIC / part).read_bytes() for part in _BUNDLES.get(name, (name,)))
    if coding == "br":
        compressed: bytes = brotli.compress(content)
        return compressed
    return gzip.compress(content) if coding == "gzip" else content


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
