"""The `thamkhao` command. Whatever goes wrong is one line on stderr with the remedy, never a traceback."""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant import filing
from assistant.errors import InputError, ThamKhaoError
from assistant.interface import answer_lines, clean, error_line, locale_language, quiet, say, unexpected, visible
from assistant.records import Language
from assistant.settings import HOST, PORT

if TYPE_CHECKING:
    from assistant.api import Assistant

DONE, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 2, 128 + signal.SIGINT, 141


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError("usage", reason=message)


def _own(key: str, **values: object) -> str:
    return say(locale_language(), key, **values)


def parser() -> argparse.ArgumentParser:
    """Return the command's options, its help in the terminal's language."""
    top = _Parser(prog="thamkhao", description=_own("help_program"))
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, *, article: bool = False, as_json: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=_own(f"help_{name}"), description=_own(f"help_{name}"))
        if article:
            command.add_argument("--article", metavar="FILE", help=_own("help_article"))
        if as_json:
            command.add_argument("--json", action="store_true", help=_own("help_json"))
        return command

    ask = add("ask", article=True, as_json=True)
    ask.add_argument("question", metavar="QUESTION", help=_own("help_question"))
    filing.add_filters(ask)
    search = add("search", article=True, as_json=True)
    search.add_argument("query", metavar="QUERY", help=_own("help_query"))
    search.add_argument("-k", metavar="N", default="5", help=_own("help_k"))
    filing.add_filters(search)
    add("chat", article=True).add_argument("--index", metavar="FOLDER", help=_own("help_archive"))
    serve = add("serve", article=True)
    serve.add_argument("--host", default=HOST.value(), help=f"{_own('help_host')} (%(default)s)")
    serve.add_argument("--port", default=PORT.value(), help=f"{_own('help_port')} (%(default)s)")
    add("mcp", article=True)
    filing.add_index_options(add("index"))
    facts = add("facts", article=True, as_json=True)
    facts.add_argument("--lang", choices=("th", "en"), help=_own("help_lang"))
    evaluate = add("evaluate", article=True, as_json=True)
    evaluate.add_argument("sets", nargs="*", metavar="SET.jsonl", help=_own("help_sets"))
    evaluate.add_argument("--out", metavar="FOLDER", help=_own("help_out"))
    evaluate.add_argument("--compare", metavar="OLD.json", help=_own("help_compare"))
    evaluate.add_argument("--leave-evidence-out", action="store_true", help=_own("help_leave_evidence_out"))
    evaluate.add_argument("--paraphrases", metavar="FILE", help=_own("help_paraphrases"))
    add("doctor")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments without the program's name; those of the process when None.

    Returns:
        0 for any answer, 2 for an error, 130 when interrupted, 141 when the reader of the output went away.
    """
    _set_streams()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # --help, or the server
        return stop.code if isinstance(stop.code, int) else DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except ThamKhaoError as error:
        return _fail(error)
    except ModuleNotFoundError as error:
        return _fail(InputError("missing_package", name=error.name))
    except OSError as error:
        name, reason = error.filename or "-", error.strerror or type(error).__name__
        return _fail(InputError("file_error", name=os.fsdecode(str(name)), reason=reason))
    except Exception as error:  # the last resort: a reader can do nothing with a traceback
        return _fail(unexpected(error))


def _run(argv: Sequence[str]) -> int:
    chosen = parser().parse_args([clean(argument) for argument in argv])
    quiet()
    return {
        "ask": _ask,
        "search": _search,
        "chat": _chat,
        "mcp": _mcp,
        "serve": _serve,
        "index": _index,
        "facts": _facts,
        "evaluate": _evaluate,
        "doctor": _doctor,
    }[chosen.command](chosen)


def _set_streams() -> None:
    """Let no character that a terminal lacks stop an answer, nor a byte that is no text stop a question."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def _drop_output() -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _fail(error: BaseException) -> int:
    try:
        sys.stderr.write(error_line(error))
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return FAILED
    return FAILED


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")


def _write_json(data: object) -> None:
    """Write JSON; on a stream that is not UTF-8 every other character as an escape."""
    plain = not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    _write(json.dumps(data, ensure_ascii=plain, indent=2))


