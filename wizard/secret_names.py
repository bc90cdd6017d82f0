"""Which names only secrets have, wherever a schema, a connection string or a request uses them."""

import re

_SECRET = re.compile(
    r"(?i)passw|pwd|pass_?phrase|secret|token|credential|connection_?string|signature|bearer|jwt"
    r"|(?:private|principal|access|account|api|shared|master|signing|encryption|storage|service)_?-?key"
    r"|key_?(?:file|content|value|pem)|^sig$|^pem$|_pem$|Pem$|^pass$|^pw$"
)
# A shared access signature, also as a whole URI.
_SAS = re.compile(r"^sas(?![a-z])|_sas|(?<=[a-z])Sas(?![a-z])|SAS(?![a-z]{2})")
# A place, a name or a kind, whatever it is one of: accessTokenUrl, accessKeyId, tokenEndpoint.
_HARMLESS = re.compile(
    r"(?i)(?<!secret)(?<!secret_)(?:url|uri|id|name|type|path|endpoint|field|expires?|expirationdate)$"
)
_PERHAPS = re.compile(r"(?i)pass|pwd|secret|token|key|credential|signature|^sig$|^sas|connection.?string|jwt|pem$")


def looks_secret(name: str) -> bool:
    """Whether a name is one that only secrets have: its value is never shown."""
    if _SAS.search(name):
        return not re.search(r"(?i)(?:name|type|id)$", name)
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def may_be_secret(name: str) -> bool:
    """Whether a value by that name had better be hidden where nobody misses it, as in an error's text."""
    return looks_secret(name) or bool(_PERHAPS.search(name))
