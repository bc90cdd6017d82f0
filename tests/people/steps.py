"""What people do at sign-in and on the pages of their account."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.test import Client

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.organizations.models import Organization
from wizard.people.models import User

PASSWORD = "correct horse battery"


def person_with(role: Role, organization: Organization, email: str, sandbox_name: str = "") -> User:
    """Somebody who has that role there, and no other one."""
    person = User.objects.create_user(email, PASSWORD)
    Grant.objects.create(person=person, organization=organization, role=role, sandbox_name=sandbox_name)
    return person


def browser_of(person: User | None, **options: bool) -> Client:
    """A browser of its own, in which the person is signed in, or nobody."""
    client = Client(**options)  # type: ignore[arg-type]
    if person:
        client.force_login(person)
    return client


def sign_in(client: Client, email: str = "alice@example.com", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def who(client: Client) -> Any:
    return get_user(client)  # type: ignore[arg-type]


def confirm(client: Client, password: str = PASSWORD) -> Any:
    """The password once more, as before every change of a factor."""
    return client.post("/account/confirm/", {"password": password, "next": "/account/two-step/"})


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many steps of thirty seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client: Client) -> str:
    """Alice, who is signed in, sets up an authenticator app; its secret."""
    confirm(client)
    secret = str(client.get("/account/two-step/app/").context["form"].secret)
    answer = client.post("/account/two-step/app/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/two-step/recovery-codes/", answer.text
    return secret


def factor(user: User, kind: str = "totp") -> Authenticator:
    return Authenticator.objects.get(user=user, type=kind)
