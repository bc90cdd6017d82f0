"""Signing in and out, and what nobody may see without."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user
from django.test import Client

from tests.people.steps import PASSWORD, sign_in
from wizard.people.models import User


def test_it_signs_in_whatever_the_letters_of_the_address(client: Client, alice: User) -> None:
    assert sign_in(client, "Alice@Example.com").status_code == 302
    assert get_user(client) == alice  # type: ignore[arg-type]


def test_it_refuses_a_wrong_password_in_the_words_of_an_unknown_address(client: Client, alice: User) -> None:
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, "nobody@example.com", "wrong")
    assert get_user(client).is_anonymous  # type: ignore[arg-type]
    words = list(wrong.context["form"].non_field_errors())
    assert len(words) == 1
    assert words == list(unknown.context["form"].non_field_errors())


def test_it_leads_back_to_the_page_that_was_asked_for(client: Client, alice: User) -> None:
    asked = client.get("/connections/?q=orders")
    assert asked["Location"] == "/sign-in/?next=/connections/%3Fq%3Dorders"
    assert 'value="/connections/?q=orders"' in client.get(asked["Location"]).text
    response = client.post("/sign-in/", {"login": alice.email, "password": PASSWORD, "next": "/connections/?q=orders"})
    assert response["Location"] == "/connections/?q=orders"


ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example/",
    "/\t/elsewhere.example/",
    "/\n/elsewhere.example/",
    "\x08//elsewhere.example/",
    "/\x00/elsewhere.example/",
    "https:elsewhere.example",
    "http:///elsewhere.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://testserver@elsewhere.example/",
    "https://testserver.elsewhere.example/",
    "http://127.0.0.1/",
    "",
)


@pytest.mark.parametrize("where", ELSEWHERE)
@pytest.mark.parametrize("form", ["/sign-in/", "/sign-out/", "/account/password/", "/account/confirm/"])
def test_it_leads_nobody_to_another_site(client: Client, alice: User, form: str, where: str) -> None:
    """Neither where the form says so nor where the address does."""
    if form != "/sign-in/":
        client.force_login(alice)
    new = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
    fields = {"login": alice.email, "password": PASSWORD, **new, "next": where}
    answer = client.post(form + "?" + urlencode({"next": where}), fields)
    assert answer["Location"] in ("/", "/sign-in/", "/account/")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_somebody_who_is_signed_in_is_led_nowhere_else_either(signed_in: Client, where: str) -> None:
    assert signed_in.get("/sign-in/", {"next": where})["Location"] == "/"


def test_where_it_leads_is_no_html(client: Client, db: None) -> None:
    page = client.get("/sign-in/", {"next": '/"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_it_stops_listening_after_five_wrong_passwords(client: Client, alice: User) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    refused = sign_in(client)
    assert refused.status_code == 200
    assert "Too many failed attempts" in refused.text
    assert get_user(client).is_anonymous  # type: ignore[arg-type]


def test_it_makes_no_account_by_itself(client: Client, db: None) -> None:
    fields = {"email": "mallory@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for page in (client.get("/sign-up/"), client.post("/sign-up/", fields)):
        assert "account/signup_closed.html" in [template.name for template in page.templates]
    assert not User.objects.exists()


def test_it_signs_out_by_a_post_alone(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 200
    assert get_user(signed_in).is_authenticated  # type: ignore[arg-type]
    assert signed_in.post("/sign-out/")["Location"] == "/sign-in/"
    assert get_user(signed_in).is_anonymous  # type: ignore[arg-type]


def test_it_changes_a_password_and_ends_the_other_sessions(alice: User, client: Client) -> None:
    elsewhere = Client()
    assert sign_in(client).status_code == sign_in(elsewhere).status_code == 302
    new = "another horse battery"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert get_user(client).is_authenticated  # type: ignore[arg-type]
    assert get_user(elsewhere).is_anonymous  # type: ignore[arg-type]
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_it_asks_for_the_old_password_first(signed_in: Client, alice: User) -> None:
    new = "another horse battery"
    page = signed_in.post("/account/password/", {"oldpassword": "wrong", "password1": new, "password2": new})
    assert "oldpassword" in page.context["form"].errors
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
