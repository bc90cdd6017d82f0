"""A story that leaves a secret of its own in every place in which somebody types, or gets, one."""

import itertools
import uuid
from typing import Any
from urllib.parse import quote

from django.test import Client

from tests.canaries import canary
from tests.catalog.documented_ways import WAYS, DocumentedWay
from tests.changing.steps import edited, elsewhere, send
from tests.emulator.running import Emulator
from tests.people.steps import browser_of, set_up_app
from wizard.access import inviting
from wizard.access.places import Place
from wizard.access.roles import Role
from wizard.catalog.datatypes import ConnectionSpec
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.credentials.params import asked
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.work import following, submitting, testing

PARAMS = "auth.params."
REFERENCE = "WAREHOUSE_PASSWORD"
POST_ONLY = {"method": "POST", "path": "/connections"}


class Story:
    """`secrets` by what they are: to be found nowhere."""

    def __init__(self, client: Client, organization: Organization, flow_service: Emulator) -> None:
        self.client, self.organization, self.flow_service = client, organization, flow_service
        self.secrets: dict[str, str] = {}
        self.numbers = itertools.count()
        self.target = str(organization.sandboxes.get(is_default=True).pk)

    def new(self, label: str) -> str:
        self.secrets[label] = canary(next(self.numbers))
        return self.secrets[label]

    # --- Connections ---

    def submit(self, source: str, **fields: Any) -> Any:
        fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "description": "", "target": self.target}
        return self.client.post(f"/connect/{source}/", {**fixed, **fields})

    def create(self, source: str, **fields: Any) -> BaseConnection:
        """Submitted, sent, and followed."""
        answer = self.submit(source, **fields)
        assert answer.status_code == 302, answer.content.decode()
        connection = BaseConnection.objects.get(name=fields["name"])
        submitting.submit(connection.pk)
        following.follow(connection.pk)
        connection.refresh_from_db()
        return connection

    def every_secret_field(self) -> None:
        """Every way to authenticate, with a canary in each secret, or what is documented where that may not be any."""
        for way in WAYS:
            fields = {PARAMS + name: value for name, value in way.fields.items()}
            fields |= {"name": f"Way {way.id}", "auth.specName": way.key}
            names = [name for name in self._secrets_of(way) if way.fields.get(name)]
            canaries = {name: canary(next(self.numbers)) for name in names}
            sent = {PARAMS + name: text for name, text in canaries.items()}
            if self.submit(way.source, **{**fields, **sent, "name": f"Tried {way.id}"}).status_code != 302:
                canaries = {name: way.fields[name] for name in names}
            self.secrets |= {f"{way.id} {name}": text for name, text in canaries.items()}
            self.create(way.source, **{**fields, **{PARAMS + name: text for name, text in canaries.items()}})

    def _secrets_of(self, way: DocumentedWay) -> list[str]:
        spec = load_catalog().get(way.source)
        auth_spec = spec.auth_spec(way.key) if isinstance(spec, ConnectionSpec) else None
        return [field.name for field in asked(auth_spec) if field.param.secret]

    def by_key(self, name: str, label: str, **more: Any) -> BaseConnection:
        typed = {"server": "db.example.com", "database": "shop", "username": "reader", "password": self.new(label)}
        fields = {PARAMS + key: value for key, value in typed.items()}
        return self.create("mysql", name=name, **{"auth.specName": "basic-azure", **fields, **more})

    def outcomes(self) -> None:
        """Refused in words that quote the secret, unanswered, tested."""
        password = self.new("refused")
        words = {"code": "1308-400", "message": f"Login failed: {password} | {quote(password)}"}
        self.flow_service.set_faults([{"kind": "status", "match": POST_ONLY, "status": 400, **words, "times": 1}])
        self.by_key("Refused", "not accepted", **{f"{PARAMS}password": password})
        self.flow_service.set_faults([{"kind": "lose_before", "match": POST_ONLY, "times": 1}])
        self.by_key("Unanswered", "unanswered")
        tested = self.by_key("Tested", "tested")
        self.client.post(f"/connections/{tested.uuid}/test/")
        testing.run_test(tested.pk)

    def changes(self) -> None:
        """Done, refused, and in conflict."""
        prefix = f"choice.{PARAMS}password"
        for label in ("changed", "change refused", "change in conflict"):
            connection = self.by_key(label.capitalize(), f"before it was {label}")
            typed = {prefix: "replace", f"{PARAMS}password": self.new(label), "description": label}
            form = edited(connection, **typed)
            if "refused" in label:
                fault = {"kind": "status", "match": {"method": "PATCH"}, "status": 400, "times": 1}
                self.flow_service.set_faults([{**fault, "message": f"Wrong: {self.secrets[label]}"}])
            if "conflict" in label:
                elsewhere(self.flow_service, connection, [{"op": "replace", "path": "/description", "value": "theirs"}])
            self.client.post(f"/connections/{connection.uuid}/edit/", form)
            send(connection.changes.get())

    def keeping(self, environ: Any) -> None:
        self.by_key("Forgotten", "not kept", keeps="nothing")
        environ.setenv(REFERENCE, self.new("referred to"))
        named = {f"reference.{PARAMS}password": REFERENCE, f"{PARAMS}password": "", "keeps": "references"}
        self.by_key("Referred", "never sent", **named)
        del self.secrets["never sent"]

    def drafts(self) -> None:
        """Kept, checked, and with errors; a string that was pasted, and one that cannot be read."""
        for intent in ("draft", "check", "create"):
            fields = {"name": "", "target": self.target, "submission_id": str(uuid.uuid4()), "intent": intent}
            secret = {f"{PARAMS}connectionString.PASSWORD": self.new(f"form {intent}")}
            self.client.post("/connect/postgres/", {**fields, "auth.specName": "connection-string", **secret})
        for label, text in (("pasted", "Server=x;Port=1;Database=d;UID=u;Password={};"), ("unreadable", "{} what")):
            secret = self.new(f"string that was {label}").replace("'", "").replace('"', "").replace(";", "")
            self.secrets[f"string that was {label}"] = secret
            fields = {"intent": "paste", "auth.specName": "connection-string", "pasted": text.format(secret)}
            self.client.post("/connect/postgres/", fields)
            self.client.post("/connect/postgres/", {**fields, "intent": "create", "name": label, "target": self.target})

    # --- People, organizations, keys ---

    def people(self, settings: Any, person: User) -> None:
        inviter, here = User.objects.get(email="alice@example.com"), Place(self.organization)
        _, self.secrets["invitation"] = inviting.invite(inviter, "mallory@example.com", here, Role.VIEWER)
        client = browser_of(person)
        self.secrets["authenticator app"] = set_up_app(client)
        client.get("/account/two-step/recovery-codes/")
        password = self.new("password")
        person.set_password(password)
        person.save()
        client.post("/sign-in/", {"login": person.email, "password": password})
        client.post("/sign-in/", {"login": person.email, "password": self.new("wrong password")})
        self.secrets |= {"SECRET_KEY": settings.SECRET_KEY, "CREDENTIAL_KEYS": settings.CREDENTIAL_KEYS[0]}

    def credentials(self) -> None:
        """Of the practice organization, with its token, and of another one."""
        self.organization.refresh_from_db()
        self.secrets["access token"] = self.organization.unseal("access_token").open()
        self.secrets["client secret"] = self.organization.unseal("client_secret").open()
        fields = {"name": "Second", "ims_org_id": "5EC0@AdobeOrg", "client_id": "second", "scopes": "openid"}
        answer = self.client.post("/organizations/new/", {**fields, "client_secret": self.new("second client secret")})
        assert answer.status_code == 302, answer.content.decode()
