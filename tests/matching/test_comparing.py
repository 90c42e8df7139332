"""How texts, numbers and units are compared: tables of pairs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction import FieldValue, LineItem
from matching import normalise, units
from matching.assignment import assign
from matching.charge_words import charge_kind
from matching.checksums import iban_valid, vat_valid
from matching.comparisons import compare_address, measures_differ, name_similarity, text_similarity
from matching.lines import invoice_line, slots
from matching.parties import PARTY_COMPARISONS, Standing, find_customer, find_supplier
from matching.records import Customer, OrderLine, PurchaseOrder, Supplier
from matching.references import PartyClues
from matching.rules import DISCREPANCY_RULES
from matching.weights import weights


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH", "MUELLER UND SOEHNE GMBH"),
        ("Zakład Brzoza Sp. z o.o.", "Zaklad Brzoza Sp.z.o.o."),
        ("De Waal Kabel B.V.", "De Waal Kabel BV"),
        ("Putzteam e.K.", "PUTZTEAM eK"),
        ("Dupont S.A.R.L.", "Dupont SARL"),
    ],
)
def test_company_names_that_are_one(one: str, other: str) -> None:
    assert normalise.company(one) == normalise.company(other)


def test_legal_forms_are_not_the_name() -> None:
    assert normalise.company_core("Kornblum GmbH & Co. KG") == "kornblum"
    assert normalise.company_core("AG") == "ag"
    assert normalise.company("Kornblum AG") != normalise.company("Kornblum GmbH")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("INV-0042", "inv 42", True),
        ("RE/2026/007", "RE-2026-7", True),
        ("0815", "815", True),
        ("2026-118", "2026-181", False),
        ("42", "420", False),
        ("A-0", "A", False),
    ],
)
def test_invoice_numbers(one: str, other: str, same: bool) -> None:
    assert (normalise.invoice_key(one) == normalise.invoice_key(other)) is same


def test_look_alikes_are_folded_in_order_numbers() -> None:
    assert normalise.folded("P0-26-O1O7") == normalise.folded("PO-26-0107")
    assert normalise.folded("45OOl8SB") == normalise.folded("45001858")
    assert normalise.folded("4500026002") != normalise.folded("4500026003")


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("KGM", "TNE", "0.001"),
        ("TNE", "KGM", "1000"),
        ("H87", "C62", "1"),
        ("Stk.", "H87", "1"),
        ("pcs", "EA", "1"),
        ("CEN", "H87", "100"),
        ("HUR", "MIN", "60"),
        ("m²", "MTK", "1"),
        ("ANN", "MON", "12"),
        ("Rolle", "Rolle", "1"),
        (None, "H87", "1"),
        ("KGM", "H87", None),
        ("MON", "DAY", None),
        ("Rolle", "H87", None),
        ("MTR", "MTK", None),
    ],
)
def test_units(one: str | None, other: str | None, factor: str | None) -> None:
    assert units.factor(one, other) == (Decimal(factor) if factor else None)


@pytest.mark.parametrize(
    ("printed", "equal", "differs"),
    [
        ("Industriestraße 48, 34123 Kassel, DE", True, False),
        ("Industriestr. 48, D-34123 Kassel", True, False),
        ("34123 Kassel, Industriestrasse 48", True, False),
        ("IndustriestraBe 48, 34123 Kassel", True, False),
        ("Industriestraße 84, 34123 Kassel", False, True),
        ("Industriestraße 48, 34125 Kassel", False, True),
        ("Am Güterbahnhof 3, 34117 Kassel", False, True),
        ("34123 Kassel", True, False),
        ("Kassel", False, False),
        ("DE", False, False),
        ("", False, False),
    ],
)
def test_addresses(printed: str, equal: bool, differs: bool) -> None:
    finding = compare_address(printed, "Industriestraße 48", "34123", "Kassel")
    assert (finding.equal, finding.differs) == (equal, differs)


CHARGES = (
    "Fracht|Frachtkosten|Versandkostenpauschale|Verpackung und Versand|Transportversicherung|Mindermengenzuschlag|"
    "Energiekostenzuschlag|Palettenpfand|Maut|Anfahrtspauschale|Porto und Verpackung|Versandkosten DHL|Frais de port|"
    "Frais d'emballage|Koszty transportu|Opłata za przesyłkę|Verzendkosten|Spese di spedizione|Gastos de envío|"
    "Freight charges|Delivery charge|Postage and packing|Small order surcharge|Fuel surcharge|Pallet deposit"
)
GOODS = (
    "Transportkarre|Verpackungsband|Transportbox 600x400|Double wall carton|Paletten 1200x800|Order book|"
    "Versandtasche C4|Diesel|Material|Express-Kleber 20 g|Freight container 20ft|"
    "Unterhaltsreinigung Verwaltung, monatlich"
)


@pytest.mark.parametrize("text", CHARGES.split("|"))
def test_charges(text: str) -> None:
    assert charge_kind(text) is not None


@pytest.mark.parametrize("text", GOODS.split("|"))
def test_goods_that_sound_like_charges(text: str) -> None:
    assert charge_kind(text) is None


def test_sizes_tell_goods_apart() -> None:
    assert measures_differ("Schraube M10x60", "Schraube M12x60")
    assert not measures_differ("Schraube M10x60", "Schraube M10x60, VE 200")
    assert text_similarity("Rohrschelle 1/2 Zoll", "Rohrschelle 3/4 Zoll") < 0.5
    assert name_similarity("Kornblurn Verbindungstechnik", "Kornblum Verbindungstechnik GmbH") > 0.9


def test_check_digits_have_three_answers() -> None:
    assert (iban_valid("DE17 2311 6708 0501 4737 27"), iban_valid("DE17231167080501473772"), iban_valid("47 11")) == (
        True,
        False,
        None,
    )
    assert (vat_valid("CHE-210.766.062 MWST"), vat_valid("DE320116411"), vat_valid("US-12")) == (True, False, None)


# ---------------------------------------------------------------- parties

A = Supplier(
    "A",
    "Alpha Technik GmbH",
    vat_id="DE320116410",
    iban=("DE17231167080501473727",),
    street="Weg 1",
    postal_code="10115",
    city="Berlin",
)
B = Supplier(
    "B",
    "Beta Handel AG",
    vat_id="DE316564847",
    iban=("DE49320163410771504477",),
    street="Platz 2",
    postal_code="20095",
    city="Hamburg",
)
A_TOO = Supplier("A2", "Alpha Technik GmbH", street="Allee 3", postal_code="50667", city="Köln")


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        (PartyClues(vat_ids=("DE320116410",)), "A"),
        (PartyClues(name="Ganz Neu GmbH", vat_ids=("DE 320116410",), ibans=A.iban), "A"),
        (PartyClues(name="Alpha Technik GmbH", vat_ids=("DE320116410",), ibans=B.iban), "A"),
        (PartyClues(name="Beta Handel AG", vat_ids=("DE320116410",)), Standing.AMBIGUOUS),
        (PartyClues(name="Alpha Technik GmbH"), Standing.AMBIGUOUS),
        (PartyClues(name="Ganz Neu GmbH", vat_ids=("DE320116410",)), Standing.AMBIGUOUS),
        (PartyClues(name="Ganz Neu GmbH", vat_ids=("DE320116410",), address="Weg 1, 10115 Berlin"), "A"),
        (PartyClues(name="Alpha Technik GmbH", address="Allee 3, 50667 Köln"), "A2"),
        (PartyClues(name="Alpha Technik GmbH", address="Gasse 9, 80331 München"), Standing.AMBIGUOUS),
        (PartyClues(name="Beta Handel AG", ibans=A.iban), Standing.AMBIGUOUS),
        (PartyClues(name="Beta Handel AG", vat_ids=("DE145858410",)), Standing.UNKNOWN),
        (PartyClues(name="Beta Handel AG", vat_ids=("DE316564848",)), "B"),
        (PartyClues(name="Beta Handel GmbH"), Standing.UNKNOWN),
        (PartyClues(name="Beta Handl AG"), Standing.UNKNOWN),
        (PartyClues(name="Beta Handl AG", address="Platz 2, 20095 Hamburg"), "B"),
        (PartyClues(address="Platz 2, 20095 Hamburg"), Standing.UNKNOWN),
        (PartyClues(), Standing.UNKNOWN),
    ],
)
def test_who_sent_it(clues: PartyClues, expected: str | Standing) -> None:
    finding = find_supplier(clues, (A, B, A_TOO), records_exist=True)
    assert (finding.record.supplier_id if finding.record else finding.standing) == expected
    assert finding.candidates == () or finding.candidates[0].score >= finding.candidates[-1].score


def test_an_old_address_does_not_hide_a_customer() -> None:
    ours = Customer("C", "Birkenfeld GmbH", street="Weg 1", postal_code="10115", city="Berlin")
    finding = find_customer(
        PartyClues(name="Birkenfeld GmbH", address="Alt 7, 20095 Hamburg"), (ours,), records_exist=True
    )
    assert finding.record == ours


# ---------------------------------------------------------------- lines


def test_lines_are_spread_over_order_lines_and_joined_on_one() -> None:
    def item(text: str, quantity: str, price: str) -> LineItem:
        return LineItem(description=FieldValue(text), quantity=FieldValue(quantity), unit_price=FieldValue(price))

    order = PurchaseOrder(
        "P",
        "S",
        (
            OrderLine("1", "Bodenanker schwer", Decimal(10), Decimal(11)),
            OrderLine("2", "Bodenanker schwer", Decimal(20), Decimal(11)),
            OrderLine("3", "Konsole verstellbar", Decimal(9), Decimal(33)),
        ),
    )
    every = slots(order, ())

    def pairs(*items: LineItem) -> list[tuple[int, str, Decimal | None]]:
        lines = [invoice_line(number, item) for number, item in enumerate(items, start=1)]
        return [(part.invoice.number, part.slot.line.line_number, part.quantity) for part in assign(lines, every)]

    assert sorted(pairs(item("Bodenanker schwer", "25", "11"))) == [(1, "1", 10), (1, "2", 15)]
    assert pairs(item("Konsole verstellbar", "4", "33"), item("Konsole verstellbar", "5", "33")) == [
        (1, "3", 4),
        (2, "3", 5),
    ]
    assert pairs(item("Bodenanker schwer", "20", "11"), item("Bodenanker schwer", "10", "11")) == [
        (1, "2", 20),
        (2, "1", 10),
    ]
    # too much stays with the order line and is told there
    assert sum(quantity or 0 for _, _, quantity in pairs(item("Bodenanker schwer", "31", "11"))) == 31
    assert pairs(item("Etwas anderes", "1", "5")) == []


def test_every_level_has_its_weight_and_its_reason_on_file() -> None:
    told = weights()["party"]
    assert {name: list(levels) for name, levels in told.items() if name != "prior"} == {
        comparison.name: [level.label for level in comparison.levels] for comparison in PARTY_COMPARISONS
    }
    assert all(entry.why for family in weights().values() for levels in family.values() for entry in levels.values())
    assert sum(entry.weight for entry in weights()["line"]["score"].values()) == pytest.approx(1)


def test_every_rule_has_its_own_code_and_explains_itself() -> None:
    codes = [rule.code for rule in DISCREPANCY_RULES]
    assert len(set(codes)) == len(codes) == 42
    assert all(rule.check.__doc__ or rule.check.__qualname__.endswith("check") for rule in DISCREPANCY_RULES)


@pytest.mark.parametrize(
    ("total", "price", "quantity"),
    [("23.10", "18.479", "1.25"), ("100.00", "33.33", "3.0003"), ("7.00", "0.07", "100"), ("-12.50", "12.50", "-1")],
)
def test_a_quantity_that_is_not_printed_is_the_roundest_that_makes_the_total(
    total: str, price: str, quantity: str
) -> None:
    line = invoice_line(1, LineItem(unit_price=FieldValue(price), line_total=FieldValue(total)))
    assert line.quantity == Decimal(quantity)
