"""One module for each thing a person does; BLUEPRINTS is the list."""

from __future__ import annotations

from flask import Blueprint

from web.views import (
    accounts,
    api,
    causes,
    decide,
    editing,
    export,
    health,
    home,
    importing,
    inbox,
    inquiry,
    letter,
    login,
    pages,
    people,
    queue,
    records,
    review,
    second,
    settings,
    talk,
    upload,
    users,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    login.blueprint,
    home.blueprint,
    queue.blueprint,
    causes.blueprint,
    upload.blueprint,
    upload.pieces,
    inbox.blueprint,
    review.blueprint,
    decide.blueprint,
    pages.blueprint,
    people.blueprint,
    accounts.blueprint,
    second.blueprint,
    talk.blueprint,
    inquiry.blueprint,
    letter.blueprint,
    importing.blueprint,
    editing.blueprint,
    records.blueprint,
    export.blueprint,
    settings.blueprint,
    users.blueprint,
    api.blueprint,
    api.pieces,
)
