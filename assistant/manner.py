"""How the words of a quote are said: by the article itself, by somebody it quotes, or as a plan."""

from assistant.indexing import ArticleIndex
from assistant.records import Citation, Language, Manner
from assistant.statements import planned, speaker_of, statements

_HALF = 0.5  # of a quote, or of what is said: less in common is another matter


def manner(index: ArticleIndex, citation: Citation, language: Language) -> Manner:
    """Return how a quote is said: as somebody's words where it is, else as a plan, else as stated."""
    for statement in statements(index):
        if _shared(citation, statement.start, statement.end):
            return Manner("said", speaker_of(index, statement, language))
    plans = (fact.citation for fact in planned(index, language) if fact.citation)
    if any(_shared(citation, plan.start, plan.end) for plan in plans):
        return Manner("planned")
    return Manner("stated")


def _shared(citation: Citation, start: int, end: int) -> bool:
    common = min(citation.end, end) - max(citation.start, start)
    return common > 0 and common >= _HALF * min(citation.end - citation.start, end - start)
