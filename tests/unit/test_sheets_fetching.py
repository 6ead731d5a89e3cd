from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from handbill.sheets.fetching import Fetcher, is_public
from handbill.sheets.picture_proof import PictureFault
from handbill.sheets.pictures import PictureReader
from handbill.sheets.web_pictures import NotFetched, WebPictures

PUBLIC = "93.184.215.14"


@dataclass
class Canary:
    """A loopback server that counts who came and answers what it is told."""

    answers: list[bytes]
    drip_s: float = 0.0
    visits: list[bytes] = field(default_factory=list)
    port: int = 0

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                self.visits.append(peer.recv(4096))
                answer = self.answers[min(len(self.visits), len(self.answers)) - 1]
                try:
                    for byte in (
                        [answer]
                        if not self.drip_s
                        else [answer[i : i + 1] for i in range(len(answer))]
                    ):
                        peer.sendall(byte)
                        time.sleep(self.drip_s)
                except OSError:
                    continue


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = Canary([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"])
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    threading.Thread(target=server.serve, args=[listener], daemon=True).start()
    yield server
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def fetcher(
    canary: Canary, *addresses: str, deadline_s: float = 5.0, max_bytes: int = 100
) -> Fetcher:
    """A fetcher whose public address is, in truth, the canary."""
    return Fetcher(
        hosts=("cdn.example.com", "*.shop.example"),
        resolve=lambda *_: list(addresses or (PUBLIC,)),
        connect=lambda *_: socket.create_connection(("127.0.0.1", canary.port), timeout=5),
        deadline_s=deadline_s,
        max_bytes=max_bytes,
    )


def test_an_allowed_host_is_fetched_at_the_address_that_was_checked(canary: Canary) -> None:
    assert fetcher(canary).fetch("http://cdn.example.com/a b.png?x=ü") == b"hello"
    request = canary.visits[0].decode()
    assert request.startswith("GET /a%20b.png?x=%C3%BC HTTP/1.1\r\n")
    assert "Host: cdn.example.com\r\n" in request
    assert fetcher(canary).fetch("http://img.shop.example/") == b"hello"


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example.com/", "http://cdn.example.com.evil.example/", "http://shop.example/",
        "http://evilshop.example/", "ftp://cdn.example.com/", "file:///etc/passwd",
        "//cdn.example.com/",
        "http://cdn.example.com:8080/", "http://cdn.example.com:22/", "http://user@cdn.example.com/",
        "http://a:b@cdn.example.com/", "http://cdn.example.com@127.0.0.1/", "http://127.0.0.1/",
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://localhost/", "http://169.254.169.254/latest/meta-data/", "gopher://cdn.example.com/",
        "http://", "http:///x", "http://cdn.example.com:99999/", "javascript:alert(1)", "data:,x",
        "http://cdn.example.com\\@127.0.0.1/", "http://[cdn.example.com]/", "http://0/", "",
        "http://cdn.example.com%2f@127.0.0.1/", "http://xn--/", "http://metadata.google.internal/",
    ],
)  # fmt: skip
def test_no_other_url_reaches_the_canary(canary: Canary, url: str) -> None:
    with pytest.raises(NotFetched):
        fetcher(canary).fetch(url)
    assert not fetcher(canary).allows(url)
    assert canary.visits == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0",  # noqa: S104 - an address to refuse
     "224.0.0.1", "192.0.0.192", "198.18.0.1", "255.255.255.255", "::1", "::", "fe80::1",
     "fe80::1%eth0",
     "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "2001:0:1::1", "2001:db8::1", "ff02::1", "::127.0.0.1", "nonsense"],
)  # fmt: skip
def test_private_addresses_are_refused_wherever_they_hide(canary: Canary, address: str) -> None:
    assert not is_public(address)
    for addresses in ((address,), (PUBLIC, address)):
        with pytest.raises(NotFetched, match="private"):
            fetcher(canary, *addresses).fetch("http://cdn.example.com/")
    assert canary.visits == []


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_resolved_once_a_request(canary: Canary) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    used: list[str] = []

    def connect(address: str, port: int) -> socket.socket:
        used.append(address)
        return socket.create_connection(("127.0.0.1", canary.port), timeout=5)

    rebinding = Fetcher(
        hosts=("cdn.example.com",), resolve=lambda *_: next(answers), connect=connect
    )
    assert rebinding.fetch("http://cdn.example.com/") == b"hello"
    assert used == [PUBLIC]


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/",
        "http://evil.example/",
        "file:///etc/passwd",
        "http://cdn.example.com:81/",
    ],
)
def test_a_redirect_is_judged_like_the_first_url(canary: Canary, place: str) -> None:
    canary.answers[:] = [f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n\r\n".encode()]
    with pytest.raises(NotFetched):
        fetcher(canary).fetch("http://cdn.example.com/")
    assert len(canary.visits) == 1


def test_redirects_within_the_allowed_hosts_are_followed_three_times(canary: Canary) -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /next\r\n\r\n"
    canary.answers[:0] = [moved] * 3
    assert fetcher(canary).fetch("http://cdn.example.com/") == b"hello"
    assert len(canary.visits) == 4
    canary.answers[:] = [moved]
    with pytest.raises(NotFetched, match="redirects"):
        fetcher(canary).fetch("http://cdn.example.com/")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "packed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500, "bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nxx", "broke off"),
        (b"nonsense\r\n\r\n", "broke off"),
        (b"", "broke off"),
    ],
)
def test_answers_that_are_not_taken(canary: Canary, answer: bytes, word: str) -> None:
    canary.answers[:] = [answer]
    with pytest.raises(NotFetched, match=word):
        fetcher(canary).fetch("http://cdn.example.com/")


