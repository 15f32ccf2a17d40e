"""The fact sheet of an article: who, where, when, how many, who said what, what is listed; each row cited."""

from assistant.analysis import english_of
from assistant.article import quote_bounds
from assistant.indexing import ArticleIndex
from assistant.names import romanize
from assistant.records import Citation, Fact, Mention
from assistant.thai import clean

LABELS = ("who", "where", "when", "how_many", "said", "listed")
MOST = 12  # rows of one kind


def cite(index: ArticleIndex, start: int, end: int) -> Citation:
    """Return the citation of a slice of an article."""
    article = index.article
    start, end = quote_bounds(article, start, end)
    english = english_of(article, start, end)
    return Citation(article.id, article.text[start:end], start, end, article.paragraph(start), english or None)


def fact_sheet(index: ArticleIndex) -> list[Fact]:
    """Return the rows of the fact sheet; a kind the article does not state has one row without a citation."""
    found: dict[str, list[Fact]] = {label: [] for label in LABELS}
    kinds = {
        "person": "who",
        "place": "where",
        "date": "when",
        "time": "when",
        "number": "how_many",
        "quotation": "said",
    }
    seen: set[tuple[str, str]] = set()
    for mention in index.analysis.mentions:
        label = kinds.get(mention.kind)
        key = (label or "", mention.value or mention.text)
        if (
            label is None
            or key in seen
            or len(found[label]) >= MOST
            or (mention.kind == "number" and mention.detail in ("", "ordinal"))
        ):
            continue
        seen.add(key)
        found[label].append(Fact(label, _line(index, mention), cite(index, mention.start, mention.end)))
    for block in index.analysis.lists:
        text = clean(index.article.text[block.header[0] : block.header[1]])
        found["listed"].append(Fact("listed", f"{text} ({len(block.items)})", cite(index, *block.header)))
    return [fact for label in LABELS for fact in (found[label] or [Fact(label, "")])]


def _line(index: ArticleIndex, mention: Mention) -> str:
    thai = clean(mention.text)
    if mention.kind == "person":
        entity = next(
            (e for e in index.analysis.vocabulary.entities if e.kind == "person" and mention.value in e.thai), None
        )
        role = (entity.role_th if entity else "") or mention.detail.split("|")[0]
        english = (entity.english[0] if entity and entity.english else "") or romanize(mention.value)
        return f"{thai} {role}".strip() + f" ({english})"
    return f"{thai} ({mention.english})" if mention.english and mention.english != thai else thai
