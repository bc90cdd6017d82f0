"""Who may open what: one line for each address. The test walks it, and the page of the documentation is made from it.

python -m tests.access.matrix > docs/access.md
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# From the one who may least. "elsewhere" is an admin of another organization.
WHO = ("nobody", "no role", "elsewhere", "viewer", "connector", "admin", "administrator")
RANK = {"viewer": 1, "connector": 2, "admin": 3, "administrator": 4}
YES, SIGN_IN, FORBIDDEN, NOT_FOUND = "yes", "sign-in", "403", "404"


@dataclass(frozen=True)
class Rule:
    """`of` is what the address is about; "own" for what belongs to one person alone, here to the connector."""

    name: str
    role: str
    of: str = ""
    methods: str = "GET"
    data: dict[str, Any] = field(default_factory=dict)
    # What the address is called in the documentation, where the name says too little.
    note: str = ""

    def expected(self, who: str) -> str:
        """What comes back: yes, sign-in, 403 or 404."""
        if self.role == "public":
            return YES
        if who == "nobody":
            return SIGN_IN
        if self.role == "signed in" and self.of != "own":
            return YES
        return self._by_role(who)

    def _by_role(self, who: str) -> str:
        if self.of == "own":
            return YES if who == "connector" else NOT_FOUND
        if self.of == "installation":
            return YES if who == "administrator" else FORBIDDEN
        if self.of == "anywhere":
            # Whoever has the role in any organization.
            highest = RANK["admin"] if who == "elsewhere" else RANK.get(who, 0)
            return YES if highest >= RANK[self.role] else FORBIDDEN
        if self.of == "person":
            # Who administers nothing sees no people at all; others see those with a role where they are an admin.
            found = {"elsewhere": NOT_FOUND, "admin": YES if self.role == "admin" else FORBIDDEN, "administrator": YES}
            return found.get(who, FORBIDDEN)
        if who not in RANK:
            return NOT_FOUND
        return YES if RANK[who] >= RANK[self.role] else FORBIDDEN


BOTH = "GET POST"
ADMIN_ROWS = (
    *("connections_baseconnection", "connections_change", "record_event", "organizations_organization"),
    *("organizations_sandbox", "people_user", "access_grant", "access_invitation"),
    *("connections_call", "dataflows_selection", "dataflows_resource"),
)
RULES = (
    Rule("health_live", "public"),
    Rule("health_ready", "public"),
    Rule("metrics", "public", note="from this machine itself, or with METRICS_TOKEN; else 404"),
    Rule("first_sign_in", "public", methods=BOTH, note="the first person’s link"),
    Rule("join", "public", methods=BOTH, note="an invitation’s link"),
    Rule("account_login", "public", methods=BOTH),
    Rule("account_signup", "public", methods=BOTH, note="says that accounts are made by invitation"),
    Rule("account_logout", "public", methods=BOTH),
    Rule("account_inactive", "public", note="says that an account is closed"),
    Rule("account_reset_password", "public", methods=BOTH, note="a forgotten password, where mail is set up"),
    Rule("account_reset_password_done", "public"),
    Rule("account_reset_password_from_key", "public", methods=BOTH, note="a link of a mail"),
    Rule("account_reset_password_from_key_done", "public"),
    Rule("mfa_authenticate", "public", methods=BOTH, note="after the password"),
    Rule("mfa_login_webauthn", "public", methods=BOTH, note="a passkey"),
    Rule("single_sign_on", "public", methods="POST", note="where OpenID Connect is set up"),
    Rule("single_sign_on_callback", "public", note="where the provider leads back to"),
    Rule("account", "signed in", note="one’s own account, here and below"),
    Rule("account_change_password", "signed in", methods=BOTH),
    Rule("account_set_password", "signed in", methods=BOTH),
    Rule("account_reauthenticate", "signed in", methods=BOTH),
    Rule("mfa_reauthenticate", "signed in", methods=BOTH),
    Rule("mfa_reauthenticate_webauthn", "signed in", methods=BOTH),
    Rule("usersessions_list", "signed in", methods=BOTH),
    Rule("end_session", "connector", "own", "POST"),
    Rule("mfa_index", "signed in"),
    Rule("mfa_activate_totp", "signed in", methods=BOTH),
    Rule("mfa_deactivate_totp", "signed in", "factor", BOTH, note="where it is set up"),
    Rule("mfa_view_recovery_codes", "signed in", "factor", note="where they are set up"),
    Rule("mfa_generate_recovery_codes", "signed in", methods=BOTH),
    Rule("mfa_list_webauthn", "signed in"),
    Rule("mfa_add_webauthn", "signed in", methods=BOTH),
    Rule("mfa_edit_webauthn", "signed in", methods=BOTH),
    Rule("mfa_remove_webauthn", "signed in", methods=BOTH),
    Rule("home", "signed in"),
    Rule("history", "signed in", note="lists what one sees"),
    Rule("export_history_csv", "signed in", note="the same as a file"),
    Rule("export_history_json", "signed in", note="the same as a file"),
    Rule("save_history_view", "signed in", methods="POST", note="one’s own view"),
    Rule("activity", "signed in", note="lists what happened where one has a role, and what one did"),
    Rule("export_activity_csv", "signed in", note="the same as a file"),
    Rule("export_activity_json", "signed in", note="the same as a file"),
    Rule("save_activity_view", "signed in", methods="POST", note="one’s own view"),
    Rule("remove_view", "signed in", "own", "POST", note="one’s own view"),
    Rule("organizations", "signed in", note="lists those in which one has a role"),
    Rule("choose", "connector", "anywhere"),
    Rule("connect", "connector", "anywhere", BOTH, {"intent": "create"}, note="offers the sandboxes of that role"),
    Rule("check_draft", "connector", "own"),
    Rule("discard_draft", "connector", "own", "POST"),
    Rule("connection", "viewer", "connection"),
    Rule("requests_of_connection", "viewer", "connection"),
    Rule("uses_of_connection", "connector", "connection", BOTH, note="what was made of it; with POST Adobe is asked"),
    Rule("test_connection", "connector", "connection", "POST"),
    Rule("look_again", "connector", "connection", "POST"),
    Rule("choose_candidate", "connector", "connection", "POST"),
    Rule("explore", "connector", "connection", BOTH, note="shows the source’s own data"),
    Rule("choose_columns", "connector", "connection", "POST", {"type": "table", "object": "sample.orders"}),
    Rule("edit_connection", "connector", "connection", BOTH),
    Rule("switch_connection", "connector", "connection", "POST", {"op": "disable"}),
    Rule("change", "connector", "connection", BOTH, {"intent": "discard"}),
    Rule("discard_change", "connector", "connection", "POST"),
    Rule("approve", "connector", "connection", "POST", note="what another one asks for; of a delete as an admin"),
    Rule("reject", "connector", "connection", BOTH, note="what another one asks for; of a delete as an admin"),
    Rule("withdraw", "connector", "connection", "POST", note="what one asks for oneself"),
    Rule("looked_after", "connector", "connection", BOTH),
    Rule("next_steps", "viewer", "connection"),
    Rule("next_steps", "connector", "connection", "POST", {"intent": "dataflow"}),
    Rule("next_steps_curl", "viewer", "connection", note="the requests as a file"),
    Rule("next_steps_python", "viewer", "connection", note="the requests as a file"),
    Rule("next_steps_postman", "viewer", "connection", note="the requests as a file"),
    Rule("resource", "viewer", "connection"),
    Rule("try_resource_again", "connector", "connection", "POST"),
    Rule("look_for_resource", "connector", "connection", "POST"),
    Rule("choose_resource", "connector", "connection", "POST"),
    Rule("delete_connection", "admin", "connection", BOTH),
    Rule("spec_report", "viewer", "organization"),
    Rule("sync_specs", "viewer", "organization"),
    Rule("sync_specs", "admin", "organization", "POST"),
    Rule("add_organization", "administrator", "installation", BOTH),
    Rule("organization", "admin", "organization", BOTH),
    Rule("switch_organization", "admin", "organization", "POST", {"op": "close"}),
    Rule("check_organization", "viewer", "organization"),
    Rule("check_organization", "admin", "organization", "POST"),
    Rule("sandbox", "admin", "organization", BOTH, {"intent": "close"}),
    Rule("people", "admin", "anywhere"),
    Rule("invite", "admin", "anywhere", BOTH),
    Rule("withdraw_invitation", "admin", "person", "POST"),
    Rule("person", "admin", "person", BOTH),
    Rule("take_role", "admin", "person", "POST"),
    Rule("keys", "administrator", "installation"),
    Rule("storage", "administrator", "installation"),
    Rule("recovery_sheet", "administrator", "installation", BOTH, note="asks for the password once more"),
    Rule("remove_factors", "administrator", "person", "POST"),
    Rule("person_account", "administrator", "person", "POST", {"op": "close"}),
    Rule("admin:index", "administrator", "installation", note="rows, to look at"),
    Rule("admin:app_list", "administrator", "installation"),
    *(
        Rule(f"admin:{rows}_{page}", "administrator", "installation", note="row" if page == "change" else "rows")
        for rows in ADMIN_ROWS
        for page in ("changelist", "change")
    ),
)

HEAD = """# Who may open what

Made from the table that the tests walk (`python -m tests.access.matrix > docs/access.md`); a test fails where this
page, the table and the product differ, and for an address that the table does not have.

*yes*: answered. *sign-in*: sent to the sign-in first. *403*: seen, but the role is too low. *404*: not there, for
whoever has no role in that organization and sandbox. A role holds in an organization or in one of its sandboxes; the
highest counts. *Elsewhere* is an admin of another organization; an *administrator* is one of the installation.

| address | method | about | nobody | no role | elsewhere | viewer | connector | admin | administrator |
|---|---|---|---|---|---|---|---|---|---|
"""


def page(paths: dict[str, str]) -> str:
    """The page of the documentation, from the address of each name."""
    return HEAD + "".join(_lines(paths))


def _lines(paths: dict[str, str]) -> Iterator[str]:
    for rule in RULES:
        about = rule.note or {"own": "one’s own", "anywhere": "a role anywhere"}.get(rule.of, rule.of)
        cells = (f"`{paths[rule.name]}`", rule.methods.replace(" ", ", "), about, *map(rule.expected, WHO))
        yield f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.access.addresses import paths

    sys.stdout.write(page(paths()))