def _bot(article: str | None, index: str | None = None) -> "Assistant":
    from assistant.api import Assistant

    if index is not None:
        if article is not None:
            raise InputError("only_index")
        return Assistant.from_index(index)
    return Assistant() if article is None else Assistant.from_file(Path(article))


def _question(text: str) -> str:
    if not text.strip():
        raise InputError("empty_question")
    return text


def _ask(chosen: argparse.Namespace) -> int:
    question = _question(chosen.question)
    bot = _bot(chosen.article, chosen.index) if chosen.index else _bot(chosen.article)
    answer = bot.ask(question, **filing.filters(chosen))
    if chosen.json:
        _write_json(answer.to_dict())
    else:
        _write("\n".join((*answer_lines(answer), *filing.sources(bot, answer.citations))))
    return DONE


def _search(chosen: argparse.Namespace) -> int:
    if not (chosen.k.isascii() and chosen.k.isdecimal() and int(chosen.k)):
        raise InputError("bad_k", given=chosen.k)
    query, wanted = _question(chosen.query), filing.filters(chosen)
    bot = _bot(chosen.article, chosen.index) if chosen.index else _bot(chosen.article)
    if chosen.json:
        _write_json([asdict(passage) for passage in bot.search(query, int(chosen.k), **wanted)])
    else:
        for line in filing.found(bot, query, int(chosen.k), wanted):
            _write(line)
    return DONE


def _chat(chosen: argparse.Namespace) -> int:
    bot = _bot(chosen.article, chosen.index) if chosen.index else _bot(chosen.article)
    asked: list[str] = []
    terminal = sys.stdin.isatty()
    if terminal:
        _write(_own("chat_hello", title=visible(bot.articles[0].title)))
    while True:
        if terminal:
            sys.stdout.write(_own("prompt"))
            sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return DONE
        question = clean(line).strip()
        if not question:
            continue
        try:
            answer = bot.ask(question, history=asked)
        except InputError as error:  # this question only
            sys.stderr.write(error_line(error))
            continue
        _write("\n".join(answer_lines(answer)) + "\n")
        sys.stdout.flush()
        asked.append(question)


def _serve(chosen: argparse.Namespace) -> int:
    if not (chosen.port.isdecimal() and chosen.port.isascii() and int(chosen.port) <= 65535):
        raise InputError("bad_port", port=chosen.port)
    from assistant.page import serve

    serve(chosen.host, int(chosen.port), _bot(chosen.article) if chosen.article else None)
    return DONE


def _mcp(chosen: argparse.Namespace) -> int:
    from assistant.tools import serve

    serve(_bot(chosen.article))
    return DONE


def _index(chosen: argparse.Namespace) -> int:
    if not (chosen.paths or chosen.remove or chosen.prune or chosen.list or chosen.shipped):
        raise InputError("index_nothing")
    for line in filing.keep_up(chosen):
        _write(line)
    if chosen.shipped:
        from assistant import artefacts, saved

        artefacts.write_list()
        saved.build_shipped()
        _write(_own("index_built"))
    return DONE


def _facts(chosen: argparse.Namespace) -> int:
    bot = _bot(chosen.article)
    if chosen.json:  # for machines: no language of the terminal's
        _write_json([asdict(fact) for fact in bot.facts(chosen.lang or "th")])
        return DONE
    language: Language = chosen.lang or locale_language()
    for fact in bot.facts(language):
        where = f" [{fact.citation.paragraph}]" if fact.citation else ""
        label, stated = say(language, f"fact_{fact.label}"), fact.text or say(language, "not_stated_row")
        _write(f"{visible(label)}: {visible(stated)}{where}")
    return DONE


def _evaluate(chosen: argparse.Namespace) -> int:
    from assistant.evaluation import Options, run

    named = {
        key: Path(getattr(chosen, key)) for key in ("article", "out", "compare", "paraphrases") if getattr(chosen, key)
    }
    options = Options(
        tuple(Path(path) for path in chosen.sets),
        as_json=chosen.json,
        leave_evidence_out=chosen.leave_evidence_out,
        **named,
    )
    return run(options, sys.stdout)


def _doctor(chosen: argparse.Namespace) -> int:
    from assistant.doctor import findings

    rows = list(findings(locale_language()))
    for row in rows:
        _write(f"{row.name:<24} {row.detail}")
    return DONE if all(row.whole for row in rows) else FAILED


if __name__ == "__main__":
    sys.exit(main())
