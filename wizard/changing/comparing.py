"""What a conflict page shows: what was, what is now, and what this change would make of it. Never a secret's value."""

from dataclasses import dataclass
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.changing.revisions import changes_since
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeKind
from wizard.credentials.params import asked
from wizard.values.typed import (
    DESCRIPTION,
    NAME,
    PREFIX,
    auth_spec_of,
    differing,
    labels,
    leads_elsewhere,
    shown_value,
    typed_values,
    values_before,
    wanted_by,
)


@dataclass(frozen=True)
class Line:
    """One field, as texts; `by_them` and `by_me` say who has made it different from what it was."""

    label: str
    before: str
    theirs: str
    mine: str
    by_them: bool
    by_me: bool

    @property
    def is_clash(self) -> bool:
        return self.by_them and self.by_me and self.theirs != self.mine


@sensitive_variables()
def comparison(change: Change) -> dict[str, Any]:
    """The context of the conflict page."""
    connection, wanted = change.connection, wanted_by(change.opened("wanted"))
    before, now = values_before(change), typed_values(connection)
    auth_spec, mine = auth_spec_of(connection), wanted.get("values", {})
    others = changes_since(connection, change.revision)
    lines = [*_lines(auth_spec, before, now, {**mine, **_texts(wanted)}), *_secret_lines(auth_spec, wanted, others)]
    return {
        "connection": connection,
        "change": change,
        "lines": lines,
        "others": others,
        # Secrets that were typed for one place are not sent to another.
        "must_type_again": bool(wanted.get("secrets")) and leads_elsewhere(auth_spec, mine, wanted_values(change)),
        # Of a connection string at Adobe nothing can be read, so that it can only be replaced as a whole.
        "replaces_unseen": _replaces_unseen(auth_spec, change, others),
    }


@sensitive_variables()
def wanted_values(change: Change) -> dict[str, Any]:
    """What a form is filled with to take a change up again: what is now, with what it wanted to be different."""
    connection, wanted, before = change.connection, wanted_by(change.opened("wanted")), values_before(change)
    mine, now = {**wanted.get("values", {}), **_texts(wanted)}, typed_values(connection)
    if not wanted:
        return now
    return {**now, **{name: mine.get(name, "") for name in differing(auth_spec_of(connection), before, mine)}}


def _replaces_unseen(auth_spec: AuthSpec | None, change: Change, others: list[Change]) -> bool:
    """Whether others changed it at Adobe, and this change is about a part of what Adobe does not show."""
    wanted = wanted_by(change.opened("wanted"))
    touched = differing(auth_spec, values_before(change), wanted.get("values", {}))
    touched += [PREFIX + name for name in (*wanted.get("secrets", ()), *wanted.get("removed", ()))]
    is_theirs = any(other.kind == ChangeKind.THEIRS for other in others)
    return is_theirs and any("." in name.removeprefix(PREFIX) for name in touched)


def _texts(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: wanted[name] for name in (NAME, DESCRIPTION) if name in wanted}


def _lines(auth_spec: AuthSpec | None, before: dict[str, Any], now: dict[str, Any], mine: dict[str, Any]) -> list[Line]:
    fields = {PREFIX + field.name: field for field in asked(auth_spec)}
    by_them, by_me = (differing(auth_spec, before, other) for other in (now, mine))

    def shown(name: str, values: dict[str, Any]) -> str:
        value = values.get(name)
        return shown_value(fields[name], value) if name in fields else str(value or "")

    return [
        Line(label, shown(name, before), shown(name, now), shown(name, mine), name in by_them, name in by_me)
        for name, label in labels(auth_spec).items()
        if name in by_them or name in by_me
    ]


@sensitive_variables()
def _secret_lines(auth_spec: AuthSpec | None, wanted: dict[str, Any], others: list[Change]) -> list[Line]:
    """Secrets by what was done to them; whether somebody has changed them at Adobe cannot be seen."""
    theirs = {label for other in others for label in other.labels}
    replaced, removed = wanted.get("secrets", {}), wanted.get("removed", [])
    lines = []
    for field in asked(auth_spec):
        if not field.param.secret:
            continue
        mine = "replaced" if field.name in replaced else "removed" if field.name in removed else ""
        by_them = field.param.title in theirs
        if mine or by_them:
            words = "changed" if by_them else ""
            lines.append(Line(field.param.title, "a secret", words, mine, by_them, bool(mine)))
    return lines
