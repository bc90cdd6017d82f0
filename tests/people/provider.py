"""OpenID providers to sign in at: an honest one as a process, and one that lies in whatever way a test asks for."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from tests.start.running import free_port
from wizard import environment

CLIENT_ID, SECRET = "wizard", "a secret of the client"


def settings_for(issuer: str) -> dict[str, Any]:
    """What wizard.settings makes of OIDC_ISSUER and the rest."""
    providers = environment.single_sign_on(issuer, CLIENT_ID, SECRET, "Example ID")
    return {"OIDC_ISSUER": issuer, "OIDC_HOSTS": [], "SOCIALACCOUNT_PROVIDERS": providers}


class Honest:
    """oidc-provider-mock at an address of its own."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"

    def knows(self, sub: str, **claims: object) -> None:
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=10).raise_for_status()

    def agree(self, url: str, sub: str) -> str:
        """Somebody signs in there; the path that it leads back to."""
        answer = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def honest_provider() -> Iterator[Honest]:
    provider = Honest(port := free_port())
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_answers(provider)
            yield provider
        finally:
            process.terminate()


def _wait_until_it_answers(provider: Honest) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The provider did not start.")


def start(client: Client, **fields: str) -> str:
    """Presses the button; where the browser is sent."""
    answer = client.post("/sign-in/single/", fields)
    assert answer.status_code == 200, answer.text
    return str(answer.context["url"])


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Crooked:
    """A provider whose every answer can be bent. `asked` holds the paths that it was asked for."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        self.claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "alice",
            "exp": int(time.time()) + 600,
            "iat": int(time.time()),
            "email": "alice@example.com",
            "email_verified": True,
        }
        self.userinfo: Any = {}
        self.key: Any = KEY
        self.algorithm: str | None = "RS256"
        self.headers: dict[str, str] = {"kid": "1"}
        self.redirects: dict[str, str] = {}
        self.bodies: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.sent: dict[str, list[str]] = {}

    def body(self, path: str) -> bytes:
        if path in self.bodies:
            return self.bodies[path]
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1", "alg": "RS256"}
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": {"keys": [jwk]},
            "/userinfo": self.userinfo,
        }
        return json.dumps(answers[path] if path in answers else self._tokens()).encode()

    def _tokens(self) -> dict[str, str]:
        token = jwt.encode(self.claims, self.key, algorithm=self.algorithm, headers=self.headers)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}


@contextmanager
def crooked_provider() -> Iterator[Crooked]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.provider = Crooked(server.server_port)  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.provider  # type: ignore[attr-defined]
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Crooked = self.server.provider  # type: ignore[attr-defined]
        provider.asked.append(self.path)
        elsewhere = provider.redirects.get(self.path)
        body = b"" if elsewhere else provider.body(self.path)
        self.send_response(302 if elsewhere else 200)
        if elsewhere:
            self.send_header("Location", elsewhere)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.provider.sent = parse_qs(self.rfile.read(length).decode())  # type: ignore[attr-defined]
        self.do_GET()

    def log_message(self, *_args: Any) -> None:
        pass
