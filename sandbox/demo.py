"""`make run`: the plugin, its worker and the sandbox together on this machine, until Ctrl-C.

The sandbox keeps nothing between runs, so neither does the plugin's database here: each run starts anew.
The host is 127.0.0.1 and the plugin localhost: two sites, as DrChrono and Chartside are.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType

from sandbox.settings import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_WEBHOOK_SECRET

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ROOT / "instance" / "sandbox.db"
START_SECONDS = 60


def main() -> int:
    """Start all three, print the address, wait; exit 1 when one of them ends by itself."""
    plugin_port, host_port = int(os.environ.get("PORT", "8000")), int(os.environ.get("SANDBOX_PORT", "8001"))
    for port in (plugin_port, host_port):
        if not _is_free(port):
            print(f"Port {port} is taken. Set PORT and SANDBOX_PORT to two free ports and try again.")
            return 1
    environment = _environment(plugin_port, host_port)
    for leftover in DATABASE.parent.glob("sandbox.db*"):
        leftover.unlink()
    _python("-m", "flask", "--app", "wsgi", "db", "upgrade", environment=environment).wait()
    signal.signal(signal.SIGTERM, _interrupt)
    children = [
        _python("-m", "sandbox", "--host", "127.0.0.1", "--port", str(host_port), environment=environment),
        _python(
            "-m",
            "gunicorn",
            "--config",
            "gunicorn.conf.py",
            "--bind",
            f"127.0.0.1:{plugin_port}",
            "wsgi:app",
            environment=environment,
        ),
        _python("-m", "flask", "--app", "wsgi", "worker", environment=environment),
    ]
    try:
        return _watch(children, environment)
    except KeyboardInterrupt:
        print("\nStopping.")
        return 0
    finally:
        _stop(children)


def _environment(plugin_port: int, host_port: int) -> dict[str, str]:
    written = shlex.split((ROOT / ".env").read_text(), comments=True)
    keys = dict(word.split("=", 1) for word in written if "=" in word)
    plugin, host = f"http://localhost:{plugin_port}", f"http://127.0.0.1:{host_port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DRCHRONO_")}
    return {
        **kept,
        **keys,
        "DRCHRONO_BASE_URL": host,
        "DRCHRONO_CLIENT_ID": DEFAULT_CLIENT_ID,
        "DRCHRONO_CLIENT_SECRET": DEFAULT_CLIENT_SECRET,
        "DRCHRONO_WEBHOOK_SECRET": DEFAULT_WEBHOOK_SECRET,
        "PUBLIC_URL": plugin,
        "FRAME_ANCESTORS": host,
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "PORT": str(plugin_port),
        "FLASK_SKIP_DOTENV": "1",
        "SANDBOX_PLUGIN_URL": plugin,
        "SANDBOX_WEBHOOK_URL": f"{plugin}/webhooks/drchrono",
    }


def _watch(children: list[subprocess.Popen[bytes]], environment: dict[str, str]) -> int:
    host = environment["DRCHRONO_BASE_URL"]
    if not _answers(f"{host}/", children) or not _answers(f"{environment['PUBLIC_URL']}/readyz", children):
        print("Chartside did not start; the lines above say why.")
        return 1
    print(f"\n  Open {host}/ in a browser: a practice on DrChrono's look-alike.", flush=True)
    print(
        "  Sign in, open App Directory, connect Chartside, then open a patient. Ctrl-C stops.\n", flush=True
    )
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    print("One of the processes ended; the lines above say why.")
    return 1


def _answers(url: str, children: list[subprocess.Popen[bytes]]) -> bool:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and all(child.poll() is None for child in children):
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2):
            return True
        time.sleep(0.2)
    return False


def _python(*arguments: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
