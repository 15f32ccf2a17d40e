"""Serving on one socket: the FastAPI application around the page, and uvicorn with limits."""

import secrets
import signal
import socket
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.guard import Door, Guard
from assistant.interface import locale_language, say
from assistant.rates import Rates
from assistant.settings import BODY_KB, FILE_MB, HOSTS, PASSWORD, RATE, TEMP_MB, UPLOAD_RATE

if TYPE_CHECKING:
    import fastapi
    import gradio as gr

    from assistant.api import Assistant

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 512
FORM_BYTES = 257_000  # what a form adds to a file
FONTS = ("Sarabun", "Noto Sans Thai", "Leelawadee UI", "Thonburi", "Loma", "sans-serif")


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything slow is loaded, so that a port in use is told at once.

    Raises:
        InputError: the port is no port, or the address cannot be taken.
    """
    if not 0 <= port <= 65535:
        raise InputError("bad_port", port=port)
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except (OSError, UnicodeError) as error:
        taken.close()
        reason = getattr(error, "strerror", None) or type(error).__name__
        following = port + 1 if port < 65535 else port - 1
        raise InputError("port_taken", host=host, port=port, reason=reason, next=following) from error
    return taken


def password_for(host: str) -> str:
    """Return what is asked of readers: the setting; for an open address without one, a password made now.

    An open address is warned of on stderr.
    """
    chosen, language = PASSWORD.value(), locale_language()
    if host in LOOPBACK:
        return "" if chosen == "off" else chosen
    if chosen == "off":
        sys.stderr.write(say(language, "public_open", host=host) + "\n")
        return ""
    if chosen:
        sys.stderr.write(say(language, "public_set", host=host) + "\n")
        return chosen
    made = secrets.token_urlsafe(9)
    sys.stderr.write(say(language, "public", host=host, password=made) + "\n")
    return made


def door_of(host: str, folder: Path | None) -> Door:
    """Return who may come in at an address; `folder` is where uploads lie."""
    names = {*LOOPBACK, host.lower(), *(n.strip().lower() for n in HOSTS.value().split(",") if n.strip())}
    everywhere = host in ("0.0.0.0", "::")
    if everywhere:
        names.add(socket.gethostname().lower())
    return Door(
        frozenset(names),
        everywhere,
        password_for(host),
        Rates(RATE.number(0, 100_000)),
        Rates(UPLOAD_RATE.number(0, 100_000)),
        folder,
        TEMP_MB.number(1, 100_000) << 20,
        BODY_KB.number(16, 1_000_000) << 10,
        (FILE_MB.number(1, 1000) << 20) + FORM_BYTES,
    )


def application(
    page: "gr.Blocks", bot: "Assistant", host: str, port: int, style: str, script: str, folder: Path | None = None
) -> "fastapi.FastAPI":
    """Return the application: the endpoints for machines, then the page at `/`, behind the guard."""
    import fastapi
    import gradio as gr
    from starlette.staticfiles import StaticFiles

    from assistant.routes import add_routes

    app = fastapi.FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    add_routes(app, bot)
    app.mount("/fonts", StaticFiles(directory=Path(__file__).parent / "data" / "fonts"))
    app.add_middleware(Guard, door=door_of(host, folder))
    theme = gr.themes.Soft(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="slate",
        radius_size="md",
        font=list(FONTS),
        font_mono=["ui-monospace", "monospace"],
    )
    dark, darker = "*primary_700", "*primary_800"  # white on the theme's own teal is too pale to read
    theme.set(
        button_primary_background_fill=dark,
        button_primary_background_fill_hover=darker,
        button_primary_background_fill_dark=dark,
        button_primary_background_fill_hover_dark=darker,
        checkbox_label_background_fill_selected=dark,
        checkbox_label_background_fill_selected_dark=dark,
    )
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        allowed_paths=[],
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=f"{FILE_MB.number(1, 1000)}mb",
        theme=theme,
        css=style,
        head=f"<script>{script}</script>",
    )
    return app


def end_on_sigterm() -> None:
    """Let SIGTERM unwind the stack like an interrupt, so that what was opened is closed; exit status 143."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)


def temporary_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder of our own, readable by this user alone, that goes when the server does."""
    return tempfile.TemporaryDirectory(prefix="thamkhao-", ignore_cleanup_errors=True)


def uvicorn_server(app: "fastapi.FastAPI", taken: socket.socket) -> Any:  # noqa: ANN401
    """Return a uvicorn server that writes its address once it answers; `run(sockets=[taken])` starts it."""
    import uvicorn

    host, port = taken.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                sys.stdout.write(f"http://{shown}:{port}\n")
                sys.stdout.flush()

        def run(self, sockets: list[socket.socket] | None = None) -> None:
            with suppress(KeyboardInterrupt):
                super().run(sockets)

        def stop(self) -> None:
            self.should_exit = True

    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            server_header=False,
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=10,
        )
    )
