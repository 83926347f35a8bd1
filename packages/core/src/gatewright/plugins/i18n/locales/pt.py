"""Messages in Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("PT",)

PT: Mapping[str, str] = {
    "USER_NOT_FOUND": "Este usuário não foi encontrado",
    "FAILED_TO_CREATE_USER": "Não foi possível criar o usuário",
    "FAILED_TO_CREATE_SESSION": "Não foi possível iniciar a sessão",
    "FAILED_TO_UPDATE_USER": "Não foi possível alterar o usuário",
    "FAILED_TO_GET_SESSION": "Não foi possível ler a sessão",
    "INVALID_PASSWORD": "A senha está errada",
    "INVALID_EMAIL": "Este endereço de e-mail não é válido",
    "INVALID_EMAIL_OR_PASSWORD": "O e-mail ou a senha está errado",
    "INVALID_USER": "Este usuário não é válido",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Esta conta social já está vinculada",
    "PROVIDER_NOT_FOUND": "Este provedor de acesso não é conhecido",
    "INVALID_TOKEN": "O token não é válido",
    "TOKEN_EXPIRED": "O token expirou",
    "FAILED_TO_GET_USER_INFO": "Não foi possível obter os dados do usuário",
    "USER_EMAIL_NOT_FOUND": "Este usuário não tem e-mail",
    "EMAIL_NOT_VERIFIED": "O e-mail ainda não foi verificado",
    "PASSWORD_TOO_SHORT": "A senha é curta demais",
    "PASSWORD_TOO_LONG": "A senha é longa demais",
    "USER_ALREADY_EXISTS": "Este usuário já existe",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Este usuário já existe, use outro e-mail",
    "EMAIL_CAN_NOT_BE_UPDATED": "O e-mail não pode ser alterado",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Não há conta com senha",
    "SESSION_EXPIRED": "A sessão expirou, entre de novo para fazer isto",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "A sua última conta não pode ser desvinculada",
    "ACCOUNT_NOT_FOUND": "Esta conta não foi encontrada",
    "USER_ALREADY_HAS_PASSWORD": "Você já tem uma senha, informe-a para excluir a conta",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Os e-mails de verificação não estão ativados",
    "EMAIL_ALREADY_VERIFIED": "O e-mail já foi verificado",
    "EMAIL_MISMATCH": "Os e-mails não coincidem",
    "SESSION_NOT_FRESH": "Você entrou há muito tempo, entre de novo",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Esta conta já está vinculada",
    "VALIDATION_ERROR": "Os dados informados não são válidos",
    "MISSING_FIELD": "Este campo é obrigatório",
    "PASSWORD_ALREADY_SET": "Uma senha já está definida",
}
