"""The additional fields plugin: the application's classes, and the columns that they declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, get_type_hints

from typing_extensions import TypeVar

from gatewright.model.row import Row
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.additional_fields.api import FieldsApi
from gatewright.plugins.base import Parts, Plugin
from gatewright.wire.calls import Executor
from gatewright.wire.faults import ConfigError
from gatewright.wire.names import camel

__all__ = ("AdditionalFields",)

U = TypeVar("U", bound=User, default=User)
S = TypeVar("S", bound=Session, default=Session)
F = TypeVar("F", bound=Mapping[str, object], default=Mapping[str, object])
G = TypeVar("G", bound=Mapping[str, object], default=Mapping[str, object])


class AdditionalFields(Plugin[FieldsApi[U, S, F, G]], Generic[U, S, F, G]):
    """Columns of the application's own, typed in results and inputs.

    ::

        class AppUser(User):
            plan: Column[str] = column(default="free")
            level: Column[int] = column(default=1, input=False)

        class NewUser(TypedDict, total=False):
            plan: str

        fields = AdditionalFields(AppUser, given=NewUser)
        auth = Auth(settings, adapter, plugins=[fields])
        signed = await auth.of(fields).sign_up_email(name=…, email=…, password=…, fields={"plan": "pro"})
        signed.user.plan

    Args:
        user: Users with the application's columns; ``input=False`` for what a request must not set.
        session: Sessions, likewise.
        given: The fields of users that requests may set, as a ``TypedDict``.
        session_given: Those of sessions.

    Raises:
        ConfigError: A field is no column that a request may set.
    """

    id = "additional-fields"

    def __init__(
        self,
        user: type[U] = User,
        session: type[S] = Session,
        *,
        given: type[F] | None = None,
        session_given: type[G] | None = None,
    ) -> None:
        self.user = user
        self.session = session
        _check(user, given)
        _check(session, session_given)

    def parts(self) -> Parts:
        """The columns."""
        own: list[type[Row]] = [self.user, self.session]
        return Parts(tables=tuple(each for each in own if each not in (User, Session)))

    def api(self, executor: Executor) -> FieldsApi[U, S, F, G]:
        """The typed methods, bound to a running instance."""
        return FieldsApi(executor, user=self.user, session=self.session)


def _check(row: type[Row], given: type[Mapping[str, object]] | None) -> None:
    for name in () if given is None else get_type_hints(given):
        spec = row.columns.get(camel(name))
        if spec is None or not spec.input:
            raise ConfigError(f"{name} is no column of {row.__name__} that a request may set")
