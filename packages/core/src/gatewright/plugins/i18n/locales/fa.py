"""Messages in Persian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("FA",)

FA: Mapping[str, str] = {
    "USER_NOT_FOUND": "این کاربر پیدا نشد",
    "FAILED_TO_CREATE_USER": "ساختن کاربر انجام نشد",
    "FAILED_TO_CREATE_SESSION": "نشست آغاز نشد",
    "FAILED_TO_UPDATE_USER": "تغییر کاربر انجام نشد",
    "FAILED_TO_GET_SESSION": "خواندن نشست انجام نشد",
    "INVALID_PASSWORD": "گذرواژه نادرست است",
    "INVALID_EMAIL": "نشانی ایمیل معتبر نیست",
    "INVALID_EMAIL_OR_PASSWORD": "ایمیل یا گذرواژه نادرست است",
    "INVALID_USER": "کاربر معتبر نیست",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "این حساب اجتماعی از پیش متصل شده است",
    "PROVIDER_NOT_FOUND": "این ارائه‌دهندهٔ ورود شناخته نیست",
    "INVALID_TOKEN": "توکن معتبر نیست",
    "TOKEN_EXPIRED": "توکن منقضی شده است",
    "FAILED_TO_GET_USER_INFO": "دریافت اطلاعات کاربر انجام نشد",
    "USER_EMAIL_NOT_FOUND": "این کاربر ایمیل ندارد",
    "EMAIL_NOT_VERIFIED": "ایمیل هنوز تأیید نشده است",
    "PASSWORD_TOO_SHORT": "گذرواژه بیش از حد کوتاه است",
    "PASSWORD_TOO_LONG": "گذرواژه بیش از حد بلند است",
    "USER_ALREADY_EXISTS": "این کاربر از پیش وجود دارد",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "این کاربر از پیش وجود دارد، ایمیل دیگری به کار ببرید",
    "EMAIL_CAN_NOT_BE_UPDATED": "ایمیل را نمی‌توان تغییر داد",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "حسابی با گذرواژه وجود ندارد",
    "SESSION_EXPIRED": "نشست منقضی شده است، برای این کار دوباره وارد شوید",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "آخرین حساب را نمی‌توان جدا کرد",
    "ACCOUNT_NOT_FOUND": "این حساب پیدا نشد",
    "USER_ALREADY_HAS_PASSWORD": "شما گذرواژه دارید، برای حذف حساب آن را وارد کنید",
    "VERIFICATION_EMAIL_NOT_ENABLED": "ایمیل تأیید فعال نیست",
    "EMAIL_ALREADY_VERIFIED": "ایمیل از پیش تأیید شده است",
    "EMAIL_MISMATCH": "ایمیل‌ها یکی نیستند",
    "SESSION_NOT_FRESH": "از ورود شما زمان زیادی گذشته است، دوباره وارد شوید",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "این حساب از پیش متصل شده است",
    "VALIDATION_ERROR": "اطلاعات واردشده معتبر نیست",
    "MISSING_FIELD": "پر کردن این فیلد لازم است",
    "PASSWORD_ALREADY_SET": "گذرواژه از پیش تعیین شده است",
}
