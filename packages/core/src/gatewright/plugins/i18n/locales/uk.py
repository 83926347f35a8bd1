"""Messages in Ukrainian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("UK",)

UK: Mapping[str, str] = {
    "USER_NOT_FOUND": "Такого користувача не знайдено",
    "FAILED_TO_CREATE_USER": "Не вдалося створити користувача",
    "FAILED_TO_CREATE_SESSION": "Не вдалося почати сеанс",
    "FAILED_TO_UPDATE_USER": "Не вдалося змінити користувача",
    "FAILED_TO_GET_SESSION": "Не вдалося прочитати сеанс",
    "INVALID_PASSWORD": "Неправильний пароль",
    "INVALID_EMAIL": "Неприпустима адреса електронної пошти",
    "INVALID_EMAIL_OR_PASSWORD": "Неправильна адреса пошти або пароль",
    "INVALID_USER": "Неприпустимий користувач",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Цей обліковий запис соцмережі вже прив'язано",
    "PROVIDER_NOT_FOUND": "Невідомий постачальник входу",
    "INVALID_TOKEN": "Недійсний токен",
    "TOKEN_EXPIRED": "Термін дії токена минув",
    "FAILED_TO_GET_USER_INFO": "Не вдалося отримати дані користувача",
    "USER_EMAIL_NOT_FOUND": "Цей користувач не має адреси пошти",
    "EMAIL_NOT_VERIFIED": "Адресу пошти ще не підтверджено",
    "PASSWORD_TOO_SHORT": "Пароль закороткий",
    "PASSWORD_TOO_LONG": "Пароль задовгий",
    "USER_ALREADY_EXISTS": "Такий користувач уже є",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Такий користувач уже є, вкажіть іншу адресу пошти",
    "EMAIL_CAN_NOT_BE_UPDATED": "Адресу пошти змінити не можна",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Немає облікового запису з паролем",
    "SESSION_EXPIRED": "Сеанс завершився, для цієї дії увійдіть знову",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Останній обліковий запис відв'язати не можна",
    "ACCOUNT_NOT_FOUND": "Такий обліковий запис не знайдено",
    "USER_ALREADY_HAS_PASSWORD": "У вас є пароль, введіть його, щоб видалити обліковий запис",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Листи з підтвердженням не ввімкнено",
    "EMAIL_ALREADY_VERIFIED": "Адресу пошти вже підтверджено",
    "EMAIL_MISMATCH": "Адреси пошти не збігаються",
    "SESSION_NOT_FRESH": "Ви увійшли надто давно, увійдіть знову",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Цей обліковий запис уже прив'язано",
    "VALIDATION_ERROR": "Введено неприпустимі дані",
    "MISSING_FIELD": "Це поле обов'язкове",
    "PASSWORD_ALREADY_SET": "Пароль уже встановлено",
}
