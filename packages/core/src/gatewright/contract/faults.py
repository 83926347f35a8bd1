"""The faults of the core operations: one class each, named by its code. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

# Requests -----------------------------------------------------------------------------------------------------------


class BadRequest(Fault, status=400):
    """The body is no JSON document."""

    message = "Invalid JSON in request body"


class ValidationError(Fault, status=400):
    """The input has not the declared shape; the message names each place."""

    message = "Validation Error"


class BodyMustBeAnObject(Fault, status=400):
    """The body is no JSON object."""

    message = "Body must be an object"


class UnsupportedMediaType(Fault, status=415):
    """The body is of a type that the operation does not read."""


class PayloadTooLarge(Fault, status=413):
    """The body is larger than the configured limit."""

    message = "Request body is too large"


class FieldNotAllowed(Fault, status=400):
    """A field that requests may not set was sent."""

    message = "Field not allowed to be set"


class MissingField(Fault, status=400):
    """A required field of the application's own is absent."""

    message = "Field is required"


class Unauthorized(Fault, status=401):
    """There is no valid session."""

    message = "Unauthorized"


class TooManyRequests(Fault, status=429):
    """Too much is aimed at one account or address; ``x-retry-after`` says how many seconds to wait."""

    message = "Too many requests. Please try again later."


class ServiceUnavailable(Fault, status=503):
    """A store or the hashing queue cannot take the request now."""

    message = "Service temporarily unavailable"


class AlreadyInUse(Fault, status=409):
    """A value that must be unique, such as one of the application's own fields, belongs to another row."""

    message = "A value that must be unique is already in use"


class InternalServerError(Fault, status=500):
    """Something went wrong that is not the caller's fault."""

    message = "Internal Server Error"


# Origins ------------------------------------------------------------------------------------------------------------


class InvalidOrigin(Fault, status=403):
    """The request comes from an origin that is not trusted."""

    message = "Invalid origin"


class MissingOrNullOrigin(Fault, status=403):
    """A request with cookies says nothing of where it comes from."""

    message = "Missing or null Origin"


class CrossSiteNavigationLoginBlocked(Fault, status=403):
    """A form on another site was sent to sign somebody in."""

    message = "Cross-site navigation login blocked. This request appears to be a CSRF attack."


class InvalidCallbackUrl(Fault, status=403, code="INVALID_CALLBACK_URL"):
    """``callbackURL`` leads to an origin that is not trusted."""

    message = "Invalid callbackURL"


class InvalidRedirectUrl(Fault, status=403, code="INVALID_REDIRECT_URL"):
    """``redirectTo`` leads to an origin that is not trusted."""

    message = "Invalid redirectURL"


class InvalidErrorCallbackUrl(Fault, status=403, code="INVALID_ERROR_CALLBACK_URL"):
    """``errorCallbackURL`` leads to an origin that is not trusted."""

    message = "Invalid errorCallbackURL"


class InvalidNewUserCallbackUrl(Fault, status=403, code="INVALID_NEW_USER_CALLBACK_URL"):
    """``newUserCallbackURL`` leads to an origin that is not trusted."""

    message = "Invalid newUserCallbackURL"


# Sign-up and sign-in ------------------------------------------------------------------------------------------------


class EmailPasswordSignUpDisabled(Fault, status=400):
    """Nobody can sign up with a password here."""

    message = "Email and password sign up is not enabled"


class EmailPasswordDisabled(Fault, status=400):
    """Nobody can sign in with a password here."""

    message = "Email and password is not enabled"


class InvalidEmail(Fault, status=400):
    """Not an e-mail address."""

    message = "Invalid email"


class InvalidEmailOrPassword(Fault, status=401):
    """The address is unknown or the password does not match; which of the two is not told."""

    message = "Invalid email or password"


class InvalidPassword(Fault, status=400):
    """The password does not match."""

    message = "Invalid password"


class PasswordTooShort(Fault, status=400):
    """Shorter than the configured minimum."""

    message = "Password too short"


class PasswordTooLong(Fault, status=400):
    """Longer than the configured maximum."""

    message = "Password too long"


class UserAlreadyExistsUseAnotherEmail(Fault, status=422):
    """The address belongs to a user."""

    message = "User already exists. Use another email."


class FailedToCreateUser(Fault, status=422):
    """The user could not be stored."""

    message = "Failed to create user"


class FailedToCreateSession(Fault, status=500):
    """The session could not be stored."""

    message = "Failed to create session"


class EmailNotVerified(Fault, status=403):
    """The address has to be verified before signing in."""

    message = "Email not verified"


# Sessions and users -------------------------------------------------------------------------------------------------


