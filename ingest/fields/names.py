"""Whether a printed text is a name, an address line, a contact; and the name in it without what surrounds it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale

from ingest.dates import dates_in
from ingest.labels import LANGUAGES, departments, field_labels, label_key, stop_words, type_labels

EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_FORM_WORDS = (
    r"s/b|gmbh|mbh|ges\.? ?m\.? ?b\.? ?h|kgaa|kg|ohg|ug|ltd|limited|plc|p?llc|pllp|llp|l\.l\.c|inc|corp|corporation|"
    r"company|co\.?,? ltd|"
    r"sarl|sprl|sasu?|eurl|earl|scea|gaec|selarl|scop|"
    r"b\.?v|n\.?v|v\.?o\.?f|s\.?r\.?l\.?s?|s\.?n\.?c|s\.?a\.?s|"
    r"s\.?p\.?a|s\.?l\.?u?|lda|ltda|unipessoal|aps|a/s|ab|oy|spol\. s r\.? ?o|s\.? ?r\.? ?o|a\. ?s|sp\. ?z ?o\. ?o|"
    r"(?:sdn\.? ?)?bhd|berhad|pte|pty|pvt|s\.?a|ag|"
    r"hb|kb|i/s|k/s|p/s|aktiebolag|s[àa]rl|dac|e\.\s?k|gbr|eg|sp\. ?j|sp\. ?k|s\.c|snc|bvba|c\.v|c\.b|a\.g"
)
_FORM = re.compile(rf"(?i)(?<![\w.])(?:{_FORM_WORDS})(?![\w])")
_SENTENCE = re.compile(r"^(?:\S+ ){2,}[^\W\d_A-Z]{4,}\. +(?=[^\W\d_])")
"""Three words and more that end in a full stop; "St." and "Dr." end no sentence."""
_OFFENE = re.compile(r"\w (?:OG|(?<!KNOWN )(?<!TRADING )AS)\W*$")
"""Austria's Offene Gesellschaft and Norway's aksjeselskap, in capitals and last: both are words, too."""
_LEGAL = re.compile(
    r"(?i)(?<![\w.])(?:s/b|gmbh|mbh|ges\.? ?m\.? ?b\.? ?h|"
    r"ag|kgaa|kg|ohg|ug|gbr|e\.?\s?k\.?|e\.?\s?v\.?|eg|ltd|limited|plc|llc|l\.l\.c|llp|inc|"
    r"incorporated|corp|corporation|company|co|"
    r"s\.?a\.?s\.?u?|s\.?a\.?r\.?l|sarl|eurl|s\.?a|s\.?n\.?c|b\.?v\.?b\.?a|b\.?v|n\.?v|v\.?o\.?f|srl|s\.r\.l|"
    r"s\.?p\.?a|s\.?l\.?u?|s\.l|lda|ltda|sp\.? ?z ?o\.? ?o|sp\. ?j|s\.?c|ab|hb|a/s|aps|oyj?|s\.?r\.?o|a\.s|v\.o\.s|"
    r"sdn\.? ?bhd|bhd|"
    r"pte|pty|pvt|gesellschaft|genossenschaft|stiftung|trust|foundation|enterprise|enterprises|trading|holdings?|group|"
    r"hotel|restaurant|restoran|stores?|(?<!\d )(?<!\d old )(?<!\d new )market|"
    r"services?|solutions|systems|bank|university|universität)(?![\w])"
)
_POSTAL = re.compile(
    r"(?<![\d.,])(?:[A-Z]{1,2}[- ]?)?\d{4,5}\s+"
    r"[A-ZÀ-ÖØ-ÞĄĆČĎĘĚŁŃŇŘŚŠŤŮŹŻŽ][\w\-.']{1,}"  # 80333 München, D-80333, 1010 Wien
    r"|\b[A-Z]{2}\.? ?,? ?\d{5}(?:-\d{4})?\b"  # CA 90001
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # SW1A 1AA
    r"|\b(?:[A-Z]\d\d|D6W) ?(?=[A-Z\d]{0,3}\d)[AC-FHKNPRTV-Y\d]{4}\b"  # D08 W3Y2, Eircode
    r"|\b\d{4} ?[A-Z]{2}\b +[A-Z]"  # 1012 AB Amsterdam
    r"|\b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? \d{4}\b"  # Melbourne VIC 3000
    r"|\b\d{2}-\d{3} +[A-ZŁŚŻ]"  # 00-950 Warszawa
    r"|\b\d{4}-\d{3}\b"  # 1000-001 Lisboa
    r"|\b\d{3} \d{2} +[A-ZÅÄÖČŠŘŽ]"  # 111 22 Stockholm
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"  # K1A 0B1
    r"|\b\d{5,6}\b(?=[ ,.]|$)"
)
_PLACE_LINE = re.compile(
    r"^(?:[A-Z]{1,3}[- ])?\d{4,5} +[^\W\d_][^\W\d_.'\-]+"  # 80333 München, DE 80333 München, 1010 Wien
    r"|^[^\W\d_][\w.'\- ]*,? +[A-Z]{2}\.?,? +\d{5}(?:-\d{4})?(?:,? \w+)?$"  # Redmond WA, 98052
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"  # London SW1A 1AA
    r"|^[^\W\d_][\w.'\- ]*,? (?:[A-Z]\d\d|D6W) ?(?=[A-Z\d]{0,3}\d)[AC-FHKNPRTV-Y\d]{4}$"  # Dublin, D08 W3Y2
    r"|^\d{4} ?[A-Z]{2} +[^\W\d_]"  # 1012 AB Amsterdam
    r"|^[^\W\d_][\w.'\- ]*,? (?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? \d{4}$"  # Melbourne VIC 3000
    r"|^\d{2}-\d{3} +[^\W\d_]"  # 00-950 Warszawa
    r"|^\d{4}-\d{3}(?: +[^\W\d_]|$)"  # 1000-001 Lisboa
    r"|^(?:[A-Z]{2}-)?\d{3} ?\d{2} +[^\W\d_]"  # 111 22 Stockholm, 110 00 Praha
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d$"  # Toronto K1A 0B1
    r"|^[^\W\d_][\w.'\-]+(?: [\w.'\-]+){0,2},? \d{5,6}$"  # Johor Bahru 81100
)
_STREET = re.compile(
    r"^\d+[a-zA-Z]?,? +[^\W\d]|"
    r".*(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Gg]asse|[Aa]ll[eé]|[Aa]llee|[Uu]fer|[Rr]ing|[Ss]traat|laan|kade|plein|"
    r"gracht|gata|gatan|v[äe]gen|vej|gade|gränd|torget|stræde) \d+ ?\w?(?:[-–/]\d+\w?)?$"
)
_SENDER_LINE = re.compile(r"\s*(?:[·•|∙●◦*]|\s[-–—]\s|,\s)\s*")
_KIN = re.compile(
    r"(?i)(?:an? |ein |eine |une |een )?(?:division|subsidiary|member|part|tochter\w*|filiale|onderdeel)(?: \w+)? "
    r"(?:of|der|von|de|du|di|van)\b|"
    r"(?:an? |ein |une |een )(?:\w+ )?(?:company|brand|unternehmen|soci[ée]t[ée]|bedrijf)\b"
)
"""A line that says whose a company is, and is no part of its name: "A Division of Prairie Logistics Group LLC"."""
_SENDER = re.compile(
    r"(?i)^(?:absender|afsender|avsender|avs[äa]ndare|afzender|sender|exp[ée]diteur|mittente|remitente|remetente|nadawca|"
    r"odes[íi]latel)\s*:\s*"
)
"""What a sender's line may begin with."""
_STREET_AND_PLACE = re.compile(r"([^\W\d_][^\d,]* \d{1,4}\w?) (\d{4,5} [^\W\d_][^\d,]*)")
"""A street with its number, and postal code and place right behind it."""
_NUMBERED = re.compile(r"[^\W\d_]{3}.*\d|\d.*[^\W\d_]{3}")
_CARE_OF = re.compile(r"(?i)^\W*(?:c\s?/\s?o|in care of|per adresse|p\.? ?adr\.|presso)\b")
_ADDRESSES = (
    *("address", "adresse", "anschrift", "indirizzo", "direccion", "adres", "adress", "adresa", "endereco", "morada"),
)
"""Ends of headings over an address: "Service usage address" is nobody's name."""
_SALUTATION = re.compile(
    r"(?i)^(?:herrn?|frau|mr|mrs|ms|miss|sir|madam|monsieur|madame|mlle|mme|m|sr|sra|srta|sig|sig\.ra|dhr|mevr|de heer|"
    r"mevrouw|pan|pani|hr|fru|familie|eheleute|family|famille|familia|famiglia|firma|fa|attn|z\.? ?hd)\.?$"
)
_ENDS_IN_NUMBER = re.compile(r"\d{4}[\d ]*-? ?[A-Za-z]{0,2}\)?[.,]?\s*$")
_REGISTERED = re.compile(
    r"(?:\s*(?:\((?:[A-Z]{1,3}(?=\d{5}))?|\(?(?:(?:co(?:mpany)?\.? ?(?:reg(?:istration)?\.? ?)?|reg(?:istration)?\.? ?)"
    r"(?:no|number)\.? ?:? ?)?)\d{4,}[\d ]*-? ?[A-Z]{0,2}\)?[.,]?)+\s*$",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"(?i)^(?:p\.? ?o\.? ?box|postfach|postbus|postboks|box|apartado|casella postale|caixa postal|"
    r"skr\.? ?poczt\.?|b\.?p\.?) ?\d"
)
"""A box at the post office: its number looks like a register's."""
_STATE = re.compile(r", [A-Z]{2}\.? \d{5}(?:-\d{4})?$")
"""A state with its code at the end: "Denver, CO 80220" is no company."""
_ADDRESS_WORD = re.compile(
    r"(?i)^(?:no\.? ?:? ?\d|lot\b|unit\b|suite\b|level\b|floor\b|block\b|blok\b|building\b|"
    r"(?:off\.? )?(?:jalan\b|jln\b|jl\.)|"
    r"plot\b|survey\b|sector\b|"
    r"taman\b|bandar\b|section\b|seksyen\b|kampung\b|kg\b|lorong\b|mukim\b|p\.? ?o\.? ?box|postfach|b\.?p\. ?\d|"
    r"rue\b|avenue\b|av\.|avda|boulevard\b|"
    r"bd\b|place\b|quai\b|zi\b|za\b|calle\b|c/|paseo\b|plaza\b|pol[ií]gono|via\b|viale\b|piazza|corso\b|rua\b|travessa|"
    r"ul\.|al\.|plac\b|os\.|n[áa]m[ěe]st[íi])"
)
_STATES = frozenset(
    ("johor", "selangor", "selangordarulehsan", "kualalumpur", "pulaupinang", "penang", "perak", "kedah", "kelantan")
    + ("melaka", "malacca", "negerisembilan", "pahang", "perlis", "sabah", "sarawak", "terengganu", "putrajaya")
)
"""States that stand on a line of their own under the place."""
_EARLIER = re.compile(
    r"(?i)^\W*(?:f/k/a|(?:fka|formerly|previously|licensee of|vormals|fr[üu]her|anciennement|ex-|già|antes|voorheen|"
    r"dawniej|d[řr][íi]ve)\b)"
)
_OWNER = re.compile(
    r"(?i)^\W*(?:own(?:ed|er)?|operated|managed|run|betrieben|inhaber(?:in)?|exploit[ée]e?)\W+"
    r"(?:by|von|par)?\W*$"
)
_OPERATED = re.compile(
    r"(?i)\b(?:[o0]perated by|managed by|(?:a )?division of|(?:a )?trading (?:name|style) of|"
    r"trade name of|betrieben von|exploité[es]* par|gestito da|"
    r"handelsnaam van|nombre comercial de|nome commerciale di)\s+([^,;:|·•]{4,60}?)"
    r"(?=\s*(?:[,;|·•]|\.(?: |$)|\s[-–—]\s|$)|\s+\()"
)
"""Who stands behind a brand: "Thornfield is a trading name of TF (Bristol) Limited."."""
_BETWEEN = re.compile(
    rf"(?i)^\W*\d{{4,}}[\d ]*-? ?[A-Z]{{0,2}}\W*$|(?<![\w.])(?:{_FORM_WORDS})\W*$|"
    r"\b(?:formerly|licensee|franchisee|trading as|t/a|gst|reg\.? no|co\.? ?no|company no|roc)\b|"
    r"\b(?:abteilung|department|dept)\b"
)
"""Lines between a name and its address: register numbers, further names, departments."""
_WHOLE_FORMS = (
    r"aktiengesellschaft|gesellschaft mit beschr[äa]nkter haftung|kommanditgesellschaft|"
    r"partnerschaft(?:sgesellschaft)?(?: mbb)?|soci[ée]t[ée] anonyme|"
    r"soci[ée]t[ée] [àa] responsabilit[ée] limit[ée]e|sociedad an[óo]nima|sociedad limitada|"
    r"societ[àa] per azioni|sp[óo][łl]ka akcyjna|naamloze vennootschap|besloten vennootschap|"
    r"(?:reg\. ?)?gen\. ?m\. ?b\. ?h"
)
"""Legal forms written out; on a line of their own they end the name above."""
_ONLY_FORM = re.compile(
    rf"(?:(?:{_WHOLE_FORMS}|{_FORM_WORDS})[.,]?\s*(?:(?:&|und|et|e)\s+(?:co|cie|comp)\b[.,]?\s*)?)+", re.IGNORECASE
)
_SEAT = re.compile(
    r"(?i)[, ]+(?:z siedzib[ąa]|mit sitz|con sede|sise?\b|ayant son si[èe]ge|gevestigd|met zetel|"
    r"se s[íi]dlem|com sede|med s[äa]te|hjemmeh[øo]rende|whose registered office|registered in|"
    r"(?:au|con|com) capitale?|capitale? social[e]?|stammkapital|kapita[łl] zak[łl]adowy)\b"
)
"""Where a company's seat or capital begins behind its name: "Wisła Leasing S.A. z siedzibą w Krakowie"."""
_MISREAD = ("Bhd", "S/B", "Ltd", "Inc", "LLC", "PLC", "SARL", "GmbH", "Corp", "s.r.o", "o.o.")
"""Legal forms that OCR misreads by a letter and that no other word at a name's end is like."""
_ALIKE = str.maketrans({"o": "d", "0": "d", "5": "s", "8": "b", "6": "b", "i": "l", "1": "l", "|": "l", "!": "l"})
_CONTACT = re.compile(r"(?i)@|www\.|https?://|\b(?:t[eé]l|fax|phone|telefon|mobile?|email|e-mail)\b")


