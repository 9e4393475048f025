"""Fixtures for every test; what only one folder needs stands in that folder's own conftest."""
