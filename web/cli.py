"""The commands of the contract; maps every failure to a sentence and an exit status (0 done, 1 failed, 2 usage)."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import CoordinatorError, NotFound, SettingsError
from matching.backtest import backtest
from matching.load_records import import_records
from matching.policy import Policy
from matching.policy_values import changed
from matching.records import RecordKind
from matching.store import RecordStore
from web import backtesting, batch, demo, doctor, evaluating, logs, operations
from web.app import create_app
from web.export import EXPORT_FORMATS
from web.exporting import EXPORTABLE, export_documents
from web.factor_store import FactorStore
from web.options import FAILED, WRONG_USAGE, data_option
from web.passwords import demand_unknown_to_thieves
from web.people_store import PeopleStore
from web.policy_store import PolicyStore
from web.server import serve
from web.services import Services, open_services
from web.settings import Settings
from web.store import Role, UserStore

DOUBTS_TOLD = 20
"""How many doubtful values of imported records are written out."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder, for any command.")
@click.pass_context
def coordinator(context: click.Context, data: Path | None) -> None:
    """Reads invoices, matches them with orders, suppliers and customers, and asks only where something differs."""
    context.obj = data


@coordinator.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@data_option
def extract(settings: Settings, files: tuple[Path, ...], as_json: bool) -> int:
    """Read FILES without any database and show what they say."""
    failed = 0
    for found in batch.extract_files(files, settings, _progress):
        failed += "error" in found
        _show(found, as_json, batch.describe_extraction)
    return FAILED if failed else 0


@coordinator.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@data_option
def process(settings: Settings, files: tuple[Path, ...], as_json: bool) -> int:
    """Take FILES in, wait until each is decided and show the outcome."""
    failed = 0
    for found in batch.process_files(files, open_services(settings), _progress):
        failed += "error" in found
        _show(found, as_json, batch.describe_outcome)
    return FAILED if failed else 0


@coordinator.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in RecordKind]))
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def import_(settings: Settings, kind: str, file: Path) -> int:
    """Load reference records from FILE (CSV, XLSX or JSON by its ending): all of them, or none."""
    services = open_services(settings)
    summary = import_records(services.db, RecordKind(kind), file)
    left_out = f"; columns not read: {', '.join(summary.left_out)}" if summary.left_out else ""
    click.echo(
        f"{kind}: {summary.added} new, {summary.updated} changed, {summary.unchanged} as they were ({file.name})"
        f"{left_out}"
    )
    for doubt in summary.doubts[:DOUBTS_TOLD]:
        click.echo(f"Taken, but please look at it: {doubt}", err=True)
    if len(summary.doubts) > DOUBTS_TOLD:
        click.echo(f"... and {len(summary.doubts) - DOUBTS_TOLD} more like these", err=True)
    return 0


@coordinator.command("serve")
@click.option("--host", help="Address to listen on. Default: 127.0.0.1, or as set.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one. Default: 8000, or as set.")
@data_option
def serve_(settings: Settings, host: str | None, port: int | None) -> int:
    """Run the whole service: web, folder and mailbox watchers, workers."""
    logs.write_as(settings.log.format)
    services = open_services(batch.listening(settings, host, port))
    path = "" if UserStore(services.db).any() else f"setup/{UserStore(services.db).new_setup_token()}"

    def announce(address: str) -> None:
        click.echo(f"Invoicing Coordinator at {address}")
        if path:
            click.echo(f"No user yet. Make the first one here, once, within 24 hours: {address}{path}")

    serve(services, create_app(services), announce)
    return 0


@coordinator.command("demo")
@click.option("--host", help="Address to listen on. Default: 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one. Default: 8000.")
def demo_(host: str | None, port: int | None) -> int:
    """Run the service on a throw-away data folder filled with the samples."""
    demo.run(host, port, click.echo)
    return 0


@coordinator.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_name", required=True, type=click.Choice([f.name for f in EXPORT_FORMATS]))
@click.option("--status", type=click.Choice([s.value for s in EXPORTABLE]), default="approved", show_default=True)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day of decision.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of decision.")
@click.option("--again", is_flag=True, help="Also what was exported before.")
@data_option
def export_(
    settings: Settings,
    file: Path,
    format_name: str,
    status: str,
    since: datetime | None,
    until: datetime | None,
    again: bool,
) -> int:
    """Write decided documents to FILE for the accounting system."""
    written = export_documents(
        open_services(settings),
        format_name,
        status=status,
        since=_day(since),
        until=_day(until),
        again=again,
        deliver=file.write_bytes,
    )
    click.echo(f"{file}: {written.documents} documents ({written.name})")
    return 0


@coordinator.group()
def user() -> None:
    """Users of the browser pages."""


@user.command("forget-factor")
@click.argument("name")
@data_option
def user_forget_factor(settings: Settings, name: str) -> int:
    """Let NAME, whose authenticator app is lost, log in by password alone, once logged out everywhere."""
    services = open_services(settings)
    people = PeopleStore(services.db)
    found = next((one.user for one in people.all() if one.user.name.casefold() == name.casefold()), None)
    if found is None:
        raise NotFound(f"There is no user named '{name}'.")
    with transaction(services.db):
        FactorStore(services.db).remove(found.id)
        people.log_out_everywhere(found.id)
        record(services.db, "user_forget_factor", actor="command line", user=found.name)
    click.echo(f"{found.name} logs in by password alone until a second factor is set up again.")
    return 0


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.password_option(help="At least 12 characters; asked for when not given.")
@data_option
def user_add(settings: Settings, name: str, role: str, password: str) -> int:
    """Make a user; the password is asked for."""
    services: Services = open_services(settings)
    demand_unknown_to_thieves(password, settings.server.breached_passwords)
    with transaction(services.db):
        made = UserStore(services.db).add(name, password, Role(role))
        record(services.db, "user_added", actor="command line", user=made.name, role=made.role.value)
    click.echo(f"{name} can now log in as {role}.")
    return 0


