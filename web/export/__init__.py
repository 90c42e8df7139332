"""Formats in which decided documents go to accounting; EXPORT_FORMATS is the list."""

from __future__ import annotations

from web.export import csv, json, ubl, xlsx
from web.export.format import ExportedDocument, ExportFormat
from web.languages import lazy_gettext as _

__all__ = ["EXPORT_FORMATS", "ExportFormat", "ExportedDocument", "export_format"]

EXPORT_FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat("csv", _("CSV, one row a line item"), "text/csv", "csv", csv.write),
    ExportFormat(
        "xlsx",
        _("Excel workbook"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        xlsx.write,
    ),
    ExportFormat("json", _("JSON, everything that is known"), "application/json", "json", json.write),
    ExportFormat("ubl", _("UBL 2.1, a zip of one file an invoice"), "application/zip", "zip", ubl.write),
)


def export_format(name: str) -> ExportFormat:
    """The format of this name; KeyError where there is none."""
    return {member.name: member for member in EXPORT_FORMATS}[name]