def has_form(text: str) -> bool:
    """Whether a text holds a company's legal form."""
    return bool(_FORM.search(text) or _OFFENE.search(text))


def is_only_form(text: str) -> bool:
    """Whether a line holds a legal form and nothing else."""
    return bool(_ONLY_FORM.fullmatch(text.strip(" .,")))


def stands_between(text: str) -> bool:
    """Whether a line may stand between a name and its address: a register number, a further name, a department."""
    return bool(_BETWEEN.search(text))


def is_company(text: str) -> bool:
    """Whether a name holds a legal form and nothing of an address."""
    return has_form(text) and not has_place(text)


def legal_form(text: str) -> bool:
    """Whether a name ends or begins with what companies are called by: GmbH, Ltd, S.p.A., Sdn Bhd."""
    plain = repaired_form(without_registration(text))
    return bool(_LEGAL.search(plain) or _OFFENE.search(plain))


def names_earlier(text: str) -> bool:
    """Whether a line says that the name after it is an earlier or another company's: "formerly known as"."""
    return bool(_EARLIER.search(text))


def names_owner(text: str) -> bool:
    """Whether a line says that the company of a shop stands under it: "Owned by"."""
    return bool(_OWNER.search(text))


def names_kin(text: str) -> bool:
    """Whether a line says whose a company is: "A Division of Prairie Logistics Group LLC"."""
    return bool(_KIN.match(text))


