"""Mails whose own words are an invoice, and some that only look like one."""

from __future__ import annotations

HTML = """<html><head><title>never shown</title><style>p { color: red }</style></head><body>
<div style="display: none">See total 999.99 in your browser</div>
<table width="100%"><tr><td><table><tr>
<td><h2>Harbour Metals Ltd</h2>1 Dock Road<br>Liverpool L3 4AA<br>VAT Reg. No. GB980780684</td>
<td>INVOICE<br>Invoice number: HM-4711<br>Invoice date: 3 November 2026<br>Purchase order: PO-7001</td>
</tr></table></td></tr>
<tr><td><p>Bill to<br>Northwind Trading Ltd<br>9 High Street<br>Manchester M1 1AA</p></td></tr>
<tr><td><table border="1"><thead><tr><th>Item</th><th>Description</th><th>Qty</th><th>Unit price</th><th>VAT %</th>
<th>Amount</th></tr></thead>
<tr><td>SR-1</td><td>Steel rod, <b>Łódź quality</b></td><td>10</td><td>4.00</td><td>20</td><td>40.00</td></tr>
<tr><td colspan="5">Net total</td><td>40.00</td></tr><tr><td colspan="5">VAT 20%</td><td>8.00</td></tr>
<tr><td colspan="5">Total GBP</td><td>48.00</td></tr></table></td></tr></table>
<script>document.write("Total GBP 1.00")</script><img src="http://127.0.0.1:9/pixel.png"></body></html>"""
PLAIN = """Dear Anna,

Harbour Metals Ltd, 1 Dock Road, Liverpool L3 4AA, United Kingdom
VAT Reg. No. GB980780684

Invoice number: HM-4712
Invoice date:   3 November 2026

Description          Qty   Unit price   Amount
Steel rod             10         4.00    40.00

Net total                                40.00
VAT 20%                                   8.00
Total GBP                                48.00
"""
NO_INVOICES = {
    "a covering letter": "Dear Anna, please find attached our invoice HM-4711 of 3 November 2026. Total: 48.00 GBP.",
    "a notice of a portal": "Your invoice is ready.\nInvoice number: HM-4711\nInvoice date: 3 November 2026\n"
    "Amount due: GBP 48.00\nLog in to download it.",
    "an order": PLAIN.replace("Invoice number", "Purchase order number").replace("Invoice date", "Order date"),
    "small talk": "Lunch was 12.50 each. See you tomorrow!",
    "an invoice that is quoted": "Is this paid?\n" + "\n".join(f"> {line}" for line in PLAIN.splitlines()),
}
