"""Plugins by the names under which the contract's packages export them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import pydantic
from tests.conformance.codec import FunctionMaker, JsonObject, Unsupported, decode

from gatewright.plugins.base import Plugin
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import Json

__all__ = ("PLUGINS", "create_plugin")

PLUGINS: Mapping[str, tuple[str, str]] = {
    "admin": ("admin", "Admin"),
    "apiKey": ("api_key", "ApiKey"),
    "anonymous": ("anonymous", "Anonymous"),
    "bearer": ("bearer", "Bearer"),
    "organization": ("organization", "Organization"),
    "captcha": ("captcha", "Captcha"),
    "customSession": ("custom_session", "CustomSession"),
    "deviceAuthorization": ("device_authorization", "DeviceAuthorization"),
    "emailOTP": ("email_otp", "EmailOTP"),
    "genericOAuth": ("generic_oauth", "GenericOAuth"),
    "haveIBeenPwned": ("have_i_been_pwned", "HaveIBeenPwned"),
    "i18n": ("i18n", "I18n"),
    "jwt": ("jwt", "Jwt"),
    "lastLoginMethod": ("last_login_method", "LastLoginMethod"),
    "magicLink": ("magic_link", "MagicLink"),
    "multiSession": ("multi_session", "MultiSession"),
    "oneTimeToken": ("one_time_token", "OneTimeToken"),
    "openAPI": ("open_api", "OpenApi"),
    "passkey": ("passkey", "Passkey"),
    "oAuthProxy": ("oauth_proxy", "OAuthProxy"),
    "oauthPopup": ("oauth_popup", "OAuthPopup"),
    "oneTap": ("one_tap", "OneTap"),
    "siwe": ("siwe", "Siwe"),
    "phoneNumber": ("phone_number", "PhoneNumber"),
    "twoFactor": ("two_factor", "TwoFactor"),
    "username": ("username", "Username"),
}
"""Folder and class of each plugin that is there; its options are ``<class>Options`` in ``options.py``."""


def create_plugin(given: JsonObject, make: FunctionMaker, index: int) -> Plugin[Any]:
    """The plugin that ``{"name", "options"}`` or ``{"name", "args"}`` means.

    Raises:
        Unsupported: There is none, or it lacks an option; the text is the path.
        ConfigError: An option with a value that it does not take.
    """
    name = str(given.get("name"))
    known = PLUGINS.get(name)
    if known is None:
        raise Unsupported(f"plugins.{name}")
    folder, class_name = known
    plugin: Any = getattr(_room(f"gatewright.plugins.{folder}.plugin", name), class_name)
    values = _values(given, make, index)
    if not values:
        return plugin()
    if name == "customSession":
        # A function first; what the contract passes second only types it.
        last: dict[str, Any] = values[2] if len(values) > 2 else {}
        values = [last, values[0]]
    options: Any = getattr(_room(f"gatewright.plugins.{folder}.options", name), f"{class_name}Options")
    try:
        made = options.model_validate(values[0])
        return plugin(values[1], made) if name == "customSession" else plugin(made, *values[1:])
    except pydantic.ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            if problem["type"] == "extra_forbidden":
                raise Unsupported(".".join(["plugins", name, *map(str, problem["loc"])])) from None
        raise ConfigError(str(error)) from None


def _values(given: JsonObject, make: FunctionMaker, index: int) -> list[Any]:
    args = given.get("args")
    if isinstance(args, list):
        return decode(args, make, f"plugins.{index}.args")
    options: Json = given.get("options")
    return [] if options is None else [decode(options, make, f"plugins.{index}.options")]


def _room(module: str, name: str) -> object:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("gatewright.plugins"):
            raise
        raise Unsupported(f"plugins.{name}") from None
