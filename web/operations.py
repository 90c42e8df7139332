"""Commands of those who run the service: the audit trail proved, a backup made and put back."""

from __future__ import annotations

from pathlib import Path

import click

from ingest import audit
from ingest.errors import NotAllowed
from ingest.retention_store import RetentionStore
from web import backup, retention
from web.options import FAILED, data_option
from web.services import Services, open_services
from web.settings import Settings
from web.store import Role, UserStore


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


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@data_option
def retention_(settings: Settings, dry_run: bool) -> int:
    """Remove originals, pictures, readings and mails of documents decided more than `retention.years` ago."""
    years = settings.retention.years
    if not years:
        click.echo("Nothing is removed: retention.years is 0 in the settings, which keeps everything.")
        return 0
    services = open_services(settings)
    done = retention.plan(services, years) if dry_run else retention.carry_out(services, years)
    for file in done.files:
        click.echo(f"#{file.document_id} {file.name!r}")
    word = "would be" if dry_run else "were"
    click.echo(
        f"{len(done.files)} files ({done.size / 2**20:.1f} MiB) decided before {done.before:%Y-%m-%d} {word} removed; "
        f"{done.held} are under legal hold. The trail of each stays."
    )
    return 0


@click.group("hold")
def hold_() -> None:
    """Legal holds: documents that retention must not remove."""


@hold_.command("set")
@click.argument("document", type=int)
@click.option("--reason", required=True, help="Why, such as the number of the case.")
@click.option("--user", "actor", required=True, help="Who says so; an administrator.")
@data_option
def hold_set(settings: Settings, document: int, reason: str, actor: str) -> int:
    """Keep DOCUMENT (and the others of its file), whatever its age."""
    services = open_services(settings)
    _demand_admin(services, actor)
    RetentionStore(services.db).hold(document, reason, actor, services.now())
    click.echo(f"#{document} is under legal hold.")
    return 0


@hold_.command("end")
@click.argument("document", type=int)
@click.option("--reason", required=True, help="Why it may go.")
@click.option("--user", "actor", required=True, help="Who says so; an administrator.")
@data_option
def hold_end(settings: Settings, document: int, reason: str, actor: str) -> int:
    """End the legal hold of DOCUMENT."""
    services = open_services(settings)
    _demand_admin(services, actor)
    RetentionStore(services.db).release(document, reason, actor)
    click.echo(f"#{document} is no longer under legal hold.")
    return 0


@hold_.command("list")
@data_option
def hold_list(settings: Settings) -> int:
    """Every legal hold."""
    for hold in RetentionStore(open_services(settings).db).holds():
        click.echo(f"#{hold.document_id} since {hold.at:%Y-%m-%d}, {hold.actor}: {hold.reason}")
    return 0


def _demand_admin(services: Services, actor: str) -> None:
    if actor not in [user.name for user in UserStore(services.db).all() if user.role is Role.ADMIN]:
        raise NotAllowed("'{actor}' is no user with the role admin; only these set and end legal holds.", actor=actor)


COMMANDS = (audit_, backup_, restore, retention_, hold_)
