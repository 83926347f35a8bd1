"""Add a proven identity to a user who is signed in, or was when the attempt began.

Of concurrent links of one identity, one stores the account; the store refuses a second. Source: contract,
options.json ``account.accountLinking``; providers.json ``storage``.
"""

from __future__ import annotations

from gatewright.flows.oauth.identity import Arrival, IdentityRefused, admit, identity_of, profile_values, rules_of
from gatewright.flows.oauth.link import ExistingUser, Link, Refusal, Refuse, SignIn, decide_explicit_link
from gatewright.model.account import Account
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services

__all__ = ("link_identity",)

_ATTEMPTS = 3


async def link_identity(
    services: Services, db: Database, arrival: Arrival, user: ExistingUser, *, presented: bool
) -> Account:
    """The account that ties an identity to a user.

    Args:
        services: Keepers.
        db: Where.
        arrival: The identity with its tokens.
        user: Who links.
        presented: Whether the client presented an ID token itself.

    Raises:
        IdentityRefused: It may not be linked, or could not be stored (``unable_to_link_account``).
        NotAdmitted: The application does not want it.
    """
    for _ in range(_ATTEMPTS):
        try:
            return await _link(services, db, arrival, user, presented=presented)
        except Conflict:
            continue
        except Refused:
            raise IdentityRefused("unable_to_link_account") from None
    raise IdentityRefused("unable_to_link_account")


async def _link(services: Services, db: Database, arrival: Arrival, user: ExistingUser, *, presented: bool) -> Account:
    if not presented:
        # Before the rules, as in the contract; who presented an ID token learns of them first.
        await admit(services, db, arrival, user.id, "link-account")
    person = arrival.person
    keeper = services.provider_accounts
    account = await keeper.by_identity(db, person.issuer, person.subject)
    rules = rules_of(services.plan.settings.account.account_linking, arrival.trusted)
    decision = decide_explicit_link(
        identity_of(arrival.known, person),
        rules=rules,
        owner_id=None if account is None else account.user_id,
        signed_in=user,
        presented=presented,
    )
    if presented and not isinstance(decision, Refuse):
        await admit(services, db, arrival, user.id, "link-account")
    match decision:
        case Refuse(reason):
            raise IdentityRefused(reason)
        case SignIn() if account is not None:
            updated = await keeper.update(db, account, arrival.tokens, merge_scopes=True)
            if updated is None:
                raise Conflict("account")
            if rules.update_user_info_on_link:
                await services.users.update(db, user.id, profile_values(person))
            return updated
        case Link(update_user_info=updates):
            async with db.transaction() as tx:
                # The user may be gone since the attempt began: an account of nobody would wait for whoever comes next.
                if await services.users.by_id(tx, user.id) is None:
                    raise IdentityRefused(Refusal.UNABLE_TO_LINK)
                made = await keeper.create(
                    tx,
                    user_id=user.id,
                    provider_id=arrival.known.id,
                    issuer=person.issuer,
                    subject=person.subject,
                    tokens=arrival.tokens,
                )
                values = profile_values(person) if updates else {}
                if values:
                    await services.users.update(tx, user.id, values)
            return made
        case _:
            raise IdentityRefused(Refusal.UNABLE_TO_LINK)
