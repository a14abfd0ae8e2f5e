"""gunicorn's settings; the Procfile's web line and `make serve` use them."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

# The processes of one host keep their counters in files of this folder; /metrics adds them up.
# prometheus_client reads the variable when it is imported, so it is set first.
_given_folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _given_folder or tempfile.mkdtemp(prefix="chartside-metrics-")
from prometheus_client.multiprocess import mark_process_dead

chdir = str(Path(__file__).resolve().parent)
"""`gunicorn --config …/gunicorn.conf.py wsgi:app` works from any folder."""


def _given(variable: str, usual: int) -> int:
    """A malformed one counts as not given: create_app, which runs before anything is bound, refuses it by name."""
    text = os.environ.get(variable, "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else usual


bind = f"0.0.0.0:{_given('PORT', 8000)}"  # a platform's router reaches it from outside
workers = _given("WEB_CONCURRENCY", 2)
preload_app = True
"""Loaded once and forked: a further process shares what was loaded (memory in bench/RESULTS.md)."""
threads = 8
"""Waits for DrChrono overlap; see docs/ARCHITECTURE.md for the measurement."""
timeout = 30
"""Without a sign from a process's main loop; a request may take longer, but UPSTREAM_TIMEOUT_SECONDS ends it."""
graceful_timeout = 30
keepalive = 5
limit_request_line = 8190
limit_request_fields = 60
control_socket_disable = True
accesslog = None
"""Our own log writes a line a request without query strings: a launch's address carries its proof."""


def when_ready(_server: object) -> None:
    """What was loaded stays for good: no process forked from here looks through it for garbage, or copies it."""
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: Worker) -> None:
    """Forget the gauges of a worker that ended; its counters stay."""
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the library's


def _remove_at_end(folder: str) -> None:
    owner = os.getpid()

    @atexit.register
    def remove() -> None:
        if os.getpid() == owner:  # the processes forked from this one end earlier
            shutil.rmtree(folder, ignore_errors=True)


if not _given_folder:
    _remove_at_end(os.environ["PROMETHEUS_MULTIPROC_DIR"])


class DrainingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Answers, after SIGTERM, also the connections that the kernel has taken and nobody has picked up yet.

    gunicorn's own worker leaves them in the listen queue, where they are reset when it ends: a request would
    be lost. Here the queue is emptied, then closed, so that a newcomer is refused and may go elsewhere.
    """

    is_quitting = False

    def handle_quit(self, sig: int, frame: object) -> None:
        """Once: Ctrl-C reaches a process from the terminal and again from its parent.

        A second handler inside the first would wait for ever for the lock that the first one holds.
        """
        if not self.is_quitting:
            self.is_quitting = True
            super().handle_quit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Called with False and no longer alive once, at the beginning of the end."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._drain(listener)

    def _drain(self, listener: socket.socket) -> None:
        before = -1
        while before != self.nr_conns:
            before = self.nr_conns
            self.accept(listener)
        listener.close()


worker_class = DrainingWorker


class NoQueryLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Cuts query strings out of gunicorn's own messages about requests."""

    def exception(self, msg: str, *args: object, **kwargs: object) -> None:
        """The same message without anything behind a `?`, and without the exception's text."""
        safe = tuple(arg.split("?", 1)[0] if isinstance(arg, str) else arg for arg in args)
        super().error(msg, *safe)


logger_class = NoQueryLogger
logging.captureWarnings(True)
