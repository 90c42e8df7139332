"""What the commands share: the option that names the data folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from web.settings import load_settings

F = TypeVar("F", bound=Callable[..., Any])

FAILED, WRONG_USAGE = 1, 2


def data_option(command: F) -> F:
    """Add `--data DIR` and hand the command the settings of that folder."""

    @click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="COORDINATOR_DATA",
        help="The data folder (database, originals, settings.toml). Default: ./data, or COORDINATOR_DATA.",
    )
    @click.pass_context
    @wraps(command)
    def wrapped(context: click.Context, /, data: Path | None, **arguments: Any) -> Any:
        return command(settings=load_settings(data or context.obj), **arguments)

    return wrapped  # type: ignore[return-value]