def operator_in(text: str) -> str | None:
    """The company that a line names as the one behind a shop's or brand's name; None where it names none."""
    match = _OPERATED.search(text)
    return match[1].strip() if match and has_form(match[1]) else None


def is_contact(text: str) -> bool:
    """Whether a text holds a way to reach somebody: mail, web, telephone."""
    return bool(_CONTACT.search(text))


def has_place(text: str) -> bool:
    """Whether a line holds a postal code with its place."""
    return bool(_POSTAL.search(text))


def is_department(text: str) -> bool:
    """Whether a text is a department's name, or begins with one: "Service comptabilité fournisseurs"."""
    words = text.split()
    begun = len(words) > 2 and not has_form(text) and label_key(" ".join(words[:2])) in departments()
    return begun or label_key(text) in departments()


@lru_cache(maxsize=20_000)
def is_name(text: str) -> bool:
    """Whether a line can be the name of a person or company."""
    if _BOX.match(text) or _STATE.search(text):
        return False
    plain = without_registration(text).strip(" :.,-·|*")
    letters = sum(sign.isalpha() for sign in plain)
    digits = sum(sign.isdigit() for sign in plain)
    if letters < 3 or digits > letters / 3 or len(plain) > 80 or _CONTACT.search(plain) or dates_in(plain):
        return False
    if (
        _CARE_OF.match(plain)
        or plain.endswith(("?", "!", ";"))
        or plain.startswith("(")
        or "%" in plain
        or ":" in plain
    ):
        return False
    numbered = digits > 0 and bool(_ADDRESS_WORD.match(plain))
    if ((_STREET.match(plain) or numbered) and not legal_form(plain)) or _SALUTATION.match(plain):
        return False
    if (has_place(plain) and not legal_form(plain)) or is_country(plain.rpartition(",")[2] or plain):
        return False
    if label_key(re.sub(r"\d", "", plain)) in _months():
        return False
    key = label_key(plain)
    if plain.islower() and plain in stop_words():
        # "Stromrechnung für den Zeitraum": no article is a name
        return False
    if not key or is_department(plain) or (key.endswith(_ADDRESSES) and not has_form(plain)):
        return False
    return key not in type_labels() and not _is_own_label(key)


