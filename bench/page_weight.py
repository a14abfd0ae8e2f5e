"""What a browser fetches for the first view of a panel with an empty cache: compressed bytes, requests, hosts.

Bodies as Chromium counts them on the wire; it asks for brotli here as it does over https. The same addresses are
asked for with gzip alone too. Heads are most of a kilobyte each, told apart. The launch is opened as a page of its
own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, sync_playwright

from bench.results import Row
from bench.stage import Browser, Stage, staged

PATIENTS = ("complex_patient", "many_labs", "prevent_example")
MOST = 60_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass
class _Sizes:
    """Encoded bytes of one answer."""

    head: float = 0
    whole: float = 0

    @property
    def body(self) -> float:
        """Without the head."""
        return self.whole - self.head


def measure() -> list[Row]:
    """Bytes of each patient's first view; the heaviest counts."""
    rows, bodies, gzip, hosts = [], [], [], set[str]()
    with staged() as stage:
        for name in PATIENTS:
            sizes = _fetched(stage.launch(stage.sandbox.patient(name)))
            hosts |= {urlsplit(url).netloc for url in sizes}
            bodies.append(sum(one.body for one in sizes.values()))
            gzip.append(sum(_with_gzip(stage, url) for url in sizes))
            heads = sum(one.whole for one in sizes.values()) - bodies[-1]
            parts = ", ".join(f"{_name(url)} {one.body / 1000:.1f}" for url, one in sizes.items())
            rows.append(
                Row(
                    f"first view, {name}: {len(sizes)} requests",
                    "",
                    f"{bodies[-1] / 1000:.1f} kB and {heads / 1000:.1f} kB of heads",
                    parts,
                )
            )
    return [
        _row("heaviest first view, as Chromium asks for it (brotli)", max(bodies)),
        _row("heaviest first view, gzip", max(gzip)),
        Row("hosts asked", "= 1", str(len(hosts)), holds=len(hosts) == 1),
        *rows,
    ]


def _row(what: str, size: float) -> Row:
    return Row(what, f"<= {MOST // 1000} kB", f"{size / 1000:.1f} kB", holds=size <= MOST)


def _with_gzip(stage: Stage, url: str) -> int:
    return len(Browser(stage.server.url).get(url, **{"Accept-Encoding": "gzip"}))


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def _fetched(url: str) -> dict[str, _Sizes]:
    """Address -> encoded bytes, in a browser that has seen nothing."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "Chromium is missing: run `make packages`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            page = browser.new_page()
            sizes = _listen(page.context.new_cdp_session(page))
            page.goto(url, wait_until="networkidle")
            return sizes()
        finally:
            browser.close()


def _listen(session: CDPSession) -> Callable[[], dict[str, _Sizes]]:
    addresses: dict[str, str] = {}
    sizes: dict[str, _Sizes] = {}

    def sent(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def answered(event: dict[str, Any]) -> None:
        sizes.setdefault(event["requestId"], _Sizes()).head = event["response"]["encodedDataLength"]

    def finished(event: dict[str, Any]) -> None:
        sizes.setdefault(event["requestId"], _Sizes()).whole = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return lambda: {addresses[number]: one for number, one in sizes.items()}
