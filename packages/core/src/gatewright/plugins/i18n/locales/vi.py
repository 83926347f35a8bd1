"""Messages in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("VI",)

VI: Mapping[str, str] = {
    "USER_NOT_FOUND": "Không tìm thấy người dùng này",
    "FAILED_TO_CREATE_USER": "Không tạo được người dùng",
    "FAILED_TO_CREATE_SESSION": "Không bắt đầu được phiên",
    "FAILED_TO_UPDATE_USER": "Không thay đổi được người dùng",
    "FAILED_TO_GET_SESSION": "Không đọc được phiên",
    "INVALID_PASSWORD": "Mật khẩu sai",
    "INVALID_EMAIL": "Địa chỉ email không hợp lệ",
    "INVALID_EMAIL_OR_PASSWORD": "Email hoặc mật khẩu sai",
    "INVALID_USER": "Người dùng không hợp lệ",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Tài khoản mạng xã hội này đã được liên kết",
    "PROVIDER_NOT_FOUND": "Không biết nhà cung cấp đăng nhập này",
    "INVALID_TOKEN": "Mã không hợp lệ",
    "TOKEN_EXPIRED": "Mã đã hết hạn",
    "FAILED_TO_GET_USER_INFO": "Không lấy được thông tin người dùng",
    "USER_EMAIL_NOT_FOUND": "Người dùng này không có email",
    "EMAIL_NOT_VERIFIED": "Email chưa được xác minh",
    "PASSWORD_TOO_SHORT": "Mật khẩu quá ngắn",
    "PASSWORD_TOO_LONG": "Mật khẩu quá dài",
    "USER_ALREADY_EXISTS": "Người dùng này đã có",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Người dùng này đã có, hãy dùng email khác",
    "EMAIL_CAN_NOT_BE_UPDATED": "Không thể đổi email",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Không có tài khoản nào có mật khẩu",
    "SESSION_EXPIRED": "Phiên đã hết hạn, hãy đăng nhập lại để làm việc này",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Không thể bỏ liên kết tài khoản cuối cùng",
    "ACCOUNT_NOT_FOUND": "Không tìm thấy tài khoản này",
    "USER_ALREADY_HAS_PASSWORD": "Bạn đã có mật khẩu, hãy nhập để xóa tài khoản",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Email xác minh chưa được bật",
    "EMAIL_ALREADY_VERIFIED": "Email đã được xác minh rồi",
    "EMAIL_MISMATCH": "Email không khớp",
    "SESSION_NOT_FRESH": "Bạn đã đăng nhập quá lâu, hãy đăng nhập lại",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Tài khoản này đã được liên kết",
    "VALIDATION_ERROR": "Thông tin đã nhập không hợp lệ",
    "MISSING_FIELD": "Cần điền mục này",
    "PASSWORD_ALREADY_SET": "Mật khẩu đã được đặt rồi",
}