@cache
def _months() -> frozenset[str]:
    """Keys of the months' names: "your invoice for February" is addressed to nobody."""
    return frozenset(
        label_key(name)
        for language in LANGUAGES
        for context in ("format", "stand-alone")
        for name in Locale.parse(language).months[context]["wide"].values()
    )


@cache
def _countries() -> frozenset[str]:
    names = {*_STATES, "deutschland", "uk", "usa", "england", "scotland", "wales", "holland", "northernireland"}
    for language in LANGUAGES:
        names |= {label_key(name) for code, name in Locale.parse(language).territories.items() if code.isalpha()}
    return frozenset(names)


def is_country(text: str) -> bool:
    """Whether a line holds the name of a country, in one of our languages, and nothing else."""
    parts = [label_key(part) for part in re.split(r"[/(),]", text) if label_key(part)]
    return bool(parts) and len(text) < 40 and all(part in _countries() for part in parts)


def _is_own_label(key: str) -> bool:
    meanings = field_labels().get(key)
    return meanings is not None and any(meaning.weight == 1.0 for meaning in meanings)


def without_registration(text: str) -> str:
    """A name without the register's number that some countries print behind it: "Sdn Bhd (728515-M)"."""
    # most lines end in no number, which is told sooner
    return _REGISTERED.sub("", text) if _ENDS_IN_NUMBER.search(text) else text


