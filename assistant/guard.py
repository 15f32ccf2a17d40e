"""The ASGI gate before the page: host names, password, closed paths, other sites, rates, bodies, and the headers.

Whatever goes wrong behind it and was not foreseen is told of in the log, and to the client in one sentence.

The policy is OWASP ASVS 5.0, 3.4.3 to 3.4.6 and 3.5.1 to 3.5.3; the cross-site rule is the one of Go 1.25's
CrossOriginProtection and of Datasette.
"""

import asyncio
import base64
import hmac
import ipaddress
import math
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant import journal
from assistant.failures import Failure
from assistant.rates import Rates

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

BODY_LIMIT = 1_048_576  # bytes; the page sends its whole conversation back with each question
UPLOAD, UPLOAD_LIMIT = "/gradio_api/upload", 5_500_000  # where a visitor's own article arrives; bytes, form included
BODY_SECONDS = 10.0
ASKING = ("/api/ask", "/api/search", "/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/run/ask")
PLAIN = ("/api", "/healthz")  # below these HEAD is GET without the body
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What Gradio opens and this page does not use.
CLOSED = (
    "/docs",
    "/redoc",
    "/openapi.json",
    "/monitoring",
    "/gradio_api/openapi.json",
    "/gradio_api/dev",
    "/gradio_api/monitoring",
    "/gradio_api/runs",
    "/gradio_api/vibe",
)
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'none'; frame-src 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in: `names` the server answers to (any address when `open`), and what they must know and keep to."""

    names: frozenset[str]
    open: bool = False
    password: str = ""
    rate: Rates = field(default_factory=lambda: Rates(0))
    upload_rate: Rates = field(default_factory=lambda: Rates(0))
    folder: Path | None = None
    folder_bytes: int = 0
    body_bytes: int = BODY_LIMIT
    upload_bytes: int = UPLOAD_LIMIT

    def answers_to(self, host: str) -> bool:
        """Say whether a Host header names this server, so that no other site's name can be pointed at it."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or (self.open and _is_address(name))

    def knows(self, authorization: str) -> bool:
        """Say whether an Authorization header carries the password; the user's name is of no account."""
        if not self.password:
            return True
        kind, _, told = authorization.partition(" ")
        try:
            given = base64.b64decode(told.strip(), validate=True).partition(b":")[2]
        except ValueError:
            return False
        return kind.lower() == "basic" and hmac.compare_digest(given, self.password.encode())

    def wait(self, path: str, client: str) -> float:
        """Return how many seconds a client has to wait; programs on this machine never do."""
        if path in ASKING and not _is_here(client):
            return self.rate.wait(client)
        return self.upload_rate.wait(client) if path == UPLOAD and not _is_here(client) else 0.0

    def is_full(self) -> bool:
        """Say whether uploads take as much of the disk as they may."""
        if self.folder is None or not self.folder_bytes:
            return False
        return sum(p.lstat().st_size for p in self.folder.rglob("*") if p.is_file()) > self.folder_bytes


class Guard:
    """Lets through what the page itself asks for, and stamps every response."""

    def __init__(self, app: App, door: Door) -> None:
        """Stand before an ASGI application."""
        self._app = app
        self._door = door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream; only HTTP is let through."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = False
        bare = scope["method"] == "HEAD" and scope["path"].startswith(PLAIN)

        async def stamped(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                names = {name for name, _ in HEADERS}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *HEADERS]}
            elif bare and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            replayed = await self._checked(scope, receive)
            await self._app({**scope, "method": "GET"} if bare else scope, replayed, stamped)
        except Failure as failure:
            await _refuse(stamped, failure)
        except Exception as error:  # the last resort
            journal.failed(error, scope["path"][:80])
            if not begun:
                await _refuse(stamped, Failure(500, "unforeseen"))

    async def _checked(self, scope: Message, receive: Receive) -> Receive:
        """Return what the application receives.

        Raises:
            Failure: the request is not let through.
        """
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path, client = scope["path"], (scope.get("client") or ("",))[0]
        if not self._door.answers_to(headers.get("host", "")):
            raise Failure(400, "bad_host")
        if path != "/healthz" and not self._door.knows(headers.get("authorization", "")):
            raise Failure(401, "password")
        if is_closed(path):
            raise Failure(404, "closed")
        if scope["method"] in SAFE:
            return receive
        if is_cross_site(headers):
            raise Failure(403, "cross_site")
        if wait := self._door.wait(path, client):
            raise Failure(429, "too_often", seconds=math.ceil(wait))
        if path == UPLOAD and self._door.is_full():
            raise Failure(507, "full")
        limit = self._door.upload_bytes if path == UPLOAD else self._door.body_bytes
        try:
            body = await asyncio.wait_for(_read(headers, receive, limit), BODY_SECONDS)
        except TimeoutError:
            raise Failure(408, "slow") from None
        if body is None:
            raise Failure(413, "too_large", limit=f"{limit:,}")
        return _replay(body, receive)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_here(client: str) -> bool:
    return client in ("", "testclient") or (_is_address(client) and ipaddress.ip_address(client).is_loopback)


def is_closed(path: str) -> bool:
    """Say whether a path is one of `CLOSED` or below it; doubled slashes do not hide it."""
    plain = "/" + "/".join(part for part in path.lower().split("/") if part)
    return any(plain == closed or plain.startswith(f"{closed}/") or plain.startswith(f"{closed}-") for closed in CLOSED)


def is_cross_site(headers: dict[str, str]) -> bool:
    """Say whether a browser sent a request for another site's page; clients that are no browser send neither header."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


async def _read(headers: dict[str, str], receive: Receive, limit: int) -> bytes | None:
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        return None
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            return None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replayed() -> Message:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False} if waiting else await receive()

    return replayed


async def _refuse(send: Send, failure: Failure) -> None:
    body = failure.to_bytes()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in failure.headers().items()]
    await send({"type": "http.response.start", "status": failure.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
