"""The faults of the passkey plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "AuthenticationFailed",
    "ChallengeNotFound",
    "FailedToUpdatePasskey",
    "FailedToVerifyRegistration",
    "PasskeyNotFound",
    "PreviouslyRegistered",
    "ResolveUserRequired",
    "ResolvedUserInvalid",
    "UnableToCreateSession",
    "UserNotFound",
    "YouAreNotAllowedToRegisterThisPasskey",
)


class ChallengeNotFound(Fault, status=400):
    """There is no challenge of this browser for it, or it was used or is too old."""

    message = "Challenge not found"


class YouAreNotAllowedToRegisterThisPasskey(Fault, status=401):
    """It belongs to somebody else, or the challenge does."""

    message = "You are not allowed to register this passkey"


class FailedToVerifyRegistration(Fault, status=500):
    """What the authenticator answered proves nothing; ``400`` where it can not even be read."""

    message = "Failed to verify registration"


class PreviouslyRegistered(Fault, status=400):
    """The credential is registered already."""

    message = "Previously registered"


class PasskeyNotFound(Fault, status=401):
    """No such passkey is known; ``404`` where it was asked for by its own id."""

    message = "Passkey not found"


class AuthenticationFailed(Fault, status=400):
    """What the authenticator answered proves nothing; ``401`` where the signature is not that of the key."""

    message = "Authentication failed"


class UnableToCreateSession(Fault, status=500):
    """A hook does not want the session."""

    message = "Unable to create session"


class UserNotFound(Fault, status=500):
    """The user that the application chose for a passkey does not exist."""

    message = "User not found"


class FailedToUpdatePasskey(Fault, status=500):
    """The passkey was deleted while it was renamed."""

    message = "Failed to update passkey"


class ResolveUserRequired(Fault, status=400):
    """Nobody is signed in, and the application does not say for whom a passkey is registered."""

    message = (
        "Passkey registration requires either an authenticated session or a resolveUser callback "
        "when requireSession is false"
    )


class ResolvedUserInvalid(Fault, status=400):
    """The application chose nobody, or somebody without id or name."""

    message = "Resolved user is invalid"
