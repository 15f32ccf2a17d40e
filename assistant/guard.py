"""The ASGI gate before the page: closed paths, other sites, oversized bodies, and the security headers.

The policy is OWASP ASVS 5.0, 3.4.3 to 3.4.6 and 3.5.1 to 3.5.3; the cross-site rule is the one of Go 1.25's
CrossOriginProtection and of Datasette.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from assistant.failures import Failure

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

BODY_LIMIT = 1_048_576  # bytes; the page sends its whole conversation back with each question
UPLOAD, UPLOAD_LIMIT = "/gradio_api/upload", 5_500_000  # where a visitor's own article arrives; bytes, form included
BODY_SECONDS = 10.0
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


class Guard:
    """Lets through what the page itself asks for, and stamps every response."""

    def __init__(self, app: App) -> None:
        """Stand before an ASGI application."""
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream; only HTTP is looked at."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in HEADERS}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if is_closed(scope["path"]):
            await _refuse(stamped, Failure(404, "closed"))
        elif scope["method"] in SAFE:
            await self._app(scope, receive, stamped)
        elif is_cross_site(headers):
            await _refuse(stamped, Failure(403, "cross_site"))
        else:
            limit = UPLOAD_LIMIT if scope["path"] == UPLOAD else BODY_LIMIT
            try:
                body = await asyncio.wait_for(_read(headers, receive, limit), BODY_SECONDS)
            except TimeoutError:
                await _refuse(stamped, Failure(408, "slow"))
                return
            if body is None:
                await _refuse(stamped, Failure(413, "too_large", limit=f"{limit:,}"))
                return
            await self._app(scope, _replay(body, receive), stamped)


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
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            return None
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replayed() -> Message:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False} if waiting else await receive()

    return replayed


async def _refuse(send: Send, failure: Failure) -> None:
    body = failure.to_bytes()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": failure.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
