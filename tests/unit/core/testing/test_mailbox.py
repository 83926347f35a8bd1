"""What was sent is found, and what is missing is told together with what is there."""

from __future__ import annotations

import pytest

from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


async def test_a_mailbox_says_what_there_is_instead() -> None:
    outbox = Mailbox()
    with pytest.raises(AssertionError, match="something was sent to nobody"):
        outbox.code("ada@example.com")
    await outbox.sender("text")({"phone_number": "+441632960000", "code": "123456"})
    assert outbox.code("+441632960000") == "123456"
    with pytest.raises(AssertionError, match=r"no url was sent to ada@example.com; something was sent to \+44"):
        outbox.url("ada@example.com")
    outbox.clear()
    assert outbox.messages == []
