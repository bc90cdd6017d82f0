"""Which pages are compressed, and for whom."""

import gzip

import pytest

PAGE = "/connections/"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_that_somebody_asks_for_here_is_compressed(signed_in, organization, site):
    answer = signed_in.get(PAGE, headers={"Accept-Encoding": "gzip, br", "Sec-Fetch-Site": site})

    assert answer["Content-Encoding"] == "gzip"
    assert b"<h1>History</h1>" in gzip.decompress(answer.content)
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything", None])
def test_a_page_that_another_site_asks_for_tells_nothing_by_its_length(signed_in, organization, site):
    """Compressed it would be the shorter, the more of what it holds stands in the address, too."""
    headers = {"Accept-Encoding": "gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    secret, other = (signed_in.get(PAGE, {"q": text}, headers=headers) for text in ("No connection matches", "y" * 21))

    assert "Content-Encoding" not in secret
    assert len(secret.content) == len(other.content)


def test_the_same_page_is_never_of_the_same_length(signed_in, organization):
    headers = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
    lengths = {len(signed_in.get(PAGE, headers=headers).content) for _ in range(20)}

    assert max(lengths) - min(lengths) > 10


def test_an_export_is_compressed_too(signed_in, connected):
    connected("Warehouse")
    answer = signed_in.get("/connections/export.csv", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"})

    assert b"Warehouse" in gzip.decompress(b"".join(answer.streaming_content))


def test_who_takes_nothing_compressed_gets_it_as_it_is(signed_in, organization):
    answer = signed_in.get(PAGE, headers={"Sec-Fetch-Site": "same-origin"})

    assert b"<h1>History</h1>" in answer.content
