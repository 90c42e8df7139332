"""Invented worlds of records and invoices with the decision that the contract asks for, and how well it is met."""
