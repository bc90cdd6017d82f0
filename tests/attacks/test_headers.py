"""What every answer carries: pages, fragments, files, redirects and refusals of every kind."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.addresses import made_up
from tests.start.running import ROOT
from wizard.people.models import User

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NONCE = re.compile(r"script-src 'nonce-([\w+/=]{22,})'(?:;|$)")
TAG = re.compile(r"<([a-z][\w-]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*/?>", re.IGNORECASE)
HANDLER = re.compile(r"\s(on\w+|(?:data-)?hx-(?:on|vars)[\w:-]*|style|srcdoc)\s*=", re.IGNORECASE)


def policy_of(answer: HttpResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_guarded(answer: HttpResponse, what: str) -> None:
    policy = policy_of(answer)
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == "'none'", what
    for name in ("script-src", "style-src"):
        # Without a tag that has one there is no nonce either, and nothing is allowed.
        assert re.fullmatch(r"('nonce-[\w+/=]{22,}')?", policy[name]), what
    assert policy["form-action"] == policy["connect-src"] == "'self'", what
    assert policy["require-trusted-types-for"] == "'script'", what
    assert "unsafe" not in answer["Content-Security-Policy"], what
    assert "*" not in answer["Content-Security-Policy"], what
    assert answer["X-Frame-Options"] == "DENY", what
    assert answer["X-Content-Type-Options"] == "nosniff", what
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin", what
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp", what
    assert answer["Referrer-Policy"] in ("same-origin", "strict-origin"), what
    assert "geolocation=()" in answer["Permissions-Policy"], what
    assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"], what
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"], what


@pytest.mark.parametrize("method", ["get", "post", "head", "options", "put", "delete", "patch", "trace"])
def test_every_answer_of_every_address_is_guarded(signed_in: Client, organization: Any, method: str) -> None:
    for path in made_up().values():
        if "/admin/" not in path and path != "/sign-out/":
            assert_guarded(getattr(signed_in, method)(path), f"{method} {path}")


def test_answers_to_nobody_are_guarded_and_kept_in_no_cache(client: Client, db: None) -> None:
    for path in (*made_up().values(), "/no/such/page", "/static/no-such-file.css"):
        if "/admin/" not in path:
            assert_guarded(client.get(path), path)


def test_a_nonce_is_used_once(client: Client, db: None) -> None:
    nonces = set()
    for _ in range(3):
        answer = client.get("/sign-in/")
        (nonce,) = NONCE.findall(answer["Content-Security-Policy"])
        assert policy_of(answer)["style-src"] == f"'nonce-{nonce}'"
        assert f'nonce="{nonce}"' in answer.text
        nonces.add(nonce)

    assert len(nonces) == 3


@pytest.mark.parametrize("practice", [True, False])
def test_a_wrong_host_gets_a_page_that_is_guarded_and_says_practice(
    client: Client, db: None, settings: Any, practice: bool
) -> None:
    settings.PRACTICE = practice
    answer = client.get("/", headers={"host": "evil.example.com"})

    assert answer.status_code == 400
    assert_guarded(answer, "a wrong host")
    assert ("Practice mode:" in answer.text) is practice
    assert "evil.example.com" not in answer.text


def test_a_wrong_host_is_refused_ahead_of_the_redirect_to_https_too(client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/", headers={"host": "evil.example.com"})

    assert answer.status_code == 400
    assert_guarded(answer, "a wrong host")


@pytest.mark.parametrize("practice", [True, False])
def test_the_page_of_an_error_is_guarded_and_says_practice(
    alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch, practice: bool
) -> None:
    def break_down(*_args: Any) -> None:
        raise RuntimeError("broken on purpose")

    settings.PRACTICE = practice
    monkeypatch.setattr("wizard.history.views.news_for", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    answer = client.get("/")

    assert answer.status_code == 500
    assert_guarded(answer, "an error")
    (nonce,) = NONCE.findall(answer["Content-Security-Policy"])
    assert f'nonce="{nonce}"' in answer.text
    assert ("Practice mode:" in answer.text) is practice
    assert "broken on purpose" not in answer.text


def test_pages_forbidden_missing_and_out_of_date_are_guarded(client: Client, bob: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    for one in (client, strict):
        one.force_login(bob)
    answers = {403: client.get("/people/"), 404: client.get("/nowhere/")}
    for status, answer in answers.items():
        assert answer.status_code == status
        assert_guarded(answer, str(status))
        assert "Practice mode:" in answer.text
    refused = strict.post("/connect/postgres/", {})
    assert refused.status_code == 403
    assert_guarded(refused, "csrf")


def test_no_page_can_be_framed_nor_frames_another(signed_in: Client, organization: Any) -> None:
    """Clickjacking: old browsers read one header, new ones the other."""
    answer = signed_in.get("/")

    assert policy_of(answer)["frame-ancestors"] == "'none'"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-src" not in policy_of(answer), "default-src 'none' covers it"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_a_script_or_style_of_its_own(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(), flags=re.DOTALL)

    assert not HANDLER.search(text)
    assert not re.search(r"javascript:|<style|\|safe\b|autoescape off|hx-vals=[\"']?js:", text, re.IGNORECASE)
    for script in re.findall(r"<script\b[^>]*>", text):
        if 'type="application/json"' not in script:
            assert re.search(r"\ssrc=.*\snonce=\"\{\{ csp_nonce \}\}\"", script), script
    # Those of the admin stand beside Django's own, under a policy of their own.
    for link in re.findall(r"<link\b[^>]*stylesheet[^>]*>", text if template.parent.name != "admin" else ""):
        assert 'nonce="{{ csp_nonce }}"' in link, link


def test_no_page_that_is_made_has_a_script_or_style_of_its_own(
    signed_in: Client, organization: Any, connected: Any
) -> None:
    connection = connected()
    pages = (connection.get_absolute_url(), f"{connection.get_absolute_url()}edit/")
    for path in (*made_up().values(), *pages):
        if "/admin/" in path:
            continue
        answer = signed_in.get(path)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for name, attributes in TAG.findall(answer.text):
            assert not HANDLER.search(attributes), (path, name, attributes)
            assert "javascript:" not in attributes.lower(), (path, name, attributes)
            assert name.lower() not in ("style", "iframe", "object", "embed", "base"), path
            if name.lower() == "script" and 'type="application/json"' not in attributes:
                assert " src=" in attributes, path
                assert " nonce=" in attributes, path
