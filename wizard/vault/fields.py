"""The database column for a sealed value."""

from typing import Any

from django.db import models


class SealedField(models.BinaryField):
    """Bytes from `sealing.seal`. Its model seals and unseals, since only the row knows its own place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
