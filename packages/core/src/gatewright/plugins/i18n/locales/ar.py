"""Messages in Arabic."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("AR",)

AR: Mapping[str, str] = {
    "USER_NOT_FOUND": "لم يتم العثور على المستخدم",
    "FAILED_TO_CREATE_USER": "تعذّر إنشاء المستخدم",
    "FAILED_TO_CREATE_SESSION": "تعذّر بدء الجلسة",
    "FAILED_TO_UPDATE_USER": "تعذّر تحديث المستخدم",
    "FAILED_TO_GET_SESSION": "تعذّر قراءة الجلسة",
    "INVALID_PASSWORD": "كلمة المرور غير صحيحة",
    "INVALID_EMAIL": "عنوان البريد الإلكتروني غير صالح",
    "INVALID_EMAIL_OR_PASSWORD": "البريد الإلكتروني أو كلمة المرور غير صحيحة",
    "INVALID_USER": "المستخدم غير صالح",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "حساب التواصل هذا مرتبط بالفعل",
    "PROVIDER_NOT_FOUND": "مزوّد الدخول غير معروف",
    "INVALID_TOKEN": "الرمز غير صالح",
    "TOKEN_EXPIRED": "انتهت صلاحية الرمز",
    "FAILED_TO_GET_USER_INFO": "تعذّر جلب بيانات المستخدم",
    "USER_EMAIL_NOT_FOUND": "لا يوجد بريد إلكتروني لهذا المستخدم",
    "EMAIL_NOT_VERIFIED": "لم يتم تأكيد البريد الإلكتروني بعد",
    "PASSWORD_TOO_SHORT": "كلمة المرور قصيرة جدًا",
    "PASSWORD_TOO_LONG": "كلمة المرور طويلة جدًا",
    "USER_ALREADY_EXISTS": "هذا المستخدم موجود بالفعل",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "هذا المستخدم موجود بالفعل، استخدم بريدًا إلكترونيًا آخر",
    "EMAIL_CAN_NOT_BE_UPDATED": "لا يمكن تغيير البريد الإلكتروني",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "لا يوجد حساب بكلمة مرور",
    "SESSION_EXPIRED": "انتهت الجلسة، سجّل الدخول من جديد لإجراء هذا التغيير",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "لا يمكنك فصل حسابك الأخير",
    "ACCOUNT_NOT_FOUND": "لم يتم العثور على الحساب",
    "USER_ALREADY_HAS_PASSWORD": "لديك كلمة مرور بالفعل، أدخلها لحذف الحساب",
    "VERIFICATION_EMAIL_NOT_ENABLED": "رسائل التأكيد غير مفعّلة",
    "EMAIL_ALREADY_VERIFIED": "تم تأكيد البريد الإلكتروني من قبل",
    "EMAIL_MISMATCH": "البريد الإلكتروني غير مطابق",
    "SESSION_NOT_FRESH": "مضى وقت طويل على تسجيل الدخول، سجّل الدخول من جديد",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "هذا الحساب مرتبط بالفعل",
    "VALIDATION_ERROR": "البيانات المدخلة غير صالحة",
    "MISSING_FIELD": "هذا الحقل مطلوب",
    "PASSWORD_ALREADY_SET": "تم تعيين كلمة مرور من قبل",
}
