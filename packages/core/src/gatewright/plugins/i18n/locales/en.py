"""Messages in English."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("EN",)

EN: Mapping[str, str] = {
    "USER_NOT_FOUND": "We could not find this user",
    "FAILED_TO_CREATE_USER": "The user could not be created",
    "FAILED_TO_CREATE_SESSION": "The session could not be started",
    "FAILED_TO_UPDATE_USER": "The user could not be changed",
    "FAILED_TO_GET_SESSION": "The session could not be read",
    "INVALID_PASSWORD": "This password is wrong",
    "INVALID_EMAIL": "This is not a valid e-mail address",
    "INVALID_EMAIL_OR_PASSWORD": "The e-mail address or the password is wrong",
    "INVALID_USER": "This user is not valid",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "This social account is linked already",
    "PROVIDER_NOT_FOUND": "This sign-in provider is not known",
    "INVALID_TOKEN": "This token is not valid",
    "TOKEN_EXPIRED": "This token has expired",
    "FAILED_TO_GET_USER_INFO": "The details of the user could not be fetched",
    "USER_EMAIL_NOT_FOUND": "This user has no e-mail address",
    "EMAIL_NOT_VERIFIED": "The e-mail address has not been verified yet",
    "PASSWORD_TOO_SHORT": "This password is too short",
    "PASSWORD_TOO_LONG": "This password is too long",
    "USER_ALREADY_EXISTS": "This user exists already",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "This user exists already, please use another e-mail address",
    "EMAIL_CAN_NOT_BE_UPDATED": "The e-mail address cannot be changed",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "There is no account with a password",
    "SESSION_EXPIRED": "Your session has expired, please sign in again to do this",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Your last account cannot be unlinked",
    "ACCOUNT_NOT_FOUND": "We could not find this account",
    "USER_ALREADY_HAS_PASSWORD": "You have a password, please enter it to delete your account",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Verification mails are not enabled",
    "EMAIL_ALREADY_VERIFIED": "The e-mail address is verified already",
    "EMAIL_MISMATCH": "The e-mail addresses do not match",
    "SESSION_NOT_FRESH": "You signed in too long ago, please sign in again",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "This account is linked already",
    "VALIDATION_ERROR": "What was entered is not valid",
    "MISSING_FIELD": "This field is needed",
    "PASSWORD_ALREADY_SET": "A password is set already",
}
