"""Two changes that meet, at Adobe or here: the second sees what happened, and loses nothing."""

import pytest

from tests.changing.steps import edited, elsewhere, send
from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeKind, ChangeStatus
from wizard.emulator.journal import digest
from wizard.record.kinds import Kind

PASSWORD = "auth.params.password"


@pytest.fixture
def met(signed_in, by_key, flow_service):
    """Alice's change of database, description and password, which met another host's and user's at Adobe."""

    def meet(*theirs, **mine):
        elsewhere(flow_service, by_key, list(theirs))
        signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **mine))
        change = send(Change.objects.get())
        by_key.refresh_from_db()
        assert change.status == ChangeStatus.CONFLICT
        return change

    return meet


def page_of(client, change):
    answer = client.get(f"{change.connection.get_absolute_url()}changes/{change.uuid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client, change, intent):
    """What comes of it: the change itself, or the one that was made of it."""
    client.post(f"{change.connection.get_absolute_url()}changes/{change.uuid}/", {"intent": intent})
    change.refresh_from_db()
    return Change.objects.last()


def replaced(name, value):
    return {"op": "replace", "path": f"/auth/params/{name}", "value": value}


def test_a_stale_etag_shows_mine_and_theirs_and_nothing_was_overwritten(signed_in, met, flow_service, by_key):
    change = met(replaced("username", "their-user"), **{"auth.params.database": "my-database"})

    html = page_of(signed_in, change)
    for words in ("their-user", "my-database", "reader", "shop", "Somebody at Adobe changed User name"):
        assert words in html
    remote = flow_service.read(by_key.base_connection_id)
    assert remote["auth"]["params"]["database"] == "shop"


def test_one_click_applies_mine_on_top_of_theirs(signed_in, met, flow_service, by_key):
    change = met(replaced("username", "their-user"), **{"auth.params.database": "my-database"})
    flow_service.clear_requests()
    change = decide(signed_in, change, "apply")
    send(change)

    assert change.status == ChangeStatus.DONE
    params = flow_service.read(by_key.base_connection_id)["auth"]["params"]
    assert (params["username"], params["database"]) == ("their-user", "my-database")
    (request,) = flow_service.requests("PATCH")
    assert request["body"] == [{"op": "replace", "path": "/auth/params/database", "value": digest("my-database")}]
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["username"] == "their-user"


def test_where_both_changed_one_field_it_is_marked_and_mine_wins_if_i_say_so(signed_in, met, flow_service, by_key):
    change = met(replaced("database", "their-database"), **{"auth.params.database": "my-database"})
    assert "both changed it" in page_of(signed_in, change)
    change = decide(signed_in, change, "apply")
    send(change)

    assert flow_service.read(by_key.base_connection_id)["auth"]["params"]["database"] == "my-database"


def test_a_typed_secret_survives_the_conflict_and_is_shown_nowhere(signed_in, met, flow_service, by_key):
    change = met(replaced("database", "their-database"), **{f"choice.{PASSWORD}": "replace", PASSWORD: CANARY})
    html = page_of(signed_in, change)
    assert "replaced" in html
    assert "c4nary" not in html
    change = decide(signed_in, change, "apply")
    flow_service.clear_requests()
    send(change)

    (request,) = flow_service.requests("PATCH")
    assert request["body"] == [{"op": "replace", "path": "/auth/params/password", "value": digest(CANARY)}]


def test_a_secret_that_was_typed_for_one_host_is_not_sent_to_another(signed_in, met, flow_service, by_key):
    change = met(replaced("server", "evil.example.com"), **{f"choice.{PASSWORD}": "replace", PASSWORD: CANARY})
    html = page_of(signed_in, change)
    assert "leads to another place" in html
    assert "Apply on top of what is now" not in html
    flow_service.clear_requests()
    decide(signed_in, change, "apply")

    assert change.status == ChangeStatus.CONFLICT
    assert flow_service.requests("PATCH") == []


def test_the_form_can_be_opened_with_mine_laid_over_theirs(signed_in, met, by_key):
    change = met(replaced("username", "their-user"), **{"auth.params.database": "my-database"})
    html = signed_in.get(f"{by_key.get_absolute_url()}edit/?mine={change.uuid}").content.decode()

    assert 'value="their-user"' in html
    assert 'value="my-database"' in html
    assert f'name="revision" value="{by_key.revision}"' in html


def test_discarding_mine_leaves_theirs(signed_in, met, by_key):
    change = met(replaced("username", "their-user"), **{"auth.params.database": "my-database"})
    decide(signed_in, change, "discard")

    assert (change.status, change.wanted) == (ChangeStatus.WITHDRAWN, None)
    assert by_key.events.last().kind == Kind.WITHDRAWN
    assert by_key.unseal("form_values").open()["auth.params.database"] == "shop"


def test_a_second_person_here_is_caught_the_same_way(signed_in, bob, by_key, flow_service):
    hers = edited(by_key, **{"auth.params.database": "alices"})
    other = browser_of(bob)
    his = {"auth.params.username": "bobs", f"choice.{PASSWORD}": "replace", PASSWORD: "bobs-pw"}
    other.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **his))
    send(Change.objects.get())
    flow_service.clear_requests()
    answer = signed_in.post(f"{by_key.get_absolute_url()}edit/", hers)

    change = Change.objects.last()
    assert answer["Location"] == f"{by_key.get_absolute_url()}changes/{change.uuid}/"
    assert flow_service.requests("PATCH") == []
    html = page_of(signed_in, change)
    assert "bob@example.com changed User name, Password" in " ".join(html.split())
    assert "bobs-pw" not in html
    assert "alices" in html
    change = decide(signed_in, change, "apply")
    send(change)
    params = flow_service.read(by_key.base_connection_id)["auth"]["params"]
    assert (params["username"], params["database"]) == ("bobs", "alices")
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["password"] == "bobs-pw"


