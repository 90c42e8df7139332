"""Commands of those who run the service: the audit trail proved, a backup made and put back."""

from __future__ import annotations

from pathlib import Path

import click

from ingest import audit
from web import backup
from web.options import FAILED, data_option
from web.services import open_services
from web.settings import Settings


@click.group("audit")
def audit_() -> None:
    """The trail of every step."""


@audit_.command()
@click.option("--head", "heads", multiple=True, metavar="ROWS:HASH", help="A head that was written down elsewhere.")
@data_option
def verify(settings: Settings, heads: tuple[str, ...]) -> int:
    """Prove that no row of the trail was changed, removed or put in; prints the head, to be kept elsewhere."""
    services = open_services(settings)
    file = settings.data / backup.ANCHORS
    known = audit.anchored(file) | audit.heads(heads)
    report = audit.verify(services.db, known)
    for fault in report.faults:
        click.echo(f"FAULT {fault}", err=True)
    if report.faults:
        return FAILED
    audit.anchor(file, report.head)
    click.echo(f"{report.head.rows} rows, unbroken; {len(known)} earlier heads found in it. Head: {report.head}")
    return 0


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
def backup_(settings: Settings, target: Path) -> int:
    """Copy the whole data folder to TARGET, a new folder, while the service runs."""
    services = open_services(settings)
    audit.anchor(settings.data / backup.ANCHORS, audit.head(services.db))
    made = backup.back_up(services, target, services.now())
    click.echo(f"{made.originals} originals and the database are in {target}.")
    return 0


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
def restore(settings: Settings, source: Path) -> int:
    """Put the backup SOURCE into the data folder, which must be empty; the service must not run on it."""
    back = backup.restore(source, settings.data)
    click.echo(f"The backup of {back.made_at} with {back.originals} originals is in {settings.data}.")
    return 0


COMMANDS = (audit_, backup_, restore)
