"""Whether an identity may join a user: every option, both sides."""

from dataclasses import replace
from itertools import product

import pytest

from gatewright.flows.oauth.link import (
    Create,
    Decision,
    ExistingUser,
    Identity,
    Link,
    LinkRules,
    Refusal,
    Refuse,
    SignIn,
    SignUpRules,
    decide_link,
)

GRACE = Identity(provider_id="google", email="grace@example.com", email_verified=True)
UNPROVEN = replace(GRACE, email_verified=False)
PROVEN_USER = ExistingUser(id="u", email="grace@example.com", email_verified=True)
UNPROVEN_USER = replace(PROVEN_USER, email_verified=False)
OTHER_USER = ExistingUser(id="o", email="other@example.com", email_verified=True)
TRUST = LinkRules(trusted_providers=("google",))
NOT_LINKED = Refuse(Refusal.ACCOUNT_NOT_LINKED)


@pytest.mark.parametrize(
    ("identity", "user", "rules", "decision"),
    [
        (GRACE, PROVEN_USER, LinkRules(), Link("u", update_user_info=False, verify_email=False)),
        (GRACE, UNPROVEN_USER, LinkRules(), NOT_LINKED),
        (GRACE, UNPROVEN_USER, TRUST, NOT_LINKED),
        (
            GRACE,
            UNPROVEN_USER,
            LinkRules(require_local_email_verified=False),
            Link("u", update_user_info=False, verify_email=True),
        ),
        (UNPROVEN, PROVEN_USER, LinkRules(), NOT_LINKED),
        (UNPROVEN, PROVEN_USER, TRUST, Link("u", update_user_info=False, verify_email=False)),
        (
            UNPROVEN,
            UNPROVEN_USER,
            replace(TRUST, require_local_email_verified=False),
            Link("u", update_user_info=False, verify_email=False),
        ),
        (UNPROVEN, PROVEN_USER, LinkRules(trusted_providers=("github",)), NOT_LINKED),
        (replace(UNPROVEN, built_in=False), PROVEN_USER, TRUST, NOT_LINKED),
        (replace(GRACE, built_in=False), PROVEN_USER, TRUST, Link("u", update_user_info=False, verify_email=False)),
        (GRACE, PROVEN_USER, LinkRules(enabled=False), NOT_LINKED),
        (GRACE, PROVEN_USER, replace(TRUST, enabled=False), NOT_LINKED),
        (GRACE, PROVEN_USER, LinkRules(disable_implicit_linking=True), NOT_LINKED),
        (
            GRACE,
            PROVEN_USER,
            LinkRules(update_user_info_on_link=True),
            Link("u", update_user_info=True, verify_email=False),
        ),
        (
            GRACE,
            PROVEN_USER,
            LinkRules(allow_different_emails=True),
            Link("u", update_user_info=False, verify_email=False),
        ),
    ],
)
def test_joining_by_address(identity: Identity, user: ExistingUser, rules: LinkRules, decision: Decision) -> None:
    assert decide_link(identity, rules=rules, owner_id=None, same_email=user) == decision


@pytest.mark.parametrize(
    ("disabled", "on_request", "requested", "made"),
    [
        (False, False, False, True),
        (False, False, True, True),
        (False, True, False, False),
        (False, True, True, True),
        (True, False, False, False),
        (True, False, True, False),
        (True, True, False, False),
        (True, True, True, False),
    ],
)
def test_becoming_a_user(disabled: bool, on_request: bool, requested: bool, made: bool) -> None:
    sign_up = SignUpRules(disabled=disabled, only_on_request=on_request, requested=requested)
    decision = decide_link(UNPROVEN, rules=LinkRules(), owner_id=None, sign_up=sign_up)
    assert decision == (Create("grace@example.com", email_verified=False) if made else Refuse(Refusal.SIGN_UP_DISABLED))


def test_a_known_identity_signs_in_whatever_the_rules() -> None:
    strict = LinkRules(enabled=False, disable_implicit_linking=True)
    decision = decide_link(
        UNPROVEN, rules=strict, owner_id="u", sign_up=SignUpRules(disabled=True), same_email=OTHER_USER
    )
    assert decision == SignIn("u")


