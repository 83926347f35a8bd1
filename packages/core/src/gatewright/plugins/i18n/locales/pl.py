"""Messages in Polish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("PL",)

PL: Mapping[str, str] = {
    "USER_NOT_FOUND": "Nie ma takiego użytkownika",
    "FAILED_TO_CREATE_USER": "Nie udało się utworzyć użytkownika",
    "FAILED_TO_CREATE_SESSION": "Nie udało się rozpocząć sesji",
    "FAILED_TO_UPDATE_USER": "Nie udało się zmienić danych użytkownika",
    "FAILED_TO_GET_SESSION": "Nie udało się odczytać sesji",
    "INVALID_PASSWORD": "Hasło jest błędne",
    "INVALID_EMAIL": "Adres e-mail jest nieprawidłowy",
    "INVALID_EMAIL_OR_PASSWORD": "Adres e-mail lub hasło są błędne",
    "INVALID_USER": "Użytkownik jest nieprawidłowy",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "To konto społecznościowe jest już połączone",
    "PROVIDER_NOT_FOUND": "Ten dostawca logowania jest nieznany",
    "INVALID_TOKEN": "Token jest nieprawidłowy",
    "TOKEN_EXPIRED": "Token stracił ważność",
    "FAILED_TO_GET_USER_INFO": "Nie udało się pobrać danych użytkownika",
    "USER_EMAIL_NOT_FOUND": "Ten użytkownik nie ma adresu e-mail",
    "EMAIL_NOT_VERIFIED": "Adres e-mail nie został jeszcze potwierdzony",
    "PASSWORD_TOO_SHORT": "Hasło jest za krótkie",
    "PASSWORD_TOO_LONG": "Hasło jest za długie",
    "USER_ALREADY_EXISTS": "Taki użytkownik już istnieje",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Taki użytkownik już istnieje, użyj innego adresu e-mail",
    "EMAIL_CAN_NOT_BE_UPDATED": "Adresu e-mail nie można zmienić",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Nie ma konta z hasłem",
    "SESSION_EXPIRED": "Sesja wygasła, zaloguj się ponownie, aby to zrobić",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Nie można odłączyć ostatniego konta",
    "ACCOUNT_NOT_FOUND": "Nie ma takiego konta",
    "USER_ALREADY_HAS_PASSWORD": "Masz już hasło, podaj je, aby usunąć konto",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Wiadomości potwierdzające są wyłączone",
    "EMAIL_ALREADY_VERIFIED": "Adres e-mail jest już potwierdzony",
    "EMAIL_MISMATCH": "Adresy e-mail nie są zgodne",
    "SESSION_NOT_FRESH": "Od zalogowania minęło zbyt dużo czasu, zaloguj się ponownie",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "To konto jest już połączone",
    "VALIDATION_ERROR": "Wprowadzone dane są nieprawidłowe",
    "MISSING_FIELD": "To pole jest wymagane",
    "PASSWORD_ALREADY_SET": "Hasło jest już ustawione",
}
