"""What is kept by nobody's cache. The policies that every answer carries: tests/attacks/test_headers.py."""

from tests.access.addresses import made_up
from tests.access.matrix import RULES

KEPT_FOR_BACK = {"connect", "edit_connection"}


def test_a_fragment_needs_a_sign_in_too(client, organization):
    answer = client.get("/connections/", headers={"HX-Request": "true"})

    assert answer.status_code == 302


def test_what_people_see_is_kept_in_no_cache(signed_in, organization):
    for name in {rule.name for rule in RULES if rule.role != "public"} - KEPT_FOR_BACK:
        assert "no-store" in signed_in.get(made_up()[name])["Cache-Control"], name
    # Back has to bring back what was typed into a form.
    assert "no-store" not in signed_in.get("/connect/mysql/")["Cache-Control"]
    assert "private" in signed_in.get("/connect/mysql/")["Cache-Control"]


def test_signing_out_empties_the_browsers_cache(signed_in):
    assert signed_in.post("/sign-out/")["Clear-Site-Data"] == '"cache"'
