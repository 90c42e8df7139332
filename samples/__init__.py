"""Documents, records and expected results that the demo and the tests use."""

from datetime import date

TODAY = date(2026, 11, 23)
"""The day on which the samples are judged."""
