"""Names that people type: one spelling for what looks the same, and nothing that hides letters or turns them around."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Control and format characters, halves of pairs, and the ends of lines and paragraphs.
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Between two letters some scripts, and families of emoji, need them.
JOINERS = "\u200c\u200d"
# Letters and symbols by their category, and drawn as nothing.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
WORDS = "May not contain control characters, line breaks, or characters that nobody can see."


def refuse_unseen(text: str) -> None:
    """A validator. Raises ValidationError for characters that deceive who reads them, and for a text without others."""
    joined = text.strip(JOINERS) == text
    if not joined or any(unicodedata.category(character) in UNSEEN for character in text if character not in JOINERS):
        raise ValidationError(WORDS)
    if text and not any(unicodedata.category(character)[0] in "LNPS" for character in text if character not in BLANKS):
        raise ValidationError("May not look empty.")


class SeenField(forms.CharField):
    """A text in Unicode's composed form (NFC). `kept`, which somebody else has chosen, may stay as it is."""

    kept: str | None = None

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        # Composing takes its time where many marks stand in a row; what is too long is refused anyway.
        is_short = self.max_length is not None and len(text) <= self.max_length
        return unicodedata.normalize("NFC", text) if is_short and text != self.kept else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value != self.kept:
            refuse_unseen(value)
