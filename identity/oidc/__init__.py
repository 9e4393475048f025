"""OpenID Connect as a relying party: authorization code with PKCE, and ID tokens that are checked to the last claim.

Knows neither Django nor our tables. Whoever uses it keeps the secrets of an attempt (`flow.Departure`) for the one
browser that began it.
"""
