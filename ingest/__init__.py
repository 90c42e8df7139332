"""Reading: bytes become an Extraction. Knows nothing of orders, customers or HTTP."""
