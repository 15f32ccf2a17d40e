"""The fact sheet of an article: who, where, when, how many, who said what, what is planned or listed, the timeline.

Every row is cited. A label that the article says nothing for has one row without text and without citation.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from assistant.counts import how_many
from assistant.happenings import timeline, when
from assistant.indexing import ArticleIndex
from assistant.records import Fact, Language
from assistant.sheet import cut, in_language, row, say
from assistant.statements import planned, said
from assistant.structure import item_body
from assistant.thai import clean
from assistant.who_where import where, who

MOST = 16  # rows of one kind
_ITEM, _HEADER = 60, 90


def listed(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each list: how it is introduced, how many items it has, the items."""
    article = index.article
    for block in index.analysis.lists:
        inner = [c for c in article.clauses if block.header[0] <= c.start and c.end <= block.header[1]]
        start, end = (inner[-1].start, inner[-1].end) if inner else block.header
        header = cut(in_language(index, clean(article.text[start:end]), language), _HEADER).rstrip(" :")
        bodies = (clean(article.text[slice(*item_body(article, item))]) for item in block.items)
        items = "; ".join(cut(in_language(index, cut(body, _ITEM), language), 2 * _ITEM) for body in bodies)
        text = say(language, "list", header=header, count=str(len(block.items)), items=items)
        yield row(index, "listed", text, (start, block.items[-1][1]))


_ROWS: dict[str, Callable[[ArticleIndex, Language], Iterable[Fact]]] = {
    "who": who,
    "where": where,
    "when": when,
    "how_many": how_many,
    "said": said,
    "planned": planned,
    "listed": listed,
    "timeline": timeline,
}
LABELS = tuple(_ROWS)


def fact_sheet(index: ArticleIndex, language: Language = "th") -> list[Fact]:
    """Return the rows of the fact sheet in a language; Thai words without a translation are glossed word by word."""
    memo = index.analysis.memo
    key = f"facts {language}"
    if key not in memo:
        memo[key] = [
            f for label in LABELS for f in (list(islice(_ROWS[label](index, language), MOST)) or [Fact(label, "")])
        ]
    return list(memo[key])
