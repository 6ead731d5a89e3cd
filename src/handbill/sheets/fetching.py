"""Fetches pictures and sheets from hosts that were allowed by name, and from nowhere else.

A sheet comes from strangers, and a URL in it must not make this machine call its own network. So:
hosts are allowed one by one; a name is resolved once and the connection goes to that very address;
every address it resolves to must be public, by a list of our own (the standard library calls NAT64
and 6to4 addresses of 127.0.0.1 global); redirects are followed three times at most and judged like
the first URL; no proxy is taken from the environment; time and bytes are capped in total.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from handbill.sheets.web_pictures import NotFetched

MAX_FETCHED_BYTES = 30_000_000
DEADLINE_S = 20.0
_CONNECT_S = 5.0
_REDIRECTS = 3
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_FOUND = 200
_CHUNK_BYTES = 1 << 16
_PORTS = {"http": 80, "https": 443}
_SAFE_IN_PATHS = "/%:@!$&'()*+,;=~-._?"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IANA special-purpose registries of IPv4 and IPv6, read 2026-11: what is not the public internet.
_PRIVATE_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# Teredo, ORCHID, documentation and 6to4 lie within it; tunnels are refused whatever they carry.
_SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


def resolved(host: str, port: int) -> list[str]:
    """Every address of a host, as text.

    Raises:
        OSError: the name does not resolve.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connected(address: str, port: int) -> socket.socket:
    """A connection to an address.

    Raises:
        OSError: there is no way there.
    """
    return socket.create_connection((address, port), timeout=_CONNECT_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches from allowed hosts.

    Attributes:
        hosts: names, or ``*.example.com`` for every name below; none allows nothing.
        resolve, connect: how names and connections are made; replaced in tests.
        secure: makes the settings of TLS; replaced in tests.
        deadline_s: for everything together, redirects included.
        max_bytes: of the body.
        schemes: that are taken, redirects included.
        accept: the kinds of content that are asked for.
    """

    hosts: Sequence[str]
    resolve: Callable[[str, int], list[str]] = resolved
    connect: Callable[[str, int], socket.socket] = connected
    deadline_s: float = DEADLINE_S
    max_bytes: int = MAX_FETCHED_BYTES
    schemes: Sequence[str] = ("http", "https")
    accept: str = "image/*"
    secure: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def allows(self, url: str) -> bool:
        """Whether the URL is on an allowed host and of a form that is fetched."""
        try:
            self._target(url)
        except NotFetched:
            return False
        return True

    def fetch(self, url: str) -> bytes:
        """The body of an answer.

        Raises:
            NotFetched: the URL is not allowed, or what it answers is not taken.
        """
        end_s = time.monotonic() + self.deadline_s
        for _ in range(_REDIRECTS + 1):
            body, url = self._step(url, end_s)
            if not url:
                return body
        reason = f"it redirects more than {_REDIRECTS} times"
        raise NotFetched(reason)

    def _step(self, url: str, end_s: float) -> tuple[bytes, str]:
        """One request: its body, or the URL that it redirects to."""
        target = self._target(url)
        address = self._address(target)
        try:
            raw = self.connect(address, target.port)
        except OSError as fault:
            reason = f"the host does not answer ({fault})"
            raise NotFetched(reason) from None
        # A server that sends a byte a second keeps every single read in time: the whole is capped.
        late = threading.Event()
        left_s = max(0.0, end_s - time.monotonic())
        alarm = threading.Timer(left_s, _cut, [raw, late])
        alarm.daemon = True
        alarm.start()
        try:
            found = self._exchange(raw, target, url)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            reason = f"the answer broke off or took too long ({type(fault).__name__})"
            raise NotFetched(reason) from None
        finally:
            alarm.cancel()
            raw.close()
        if late.is_set():
            reason = f"the answer took more than {self.deadline_s:g} s"
            raise NotFetched(reason)
        return found

    def _exchange(self, raw: socket.socket, target: _Target, url: str) -> tuple[bytes, str]:
        raw.settimeout(self.deadline_s)
        secure = self.secure() if target.scheme == "https" else None
        link = secure.wrap_socket(raw, server_hostname=target.host) if secure else raw
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = link
        try:
            connection.request("GET", target.path, headers={
                "Host": target.host, "Accept": self.accept, "Accept-Encoding": "identity",
                "User-Agent": "handbill", "Connection": "close",
            })  # fmt: skip
            answer = connection.getresponse()
            if answer.status in _REDIRECT_STATUSES and (place := answer.getheader("Location")):
                return b"", urljoin(url, place)
            return self._body(answer), ""
        finally:
            connection.close()

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        if answer.status != _FOUND:
            reason = f"the host answers {answer.status}"
            raise NotFetched(reason)
        if answer.getheader("Content-Encoding", "identity").lower() != "identity":
            reason = "the answer is packed, which was not asked for"
            raise NotFetched(reason)
        pieces: list[bytes] = []
        size_bytes = 0
        while piece := answer.read(_CHUNK_BYTES):
            size_bytes += len(piece)
            if size_bytes > self.max_bytes:
                reason = f"it has more than {self.max_bytes} bytes"
                raise NotFetched(reason)
            pieces.append(piece)
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(pieces)

    def _target(self, url: str) -> _Target:
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
            host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        except (ValueError, UnicodeError):
            reason = "it is no URL"
            raise NotFetched(reason) from None
        if parts.scheme not in self.schemes or port not in _PORTS.values():
            reason = f"only {' and '.join(self.schemes)} on the usual ports is fetched"
            raise NotFetched(reason)
        if parts.username is not None or parts.password is not None:
            reason = "it carries a user name"
            raise NotFetched(reason)
        if not any(_matches(host, allowed) for allowed in self.hosts):
            reason = f"the host {host!r} is not allowed"
            raise NotFetched(reason)
        return _Target(parts.scheme, host, port, _path(parts))

    def _address(self, target: _Target) -> str:
        try:
            addresses = self.resolve(target.host, target.port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            reason = f"the host {target.host!r} is not known"
            raise NotFetched(reason)
        if not all(map(is_public, addresses)):
            reason = f"the host {target.host!r} lies in a private network"
            raise NotFetched(reason)
        return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, tunnels and translations excluded."""
    try:
        parsed: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            special = any(parsed in network for network in _SPECIAL_V6)
            return parsed in _PUBLIC_V6 and not special
        parsed = parsed.ipv4_mapped
    return not any(parsed in network for network in _PRIVATE_V4)


def _matches(host: str, allowed: str) -> bool:
    plain = allowed.strip().lower().rstrip(".")
    if plain.startswith("*."):
        return host.endswith(plain[1:]) and len(host) > len(plain) - 1
    return bool(plain) and host == plain


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_SAFE_IN_PATHS)
    return f"{path}?{quote(parts.query, safe=_SAFE_IN_PATHS)}" if parts.query else path


def _cut(connection: socket.socket, late: threading.Event) -> None:
    """End a connection from outside; whoever reads from it sees its end."""
    late.set()
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
