"""Access tokens (OAuth 2.0) for mail servers that take no password: Microsoft 365 and Google Workspace."""
