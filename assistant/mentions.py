"""People, organisations, places, dates, numbers and quotations in an article, with offsets.

Rules over titles, name lists and the text's own layout; no model. Every rule is general: what one
article calls its people comes from the article, or from the glossary that came along with it.
"""

import re
from dataclasses import replace

from assistant.dates import find_dates
from assistant.organisations import Organisations
from assistant.people import People
from assistant.pieces import Piece, pieces_of
from assistant.places import places
from assistant.quantities import numbers
from assistant.quotes import last_speaker, quotations
from assistant.records import Article, Mention


class Reader:
    """Finds the mentions of one article."""

    def __init__(self, article: Article) -> None:
        """Prepare to read an article."""
        self.article = article
        self.entities = {
            form: index
            for index, entry in enumerate(article.glossary)
            for form in entry.th
            if entry.kind in ("person", "organisation", "place", "group")
        }

    def read(self) -> tuple[Mention, ...]:
        """Return every mention, in order of appearance."""
        pieces = pieces_of(self.article)
        own = {form: self.article.glossary[i].th[0] for form, i in self.entities.items()}
        people: list[list[Mention]] = [[] for _ in pieces]
        for index, person in People(pieces, own).read():
            people[index].append(self._with_entity(person))
        organisations = Organisations(pieces)
        found: list[Mention] = []
        speaker = ""
        for index, piece in enumerate(pieces):
            named = sorted(people[index], key=lambda m: m.start)
            quoted = quotations(piece, named, speaker)
            speaker = last_speaker(piece, named, speaker)
            for mention in (
                *named,
                *self._known(piece),
                *organisations.read(index),
                *places(piece),
                *_dates(piece),
                *numbers(piece),
                *quoted,
            ):
                start, end = piece.clean.original(mention.start, mention.end)
                at = piece.block.start
                found.append(self._place_in_clause(replace(mention, start=start + at, end=end + at)))
        return tuple(sorted(_without_overlaps(found), key=lambda m: (m.start, -m.end)))

    def _with_entity(self, person: Mention) -> Mention:
        index = self.entities.get(person.value, -1)
        return replace(person, entity=index, english=self.article.glossary[index].en[0]) if index >= 0 else person

    def _place_in_clause(self, mention: Mention) -> Mention:
        index = 0
        for clause in self.article.clauses:
            if clause.start > mention.start:
                break
            index = clause.index
        return replace(mention, clause=index, text=self.article.text[mention.start : mention.end])

    def _known(self, piece: Piece) -> list[Mention]:
        found = []
        for form, index in self.entities.items():
            entry = self.article.glossary[index]
            for match in re.finditer(re.escape(form), piece.text):
                role = f"{entry.role_th}|{entry.gender}" if entry.kind == "person" else entry.note
                found.append(
                    Mention(entry.kind, match.start(), match.end(), "", 0, entry.th[0], entry.en[0], role, index)
                )
        return found


def _dates(piece: Piece) -> list[Mention]:
    return [
        Mention("time" if w.grain == "time" else "date", w.start, w.end, "", 0, w.value, w.english, w.grain)
        for w in find_dates(piece.text)
    ]


_RANK = {"person": 5, "date": 4, "time": 4}


def _may_hold(outer: Mention, inner: Mention) -> bool:
    """True for a place in the name of a body, and for a body in the office that a person goes by."""
    by_office = outer.kind == "person" and outer.text == outer.detail.split("|")[0]
    return (inner.kind == "place" and outer.kind == "organisation") or (inner.kind == "organisation" and by_office)


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    """Keep, of mentions that overlap, the surer kind, then the longer, then the glossary's."""
    kept: list[Mention] = [m for m in mentions if m.kind == "quotation"]
    rest = sorted(
        (m for m in mentions if m.kind != "quotation"),
        key=lambda m: (-_RANK.get(m.kind, 3), -(m.end - m.start), -m.entity),
    )
    chosen: list[Mention] = []
    for mention in rest:
        rivals = [c for c in chosen if c.start < mention.end and mention.start < c.end]
        if all(_may_hold(r, mention) for r in rivals):
            chosen.append(mention)
        elif mention.entity >= 0 and len(rivals) == 1 and rivals[0].entity < 0 and rivals[0].kind == mention.kind:
            chosen[chosen.index(rivals[0])] = replace(
                rivals[0],
                entity=mention.entity,
                english=mention.english,
                value=mention.value,
                detail=mention.detail if mention.kind == "person" else rivals[0].detail,
            )
    return kept + chosen
