"""One form field for each kind of property: what it takes, what it refuses, and what goes over the wire."""

import base64

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from wizard.catalog.reading import params
from wizard.credentials.fields import form_field
from wizard.credentials.uploads import LARGEST_FILE
from wizard.json_schema.sanitising import sanitised
from wizard.json_schema.validation import faults
from wizard.vault.secret import laid_open

PEM = "-----BEGIN KEY-----\nabc\n-----END KEY-----\n"


def field(rules, *, required=True, label=None):
    schema = sanitised({"type": "object", "properties": {"x": rules}})
    (param,) = params(schema, {"x": label or {}})
    return form_field(param, required=required)


@pytest.mark.parametrize(
    ("rules", "typed", "wire"),
    [
        ({"type": "string"}, " 0443 ", "0443"),
        ({"type": "string", "format": "password"}, " both sides ", " both sides "),
        ({}, "42", "42"),
        ({"type": "a new type"}, "42", "42"),
        ({"type": ["string", "null"]}, "42", "42"),
        ({"type": "integer"}, "22", 22),
        ({"type": "number"}, "0.5", 0.5),
        ({"type": "boolean"}, "false", False),
        ({"type": "boolean"}, "true", True),
        ({"type": "string", "enum": ["true", "false"]}, "false", "false"),
        ({"enum": [1, "1", True]}, "1", 1),
        ({"enum": [1, "1", True]}, '"1"', "1"),
        ({"enum": [1, "1", True]}, "true", True),
        ({"const": "only"}, "only", "only"),
        ({"oneOf": [{"const": "0", "title": "Off"}, {"const": "1", "title": "On"}]}, "1", "1"),
        ({"type": "string", "format": "date"}, "2030-01-31", "2030-01-31"),
        ({"type": "array", "items": {"type": "string"}}, "one\r\n\r\n two ", ["one", "two"]),
        ({"type": "array", "items": {"type": "object"}}, '[{"a": 1}]', [{"a": 1}]),
        ({"type": "object"}, '{"a": [true]}', {"a": [True]}),
        ({"type": "integer", "format": "password"}, "7", 7),
    ],
)
def test_what_is_typed_goes_over_the_wire_with_its_type(rules, typed, wire):
    cleaned = laid_open(field(rules).clean(typed))

    assert cleaned == wire
    assert type(cleaned) is type(wire)


@pytest.mark.parametrize(
    ("rules", "typed"),
    [
        ({"type": "integer"}, "2.5"),
        ({"type": "integer", "minimum": 1}, "0"),
        ({"type": "number", "maximum": 1}, "1.5"),
        ({"type": "number"}, "1e999"),
        ({"type": "number"}, "nan"),
        ({"type": "boolean"}, "yes"),
        ({"enum": ["a", "b"]}, "c"),
        ({"type": "string", "minLength": 3}, "ab"),
        ({"type": "string", "maxLength": 3}, "abcd"),
        ({"type": "string", "pattern": "^[^.]+$"}, "a.b"),
        ({"type": "string"}, "a\tb"),
        ({"type": "string", "format": "date"}, "31.01.2030"),
        ({"type": "object"}, "{"),
        ({"type": "object"}, "[" * 10_000),
        ({"type": "object"}, "NaN"),
        ({"type": "array"}, "[1e999]"),
        ({"type": "array", "items": {"type": "string"}}, "a\x00b"),
    ],
)
def test_what_does_not_fit_is_refused_without_quoting_it(rules, typed):
    with pytest.raises(ValidationError) as caught:
        field(rules).clean(typed)
    assert all(typed not in message for message in caught.value.messages)


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "object", "array"])
def test_an_optional_field_may_be_left_empty(kind):
    assert field({"type": kind}, required=False).clean("") in (None, "", [])


def test_a_required_choice_is_not_made_for_the_person():
    made = field({"enum": ["a", "b"]})

    assert made.initial == ""
    with pytest.raises(ValidationError, match="required"):
        made.clean("")


@pytest.mark.parametrize(("number", "widget"), [(2, "RadioSelect"), (4, "RadioSelect"), (5, "Select")])
def test_few_choices_are_radio_buttons_and_many_are_a_list(number, widget):
    made = field({"enum": [f"choice {index}" for index in range(number)]})

    assert type(made.widget).__name__ == widget


def test_a_secret_is_never_sent_back():
    secrets = [
        ({"type": "string", "format": "password"}, {}),
        ({"type": "array", "format": "password"}, {}),
        ({"type": "string", "format": "password"}, {"upload": "base64"}),
    ]
    for rules, label in secrets:
        made = field(rules, label=label)
        assert "s3cret" not in made.widget.render("x", "s3cret", {"id": "x"})
        assert made.secret


