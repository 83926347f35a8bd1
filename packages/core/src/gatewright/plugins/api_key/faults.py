"""Faults of the API key plugin. Source: contract, errors.json ``api-key``."""

from __future__ import annotations

from gatewright.wire.faults import Fault


class InvalidMetadataType(Fault, status=400):
    """Metadata is a JSON object."""

    message = "metadata must be an object or undefined"


class RefillAmountAndIntervalRequired(Fault, status=400):
    """An amount comes with an interval."""

    message = "refillAmount is required when refillInterval is provided"


class RefillIntervalAndAmountRequired(Fault, status=400):
    """An interval comes with an amount."""

    message = "refillInterval is required when refillAmount is provided"


class UserBanned(Fault, status=401):
    """A banned user manages no keys."""

    message = "User is banned"


class UnauthorizedSession(Fault, status=401):
    """There is no session that may do this, or no user is named."""

    message = "Unauthorized or invalid session"


class KeyNotFound(Fault, status=404):
    """No such key, or one that is not the caller's; or it may not do what was asked."""

    message = "API Key not found"


class KeyDisabled(Fault, status=401):
    """Somebody has switched the key off."""

    message = "API Key is disabled"


class KeyExpired(Fault, status=401):
    """The key's time is over."""

    message = "API Key has expired"


class UsageExceeded(Fault, status=429):
    """No uses remain."""

    message = "API Key has reached its usage limit"


class KeyNotRecoverable(Fault, status=400):
    """A key that was handed out is not shown again."""

    message = "API Key is not recoverable"


class ExpiresInIsTooSmall(Fault, status=400):
    """A shorter life than the configured minimum."""

    message = "The expiresIn is smaller than the predefined minimum value."


class ExpiresInIsTooLarge(Fault, status=400):
    """A longer life than the configured maximum."""

    message = "The expiresIn is larger than the predefined maximum value."


class InvalidRemaining(Fault, status=400):
    """Not a number of uses."""

    message = "The remaining count is either too large or too small."


class InvalidPrefixLength(Fault, status=400):
    """The prefix is outside the configured bounds."""

    message = "The prefix length is either too large or too small."


class InvalidNameLength(Fault, status=400):
    """The name is outside the configured bounds."""

    message = "The name length is either too large or too small."


class MetadataDisabled(Fault, status=400):
    """Keys carry no metadata here."""

    message = "Metadata is disabled."


class RateLimitExceeded(Fault, status=429):
    """Too many requests with this key."""

    message = "Rate limit exceeded."


class NoValuesToUpdate(Fault, status=400):
    """Nothing to change was given."""

    message = "No values to update."


class KeyDisabledExpiration(Fault, status=400):
    """Callers do not choose how long keys live."""

    message = "Custom key expiration values are disabled."


class InvalidApiKey(Fault, status=401):
    """No such key."""

    message = "Invalid API key."


class InvalidUserIdFromApiKey(Fault, status=400):
    """The key's user is not there."""

    message = "The user id from the API key is invalid."


class InvalidReferenceIdFromApiKey(Fault, status=401):
    """The key's owner is not a user who could have a session."""

    message = "The reference id from the API key is invalid."


class InvalidApiKeyGetterReturnType(Fault, status=400):
    """The application's own function gave something that is no text."""

    message = "API Key getter returned an invalid key type. Expected string."


class ServerOnlyProperty(Fault, status=400):
    """Only the application itself sets this."""

    message = "The property you're trying to set can only be set from the server auth instance only."


class FailedToUpdateApiKey(Fault, status=500):
    """The key could not be changed."""

    message = "Failed to update API key"


class NameRequired(Fault, status=400):
    """Keys have names here."""

    message = "API Key name is required."


class OrganizationIdRequired(Fault, status=400):
    """The key's organization was not named."""

    message = "Organization ID is required for organization-owned API keys."


class UserNotMemberOfOrganization(Fault, status=403):
    """Only members manage an organization's keys."""

    message = "You are not a member of the organization that owns this API key."


class InsufficientApiKeyPermissions(Fault, status=403):
    """The member's role does not allow it."""

    message = "You do not have permission to perform this action on organization API keys."


class NoDefaultApiKeyConfigurationFound(Fault, status=400):
    """No configuration has this identifier, and there is none by default."""

    message = "No default api-key configuration found."


class OrganizationPluginRequired(Fault, status=500):
    """Keys of organizations need the organization plugin."""

    message = "Organization plugin is required for organization-owned API keys. Please install and configure the organization plugin."


class RateLimited(Fault, status=429):
    """Too many requests with this key in its window; ``details.tryAgainIn`` is in milliseconds."""

    message = "Rate limit exceeded."
