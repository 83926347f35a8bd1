"""Messages in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("ZH",)

ZH: Mapping[str, str] = {
    "USER_NOT_FOUND": "找不到该用户",
    "FAILED_TO_CREATE_USER": "无法创建用户",
    "FAILED_TO_CREATE_SESSION": "无法开始会话",
    "FAILED_TO_UPDATE_USER": "无法修改用户",
    "FAILED_TO_GET_SESSION": "无法读取会话",
    "INVALID_PASSWORD": "密码不正确",
    "INVALID_EMAIL": "邮箱地址无效",
    "INVALID_EMAIL_OR_PASSWORD": "邮箱或密码不正确",
    "INVALID_USER": "用户无效",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "该社交账号已绑定",
    "PROVIDER_NOT_FOUND": "未知的登录方式",
    "INVALID_TOKEN": "令牌无效",
    "TOKEN_EXPIRED": "令牌已过期",
    "FAILED_TO_GET_USER_INFO": "无法获取用户信息",
    "USER_EMAIL_NOT_FOUND": "该用户没有邮箱",
    "EMAIL_NOT_VERIFIED": "邮箱尚未验证",
    "PASSWORD_TOO_SHORT": "密码太短",
    "PASSWORD_TOO_LONG": "密码太长",
    "USER_ALREADY_EXISTS": "该用户已存在",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "该用户已存在，请使用其他邮箱",
    "EMAIL_CAN_NOT_BE_UPDATED": "邮箱不能修改",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "没有设置密码的账号",
    "SESSION_EXPIRED": "会话已过期，请重新登录后再操作",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "不能解绑最后一个账号",
    "ACCOUNT_NOT_FOUND": "找不到该账号",
    "USER_ALREADY_HAS_PASSWORD": "您已设置密码，请输入密码以删除账号",
    "VERIFICATION_EMAIL_NOT_ENABLED": "未启用验证邮件",
    "EMAIL_ALREADY_VERIFIED": "邮箱已经验证过",
    "EMAIL_MISMATCH": "邮箱不一致",
    "SESSION_NOT_FRESH": "登录时间过久，请重新登录",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "该账号已绑定",
    "VALIDATION_ERROR": "输入的内容无效",
    "MISSING_FIELD": "此项必填",
    "PASSWORD_ALREADY_SET": "密码已经设置",
}
