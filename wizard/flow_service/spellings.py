"""How other programs write a text: escaped, quoted, encoded or broken over lines; and what stays the same in it."""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

# What stands for another character: JSON's escapes and those of URLs and HTML, also where they were escaped again;
# and what comes or goes in writing: blanks, quotes, backslashes. Possessive where a long run would be read once more
# from each of its characters.
_SIGN = re.compile(
    r"(?P<json>(?:\\++u[0-9a-fA-F]{4})++)"
    r"|\\++[nrtbf]?"
    r"|(?P<url>(?:%(?:25)*[0-9a-fA-F]{2})++)"
    r"|&(?:amp;)*(?P<html>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});"
    r"""|[\s"']|\Z"""
)

Place = tuple[int, int]
LEAST_INSIDE = 4  # bytes; what base64 makes of fewer, somewhere inside, stands in any text


def spellings(text: str) -> Iterator[str]:
    """`text` as it is, and as JSON, a URL, HTML, a connection string or base64 would write it."""
    in_json = [text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
    yield from in_json
    yield from (json.dumps(once)[1:-1] for once in in_json[1:])
    for quoted in (quote(_raw(text), safe=""), quote_plus(_raw(text))):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), quoted)
    yield html.escape(text)
    yield html.escape(text).replace("&#x27;", "&#39;")
    yield from (text.replace(mark, mark * 2) for mark in ("'", '"'))
    yield from _in_base64(text)


def cores(text: str) -> Iterator[str]:
    """What `core_of` makes of `text`, whichever way it was written before it was escaped or torn apart."""
    for written in (text, quote_plus(_raw(text)), *_in_base64(text)):
        yield _small(_SIGN.sub(_meant, written))


def core_of(text: str) -> tuple[str, list[Place]]:
    """`text` in small letters, without what comes or goes in writing; where in `text` each of its characters stands."""
    letters, places, end = [], list[Place](), 0
    for sign in _SIGN.finditer(text):
        meant = _meant(sign)
        letters += [text[end : sign.start()], meant]
        places += ((at, at + 1) for at in range(end, sign.start()))
        places += [sign.span()] * len(meant)
        end = sign.end()
    return _small("".join(letters)), places


def _small(text: str) -> str:
    """In small letters, each of them alone: none of them becomes two, or another one at the end of a word."""
    return text.replace("İ", "i").lower().replace("ς", "σ")


def _meant(sign: re.Match[str]) -> str:
    """The characters that an escape stands for, as far as they stay the same."""
    if sign["json"]:
        units = bytes.fromhex("".join(re.findall("u(.{4})", sign["json"])))
        found = units.decode("utf-16-be", "replace")
    elif sign["url"]:
        found = bytes.fromhex("".join(re.findall("%(?:25)*([0-9a-fA-F]{2})", sign["url"]))).decode("utf-8", "replace")
    else:
        found = html.unescape(f"&{sign['html']};") if sign["html"] else ""
    return "".join(char for char in found if _stays(char))


def _stays(char: str) -> bool:
    return not char.isspace() and char not in "\\\"'" and unicodedata.category(char)[0] != "C"


def _in_base64(text: str) -> Iterator[str]:
    """As a whole, and inside one: those characters alone that nothing before or after it has a part in."""
    raw = _raw(text)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")
        for before in range(3 if len(raw) >= LEAST_INSIDE else 0):
            first, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
            yield encode(bytes(before) + raw).decode()[first:end]


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
