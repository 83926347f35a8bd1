"""Messages in German."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("DE",)

DE: Mapping[str, str] = {
    "USER_NOT_FOUND": "Diesen Benutzer gibt es nicht",
    "FAILED_TO_CREATE_USER": "Der Benutzer konnte nicht angelegt werden",
    "FAILED_TO_CREATE_SESSION": "Die Sitzung konnte nicht begonnen werden",
    "FAILED_TO_UPDATE_USER": "Der Benutzer konnte nicht geändert werden",
    "FAILED_TO_GET_SESSION": "Die Sitzung konnte nicht gelesen werden",
    "INVALID_PASSWORD": "Das Passwort ist falsch",
    "INVALID_EMAIL": "Das ist keine gültige E-Mail-Adresse",
    "INVALID_EMAIL_OR_PASSWORD": "E-Mail-Adresse oder Passwort ist falsch",
    "INVALID_USER": "Der Benutzer ist ungültig",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Dieses Konto ist bereits verknüpft",
    "PROVIDER_NOT_FOUND": "Dieser Anbieter ist nicht bekannt",
    "INVALID_TOKEN": "Das Token ist ungültig",
    "TOKEN_EXPIRED": "Das Token ist abgelaufen",
    "FAILED_TO_GET_USER_INFO": "Die Angaben zum Benutzer waren nicht zu bekommen",
    "USER_EMAIL_NOT_FOUND": "Zu diesem Benutzer gibt es keine E-Mail-Adresse",
    "EMAIL_NOT_VERIFIED": "Die E-Mail-Adresse ist noch nicht bestätigt",
    "PASSWORD_TOO_SHORT": "Das Passwort ist zu kurz",
    "PASSWORD_TOO_LONG": "Das Passwort ist zu lang",
    "USER_ALREADY_EXISTS": "Diesen Benutzer gibt es schon",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Diesen Benutzer gibt es schon, bitte eine andere E-Mail-Adresse verwenden",
    "EMAIL_CAN_NOT_BE_UPDATED": "Die E-Mail-Adresse lässt sich nicht ändern",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Es gibt kein Konto mit Passwort",
    "SESSION_EXPIRED": "Die Sitzung ist abgelaufen, bitte dafür neu anmelden",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Das letzte Konto kann nicht getrennt werden",
    "ACCOUNT_NOT_FOUND": "Dieses Konto gibt es nicht",
    "USER_ALREADY_HAS_PASSWORD": "Es gibt ein Passwort, bitte zum Löschen des Kontos angeben",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Bestätigungsmails sind nicht eingerichtet",
    "EMAIL_ALREADY_VERIFIED": "Die E-Mail-Adresse ist bereits bestätigt",
    "EMAIL_MISMATCH": "Die E-Mail-Adressen stimmen nicht überein",
    "SESSION_NOT_FRESH": "Die Anmeldung liegt zu lange zurück, bitte neu anmelden",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Dieses Konto ist schon verknüpft",
    "VALIDATION_ERROR": "Die Eingaben sind ungültig",
    "MISSING_FIELD": "Diese Angabe fehlt",
    "PASSWORD_ALREADY_SET": "Ein Passwort ist bereits gesetzt",
}
