"""The form of a rejection: why, for the person who asked."""

from django import forms

from wizard.names import SeenField


class RejectForm(forms.Form):
    reason = SeenField(
        max_length=300,
        required=False,
        help_text="Whoever asked reads it, and it stays on record: write no secret into it.",
    )
