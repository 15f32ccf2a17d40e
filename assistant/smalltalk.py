"""Answers about the assistant and the article as a whole: greetings, help, summary, suggestions; answers joined."""

from collections.abc import Callable
from itertools import islice

from assistant.analysis import clause_in_english
from assistant.indexing import ArticleIndex
from assistant.prompts import say
from assistant.question import Question
from assistant.records import Answer, Language
from assistant.sheet import cite
from assistant.starters import starters, summary_question
from assistant.thai import clean

SUGGESTIONS, STARTERS = 3, 4  # beneath an answer; where a reader asks what can be asked
TRIES = 7  # questions asked of one article in one language, to find those that it answers
SUMMARY_LIMIT = 520


def reply(
    question: Question, index: ArticleIndex, suggest: Callable[[ArticleIndex, Language], tuple[str, ...]]
) -> Answer:
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


def suggestions(
    index: ArticleIndex, language: Language, ask: Callable[[ArticleIndex, str], Answer], count: int = SUGGESTIONS
) -> tuple[str, ...]:
    """Return questions that this article answers: each was asked, and answered from the fact that it is about.

    Args:
        index: the article.
        language: of the questions.
        ask: answers a question on that article; called at most `TRIES` times for one article and language.
        count: how many questions at most; the last one asks for a summary, which there always is.
    """
    memo = index.analysis.memo
    tried: dict[str, bool] = memo.setdefault(f"suggested {language}", {})
    kept: list[str] = []
    for starter in islice(starters(index, language), TRIES):
        if len(kept) >= count - 1:
            break
        if starter.question not in tried:
            tried[starter.question] = starter.answered_by(ask(index, starter.question))
        if tried[starter.question]:
            kept.append(starter.question)
    return (*kept, summary_question(language))


def join(answers: list[Answer]) -> Answer:
    """Return the answers to two questions asked in one as one answer."""
    first = answers[0]
    text = "\n".join(dict.fromkeys(a.text for a in answers))
    citations = tuple(dict.fromkeys(c for a in answers for c in a.citations))
    return Answer(text, first.language, first.status, first.kind, citations, min(a.confidence for a in answers))
