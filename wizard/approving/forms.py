"""The form of a rejection: why, for the person who asked."""

from django import forms

from wizard.credentials.fields import has_no_control_characters


class RejectForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        required=False,
        validators=[has_no_control_characters],
        help_text="Whoever asked reads it, and it stays on record: write no secret into it.",
    )
