"""Of many articles, the few that a question goes to, and which of their answers is given."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.analysis import Vocabulary
from assistant.conversation import leans
from assistant.encoder import Vectors
from assistant.question import understand
from assistant.records import Answer
from assistant.retrieval import dense_text
from assistant.shelf import Filter, Shelf

ASKED = 3  # articles asked; each takes about as long as one asked alone


def shortlist(
    shelf: Shelf,
    words: str,
    history: Sequence[str],
    wanted: Filter,
    vocabulary: Vocabulary,
    encode: Callable[[str], Vectors],
) -> list[tuple[int, float]]:
    """Return the articles that speak most of a question, best first, each with its score over the best one's.

    A few articles are all asked, at equal terms.

    Args:
        shelf: the articles.
        words: the question; with it go the earlier ones that it leans on.
        history: earlier questions, oldest first.
        wanted: which articles may answer.
        vocabulary: the words queries are read with.
        encode: gives the unit row of a question, shape (d,).
    """
    among = shelf.passing(wanted) if wanted != Filter() else None
    passing = range(len(shelf)) if among is None else among.nonzero()[0].tolist()
    if len(passing) <= ASKED:
        return [(number, 1.0) for number in passing]
    question = understand(words, vocabulary)
    for previous in reversed(history):
        if not leans(question):
            break
        words = f"{previous} {words}"
        question = replace(understand(words, vocabulary), language=question.language)
    corpus = shelf.corpus()
    ranking = corpus.rank(question, encode(dense_text(question)), among=among)
    best: dict[int, float] = {}
    for passage, score in zip(ranking.passages, ranking.scores, strict=True):
        best.setdefault(int(corpus.article[passage]), float(score))
        if len(best) == ASKED:
            break
    top = max(max(best.values()), 1e-9)
    return [(number, max(score, 0.0) / top) for number, score in best.items()]


def preference(found: tuple[Answer, float]) -> tuple[bool, float, float]:
    """Order answers of several articles: an answer over none, then the surer, of none the nearest article's.

    Args:
        found: an answer, and its article's score over that of the article which speaks most of the question.
    """
    answer, share = found
    if answer.answered:
        return True, share * answer.confidence, 0.0
    return False, share, -answer.confidence
