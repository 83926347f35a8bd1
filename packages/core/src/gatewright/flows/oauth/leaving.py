"""Signing out at the provider too: the address that ends its session and brings the browser back.

Source: OpenID Connect RP-Initiated Logout 1.0 §2; asked of a running server: which parameters are sent when.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider, Leaving

__all__ = ("leaving_address", "way_out")


async def way_out(services: Services, db: Database, token: str, return_to: str | None, state: str | None) -> str | None:
    """Where the browser signs out at the provider that the user came from last; ``None`` where it need not.

    Args:
        services: Sessions, accounts and providers.
        db: Where they are.
        token: Of the session that is about to end.
        return_to: Where the provider sends the browser afterwards.
        state: Goes there with it.
    """
    found = await services.sessions.find(db, token)
    if found is None:
        return None
    accounts = [each for each in await services.accounts.of_user(db, found[0].user_id) if each.id_token]
    for account in sorted(accounts, key=lambda each: each.updated_at, reverse=True):
        known = await services.plan.social.providers.find(account.provider_id, services)
        if known is not None and known.leaving is not None:
            return leaving_address(known, known.leaving, account.id_token or "", return_to, state)
    return None


def leaving_address(
    known: ConfiguredProvider, leaving: Leaving, id_token: str, return_to: str | None, state: str | None
) -> str:
    """The provider's end session endpoint with what it needs to know."""
    parts = urlsplit(leaving.endpoint)
    back = return_to or leaving.return_to
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["id_token_hint"] = id_token
    if back is not None:
        query.update(post_logout_redirect_uri=back, client_id=known.provider.client_id)
    if back is not None and state is not None:
        query["state"] = state
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
