"""Messages in French."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("FR",)

FR: Mapping[str, str] = {
    "USER_NOT_FOUND": "Cet utilisateur est introuvable",
    "FAILED_TO_CREATE_USER": "L'utilisateur n'a pas pu être créé",
    "FAILED_TO_CREATE_SESSION": "La session n'a pas pu être ouverte",
    "FAILED_TO_UPDATE_USER": "L'utilisateur n'a pas pu être modifié",
    "FAILED_TO_GET_SESSION": "La session n'a pas pu être lue",
    "INVALID_PASSWORD": "Le mot de passe est incorrect",
    "INVALID_EMAIL": "Cette adresse e-mail n'est pas valable",
    "INVALID_EMAIL_OR_PASSWORD": "L'adresse e-mail ou le mot de passe est incorrect",
    "INVALID_USER": "Cet utilisateur n'est pas valable",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Ce compte social est déjà associé",
    "PROVIDER_NOT_FOUND": "Ce fournisseur de connexion est inconnu",
    "INVALID_TOKEN": "Ce jeton n'est pas valable",
    "TOKEN_EXPIRED": "Ce jeton a expiré",
    "FAILED_TO_GET_USER_INFO": "Les informations de l'utilisateur n'ont pas pu être obtenues",
    "USER_EMAIL_NOT_FOUND": "Cet utilisateur n'a pas d'adresse e-mail",
    "EMAIL_NOT_VERIFIED": "L'adresse e-mail n'est pas encore vérifiée",
    "PASSWORD_TOO_SHORT": "Le mot de passe est trop court",
    "PASSWORD_TOO_LONG": "Le mot de passe est trop long",
    "USER_ALREADY_EXISTS": "Cet utilisateur existe déjà",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Cet utilisateur existe déjà, choisissez une autre adresse e-mail",
    "EMAIL_CAN_NOT_BE_UPDATED": "L'adresse e-mail ne peut pas être modifiée",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Aucun compte n'a de mot de passe",
    "SESSION_EXPIRED": "La session a expiré, reconnectez-vous pour continuer",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Votre dernier compte ne peut pas être dissocié",
    "ACCOUNT_NOT_FOUND": "Ce compte est introuvable",
    "USER_ALREADY_HAS_PASSWORD": "Vous avez un mot de passe, saisissez-le pour supprimer le compte",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Les e-mails de vérification ne sont pas activés",
    "EMAIL_ALREADY_VERIFIED": "L'adresse e-mail est déjà vérifiée",
    "EMAIL_MISMATCH": "Les adresses e-mail ne correspondent pas",
    "SESSION_NOT_FRESH": "Votre connexion est trop ancienne, reconnectez-vous",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Ce compte est déjà associé",
    "VALIDATION_ERROR": "Les données saisies ne sont pas valables",
    "MISSING_FIELD": "Ce champ est obligatoire",
    "PASSWORD_ALREADY_SET": "Un mot de passe existe déjà",
}
