"""Catalogues are whole and current, and no text of the pages stands outside them."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import flask_babel
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from office import add_document, add_failed, invoice, value
from visitor import Visitor

from web import history_words, phrases, policy_form, questions, reasons, told, words
from web.door_phrases import DOOR_PHRASES
from web.languages import FOLDER, catalogue, in_language, languages
from web.phrases import PHRASES, SENTENCES
from web.services import Services
from web.views import queue

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*(?:![rs])?\}|</?\w+[^>]*>")
OTHERS = [language for language in languages() if language != "en"]


def texts(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def told_in(catalog: Catalog) -> dict[str, Message]:
    return {texts(message)[0]: message for message in catalog if message.id}


@pytest.fixture(scope="module")
def template() -> dict[str, Message]:
    with (FOLDER / "messages.pot").open("rb") as file:
        return told_in(read_po(file))


def test_the_template_is_what_the_sources_say(template: dict[str, Message], tmp_path: Path) -> None:
    out = tmp_path / "now.pot"
    subprocess.run(["sh", ".ci/texts", str(out)], cwd=ROOT, check=True, capture_output=True)
    with out.open("rb") as file:
        now = told_in(read_po(file))
    assert set(now) == set(template), "run `make texts`, then translate what is new"
    assert {name: one.locations for name, one in now.items()} == {n: o.locations for n, o in template.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_its_values(template: dict[str, Message], language: str) -> None:
    known = told_in(catalogue(language))
    assert set(known) == set(template)
    wrong = []
    for name, message in known.items():
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy or not all(said):
            wrong.append(name)
        for source, translation in zip(texts(message), said, strict=True):
            # a plural may leave its number out: "Came once"
            needed, given = (Counter(PLACEHOLDER.findall(text)) for text in (source, translation))
            if set(given) - set(needed) or (isinstance(message.id, str) and needed != given and name not in FREER):
                wrong.append(f"{source} -> {translation}")
            if source[:1].isspace() != translation[:1].isspace() or source[-1:].isspace() != translation[-1:].isspace():
                wrong.append(f"blanks: {source} -> {translation}")
    assert wrong == []


FREER = {
    "This account was {state} by {decided_by} meanwhile.",
    "There is no {party} '{party_id}' on file.",
    "The {what} has at most {longest_text} characters; this one has {length}.",
}
"""Texts with an English word among their values, which another language says otherwise."""


STYLES = {"rule strong"}
"""Class names that a macro is given."""


class Literals:
    """The words of a template that stand outside `_()` and `{% trans %}`."""

    WORD = re.compile(r"[^\W\d_]{2,}")
    SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"{]*)"')
    NAMES = re.compile(r"Invoicing Coordinator|<code>.*?</code>|<kbd>.*?</kbd>|&\w+;|\(UBL\)|Esc\b", re.DOTALL)

    def __init__(self, source: str) -> None:
        self.tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source)

    def found(self) -> Iterator[str]:
        parts = (node.data if isinstance(node, nodes.TemplateData) else "{}" for node in self.said())
        html = self.NAMES.sub("", "".join(parts))
        for attribute in self.SPOKEN.findall(html):
            if self.WORD.search(attribute):
                yield attribute
        plain = re.sub(r"<(script|style|symbol)\b.*?</\1>|<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL)
        # what a block or macro adds to a tag that stands elsewhere
        plain = re.sub(r'[\w-]+="[^"]*"?|\bdata-\w+|\breadonly\b', " ", plain)
        for text in re.findall(r">?([^<>{}]+)", plain):
            if self.WORD.search(text):
                yield text.strip()
        for constant in self.constants():
            if re.search(r"[A-Za-z]{3,} [a-z]{2,}|^[A-Z][a-z]{2,}", constant) and constant not in STYLES:
                yield constant

    def said(self) -> Iterator[nodes.Node]:
        for output in self.tree.find_all(nodes.Output):
            yield from output.nodes

    def constants(self) -> Iterator[str]:
        """Strings that a template shows by an expression, and not by a call of `_`, `url_for` and their like."""
        for node in self.said():
            yield from self._shown(node)
        for loop in self.tree.find_all(nodes.For):
            for listed in loop.iter.find_all((nodes.Tuple, nodes.List)):
                yield from (each.value for each in listed.items if isinstance(each, nodes.Const) and each.value)

    def _shown(self, node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, nodes.CondExpr):
            yield from self._shown(node.expr1)
            yield from self._shown(node.expr2) if node.expr2 else ()
        elif isinstance(node, nodes.Or | nodes.Concat | nodes.Add):
            for child in node.iter_child_nodes():
                yield from self._shown(child)
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            for argument in node.args if node.node.name not in ("_", "gettext", "ngettext", "url_for") else ():
                yield from self._shown(argument)


@pytest.mark.parametrize("name", sorted(str(f.relative_to(ROOT / "web")) for f in ROOT.glob("web/templates/**/*.html")))
def test_no_template_has_words_of_its_own(name: str) -> None:
    if name.endswith("evaluation.html"):
        return  # a report of the command line, which speaks English
    assert list(Literals((ROOT / "web" / name).read_text("utf-8")).found()) == []


def test_the_lint_sees_what_is_not_marked() -> None:
    page = (
        """<p title="Some words">{{ _('Marked') }} Left {{ 'Bare words' if x else y }}</p>{% trans %}In{% endtrans %}"""
    )
    assert set(Literals(page).found()) == {"Some words", "Left", "Bare words"}


def test_no_script_has_words_of_its_own() -> None:
    bare = []
    for script in sorted((ROOT / "web/static").glob("*.js")):
        source = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text("utf-8"), flags=re.DOTALL)
        for match in re.finditer(r"""(?<!\b_\()(["`'])((?:(?!\1|\n).)*)\1""", source):
            if re.search(r"[A-Z][a-z]+ [a-z]+|[a-z]{3,} [a-z]{3,} [a-z]{2,}", match[2]) and not KNOWN_STRINGS.search(
                match[2]
            ):
                bare.append(f"{script.name}: {match[2]}")
    assert bare == []


KNOWN_STRINGS = re.compile(r"^[.#\[a-z-]+[ ,>\[#.]|\[data-|^pasted |^\$\{_\(")
"""Selectors, class names, and the name of a pasted file."""


@pytest.mark.parametrize("module", [words, history_words, phrases, policy_form, questions, reasons, queue])
def test_tables_of_words_are_translated_when_they_are_shown(module: Any) -> None:
    # PHRASES and REASONS are kept in English, and told in the reader's language
    kinds = {"TYPED", "CELL_KINDS", "KINDS", "CAPITAL_NOUNS", "PHRASES", "REASONS"}
    bare: list[str] = []
    for name, table in vars(module).items():
        if name.isupper() and name not in kinds:
            bare += [f"{name}: {text}" for text in plain_words(table)]
    assert [one for one in bare if re.search(r": (?=.*[a-z]{3})[A-Z ]", one)] == []


def plain_words(table: Any) -> Iterator[str]:
    if isinstance(table, flask_babel.speaklater.LazyString):
        return
    if isinstance(table, str) and not hasattr(table, "value"):
        yield table
    elif isinstance(table, dict):
        for one in table.values():
            yield from plain_words(one)
    elif isinstance(table, tuple | list):
        for one in table:
            yield from plain_words(one)
    elif isinstance(table, reasons.Reason):
        yield from plain_words(table.text)
    elif isinstance(table, policy_form.Setting):
        yield from plain_words((table.label, table.help))


def kept_phrases() -> Iterator[str]:
    """The constants that matching keeps as the reason of a check that could not run, and as evidence."""
    for file in (ROOT / "matching").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "not_checked":
                for each in ast.walk(node.value):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value.strip():
                        yield each.value
    weights = tomllib.loads((ROOT / "matching/weights.toml").read_text("utf-8"))
    for name, levels in weights["party"].items():
        for level in levels:
            if level not in ("not stated", "misread", "tax number only", "says nothing", "any record"):
                yield f"{name.replace('_', ' ')} {level}"


def test_what_matching_keeps_in_english_is_known_to_the_catalogues() -> None:
    with in_language("de"):
        unknown = [one for one in kept_phrases() if told.phrase(one) == one and "{" not in one]
    # the number of a constant stands apart from its words in the source
    assert [one for one in unknown if not any(one.strip() in pattern for pattern in PHRASES)] == []


def test_every_code_has_a_sentence() -> None:
    assert set(words.CODES) <= set(SENTENCES)
    assert len(set(PHRASES)) == len(PHRASES) and len(set(DOOR_PHRASES)) == len(DOOR_PHRASES)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("fewer than 5 approved invoices to compare with", "weniger als 5 freigegebene Rechnungen zum Vergleich"),
        ("order PO-1: there is no supplier 'S-9'; import the suppliers first",
         "Bestellung PO-1: den Lieferanten 'S-9' gibt es nicht; importieren Sie zuerst die Lieferanten"),
        ("The folder sang.", "The folder sang."),
        ("", ""),
    ],
)  # fmt: skip
def test_a_kept_phrase_is_found_by_its_form(kept: str, shown: str) -> None:
    with in_language("de"):
        assert shown in (told.phrase(kept), told.door_phrase(kept))
    assert told.phrase(kept) == told.door_phrase(kept) == kept


