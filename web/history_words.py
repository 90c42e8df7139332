"""How steps are told: on the next page, and in a document's history."""

from __future__ import annotations

from web.languages import lazy_gettext as _

DONE: dict[str, str] = {
    "approve": _("Document {number} is approved."),
    "approve_first": _("Document {number} is approved by you; it waits for a second person."),
    "reject": _("Document {number} is rejected."),
    "not_an_invoice": _("Document {number} is put down as no invoice."),
    "hold": _("Document {number} is on hold."),
    "duplicate": _("Document {number} is put down as a duplicate."),
    "reopen": _("Document {number} is open again."),
    "not_a_duplicate": _("Document {number} is no duplicate; it was checked again."),
    "read_again": _("Document {number} is read again."),
    "split": _("Document {number} is split; each part is read by itself now."),
    "join": _("The pages belong to document {number} now, which is read anew."),
    "parting_undone": _("Document {number} is as it was before."),
    "undo": _("Your decision on document {number} is taken back."),
}
"""What is said on the next page after a step."""

AUDIT: dict[str, str] = {
    "received": _("File {name} came in through {door}{origin}"),
    "seen_again": _("The same file came again through {door}{origin}"),
    "read": _("Read, {pages}"),
    "split": _("Part {part} of {parts} of file {name}: pages {pages}"),
    "could_not_be_read": _("Could not be read: {message}"),
    "decided": _("Matched: {verdict}{open}"),
    "opened_again": _("The same file came again through {door}{origin}; it is read anew"),
    "corrected": _("{field} set from {from} to {to}"),
    "line_split": _("Line {line} split in two"),
    "line_join": _("Line {line} joined with the next one"),
    "rechecked": _("Checked again: {recheck}{open}"),
    "approve": _("Approved{first_by}{alone}{open}"),
    "approve_first": _("Approved as the first of two{open}"),
    "approval_withdrawn": _("First approval taken back"),
    "reject": _("Rejected"),
    "not_an_invoice": _("Said to be no invoice"),
    "hold": _("Put on hold{until}{goods}"),
    "duplicate": _("Said to be a duplicate of {others}"),
    "undo": _("Decision taken back{taken_back}"),
    "reopen": _("Opened again"),
    "not_a_duplicate": _("Said to be no duplicate of {others}"),
    "read_again": _("Sent to be read again"),
    "split_by_hand": _("Split by hand into documents {numbers}: pages {pages}"),
    "joined_by_hand": _("Joined by hand: documents {numbers}"),
    "parting_taken_back": _("Splitting or joining taken back"),
    "taken_over": _("Taken over from {before}, who had done nothing for a while"),
    "exported": _("Exported as {format}"),
    "record_made": _("{kind}: {number} put on file ({changes})"),
    "record_changed": _("{kind}: {number} changed ({changes})"),
    "receipt_changed": _("Goods receipt of order {number} changed ({changes})"),
    "receipt_removed": _("Goods receipt of order {number} taken away ({changes})"),
    "goods_received": _("Goods of order {number} received ({changes})"),
    "imported": _("{kind} from {file}: {added} new, {updated} changed, {unchanged} as they were"),
    "commented": _("Commented: \u201c{text}\u201d"),
    "assigned": _("Given to {to}"),
    "unassigned": _("Taken from {before}; it is nobody's in particular"),
    "inquiry_asked": _("Asked {to}: \u201c{text}\u201d"),
    "inquiry_answered": _("Answered {asked_by}: \u201c{text}\u201d"),
    "inquiry_revoked": _("Link to the question \u201c{text}\u201d taken back"),
    "answer_noted": _("Answer seen"),
    "woken": _("Came back from hold"),
    "account_proposed": _("Account {account} proposed for {supplier}"),
    "account_accepted": _("Account {account}, proposed by {proposed_by}, accepted for {supplier}"),
    "account_refused": _("Account {account}, proposed by {proposed_by}, refused for {supplier}"),
}
"""Action to sentence; `{name}` is one of the step's details."""

ADDED: dict[str, str] = {
    "until": _(" until {}"),
    "taken_back": _(": {}"),
    "goods": _(" until goods of {} are received"),
    "first_by": _(" as the second of two, after {}"),
    "alone": _(" alone, with the password again"),
}
"""Details of a step that stand in its sentence where they are known."""


RECHECKS: dict[str, str] = {
    "approved": _("nothing is open"),
    "needs_review": _("still to review"),
    "duplicate": _("a duplicate"),
}
"""What a check after a correction came to: it decides nothing by itself."""
