"""Invented invoices in many layouts and languages, each with its whole truth: paper to measure the reader with."""
