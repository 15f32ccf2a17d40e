"""The assistant over HTTP: `/api/ask`, `/api/search`, `/api/article`, `/api/facts`, `/healthz`, `/api/openapi.json`.

Questions are answered in threads, `THAMKHAO_WORKERS` at a time; when more than `THAMKHAO_WAITING` wait, a request is
told to come again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import anyio
import anyio.to_thread
import fastapi
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant import __version__, journal, wire
from assistant.errors import InputError
from assistant.failures import Failure
from assistant.interface import clean
from assistant.settings import WAITING, WORKERS

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.records import Answer, Article

T = TypeVar("T")
_REFUSED: dict[int | str, dict[str, Any]] = {
    status: {"model": wire.Refused, "description": why}
    for status, why in (
        (400, "The body is no JSON in UTF-8."),
        (415, "The body is not sent as application/json."),
        (422, "The request cannot be used."),
        (413, "The body is too large."),
        (503, "Too many questions wait."),
    )
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {
    **_REFUSED,
    404: {"model": wire.Refused, "description": "No such article."},
}


_BECAUSE = (
    ("missing", "missing"),
    ("extra", "extra"),
    ("string_pattern", "blank"),
    ("string_too_short", "blank"),
    ("string_too_long", "long"),
    ("too_long", "long"),
    ("less", "range"),
    ("greater", "range"),
    ("literal", "range"),
    ("string", "kind"),
    ("int", "kind"),
    ("list", "kind"),
    ("model", "kind"),
    ("dict", "kind"),
)


class Json(JSONResponse):
    """JSON in UTF-8, Thai as Thai."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401
        """Return the body."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def add_routes(app: fastapi.FastAPI, bot: "Assistant") -> None:
    """Add every endpoint for machines to an application, before the page is mounted at `/`."""
    router = fastapi.APIRouter(default_response_class=Json)
    desk = _Desk()

    @router.get("/healthz", response_model=wire.Health, summary="Is the server up?")
    def healthz() -> Any:  # noqa: ANN401
        return {"status": "ok"}

    @router.post("/api/ask", response_model=wire.Answered, responses=_REFUSED, summary="Ask a question")
    async def ask(asked: wire.Asked) -> Any:  # noqa: ANN401
        question, history = clean(asked.question), [clean(h) for h in asked.history]

        def answer() -> "Answer":
            return journal.answered("http", question, lambda: bot.ask(question, history=history))

        return Json((await desk.run(answer)).to_dict())

    @router.post("/api/search", response_model=wire.Passages, responses=_REFUSED, summary="Search passages")
    async def search(sought: wire.Sought) -> Any:  # noqa: ANN401
        given = {"since": sought.since or None, "until": sought.until or None, "source": sought.source or None}
        passages = await desk.run(lambda: bot.search(clean(sought.query), k=sought.k, **given))
        return Json({"passages": [asdict(p) for p in passages]})

    @router.get("/api/article", response_model=wire.Told | wire.Shelf, responses=_UNKNOWN, summary="Read an article")
    async def article(id: str | None = None) -> Any:  # noqa: ANN401
        if id is None and len(await desk.run(lambda: bot.articles)) > 1:
            return Json({"articles": await desk.run(lambda: [_head(a) for a in bot.articles])})
        chosen = await desk.run(lambda: _named(bot, id))
        return Json({**_head(chosen), "text": chosen.text})

    @router.get("/api/facts", response_model=wire.Facts, responses=_UNKNOWN, summary="The fact sheet")
    async def facts(lang: Literal["th", "en"] = "th", id: str | None = None) -> Any:  # noqa: ANN401
        chosen = await desk.run(lambda: _named(bot, id))
        rows = await desk.run(lambda: bot.facts(lang, article=chosen.id))
        return Json({"article": chosen.id, "facts": [asdict(r) for r in rows]})

    app.include_router(router)
    described = get_openapi(
        title="ถามข่าว · Tham Khao",
        version=__version__,
        summary="Ask a Thai news article in Thai or English; every answer comes with the Thai words that prove it.",
        routes=router.routes,
    )
    described["components"]["schemas"].pop("HTTPValidationError", None)
    described["components"]["schemas"].pop("ValidationError", None)

    @app.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> Any:  # noqa: ANN401
        return Json(described)

    methods = {path: sorted(m.upper() for m in ways) for path, ways in described["paths"].items()}
    methods["/api/openapi.json"] = ["GET"]
    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    @app.api_route("/api", methods=every, include_in_schema=False)
    @app.api_route("/api/{rest:path}", methods=every, include_in_schema=False)
    @app.api_route("/healthz", methods=every, include_in_schema=False)
    def nothing(request: fastapi.Request) -> Any:  # noqa: ANN401
        allowed = methods.get(request.url.path)
        if allowed is None:
            raise Failure(404, "not_found", paths=", ".join(methods))
        raise Failure(405, "bad_method", methods=", ".join(allowed))

    app.add_exception_handler(Failure, _told)
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unforeseen)


class _Desk:
    """Runs work in threads, so many at a time, and turns away what would wait too long."""

    def __init__(self) -> None:
        self._limiter: anyio.CapacityLimiter | None = None
        self._inside = 0
        self._most = WAITING.number(1, 100_000)

    async def run(self, work: Callable[[], T]) -> T:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(WORKERS.number(1, 64))
        if self._inside >= self._most:
            raise Failure(503, "busy")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        except InputError as error:
            raise Failure(422, "refused", reason=error) from error
        finally:
            self._inside -= 1


def _head(article: "Article") -> dict[str, str]:
    return {"id": article.id, "title": article.title, "publisher": article.publisher, "date": article.date}


def _named(bot: "Assistant", identity: str | None) -> "Article":
    if identity is None and len(bot.articles) == 1:
        return bot.articles[0]
    try:
        return bot.find_article(identity or "")
    except InputError as error:
        raise Failure(404, "no_article") from error


def _response(failure: Failure) -> Response:
    return Response(failure.to_bytes(), failure.status, failure.headers(), "application/json")


def _told(_: fastapi.Request, error: Exception) -> Response:
    assert isinstance(error, Failure)
    return _response(error)


def _unusable(request: fastapi.Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    kind = str(first["type"])
    if request.method == "POST" and "json" not in request.headers.get("content-type", "").lower():
        return _response(Failure(415, "not_json"))
    if kind == "json_invalid":
        return _response(Failure(400, "bad_json"))
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query")) or "body"
    because = next((word for start, word in _BECAUSE if kind.startswith(start)), "other")
    return _response(Failure(422, "bad_request", where=where[:60], because=f"reason_{because}"))


def _refused(_: fastapi.Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # FastAPI's word for a body that is no JSON in UTF-8
        return _response(Failure(400, "bad_json"))
    return _response(Failure(error.status_code, "bad_request", where="request", because="reason_other"))


def _unforeseen(request: fastapi.Request, error: Exception) -> Response:
    journal.failed(error, request.url.path[:80])
    return _response(Failure(500, "unforeseen"))
