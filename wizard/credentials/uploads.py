"""Key files: pasted with their line breaks or uploaded, kept in memory, and encoded as the source wants them."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.datastructures import MultiValueDict
from django.views.decorators.debug import sensitive_variables

LARGEST_FILE = 64 * 1024  # bytes
# Of a whole form with its files, in bytes: what is larger holds no key, and is not even read.
LARGEST_REQUEST = 8 * 1024 * 1024


class SmallFileHandler(FileUploadHandler):
    """Keeps what was uploaded in memory, for a secret must not lie on a disk; of a large file only its beginning."""

    def handle_raw_input(
        self, _input_data: Any, _meta: Any, content_length: int, _boundary: Any, _encoding: str | None = None
    ) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The form is too large.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = bytearray()

    @sensitive_variables()
    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        self.content += raw_data[: LARGEST_FILE + 1 - len(self.content)]

    def file_complete(self, _file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile("key", bytes(self.content), self.content_type or "")


class UploadWidget(forms.Textarea):
    """A text area, never filled again, and a file input beside it."""

    template_name = "forms/upload.html"
    needs_multipart_form = True

    def get_context(self, name: str, _value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs)

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        return files.get(f"{name}.file") or data.get(name)

    def use_required_attribute(self, _initial: Any) -> bool:
        # The file may be given instead.
        return False


class UploadField(forms.Field):
    """`encoding` is text (as it is), base64 (unless it is that already), base64-json (of JSON) or compact-json."""

    widget = UploadWidget

    def __init__(self, *, encoding: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.encode = _ENCODINGS[encoding]

    @sensitive_variables()
    def clean(self, value: Any) -> str:
        # A browser sends a text area's lines with CRLF, whatever the file had.
        content = value.read() if hasattr(value, "read") else (value or "").replace("\r\n", "\n").encode()
        if len(content) > LARGEST_FILE:
            raise ValidationError(f"A key has at most {LARGEST_FILE // 1024} kB.")
        if not content.strip():
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        return self.encode(content)


def _as_text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ValidationError("This file is not a text.") from None
    if any(char < " " and char not in "\r\n\t" for char in text):
        raise ValidationError("This file is not a text.")
    return text


def _as_base64(content: bytes) -> str:
    """As it is if that is Base64 already."""
    compact = b"".join(content.split())
    try:
        _refuse_other_keys(base64.b64decode(compact, validate=True))
    except binascii.Error:
        _refuse_other_keys(content)
        return base64.b64encode(content).decode()
    return compact.decode()


def _refuse_other_keys(content: bytes) -> None:
    """The files beside a private key, which are taken for it most easily."""
    if content.startswith(b"ssh-") or b"PUBLIC KEY-----" in content:
        raise ValidationError("This is a public key. The private one is needed.")
    if content.startswith(b"PuTTY-User-Key-File"):
        raise ValidationError("This is a key in PuTTY's own form (PPK). Convert it to the OpenSSH form first.")


def _as_base64_of_json(content: bytes) -> str:
    """A JSON key file, which may be in Base64 already."""
    encoded = _as_base64(content)
    _json_object(base64.b64decode(encoded))
    return encoded


def _as_compact_json(content: bytes) -> str:
    return json.dumps(_json_object(content), separators=(",", ":"), ensure_ascii=False)


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValidationError("This is not the JSON key file: it has to begin with { and end with }.")
    return found


_ENCODINGS: Mapping[str, Callable[[bytes], str]] = {
    "text": _as_text,
    "base64": _as_base64,
    "base64-json": _as_base64_of_json,
    "compact-json": _as_compact_json,
}