@pytest.mark.parametrize("email", [None, ""])
def test_an_identity_without_address_does_not_sign_in(email: str | None) -> None:
    nameless = replace(GRACE, email=email)
    assert decide_link(nameless, rules=LinkRules(), owner_id="u") == Refuse(Refusal.EMAIL_NOT_FOUND)
    assert decide_link(nameless, rules=LinkRules(), owner_id=None) == Refuse(Refusal.EMAIL_NOT_FOUND)


ALLOW = LinkRules(allow_different_emails=True)
LINKED = Link("o", update_user_info=False, verify_email=False)


@pytest.mark.parametrize(
    ("identity", "rules", "owner", "decision"),
    [
        (GRACE, LinkRules(), None, Refuse(Refusal.EMAIL_DOES_NOT_MATCH)),
        (GRACE, TRUST, None, Refuse(Refusal.EMAIL_DOES_NOT_MATCH)),
        (GRACE, ALLOW, None, LINKED),
        (UNPROVEN, ALLOW, None, Refuse(Refusal.UNABLE_TO_LINK)),
        (UNPROVEN, replace(ALLOW, trusted_providers=("google",)), None, LINKED),
        (GRACE, replace(ALLOW, enabled=False), None, Refuse(Refusal.UNABLE_TO_LINK)),
        (GRACE, replace(ALLOW, disable_implicit_linking=True), None, LINKED),
        (GRACE, replace(ALLOW, update_user_info_on_link=True), None, replace(LINKED, update_user_info=True)),
        (GRACE, ALLOW, "u", Refuse(Refusal.LINKED_TO_ANOTHER_USER)),
        (GRACE, LinkRules(), "u", Refuse(Refusal.EMAIL_DOES_NOT_MATCH)),
        (GRACE, LinkRules(), "o", SignIn("o")),
        (replace(GRACE, email="OTHER@example.com"), LinkRules(), None, LINKED),
        (replace(GRACE, email=None), LinkRules(), None, Refuse(Refusal.EMAIL_DOES_NOT_MATCH)),
        (replace(GRACE, email=None), ALLOW, None, LINKED),
    ],
)
def test_adding_to_oneself(identity: Identity, rules: LinkRules, owner: str | None, decision: Decision) -> None:
    assert decide_link(identity, rules=rules, owner_id=owner, signed_in=OTHER_USER) == decision


def test_ones_own_unproven_address_does_not_hinder_adding() -> None:
    assert decide_link(GRACE, rules=LinkRules(), owner_id=None, signed_in=UNPROVEN_USER) == Link(
        "u", update_user_info=False, verify_email=False
    )


@pytest.mark.parametrize(
    ("identity", "owner", "decision"),
    [
        (replace(GRACE, email=None), "o", Refuse(Refusal.EMAIL_NOT_FOUND)),
        (GRACE, "u", Refuse(Refusal.LINKED_TO_ANOTHER_USER)),
        (GRACE, "o", SignIn("o")),
        (GRACE, None, Refuse(Refusal.EMAIL_DOES_NOT_MATCH)),
    ],
)
def test_a_presented_token_tells_the_owner_first(identity: Identity, owner: str | None, decision: Decision) -> None:
    assert decide_link(identity, rules=LinkRules(), owner_id=owner, signed_in=OTHER_USER, presented=True) == decision


def test_no_rules_let_an_identity_leave_its_owner() -> None:
    for enabled, allow, trusted, presented in product([True, False], repeat=4):
        rules = LinkRules(
            enabled=enabled, allow_different_emails=allow, trusted_providers=("google",) if trusted else ()
        )
        decision = decide_link(GRACE, rules=rules, owner_id="u", signed_in=OTHER_USER, presented=presented)
        assert isinstance(decision, Refuse)


def test_refusals_have_the_contracts_codes() -> None:
    assert {refusal: refusal.value for refusal in Refusal} == {
        Refusal.EMAIL_NOT_FOUND: "email_not_found",
        Refusal.ACCOUNT_NOT_LINKED: "account_not_linked",
        Refusal.SIGN_UP_DISABLED: "signup_disabled",
        Refusal.UNABLE_TO_LINK: "unable_to_link_account",
        Refusal.EMAIL_DOES_NOT_MATCH: "email_does_not_match",
        Refusal.LINKED_TO_ANOTHER_USER: "account_already_linked_to_different_user",
    }
