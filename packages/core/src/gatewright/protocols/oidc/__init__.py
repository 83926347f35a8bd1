"""OpenID Connect as a client: provider metadata and ID token checks; nothing is fetched.

OpenID Connect Core 1.0, Discovery 1.0, RFC 8414 and RFC 8725.
"""
