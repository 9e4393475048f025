"""One folder or file a kind of system; plain Python, no Django."""
