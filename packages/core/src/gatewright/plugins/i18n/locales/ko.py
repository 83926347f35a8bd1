"""Messages in Korean."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("KO",)

KO: Mapping[str, str] = {
    "USER_NOT_FOUND": "이 사용자를 찾을 수 없습니다",
    "FAILED_TO_CREATE_USER": "사용자를 만들지 못했습니다",
    "FAILED_TO_CREATE_SESSION": "세션을 시작하지 못했습니다",
    "FAILED_TO_UPDATE_USER": "사용자를 변경하지 못했습니다",
    "FAILED_TO_GET_SESSION": "세션을 읽지 못했습니다",
    "INVALID_PASSWORD": "비밀번호가 틀렸습니다",
    "INVALID_EMAIL": "이메일 주소가 올바르지 않습니다",
    "INVALID_EMAIL_OR_PASSWORD": "이메일 또는 비밀번호가 틀렸습니다",
    "INVALID_USER": "사용자가 올바르지 않습니다",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "이 소셜 계정은 이미 연결되어 있습니다",
    "PROVIDER_NOT_FOUND": "알 수 없는 로그인 제공자입니다",
    "INVALID_TOKEN": "토큰이 올바르지 않습니다",
    "TOKEN_EXPIRED": "토큰이 만료되었습니다",
    "FAILED_TO_GET_USER_INFO": "사용자 정보를 가져오지 못했습니다",
    "USER_EMAIL_NOT_FOUND": "이 사용자에게는 이메일이 없습니다",
    "EMAIL_NOT_VERIFIED": "이메일이 아직 확인되지 않았습니다",
    "PASSWORD_TOO_SHORT": "비밀번호가 너무 짧습니다",
    "PASSWORD_TOO_LONG": "비밀번호가 너무 깁니다",
    "USER_ALREADY_EXISTS": "이미 있는 사용자입니다",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "이미 있는 사용자입니다. 다른 이메일을 사용하세요",
    "EMAIL_CAN_NOT_BE_UPDATED": "이메일은 바꿀 수 없습니다",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "비밀번호가 있는 계정이 없습니다",
    "SESSION_EXPIRED": "세션이 만료되었습니다. 계속하려면 다시 로그인하세요",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "마지막 계정은 연결을 해제할 수 없습니다",
    "ACCOUNT_NOT_FOUND": "이 계정을 찾을 수 없습니다",
    "USER_ALREADY_HAS_PASSWORD": "비밀번호가 있습니다. 계정을 삭제하려면 입력하세요",
    "VERIFICATION_EMAIL_NOT_ENABLED": "확인 이메일이 켜져 있지 않습니다",
    "EMAIL_ALREADY_VERIFIED": "이메일이 이미 확인되었습니다",
    "EMAIL_MISMATCH": "이메일이 일치하지 않습니다",
    "SESSION_NOT_FRESH": "로그인한 지 너무 오래되었습니다. 다시 로그인하세요",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "이 계정은 이미 연결되어 있습니다",
    "VALIDATION_ERROR": "입력한 내용이 올바르지 않습니다",
    "MISSING_FIELD": "필수 항목입니다",
    "PASSWORD_ALREADY_SET": "비밀번호가 이미 설정되어 있습니다",
}
