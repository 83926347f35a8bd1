"""A plugin whose library is not installed says which extra brings it, when it is made and not when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

MAKING = {
    "pyotp": ("two_factor", "TwoFactor()", "totp"),
    "webauthn": ("passkey", "Passkey()", "passkey"),
    "eth_account": ("siwe", "Siwe(SiweOptions(domain='x'))", "siwe"),
    "phonenumbers": (
        "phone_number",
        "PhoneNumber(PhoneNumberOptions(phone_number_validator='phonenumbers', send_otp=print))",
        "phone",
    ),
}


@pytest.mark.parametrize("library", MAKING)
def test_the_extra_is_named(library: str) -> None:
    room, making, extra = MAKING[library]
    # In a process of its own: what is imported once stays.
    script = f"import sys; sys.modules[{library!r}] = None\nfrom gatewright.plugins.{room} import *\n{making}"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert told.returncode != 0
    last = told.stderr.strip().splitlines()[-1]
    assert f"gatewright[{extra}]" in last, told.stderr
