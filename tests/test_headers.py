"""What every answer carries: policies for the browser, and nothing for its cache."""

from django.test import Client

from tests.access.addresses import made_up
from tests.access.matrix import RULES

KEPT_FOR_BACK = {"connect", "edit_connection"}


def test_a_fragment_needs_a_sign_in_too(client, organization):
    answer = client.get("/connections/", headers={"HX-Request": "true"})

    assert answer.status_code == 302


def test_every_page_carries_the_security_headers(signed_in, organization):
    for path in made_up().values():
        answer = signed_in.get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["X-Content-Type-Options"] == "nosniff", path


def test_what_people_see_is_kept_in_no_cache(signed_in, organization):
    for name in {rule.name for rule in RULES if rule.role != "public"} - KEPT_FOR_BACK:
        assert "no-store" in signed_in.get(made_up()[name])["Cache-Control"], name
    # Back has to bring back what was typed into a form.
    assert "no-store" not in signed_in.get("/connect/mysql/")["Cache-Control"]
    assert "private" in signed_in.get("/connect/mysql/")["Cache-Control"]


def test_signing_out_empties_the_browsers_cache(signed_in):
    assert signed_in.post("/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_a_post_without_its_csrf_token_is_refused(organization, alice, filled):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert strict.post("/connect/postgres/", filled()).status_code == 403
