"""Where the chain of events ends, and from where on it is still there: one row, and the lock of all who lengthen it."""

from hmac import compare_digest
from typing import Any

from django.db import models

from wizard.record.sealing import HasMac, head_mac, link_after

ONLY = 1


class Head(models.Model):
    """Its own keyed hash tells of a tail that was cut off. Up to the floor the events were removed on purpose."""

    position = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, blank=True)
    floor_position = models.BigIntegerField(default=0)
    floor_link = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position}:{self.link}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.mac = self._own_mac()
        super().save(*args, **kwargs)

    @classmethod
    def locked(cls) -> "Head | None":
        """The head, for this transaction alone; None where it is missing."""
        return cls.objects.select_for_update().filter(pk=ONLY).first()

    @property
    def is_genuine(self) -> bool:
        return compare_digest(self.mac, self._own_mac())

    def append(self, event: HasMac) -> None:
        """The event comes next; the caller saves both."""
        self.position += 1
        self.link = link_after(self.link, self.position, event)

    def _own_mac(self) -> str:
        return head_mac(self.position, self.link, self.floor_position, self.floor_link)
