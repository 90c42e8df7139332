"""No question of the matcher looks at every record: what is asked by key is found by an index."""

from __future__ import annotations

from matching_desk import Desk, invoice

BOUNDED = (
    "json_each",
    "sqlite_master",
    "ORDER BY id DESC LIMIT 1",
    "record_generation",
    "pending_imports",
    "suppliers USING COVERING",
    "customers USING COVERING",
)
"""What is looked through whole because it is small, or asked for its first row only."""


def test_nothing_is_looked_through_whole(desk: Desk) -> None:
    desk.decide(invoice())
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    for number, fields in (("A-1", {}), ("A-2", {"purchase_order": None}), ("A-3", {"purchase_order": "4S00026002"})):
        desk.decide(invoice(invoice_number=number, seller_vat_id=None, seller_iban=None, **fields))
    desk.db.conn.set_trace_callback(None)
    scans = set()
    for statement in dict.fromkeys(asked):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            plan = [row[3] for row in desk.db.conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
            scans |= {
                f"{step} | {statement[:120]}"
                for step in plan
                if step.startswith("SCAN")
                and not any(name in step for name in ("VIRTUAL TABLE", "CONSTANT"))
                and not any(name in statement or name in step for name in BOUNDED)
            }
            # a key of one party must not be sought among the keys of all
            assert not any("party_keys" in step and step.endswith("(party=?)") for step in plan), statement
    assert scans == set()


def test_there_are_questions_to_look_at(desk: Desk) -> None:
    asked: list[str] = []
    desk.db.conn.set_trace_callback(asked.append)
    desk.decide(invoice())
    desk.db.conn.set_trace_callback(None)
    assert sum("party_keys" in statement for statement in asked) > 2
