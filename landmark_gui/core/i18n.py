"""Translation of every text a person sees, through gettext (see docs/adr/0006).

`tr` and `ntr` take the English text as a literal first argument, which Babel extracts:
`tr("{name} could not be read", name=path.name)`.
"""

from __future__ import annotations

import gettext
import locale
import os

from landmark_gui.core.resources import resource

DOMAIN = "landmark_gui"
LANGUAGES = {"en": "English", "ko": "한국어"}

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def system_language() -> str:
    """The code of the system's language if we speak it, otherwise "en"."""
    name = os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    name = name or (locale.getlocale()[0] or "")
    code = name.split(":")[0].split("_")[0].lower()
    return {"korean": "ko"}.get(code, code if code in LANGUAGES else "en")


def set_language(code: str) -> None:
    """Speak the language `code` from now on; an unknown code means English."""
    global _language
    _language = code if code in LANGUAGES else "en"
    set_translations(
        gettext.translation(
            DOMAIN, str(resource("translations")), languages=[_language], fallback=True
        )
    )


def language() -> str:
    """The code of the language that is spoken now."""
    return _language


def set_translations(translations: gettext.NullTranslations) -> None:
    """Take the words from this catalogue; tests have one that marks every text."""
    global _translations
    _translations = translations


def tr(message: str, **values: object) -> str:
    """The translation of `message`, with `{name}` fields filled from `values`."""
    text = _translations.gettext(message)
    return text.format(**values) if values else text


def ntr(singular: str, plural: str, count: int, **values: object) -> str:
    """As `tr`, choosing the form for `count`; `{n}` is `count` unless given."""
    values.setdefault("n", count)
    return _translations.ngettext(singular, plural, count).format(**values)
