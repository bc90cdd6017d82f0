"""A secret on its way shows itself to nobody, whatever is done to it, and is opened in few places."""

import ast
import copy
import dataclasses
import json
import logging
import pickle
import pprint
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template import Context, Template

from wizard.record.models import Event
from wizard.vault.sealing import seal, unseal
from wizard.vault.secret import MOST_KNOWN, Secret, forgetting, known, laid_open

WIZARD = Path(__file__).resolve().parents[2] / "wizard"
PLAIN = "c4nary-pl4in"


@dataclasses.dataclass
class Holder:
    secret: Secret


REFUSED = {
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "format": format,
    "an f-string": lambda secret: f"{secret}",
    "an f-string of its repr": lambda secret: f"{secret!r}",
    "str.format": "{}".format,
    "str.format of an attribute": "{0.value}".format,
    "percent s": lambda secret: "%s" % secret,  # noqa: UP031
    "percent r": lambda secret: "%r" % secret,  # noqa: UP031
    "percent d": lambda secret: "%d" % secret,  # noqa: UP031
    "join": lambda secret: "".join([secret]),
    "concatenation": lambda secret: "" + secret,
    "repetition": lambda secret: secret * 2,
    "bytes": bytes,
    "bytearray": bytearray,
    "int": int,
    "list": list,
    "sorted": sorted,
    "sorted among others": lambda secret: sorted([secret, Secret("x")]),
    "iteration": lambda secret: [part or None for part in secret],
    "unpacking": lambda secret: [*secret],
    "len": len,
    "indexing": lambda secret: secret[0],
    "a slice": lambda secret: secret[:3],
    "in": lambda secret: "c4" in secret,
    "vars": vars,
    "hash": hash,
    "a key of a dict": lambda secret: {secret: 1},
    "pickle": pickle.dumps,
    "an old pickle": lambda secret: pickle.dumps(secret, 0),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "json": json.dumps,
    "json of what holds it": lambda secret: json.dumps({"a": [secret]}),
    "Django's json": lambda secret: json.dumps(secret, cls=DjangoJSONEncoder),
    "json by its text": lambda secret: json.dumps(secret, default=str),
    "a dict of a dataclass": lambda secret: dataclasses.asdict(Holder(secret)),
    "the repr of a dataclass": lambda secret: repr(Holder(secret)),
    "the repr of a list": lambda secret: repr([secret]),
    "pprint": pprint.pformat,
    "a query string": lambda secret: urlencode({"a": secret}),
    "an exception's words": lambda secret: str(ValueError(secret)),
}


@pytest.mark.parametrize("value", [PLAIN, {"password": PLAIN}, [PLAIN]], ids=["text", "object", "list"])
@pytest.mark.parametrize("way", REFUSED)
def test_it_refuses(way, value):
    with pytest.raises((TypeError, AttributeError)) as refused:
        REFUSED[way](Secret(value))

    assert PLAIN not in str(refused.value)


TEMPLATES = (
    *("{{ secret }}", "{{ secret|safe }}", "{{ secret|length }}", "{{ secret|pprint }}", "{{ secret|default:'x' }}"),
    *("{{ secret|json_script:'x' }}", "{{ secret|urlencode }}", "{{ secret|first }}", "{{ secret|stringformat:'s' }}"),
    *("{{ secret.open }}", "{{ secret.open.password }}", "{{ secret.parts }}", "{{ secret.parts.password.open }}"),
    *("{{ secret.password }}", "{{ secret.0 }}", "{{ secret.items }}", "{{ holder }}"),
    *("{% for part in secret %}{{ part }}{% endfor %}", "{% with open=secret.open %}{{ open }}{% endwith %}"),
    *("{% if secret == '" + PLAIN + "' %}" + PLAIN + "{% endif %}", "{% firstof secret %}", "{% debug %}"),
)


@pytest.mark.parametrize("value", [PLAIN, {"password": PLAIN}, [PLAIN]], ids=["text", "object", "list"])
@pytest.mark.parametrize("source", TEMPLATES)
def test_a_template_refuses_it_or_shows_nothing(source, value, settings):
    settings.DEBUG = True
    secret = Secret(value)
    try:
        shown = Template(source).render(Context({"secret": secret, "holder": Holder(secret)}))
    except TypeError as error:
        shown = str(error)

    assert PLAIN not in shown


def test_a_template_can_ask_whether_there_is_one():
    shown = Template("{% if secret %}yes{% else %}no{% endif %}")
    assert [shown.render(Context({"secret": Secret(value)})) for value in ("x", "")] == ["yes", "no"]


def test_a_json_column_refuses_it(alice):
    with pytest.raises(TypeError, match="Secret is not JSON serializable"), transaction.atomic():
        Event.objects.create(kind="viewed", actor=alice, details={"password": Secret(PLAIN)})
    assert not Event.objects.exists()


def test_a_text_column_refuses_it(alice):
    with pytest.raises(TypeError), transaction.atomic():
        Event.objects.create(kind="viewed", actor=alice, message=Secret(PLAIN))
    assert not Event.objects.exists()


