import json
import re

import pytest
from pydantic import BaseModel
from tests.unit.core.settings.walk import FACTS, Option, field_at, models_in

from gatewright.settings import PROVIDER_IDS, FieldOptions, Settings, SocialProvider

ELSEWHERE = {
    "database": "an adapter is an argument of Auth; its own options are the adapter's",
    "secondaryStorage": "an argument of Auth",
    "plugins": "an argument of Auth",
}

OTHER_DEFAULTS = {
    "advanced.database.joins": "a session is one joined read",
    "advanced.disableCSRFCheck": "absent and false differ where disableOriginCheck is set",
    "advanced.disableOriginCheck": "absent and false differ in the contract's tests",
    "advanced.trustedProxyHeaders": "absent means: only where hosts are listed",
    "advanced.crossSubDomainCookies.additionalCookies": "no list is an empty list",
    "account.storeAccountCookie": "depends on the database",
    "session.cookieCache.maxAge": "depends on the store",
}

OPTIONS = [option for option in FACTS.options if option.path.split(".")[0] not in ELSEWHERE]
PLAIN = [
    option
    for option in OPTIONS
    if option.default is not None
    and re.fullmatch(r'"[^"]*"|true|false|\d+', option.default)
    and option.path not in OTHER_DEFAULTS
]


def test_the_contract_has_as_many_options_as_are_checked_here() -> None:
    assert len(FACTS.options) == 243
    assert len(OPTIONS) > 200
    assert len(PLAIN) > 50


@pytest.mark.parametrize("path", [option.path for option in OPTIONS])
def test_every_core_option_has_a_field(path: str) -> None:
    assert field_at(Settings, path) is not None, path


@pytest.mark.parametrize("root", ELSEWHERE)
def test_arguments_of_auth_are_no_options(root: str) -> None:
    assert field_at(Settings, root) is None


@pytest.mark.parametrize("option", PLAIN, ids=lambda option: option.path)
def test_defaults_are_the_contracts(option: Option) -> None:
    field = field_at(Settings, option.path)
    assert field is not None
    assert field.default == json.loads(option.default or "null")


@pytest.mark.parametrize("path", [option.path for option in FACTS.field])
def test_every_attribute_of_an_additional_field_has_a_field(path: str) -> None:
    assert field_at(FieldOptions, path) is not None


def test_every_provider_of_the_contract_can_be_named() -> None:
    assert set(FACTS.providers) | {"patreon", "cloudflare"} == PROVIDER_IDS


@pytest.mark.parametrize("name", FACTS.provider_options_common)
def test_every_common_provider_option_has_a_field(name: str) -> None:
    assert field_at(SocialProvider, name) is not None


def _all(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for other in models_in(field.annotation):
                _all(other, seen)
    return seen


GROUPS = sorted(_all(Settings, set()), key=str)


@pytest.mark.parametrize("model", GROUPS)
def test_every_group_is_frozen_and_closed(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"
    assert model.model_config.get("hide_input_in_errors") is True
