"""Question sets (JSON Lines) and the rules by which one answer is right. Nothing here is tuned to an article."""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.records import Answer, Citation

KINDS = (
    "who",
    "where",
    "when",
    "what",
    "list",
    "howmany",
    "why",
    "quote",
    "yesno",
    "followup",
    "unanswerable",
    "false_premise",
    "typo",
    "romanized",
    "codemixed",
    "meta",
)
LANGUAGES = ("th", "en")
LONG_KINDS = ("list", "quote", "meta")
LONGEST, LONGEST_LONG = 600, 1200  # characters of an answer
NAME_LETTERS = 10  # letters of an unbroken Thai run that weigh as much as one English word
_FOLD = {0x0E50 + digit: str(digit) for digit in range(10)} | {ord(","): None}
_ASIDE = re.compile(r'"[^"]*"|“[^”]*”|‘[^’]*’|«[^»]*»|\([^)]*\)|\[[^\]]*\]')
_THAI_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]+(?:['’-][A-Za-zÀ-ɏḀ-ỿ]+)*")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a question set."""

    id: str
    lang: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    expect: tuple[tuple[str, ...], ...]
    reject: tuple[str, ...]
    evidence: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether one answer is right and, if not, every fault it has; `not_verbatim` counts its citations."""

    case: str
    right: bool
    faults: tuple[str, ...]
    answer: Answer
    milliseconds: float
    not_verbatim: int = 0


def load_cases(path: Path, article_text: str | None = None) -> tuple[Case, ...]:
    """Read a question set.

    Args:
        path: a JSON Lines file, UTF-8; empty lines are skipped.
        article_text: when given, every evidence string must occur in it.

    Raises:
        InputError: the file cannot be read, or a row does not keep to the format; the text names file and line.
    """
    return parse_rows(path, article_text)


def parse_rows(
    path: Path, article_text: str | None = None, prepare: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> tuple[Case, ...]:
    """Read the cases of a JSON Lines file, each row made a row of a question set by `prepare`.

    Raises:
        InputError: see `load_cases`.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        got = type(error).__name__
        raise InputError("set_unread", name=path.name, got=got) from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            case = _case(prepare(row) if isinstance(row, dict) else row)
            if case.id in cases:
                raise ValueError(f"id must be unique; got {case.id!r} again")
            for words in case.evidence:
                if article_text is not None and words not in article_text:
                    raise ValueError(f"evidence must be a verbatim part of the article; got {words!r}")
        except json.JSONDecodeError as error:
            reason = f"a row must be one JSON object; got: {error.msg}"
            raise InputError("set_row", name=path.name, number=number, reason=reason) from error
        except (ValueError, RecursionError) as error:  # JSON's own limits on digits and depth too
            raise InputError("set_row", name=path.name, number=number, reason=str(error)) from error
        cases[case.id] = case
    if not cases:
        raise InputError("set_empty", name=path.name)
    return tuple(cases.values())


def _case(row: object) -> Case:
    if not isinstance(row, dict):
        raise ValueError(f"a row must be a JSON object; got {type(row).__name__}")
    missing = [key for key in Case.__slots__ if key not in row and key != "note"]
    if missing:
        hint = "; a paraphrase set goes after --paraphrases" if "group" in row else ""
        got = ", ".join(sorted(map(str, row)))
        raise ValueError(f"a row must have the keys {', '.join(missing)}; got only {got}{hint}")
    for key, allowed in (("lang", LANGUAGES), ("kind", KINDS)):
        if row[key] not in allowed:
            raise ValueError(f"{key} must be one of {', '.join(allowed)}; got {row[key]!r}")
    if not isinstance(row["answerable"], bool):
        raise ValueError(f"answerable must be true or false; got {row['answerable']!r}")
    if not isinstance(row["expect"], list):
        raise ValueError(f"expect must be a list of lists of strings; got {row['expect']!r}")
    identity, question = _strings("id and question", [row["id"], row["question"]])
    expect = tuple(_strings("each list in expect", options) for options in row["expect"])
    if not all(expect):
        raise ValueError("each list in expect must hold an alternative; got an empty list")
    history, reject, evidence = (_strings(key, row[key]) for key in ("history", "reject", "evidence"))
    return Case(
        identity,
        row["lang"],
        row["kind"],
        question,
        history,
        row["answerable"],
        expect,
        reject,
        evidence,
        str(row.get("note", "")),
    )


def _strings(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and folded(item) for item in value):
        raise ValueError(f"{name} must be strings with something to match; got {value!r}")
    return tuple(value)


def folded(text: str) -> str:
    """Return a text as it is matched: NFKC, case-folded, Arabic digits, no commas, each white space run one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_FOLD).split())


def in_language(text: str, lang: str) -> bool:
    """Tell whether a text really is in a language; names may stay in the other script.

    Thai: has Thai letters, and no more lower-case Latin words than Thai. English: outside quotation marks and
    brackets no more Thai than Latin words. A Thai run weighs one word per started `NAME_LETTERS` letters.
    """
    if lang == "th":
        return _thai_words(text) >= max(1, sum(word.group().islower() for word in _LATIN_WORD.finditer(text)))
    outside = _ASIDE.sub(" ", text)
    if not any(char.isalpha() for char in outside):
        outside = text
    return len(_LATIN_WORD.findall(outside)) >= _thai_words(outside)


def _thai_words(text: str) -> int:
    return sum(math.ceil(sum(char.isalpha() for char in run) / NAME_LETTERS) for run in _THAI_RUN.findall(text))


def judge(case: Case, answer: Answer, article_text: str, milliseconds: float = 0.0) -> Judgement:
    """Hold one answer against its case.

    Right when `answered == answerable`; one alternative of every expect list and nothing of reject occurs in the
    text; a citation overlaps an evidence string, if there is one; every citation is verbatim; the language is the
    question's; the text is not too long. What is expected is asked only of answerable cases.
    """
    text, faults = folded(answer.text), []
    if answer.answered != case.answerable:
        faults.append("answered_wrongly" if answer.answered else "silent")
    if case.answerable:
        faults += [
            f"missing_expected:{options[0]}"
            for options in case.expect
            if not any(folded(option) in text for option in options)
        ]
        pairs = ((citation, words) for citation in answer.citations for words in case.evidence)
        if case.evidence and not any(_overlap(citation, words, article_text) for citation, words in pairs):
            faults.append("no_evidence")
    faults += [f"rejected:{words}" for words in case.reject if folded(words) in text]
    altered = sum(not (0 <= c.start < c.end and article_text[c.start : c.end] == c.quote) for c in answer.citations)
    if altered:
        faults.append("not_verbatim")
    if answer.language != case.lang or not in_language(answer.text, case.lang):
        faults.append("wrong_language")
    if len(answer.text) > (LONGEST_LONG if case.kind in LONG_KINDS else LONGEST):
        faults.append("too_long")
    return Judgement(case.id, not faults, tuple(faults), answer, milliseconds, altered)


def _overlap(citation: Citation, words: str, text: str) -> bool:
    starts = occurrences(words, text)
    return any(max(start, citation.start) < min(start + len(words), citation.end) for start in starts)


def occurrences(words: str, text: str) -> Iterator[int]:
    """Yield where some words begin in a text, overlapping occurrences too."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
