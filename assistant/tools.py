"""The assistant as tools of the Model Context Protocol, over standard input and output: `thamkhao mcp`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from assistant.errors import InputError
from assistant.interface import clean

if TYPE_CHECKING:
    from assistant.api import Assistant


def tools(bot: "Assistant") -> list[Callable[..., Any]]:
    """Return what a model may call; their docstrings are what it reads."""

    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Ask the Thai news article a question in Thai or English.

        The answer comes with the exact Thai words that prove it, or says that the article does not state it.
        `history` holds earlier questions of the same reader, oldest first.
        """
        return bot.ask(clean(question), history=[clean(h) for h in history or []]).to_dict()

    def search(query: str, k: int = 5) -> list[dict[str, Any]]:
        """Return the passages of the article that speak most of a query in Thai or English, best first."""
        return [asdict(passage) for passage in bot.search(clean(query), k=k)]

    def facts(language: Literal["th", "en"] = "en") -> list[dict[str, Any]]:
        """Return who, where, when, how many, who said what, what is planned, a timeline; each row cites its words."""
        return [asdict(fact) for fact in bot.facts(language)]

    return [ask, search, facts]


def serve(bot: "Assistant") -> None:
    """Answer a client on standard input and output until it goes.

    Raises:
        InputError: the optional package is not installed; says how to get it.
    """
    try:
        from mcp.server import MCPServer
    except ModuleNotFoundError as error:
        raise InputError("no_mcp") from error
    server = MCPServer("thamkhao", title="ถามข่าว · Tham Khao", log_level="WARNING")
    for tool in tools(bot):
        server.tool()(tool)
    server.run("stdio")
