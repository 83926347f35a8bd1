"""Additional fields: the application's own columns of users and sessions, declared once as classes and typed everywhere.

Upstream counterpart: the inference of ``user.additionalFields`` and ``session.additionalFields``, client plugin
``inferAdditionalFields``. Operations: none of its own; typed views of the core's. Columns on ``user`` and ``session``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.additional_fields.api import FieldsApi as FieldsApi
    from gatewright.plugins.additional_fields.api import SeenSession as SeenSession
    from gatewright.plugins.additional_fields.api import SeenUser as SeenUser
    from gatewright.plugins.additional_fields.plugin import AdditionalFields as AdditionalFields

__all__ = (
    "AdditionalFields",
    "FieldsApi",
    "SeenSession",
    "SeenUser",
)

__getattr__ = lazily(
    __name__, {"AdditionalFields": "plugin", "FieldsApi": "api", "SeenSession": "api", "SeenUser": "api"}
)
