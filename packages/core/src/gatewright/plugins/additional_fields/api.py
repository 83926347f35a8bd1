"""The core's operations about users and sessions, with the application's own columns in what they take and give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Self

from typing_extensions import TypeVar

from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession, UpdateSession
from gatewright.contract.sign_in import SignInEmail
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import UpdateUser
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.wire.calls import Acting, Api, Executor
from gatewright.wire.names import camel

__all__ = ("FieldsApi", "SeenSession", "SeenUser")

U = TypeVar("U", bound=User)
S = TypeVar("S", bound=Session, default=Session)
F = TypeVar("F", bound=Mapping[str, object], default=Mapping[str, object])
G = TypeVar("G", bound=Mapping[str, object], default=Mapping[str, object])


@dataclass(frozen=True, slots=True)
class SeenSession(Generic[U, S]):
    """A session with its user."""

    session: S
    user: U


@dataclass(frozen=True, slots=True)
class SeenUser(Generic[U]):
    """A user who has signed in or up; ``token`` is the session's, or ``None`` where signing up does not sign in."""

    user: U
    token: str | None = field(repr=False)


class FieldsApi(Api, Generic[U, S, F, G]):
    """What the plugin adds to ``auth.of``."""

    __slots__ = ("_session", "_user")

    def __init__(self, executor: Executor, headers: Acting | None = None, *, user: type[U], session: type[S]) -> None:
        super().__init__(executor, headers)
        self._user = user
        self._session = session

    def on(self, headers: Acting) -> Self:
        """The same methods, acting for the caller who sent ``headers``."""
        return type(self)(self._executor, headers, user=self._user, session=self._session)

    def seen(self, data: SessionData) -> SeenSession[U, S]:
        """What any operation answers about a session, with the application's own columns."""
        return SeenSession(self._session.of(data.session), self._user.of(data.user))

    async def get_session(self) -> SeenSession[U, S] | None:
        """Whoever is acted for.

        Raises:
            ApiError: As ``GetSession``.
        """
        data = await self._executor.execute(GetSession(), self._headers or {})
        return None if data is None else self.seen(data)

    async def sign_up_email(
        self, *, name: str, email: str, password: str, fields: F, image: str | None = None
    ) -> SeenUser[U]:
        """Sign up; ``fields`` are the application's own.

        Raises:
            ApiError: As ``SignUpEmail``.
        """
        operation = SignUpEmail(name=name, email=email, password=password, image=image, extra=_wire(fields))
        signed = await self._executor.execute(operation, self._headers)
        return SeenUser(self._user.of(signed.user), signed.token)

    async def sign_in_email(self, *, email: str, password: str) -> SeenUser[U]:
        """Sign in.

        Raises:
            ApiError: As ``SignInEmail``.
        """
        signed = await self._executor.execute(SignInEmail(email=email, password=password), self._headers)
        return SeenUser(self._user.of(signed.user), signed.token)

    async def update_user(self, fields: F) -> None:
        """Change the application's own fields of whoever is acted for.

        Raises:
            ApiError: As ``UpdateUser``.
        """
        await self._executor.execute(UpdateUser(extra=_wire(fields)), self._headers)

    async def update_session(self, fields: G) -> None:
        """Change the application's own fields of the session of whoever is acted for.

        Raises:
            ApiError: As ``UpdateSession``.
        """
        await self._executor.execute(UpdateSession(extra=_wire(fields)), self._headers)


def _wire(fields: Mapping[str, object]) -> dict[str, object]:
    return {camel(name): value for name, value in fields.items()}
