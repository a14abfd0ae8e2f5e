"""What can go wrong with DrChrono, as one small hierarchy.

`str(error)` is for the log: method, path, status, never a body. `error.words` is for a doctor.
The pages are made of these in one place, plugin/web.py.
"""

from __future__ import annotations

from datetime import datetime


class DrChronoError(Exception):
    """The base of all; caught where any failure of DrChrono leads to the same page."""

    words = "DrChrono could not be reached. Try again in a minute."
    """What happened and what to do, in one or two plain sentences without ids or values."""

    def __init__(
        self, detail: str = "", *, words: str | None = None, retry_at: datetime | None = None
    ) -> None:
        """`detail` goes to the log; `retry_at` (aware UTC) is when trying again makes sense, if known."""
        super().__init__(detail)
        if words is not None:
            self.words = words
        self.retry_at = retry_at


class NotConnectedError(DrChronoError):
    """No connection to use: this doctor never connected, or is being disconnected."""

    words = (
        "This doctor has not connected Chartside to DrChrono. The doctor can connect it on the set-up page."
    )


class ConnectionBrokenError(DrChronoError):
    """DrChrono refused to renew the access, or the connection was marked broken before: reconnect."""

    words = "DrChrono no longer accepts this connection. The doctor must connect Chartside again."


class ForbiddenError(DrChronoError):
    """DrChrono answered 403: the doctor's account may not do or see this."""

    words = "DrChrono does not allow this doctor's account to do this."


class NotFoundError(DrChronoError):
    """DrChrono answered 404 or 410: there is no such record for this doctor."""

    words = "DrChrono has no such record for this doctor."


class RefusedError(DrChronoError):
    """DrChrono answered 400, 405 or another 4xx: sending the same again cannot help."""

    words = "DrChrono did not accept this."

    def __init__(self, detail: str = "", *, words: str | None = None, messages: str = "") -> None:
        """`messages`: DrChrono's own words as plain text, for the doctor; they may hold what was typed."""
        super().__init__(detail, words=words)
        self.messages = messages


class ConflictError(RefusedError):
    """DrChrono answered 409: the slot or record is taken."""

    words = "DrChrono says that this is already taken."


class RateLimitedError(DrChronoError):
    """DrChrono answered 429, or Chartside's own budget of calls is spent; `retry_at` is set."""

    words = "DrChrono allows no more requests for the moment. Try again later."


class UnavailableError(DrChronoError):
    """No usable answer: no connection, a timeout, a reset, 5xx, HTML, cut or misshapen JSON, a strange redirect."""

    def __init__(
        self,
        detail: str = "",
        *,
        words: str | None = None,
        retry_at: datetime | None = None,
        ambiguous: bool = False,
        is_passing: bool = True,
    ) -> None:
        """`ambiguous`: a write may have taken effect. `is_passing`: asking once more may well help."""
        super().__init__(detail, words=words, retry_at=retry_at)
        self.ambiguous = ambiguous
        self.is_passing = is_passing
