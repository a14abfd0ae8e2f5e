from __future__ import annotations

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

from plugin.assets import STATIC, asset


@pytest.mark.parametrize(("coding", "unpacked"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_script_comes_compressed_as_the_browser_takes_it(client: FlaskClient, coding, unpacked):
    answer = client.get(asset("panel.js"), headers={"Accept-Encoding": f"deflate, {coding}"})
    assert answer.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert unpacked(answer.data) == (STATIC / "panel.js").read_bytes()


def test_without_compression_a_file_comes_as_it_is(client: FlaskClient):
    answer = client.get(asset("icon.svg"), headers={"Accept-Encoding": "identity, br;q=0"})
    assert (answer.headers.get("Content-Encoding"), answer.mimetype) == (None, "image/svg+xml")
    assert answer.data == (STATIC / "icon.svg").read_bytes()


def test_a_bundle_holds_its_files_in_their_order(client: FlaskClient):
    script = client.get(asset("panel.bundle.js")).text
    places = [
        script.index((STATIC / name).read_text())
        for name in ("vendor/htmx-2.0.11.min.js", "panel.js", "page.js", "filing.js")
    ]
    assert places == sorted(places)


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient):
    first = client.get(asset("base.css"))
    again = client.get(asset("base.css"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.css", "../wsgi.py", "%2e%2e/wsgi.py", "vendor", "panel.css/"])
def test_nothing_else_is_a_static_file(client: FlaskClient, name):
    assert client.get(f"/static/x/{name}").status_code == 404