@pytest.mark.parametrize("line", [("%s", (Secret(PLAIN),)), ("a %r b", (Secret(PLAIN),)), (Secret(PLAIN), ())])
def test_a_log_line_refuses_it(line, capsys):
    logging.StreamHandler().handle(logging.LogRecord("tests", logging.WARNING, "", 0, *line, None))

    told = capsys.readouterr()
    assert "A secret does not show itself." in told.err
    assert PLAIN not in told.err + told.out


def test_it_is_the_same_as_another_secret_with_its_value_and_as_nothing_else():
    assert Secret({"a": 1, "b": 2}) == Secret({"b": 2, "a": 1})
    assert Secret({"a": Secret("x")}) == Secret({"a": "x"})
    assert Secret(PLAIN) != Secret("other")
    assert (Secret(PLAIN) == PLAIN, Secret(PLAIN) == PLAIN, Secret("") == "") == (False, False, False)


def test_its_parts_are_secrets_by_their_names():
    parts = Secret({"a": PLAIN, "b": Secret("x")}).parts()

    assert list(parts) == ["a", "b"]
    assert parts["a"] == Secret(PLAIN)
    assert Secret(PLAIN).parts() == {}


def test_secrets_inside_a_value_are_sealed_with_it():
    sealed = seal({"a": [Secret(PLAIN)], "b": Secret({"c": 1})}, "place")

    assert PLAIN.encode() not in sealed
    assert unseal(sealed, "place").open() == {"a": [PLAIN], "b": {"c": 1}}


def test_what_was_opened_is_known_until_the_end_of_the_request():
    with forgetting():
        with forgetting():
            laid_open([Secret("one"), {"a": Secret("two")}])
            assert known()[-2:] == ("one", "two")
        assert "two" not in known()
        for number in range(2 * MOST_KNOWN):
            Secret(f"s{number}").open()
        assert len(known()) == MOST_KNOWN


# --- Who opens one ---

OPENERS = {
    "vault.secret.laid_open": "for those below",
    "vault.sealing.seal": "the bytes that are sealed",
    "vault.macs._read_or_made": "the key of the keyed hashes",
    "credentials.auth_form.AuthForm._build": "composes auth.params, and checks them against the schema",
    "credentials.referring.ReferringForm._resolve": "what a reference stands for, as if it were typed; closed again",
    "credentials.held.from_text": "what the form's hidden input holds, each secret closed again",
    "asking.drafts.held_by": "what a draft holds, each secret closed again",
    "values.stored.stored_secrets": "a connection string taken apart, each secret closed again",
    "values.typed.typed_values": "no secrets: what was typed beside them",
    "values.typed.values_before": "no secrets: what was typed beside them",
    "values.typed.wanted_by": "what a change wants beside its secrets, which are closed again",
    "values.typed.with_remote_params": "Adobe's public values in the place of ours, closed again",
    "values.hiding.secrets_of": "what an answer may quote",
    "work.operations.wanted_secrets": "what an answer may quote",
    "work.operations.operations": "the body of the PATCH",
    "work.operations.was_applied": "compares public values with Adobe's",
    "work.submitting._create": "the body of the POST",
    "people.factors.MFAAdapter.decrypt": "the secret that a typed code is compared with",
    "organizations.tokens._current": "the token in the header of each call",
    "organizations.tokens._renew": "the client secret in the request for a token",
}


def functions(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef):
            yield from functions(inner, f"{name}.{inner.name}")
            if isinstance(inner, ast.FunctionDef):
                yield f"{name}.{inner.name}", inner


def opens(node: ast.AST) -> bool:
    """Files and key rings take arguments to be opened; a secret takes none."""
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
    opened = any(isinstance(call.func, ast.Attribute) and call.func.attr == "open" and not call.args for call in calls)
    return opened or any(isinstance(call.func, ast.Name) and call.func.id == "laid_open" for call in calls)


def openers() -> dict[str, ast.FunctionDef]:
    found = {}
    for path in WIZARD.rglob("*.py"):
        module = ".".join(path.relative_to(WIZARD).with_suffix("").parts)
        found |= {name: node for name, node in functions(ast.parse(path.read_text()), module) if opens(node)}
    return found


def test_only_these_functions_open_a_secret():
    assert sorted(openers()) == sorted(OPENERS)


def test_each_of_them_keeps_its_variables_out_of_error_reports():
    marked = {
        name
        for name, node in openers().items()
        if any(ast.unparse(decorator) == "sensitive_variables()" for decorator in node.decorator_list)
    }
    assert sorted(set(OPENERS) - marked) == ["vault.secret.laid_open"]


def test_nothing_reaches_into_a_secret():
    reaching = {path.name for path in WIZARD.rglob("*.py") if "._value" in path.read_text()}
    # The local Flow Service has values of its own, and knows no vault.
    assert reaching == {"secret.py", "patching.py"}
