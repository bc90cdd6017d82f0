"""What home says about credentials: those that are refused, and those that are about to end."""

from typing import Any

from wizard.access.rules import organizations_for, organizations_run_by
from wizard.people.models import User


def news_for(person: User) -> dict[str, Any]:
    """`refused`: organizations that the person sees; `run_here`: keys of those that they may mend."""
    seen = organizations_for(person).open_for_use().select_related("owner")
    return {
        "refused": list(seen.exclude(token_trouble_since=None)),
        "run_here": set(organizations_run_by(person).values_list("pk", flat=True)),
    }
