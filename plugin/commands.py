"""The operator's command line: `flask --app wsgi …`. Groups of the rooms are registered here too."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import click
import requests
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from plugin import audit
from plugin.abuse import purge_attempts
from plugin.chart.commands import chart_commands
from plugin.chart.store import purge as purge_snapshots
from plugin.config import settings
from plugin.disconnect import begin_disconnect, finish_disconnects
from plugin.drchrono.budget import budget_left
from plugin.drchrono.connections import find_connection, list_connections
from plugin.extensions import reading
from plugin.health import readiness
from plugin.models import AuditBatch, OutboxEntry
from plugin.rotation import rotate_keys
from plugin.writeback.commands import outbox_commands, worker
from plugin.writeback.retention import purge as purge_outbox

GREATEST_CLOCK_DRIFT_SECONDS = 30

doctors_commands = AppGroup("doctors", help="Connected doctors.")
audit_commands = AppGroup("audit", help="The audit trail.")
keys_commands = AppGroup("keys", help="Encryption at rest.")


def register(app: Flask) -> None:
    """Add every group to `app`."""
    groups = (doctors_commands, chart_commands, audit_commands, keys_commands, outbox_commands)
    for command in (*groups, worker, check, purge):
        app.cli.add_command(command)


@click.command("check")
@with_appcontext
def check() -> None:
    """Environment, database, keys, and the clock against DrChrono's; exit 0 when all is well, else 1."""
    state = readiness()
    findings = [
        ("environment", True, f"complete; {settings().public_url} serves {settings().base_url}"),
        _finding(state, "database", "reachable", "cannot be reached: see DATABASE_URL"),
        _finding(state, "migrations", "at head", "run: flask --app wsgi db upgrade", after="database"),
        _finding(
            state,
            "keys",
            "open every stored connection",
            "a key is missing from ENCRYPTION_KEYS",
            after="migrations",
        ),
        _clock_finding(),
    ]
    for name, is_well, words in findings:
        click.echo(f"{'ok  ' if is_well else 'FAIL'} {name}: {words}")
    click.echo(
        f"     worker last seen: {state['worker_last_seen'] or 'never'}; budget left: {state['budget_left']}"
    )
    sys.exit(0 if all(is_well for _, is_well, _ in findings) else 1)


def _finding(
    state: Mapping[str, object], name: str, well: str, ill: str, *, after: str | None = None
) -> tuple[str, bool, str]:
    """`after` names what must be well before this can be looked at."""
    is_well = bool(state[name])
    if after is not None and not state[after]:
        return (name, is_well, f"not looked at, see {after}")
    return (name, is_well, well if is_well else ill)


def _clock_finding() -> tuple[str, bool, str]:
    try:
        wait = settings().upstream_timeout_seconds
        answer = requests.head(f"{settings().base_url}/o/authorize/", timeout=wait, allow_redirects=False)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        return ("clock", False, f"{settings().base_url} did not tell the time: is it reachable from here?")
    drift = (datetime.now(UTC) - theirs).total_seconds()
    is_well = abs(drift) <= GREATEST_CLOCK_DRIFT_SECONDS
    advice = "" if is_well else "; launches are refused when clocks differ: start an NTP service here"
    return ("clock", is_well, f"{drift:+.0f} s against DrChrono{advice}")


@doctors_commands.command("list")
def list_doctors() -> None:
    """Each connected doctor: state, last refresh, failed write-backs; and the budget left."""
    failed = _failed_counts()
    for info in list_connections():
        refreshed = info.refreshed_at or info.connected_at
        line = [
            str(info.doctor_id),
            info.status,
            f"connected {info.connected_at:%Y-%m-%d %H:%M}Z",
            f"refreshed {refreshed:%Y-%m-%d %H:%M}Z",
            f"failed write-backs {failed.get(info.doctor_id, 0)}",
        ]
        if info.broken_at is not None:
            line.append(f"broken since {info.broken_at:%Y-%m-%d %H:%M}Z: {info.broken_reason}")
        click.echo("\t".join(line))
    click.echo(f"budget left this hour: {budget_left()} of {settings().hourly_limit}")


def _failed_counts() -> dict[int, int]:
    failed = select(OutboxEntry.doctor_id, func.count()).where(OutboxEntry.status == "failed")
    with reading() as session:
        return dict(session.execute(failed.group_by(OutboxEntry.doctor_id)).all())


@doctors_commands.command("disconnect")
@click.argument("doctor_id", type=int)
def disconnect_doctor(doctor_id: int) -> None:
    """End a doctor's connection: sessions and snapshots at once, then DrChrono is told."""
    if find_connection(doctor_id) is None:
        raise click.ClickException(f"Doctor {doctor_id} is not connected.")
    begin_disconnect(doctor_id)
    finish_disconnects()
    left = find_connection(doctor_id)
    click.echo("Disconnected." if left is None else "Disconnected here; DrChrono will be told by the worker.")


@audit_commands.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
def export_audit(form: str) -> None:
    """Write every entry to standard output."""
    if form == "jsonl":
        for entry in audit.entries():
            click.echo(json.dumps(entry))
        return
    names = ["id", "at", "doctor_id", "patient_id", "action", "outcome", "reference"]
    writer = csv.DictWriter(sys.stdout, names)
    writer.writeheader()
    writer.writerows(audit.entries())


@audit_commands.command("verify")
@click.option("--digest", "kept", help="A digest printed earlier: is what it covered still the same?")
def verify_audit(kept: str | None) -> None:
    """Seal what has settled, then walk the chain; exit 1 when an entry was changed or removed."""
    audit.seal(datetime.now(UTC))
    verdict = audit.verify()
    if verdict.broken_at is not None:
        raise click.ClickException(f"The chain breaks in the batch that ends with entry {verdict.broken_at}.")
    if kept is not None and not _chain_has(kept):
        raise click.ClickException("The chain holds in itself and does not pass through that digest.")
    click.echo(
        f"{verdict.entries} entries hold, {verdict.unsealed} not yet sealed; last digest {verdict.head or 'none'}"
    )


def _chain_has(digest: str) -> bool:
    """Of a chain that `verify` found whole: a digest in it vouches for every entry up to it."""
    with reading() as session:
        found = select(AuditBatch.last_id).where(AuditBatch.digest == digest.strip())
        return session.scalar(found.limit(1)) is not None


@keys_commands.command("rotate")
def rotate() -> None:
    """Seal everything stored anew under the first of ENCRYPTION_KEYS; then the older keys may go."""
    done = rotate_keys()
    click.echo(f"{done.changed} values sealed anew under the first key.")
    if done.lost:
        raise click.ClickException(
            f"{done.lost} values open under none of ENCRYPTION_KEYS: put the key they were sealed with back, "
            "behind the first, and run this again."
        )


@click.command("purge")
@with_appcontext
def purge() -> None:
    """Erase snapshots unopened for RETENTION_DAYS, finished write-backs and counters whose window has passed."""
    now = datetime.now(UTC)
    erased = purge_snapshots(now)
    purge_outbox(now)
    purge_attempts(now)
    click.echo(f"{erased} snapshots erased.")
