"""Messages in Russian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("RU",)

RU: Mapping[str, str] = {
    "USER_NOT_FOUND": "Такой пользователь не найден",
    "FAILED_TO_CREATE_USER": "Не удалось создать пользователя",
    "FAILED_TO_CREATE_SESSION": "Не удалось начать сеанс",
    "FAILED_TO_UPDATE_USER": "Не удалось изменить пользователя",
    "FAILED_TO_GET_SESSION": "Не удалось прочитать сеанс",
    "INVALID_PASSWORD": "Неверный пароль",
    "INVALID_EMAIL": "Недопустимый адрес электронной почты",
    "INVALID_EMAIL_OR_PASSWORD": "Неверный адрес почты или пароль",
    "INVALID_USER": "Недопустимый пользователь",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Эта учётная запись соцсети уже привязана",
    "PROVIDER_NOT_FOUND": "Неизвестный поставщик входа",
    "INVALID_TOKEN": "Недействительный токен",
    "TOKEN_EXPIRED": "Срок действия токена истёк",
    "FAILED_TO_GET_USER_INFO": "Не удалось получить данные пользователя",
    "USER_EMAIL_NOT_FOUND": "У этого пользователя нет адреса почты",
    "EMAIL_NOT_VERIFIED": "Адрес почты ещё не подтверждён",
    "PASSWORD_TOO_SHORT": "Пароль слишком короткий",
    "PASSWORD_TOO_LONG": "Пароль слишком длинный",
    "USER_ALREADY_EXISTS": "Такой пользователь уже есть",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Такой пользователь уже есть, укажите другой адрес почты",
    "EMAIL_CAN_NOT_BE_UPDATED": "Адрес почты изменить нельзя",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Нет учётной записи с паролем",
    "SESSION_EXPIRED": "Сеанс истёк, для этого действия войдите снова",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Последнюю учётную запись отвязать нельзя",
    "ACCOUNT_NOT_FOUND": "Такая учётная запись не найдена",
    "USER_ALREADY_HAS_PASSWORD": "У вас есть пароль, введите его, чтобы удалить учётную запись",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Письма с подтверждением не включены",
    "EMAIL_ALREADY_VERIFIED": "Адрес почты уже подтверждён",
    "EMAIL_MISMATCH": "Адреса почты не совпадают",
    "SESSION_NOT_FRESH": "Вы вошли слишком давно, войдите снова",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Эта учётная запись уже привязана",
    "VALIDATION_ERROR": "Введены недопустимые данные",
    "MISSING_FIELD": "Это поле обязательно",
    "PASSWORD_ALREADY_SET": "Пароль уже задан",
}
