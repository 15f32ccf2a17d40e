"""The commands about archives: `thamkhao index PATH…` keeps one up, `thamkhao search` looks passages up in it."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.interface import locale_language, say, visible
from assistant.records import Citation
from assistant.settings import ARCHIVE

if TYPE_CHECKING:
    from assistant.api import Assistant

FILTERS = ("since", "until", "source")


def _own(key: str, **values: object) -> str:
    return say(locale_language(), key, **values)


def add_index_options(command: ArgumentParser) -> None:
    """Give `thamkhao index` its options."""
    command.add_argument("paths", nargs="*", metavar="PATH", help=_own("help_paths"))
    command.add_argument("--out", metavar="FOLDER", default=ARCHIVE.value(), help=_own("help_archive_out"))
    command.add_argument("--remove", metavar="ID", action="append", default=[], help=_own("help_remove"))
    command.add_argument("--prune", action="store_true", help=_own("help_prune"))
    command.add_argument("--list", action="store_true", help=_own("help_list"))
    command.add_argument("--workers", metavar="N", default=str(min(2, os.cpu_count() or 1)), help=_own("help_workers"))
    command.add_argument("--shipped", action="store_true", help=_own("help_shipped"))


def add_filters(command: ArgumentParser) -> None:
    """Give a command the archive it works on, and which articles of it."""
    command.add_argument("--index", metavar="FOLDER", help=_own("help_archive"))
    for name in FILTERS:
        metavar = "NAME" if name == "source" else "DAY"
        command.add_argument(f"--{name}", metavar=metavar, help=_own(f"help_{name}"))


def filters(chosen: Namespace) -> dict[str, str]:
    """Return the filters that were given."""
    return {name: getattr(chosen, name) for name in FILTERS if getattr(chosen, name)}


def keep_up(chosen: Namespace) -> Iterable[str]:
    """Run `thamkhao index` but for the shipped article; yield the lines to print.

    Raises:
        ThamKhaoError: see `archive.build_archive`.
    """
    from assistant.archive import build_archive
    from assistant.generations import current

    folder = Path(chosen.out)
    if not (chosen.workers.isascii() and chosen.workers.isdecimal() and 1 <= int(chosen.workers) <= 64):
        raise InputError("bad_workers", given=chosen.workers)
    if chosen.paths or chosen.remove or chosen.prune:
        report = build_archive(
            folder,
            [Path(path) for path in chosen.paths],
            remove=chosen.remove,
            prune=chosen.prune,
            workers=int(chosen.workers),
            progress=sys.stderr,
        )
        counts = {key: len(getattr(report, key)) for key in ("added", "replaced", "removed", "skipped")}
        yield _own("archive_built", folder=visible(str(folder)), total=report.articles, kept=report.kept, **counts)
    if chosen.list:
        generation = current(folder)
        if generation is None:
            raise InputError("no_archive", folder=folder)
        yield from (visible(f"{e.id}\t{e.date}\t{e.title}").replace("\n", " ") for e in generation.entries)


def found(bot: "Assistant", query: str, k: int, wanted: dict[str, str]) -> Iterable[str]:
    """Yield the passages found as lines, best first."""
    for passage in bot.search(query, k, **wanted):
        article = bot.find_article(passage.article)
        yield f"{passage.score:.3f} {named(bot, passage.article)} [{article.paragraph(passage.start)}]"
        yield "    " + visible(" ".join(passage.text.split()))


def sources(bot: "Assistant", citations: Iterable[Citation]) -> Iterable[str]:
    """Yield a line for each article that is cited, when there are several it could be."""
    if len(bot.articles) > 1:
        for identity in dict.fromkeys(citation.article for citation in citations):
            yield _own("from_article", name=named(bot, identity))


def named(bot: "Assistant", identity: str) -> str:
    """Return an article's id with its title and day."""
    article = bot.find_article(identity)
    return visible(" · ".join(filter(None, (identity, article.date, " ".join(article.title.split())))))
