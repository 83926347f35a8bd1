"""Messages in Japanese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("JA",)

JA: Mapping[str, str] = {
    "USER_NOT_FOUND": "このユーザーは見つかりません",
    "FAILED_TO_CREATE_USER": "ユーザーを作成できませんでした",
    "FAILED_TO_CREATE_SESSION": "セッションを開始できませんでした",
    "FAILED_TO_UPDATE_USER": "ユーザーを変更できませんでした",
    "FAILED_TO_GET_SESSION": "セッションを読み取れませんでした",
    "INVALID_PASSWORD": "パスワードが違います",
    "INVALID_EMAIL": "メールアドレスの形式が正しくありません",
    "INVALID_EMAIL_OR_PASSWORD": "メールアドレスまたはパスワードが違います",
    "INVALID_USER": "ユーザーが正しくありません",
    "SOCIAL_ACCOUNT_ALREADY_LINKED": "このソーシャルアカウントはすでに連携されています",
    "PROVIDER_NOT_FOUND": "このログイン方法は利用できません",
    "INVALID_TOKEN": "トークンが無効です",
    "TOKEN_EXPIRED": "トークンの有効期限が切れています",
    "FAILED_TO_GET_USER_INFO": "ユーザー情報を取得できませんでした",
    "USER_EMAIL_NOT_FOUND": "このユーザーにはメールアドレスがありません",
    "EMAIL_NOT_VERIFIED": "メールアドレスがまだ確認されていません",
    "PASSWORD_TOO_SHORT": "パスワードが短すぎます",
    "PASSWORD_TOO_LONG": "パスワードが長すぎます",
    "USER_ALREADY_EXISTS": "このユーザーはすでに登録されています",
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL": "このユーザーはすでに登録されています。別のメールアドレスをお使いください",
    "EMAIL_CAN_NOT_BE_UPDATED": "メールアドレスは変更できません",
    "CREDENTIAL_ACCOUNT_NOT_FOUND": "パスワードのあるアカウントがありません",
    "SESSION_EXPIRED": "セッションが切れました。もう一度ログインしてください",
    "FAILED_TO_UNLINK_LAST_ACCOUNT": "最後のアカウントの連携は解除できません",
    "ACCOUNT_NOT_FOUND": "このアカウントは見つかりません",
    "USER_ALREADY_HAS_PASSWORD": "パスワードが設定されています。アカウントを削除するには入力してください",
    "VERIFICATION_EMAIL_NOT_ENABLED": "確認メールは有効になっていません",
    "EMAIL_ALREADY_VERIFIED": "メールアドレスはすでに確認されています",
    "EMAIL_MISMATCH": "メールアドレスが一致しません",
    "SESSION_NOT_FRESH": "ログインから時間が経っています。もう一度ログインしてください",
    "LINKED_ACCOUNT_ALREADY_EXISTS": "このアカウントはすでに連携されています",
    "VALIDATION_ERROR": "入力内容が正しくありません",
    "MISSING_FIELD": "この項目は必須です",
    "PASSWORD_ALREADY_SET": "パスワードはすでに設定されています",
}