class TextNodes(HTMLParser):
    """The texts of a page, with what is read aloud."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.skipped = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in ("script", "style")
        self.texts |= {v or "" for n, v in attrs if n in ("aria-label", "title", "placeholder", "alt")}

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.texts.add(" ".join(data.split()))


PAGES = (
    "/", "/queue", "/queue?tab=approved", "/queue/causes", "/documents/1", "/documents/2", "/documents/3",
    "/upload", "/inbox", "/records/suppliers", "/records/customers", "/records/orders", "/records/orders/PO-7001",
    "/records/suppliers/S-1", "/records/import", "/records/new/suppliers?document=2", "/records/edit/customers/C-1",
    "/export", "/settings", "/settings/versions/1", "/users", "/account", "/account/second-factor", "/accounts",
    "/no-such-page",
)  # fmt: skip


def test_german_pages_say_nothing_in_english(
    visit: Callable[..., Visitor], services: Services, template: dict[str, Message]
) -> None:
    add_document(services, invoice())
    unsure = invoice("HM-2", order="PO-9999")
    unsure.fields["seller_iban"] = value("GB33BUKB20201555555556")
    add_document(services, unsure, "second.pdf")
    add_failed(services)
    browser = visit("admin")
    browser.post("/account/language", language="de")
    german = {message.string for message in catalogue("de") if isinstance(message.string, str)}
    names = {"admin", "approver", "coordinator", "viewer"}  # of users, too
    english = {text for message in template.values() for text in texts(message)} - german - names
    left = {}
    for address in PAGES:
        answer = browser.get(address, headers={"Accept-Language": "de"})
        assert '<html lang="de">' in answer.text, address
        if found := english & TextNodes(answer.text).texts:
            left[address] = found
    assert left == {}


TRANSLATED = {
    "gettext",
    "ngettext",
    "lazy_gettext",
    "_",
    "_kept",
    "RuntimeError",
    "error",
    "info",
    "warning",
    "exception",
}
PAGE_MODULES = (
    "answers",
    "approving",
    "beside",
    "causes",
    "presenters",
    "questions",
    "review_page",
    "talk_page",
    "told",
)


@pytest.mark.parametrize(
    "name",
    [*(f"web/{one}.py" for one in PAGE_MODULES), *sorted(f"web/views/{f.name}" for f in ROOT.glob("web/views/*.py"))],
)
def test_no_view_says_something_that_is_not_translated(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    bare = []
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.Constant | ast.JoinedStr) else ""
        if re.match(r"""f?['"](?:\{[^}]*\} )?[A-Z]?[a-z]+ [a-z]+ [a-z]+""", text) and not marked(node, above):
            bare.append(text)
    assert [text for text in bare if text not in KEPT_ENGLISH] == []


KEPT_ENGLISH = {
    "'Two people approve such an amount. Nobody else can, so your password is asked again; '",
    "'with its password'",
    "f'back to version {number}'",
    "'back to version '",
}
"""Told by `told.phrase`, whole or as it is kept."""


def marked(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a string is a documentation, or goes through a call that translates it: `gettext`, an error, the log."""
    while (node := above.get(node, tree_top)) is not tree_top:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if called in TRANSLATED or called[:1].isupper():
                return True
    return False


tree_top = ast.Module(body=[], type_ignores=[])