@coordinator.command("evaluate")
@click.argument("truth", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", "facet", type=click.Choice(evaluating.FACETS), help="Show the figures of each group too.")
@click.option("--worst", type=click.IntRange(0), default=10, show_default=True, help="Show so many of the worst.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write one HTML page with every miss.")
@data_option
def evaluate_(settings: Settings, truth: Path, facet: str | None, worst: int, report: Path | None) -> int:
    """Read the documents that TRUTH (JSON lines) tells of and show how right the readings are."""
    truths = evaluating.truths_in(truth)
    found = evaluating.evaluate(truths, truth.parent, settings.reading, _progress, pictures=report is not None)
    groups = evaluating.groups_of(found, facet)
    click.echo(evaluating.as_text(groups))
    if worst:
        click.echo("\n" + evaluating.worst_as_text(evaluating.worst_of(found, worst)))
    if report is not None:
        page = evaluating.as_page(groups, evaluating.worst_of(found, len(found)), f"Evaluation of {truth.name}")
        report.write_text(page, encoding="utf-8")
        click.echo(f"\nEvery miss is shown in {report}.")
    return FAILED if any(one.score.error for one in found) else 0


@coordinator.command("backtest")
@click.option("--set", "pairs", multiple=True, required=True, help="SETTING=VALUE, e.g. tolerance.price_percent=3.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only documents received from this day on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@data_option
def backtest_(settings: Settings, pairs: tuple[str, ...], since: datetime | None, as_json: bool) -> int:
    """Say what other settings would have changed about past documents; nothing is written."""
    services = open_services(settings)
    other = changed(services.policy, backtesting.settings_given(pairs))
    found = backtest(services.db, services.policy, other, _day(since), _replayed)
    click.echo(json.dumps(backtesting.as_plain(found), ensure_ascii=False) if as_json else backtesting.as_text(found))
    return 0


@coordinator.group()
def policy() -> None:
    """Versions of the policy: tolerances, limits, severities."""


@policy.command("history")
@data_option
def policy_history(settings: Settings) -> int:
    """Every version, newest first, with what it changed, who made it and why."""
    click.echo(backtesting.history_as_text(PolicyStore(open_services(settings).db).all()))
    return 0


@policy.command("set")
@click.argument("pairs", nargs=-1, required=True, metavar="SETTING=VALUE...")
@click.option("--user", "actor", required=True, help="Who changes it.")
@click.option("--note", required=True, help="Why.")
@data_option
def policy_set(settings: Settings, pairs: tuple[str, ...], actor: str, note: str) -> int:
    """Put other settings in force, as a new version; `backtest` says before what that would change."""
    services = open_services(settings)
    return _put_in_force(services, changed(services.policy, backtesting.settings_given(pairs)), actor, note)


@policy.command("back")
@click.argument("number", type=int)
@click.option("--user", "actor", required=True, help="Who changes it.")
@data_option
def policy_back(settings: Settings, number: int, actor: str) -> int:
    """Go back to version NUMBER: a new version with its content."""
    services = open_services(settings)
    old = PolicyStore(services.db).version(number)
    return _put_in_force(services, old.policy, actor, f"back to version {number}")


@coordinator.command("doctor")
@data_option
def doctor_(settings: Settings) -> int:
    """Look whether everything is there and whole: tesseract, languages, disk, files against database."""
    findings = doctor.examine(open_services(settings))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.good else 'FAULT'} {finding.what}: {finding.message}")
    return 0 if all(finding.good for finding in findings) else FAILED


for command in operations.COMMANDS:
    coordinator.add_command(command)


def main() -> None:
    """Run a command; no traceback ever reaches a user."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        sys.exit(coordinator(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USAGE)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(FAILED)
    except SettingsError as error:
        click.echo(f"Settings: {error.message}", err=True)
        sys.exit(WRONG_USAGE)
    except CoordinatorError as error:
        click.echo(error.message, err=True)
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"{error.filename or 'The system'}: {error.strerror or error}", err=True)
        sys.exit(FAILED)


def _show(found: dict[str, Any], as_json: bool, describe: Callable[[dict[str, Any]], str]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else describe(found))


def _put_in_force(services: Services, wanted: Policy, actor: str, note: str) -> int:
    admins = [user.name for user in UserStore(services.db).all() if user.role is Role.ADMIN]
    if actor not in admins:
        click.echo(f"'{actor}' is no user with the role admin; only these change the policy.", err=True)
        return FAILED
    for warning in backtesting.unknown_parties(RecordStore(services.db), wanted):
        click.echo(warning, err=True)
    PolicyStore(services.db).put_in_force(wanted, services.policy, actor, services.now(), note)
    click.echo(f"The policy {wanted.version} is in force for every document that is decided from now on.")
    return 0


def _replayed(done: int, every: int) -> None:
    if sys.stderr.isatty() and (done == every or done % 50 == 0):
        click.echo(f"\r{done} of {every} decisions replayed", err=True, nl=done == every)


def _progress(message: str) -> None:
    click.echo(message, err=True)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
