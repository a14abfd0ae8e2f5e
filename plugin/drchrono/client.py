"""DrChrono's REST interface in one doctor's name: objects, lists, writes.

Every request waits for its place in the budget, keeps the one deadline, and carries the token to the
configured host only. GETs are asked again after passing trouble; a write is sent once (and once more
after a 401, which says that nothing was done).
"""

from __future__ import annotations

import json
import logging
import math
import random
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from urllib3 import encode_multipart_formdata

from plugin.config import settings
from plugin.drchrono import tokens, transport
from plugin.drchrono.budget import Need, reserve
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import ConnectionBrokenError, DrChronoError, RateLimitedError, UnavailableError
from plugin.drchrono.parallel import in_parallel
from plugin.drchrono.replies import failure, json_object
from plugin.drchrono.transport import Reply

__all__ = ["Client", "in_parallel"]

Params = Mapping[str, str | int | bool | None]

MOST_PAGES = 200
MOST_REDIRECTS = 3
MOST_RETRIES = 2
TOKEN_SECONDS = 1.0
"""For so long the reads of one client use the token that one of them has looked up; a write looks for itself."""
_FIRST_BACK_OFF = 0.15
_REDIRECTS = (301, 302, 303, 307, 308)

logger = logging.getLogger(__name__)


class Client:
    """Calls in the name of one doctor, all before one deadline. Safe to share between threads."""

    def __init__(
        self, doctor_id: int, *, need: Need = Need.PANEL, deadline: Deadline, ending: bool = False
    ) -> None:
        """`ending`: the doctor is being disconnected and this client tells DrChrono so."""
        self._doctor_id: int | None = doctor_id
        self._need = need
        self._deadline = deadline
        self._ending = ending
        self._given_token: str | None = None
        self._looking = threading.Lock()
        self._token_seen = ("", -math.inf)
        """The token of this client's last look, and when that was by time.monotonic()."""

    @classmethod
    def with_token(cls, access_token: str, *, deadline: Deadline, need: Need = Need.WRITE) -> Client:
        """A client before there is a connection: a 401 then means ConnectionBrokenError."""
        client = cls(0, need=need, deadline=deadline)
        client._doctor_id, client._given_token = None, access_token
        return client

    def get(self, path: str, params: Params | None = None) -> dict[str, Any]:
        """The JSON object at `path`, such as "patients/77" under the API's root. Raises DrChronoError."""
        return self._get(_url(path, params), f"GET {path}")

    def pages(
        self, path: str, params: Params | None = None, *, most_pages: int = MOST_PAGES
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, each when it is asked for. Raises DrChronoError, also at `most_pages`."""
        what, url = f"GET {path}", _url(path, params)
        seen: set[str] = set()
        while url not in seen and len(seen) < most_pages:
            seen.add(url)
            page = self._get(url, what)
            yield _records(page, what)
            following = page.get("next")
            if not following:
                return
            url = _own_url(following, url, what)
        raise UnavailableError(f"{what}: a list without end", is_passing=False)

    def all(self, path: str, params: Params | None = None, *, most_pages: int = 40) -> list[dict[str, Any]]:
        """Every record of a list. Raises DrChronoError, also when there are more pages than `most_pages`."""
        return [record for page in self.pages(path, params, most_pages=most_pages) for record in page]

    def create(
        self,
        path: str,
        payload: Mapping[str, Any] | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        file: tuple[str, bytes, str] | None = None,
        file_field: str = "document",
    ) -> dict[str, Any]:
        """POST `payload` as JSON, or `fields` and `file` (name, content, media type) as a form.

        Returns DrChrono's object, {} when it answers without one. Raises DrChronoError; an UnavailableError
        with `ambiguous` may have created the record.
        """
        if file is not None:
            form: list[Any] = [*(fields or {}).items(), (file_field, file)]
            body, content_type = encode_multipart_formdata(form)
            return self._write("POST", path, body, content_type)
        return self._write("POST", path, None if payload is None else _json(payload), "application/json")

    def update(self, path: str, payload: Mapping[str, Any]) -> None:
        """PATCH `payload` as JSON. Raises DrChronoError; one with `ambiguous` may have taken effect."""
        self._write("PATCH", path, _json(payload), "application/json")

    def delete(self, path: str) -> None:
        """DELETE; NotFoundError when there is nothing (any more). Raises DrChronoError."""
        self._write("DELETE", path, None, "application/json")

    def _get(self, url: str, what: str) -> dict[str, Any]:
        for retry in range(MOST_RETRIES + 1):
            try:
                reply = self._followed(url, what)
                if 200 <= reply.status < 300:
                    return json_object(reply, what, is_write=False)
                error = failure(reply, what, is_write=False)
            except UnavailableError as trouble:
                error = trouble
            if retry == MOST_RETRIES or not _is_passing(error) or self._deadline.is_past:
                break
            logger.info("asking again after: %s", error)
            self._back_off(retry)
        raise error

    def _back_off(self, retry: int) -> None:
        wait = _FIRST_BACK_OFF * 2**retry * random.uniform(0.5, 1.5)  # noqa: S311  # no secret
        time.sleep(min(wait, self._deadline.left()))

    def _followed(self, url: str, what: str) -> Reply:
        """The answer after redirects, on our host alone: there the Authorization header goes along."""
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._authorized("GET", url, what, None, None)
            if reply.status not in _REDIRECTS or not reply.headers.get("Location"):
                return reply
            url = _own_url(reply.headers["Location"], url, what)
        raise UnavailableError(f"{what}: redirects without end", is_passing=False)

    def _write(self, method: str, path: str, body: bytes | None, content_type: str) -> dict[str, Any]:
        what = f"{method} {path}"
        reply = self._authorized(method, _url(path, None), what, body, content_type)
        if not 200 <= reply.status < 300:
            raise failure(reply, what, is_write=True)
        return json_object(reply, what, is_write=True) if method == "POST" else {}

    def _authorized(
        self, method: str, url: str, what: str, body: bytes | None, content_type: str | None
    ) -> Reply:
        """The answer, after one refresh and one repetition if the first was a 401."""
        token = self._token(None, is_new=method != "GET")
        reply = self._send(method, url, token, body, content_type)
        if reply.status == 401:
            reply = self._send(method, url, self._token(token), body, content_type)
        if reply.status == 401:
            raise UnavailableError(f"{what}: 401 with a new token", is_passing=False)
        return reply

    def _token(self, rejected: str | None, *, is_new: bool = False) -> str:
        if self._doctor_id is None:
            if rejected is not None or self._given_token is None:
                raise ConnectionBrokenError("the token just given was refused")
            return self._given_token
        with self._looking:  # calls that are made at once need one look at the database, not one each
            token, seen_at = self._token_seen
            if is_new or token == rejected or time.monotonic() - seen_at > TOKEN_SECONDS:
                token = self._looked_up(self._doctor_id, rejected)
                self._token_seen = token, time.monotonic()
            return token

    def _looked_up(self, doctor_id: int, rejected: str | None) -> str:
        try:
            return tokens.access_token(doctor_id, self._deadline, rejected=rejected, ending=self._ending)
        except UnavailableError as error:
            # Whatever became of the refresh, the call itself was not made: not `ambiguous`.
            raise UnavailableError(str(error), words=error.words, retry_at=error.retry_at) from error

    def _send(self, method: str, url: str, token: str, body: bytes | None, content_type: str | None) -> Reply:
        headers = {
            "Authorization": f"Bearer {token}",
            "X-DRC-API-Version": settings().api_version,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "Chartside",
        }
        if body is not None and content_type is not None:
            headers["Content-Type"] = content_type

        def admit() -> None:
            reserve(self._doctor_id, self._need, self._deadline)

        if self._need is Need.PREFETCH:
            admit()  # may take many minutes, longer than a connection stays open or a request may last
            return transport.send(method, url, headers=headers, body=body, deadline=self._deadline)
        return transport.send(method, url, headers=headers, body=body, deadline=self._deadline, admit=admit)


def _url(path: str, params: Params | None) -> str:
    given = {key: _query_value(value) for key, value in (params or {}).items() if value is not None}
    query = f"?{urlencode(given)}" if given else ""
    return f"{settings().base_url}/api/{quote(path)}{query}"


def _query_value(value: str | int | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _own_url(given: object, current: str, what: str) -> str:
    """Where DrChrono points to next; UnavailableError unless it is on the configured host.

    Built anew on the configured root, so that no two parsers can disagree about the host.
    """
    root = urlsplit(settings().base_url)
    try:
        parts = urlsplit(urljoin(current, given if isinstance(given, str) else "//"))
        is_ours = _origin(parts) == _origin(root)
    except ValueError:
        is_ours = False
    if not is_ours:
        raise UnavailableError(f"{what}: pointed to another host", is_passing=False)
    return f"{root.scheme}://{root.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def _records(page: dict[str, Any], what: str) -> list[dict[str, Any]]:
    records = page["results"] if "results" in page else page.get("data")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnavailableError(f"{what}: a list of another shape", is_passing=False)
    return records


def _json(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload).encode()


def _is_passing(error: DrChronoError) -> bool:
    """True when asking again soon may help; the budget itself makes a caller wait out a 429."""
    return isinstance(error, RateLimitedError) or (isinstance(error, UnavailableError) and error.is_passing)
