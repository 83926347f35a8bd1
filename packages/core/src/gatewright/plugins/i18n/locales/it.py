"""Messages in Italian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("IT",)

IT: Mapping[str, str] = {
    "USER_NOT_FOUND": "Questo utente non esiste",
    "FAILED_TO_CREATE_USER": "Non è stato possibile creare l'utente",
    "FAILED_TO_CREATE_SESSION": "Non è stato possibile aprire la sessione",
    "FAILED_TO_UPDATE_USER": "Non è stato possibile modificare l'utente",
    "FAILED_TO_GET_SESSION": "Non è stato possibile leggere la sessione",
    "INVALID_PASSWORD": "La password è sbagliata",
    "INVALID_EMAIL": "L'indirizzo e-mail non è valido",
    "INVALID_EMAIL_OR_PASSWORD": "L'e-mail o la password è sbagliata",
    "INVALID_USER": "L'utente non è valido",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Questo account social è già collegato",
    "PROVIDER_NOT_FOUND": "Questo fornitore di accesso non è noto",
    "INVALID_TOKEN": "Il token non è valido",
    "TOKEN_EXPIRED": "Il token è scaduto",
    "FAILED_TO_GET_USER_INFO": "Non è stato possibile ottenere i dati dell'utente",
    "USER_EMAIL_NOT_FOUND": "Questo utente non ha un indirizzo e-mail",
    "EMAIL_NOT_VERIFIED": "L'indirizzo e-mail non è ancora verificato",
    "PASSWORD_TOO_SHORT": "La password è troppo corta",
    "PASSWORD_TOO_LONG": "La password è troppo lunga",
    "USER_ALREADY_EXISTS": "Questo utente esiste già",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Questo utente esiste già, usa un altro indirizzo e-mail",
    "EMAIL_CAN_NOT_BE_UPDATED": "L'indirizzo e-mail non può essere modificato",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Nessun account ha una password",
    "SESSION_EXPIRED": "La sessione è scaduta, accedi di nuovo per continuare",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "L'ultimo account non può essere scollegato",
    "ACCOUNT_NOT_FOUND": "Questo account non esiste",
    "USER_ALREADY_HAS_PASSWORD": "Hai già una password, inseriscila per eliminare l'account",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Le e-mail di verifica non sono attive",
    "EMAIL_ALREADY_VERIFIED": "L'indirizzo e-mail è già verificato",
    "EMAIL_MISMATCH": "Gli indirizzi e-mail non coincidono",
    "SESSION_NOT_FRESH": "È passato troppo tempo dall'accesso, accedi di nuovo",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Questo account è già collegato",
    "VALIDATION_ERROR": "I dati inseriti non sono validi",
    "MISSING_FIELD": "Questo campo è obbligatorio",
    "PASSWORD_ALREADY_SET": "Una password è già impostata",
}
