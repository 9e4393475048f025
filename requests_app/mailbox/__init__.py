"""Mail as text and facts: read, bounded, judged. No database and no Django; ingest builds on top of this."""
