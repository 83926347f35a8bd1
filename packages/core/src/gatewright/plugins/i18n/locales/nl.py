"""Messages in Dutch."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("NL",)

NL: Mapping[str, str] = {
    "USER_NOT_FOUND": "Deze gebruiker is niet gevonden",
    "FAILED_TO_CREATE_USER": "De gebruiker kon niet worden aangemaakt",
    "FAILED_TO_CREATE_SESSION": "De sessie kon niet worden gestart",
    "FAILED_TO_UPDATE_USER": "De gebruiker kon niet worden gewijzigd",
    "FAILED_TO_GET_SESSION": "De sessie kon niet worden gelezen",
    "INVALID_PASSWORD": "Het wachtwoord klopt niet",
    "INVALID_EMAIL": "Dit is geen geldig e-mailadres",
    "INVALID_EMAIL_OR_PASSWORD": "Het e-mailadres of het wachtwoord klopt niet",
    "INVALID_USER": "De gebruiker is niet geldig",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Dit sociale account is al gekoppeld",
    "PROVIDER_NOT_FOUND": "Deze inlogdienst is niet bekend",
    "INVALID_TOKEN": "Het token is niet geldig",
    "TOKEN_EXPIRED": "Het token is verlopen",
    "FAILED_TO_GET_USER_INFO": "De gegevens van de gebruiker konden niet worden opgehaald",
    "USER_EMAIL_NOT_FOUND": "Deze gebruiker heeft geen e-mailadres",
    "EMAIL_NOT_VERIFIED": "Het e-mailadres is nog niet bevestigd",
    "PASSWORD_TOO_SHORT": "Het wachtwoord is te kort",
    "PASSWORD_TOO_LONG": "Het wachtwoord is te lang",
    "USER_ALREADY_EXISTS": "Deze gebruiker bestaat al",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Deze gebruiker bestaat al, gebruik een ander e-mailadres",
    "EMAIL_CAN_NOT_BE_UPDATED": "Het e-mailadres kan niet worden gewijzigd",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Er is geen account met een wachtwoord",
    "SESSION_EXPIRED": "De sessie is verlopen, log hiervoor opnieuw in",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Het laatste account kan niet worden losgekoppeld",
    "ACCOUNT_NOT_FOUND": "Dit account is niet gevonden",
    "USER_ALREADY_HAS_PASSWORD": "Er is een wachtwoord, vul het in om het account te verwijderen",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Bevestigingsmails staan niet aan",
    "EMAIL_ALREADY_VERIFIED": "Het e-mailadres is al bevestigd",
    "EMAIL_MISMATCH": "De e-mailadressen zijn niet gelijk",
    "SESSION_NOT_FRESH": "Het inloggen is te lang geleden, log opnieuw in",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Dit account is al gekoppeld",
    "VALIDATION_ERROR": "De ingevoerde gegevens zijn niet geldig",
    "MISSING_FIELD": "Dit veld is verplicht",
    "PASSWORD_ALREADY_SET": "Er is al een wachtwoord ingesteld",
}
