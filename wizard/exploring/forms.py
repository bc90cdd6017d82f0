"""What a person says about a look: how a file is to be read, and what a REST API wants to know."""

import json
from typing import Any

from django import forms

COMPRESSIONS = (("bzip2", "bzip2"), ("gzip", "gzip"), ("zipDeflate", "zip (deflate)"), ("tarGzip", "tar.gz"))
FILE_TYPES = (("delimited", "Delimited text (CSV, TSV)"), ("json", "JSON"), ("parquet", "Parquet"))
LONGEST_PARAMS = 20_000  # characters
TAB = "\\t"


class FileForm(forms.Form):
    """Field names are those of the explore call."""

    fileType = forms.ChoiceField(label="File type", choices=FILE_TYPES)
    columnDelimiter = forms.CharField(
        label="Column delimiter",
        required=False,
        max_length=2,
        strip=False,
        help_text=f"One character; {TAB} for a tab. A comma if you leave it empty.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    compressionType = forms.ChoiceField(
        label="Compression", required=False, choices=(("", "None"), *COMPRESSIONS, ("tar", "tar"))
    )
    encoding = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z._-]*$",
        label="Encoding",
        required=False,
        max_length=40,
        help_text="Such as UTF-8 or ISO-8859-1. UTF-8 if you leave it empty.",
        error_messages={"invalid": "Letters, digits, dots and dashes only."},
    )

    def clean_columnDelimiter(self) -> str:
        text: str = self.cleaned_data["columnDelimiter"]
        if text == TAB:
            return "\t"
        if len(text) > 1 or text in ('"', "\r", "\n"):
            raise forms.ValidationError(f"One character, and no quote; {TAB} for a tab.")
        return text

    @property
    def options(self) -> dict[str, str]:
        """Those that are given, for the call; a delimiter only where there are any."""
        found = {name: str(value) for name, value in self.cleaned_data.items() if value}
        if found["fileType"] != "delimited":
            found.pop("columnDelimiter", None)
        return found


class RecordsForm(forms.Form):
    """`sourceParams` of a REST source: sent, and not kept."""

    sourceParams = forms.CharField(
        label="Parameters of the source, as JSON",
        max_length=LONGEST_PARAMS,
        help_text="What Adobe’s page of this source calls sourceParams; {} where it names none. Nothing of it is kept.",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "class": "as-code"}),
        initial="{}",
    )

    def clean_sourceParams(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["sourceParams"], parse_constant=_refused)
            # A number such as 1e999 can be read, and not be written.
            json.dumps(found, allow_nan=False)
        except (ValueError, RecursionError):
            raise forms.ValidationError('This is not JSON. An example: {"listId": "10c097ca71"}') from None
        if not isinstance(found, dict):
            raise forms.ValidationError("A JSON object is needed: names and values in curly brackets.")
        return found


def shown_options(properties: dict[str, str]) -> dict[str, str]:
    """What Adobe found out, as the form shows it."""
    delimiter = properties.get("columnDelimiter", "")
    return {**properties, "columnDelimiter": TAB if delimiter == "\t" else delimiter}


def _refused(_: str) -> Any:
    raise ValueError("no JSON")
