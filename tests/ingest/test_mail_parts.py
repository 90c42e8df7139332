"""Mails taken apart: whatever programs and people make of them, each part is found, refused in words, or left out."""

from __future__ import annotations

import datetime
import io
import zipfile
import zlib
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from PIL import Image
from pillow_heif import register_heif_opener

import samples
from ingest.errors import UnreadableFile
from ingest.sources.mail_parts import Mail, opened, take_apart

DOCUMENTS = Path(samples.__file__).parent / "documents"
INVOICE = (DOCUMENTS / "01-kessler.pdf").read_bytes()
XML = (DOCUMENTS / "06-kessler-cii.xml").read_bytes()


def letter(*parts: tuple[str, bytes], subject: str = "Rechnung", text: str = "anbei die Rechnung") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "Petra Kessler <petra@kessler.example>", subject
    message["Date"] = "Mon, 23 Nov 2026 09:30:00 +0100"
    message.set_content(text)
    for name, content in parts:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def archive(entries: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content, **options)
    return out.getvalue()


def picture(size: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((size, size), 90).save(out, "PNG")
    return out.getvalue()


def names(mail: Mail) -> list[str]:
    return [file.name for file in mail.files]


def test_sender_subject_moment_and_text_are_told() -> None:
    mail = take_apart(letter(("r.pdf", INVOICE)).as_bytes())
    assert mail.sender == "Petra Kessler <petra@kessler.example>"
    assert (mail.subject, mail.sent_at, mail.text) == ("Rechnung", "2026-11-23T09:30:00+01:00", "anbei die Rechnung")
    assert mail.files[0].content == INVOICE
    assert mail.refused == mail.others == ()


def test_a_forwarded_mail_and_a_mail_attached_as_a_file_are_opened() -> None:
    inner = letter(("innen.pdf", INVOICE), subject="innen")
    forwarded = letter(subject="WG: innen")
    forwarded.add_attachment(inner)
    twice = letter(("als Datei.eml", forwarded.as_bytes()), ("e.xml", XML))
    mail = take_apart(twice.as_bytes())
    assert names(mail) == ["innen.pdf", "e.xml"]
    assert mail.subject == "Rechnung"


def test_a_forwarded_mail_in_base64_against_the_standard_is_opened() -> None:
    inner = letter(("innen.pdf", INVOICE)).as_bytes()
    import base64

    raw = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
    raw += b"--q\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += base64.encodebytes(inner) + b"\r\n--q--\r\n"
    assert names(take_apart(raw)) == ["innen.pdf"]


def test_an_archive_is_opened_and_its_paths_are_dropped() -> None:
    packed = archive({"../../etc/r.pdf": INVOICE, "sub/x.xml": XML, "readme.txt": b"hello", "__MACOSX/r.pdf": INVOICE})
    outer = archive({"innen.zip": packed})
    mail = take_apart(letter(("rechnungen.zip", outer)).as_bytes())
    assert names(mail) == ["r.pdf", "x.xml"]
    assert mail.others == ("readme.txt",)


def test_an_archive_that_would_fill_the_memory_is_refused() -> None:
    packed = archive({f"{n}.pdf": b"%PDF-" + bytes(100 * 2**20) for n in range(6)})
    mail = take_apart(letter(("bombe.zip", packed)).as_bytes())
    assert len(mail.files) < 6
    assert mail.refused == ("The mail holds more than is opened of one mail. Upload the invoices in it by hand.",)


def test_an_archive_in_itself_without_end_is_refused() -> None:
    packed = INVOICE
    for _ in range(20):
        packed = archive({"weiter.zip": packed})
    mail = take_apart(letter(("endlos.zip", packed)).as_bytes())
    assert mail.files == ()
    assert len(mail.refused) == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(50), "Outlook packet"),
        ("Rechnung.msg", b"\xd0\xcf\x11\xe0" + bytes(50), "Office or Outlook"),
        ("Rechnung.docx", archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "Office file"),
        ("r.rar", b"Rar!\x1a\x07" + bytes(50), "not opened"),
        ("r.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "not opened"),
        ("kaputt.zip", archive({"r.pdf": INVOICE})[:400], "damaged archive"),
        ("r.pdf.gz", b"\x1f\x8b" + zlib.compress(b"x"), "not opened"),
    ],
)
def test_what_is_not_opened_is_refused_with_its_name_and_what_to_do(name: str, content: bytes, told: str) -> None:
    mail = take_apart(letter((name, content)).as_bytes())
    assert mail.files == ()
    assert mail.refused[0].startswith(name)
    assert told in mail.refused[0]


def test_an_archive_with_a_password_is_refused() -> None:
    packed = bytearray(archive({"r.pdf": b"%PDF-1.7"}))
    for start in (packed.index(b"PK\x03\x04") + 6, packed.index(b"PK\x01\x02") + 8):
        packed[start] |= 1
    assert "password" in take_apart(letter(("r.zip", bytes(packed))).as_bytes()).refused[0]