def test_what_was_changed_at_adobe_is_on_record(met, by_key):
    met(replaced("username", "their-user"), description="mine")

    theirs = by_key.changes.get(kind=ChangeKind.THEIRS)
    assert theirs.labels == ["User name"]
    assert "User name" in by_key.events.get(kind=Kind.THEIRS).message
    assert by_key.revision == 1


def test_a_conflict_waits_on_home_history_and_the_page_of_its_connection(signed_in, met, by_key):
    change = met(replaced("username", "their-user"), description="mine")
    html = signed_in.get(by_key.get_absolute_url()).content.decode()

    assert f"changes/{change.uuid}/" in html
    assert "waits for a decision" in html
    for path in ("/", "/connections/"):
        assert "Waits for a decision" in signed_in.get(path).content.decode()


def test_masked_and_foreign_values_at_adobe_are_not_taken_for_ours(signed_in, met, by_key, flow_service):
    """A name with markup, and a param that our form does not know."""
    change = met({"op": "replace", "path": "/name", "value": "<b>Theirs</b>"}, description="mine")

    assert "<b>Theirs</b>" not in page_of(signed_in, change)
    by_key.refresh_from_db()
    assert by_key.name == "<b>Theirs</b>"


def test_a_host_that_somebody_else_changed_is_a_conflict_and_no_wrong_entry_of_mine(signed_in, by_key, flow_service):
    mine = edited(by_key, **{"auth.params.database": "mine"})
    theirs = {"auth.params.server": "new.example.com", f"choice.{PASSWORD}": "replace", PASSWORD: "typed"}
    signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **theirs))
    send(Change.objects.get())
    signed_in.post(f"{by_key.get_absolute_url()}edit/", mine)

    change = Change.objects.last()
    assert change.status == ChangeStatus.CONFLICT
    change = decide(signed_in, change, "apply")
    send(change)
    params = flow_service.read(by_key.base_connection_id)["auth"]["params"]
    assert (params["server"], params["database"]) == ("new.example.com", "mine")
