"""A passkey as proof of who somebody is: the challenge is taken, the signature checked, the count kept.

What follows, a session or more certainty about one, is for whoever asks. Source: WebAuthn §7.2.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from gatewright.access.assurance import Way, passkey
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.passkey import challenges, flows
from gatewright.plugins.passkey.ceremony import Expected, StoredKey, Unproven, user_handle, verify_authentication
from gatewright.plugins.passkey.faults import AuthenticationFailed, ChallengeNotFound, PasskeyNotFound
from gatewright.plugins.passkey.guards import origins_of, rp_id_of
from gatewright.plugins.passkey.options import AuthenticationVerified, PasskeyOptions
from gatewright.plugins.passkey.user_handle import belongs_to_another
from gatewright.wire.faults import ApiError

__all__ = ("authenticate",)


async def authenticate(
    call: Call[Any], options: PasskeyOptions, answer: Mapping[str, object], *, owner_id: str | None = None
) -> tuple[User, Way]:
    """Whose passkey has signed the caller's challenge, and what that proves.

    Args:
        call: The call.
        options: Of the plugin.
        answer: The browser's ``PublicKeyCredential``, as JSON.
        owner_id: Only a passkey of this user will do.

    Raises:
        ChallengeNotFound: There is no challenge, or it was used.
        PasskeyNotFound: Nobody has the passkey, or somebody else.
        AuthenticationFailed: It does not prove anything.
    """
    origins = origins_of(call)
    if not origins:
        raise ApiError(400, message="origin missing")
    challenge = await challenges.take(call, "authentication")
    if challenge is None:
        raise ChallengeNotFound
    row = await flows.find_passkey(call.db, answer.get("id"))
    if row is None or (owner_id is not None and row.user_id != owner_id):
        raise PasskeyNotFound
    handle = user_handle(answer)
    if handle is not None and belongs_to_another(call.services.plan.secret, handle, row.user_id):
        raise AuthenticationFailed(because="the user handle is another user's")
    expected = Expected(challenge.expected, origins, rp_id_of(call), options.must_verify_user)
    try:
        verification = verify_authentication(answer, expected, StoredKey(row.public_key, row.counter))
        after = options.authentication.after_verification
        if after is not None:
            told = after(AuthenticationVerified(call, verification, answer))
            if inspect.isawaitable(told):
                await told
    except Unproven as error:
        raise AuthenticationFailed(status=401 if error.forged else 400, because=str(error)) from None
    except ApiError:
        raise
    except Exception as error:
        raise AuthenticationFailed(because=str(error)) from error
    user = await call.services.users.by_id(call.db, row.user_id)
    if user is None:
        raise PasskeyNotFound
    await flows.use(call.db, row, verification)
    info = verification.authentication_info
    return user, passkey(verified=info.user_verified, synced=info.credential_device_type == "multiDevice")
