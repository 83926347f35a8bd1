"""Columns of ``session`` that say how its user was proven; there only where the assurance plugin is installed.

No answer shows them; copies of sessions and the secondary storage hold them. Source: RFC 8176; OpenID Connect Core §2.
"""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import Column, column
from gatewright.model.session import Session

__all__ = ("AssuredSession",)


class AssuredSession(Session):
    """A session that says how its user was proven.

    ``amr`` is a text that ``gatewright.access.assurance`` reads: each method with its moment. ``auth_time`` is the last of
    these moments, for whoever looks at the table.
    """

    amr: Column[str | None] = column(default=None, input=False, returned=False, copied=True)
    auth_time: Column[datetime | None] = column(default=None, input=False, returned=False, copied=True)
