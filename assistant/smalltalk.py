"""Answers about the assistant and the article as a whole: greetings, help, summary, suggestions; answers joined."""

import json
from collections.abc import Callable
from functools import lru_cache

from assistant.analysis import clause_in_english
from assistant.facts import cite
from assistant.indexing import ArticleIndex
from assistant.prompts import load as load_sentences
from assistant.prompts import say
from assistant.question import Question
from assistant.records import Answer, Language
from assistant.thai import clean

SUGGESTIONS = 3
SUMMARY_LIMIT = 520


def reply(question: Question, index: ArticleIndex, suggest: Callable[[ArticleIndex, str], tuple[str, ...]]) -> Answer:
    """Answer a greeting, thanks, or a question about the assistant or the whole article."""
    if question.asks == "summary":
        return summary(index, question.language)
    return Answer(
        say(question.language, question.asks),
        question.language,
        "meta",
        "meta",
        confidence=1.0,
        suggestions=suggest(index, question.language),
    )


def summary(index: ArticleIndex, language: Language) -> Answer:
    """Return the article's own headline and opening, in the language of the question."""
    article = index.article
    chosen: list[tuple[int, int]] = []
    length = 0
    for clause in article.clauses:
        kind = article.blocks[clause.block].kind
        if kind in ("caption", "source", "item") or (kind == "headline" and chosen):
            continue
        text = (
            clause_in_english(index.analysis, clause.index)
            if language == "en"
            else article.text[clause.start : clause.end]
        )
        if length + len(text) > SUMMARY_LIMIT and chosen:
            break
        chosen.append((clause.start, clause.end))
        length += len(text) + 1
    parts = [
        clause_in_english(index.analysis, c.index) if language == "en" else clean(article.text[c.start : c.end])
        for c in article.clauses
        if (c.start, c.end) in chosen
    ]
    citations = tuple(cite(index, *span) for span in chosen[:4])
    return Answer(say(language, "summary", answer=" ".join(parts)), language, "meta", "meta", citations, 1.0)


def suggestions(index: ArticleIndex, language: Language) -> tuple[str, ...]:
    """Return questions that this article does answer, from what was found in it."""
    sentences = json.loads(_templates())[language]
    mentions = index.analysis.mentions
    person = next((m for m in mentions if m.kind == "person"), None)
    found: list[str] = []
    if person is not None:
        entity = next(
            (e for e in index.analysis.vocabulary.entities if e.kind == "person" and person.value in e.thai), None
        )
        name = entity.english[0] if entity and entity.english and language == "en" else person.value
        found.append(sentences["who_is"].format(name=name))
    for block in index.analysis.lists[:1]:
        found.append(sentences["list"].format(count=str(len(block.items))))
    if any(m.kind == "quotation" for m in mentions):
        found.append(sentences["quote"])
    found.append(sentences["summary"])
    return tuple(found[:SUGGESTIONS])


@lru_cache(maxsize=1)
def _templates() -> str:
    return json.dumps(load_sentences("suggestions.json"), ensure_ascii=False)


def join(answers: list[Answer]) -> Answer:
    """Return the answers to two questions asked in one as one answer."""
    first = answers[0]
    text = "\n".join(dict.fromkeys(a.text for a in answers))
    citations = tuple(dict.fromkeys(c for a in answers for c in a.citations))
    return Answer(text, first.language, first.status, first.kind, citations, min(a.confidence for a in answers))
