"""Secrets that stay where the operator has put them: their names are declared, and each is read when it is sent."""

import os
import stat

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from wizard.vault.secret import Secret

LARGEST = 64 * 1024  # bytes
WEB, WORKER = "the web server", "the worker"


class Unresolved(Exception):
    """A reference that leads to nothing. The message says which one, and where it is missing; never a value."""


@sensitive_variables()
def resolve(name: str, where: str) -> Secret:
    """What a declared name stands for: the variable of that name, or the file that NAME_FILE names, without its last
    line break. `where` is the process that asks, WEB or WORKER. Raises Unresolved.
    """
    if name not in settings.SECRET_REFERENCES:
        raise Unresolved("There is no reference of this name: SECRET_REFERENCES does not declare it.")
    path = os.environ.get(f"{name}_FILE")
    text = _read(path, name, where) if path else os.environ.get(name, "")
    if not text:
        raise Unresolved(f"The reference {name} is not set for {where}: neither {name} nor {name}_FILE holds anything.")
    return Secret(text)


@sensitive_variables()
def _read(path: str, name: str, where: str) -> str:
    """Not from a pipe or a device, which could keep us waiting or never end."""
    try:
        # Not for ever, where it is a pipe.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            content = file.read(LARGEST + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
        if content is None or len(content) > LARGEST:
            raise Unresolved(f"What {name}_FILE names for {where} is not a file of at most {LARGEST // 1024} kB.")
        return content.decode().removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError):
        raise Unresolved(f"The file that {name}_FILE names for {where} cannot be read.") from None
