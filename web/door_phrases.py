"""What imports, folders and mailboxes say in English, gathered for the catalogues of other languages."""

from __future__ import annotations


def _kept(text: str) -> str:
    """Mark a phrase for the catalogues; it stays English here, as it is looked for in what was said."""
    return text


DOOR_PHRASES: tuple[str, ...] = (
    # what is wrong in a file of records
    _kept("{text} is not a date; write it as 2026-11-23"),
    _kept("must not be empty"),
    _kept("{text} is not a number; one decimal sign must stand throughout the column"),
    _kept("{text} is more than any quantity or price"),
    _kept("{text} is not a whole number of days from 0 on"),
    _kept("{text} is neither yes nor no"),
    _kept("{text} is not an ISO 4217 currency"),
    _kept("{text} is not a country's code of two letters (ISO 3166-1)"),
    _kept("{text} is none of {choices}"),
    _kept("{text} may be {one} or {other}; write it plainly"),
    _kept("must not be negative"),
    _kept("must be more than 0"),
    _kept("must be a percentage from 0 to 100"),
    _kept("the check digits of {number} are wrong"),
    _kept("order {number} has line {line} in line {place} with other content"),
    _kept("order {number} has {now} here, but {before} in line {place}"),
    _kept("{text} stands in line {place} with other content"),
    _kept("the same order line, delivery note and date stand in line {place} with another quantity"),
    _kept("files ending in {ending} are not read: CSV, XLSX, JSON"),
    _kept("this required column is missing"),
    _kept("this line is not UTF-8, but line {line} is; save the whole file in one encoding"),
    _kept("there is no such file"),
    _kept("the file is empty"),
    _kept("not UTF-8 or Windows-1252 but UTF-16; save the file as UTF-8"),
    _kept("expected a list of objects, one a row"),
    _kept("{cells} cells, but {columns} columns"),
    _kept("unknown column; is {name} meant?"),
    _kept("this column stands there twice"),
    _kept("not readable as CSV: {error}"),
    _kept("neither UTF-8 nor Windows-1252"),
    _kept("not readable as an XLSX workbook"),
    _kept("not readable as JSON: {error}"),
    _kept("order {number}: there is no supplier {supplier}; import the suppliers first"),
    _kept("order {number}: there is no customer {customer}; import the customers first"),
    _kept("there is no order {number}; import the purchase orders first"),
    _kept("order {number} has no line {line}"),
    # what a folder or mailbox tells of itself, and of what it could not take
    _kept("failing {door}"),
    _kept("silent {door}"),
    _kept("disk full"),
    _kept("disk low"),
    _kept("folder {name}"),
    _kept("mailbox {name}"),
    _kept("The mail"),
    _kept("An attachment"),
    _kept("{what} ({error}); it is tried again."),
    _kept("{what}: the service's user has no right to. Change its permissions; it is tried again."),
    _kept("The file is larger than the service takes ({limit} MiB). Send a smaller one."),
    _kept("This folder cannot be opened"),
    _kept("This folder lies too deep; move its files up."),
    _kept("It cannot be read"),
    _kept("It was taken, but cannot be moved to {folder}"),
    _kept("It cannot be moved to {folder}"),
    _kept("The server's certificate is not trusted: {why}. See `ca_file` in the settings."),
    _kept("The server refuses the user name or password."),
    _kept("The server cannot be reached: {why}."),
    _kept("Taken: {files}."),
    _kept("Taken: the text of the mail, which is an invoice."),
    _kept("no attachment that could be an invoice"),
    _kept("no attachment that could be an invoice: {files}"),
    _kept("The mail is damaged. Open it in your mail program and upload its attachment."),
    _kept("the settings leave such mails alone"),
    _kept("{name} is encrypted. Ask the sender to send it unencrypted, or open it and upload the invoice."),
    _kept("{name} holds more than is opened of one mail. Upload the invoices in it by hand."),
    _kept(
        "{name} is signed in a way that hides its content. Ask the sender to send it without, or upload the invoice."
    ),
    _kept("{name} is an Outlook packet (winmail.dat). Ask the sender for the file itself."),
    _kept("{name} is an Office or Outlook file. Ask the sender for a PDF."),
    _kept("{name} is an Office file. Ask the sender for a PDF."),
    _kept("{name} is an archive of a kind that is not opened. Ask the sender for the file itself."),
    _kept("{name} is an archive with a password. Ask the sender for the file itself."),
    _kept("{name} is a damaged archive. Ask the sender for the file itself."),
    _kept("{name} holds no PDF, picture or e-invoice."),
    _kept("{file}: {why}"),
)
"""Phrases in which `{name}` stands for a value."""