def is_registration(text: str) -> bool:
    """Whether a line holds a company's number in a register, and nothing else: "(728515-M)"."""
    told = bool(text.strip()) and (text.lstrip().startswith("(") or text.strip(" ().")[-1:].isalpha())
    return told and not without_registration(text).strip(" ().")


def without_brackets(text: str) -> str:
    """A company's name without the brackets in which it stands under its shop's sign."""
    inner = text.strip()[1:-1].strip()
    return inner if text.strip().startswith("(") and text.strip().endswith(")") and is_company(inner) else text


def is_street(text: str) -> bool:
    """Whether a line begins as a street or building does, in the languages that put the word for it first."""
    return bool(_STREET.match(text) or _ADDRESS_WORD.match(text))


def repaired_form(text: str) -> str:
    """A name read by OCR, its legal form put right where a look-alike letter spoils it: "Sdn Bhd" read "Son Bhd"."""
    *first, last = text.split(" ")
    form = next((form for form in _MISREAD if _folded(form) == _folded(last)), None)
    if not first or form is None:
        return text
    if form == "Bhd" and _folded(first[-1]) == _folded("Sdn"):
        first[-1] = _cased("Sdn", first[-1])
    return " ".join((*first, _cased(form, last)))


def _folded(word: str) -> str:
    return word.casefold().strip(".,").translate(_ALIKE)


