"""What comes with a row beside its columns: put there by the server, read by a client as it is declared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gatewright.model.beside import Beside, beside
from gatewright.model.column import Column, column
from gatewright.model.row import Row, row_from_wire
from gatewright.model.schema import Table
from gatewright.pipeline.openapi_schemas import result_schema
from gatewright.wire.json import decode, encode
from gatewright.wire.result import Result

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Leaf(Row, table="leaf"):
    """A leaf."""

    id: Column[str] = column()
    picked_at: Column[datetime] = column()
    price: Column[int] = column(default=0, returned=False)


class Grower(Result):
    """Whose it is."""

    name: str


class ShownLeaf(Leaf):
    """A leaf with what belongs to it."""

    grower: Beside[Grower | None] = beside()
    similar_ones: Beside[list[Leaf]] = beside()


LEAF = Leaf(id="a", picked_at=NOW, price=7)
SHOWN = ShownLeaf.of(LEAF).with_values({"grower": Grower(name="Ada"), "similarOnes": [Leaf(id="b", picked_at=NOW)]})
BODY: dict[str, Any] = {
    "id": "a",
    "pickedAt": "2026-01-02T00:00:00.000Z",
    "grower": {"name": "Ada"},
    "similarOnes": [{"id": "b", "pickedAt": "2026-01-02T00:00:00.000Z"}],
}


def test_what_is_beside_leaves_with_the_row_and_hidden_columns_do_not() -> None:
    assert decode(encode(SHOWN)) == BODY
    stored = ShownLeaf.seen(SHOWN.raw, Table("leaf", dict(Leaf.columns)))
    assert decode(encode(stored)) == BODY


def test_a_row_without_it_leaves_without_it() -> None:
    assert set(ShownLeaf.of(LEAF).wire()) == {"id", "pickedAt"}
    assert ShownLeaf.of(LEAF).grower is None
    assert set(SHOWN.without("grower").wire()) == {"id", "pickedAt", "similarOnes"}


def test_a_client_reads_it_as_it_is_declared() -> None:
    found = row_from_wire(ShownLeaf, BODY)
    assert isinstance(found, ShownLeaf)
    assert found.grower == Grower(name="Ada")
    assert [(each.id, each.picked_at) for each in found.similar_ones] == [("b", NOW)]
    assert found.picked_at == NOW
    nobody = row_from_wire(ShownLeaf, {**BODY, "grower": None})
    assert isinstance(nobody, ShownLeaf)
    assert nobody.grower is None


@pytest.mark.parametrize("wrong", [{"grower": {"name": 1}}, {"similarOnes": {}}, {"similarOnes": ["b"]}])
def test_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((msgspec.ValidationError, TypeError, ValueError)):
        row_from_wire(ShownLeaf, {**BODY, **wrong})


def test_it_does_not_change() -> None:
    with pytest.raises(AttributeError):
        SHOWN.grower = None  # pyright: ignore[reportAttributeAccessIssue] (at run time, too)


def test_the_document_shows_it() -> None:
    schema = result_schema(ShownLeaf)
    assert set(schema["properties"]) == {"id", "pickedAt", "grower", "similarOnes"}
    assert schema["properties"]["similarOnes"] == {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}}
