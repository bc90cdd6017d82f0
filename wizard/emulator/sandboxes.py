"""The sandboxes that a practice organization has, and the list of them.

https://experienceleague.adobe.com/en/docs/experience-platform/sandbox/api/available
"""

import uuid
from typing import Any

from wizard.emulator.errors import problem
from wizard.emulator.ims import Tenant
from wizard.emulator.messages import Request, Response

DEVELOPMENT = "dev"
CREATED = "2026-01-05 09:00:00"


def names(tenant: Tenant) -> tuple[str, ...]:
    return tuple(dict.fromkeys((tenant.sandbox_name, DEVELOPMENT)))


def sandbox_id(tenant: Tenant, name: str) -> str:
    """Always the same for one sandbox of one organization."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tenant.ims_org_id}/{name}"))


def listing(tenant: Tenant, request: Request) -> Response:
    """GET /sandbox-management/?limit&offset. Raises Refusal for numbers that are none."""
    limit = _number(request, "limit", 100, least=1)
    offset = _number(request, "offset", 0, least=0)
    page = [_sandbox(tenant, name) for name in names(tenant)][offset : offset + limit]
    href = f"http://{request.header('host')}{request.path}?limit={{limit}}&offset={{offset}}"
    links = {"page": {"href": href, "templated": True}}
    return Response(200, {"sandboxes": page, "_page": {"limit": limit, "count": len(page)}, "_links": links})


def _sandbox(tenant: Tenant, name: str) -> dict[str, Any]:
    is_default = name == tenant.sandbox_name
    return {
        "name": name,
        "title": name.title(),
        "state": "active",
        "type": "production" if is_default else "development",
        "region": "VA7",
        "isDefault": is_default,
        "eTag": 1,
        "createdDate": CREATED,
        "lastModifiedDate": CREATED,
        "createdBy": "system",
        "modifiedBy": "system",
    }


def _number(request: Request, name: str, default: int, *, least: int) -> int:
    text = request.value(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text[:6]) and len(text) <= 6):
        raise problem(400, f"The parameter {name} must be a number, {least} or more.")
    return int(text)
