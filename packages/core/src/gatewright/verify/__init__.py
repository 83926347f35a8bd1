"""Checks sessions of a better-auth or Gatewright server from another service: no database, no settings, no plugins.

For Python services behind an authentication server that runs elsewhere. Here belong the readers of its cookies, its
JSON Web Tokens, its token introspection and its ``/get-session``; nothing here creates or changes a session. Imports the pure rooms, ``crypto``,
``http`` and ``ports``.

::

    verifier = Verifier.of("https://auth.example.com", secret=SECRET)
    identity = await verifier.require(headers)
    identity.user.email
"""

from gatewright.verify.cached import SessionCookies, Strategy
from gatewright.verify.identity import Identity, Source
from gatewright.verify.introspection import TokenIntrospection
from gatewright.verify.key_signed import KeySignedCookies
from gatewright.verify.keys import RemoteKeys
from gatewright.verify.remote import RemoteSessions
from gatewright.verify.tokens import TokenVerifier
from gatewright.verify.verifier import CheckKey, Verifier

__all__ = (
    "CheckKey",
    "Identity",
    "KeySignedCookies",
    "RemoteKeys",
    "RemoteSessions",
    "SessionCookies",
    "Source",
    "Strategy",
    "TokenIntrospection",
    "TokenVerifier",
    "Verifier",
)