def _cased(form: str, printed: str) -> str:
    if printed.strip(".,").casefold() == form.casefold():
        return printed
    return form.upper() if printed.isupper() else form


def tidy_name(text: str) -> str:
    """A name without what stands around it."""
    text = repaired_form(without_registration(text))
    first, *more = sender_parts(text)
    if has_form(first) and not is_only_form(first) and len(more) > 1 and any(_NUMBERED.search(part) for part in more):
        # "Delta Cloud SARL, 38 Avenue de la Gare, 1855 Luxembourg": a foot says all in one line
        text = first
    text = re.sub(
        r"^(?:m/s\.?|messrs\.?|to|an|firma|fa\.|attn\.?:?|(?:own(?:ed|er)?|operated|managed) by:?)\s+(?=\S)",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    first, _, rest = text.partition(" ")
    text = rest if len(first) > 1 and _SALUTATION.match(first) and rest and not is_company(text) else text
    seat = _SEAT.search(text)
    text = text[: seat.start()] if seat is not None and has_form(text[: seat.start()]) else text
    said = _SENTENCE.match(text)
    # "Payable within 30 days. Hale Ltd": a foot's sentence runs into the name
    text = text[said.end() :] if said and has_form(text[said.end() :]) and not has_form(said.group()) else text
    return " ".join(text.split()).strip(" :,;·•|*-–")


def sender_parts(text: str) -> list[str]:
    """The parts of a sender's line: name, street, place; OCR loses the small dots between them."""
    parts = _SENDER_LINE.split(_SENDER.sub("", text))
    form = _FORM.search(parts[0])
    if form and 0 < form.end() < len(parts[0]) - 3 and _NUMBERED.search(parts[0][form.end() :]):
        address = parts[0][form.end() :].strip(" ,.")
        both = _STREET_AND_PLACE.fullmatch(address)
        return [parts[0][: form.end()], *(both.groups() if both else (address,)), *parts[1:]]
    return parts


def says_sender(text: str) -> bool:
    """Whether a line begins by saying that who sends it is named in it."""
    return bool(_SENDER.match(text))


def is_sender_line(text: str) -> bool:
    """Whether a line holds a name and an address, parted by dots or dashes, as over a letter's window."""
    parts = sender_parts(text)
    if len(parts) < 3 or not has_place(text) or not is_name(parts[0]):
        return False
    if is_street(parts[0]) and not legal_form(parts[0]):
        # an address alone, below a letterhead: "Corso Vittorio Emanuele II, 90 - 10121 Torino"
        return False
    # "New York, NY, 10001" is a place: a street with its number stands between name and place
    return any(_NUMBERED.search(part) for part in parts[1:])


def is_place_line(text: str) -> bool:
    """Whether a line is the one of an address that holds postal code and place."""
    plain = text.strip(" ,.;")
    if len(plain.split()) > 8 or ":" in plain or _CONTACT.search(plain) or dates_in(plain):
        return False
    return bool(_PLACE_LINE.search(plain))
