"""The widget of each field: what is a secret is never sent back to a browser, nor kept or corrected by one."""

from typing import Any

from django import forms

from wizard.catalog.datatypes import AuthParam
from wizard.credentials.uploads import UploadField

MOST_RADIOS = 4
# Nothing of what a browser keeps or corrects is wanted in a credential.
MASKED = {"class": "masked", "autocomplete": "off"}
PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SecretTextarea(forms.Textarea):
    """Lines that are never sent back to the browser."""

    def get_context(self, name: str, _value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


def widget(param: AuthParam) -> forms.Widget:
    attributes: dict[str, Any] = {**PLAIN}
    if param.schema.get("examples"):
        attributes["placeholder"] = str(param.schema["examples"][0])
    if param.kind == "upload":
        return UploadField.widget(attrs={**attributes, **MASKED, "rows": 4})
    if param.kind in ("list", "json"):
        attributes["rows"] = 3
        return SecretTextarea({**attributes, **MASKED}) if param.secret else forms.Textarea(attributes)
    if param.kind == "choice":
        few = len(param.choices) <= MOST_RADIOS
        return forms.RadioSelect() if few else forms.Select()
    if param.secret:
        return forms.PasswordInput(attrs={**attributes, "autocomplete": "new-password"})
    if param.kind == "date":
        return forms.DateInput(attrs={**attributes, "type": "date"})
    return _number_input(param, attributes) if param.kind in ("integer", "number") else forms.TextInput(attributes)


def _number_input(param: AuthParam, attributes: dict[str, Any]) -> forms.Widget:
    bounds = {"min": param.schema.get("minimum"), "max": param.schema.get("maximum")}
    return forms.NumberInput(attrs={**attributes, **{key: value for key, value in bounds.items() if value is not None}})