@pytest.mark.parametrize("name", ["password", "clientSecret", "api_key", "sasToken", "privateKeyPem"])
def test_a_secret_looking_name_is_a_secret_even_where_the_schema_forgot(name):
    (param,) = params(sanitised({"properties": {name: {"type": "string"}}}), {})

    assert param.secret


@pytest.mark.parametrize(
    ("encoding", "typed", "sent"),
    [
        ("text", PEM.replace("\n", "\r\n"), PEM),
        ("base64", PEM, base64.b64encode(PEM.encode()).decode()),
        ("base64", f"\n  {base64.b64encode(PEM.encode()).decode()}\n", base64.b64encode(PEM.encode()).decode()),
        ("compact-json", '{\n  "type": "é x"\n}\n', '{"type":"é x"}'),
        ("base64-json", '{"a": 1}', base64.b64encode(b'{"a": 1}').decode()),
    ],
)
def test_a_key_is_encoded_as_the_source_wants_it(encoding, typed, sent):
    made = field({"type": "string", "format": "password"}, label={"upload": encoding})

    assert made.clean(typed).open() == sent
    assert made.clean(SimpleUploadedFile("key.pem", typed.replace("\r\n", "\n").encode())).open() == sent


@pytest.mark.parametrize(
    ("encoding", "content", "words"),
    [
        ("text", b"\xff\xfe\x00", "not a text"),
        ("text", b"a\x00b", "not a text"),
        ("compact-json", b"[1]", "not the JSON key file"),
        ("compact-json", b"[" * 60_000, "not the JSON key file"),
        ("base64", b"x" * (LARGEST_FILE + 1), "at most 64 kB"),
        ("base64", b"", "required"),
        ("base64", b"ssh-rsa AAAAB3 me@example", "public key"),
        ("base64", b"-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n", "public key"),
        ("base64", b"PuTTY-User-Key-File-3: ssh-rsa", "PPK"),
        ("base64-json", b"hello", "not the JSON key file"),
        ("base64-json", b"aGVsbG8=", "not the JSON key file"),
    ],
)
def test_a_file_that_is_no_key_is_refused(encoding, content, words):
    made = field({"type": "string", "format": "password"}, label={"upload": encoding})

    with pytest.raises(ValidationError, match=words):
        made.clean(SimpleUploadedFile("key", content))


HIDDEN = {"type": "string", "format": "password"}
SECRETS = {
    "a list": {"type": "array", "items": HIDDEN},
    "objects in a list": {"type": "array", "items": {"type": "object", "properties": {"x": HIDDEN}}},
    "one of several kinds": {"anyOf": [HIDDEN, {"type": "null"}]},
    "any names": {"type": "object", "additionalProperties": HIDDEN},
    "write only": {"type": "string", "writeOnly": True},
    "any names beside none": {"type": "object", "properties": {}, "additionalProperties": HIDDEN},
    "said elsewhere": {"$ref": "#/definitions/secret"},
    "in capitals": {"type": "string", "format": "Password"},
    "in a branch": {"allOf": [{"writeOnly": True}]},
}


@pytest.mark.parametrize("rules", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_one_wherever_its_mark_stands(rules):
    assert field(rules).secret


@pytest.mark.parametrize("outer", [{"writeOnly": True}, {"format": "password"}])
def test_what_is_inside_a_secret_object_is_secret(outer):
    (param,) = params(sanitised({"properties": {"x": {"properties": {"v": {"type": "string"}}, **outer}}}), {})
    (named,) = params(sanitised({"properties": {"credentials": {"properties": {"v": {"type": "string"}}}}}), {})

    assert [inner.secret for inner in (*param.params, *named.params)] == [True, True]


@pytest.mark.parametrize(
    "rules", [{"type": "boolean"}, {"enum": ["header", "query"]}, {"oneOf": [{"const": 1, "title": "One"}]}]
)
def test_what_everybody_can_choose_is_no_secret_whatever_its_name(rules):
    (param,) = params(sanitised({"properties": {"useToken": rules}}), {})

    assert param.kind == "choice"
    assert not param.secret


@pytest.mark.parametrize(
    ("rules", "initial"),
    [
        ({"type": "string", "format": "date", "default": 5}, None),
        ({"type": "integer", "default": "7"}, None),
        ({"type": "integer", "default": 7}, 7),
        ({"type": "boolean", "default": False}, "false"),
        ({"type": "array", "items": {"type": "string"}, "default": ["a", "b"]}, "a\nb"),
    ],
)
def test_a_default_counts_if_it_fits_its_own_rules(rules, initial):
    assert field(rules).initial == initial


def test_a_multiple_is_meant_in_decimals():
    schema = sanitised({"properties": {"x": {"type": "number", "multipleOf": 0.1}}})

    assert list(faults(schema, {"x": 0.3})) == []
    assert [fault.rule for fault in faults(schema, {"x": 0.35})] == ["multipleOf"]
    assert list(faults(sanitised({"multipleOf": 0.5}), int("9" * 400))) == []
