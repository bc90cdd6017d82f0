"""What a source says, wrapped in Adobe's code for it, is told in plain words, with what to do."""

import pytest

from tests.flow_service.test_explanations import FIELDS, LONGEST, WHO
from wizard.flow_service.explanations import _SOURCE_WORDS, explain

WRAPPED = "The request could not be processed. Error message: {}"
PLAIN = explain(code="1308-400", status=400)
CASES = [
    ('FATAL:  password authentication failed for user "ann"', "refused the user name or the password"),
    ("1045 Access denied for user 'ann'@'localhost' (using password: YES)", "refused the user name or the password"),
    ("ORA-01017: invalid username/password; logon denied", "refused the user name or the password"),
    ("Login failed for user 'ann'.", "refused the user name or the password"),
    ("ErrorCode=28P01,28P01: password authentication failed for user", "refused the user name or the password"),
    ("ORA-28000: the account is locked", "locked"),
    ('FATAL:  database "nowhere" does not exist', "did not open this database"),
    ("1049 Unknown database 'nowhere'", "no database of this name"),
    ("ORA-12514: TNS:listener does not currently know of service requested", "no database of this name"),
    ("Cannot open database \"x\" requested by the login. Login failed for user 'y'.", "no database of this name"),
    ("1044 Access denied for user 'ann'@'%' to database 'shop'", "does not let them read"),
    ("permission denied for table wages", "does not let them read"),
    ("1142 SELECT command denied to user 'ann'@'%' for table 'wages'", "does not let them read"),
    ("ORA-00942: table or view does not exist", "does not let them read"),
    ('no pg_hba.conf entry for host "127.0.0.1", user "ann", database "shop", no encryption', "wants TLS"),
    ("server does not support SSL, but SSL was required", "one of the two ends"),
    ("2026 SSL is required but the server doesn't support it", "one of the two ends"),
    ("SSL error: certificate verify failed", "certificate"),
    ('could not translate host name "db" to address: Name or service not known', "leads to no address"),
    ("2003 Can't connect to MySQL server on 'db' ([Errno 111] Connection refused)", "Nothing answered"),
    ("2003 Can't connect to MySQL server on 'db' (timed out)", "in time"),
    ("The database did not answer within 20 seconds: timed out.", "in time"),
    ("connection timeout expired", "in time"),
    ("FATAL:  sorry, too many clients already", "as many connections"),
    ("2013 Lost connection to MySQL server during query", "broke off"),
    ("What answered is no PostgreSQL that can be understood (ValueError).", "no database of this kind"),
    ("The local Flow Service may not connect to the host 192.0.2.1: ... listed in LIVE_HOSTS.", "may not connect"),
]


@pytest.mark.parametrize(("words", "meaning"), CASES)
def test_what_a_database_says_is_told_in_plain_words(words: str, meaning: str) -> None:
    found = explain(code="1308-400", status=400, message=WRAPPED.format(words))
    assert meaning in found.what
    assert found.next != PLAIN.next


@pytest.mark.parametrize("words", ["", "Something else.", "x" * 100_000])
def test_other_words_are_explained_by_their_code(words: str) -> None:
    assert explain(code="1308-400", status=400, message=words) == PLAIN


def test_the_same_words_under_another_code_mean_what_the_code_means() -> None:
    words = "1045 Access denied for user 'ann'"
    assert explain(code="1304-400", status=400, message=words) == explain(code="1304-400", status=400)


@pytest.mark.parametrize("number", range(len(_SOURCE_WORDS)))
def test_an_explanation_is_whole_sentences_and_names_who_can_help(number: int) -> None:
    entry = _SOURCE_WORDS[number]
    assert entry.marks
    assert all(mark == mark.casefold() and mark.strip() for mark in entry.marks)
    assert entry.explanation.who in WHO
    assert entry.explanation.field in FIELDS | {""}
    for text in (entry.explanation.what, entry.explanation.next):
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) <= LONGEST
