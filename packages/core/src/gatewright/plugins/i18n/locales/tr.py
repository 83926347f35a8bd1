"""Messages in Turkish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("TR",)

TR: Mapping[str, str] = {
    "USER_NOT_FOUND": "Bu kullanıcı bulunamadı",
    "FAILED_TO_CREATE_USER": "Kullanıcı oluşturulamadı",
    "FAILED_TO_CREATE_SESSION": "Oturum başlatılamadı",
    "FAILED_TO_UPDATE_USER": "Kullanıcı değiştirilemedi",
    "FAILED_TO_GET_SESSION": "Oturum okunamadı",
    "INVALID_PASSWORD": "Şifre yanlış",
    "INVALID_EMAIL": "Bu e-posta adresi geçerli değil",
    "INVALID_EMAIL_OR_PASSWORD": "E-posta adresi veya şifre yanlış",
    "INVALID_USER": "Kullanıcı geçerli değil",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Bu sosyal hesap zaten bağlı",
    "PROVIDER_NOT_FOUND": "Bu giriş sağlayıcısı bilinmiyor",
    "INVALID_TOKEN": "Belirteç geçerli değil",
    "TOKEN_EXPIRED": "Belirtecin süresi doldu",
    "FAILED_TO_GET_USER_INFO": "Kullanıcı bilgileri alınamadı",
    "USER_EMAIL_NOT_FOUND": "Bu kullanıcının e-posta adresi yok",
    "EMAIL_NOT_VERIFIED": "E-posta adresi henüz doğrulanmadı",
    "PASSWORD_TOO_SHORT": "Şifre çok kısa",
    "PASSWORD_TOO_LONG": "Şifre çok uzun",
    "USER_ALREADY_EXISTS": "Bu kullanıcı zaten var",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Bu kullanıcı zaten var, başka bir e-posta adresi kullanın",
    "EMAIL_CAN_NOT_BE_UPDATED": "E-posta adresi değiştirilemez",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Şifreli bir hesap yok",
    "SESSION_EXPIRED": "Oturumun süresi doldu, bunun için yeniden giriş yapın",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Son hesabın bağlantısı kaldırılamaz",
    "ACCOUNT_NOT_FOUND": "Bu hesap bulunamadı",
    "USER_ALREADY_HAS_PASSWORD": "Zaten bir şifreniz var, hesabı silmek için girin",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Doğrulama e-postaları açık değil",
    "EMAIL_ALREADY_VERIFIED": "E-posta adresi zaten doğrulandı",
    "EMAIL_MISMATCH": "E-posta adresleri uyuşmuyor",
    "SESSION_NOT_FRESH": "Girişinizin üzerinden çok zaman geçti, yeniden giriş yapın",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Bu hesap zaten bağlı",
    "VALIDATION_ERROR": "Girilen bilgiler geçerli değil",
    "MISSING_FIELD": "Bu alan zorunlu",
    "PASSWORD_ALREADY_SET": "Şifre zaten belirlenmiş",
}
