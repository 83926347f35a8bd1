"""Messages in Spanish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("ES",)

ES: Mapping[str, str] = {
    "USER_NOT_FOUND": "No encontramos a este usuario",
    "FAILED_TO_CREATE_USER": "No se pudo crear el usuario",
    "FAILED_TO_CREATE_SESSION": "No se pudo iniciar la sesión",
    "FAILED_TO_UPDATE_USER": "No se pudo cambiar el usuario",
    "FAILED_TO_GET_SESSION": "No se pudo leer la sesión",
    "INVALID_PASSWORD": "La contraseña es incorrecta",
    "INVALID_EMAIL": "La dirección de correo no es válida",
    "INVALID_EMAIL_OR_PASSWORD": "El correo o la contraseña son incorrectos",
    "INVALID_USER": "El usuario no es válido",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Esta cuenta social ya está vinculada",
    "PROVIDER_NOT_FOUND": "No conocemos este proveedor de acceso",
    "INVALID_TOKEN": "El token no es válido",
    "TOKEN_EXPIRED": "El token ha caducado",
    "FAILED_TO_GET_USER_INFO": "No se pudieron obtener los datos del usuario",
    "USER_EMAIL_NOT_FOUND": "Este usuario no tiene correo electrónico",
    "EMAIL_NOT_VERIFIED": "El correo electrónico aún no está verificado",
    "PASSWORD_TOO_SHORT": "La contraseña es demasiado corta",
    "PASSWORD_TOO_LONG": "La contraseña es demasiado larga",
    "USER_ALREADY_EXISTS": "Este usuario ya existe",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Este usuario ya existe, usa otro correo electrónico",
    "EMAIL_CAN_NOT_BE_UPDATED": "El correo electrónico no se puede cambiar",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "No hay ninguna cuenta con contraseña",
    "SESSION_EXPIRED": "La sesión ha caducado, vuelve a entrar para hacer esto",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "No puedes desvincular tu última cuenta",
    "ACCOUNT_NOT_FOUND": "No encontramos esta cuenta",
    "USER_ALREADY_HAS_PASSWORD": "Ya tienes contraseña, escríbela para eliminar la cuenta",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Los correos de verificación no están activados",
    "EMAIL_ALREADY_VERIFIED": "El correo electrónico ya está verificado",
    "EMAIL_MISMATCH": "Los correos electrónicos no coinciden",
    "SESSION_NOT_FRESH": "Entraste hace demasiado tiempo, vuelve a entrar",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Esta cuenta ya está vinculada",
    "VALIDATION_ERROR": "Los datos introducidos no son válidos",
    "MISSING_FIELD": "Este campo es obligatorio",
    "PASSWORD_ALREADY_SET": "Ya hay una contraseña establecida",
}
