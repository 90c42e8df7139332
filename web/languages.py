"""The languages of the interface: which one a reader gets, and its catalogue of messages.

English is the language of the source. Every other language is one file,
`translations/<language>/LC_MESSAGES/messages.po`; it is compiled in memory when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, force_locale, get_locale

SOURCE_LANGUAGE = "en"
FOLDER = Path(__file__).parent / "translations"
TERRITORIES = {"en": "GB"}
"""Whose way of writing dates and amounts a bare language means, where it is not that of babel's own data."""


def gettext(text: str, /, **values: object) -> str:
    """A text in the language that is spoken, `%(name)s` in it filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The same for a text that counts something; `%(num)s` is the number."""
    return str(flask_babel.ngettext(one, many, number, **values))


def lazy_gettext(text: str) -> str:
    """A text of a module's table, translated whenever it is shown."""
    lazy: str = flask_babel.lazy_gettext(text)
    return lazy


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages that can be chosen: the source's and every one that has a catalogue."""
    others = sorted(file.parent.parent.name for file in FOLDER.glob("*/LC_MESSAGES/messages.po"))
    return (SOURCE_LANGUAGE, *others)


def language_names() -> dict[str, str]:
    """Each language by its own name, as people look for it in a list: `de` is Deutsch."""
    return {code: (Locale(code).get_display_name(code) or code).capitalize() for code in languages()}


@lru_cache
def catalogue(language: str) -> Catalog:
    """The messages of a language, with what translators see: places, comments."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@lru_cache
def translations(language: str) -> NullTranslations:
    """The messages of a language, ready for use; the source's are the texts themselves."""
    if language not in languages() or language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache
def script_texts(language: str) -> dict[str, str]:
    """What the pages' scripts say, by their English texts; empty for English."""
    if language not in languages() or language == SOURCE_LANGUAGE:
        return {}
    told = (one for one in catalogue(language) if any(place.endswith(".js") for place, _ in one.locations))
    return {one.id: one.string for one in told if isinstance(one.id, str) and isinstance(one.string, str)}


@dataclass(frozen=True, slots=True)
class Tongue:
    """What a reader is told in, and how dates and amounts are written for them."""

    language: str
    """Of the words: one that has a catalogue."""
    locale: str
    """Of dates and numbers; another language's where the reader's own has no catalogue yet."""


def choose_tongue(own: str, accepted: Iterable[str], house: str) -> Tongue:
    """A reader's own choice, else what their browser asks for, else the house's language.

    The browser also says whose dates and amounts they are (`en-US`, `de-AT`); a language that has no catalogue yet
    still writes its dates and amounts as its readers do.
    """
    asked = [locale for locale in map(_locale, accepted) if locale]
    known = next((locale.language for locale in asked if locale.language in languages()), "")
    language = next((one for one in (own, known, house) if one in languages()), SOURCE_LANGUAGE)
    if not own and not known and asked:
        return Tongue(language, str(asked[0]))
    near = next((locale for locale in asked if locale.language == language and locale.territory), None)
    return Tongue(language, str(near or _plain(language)))


class _Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's messages, from `.po` files compiled in memory."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return translations(locale.language if locale else SOURCE_LANGUAGE)


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Catalogues()


def speak(app: Flask, select: Callable[[], str], house: str) -> None:
    """Have an application's pages speak the language that `select` chooses for each request."""
    _Babel(app, default_locale=str(_plain(house)), locale_selector=select)
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def spoken() -> str:
    """The language that is being spoken: the request's, that of `in_language`, else English."""
    locale = get_locale()
    return locale.language if locale and locale.language in languages() else SOURCE_LANGUAGE


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Speak a language outside a request, or another than the request's: mails, alarms."""
    with _voice().app_context(), force_locale(str(_plain(language))):
        yield


@lru_cache
def _voice() -> Flask:
    app = Flask(__name__)
    speak(app, lambda: SOURCE_LANGUAGE, SOURCE_LANGUAGE)
    return app


def _plain(language: str) -> Locale:
    return Locale(language, TERRITORIES.get(language))


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
