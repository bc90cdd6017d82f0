"""What every page's navigation asks: may this person connect, or administer, anywhere at all."""

from functools import partial

from django.db.models import Max
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.people.models import User


def roles(request: HttpRequest) -> dict[str, object]:
    """`may.view`, `may.connect` and `may.administer`, by one query, where a template asks."""
    # A request for a host that is not ours is refused before anybody is known.
    return {"may": SimpleLazyObject(partial(_may, getattr(request, "user", None)))}


def _may(person: object) -> dict[str, bool]:
    if not isinstance(person, User):
        return dict.fromkeys(("view", "connect", "administer"), False)
    highest = Role.ADMIN if person.is_admin else _highest(person)
    return {
        "view": highest >= Role.VIEWER,
        "connect": highest >= Role.CONNECTOR,
        "administer": highest >= Role.ADMIN,
    }


def _highest(person: User) -> int:
    return Grant.objects.filter(person=person).aggregate(highest=Max("role"))["highest"] or 0
