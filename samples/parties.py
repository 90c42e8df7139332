"""The invented companies of the samples; identifiers have valid check digits and belong to nobody on purpose."""

from __future__ import annotations

from dataclasses import replace
from string import digits

from stdnum import iban as iban_number
from stdnum.eu import vat as vat_number

from samples.model import Party


def _vat(country: str, start: str, ending: str = "") -> str:
    """A VAT id with a check digit that holds: the digits of `start`, completed by one or two."""
    for tail in (*digits, *(a + b for a in digits for b in digits)):
        for candidate in (start + tail + ending, tail + start + ending):
            whole = f"{country}{candidate}"
            if vat_number.is_valid(whole):
                return whole
    raise ValueError(f"no VAT id for {country} begins with {start}")


def _iban(country: str, bban: str) -> str:
    return f"{country}{iban_number.calc_check_digits(f'{country}00{bban}')}{bban}"


COMPANY = Party(
    "Almstadt Maschinenbau GmbH", "Gießereistraße 14", "72764", "Reutlingen", "DE",
    _vat("DE", "27418563"), printed_country="Deutschland",
)  # fmt: skip
COMPANY_UK = Party(
    "Almstadt Engineering UK Ltd", "3 Foundry Lane", "LS9 8AH", "Leeds", "GB", printed_country="United Kingdom"
)
COMPANY_FR = Party(
    "Almstadt France SAS", "27 rue des Ateliers", "69007", "Lyon", "FR", _vat("FR", "732829320"),
    printed_country="France",
)  # fmt: skip

KESSLER = Party(
    "Kessler Werkzeuge GmbH", "Neckarstraße 88", "70190", "Stuttgart", "DE", _vat("DE", "18340692"),
    _iban("DE", "600501010007420311"), "SOLADEST600", "BW-Bank", "rechnung@kessler-werkzeuge.example",
    "+49 711 5550 140", "www.kessler-werkzeuge.example", "HRB 218814 Stuttgart",
)  # fmt: skip
MOREAU = Party(
    "Atelier Moreau SARL", "12 quai Perrache", "69002", "Lyon", "FR", _vat("FR", "552008443"),
    _iban("FR", "30002005500000157841Z25"), "CRLYFRPP", "LCL", "facturation@atelier-moreau.example",
    "+33 4 72 55 01 10", "www.atelier-moreau.example", "SIREN 552 008 443",
)  # fmt: skip
NORTHGATE = Party(
    "Northgate Paper Supplies Ltd", "41 Canal Road", "BD1 4AT", "Bradford", "GB", "GB980780684",
    _iban("GB", "NWBK56002012345678"), "NWBKGB2L", "NatWest", "accounts@northgate-paper.example",
    "+44 1274 555 020", "www.northgate-paper.example", "Company No. 04418275",
)  # fmt: skip
VAN_DIJK = Party(
    "Van Dijk Koeltechniek B.V.", "Havenweg 7", "3089 JK", "Rotterdam", "NL", "NL004495445B01",
    _iban("NL", "RABO0315273637"), "RABONL2U", "Rabobank", "administratie@vandijk-koeltechniek.example",
    "+31 10 555 0170", "www.vandijk-koeltechniek.example", "KvK 24381906",
)  # fmt: skip
PUTZBLITZ = Party(
    "Putzblitz Gebäudereinigung e.K.", "Am Echazufer 3", "72762", "Reutlingen", "DE", _vat("DE", "30517744"),
    _iban("DE", "640500000001884422"), "SOLADES1REU", "Kreissparkasse", "buero@putzblitz.example", "07121 555 310",
)  # fmt: skip
IBANEZ = Party(
    "Talleres Ibáñez S.L.", "Calle del Horno 22", "50015", "Zaragoza", "ES", "ESB58378431",
    _iban("ES", "21000418450200051332"), "CAIXESBB", "CaixaBank", "facturas@talleres-ibanez.example",
    "+34 976 555 230", "www.talleres-ibanez.example",
)  # fmt: skip
WISLA = Party(
    "Drukarnia Wisła Sp. z o.o.", "ul. Wiślana 18", "30-201", "Kraków", "PL", "PL8567346215",
    _iban("PL", "109010140000071219812874"), "WBKPPLPP", "Santander", "biuro@drukarnia-wisla.example",
    "+48 12 555 60 10", "www.drukarnia-wisla.example", "KRS 0000417723",
)  # fmt: skip
BRANDT = Party(
    "Brandt Logistik AG", "Industriestrasse 31", "8404", "Winterthur", "CH", "CHE-107.787.577 MWST",
    _iban("CH", "00762011623852957"), "KBAGCH22", "Kantonalbank", "debitoren@brandt-logistik.example",
    "+41 52 555 18 00", "www.brandt-logistik.example", printed_country="Schweiz",
)  # fmt: skip
BELLINI = Party(
    "Officina Bellini S.r.l.", "Via dell'Artigianato 9", "40128", "Bologna", "IT", "IT00743110157",
    _iban("IT", "X0542811101000000123456"), "BLOPIT22", "UBI", "amministrazione@officina-bellini.example",
    "+39 051 555 0187", "www.officina-bellini.example",
)  # fmt: skip
RHEINLAND = Party(
    "Rheinland Bürobedarf KG", "Severinswall 60", "50678", "Köln", "DE", _vat("DE", "22910478"),
    _iban("DE", "370502990013337775"), "COKSDE33", "Kreissparkasse Köln", "info@rheinland-buero.example",
    "0221 555 7730",
)  # fmt: skip

MOREAU_NEW_ACCOUNT = replace(MOREAU, iban=_iban("FR", "14508000309416873500K31"), bic="PSSTFRPP")
