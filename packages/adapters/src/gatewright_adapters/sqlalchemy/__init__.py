"""SQL databases: SQLAlchemy Core describes tables and writes SQL text, once per query shape; transports run it.

Here belong translation, value transforms, error translation and transports. No policy: what is read and written is
the caller's. Imports ``gatewright``'s model, ports and wire.
"""

from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.definitions import target_metadata

__all__ = ("SQLAlchemyAdapter", "target_metadata")
