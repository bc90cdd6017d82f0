"""A value of a database as JSON, whatever its type; what is too long is cut, and says so."""

import base64
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

LONGEST_CELL = 1024 * 1024


def as_json(value: Any, longest: int = LONGEST_CELL) -> Any:
    """Bytes are base64, times ISO 8601, numbers that JSON does not have are texts."""
    plain = _plain(value)
    if isinstance(plain, (list, dict)):
        text = json.dumps(plain)
        return plain if len(text) <= longest else _cut(text, longest)
    return _cut(plain, longest) if isinstance(plain, str) else plain


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]} … (cut: {len(text):,} characters)"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(part) for part in value]
    return str(value)


def _number(value: float | Decimal) -> float | int | str:
    """A text where a number of JSON would be another one."""
    if not math.isfinite(value):
        return str(Decimal(value))
    if isinstance(value, float):
        return value
    if value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def _clock(span: timedelta) -> str:
    """A time of day or a span of MySQL's TIME, which goes to 838 hours and below zero."""
    seconds, rest = divmod(abs(span), timedelta(seconds=1))
    hours, minutes = divmod(int(seconds) // 60, 60)
    fraction = f".{rest.microseconds:06d}" if rest else ""
    return f"{'-' if span < timedelta(0) else ''}{hours:02d}:{minutes:02d}:{int(seconds) % 60:02d}{fraction}"
