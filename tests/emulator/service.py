"""A Flow Service as a test calls it, local or Adobe's own: with plain requests, and nothing of the wizard's client."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import requests

SCOPES = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
DATASET = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
POSTGRES = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
CONNECTION_STRING = "Server=db;Database=shop;Port=5432;UID=ann;Password=canary-secret"


@dataclass
class Service:
    """`call` sends the headers that the API wants; a header of None is left out."""

    flow_service_url: str
    ims_url: str
    sandbox_management_url: str
    org: str
    client_id: str
    client_secret: str = field(repr=False)
    sandbox: str = "prod"
    scopes: str = SCOPES

    @cached_property
    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        return session

    def close(self) -> None:
        self.session.close()

    def token_form(self) -> dict[str, str]:
        credentials = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"grant_type": "client_credentials", "scope": self.scopes} | credentials

    def ask_token(self, **changes: str) -> requests.Response:
        form = {name: value for name, value in (self.token_form() | changes).items() if value}
        return self.session.post(f"{self.ims_url}/ims/token/v3", data=form, timeout=20)

    @cached_property
    def token(self) -> str:
        return str(self.ask_token().json()["access_token"])

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "x-api-key": self.client_id,
            "x-gw-ims-org-id": self.org,
            "x-sandbox-name": self.sandbox,
        }

    def call(
        self, method: str, path: str, *, headers: dict[str, str | None] | None = None, **options: Any
    ) -> requests.Response:
        """`path` is below the Flow Service's base, or a whole URL."""
        url = path if path.startswith("http") else self.flow_service_url + path
        merged = self.headers | (headers or {})
        options = {"timeout": 20} | options
        return self.session.request(method, url, headers=merged, **options)  # type: ignore[arg-type]

    @property
    def conversion_url(self) -> str:
        """Data Prep's base, beside the Flow Service's."""
        return f"{self.flow_service_url.rpartition('/')[0]}/conversion"

    def create(self, body: dict[str, Any], path: str = "/connections", **options: Any) -> dict[str, Any]:
        """The answer's body: id and etag."""
        response = self.call("POST", path, json=body, **options)
        assert response.status_code == 201, response.text
        return dict(response.json())


def postgres_body(name: str = "Shop", **changes: Any) -> dict[str, Any]:
    auth = {"specName": "Connection String Based Authentication", "params": {"connectionString": CONNECTION_STRING}}
    body = {"name": name, "auth": auth, "connectionSpec": {"id": POSTGRES, "version": "1.0"}}
    return {key: value for key, value in (body | changes).items() if value is not None}


def dataset_body(name: str = "Lake") -> dict[str, Any]:
    return {"name": name, "connectionSpec": {"id": DATASET, "version": "1.0"}}


def basic_auth(**changes: Any) -> dict[str, Any]:
    params = {"server": "db", "port": "5432", "database": "shop", "username": "ann", "password": "canary-secret"}
    params |= {"sslMode": "Allow"}
    return {
        "specName": "Basic Authentication",
        "params": {k: v for k, v in (params | changes).items() if v is not None},
    }


def flow_code(response: requests.Response) -> str:
    """The code of a Flow Service error, after its whole shape was checked."""
    body = response.json()
    assert set(body) >= {"type", "title", "status", "report", "errorMessage", "errorDetails"}
    assert body["report"]["request-id"]
    assert body["report"]["detailed-message"]
    assert body["status"] == response.status_code
    return str(body["type"]).rpartition("FLOW-")[2]


def gateway_code(response: requests.Response) -> str:
    body = response.json()
    assert set(body) == {"error_code", "message"}
    return str(body["error_code"])
