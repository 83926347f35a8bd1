from collections.abc import Mapping

import pytest

from gatewright.settings.social import SocialProvider, provider_options
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

GIVEN = {"clientId": "id", "clientSecret": "hush", "tenantId": "t"}
MADE = SocialProvider(client_id="id", client_secret="hush", tenant_id="t")


async def later() -> Mapping[str, object]:
    return GIVEN


def at_once() -> SocialProvider:
    return MADE


async def test_options_are_the_same_however_they_are_given() -> None:
    assert await provider_options(MADE) is MADE
    assert await provider_options(at_once) is MADE
    assert await provider_options(later) == MADE


async def test_a_functions_answer_is_validated_and_never_shown() -> None:
    async def wrong() -> Mapping[str, object]:
        return {"clientId": "id", "clientSecret": 5, "clientsecret": "hush"}

    with pytest.raises(ConfigError) as refused:
        await provider_options(wrong)
    assert str(refused.value) == "clientSecret: input should be a valid string; clientsecret: unknown option"
