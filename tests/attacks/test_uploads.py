"""Uploads are bounded: in size, in number, and in what is made of them."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from tests.catalog.documented_ways import WAYS
from tests.connecting.test_every_way import filled_way
from wizard.connections.models import BaseConnection
from wizard.credentials.uploads import LARGEST_FILE, LARGEST_REQUEST, SmallFileHandler
from wizard.organizations.models import Organization

FORM = "multipart/form-data; boundary=BoUnDaRy"
URL = "/connect/sftp/"
FIELD = "auth.params.privateKeyContent"


def part(name: str, content: bytes, filename: str = "") -> bytes:
    file = f'; filename="{filename}"' if filename else ""
    return f'--BoUnDaRy\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


END = b"--BoUnDaRy--\r\n"


class Endless(io.RawIOBase):
    """A body of a gigabyte that is made while it is read; `given` is how much of it was."""

    def __init__(self, length: int) -> None:
        self.given, self.length = 0, length
        self.begin = part("a", b"", "key.pem")[:-2]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size if size >= 0 else 64 * 1024, self.length - self.given)
        at, self.given = self.given, self.given + size
        return self.begin[at : at + size].ljust(size, b"x")


def post(client: Client, body: bytes, content_type: str = FORM) -> int:
    return client.generic("POST", URL, body, content_type).status_code


def stream(client: Client, body: Endless, **headers: str) -> int:
    """The status of the answer to a form that is read from there."""
    environment = {"CONTENT_TYPE": FORM, "wsgi.input": body, **headers}
    return client.generic("POST", URL, b"", FORM, **environment).status_code  # type: ignore[arg-type]


def test_a_gigabyte_is_refused_by_its_length_and_not_read(signed_in: Client, organization: Organization) -> None:
    endless = Endless(2**30)

    assert stream(signed_in, endless, CONTENT_LENGTH=str(endless.length)) == 400
    assert endless.given <= 64 * 1024


def test_what_says_nothing_of_its_length_is_not_read(signed_in: Client, organization: Organization) -> None:
    endless = Endless(2**30)
    stream(signed_in, endless, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert endless.given == 0


@pytest.mark.parametrize("length", ["-1", "nonsense", str(2**70), "1e9", "0x10"])
def test_a_length_that_is_none_reads_nothing(signed_in: Client, organization: Organization, length: str) -> None:
    endless = Endless(2**30)

    assert stream(signed_in, endless, CONTENT_LENGTH=length) in (200, 400, 422)
    assert endless.given <= 64 * 1024


def test_of_a_large_file_only_its_beginning_is_kept() -> None:
    handler = SmallFileHandler()
    handler.new_file("key", "key.pem", "text/plain", 0)
    for _ in range(1000):
        assert handler.receive_data_chunk(b"x" * 64 * 1024, 0) is None

    assert len(handler.content) == LARGEST_FILE + 1
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(io.BytesIO(), {}, LARGEST_REQUEST + 1, b"", "utf-8")


def test_too_many_files_or_fields_are_refused(signed_in: Client, organization: Organization) -> None:
    files = b"".join(part(f"f{number}.file", b"x", "a") for number in range(200))
    fields = b"".join(part(f"f{number}", b"x") for number in range(3_001))
    nameless = b"".join(part("", b"x", "a") for number in range(5_000))

    assert post(signed_in, files + END) == 400
    assert post(signed_in, fields + END) == 400
    assert post(signed_in, nameless + END) in (200, 400, 422)
    assert post(signed_in, part("a", b"x" * 3_000_000) + END) == 400
    assert not BaseConnection.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        part("name", b"x"),
        part("a.file", b"x" * 1000, "key.pem"),
        part("a.file", b"x", "key.pem")[:-10],
        b"--BoUnDaRy\r\n" * 1000,
        b"--BoUnDaRy\r\nContent-Disposition: form-data; name=" + b"x" * 100_000,
        b"--BoUnDaRy\r\n" + b"X: y\r\n" * 50_000 + b"\r\nx\r\n",
        b"--BoUnDaRy\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a\r\n\r\n%%%",
        part("a.file", b"x", "../../../etc/passwd") + END,
        part("a.file", b"x", "/etc/passwd\0.pem") + END,
        b"",
    ],
    ids=range(10),
)
def test_a_form_without_an_end_comes_to_one(signed_in: Client, organization: Organization, body: bytes) -> None:
    assert post(signed_in, body) in (200, 400, 422)
    assert not BaseConnection.objects.asked_for().exists()


@pytest.fixture
def bomb() -> bytes:
    """A zip of some kilobytes that would unpack to fifty megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("key.pem", b"0" * 50_000_000)
    assert len(packed.getvalue()) < LARGEST_FILE
    return packed.getvalue()


def ways_with_files() -> Iterator[tuple[str, str]]:
    """Every way that takes a key file, and the name of its field."""
    for way in WAYS:
        for field in way.fields:
            if "privateKeyContent" in field or "keyContent" in field or "serviceAccount" in field:
                yield way.id, field


def test_a_zip_is_never_opened(
    signed_in: Client, organization: Organization, bomb: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is bytes like any others: not a text, or kept as it is, in Base64."""

    def open_it(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("somebody unpacks it")

    for name in ("zipfile.ZipFile.__init__", "zlib.decompressobj", "gzip.GzipFile.__init__", "tarfile.open"):
        monkeypatch.setattr(name, open_it)
    found = dict(ways_with_files())
    assert found
    target = str(organization.sandboxes.get(is_default=True).pk)
    for way in (way for way in WAYS if way.id in found):
        form = filled_way(way, target, f"Zip {way.id}")
        field = f"auth.params.{found[way.id]}"
        file = SimpleUploadedFile("key.pem", bomb)
        answer = signed_in.post(f"/connect/{way.source}/", {**form, field: "", f"{field}.file": file})
        assert answer.status_code in (302, 422), way.id
        for row in BaseConnection.objects.filter(name=f"Zip {way.id}"):
            assert len(str(row.unseal("auth_params").open())) < 2 * LARGEST_FILE


def test_a_compressed_body_is_not_unpacked(signed_in: Client, organization: Organization, bomb: bytes) -> None:
    for encoding in ("gzip", "deflate", "br"):
        answer = signed_in.generic("POST", URL, bomb, MULTIPART_CONTENT, headers={"Content-Encoding": encoding})
        assert answer.status_code in (200, 400, 422)
