"""What a connection's further keys are known to hold that is secret, so that no answer's words repeat it."""

import time

import pytest

from wizard.values.hiding import secrets_of
from wizard.vault.secret import Secret

KEYS = ["Proxy"]


class Kept:
    """A row as far as it is asked: what its form was filled with."""

    def opened(self, _):
        return Secret({"pasted_secrets": KEYS})


def hidden(value):
    return set(secrets_of(Kept(), Secret({"dsn": f"Server=x;Proxy='{value}'"})))


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("http://user:p4ss@proxy.example.com:8080/", "p4ss"),
        ("http://user:p4:ss@proxy.example.com", "p4:ss"),
        ("http://:p4ss@proxy.example.com", "p4ss"),
        ("a://b/c//user:p4ss@d", "p4ss"),
    ],
)
def test_the_password_in_a_url_of_a_further_key_is_secret(url, password):
    assert {url, password} <= hidden(url)


@pytest.mark.parametrize("url", ["http://proxy.example.com:8080/", "http://user@proxy.example.com", "http://u:@x"])
def test_a_url_without_a_password_is_secret_as_a_whole_alone(url):
    assert hidden(url) == {url}


@pytest.mark.parametrize("flood", ["//" + ":" * 19_000, "//a:" * 4_000, "/" * 19_000])
def test_a_flood_of_colons_is_searched_quickly(flood):
    started = time.monotonic()
    hidden(flood)

    assert time.monotonic() - started < 1
