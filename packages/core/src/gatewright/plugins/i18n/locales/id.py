"""Messages in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("ID",)

ID: Mapping[str, str] = {
    "USER_NOT_FOUND": "Pengguna ini tidak ditemukan",
    "FAILED_TO_CREATE_USER": "Pengguna tidak dapat dibuat",
    "FAILED_TO_CREATE_SESSION": "Sesi tidak dapat dimulai",
    "FAILED_TO_UPDATE_USER": "Pengguna tidak dapat diubah",
    "FAILED_TO_GET_SESSION": "Sesi tidak dapat dibaca",
    "INVALID_PASSWORD": "Kata sandi salah",
    "INVALID_EMAIL": "Alamat email tidak sah",
    "INVALID_EMAIL_OR_PASSWORD": "Email atau kata sandi salah",
    "INVALID_USER": "Pengguna tidak sah",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "Akun sosial ini sudah terhubung",
    "PROVIDER_NOT_FOUND": "Penyedia masuk ini tidak dikenal",
    "INVALID_TOKEN": "Token tidak sah",
    "TOKEN_EXPIRED": "Token sudah kedaluwarsa",
    "FAILED_TO_GET_USER_INFO": "Data pengguna tidak dapat diambil",
    "USER_EMAIL_NOT_FOUND": "Pengguna ini tidak memiliki email",
    "EMAIL_NOT_VERIFIED": "Email belum diverifikasi",
    "PASSWORD_TOO_SHORT": "Kata sandi terlalu pendek",
    "PASSWORD_TOO_LONG": "Kata sandi terlalu panjang",
    "USER_ALREADY_EXISTS": "Pengguna ini sudah ada",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "Pengguna ini sudah ada, gunakan email lain",
    "EMAIL_CAN_NOT_BE_UPDATED": "Email tidak dapat diubah",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "Tidak ada akun dengan kata sandi",
    "SESSION_EXPIRED": "Sesi sudah berakhir, masuk lagi untuk melakukan ini",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "Akun terakhir tidak dapat diputuskan",
    "ACCOUNT_NOT_FOUND": "Akun ini tidak ditemukan",
    "USER_ALREADY_HAS_PASSWORD": "Anda sudah punya kata sandi, masukkan untuk menghapus akun",
    "VERIFICATION_EMAIL_NOT_ENABLED": "Email verifikasi tidak diaktifkan",
    "EMAIL_ALREADY_VERIFIED": "Email sudah diverifikasi",
    "EMAIL_MISMATCH": "Email tidak cocok",
    "SESSION_NOT_FRESH": "Anda masuk terlalu lama yang lalu, silakan masuk lagi",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "Akun ini sudah terhubung",
    "VALIDATION_ERROR": "Data yang dimasukkan tidak sah",
    "MISSING_FIELD": "Isian ini wajib",
    "PASSWORD_ALREADY_SET": "Kata sandi sudah ditetapkan",
}
