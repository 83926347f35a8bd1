"""Options of the two factor plugin. Source: contract, options.json ``two-factor``."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeAlias

from pydantic import Field

from gatewright.settings.base import OPTIONS, TEXT, Called, Either, Flag, Options, Seconds, Whole
from gatewright.settings.fields import ModelOptions

if TYPE_CHECKING:
    from gatewright.model.user import User
    from gatewright.pipeline.call import Call

__all__ = (
    "AccountLockout",
    "BackupCodeOptions",
    "CodeCipher",
    "CodeHash",
    "OtpMessage",
    "OtpOptions",
    "SendOtp",
    "TotpOptions",
    "TwoFactorOptions",
)


@dataclass(frozen=True, slots=True)
class OtpMessage:
    """A code for a user."""

    user: User
    otp: str = field(repr=False)


class SendOtp(Protocol):
    """Delivers a code."""

    def __call__(self, data: OtpMessage, call: Call[Any], /) -> Awaitable[None]:
        """Deliver it; runs after the answer, and a failure is logged and not told to the caller."""
        ...


class HashCode(Protocol):
    """Hashes a code in a way of its own."""

    def __call__(self, code: str, /) -> Awaitable[str] | str:
        """The same text for the same code, always."""
        ...


class SealCodes(Protocol):
    """Encrypts or decrypts codes in a way of its own."""

    def __call__(self, text: str, /) -> Awaitable[str] | str:
        """The other form of the text."""
        ...


class MakeBackupCodes(Protocol):
    """Makes the backup codes of a user."""

    def __call__(self) -> Sequence[str]:
        """The codes; not asynchronous."""
        ...


class CodeHash(Options):
    """A hash of the application's own."""

    hash: Called[HashCode]


class CodeCipher(Options):
    """A cipher of the application's own."""

    encrypt: Called[SealCodes]
    decrypt: Called[SealCodes]


OwnStorage: TypeAlias = CodeHash | CodeCipher


class BackupCodeOptions(Options):
    """Backup codes.

    Attributes:
        amount: How many.
        length: Characters of each, without the dash.
        custom_backup_codes_generate: Makes them in place of the plugin.
        store_backup_codes: How they are stored.
        allow_passwordless: Users without a password need none to replace them.
    """

    amount: Whole = Field(default=10, ge=1, le=100)
    length: Whole = Field(default=10, ge=6, le=64)
    custom_backup_codes_generate: Called[MakeBackupCodes] | None = None
    store_backup_codes: Annotated[
        Annotated[Literal["plain", "encrypted"], TEXT] | Annotated[CodeCipher, OPTIONS], Either
    ] = "encrypted"
    allow_passwordless: Flag | None = None


class TotpOptions(Options):
    """Codes of authenticator apps (RFC 6238); ``period`` is seconds."""

    issuer: str | None = None
    digits: Literal[6, 8] = 6
    period: Whole = Field(default=30, ge=1, le=3600)
    backup_codes: BackupCodeOptions | None = None
    allow_passwordless: Flag | None = None
    disable: Flag = False


class OtpOptions(Options):
    """Codes that are sent; ``period`` is minutes.

    ``channel`` says by what they go. A session says so then, and whoever has signed in by the same channel is offered no code
    by it where the second factor is asked for in every way: one mailbox is one factor.
    """

    period: float = Field(default=3, gt=0, le=1440)
    digits: Whole = Field(default=6, ge=4, le=16)
    send_otp: Called[SendOtp] | None = Field(default=None, alias="sendOTP")
    channel: Literal["email", "sms"] | None = None
    allowed_attempts: Whole = Field(default=5, ge=1)
    store_otp: Annotated[
        Annotated[Literal["plain", "encrypted", "hashed"], TEXT] | Annotated[OwnStorage, OPTIONS], Either
    ] = Field(default="plain", alias="storeOTP")


class AccountLockout(Options):
    """The lock on accounts whose second factor is being guessed."""

    enabled: Flag = True
    max_failed_attempts: Whole = Field(default=10, ge=1)
    duration_seconds: Seconds = Field(default=900, ge=1)


class TwoFactorOptions(Options):
    """How the second factor works.

    Attributes:
        issuer: What authenticator apps show; by default the application's name.
        skip_verification_on_enable: The second factor is owed from the moment of enabling it, without a first code.
        allow_passwordless: Users without a password need none to change their second factor.
        everywhere: The second factor is owed in every way of signing in, not after a password alone. A passkey whose
            user was verified is two factors already.
        two_factor_page: Where a browser is sent that comes by a link or from a provider and owes the second factor: a
            path, or an address of the application's own. It is told ``callbackURL``, where to go in the end, and
            ``methods``. Without it such a browser is told ``second_factor_required`` where it would be told of a failure.
        two_factor_cookie_max_age: Seconds between the password and the second factor.
        trust_device_max_age: Seconds for which a trusted device is not asked again; each sign-in renews them.
    """

    issuer: str | None = None
    two_factor_table: str | None = None
    totp_options: TotpOptions = Field(default_factory=TotpOptions)
    otp_options: OtpOptions = Field(default_factory=OtpOptions)
    backup_code_options: BackupCodeOptions = Field(default_factory=BackupCodeOptions)
    skip_verification_on_enable: Flag = False
    allow_passwordless: Flag = False
    everywhere: Flag = False
    two_factor_page: str | None = Field(default=None, pattern=r"^(/|/[^/\\\s][^\\\s]*|https?://[^\\\s]+)$")
    two_factor_cookie_max_age: Seconds = Field(default=600, ge=1)
    trust_device_max_age: Seconds = Field(default=2_592_000, ge=1)
    account_lockout: AccountLockout = Field(default_factory=AccountLockout)
    # "schema" is pydantic's own name for something else.
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")