def test_signed_mails_are_taken_and_encrypted_ones_refused() -> None:
    signed = message_from_bytes(letter(("r.pdf", INVOICE)).as_bytes())
    signed.set_type("multipart/signed")
    tag = EmailMessage()
    tag.set_content(b"0", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    signed.attach(tag)
    assert names(take_apart(signed.as_bytes())) == ["r.pdf"]

    sealed = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
    sealed += (
        b'smime-type=enveloped-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3\r\n'
    )
    assert "encrypted" in take_apart(sealed).refused[0]

    pgp = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; boundary=q\r\n\r\n"
    )
    pgp += b"--q\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--q--\r\n"
    assert "encrypted" in take_apart(pgp).refused[0]


def test_logos_and_signatures_are_no_documents_and_photos_are() -> None:
    mail = take_apart(letter(("image001.png", picture(40)), ("Foto.png", picture(400))).as_bytes())
    assert names(mail) == ["Foto.png"]
    assert mail.others == ("image001.png (too small a picture)",)


def test_an_inline_pdf_and_lying_names_and_types_are_seen_through() -> None:
    message = letter()
    message.add_attachment(INVOICE, maintype="image", subtype="gif", filename="bild.gif", disposition="inline")
    message.add_attachment(XML, maintype="text", subtype="plain", filename="notiz.txt")
    message.add_attachment(b"MZ" + bytes(999), maintype="application", subtype="pdf", filename="rechnung.pdf")
    mail = take_apart(message.as_bytes())
    assert names(mail) == ["bild.gif", "notiz.txt"]
    assert mail.others == ("rechnung.pdf",)


def test_three_hundred_attachments_and_names_of_any_kind_are_taken() -> None:
    parts = [(f"Rechnung Nr. {n} – Größe\u202e.pdf", INVOICE[:2000] + bytes([n % 256, n // 256])) for n in range(300)]
    mail = take_apart(letter(*parts).as_bytes())
    assert len(mail.files) == 300
    assert mail.files[7].name.startswith("Rechnung Nr. 7 – Größe")


def test_a_mail_without_name_type_or_date_is_taken() -> None:
    raw = b"Content-Type: application/octet-stream\r\n\r\n" + INVOICE[:500].replace(b"\n", b" ")
    mail = take_apart(raw)
    assert names(mail) == ["attachment.pdf"]
    assert (mail.sent_at, mail.subject) == ("", "")


def test_the_words_of_a_mail_in_html_are_kept_without_its_scripts() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("<p>Hello</p><script>alert(1)</script><img src='http://192.0.2.1/x'><p>World", subtype="html")
    assert take_apart(message.as_bytes()).text == "Hello\nWorld"


def test_an_archive_or_mail_that_came_as_a_file_is_opened_or_refused_in_words() -> None:
    assert [file.name for file in opened("a.zip", archive({"r.pdf": INVOICE}))] == ["r.pdf"]
    assert [file.name for file in opened("m.eml", letter(("r.pdf", INVOICE)).as_bytes())] == ["r.pdf"]
    with pytest.raises(UnreadableFile, match="holds no PDF"):
        opened("a.zip", archive({"r.txt": b"x"}))


def sealed(content: bytes, kind: str) -> bytes:
    """A mail in one S/MIME piece, as Outlook sends it."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Petra Kessler <petra@kessler.example>", "Rechnung"
    message.set_content(content, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    message.set_param("smime-type", kind)
    return message.as_bytes()


def signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Petra")])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(day).not_valid_after(day + datetime.timedelta(days=900))
    packed = pkcs7.PKCS7SignatureBuilder().set_data(content)
    packed = packed.add_signer(builder.sign(key, hashes.SHA256()), key, hashes.SHA256())
    return packed.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def test_a_mail_signed_in_one_piece_is_taken_apart() -> None:
    inner = letter(("r.pdf", INVOICE)).as_bytes()
    mail = take_apart(sealed(signed(inner), "signed-data"))
    assert names(mail) == ["r.pdf"]
    assert mail.files[0].content == INVOICE
    assert mail.refused == ()


@pytest.mark.parametrize(("kind", "told"), [("signed-data", "is signed in a way"), ("enveloped-data", "is encrypted")])
def test_a_sealed_mail_that_cannot_be_opened_is_refused_in_words(kind: str, told: str) -> None:
    for content in (b"no CMS at all", signed(letter(("r.pdf", INVOICE)).as_bytes())[:300], b"\x30\x80"):
        mail = take_apart(sealed(content, kind))
        assert mail.files == ()
        assert told in mail.refused[0]


def test_an_attachment_of_50_megabytes_is_taken() -> None:
    large = INVOICE + bytes(50 * 2**20)
    mail = take_apart(letter(("gross.pdf", large)).as_bytes())
    assert names(mail) == ["gross.pdf"]
    assert mail.files[0].content == large


@pytest.mark.parametrize(("kind", "name"), [("HEIF", "IMG_0042.HEIC"), ("WEBP", "photo.webp"), ("AVIF", "photo")])
def test_a_photo_of_a_telephone_is_taken(kind: str, name: str) -> None:
    register_heif_opener()
    photo = io.BytesIO()
    Image.effect_noise((1200, 1600), 60).convert("RGB").save(photo, kind)
    assert len(names(take_apart(letter((name, photo.getvalue())).as_bytes()))) == 1
