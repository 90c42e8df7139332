"""Lines of goods and services: the parts that `ingest.line_items` puts together."""