class FailedToGetSession(Fault, status=500):
    """The session could not be read."""

    message = "Failed to get session"


class MethodNotAllowedDeferSessionRequired(Fault, status=405):
    """``POST /get-session`` needs ``session.defer_session_refresh``."""

    message = "POST method requires deferSessionRefresh to be enabled in session config"


class SessionNotFresh(Fault, status=403):
    """The session is older than ``session.fresh_age``."""

    message = "Session is not fresh"


class SessionExpired(Fault, status=400):
    """The session is older than ``session.fresh_age``; signing in again is needed."""

    message = "Session expired. Re-authenticate to perform this action."


class UserNotFound(Fault, status=400):
    """There is no such user."""

    message = "User not found"


class EmailCanNotBeUpdated(Fault, status=400):
    """An address is changed with its own operation."""

    message = "Email can not be updated"


class CredentialAccountNotFound(Fault, status=400):
    """The user has no password."""

    message = "Credential account not found"


class PasswordAlreadySet(Fault, status=400):
    """The user has a password; it is changed with its own operation."""

    message = "User already has a password set"


class ResetPasswordDisabled(Fault, status=400):
    """No mailer for password resets is configured."""

    message = "Reset password isn't enabled"


class InvalidToken(Fault, status=400):
    """The token is wrong, used or expired."""

    message = "Invalid token"


class TokenExpired(Fault, status=401):
    """The token is too old."""

    message = "Token expired"


class InvalidUser(Fault, status=401):
    """The token is for another user than the one who is signed in."""

    message = "Invalid user"


class ChangeEmailDisabled(Fault, status=400):
    """Addresses cannot be changed here."""

    message = "Change email is disabled"


class VerificationEmailNotEnabled(Fault, status=400):
    """No mailer for verification is configured."""

    message = "Verification email isn't enabled"


class EmailAlreadyVerified(Fault, status=400):
    """The address is verified."""

    message = "Email is already verified"


class EmailMismatch(Fault, status=400):
    """The address is not that of the signed-in user."""

    message = "Email mismatch"


class NotFound(Fault, status=404):
    """There is nothing here."""


# Accounts and providers ---------------------------------------------------------------------------------------------


class ProviderNotFound(Fault, status=404):
    """No such provider is configured."""

    message = "Provider not found"


class InvalidOAuthConfiguration(Fault, status=400, code="INVALID_OAUTH_CONFIGURATION"):
    """The provider has no address to send a browser to."""

    message = "Invalid OAuth configuration"


class IdTokenNotSupported(Fault, status=404):
    """The provider does not sign in by ID token."""

    message = "id_token not supported"


class FailedToGetUserInfo(Fault, status=401):
    """The provider did not say who the user is."""

    message = "Failed to get user info"


class UserEmailNotFound(Fault, status=401):
    """The provider did not give an address."""

    message = "User email not found"


class OAuthLinkError(Fault, status=401):
    """The identity may not sign in; the message says why."""


class SocialAccountAlreadyLinked(Fault, status=409):
    """The identity belongs to another user."""

    message = "Social account already linked"


class LinkingNotAllowed(Fault, status=401):
    """The identity may not be linked."""

    message = "Account not linked - linking not allowed"


class LinkingDifferentEmailsNotAllowed(Fault, status=401):
    """The identity has another address than the user."""

    message = "Account not linked - different emails not allowed"


class LinkingFailed(Fault, status=417):
    """The account could not be stored."""

    message = "Account not linked - unable to create account"


class AccountNotFound(Fault, status=400):
    """The user has no such account."""

    message = "Account not found"


class FailedToUnlinkLastAccount(Fault, status=400):
    """A user keeps at least one way in."""

    message = "You can't unlink your last account"


class UserIdOrSessionRequired(Fault, status=400):
    """A server call must say whose account it means."""

    message = "Either userId or session is required"


class ProviderNotSupported(Fault, status=400):
    """The account's provider is not configured; the message names it."""


class ProviderNotConfigured(Fault, status=400):
    """The account's provider is not configured; the message names it."""


class TokenRefreshNotSupported(Fault, status=400):
    """The provider does not renew tokens; the message names it."""


class RefreshTokenNotFound(Fault, status=400):
    """The account has no refresh token."""

    message = "Refresh token not found"


class FailedToRefreshAccessToken(Fault, status=400):
    """The provider did not renew the token."""

    message = "Failed to refresh access token"


class FailedToGetAccessToken(Fault, status=400):
    """The provider did not give a valid token."""

    message = "Failed to get a valid access token"


class AccessTokenNotFound(Fault, status=400):
    """The account has no access token."""

    message = "Access token not found"