def test_a_dripping_server_is_cut_off_at_the_deadline(canary: Canary) -> None:
    canary.drip_s = 0.1
    begin = time.monotonic()
    with pytest.raises(NotFetched):
        fetcher(canary, deadline_s=0.5).fetch("http://cdn.example.com/")
    assert time.monotonic() - begin < 3


def test_a_body_without_an_end_is_cut_off_too(canary: Canary) -> None:
    canary.answers[:] = [b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 90]
    canary.drip_s = 0.02
    with pytest.raises(NotFetched):
        fetcher(canary, deadline_s=0.8).fetch("http://cdn.example.com/")


def test_nothing_is_allowed_unless_a_host_is_named(canary: Canary) -> None:
    with pytest.raises(NotFetched, match="not allowed"):
        Fetcher(hosts=()).fetch("http://cdn.example.com/")


def test_a_fetched_picture_is_proved_and_kept(canary: Canary, tmp_path: Path) -> None:
    stream = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(stream, "PNG")
    body = stream.getvalue()
    canary.answers[:] = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)]
    web = WebPictures(fetcher(canary, max_bytes=10_000), tmp_path / "fetched")
    for _ in range(2):
        with closing(PictureReader((tmp_path,), web)) as reader:
            found = reader.fetch("http://cdn.example.com/a.png", "alt")
        assert not isinstance(found, PictureFault)
        assert Path(found.path).read_bytes() == body
        assert (found.alt, found.source) == ("alt", "http://cdn.example.com/a.png")
    assert len(canary.visits) == 1


def test_a_fetched_file_that_is_no_picture_is_not_kept(canary: Canary, tmp_path: Path) -> None:
    web = WebPictures(fetcher(canary), tmp_path / "fetched")
    with closing(PictureReader((tmp_path,), web)) as reader:
        found = reader.fetch("http://cdn.example.com/a.png")
    assert isinstance(found, PictureFault)
    assert found.code == "picture.not_a_picture"
    assert list((tmp_path / "fetched").iterdir()) == []


def test_without_an_allowed_host_nothing_is_fetched(tmp_path: Path) -> None:
    found = PictureReader((tmp_path,)).fetch("http://cdn.example.com/a.png")
    assert isinstance(found, PictureFault)
    assert "HANDBILL_ALLOWED_HOSTS" in found.remedy
