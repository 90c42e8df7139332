"""The sample documents: what each is, how it looks, and what the service must make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal as D

from samples import degrade, einvoice, layouts, parties
from samples.model import Invoice, Line

HOUR, METRE, BOX = "HUR", "MTR", "XBX"


@dataclass(frozen=True, slots=True)
class Case:
    """One sample document."""

    name: str
    shows: str
    invoice: Invoice
    make: Callable[[Invoice], bytes]
    status: tuple[str, ...]
    """Statuses that are right; more than one where reading a poor picture decides."""
    codes: tuple[str, ...] = ()
    supplier: str = ""
    orders: tuple[str, ...] = ()
    must_read: tuple[str, ...] | None = None
    """Fields of the truth that must be read; None: all of them (poor pictures promise less)."""
    lines_read: bool = True
    beside: tuple[str, ...] = ()
    """Codes that may stand beside them: a picture is read with doubt."""
    fault: str = ""
    """Code of the error when the file cannot be read."""


def _line(text: str, number: str, price: str, rate: str = "19", *, sku: str = "", unit: str = "H87", as_: str = "",
          more: tuple[str, ...] = ()) -> Line:  # fmt: skip
    return Line(text, D(number), D(price), D(rate), sku, unit, as_, more)


KESSLER_LINES = (
    _line("Spiralbohrer HSS-Co 8,5 mm", "20", "6.85", sku="KW-20085", as_="Stk",
          more=("DIN 338, Kegelmantelschliff", "Verpackung: 10 Stück")),
    _line("Wendeschneidplatte CNMG 120408", "50", "9.40", sku="KW-31120", as_="Stk"),
    _line("Kühlschmierstoff Konzentrat 20 l", "2", "118.00", sku="KW-77020", as_="Stk"),
)  # fmt: skip
MOREAU_LINES = (
    _line("Panneau acoustique chêne 1200 x 600", "12", "84.50", "20", sku="AM-4410"),
    _line("Manuel de pose, édition reliée", "4", "18.00", "5.5", sku="AM-9001", more=("ISBN 978-2-0000-0000-2",)),
    _line("Fixation murale (lot de 10)", "6", "22.90", "20", sku="AM-4479"),
)
PAPER = ("A4 copier paper 80 gsm white", "A3 copier paper 80 gsm white", "C4 envelopes manilla box 250",
         "DL envelopes window box 500", "Lever arch file A4 blue", "Lever arch file A4 red", "Ring binder A5 black",
         "Document wallet foolscap green", "Self-adhesive labels 63.5 x 38.1", "Thermal rolls 80 x 80 box 20",
         "Flip chart pad A1 plain", "Notebook A5 ruled hardback", "Sticky notes 76 x 76 pack 12",
         "Index cards 127 x 76", "Laminating pouches A4 150 micron", "Archive box standard")  # fmt: skip
NORTHGATE_LINES = tuple(
    _line(f"{text}{variant}", str(5 + (7 * number) % 23), f"{2 + (number * 137) % 19}.{(number * 35) % 100:02d}", "20",
          sku=f"NP{10400 + 7 * number}", unit="XBX" if "box" in text else "H87", as_="box" if "box" in text else "ea")
    for number, (text, variant) in enumerate((t, v) for v in ("", " - bulk") for t in PAPER)
)  # fmt: skip

CLEAN_GERMAN = Invoice(
    "RE-2026-04417", date(2026, 11, 9), parties.KESSLER, parties.COMPANY, KESSLER_LINES, "de",
    order="4500081001", due=date(2026, 12, 9), terms="30 Tage netto", terms_days=30, delivered=date(2026, 11, 6),
    delivery_note="LS-88120", customer_number="10442",
)  # fmt: skip
CLEAN_FRENCH = Invoice(
    "F2026-1187", date(2026, 11, 5), parties.MOREAU, parties.COMPANY_FR, MOREAU_LINES, "fr",
    order="CA-26-0310", due=date(2026, 12, 5), terms="30 jours net", terms_days=30,
)  # fmt: skip
LONG_ENGLISH = Invoice(
    "INV-20933", date(2026, 11, 12), parties.NORTHGATE, parties.COMPANY_UK, NORTHGATE_LINES, "en", "GBP",
    order="UK-5177", due=date(2026, 12, 12), terms="30 days net", terms_days=30, customer_number="ALM004",
)  # fmt: skip
HYBRID_GERMAN = replace(
    CLEAN_GERMAN, number="RE-2026-04466", issued=date(2026, 11, 13), due=date(2026, 12, 13), order="4500081002",
    delivered=date(2026, 11, 12), delivery_note="", customer_number="",
    lines=(_line("Schaftfräser VHM 12 mm 4-schneidig", "15", "64.20", sku="KW-40012", as_="Stk"),
           _line("Spannzange ER32 12 mm", "8", "21.75", sku="KW-50321", as_="Stk")),
)  # fmt: skip
DUTCH_UBL = Invoice(
    "2026-0815", date(2026, 11, 10), parties.VAN_DIJK, parties.COMPANY,
    (_line("Koudemiddel R449A 10 kg fles", "3", "412.00", "0", sku="VD-449"),
     _line("Onderhoud koelcel, arbeid", "6", "88.00", "0", sku="VD-SRV", unit=HOUR)),
    "nl", order="4500081003", due=date(2026, 11, 24), terms="14 dagen netto", terms_days=14,
)  # fmt: skip
GERMAN_CII = replace(
    CLEAN_GERMAN, number="RE-2026-04502", issued=date(2026, 11, 17), due=date(2026, 12, 17), order="4500081004",
    delivered=date(2026, 11, 16), delivery_note="", customer_number="",
    lines=(_line("Gewindebohrer M10 HSS-E", "10", "17.30", sku="KW-21010", as_="Stk"),),
)  # fmt: skip
PRICE_SCAN = replace(
    CLEAN_GERMAN, number="RE-2026-04519", issued=date(2026, 11, 18), due=date(2026, 12, 18), order="4500081005",
    delivered=date(2026, 11, 17), delivery_note="LS-88204",
    lines=(_line("Messschieber digital 150 mm", "6", "48.90", sku="KW-60150", as_="Stk"),
           _line("Endmaßsatz Stahl 87-teilig", "1", "389.00", sku="KW-60187", as_="Stk")),
)  # fmt: skip
PHOTO = Invoice(
    "INV-20977", date(2026, 11, 16), parties.NORTHGATE, parties.COMPANY_UK,
    (_line("Lever arch file A4 blue", "40", "2.15", "20", sku="NP10428"),
     _line("Archive box standard", "25", "3.40", "20", sku="NP10505")),
    "en", "GBP", order="UK-5190", due=date(2026, 12, 16), terms="30 days net", terms_days=30,
)  # fmt: skip
PRICE_HIGHER = Invoice(
    "INV-20981", date(2026, 11, 17), parties.NORTHGATE, parties.COMPANY_UK,
    (_line("Thermal rolls 80 x 80 box 20", "10", "15.60", "20", sku="NP10463", unit=BOX),
     _line("Flip chart pad A1 plain", "12", "7.20", "20", sku="NP10470")),
    "en", "GBP", order="UK-5191", due=date(2026, 12, 17), terms="30 days net", terms_days=30,
)  # fmt: skip
NOT_RECEIVED = replace(
    CLEAN_GERMAN, number="RE-2026-04528", issued=date(2026, 11, 19), due=date(2026, 12, 19), order="4500081006",
    delivered=date(2026, 11, 18), delivery_note="LS-88231",
    lines=(_line("Schutzbrille Klarsicht EN 166", "60", "4.95", sku="KW-90166", as_="Stk"),),
)  # fmt: skip
UNKNOWN = Invoice(
    "2026/3391", date(2026, 11, 12), parties.RHEINLAND, parties.COMPANY,
    (_line("Bürostuhl Ergo 400 schwarz", "2", "249.00"), _line("Stehpult höhenverstellbar", "1", "415.00")),
    "de", due=date(2026, 11, 26), terms="zahlbar innerhalb 14 Tagen ohne Abzug", terms_days=14,
)  # fmt: skip
NEW_ACCOUNT = replace(
    CLEAN_FRENCH, number="F2026-1203", issued=date(2026, 11, 18), due=date(2026, 12, 18), order="CA-26-0322",
    seller=parties.MOREAU_NEW_ACCOUNT, note="Attention : nouvelles coordonnées bancaires",
    lines=(_line("Panneau acoustique chêne 1200 x 600", "8", "84.50", "20", sku="AM-4410"),),
)  # fmt: skip
NO_ORDER = Invoice(
    "2026-0822", date(2026, 11, 18), parties.VAN_DIJK, parties.COMPANY,
    (_line("Verdamper plafondmodel 4 kW", "1", "1640.00", "0", as_="st"),
     _line("Leidingwerk koper 15 mm", "24", "11.50", "0", as_="m", unit=METRE)),
    "nl", due=date(2026, 12, 2), terms="14 dagen netto", terms_days=14, note="BTW verlegd",
)  # fmt: skip
CLEANING = Invoice(
    "26-1107", date(2026, 11, 2), parties.PUTZBLITZ, parties.COMPANY,
    (_line("Unterhaltsreinigung Büro Oktober 2026", "1", "390.00", as_="Psch.", unit="LS"),),
    "de", due=date(2026, 11, 16), terms="14 Tage netto", terms_days=14, period=(date(2026, 10, 1), date(2026, 10, 31)),
)  # fmt: skip
CREDIT = replace(
    CLEAN_GERMAN, number="GS-2026-0071", issued=date(2026, 11, 20), due=None, terms="", kind="credit_note",
    preceding="RE-2026-04417", delivered=None, delivery_note="", lines=(replace(KESSLER_LINES[1], quantity=D(5)),),
)  # fmt: skip
SPANISH = Invoice(
    "A-2026/0588", date(2026, 11, 11), parties.IBANEZ, parties.COMPANY,
    (_line("Mecanizado de brida DN80 según plano", "24", "37.60", "0", sku="TI-DN80"),
     _line("Tratamiento térmico por lote", "2", "145.00", "0", sku="TI-TT")),
    "es", order="4500081007", due=date(2027, 1, 10), terms="60 días", terms_days=60,
    note="Entrega intracomunitaria exenta de IVA",
)  # fmt: skip
TWIN = replace(SPANISH, number="A-2026/0589")
POLISH = Invoice(
    "FV/2026/11/042", date(2026, 11, 13), parties.WISLA, parties.COMPANY,
    (_line("Katalog produktowy A4, 64 strony", "1500", "7.85", "23", sku="DW-K64"),
     _line("Ulotka składana DL", "5000", "0.42", "23", sku="DW-UDL")),
    "pl", "PLN", order="4500081008", due=date(2026, 12, 13), terms="30 dni", terms_days=30,
)  # fmt: skip
FAX = Invoice(
    "417/2026", date(2026, 11, 6), parties.BELLINI, parties.COMPANY,
    (_line("Boccola in bronzo Ø 40", "30", "12.80", "0", sku="OB-B40"),
     _line("Albero rettificato 600 mm", "4", "96.00", "0", sku="OB-A600")),
    "it", order="4500081009", due=date(2026, 12, 6), terms="30 giorni", terms_days=30,
    note="Operazione non imponibile art. 41",
)  # fmt: skip
FREIGHT = Invoice(
    "91004417", date(2026, 11, 16), parties.BRANDT, parties.COMPANY,
    (_line("Transport Reutlingen - Winterthur, Palette", "3", "185.00", "8.1", sku="BL-TP"),),
    "de", "CHF", order="4500081010", due=date(2026, 12, 16), terms="30 Tage netto", terms_days=30,
    freight=D("42.50"), freight_word="Zuschlag Treibstoff", untold=("seller_vat_id",),
)  # fmt: skip
WRONG_SUM = replace(
    CLEAN_GERMAN, number="RE-2026-04540", issued=date(2026, 11, 20), due=date(2026, 12, 20), order="4500081002",
    delivered=None, delivery_note="", wrong_gross=D(90),
    lines=(_line("Schaftfräser VHM 12 mm 4-schneidig", "5", "64.20", sku="KW-40012", as_="Stk"),),
)  # fmt: skip
DUNNING = replace(
    CLEAN_GERMAN, number="", issued=date(2026, 11, 21), due=date(2026, 10, 8), kind="reminder", order="",
    preceding="RE-2026-03988", note="Sicher haben Sie übersehen, dass die folgende Rechnung noch offen ist:",
)  # fmt: skip

POOR = ("invoice_number", "currency", "seller_name", "gross_total")


def _pdf(layout: layouts.Layout, *, serif: bool = False) -> Callable[[Invoice], bytes]:
    return lambda invoice: layouts.draw(invoice, layout, serif=serif)


def _scan(layout: layouts.Layout, dpi: int = 200, skew: float = 0.4) -> Callable[[Invoice], bytes]:
    def make(invoice: Invoice) -> bytes:
        pages = degrade.pictures(layouts.draw(invoice, layout), dpi)
        return degrade.image_pdf([degrade.scanned(page, skew=skew) for page in pages], dpi)

    return make


def _photo(invoice: Invoice) -> bytes:
    return degrade.jpeg(degrade.photographed(degrade.pictures(layouts.draw(invoice, layouts.plain), 190)[0]))


def _fax(invoice: Invoice) -> bytes:
    pages = degrade.pictures(layouts.draw(invoice, layouts.grid), 204)
    terms = degrade.pictures(layouts.draw(replace(invoice, note=""), layouts.terms_page), 204)
    return degrade.tiff([degrade.faxed(page) for page in (*pages, *terms)], 204)


def _mixed(invoice: Invoice) -> bytes:
    slip = degrade.pictures(layouts.draw(invoice, layouts.terms_page), 150)
    return degrade.joined(
        layouts.draw(invoice, layouts.letter), degrade.image_pdf([degrade.scanned(page) for page in slip], 150)
    )


def _png(invoice: Invoice) -> bytes:
    return degrade.png(
        degrade.scanned(degrade.pictures(layouts.draw(invoice, layouts.grid), 200)[0], skew=-0.3, noise=0), 200
    )


CASES: tuple[Case, ...] = (
    Case("01-kessler.pdf", "clean, vector, German letter", CLEAN_GERMAN, _pdf(layouts.letter),
         ("approved",), supplier="S-1001", orders=("4500081001",)),
    Case("02-moreau.pdf", "clean, vector, French, two tax rates", CLEAN_FRENCH, _pdf(layouts.grid, serif=True),
         ("approved",), supplier="S-1002", orders=("CA-26-0310",)),
    Case("03-northgate-two-pages.pdf", "clean, vector, English, 32 lines on two pages", LONG_ENGLISH,
         _pdf(layouts.long_list), ("approved",), supplier="S-1003", orders=("UK-5177",)),
    Case("04-kessler-factur-x.pdf", "clean, PDF with embedded CII (Factur-X)", HYBRID_GERMAN,
         lambda invoice: einvoice.hybrid(invoice, layouts.draw(invoice, layouts.band)),
         ("approved",), supplier="S-1001", orders=("4500081002",)),
    Case("05-van-dijk-ubl.xml", "clean, UBL, Dutch, reverse charge", DUTCH_UBL, einvoice.ubl,
         ("approved",), supplier="S-1004", orders=("4500081003",)),
    Case("06-kessler-cii.xml", "clean, CII", GERMAN_CII, einvoice.cii,
         ("approved",), supplier="S-1001", orders=("4500081004",)),
    Case("07-kessler-scan.pdf", "scan; one price above the order", PRICE_SCAN, _scan(layouts.letter),
         ("needs_review",), ("price_differs", "total_over_order"), "S-1001", ("4500081005",), must_read=POOR,
         beside=("low_confidence",)),
    Case("08-northgate-photo.jpg", "phone photo, nothing wrong with it", PHOTO, _photo,
         ("approved", "needs_review"), must_read=POOR, lines_read=False),
    Case("09-northgate-price.pdf", "price above the order", PRICE_HIGHER, _pdf(layouts.band),
         ("needs_review",), ("price_differs", "total_over_order"), "S-1003", ("UK-5191",)),
    Case("10-kessler-not-received.pdf", "more billed than came in", NOT_RECEIVED, _pdf(layouts.letter),
         ("needs_review",), ("quantity_over_received",), "S-1001", ("4500081006",)),
    Case("11-kessler-again-scan.pdf", "the first invoice once more, now on paper", CLEAN_GERMAN,
         _scan(layouts.letter, 200, -0.5), ("duplicate",), ("duplicate_invoice",), "S-1001", must_read=POOR,
         lines_read=False),
    Case("12-rheinland-unknown.pdf", "a supplier that nobody knows", UNKNOWN, _pdf(layouts.plain),
         ("needs_review",), ("supplier_unknown", "order_missing")),
    Case("13-moreau-new-account.pdf", "the bank account changed", NEW_ACCOUNT, _pdf(layouts.grid),
         ("needs_review",), ("bank_account_changed",), "S-1002", ("CA-26-0322",)),
    Case("14-van-dijk-no-order.pdf", "no order number; one order fits", NO_ORDER, _pdf(layouts.plain, serif=True),
         ("needs_review",), ("order_missing",), "S-1004"),
    Case("15-putzblitz.pdf", "no order needed up to a limit", CLEANING, _pdf(layouts.letter, serif=True),
         ("approved",), supplier="S-1005"),
    Case("16-kessler-credit.pdf", "credit note for part of the first invoice", CREDIT, _pdf(layouts.band),
         ("approved",), supplier="S-1001", orders=("4500081001",)),
    Case("17-ibanez.pdf", "clean, vector, Spanish", SPANISH, _pdf(layouts.band),
         ("approved",), supplier="S-1006", orders=("4500081007",)),
    Case("18-wisla.pdf", "clean, vector, Polish, zloty", POLISH, _pdf(layouts.grid),
         ("approved",), supplier="S-1007", orders=("4500081008",)),
    Case("19-bellini-fax.tif", "fax of two pages, Italian", FAX, _fax,
         ("approved", "needs_review"), must_read=POOR, lines_read=False),
    Case("20-brandt-freight.pdf", "a surcharge that was not ordered; second page is a scan", FREIGHT, _mixed,
         ("needs_review",), ("charge_differs",), "S-1008", ("4500081010",)),
    Case("21-kessler-wrong-sum.pdf", "does not add up", WRONG_SUM, _pdf(layouts.letter),
         ("needs_review",), ("totals_do_not_add_up",), "S-1001", ("4500081002",)),
    Case("22-kessler-reminder.pdf", "a payment reminder is no invoice", DUNNING, _pdf(layouts.reminder),
         ("needs_review",), ("not_an_invoice",), must_read=()),
    Case("23-ibanez-scan.png", "the Spanish invoice's twin under another number", TWIN,
         _png, ("needs_review",), ("duplicate_suspected",), must_read=POOR, lines_read=False,
         beside=("low_confidence",)),
    Case("24-cut-off.pdf", "a file that broke off on its way", CLEAN_FRENCH,
         lambda invoice: layouts.draw(invoice, layouts.band)[:9000], ("failed",), fault="damaged"),
    Case("25-locked.pdf", "a file that wants a password", CLEAN_FRENCH,
         lambda invoice: degrade.locked(layouts.draw(invoice, layouts.band), "geheim"), ("failed",), fault="encrypted"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RealDocument:
    """A document of a public collection, kept as it is; its source and licence stand in the README."""

    name: str
    shows: str
    fields: dict[str, str]
    """What can be seen on it and must be read."""
    codes: tuple[str, ...] = ("supplier_unknown",)
    """Discrepancies that must be told, among others."""


REAL: tuple[RealDocument, ...] = (
    RealDocument(
        "26-nexgen-real.pdf", "a form with ruled cells and handwriting, English, old",
        {"invoice_number": "3847193", "purchase_order": "15931", "gross_total": "293.52"},
        ("supplier_unknown", "date_implausible"),
    ),
    RealDocument(
        "27-contoso-real.png", "a picture; number, dates and amount only stand in a table's row",
        {"invoice_number": "34278587", "gross_total": "56651.49"},
    ),
    RealDocument(
        "28-contoso-dutch-real.png", "a small picture, Dutch, no currency printed, tax does not fit its rate",
        {"invoice_number": "1234567890", "gross_total": "110.00"},
        ("supplier_unknown", "missing_field"),
    ),
)  # fmt: skip
