"""Messages in Thai."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("TH",)

TH: Mapping[str, str] = {
    "USER_NOT_FOUND": "ไม่พบผู้ใช้นี้",
    "FAILED_TO_CREATE_USER": "สร้างผู้ใช้ไม่สำเร็จ",
    "FAILED_TO_CREATE_SESSION": "เริ่มเซสชันไม่สำเร็จ",
    "FAILED_TO_UPDATE_USER": "แก้ไขผู้ใช้ไม่สำเร็จ",
    "FAILED_TO_GET_SESSION": "อ่านเซสชันไม่สำเร็จ",
    "INVALID_PASSWORD": "รหัสผ่านผิด",
    "INVALID_EMAIL": "ที่อยู่อีเมลไม่ถูกต้อง",
    "INVALID_EMAIL_OR_PASSWORD": "อีเมลหรือรหัสผ่านผิด",
    "INVALID_USER": "ผู้ใช้ไม่ถูกต้อง",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "บัญชีโซเชียลนี้เชื่อมต่อไว้แล้ว",
    "PROVIDER_NOT_FOUND": "ไม่รู้จักผู้ให้บริการเข้าสู่ระบบนี้",
    "INVALID_TOKEN": "โทเค็นไม่ถูกต้อง",
    "TOKEN_EXPIRED": "โทเค็นหมดอายุแล้ว",
    "FAILED_TO_GET_USER_INFO": "ดึงข้อมูลผู้ใช้ไม่สำเร็จ",
    "USER_EMAIL_NOT_FOUND": "ผู้ใช้นี้ไม่มีอีเมล",
    "EMAIL_NOT_VERIFIED": "อีเมลยังไม่ได้รับการยืนยัน",
    "PASSWORD_TOO_SHORT": "รหัสผ่านสั้นเกินไป",
    "PASSWORD_TOO_LONG": "รหัสผ่านยาวเกินไป",
    "USER_ALREADY_EXISTS": "มีผู้ใช้นี้อยู่แล้ว",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "มีผู้ใช้นี้อยู่แล้ว โปรดใช้อีเมลอื่น",
    "EMAIL_CAN_NOT_BE_UPDATED": "เปลี่ยนอีเมลไม่ได้",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "ไม่มีบัญชีที่มีรหัสผ่าน",
    "SESSION_EXPIRED": "เซสชันหมดอายุแล้ว โปรดเข้าสู่ระบบอีกครั้งเพื่อทำรายการนี้",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "ยกเลิกการเชื่อมต่อบัญชีสุดท้ายไม่ได้",
    "ACCOUNT_NOT_FOUND": "ไม่พบบัญชีนี้",
    "USER_ALREADY_HAS_PASSWORD": "คุณมีรหัสผ่านอยู่แล้ว โปรดกรอกเพื่อลบบัญชี",
    "VERIFICATION_EMAIL_NOT_ENABLED": "ไม่ได้เปิดใช้อีเมลยืนยัน",
    "EMAIL_ALREADY_VERIFIED": "อีเมลได้รับการยืนยันแล้ว",
    "EMAIL_MISMATCH": "อีเมลไม่ตรงกัน",
    "SESSION_NOT_FRESH": "คุณเข้าสู่ระบบมานานเกินไป โปรดเข้าสู่ระบบอีกครั้ง",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "บัญชีนี้เชื่อมต่อไว้แล้ว",
    "VALIDATION_ERROR": "ข้อมูลที่กรอกไม่ถูกต้อง",
    "MISSING_FIELD": "ต้องกรอกช่องนี้",
    "PASSWORD_ALREADY_SET": "ตั้งรหัสผ่านไว้แล้ว",
}
