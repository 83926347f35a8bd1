"""Ready-made translations of the core's error codes, by locale; import one, or take :data:`LOCALES` whole.

Source: contract, the codes and locales for which the ``i18n`` package has texts; the texts are Gatewright's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from gatewright.plugins.i18n.locales.ar import AR
from gatewright.plugins.i18n.locales.bn import BN
from gatewright.plugins.i18n.locales.de import DE
from gatewright.plugins.i18n.locales.en import EN
from gatewright.plugins.i18n.locales.es import ES
from gatewright.plugins.i18n.locales.fa import FA
from gatewright.plugins.i18n.locales.fr import FR
from gatewright.plugins.i18n.locales.hi import HI
from gatewright.plugins.i18n.locales.id import ID
from gatewright.plugins.i18n.locales.it import IT
from gatewright.plugins.i18n.locales.ja import JA
from gatewright.plugins.i18n.locales.ko import KO
from gatewright.plugins.i18n.locales.nl import NL
from gatewright.plugins.i18n.locales.pl import PL
from gatewright.plugins.i18n.locales.pt import PT
from gatewright.plugins.i18n.locales.ru import RU
from gatewright.plugins.i18n.locales.sv import SV
from gatewright.plugins.i18n.locales.th import TH
from gatewright.plugins.i18n.locales.tr import TR
from gatewright.plugins.i18n.locales.uk import UK
from gatewright.plugins.i18n.locales.vi import VI
from gatewright.plugins.i18n.locales.zh import ZH

__all__ = (
    "AR",
    "BN",
    "DE",
    "EN",
    "ES",
    "FA",
    "FR",
    "HI",
    "ID",
    "IT",
    "JA",
    "KO",
    "LOCALES",
    "NL",
    "PL",
    "PT",
    "RU",
    "SV",
    "TH",
    "TR",
    "UK",
    "VI",
    "ZH",
)

LOCALES: Mapping[str, Mapping[str, str]] = {
    "ar": AR,
    "bn": BN,
    "de": DE,
    "en": EN,
    "es": ES,
    "fa": FA,
    "fr": FR,
    "hi": HI,
    "id": ID,
    "it": IT,
    "ja": JA,
    "ko": KO,
    "nl": NL,
    "pl": PL,
    "pt": PT,
    "ru": RU,
    "sv": SV,
    "th": TH,
    "tr": TR,
    "uk": UK,
    "vi": VI,
    "zh": ZH,
}
"""All of them, by language."""
