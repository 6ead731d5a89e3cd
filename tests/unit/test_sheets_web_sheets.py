from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image

from handbill.campaign_folder import read_campaign
from handbill.cli import run_verb
from handbill.errors import CampaignError, SheetError
from handbill.press.docket import open_docket
from handbill.press.request import RunRequest
from handbill.sheets import fetch_sheet, fetching
from handbill.sheets.fetching import Fetcher
from handbill.sheets.web_sheets import name_of
from handbill.studio import open_studio

HOST = "shop.example"
URL = f"https://{HOST}/feeds/spring.csv?token=canary-secret"
SHEET = b"id,product,price,currency\n007,Harbour Mug,19.90,EUR\n"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of the host, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(start).not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "host.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Shop:
    """A loopback server that speaks TLS, counts who came and gives one answer."""

    certificate: Path
    body: bytes = SHEET
    head: bytes = b"HTTP/1.1 200 OK\r\n"
    visits: list[bytes] = field(default_factory=list)
    port: int = 0

    def serve(self, listener: socket.socket) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate)
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            try:
                with tls.wrap_socket(raw, server_side=True) as peer:
                    self.visits.append(peer.recv(4096))
                    length = b"Content-Length: %d\r\n\r\n" % len(self.body)
                    peer.sendall(self.head + length + self.body)
            except OSError:
                raw.close()

    def fetcher(self, hosts: Sequence[str]) -> Fetcher:
        """A fetcher whose public address is, in truth, this server."""
        return Fetcher(
            hosts=hosts,
            schemes=("https",),
            accept="text/csv",
            resolve=lambda *_: ["93.184.215.14"],
            connect=lambda *_: socket.create_connection(("127.0.0.1", self.port), timeout=5),
            secure=lambda: ssl.create_default_context(cafile=str(self.certificate)),
            deadline_s=5.0,
            max_bytes=10_000,
        )


@pytest.fixture
def shop(certificate: Path) -> Iterator[Shop]:
    server = Shop(certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    thread = threading.Thread(target=server.serve, args=[listener], daemon=True)
    thread.start()
    yield server
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


Fetch = Callable[..., Path]


@pytest.fixture
def fetch(shop: Shop, tmp_path: Path) -> Fetch:
    def fetch(url: str = URL, hosts: Sequence[str] = (HOST,), *, fresh: bool = True) -> Path:
        return fetch_sheet(
            url, hosts=hosts, folder=tmp_path / "sheets", fresh=fresh, opened=shop.fetcher
        )

    return fetch


def test_a_sheet_is_fetched_and_kept_under_its_own_name(shop: Shop, fetch: Fetch) -> None:
    path = fetch()
    assert (path.name, path.read_bytes()) == ("spring.csv", SHEET)
    assert b"GET /feeds/spring.csv?token=canary-secret HTTP/1.1\r\n" in shop.visits[0]
    assert b"Accept: text/csv\r\n" in shop.visits[0]
    assert "canary" not in str(path)


def test_one_run_reads_the_same_bytes_and_the_next_one_new_ones(shop: Shop, fetch: Fetch) -> None:
    path = fetch()
    shop.body = SHEET.replace(b"19.90", b"21.90")
    assert fetch(fresh=False) == path
    assert path.read_bytes() == SHEET
    assert len(shop.visits) == 1
    assert fetch() == path
    assert b"21.90" in path.read_bytes()


def test_a_failed_fetch_never_falls_back_to_old_bytes(shop: Shop, fetch: Fetch) -> None:
    fetch()
    shop.head = b"HTTP/1.1 503 Busy\r\n"
    with pytest.raises(SheetError, match="answers 503"):
        fetch()


@pytest.mark.parametrize(
    ("url", "hosts", "says"),
    [
        (URL, (), f"HANDBILL_ALLOWED_HOSTS={HOST}"),
        (URL, ("other.example",), "not allowed"),
        (URL.replace("https", "http"), (HOST,), "https address"),
        (f"https://user:canary-secret@{HOST}/a.csv", (HOST,), "without user name"),
        ("https:///a.csv", (HOST,), "https address"),
        (f"https://{HOST}:8443/a.csv", (HOST,), "usual ports"),
        ("https://127.0.0.1/a.csv", (HOST,), "not allowed"),
        ("file:///etc/passwd", (HOST,), "https address"),
    ],
)
def test_what_is_not_allowed_reaches_nobody(
    shop: Shop, fetch: Fetch, url: str, hosts: Sequence[str], says: str
) -> None:
    with pytest.raises(SheetError) as told:
        fetch(url, hosts)
    assert says in str(told.value)
    assert "canary" not in str(told.value)
    assert shop.visits == []


def test_a_redirect_down_to_http_or_to_another_host_is_refused(shop: Shop, fetch: Fetch) -> None:
    for place in (f"http://{HOST}/a.csv", "https://evil.example/a.csv", "https://127.0.0.1/"):
        shop.head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n".encode()
        with pytest.raises(SheetError, match="was not fetched") as told:
            fetch()
        assert "every host that it redirects to" in told.value.remedy


def test_too_much_and_nothing_are_refused(shop: Shop, fetch: Fetch) -> None:
    shop.body = b"x" * 10_001
    with pytest.raises(SheetError, match="more than 10000 bytes"):
        fetch()
    shop.body = b" \n"
    with pytest.raises(SheetError, match="empty"):
        fetch()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://h.example/a/b.csv?x=1", "b.csv"),
        ("https://h.example/", "h.example"),
        ("https://h.example/d/abc/export?format=csv&gid=0", "export.csv"),
        ("https://h.example/d/pub?gid=0&output=tsv", "pub.tsv"),
        ("https://h.example/%2e%2e%2f%2e%2e%2fpasswd", "passwd"),
        ("https://h.example/..", "h.example"),
        ("https://h.example/" + "a" * 400 + ".csv", "a" * 80 + ".csv"),
        ("https://h.example/fr%C3%BChling%0a.csv", "frühling-.csv"),
    ],
)
def test_names_of_kept_sheets_are_safe(url: str, name: str) -> None:
    assert name_of(url) == name


