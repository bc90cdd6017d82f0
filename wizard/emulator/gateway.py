"""Who calls, and may they? The checks of the headers, in the order in which Adobe's gateway and service make them.

https://experienceleague.adobe.com/en/docs/experience-platform/landing/platform-apis/api-fundamentals
"""

from dataclasses import dataclass

from wizard.emulator import sandboxes
from wizard.emulator.errors import flow, gateway, problem
from wizard.emulator.ims import Ims, Tenant
from wizard.emulator.messages import Request

WRITES = ("POST", "PUT", "PATCH")


@dataclass(frozen=True)
class Caller:
    """The organization and sandbox that a call is for, and the client that makes it."""

    tenant: Tenant
    sandbox: str

    @property
    def org(self) -> str:
        return self.tenant.ims_org_id

    @property
    def client_id(self) -> str:
        return self.tenant.client_id


@dataclass(frozen=True)
class Circumstances:
    """What a call finds that no caller can bring about: seconds that setting up takes, and a use that is not seen."""

    initializing: float = 0
    is_in_use: bool = False


@dataclass(frozen=True)
class Call:
    """A request that was let through; `resource_id` is the id in its path, if it has one."""

    caller: Caller
    request: Request
    resource_id: str = ""
    circumstances: Circumstances = Circumstances()


class Gateway:
    def __init__(self, ims: Ims) -> None:
        self._ims = ims

    def check(self, request: Request) -> Tenant:
        """Whose token it is, after a look at API key and organization: those of its client alone are let through.

        Raises Refusal, as the gateway or, for a foreign org, the service does.
        """
        tenant = self._owner(request.header("authorization"))
        key = request.header("x-api-key")
        if not key:
            raise gateway(403, "403000", "Api Key is required.")
        if key != tenant.client_id:
            raise gateway(403, "403003", "Api Key is invalid.")
        org = request.header("x-gw-ims-org-id")
        if not org:
            raise gateway(400, "400003", "The header x-gw-ims-org-id is missing.")
        if org != tenant.ims_org_id:
            raise flow("2000-401", "The token has no access to the organization of the header x-gw-ims-org-id.")
        return tenant

    def caller(self, tenant: Tenant, request: Request) -> Caller:
        """Raises Refusal for a sandbox that is not named, or not there."""
        name = request.header("x-sandbox-name")
        if request.header("x-sandbox-id"):
            raise flow("2110-400", "The header x-sandbox-id is not allowed with this token.")
        if not name:
            raise flow("2105-400", "The header x-sandbox-name is missing.")
        if name == "*":
            raise flow("2111-403", "The sandbox name * is not allowed with this token.")
        if name not in sandboxes.names(tenant):
            raise flow("2100-404", f"There is no sandbox named '{name[:100]}' in this organization.")
        return Caller(tenant, name)

    def _owner(self, header: str) -> Tenant:
        if not header:
            raise gateway(403, "403010", "Oauth token is missing.")
        scheme, _, token = header.partition(" ")
        tenant = self._ims.owner(token.strip()) if scheme.lower() == "bearer" else None
        if tenant is None:
            raise gateway(401, "401013", "Oauth token is not valid.")
        return tenant


def check_content_type(request: Request) -> None:
    """Raises Refusal for a write with a body that is not said to be JSON."""
    is_bare_action = not request.body and request.path.rstrip("/").endswith("/action")
    if request.method in WRITES and not is_bare_action and request.media_type != "application/json":
        raise problem(400, "A valid content-type must be specified: application/json.")
