"""OAuth 2.0 as a client: request values are built and response values are read here; nothing is sent.

RFC 6749, RFC 7636 (PKCE), RFC 7523 (client assertions), RFC 9207 (issuer of a response) and RFC 9700.
"""