@pytest.fixture
def allowed(shop: Shop, home: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop as the one allowed host of this machine."""
    monkeypatch.setenv("HANDBILL_ALLOWED_HOSTS", HOST)
    monkeypatch.setattr(fetching, "Fetcher", lambda *, hosts, **_: shop.fetcher(hosts))
    assert not home.exists()
    return shop


def test_check_reads_an_address_and_a_campaign_that_names_one(
    allowed: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(["check", URL, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["campaign"], facts["briefs"]) == ("spring", 1)
    (tmp_path / "campaign.toml").write_text(
        f'sheet = "{URL}"\nplacements = ["instagram.feed_image"]\n'
    )
    assert run_verb(["check", str(tmp_path)]) == 0
    assert "1 brief can be made" in capsys.readouterr().out
    assert len(allowed.visits) == 2


def test_without_an_allowed_host_check_says_what_to_allow(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(["check", URL]) == 10
    said = capsys.readouterr()
    assert f"HANDBILL_ALLOWED_HOSTS={HOST}" in said.out + said.err
    assert "canary" not in said.out + said.err
    assert not (home / "sheets").exists()


def test_a_run_under_way_keeps_its_bytes(allowed: Shop) -> None:
    studio = open_studio()
    request = RunRequest(target=URL)
    first = studio.read(request)
    studio._docket = None
    allowed.body = SHEET.replace(b"19.90", b"21.90")
    assert studio.docket(request, first.plan.digest).plan.digest == first.plan.digest
    assert open_docket(request, studio.catalogue).plan.digest != first.plan.digest


def test_pictures_of_a_sheet_on_the_web_lie_in_the_campaign_alone(
    allowed: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (40, 40)).save(tmp_path / "mug.png")
    allowed.body = b"product,image\nMug,mug.png\n"
    monkeypatch.chdir(tmp_path)
    catalogue = open_studio().catalogue
    assert open_docket(RunRequest(target=URL), catalogue).briefs[0].pictures == ()
    (tmp_path / "campaign.toml").write_text(f'sheet = "{URL}"\nplacements = ["x.post"]\n')
    (brief,) = open_docket(RunRequest(target=str(tmp_path)), catalogue).briefs
    assert brief.pictures[0].path == str(tmp_path / "mug.png")


def test_a_campaign_is_made_around_an_address_and_its_status_lies_in_the_campaign(
    allowed: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_verb(["init", "spring", "--from", URL]) == 0
    folder = tmp_path / "spring"
    assert f'sheet      = "{URL}"' in (folder / "campaign.toml").read_text("utf-8")
    assert run_verb(["check", str(folder)]) == 0
    only = ["--only", "sms.text", "--direct", "--out", str(tmp_path / "out")]
    assert run_verb(["run", str(folder), *only, "--write-back"]) == 0
    assert (folder / "spring.handbill.csv").is_file()
    assert len(allowed.visits) == 3


@pytest.mark.parametrize("sheet", ["http://shop.example/a.csv", "ftp://x/a.csv", "https:///a"])
def test_other_addresses_are_faults_of_the_campaign(tmp_path: Path, sheet: str) -> None:
    (tmp_path / "campaign.toml").write_text(f'sheet = "{sheet}"\nplacements = ["x.post"]\n')
    for target in (tmp_path, sheet):
        with pytest.raises(CampaignError, match=r"https|host"):
            read_campaign(target)
