"""Messages in Bengali."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("BN",)

BN: Mapping[str, str] = {
    "USER_NOT_FOUND": "ব্যবহারকারীকে পাওয়া যায়নি",
    "FAILED_TO_CREATE_USER": "ব্যবহারকারী তৈরি করা যায়নি",
    "FAILED_TO_CREATE_SESSION": "সেশন শুরু করা যায়নি",
    "FAILED_TO_UPDATE_USER": "ব্যবহারকারীর তথ্য বদলানো যায়নি",
    "FAILED_TO_GET_SESSION": "সেশন পড়া যায়নি",
    "INVALID_PASSWORD": "পাসওয়ার্ড ভুল",
    "INVALID_EMAIL": "ইমেল ঠিকানাটি ঠিক নয়",
    "INVALID_EMAIL_OR_PASSWORD": "ইমেল অথবা পাসওয়ার্ড ভুল",
    "INVALID_USER": "ব্যবহারকারী বৈধ নয়",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "এই সোশ্যাল অ্যাকাউন্ট আগেই যুক্ত করা হয়েছে",
    "PROVIDER_NOT_FOUND": "লগইন সেবাদাতা অজানা",
    "INVALID_TOKEN": "টোকেনটি বৈধ নয়",
    "TOKEN_EXPIRED": "টোকেনের মেয়াদ শেষ",
    "FAILED_TO_GET_USER_INFO": "ব্যবহারকারীর তথ্য আনা যায়নি",
    "USER_EMAIL_NOT_FOUND": "ব্যবহারকারীর কোনো ইমেল নেই",
    "EMAIL_NOT_VERIFIED": "ইমেল এখনও যাচাই করা হয়নি",
    "PASSWORD_TOO_SHORT": "পাসওয়ার্ড খুব ছোট",
    "PASSWORD_TOO_LONG": "পাসওয়ার্ড খুব বড়",
    "USER_ALREADY_EXISTS": "এই ব্যবহারকারী আগে থেকেই আছে",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "এই ব্যবহারকারী আগে থেকেই আছে, অন্য ইমেল ব্যবহার করুন",
    "EMAIL_CAN_NOT_BE_UPDATED": "ইমেল বদলানো যাবে না",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "পাসওয়ার্ডসহ কোনো অ্যাকাউন্ট নেই",
    "SESSION_EXPIRED": "সেশন শেষ হয়ে গেছে, এই কাজের জন্য আবার লগইন করুন",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "শেষ অ্যাকাউন্টটি বিচ্ছিন্ন করা যাবে না",
    "ACCOUNT_NOT_FOUND": "অ্যাকাউন্ট পাওয়া যায়নি",
    "USER_ALREADY_HAS_PASSWORD": "আপনার আগে থেকেই পাসওয়ার্ড আছে, অ্যাকাউন্ট মুছতে সেটি দিন",
    "VERIFICATION_EMAIL_NOT_ENABLED": "যাচাইয়ের ইমেল চালু নেই",
    "EMAIL_ALREADY_VERIFIED": "ইমেল আগেই যাচাই করা হয়েছে",
    "EMAIL_MISMATCH": "ইমেল মিলছে না",
    "SESSION_NOT_FRESH": "লগইনের পর অনেক সময় কেটে গেছে, আবার লগইন করুন",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "এই অ্যাকাউন্ট আগেই যুক্ত করা হয়েছে",
    "VALIDATION_ERROR": "দেওয়া তথ্য ঠিক নয়",
    "MISSING_FIELD": "এই ঘরটি পূরণ করতে হবে",
    "PASSWORD_ALREADY_SET": "পাসওয়ার্ড আগেই দেওয়া আছে",
}
