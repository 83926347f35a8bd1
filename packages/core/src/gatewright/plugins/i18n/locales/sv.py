"""Messages in Swedish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("SV",)

SV: Mapping[str, str] = {
    "USER_NOT_FOUND": "Användaren finns inte",
    "FAILED_TO_CREATE_USER": "Användaren kunde inte skapas",
    "FAILED_TO_CREATE_SESSION": "Sessionen kunde inte startas",
    "FAILED_TO_UPDATE_USER": "Användaren kunde inte ändras",
    "FAILED_TO_GET_SESSION": "Sessionen kunde inte läsas",
    "INVALID_PASSWORD": "Fel lösenord",
    "INVALID_EMAIL": "E-postadressen är inte giltig",
    "INVALID_EMAIL_OR_PASSWORD": "Fel e-postadress eller lösenord",
    "INVALID_USER": "Användaren är inte giltig",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Det sociala kontot är redan länkat",
    "PROVIDER_NOT_FOUND": "Inloggningstjänsten är inte känd",
    "INVALID_TOKEN": "Token är inte giltig",
    "TOKEN_EXPIRED": "Token har gått ut",
    "FAILED_TO_GET_USER_INFO": "Användarens uppgifter kunde inte hämtas",
    "USER_EMAIL_NOT_FOUND": "Användaren har ingen e-postadress",
    "EMAIL_NOT_VERIFIED": "E-postadressen är inte bekräftad än",
    "PASSWORD_TOO_SHORT": "Lösenordet är för kort",
    "PASSWORD_TOO_LONG": "Lösenordet är för långt",
    "USER_ALREADY_EXISTS": "Användaren finns redan",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Användaren finns redan, välj en annan e-postadress",
    "EMAIL_CAN_NOT_BE_UPDATED": "E-postadressen kan inte ändras",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Det finns inget konto med lösenord",
    "SESSION_EXPIRED": "Sessionen har gått ut, logga in igen för att fortsätta",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Det sista kontot kan inte kopplas bort",
    "ACCOUNT_NOT_FOUND": "Kontot finns inte",
    "USER_ALREADY_HAS_PASSWORD": "Du har ett lösenord, ange det för att ta bort kontot",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Bekräftelsemejl är inte påslagna",
    "EMAIL_ALREADY_VERIFIED": "E-postadressen är redan bekräftad",
    "EMAIL_MISMATCH": "E-postadresserna stämmer inte överens",
    "SESSION_NOT_FRESH": "Det är för länge sedan du loggade in, logga in igen",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Kontot är redan länkat",
    "VALIDATION_ERROR": "Uppgifterna är inte giltiga",
    "MISSING_FIELD": "Fältet måste fyllas i",
    "PASSWORD_ALREADY_SET": "Ett lösenord är redan satt",
}
