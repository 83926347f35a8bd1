"""Messages in Hindi."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("HI",)

HI: Mapping[str, str] = {
    "USER_NOT_FOUND": "यह उपयोगकर्ता नहीं मिला",
    "FAILED_TO_CREATE_USER": "उपयोगकर्ता नहीं बनाया जा सका",
    "FAILED_TO_CREATE_SESSION": "सत्र शुरू नहीं हो सका",
    "FAILED_TO_UPDATE_USER": "उपयोगकर्ता को बदला नहीं जा सका",
    "FAILED_TO_GET_SESSION": "सत्र पढ़ा नहीं जा सका",
    "INVALID_PASSWORD": "पासवर्ड गलत है",
    "INVALID_EMAIL": "ईमेल पता मान्य नहीं है",
    "INVALID_EMAIL_OR_PASSWORD": "ईमेल या पासवर्ड गलत है",
    "INVALID_USER": "उपयोगकर्ता मान्य नहीं है",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "यह सोशल खाता पहले से जुड़ा है",
    "PROVIDER_NOT_FOUND": "यह लॉगिन प्रदाता अज्ञात है",
    "INVALID_TOKEN": "टोकन मान्य नहीं है",
    "TOKEN_EXPIRED": "टोकन की अवधि समाप्त हो गई है",
    "FAILED_TO_GET_USER_INFO": "उपयोगकर्ता की जानकारी नहीं मिल सकी",
    "USER_EMAIL_NOT_FOUND": "इस उपयोगकर्ता का कोई ईमेल नहीं है",
    "EMAIL_NOT_VERIFIED": "ईमेल की पुष्टि अभी नहीं हुई है",
    "PASSWORD_TOO_SHORT": "पासवर्ड बहुत छोटा है",
    "PASSWORD_TOO_LONG": "पासवर्ड बहुत लंबा है",
    "USER_ALREADY_EXISTS": "यह उपयोगकर्ता पहले से मौजूद है",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "यह उपयोगकर्ता पहले से मौजूद है, कोई दूसरा ईमेल चुनें",
    "EMAIL_CAN_NOT_BE_UPDATED": "ईमेल बदला नहीं जा सकता",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "पासवर्ड वाला कोई खाता नहीं है",
    "SESSION_EXPIRED": "सत्र समाप्त हो गया है, इसके लिए फिर से लॉगिन करें",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "आखिरी खाते को अलग नहीं किया जा सकता",
    "ACCOUNT_NOT_FOUND": "यह खाता नहीं मिला",
    "USER_ALREADY_HAS_PASSWORD": "आपका पासवर्ड पहले से है, खाता हटाने के लिए उसे लिखें",
    "VERIFICATION_EMAIL_NOT_ENABLED": "पुष्टि वाले ईमेल चालू नहीं हैं",
    "EMAIL_ALREADY_VERIFIED": "ईमेल की पुष्टि पहले ही हो चुकी है",
    "EMAIL_MISMATCH": "ईमेल मेल नहीं खाते",
    "SESSION_NOT_FRESH": "लॉगिन किए बहुत समय हो गया है, फिर से लॉगिन करें",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "यह खाता पहले से जुड़ा है",
    "VALIDATION_ERROR": "दी गई जानकारी मान्य नहीं है",
    "MISSING_FIELD": "यह जानकारी ज़रूरी है",
    "PASSWORD_ALREADY_SET": "पासवर्ड पहले से तय है",
}
