"""Findings that come in lists: an item by its number, a whole list, several people, an enumeration."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant import cues as cue_tables
from assistant.article import quote_bounds
from assistant.clauses import LEAD, clause_finding, finding_of, lead_sentence, strip_marks
from assistant.evidence import Evidence, Finding, Span
from assistant.lexicon import match
from assistant.participants import entity_bag, entity_index, name_of, people
from assistant.records import Mention
from assistant.structure import ListBlock, item_body
from assistant.thai import clean

LIST_ENOUGH = 0.45  # share of a question's weight that a list's heading must carry to be the list meant
LEADING_UP, BODY = 0.8, 0.45  # worth of words before the heading's last clause, and in the items
ITEM_ENOUGH = 0.3
ENUMERATION = 420  # code points that an enumeration may run on for
OFFERED = 3  # lists put forward as candidates
PEER = 0.75  # a further person belongs to a list from this share of the best score on


def header_support(found: Evidence, block: ListBlock) -> float:
    """Return how much of the question a list's heading (and what leads up to it) speaks of."""
    inside = [c.index for c in found.analysis.article.clauses if block.header[0] <= c.start < block.header[1]]
    field = found.field
    if not inside or not len(field.weight):
        return 0.0
    heading = np.maximum(field.strength[:, inside[-1]], LEADING_UP * field.strength[:, inside].max(axis=1))
    items = [c.index for c in found.analysis.article.clauses if block.items[0][0] <= c.start < block.items[-1][1]]
    body = field.strength[:, items].max(axis=1) if items else heading
    support = np.maximum(heading, BODY * body)
    dense = float(field.dense[inside].max())
    return float(field.weight @ support) / max(float(field.weight.sum()), 1e-9) + 0.3 * dense


def chosen_list(found: Evidence) -> tuple[int, float]:
    """Return the number of the list that the question means and how well it fits, (-1, 0.0) when there is none."""
    best, fit = -1, 0.0
    for index, block in enumerate(found.analysis.lists):
        support = header_support(found, block)
        if found.question.count_asked == len(block.items):
            support += 0.25
        if support > fit:
            best, fit = index, support
    return best, fit


def item(found: Evidence, number: int, which: int = -1) -> Finding | None:
    """Return one item of the list that the question means; `beyond` is set when the list is shorter."""
    index, fit = (which, 1.0) if which >= 0 else chosen_list(found)
    if index < 0:
        return None
    block = found.analysis.lists[index]
    number = len(block.items) if number < 0 else number
    if not 1 <= number <= len(block.items):
        header = quote_bounds(found.analysis.article, *block.header)
        count = str(len(block.items))
        return Finding(
            fit, (header,), "", "", "beyond", {"count": count, "item": str(number)}, item=(index, number), beyond=True
        )
    span = block.items[number - 1]
    body = item_body(found.analysis.article, span)
    return Finding(
        fit,
        (quote_bounds(found.analysis.article, *span),),
        clean(found.text(body)),
        strip_marks(found.english(span)),
        "plain",
        clause=_clause_at(found, span[0]),
        item=(index, number),
        sure=0.92 if fit >= ITEM_ENOUGH else 0.0,
    )


def position(found: Evidence) -> Finding | None:
    """Return which number an item has in its list ("which number is prevention?")."""
    best: Finding | None = None
    for which, block in enumerate(found.analysis.lists):
        for number, span in enumerate(block.items, 1):
            inside = [c.index for c in found.analysis.article.clauses if span[0] <= c.start < span[1]]
            score = max(float(found.field.own[i]) for i in inside) if inside else 0.0
            if best is None or score > best.score:
                best = Finding(
                    score,
                    (quote_bounds(found.analysis.article, *span),),
                    f"{number}",
                    f"{number}",
                    "position",
                    {
                        "body_th": clean(found.text(item_body(found.analysis.article, span))),
                        "body_en": strip_marks(found.english(span)),
                    },
                    item=(which, number),
                )
    return best


def whole_list(found: Evidence) -> Finding | None:
    """Return the list that the question means with all its items in order."""
    index, fit = chosen_list(found)
    return _whole(found, index, fit) if index >= 0 and fit >= LIST_ENOUGH else None


def _whole(found: Evidence, index: int, fit: float) -> Finding:
    block = found.analysis.lists[index]
    thai = [clean(found.text(item_body(found.analysis.article, s))) for s in block.items]
    lines_th = "\n".join(f"{n}. {_short(t, 1000 // len(thai))}" for n, t in enumerate(thai, 1))
    lines_en = ""
    if found.language == "en":
        english = [strip_marks(found.english(s)) for s in block.items]
        lines_en = "\n".join(f"{n}. {_short(t, 1000 // len(english))}" for n, t in enumerate(english, 1))
    spans = [quote_bounds(found.analysis.article, *s) for s in block.items]
    header = quote_bounds(found.analysis.article, *block.header)
    clause = _clause_at(found, block.items[0][0])
    return Finding(fit, (header, *spans), lines_th, lines_en, "list", clause=clause, item=(index, 0))


def offered(found: Evidence, clauses: Sequence[Finding]) -> list[Finding]:
    """Return the likeliest lists of the article, best first, then the enumerations that begin in some clauses."""
    fits = [header_support(found, block) for block in found.analysis.lists]
    order = sorted(range(len(fits)), key=lambda i: (-fits[i], i))[:OFFERED]
    runs = (enumeration(found, clause) for clause in clauses)
    return [*(_whole(found, i, fits[i]) for i in order), *(run for run in runs if run is not None)]


def enumeration(found: Evidence, finding: Finding) -> Finding | None:
    """Return a clause with what its sentence goes on to enumerate, None when it ends the sentence already."""
    start, end = finding.spans[0][0], found.sentence(finding.clause)[1]
    span = quote_bounds(found.analysis.article, start, min(end, max(finding.spans[0][1], start + ENUMERATION)))
    if span[1] <= finding.spans[0][1]:
        return None
    english = found.english(span) if found.language == "en" else ""
    return replace(finding, spans=(span,), thai=clean(found.text(span)), english=english)


def _short(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[:limit].rsplit(" ", 1)[0]
    return (cut if len(cut) > limit // 2 else text[:limit]) + " …"


def listed_clause(found: Evidence) -> Finding:
    """Return the sentence that enumerates what the question asks for."""
    finding = clause_finding(found)
    if not found.analysis.article.translation and any(e in finding.thai for e in cue_tables.load().enumerators):
        return enumeration(found, finding) or finding
    parts = [finding]
    for step in (1, 2):
        index = finding.clause + step
        clauses = found.analysis.article.clauses
        if index < len(clauses) and clauses[index].sentence == clauses[finding.clause].sentence:
            more = finding_of(found, index, 0.0)
            if (
                all(more.spans[0] != p.spans[0] for p in parts)
                and float(found.field.score[index]) >= 0.7 * finding.score
            ):
                parts.append(more)
    if len(parts) == 1:
        return finding
    return Finding(
        finding.score,
        tuple(p.spans[0] for p in parts),
        " ".join(p.thai for p in parts),
        "; ".join(p.english for p in parts),
        finding.template,
        clause=finding.clause,
    )


def roster(found: Evidence) -> Finding | None:
    """Return the people, bodies or places of the sort that a question counts or lists ("which ministries …")."""
    words = cue_tables.load().people_words
    asked = (
        set(found.question.clean.replace(",", " ").replace("?", " ").split())
        if found.language == "en"
        else {w for kind in words.values() for w in kind if w in found.question.clean}
    )
    kind = next((k for k in ("organisation", "place", "person") if asked & words[k]), "")
    gender = next((g for g in ("f", "m") if asked & words[g]), "")
    if not kind:
        return None
    if kind == "person":
        return everyone(found, gender)
    sort = [
        t
        for t in found.field.terms
        if t.text in words[kind] and t.text not in ("หน่วยงาน", "หน่วย", "body", "bodies", "organisation", "organization")
    ]
    sides = {
        s
        for t in found.field.terms
        for k in t.keys
        if k.startswith("g:")
        for e in (found.analysis.vocabulary.entities[int(k[2:])],)
        if e.kind == "place"
        for s in e.side
    }
    keep: dict[int, Mention] = {}
    for mention in found.analysis.mentions:
        index = entity_index(found, mention)
        if mention.kind != kind or index < 0 or index in keep:
            continue
        entity = found.analysis.vocabulary.entities[index]
        bag = entity_bag(found, entity)
        if (sides and kind == "organisation" and not sides & set(entity.side)) or any(
            match(t.keys, bag) < 0.5 for t in sort
        ):
            continue
        keep[index] = mention
    if not keep:
        return None
    names = [name_of(found, m) for m in keep.values()]
    return Finding(
        0.7,
        tuple((m.start, m.end) for m in keep.values()),
        "\n".join(f"- {t}" for t, _ in names),
        "\n".join(f"- {e}" for _, e in names),
        "plain",
        typed=True,
        clause=next(iter(keep.values())).clause,
        entities=tuple(keep),
        sure=0.75,
    )


def everyone(found: Evidence, gender: str = "") -> Finding | None:
    """Return every person the article names, or those that fit what the question says of them."""
    ranked = people(found)
    asked = [
        f
        for f in ranked
        if f.entities and (not gender or found.analysis.vocabulary.entities[f.entities[0]].gender == gender)
    ]
    if not asked:
        return None
    words = cue_tables.load().people_words
    sorts = words["person"] | words["f"] | words["m"]
    everybody = re.search(r"\b(all|every|everyone|everybody)\b|ทุกคน|ทั้งหมด", found.question.clean) and not [
        t
        for t, w in zip(found.field.terms, found.field.weight, strict=True)
        if w >= 0.35 and t.pos == "" and any(k.startswith("g:") for k in t.keys)
    ]
    plain = bool(everybody) or not [
        t
        for t, w in zip(found.field.terms, found.field.weight, strict=True)
        if w >= 0.35
        and t.text not in sorts
        and t.text not in ("โผล่", "เอ่ย", "เอ่ยถึง", "โผล่มา", "ปรากฏ", "named", "mentioned", "story", "article")
    ]
    first: dict[int, Finding] = {}
    for finding in asked:
        first.setdefault(finding.entities[0], finding)
    persons = [i for i in first if found.analysis.vocabulary.entities[i].kind == "person"]
    keep = persons if plain else [i for i in persons if first[i].score >= PEER * asked[0].score]
    if found.question.count_asked > 1:
        keep = sorted(persons, key=lambda i: -first[i].score)[: found.question.count_asked]
    if not keep:
        return asked[0]
    keep.sort(key=lambda i: _first_mention(found, i).start)
    mentions = [_first_mention(found, i) for i in keep]
    names = [name_of(found, m) for m in mentions]
    spans: tuple[Span, ...] = tuple((m.start, m.end) for m in mentions)
    return Finding(
        max(asked[0].score, 0.5 if plain else 0.0),
        spans,
        "\n".join(f"- {t}" for t, _ in names) if len(names) > 1 else names[0][0],
        "\n".join(f"- {e}" for _, e in names) if len(names) > 1 else names[0][1],
        "plain",
        typed=True,
        clause=mentions[0].clause,
        entities=tuple(keep),
        sure=0.9 if plain else 0.0,
    )


def together(found: Evidence) -> Finding | None:
    """Return everyone named in the sentence that best tells who came together."""
    ranked = [
        f for f in people(found) if f.entities and found.analysis.vocabulary.entities[f.entities[0]].kind == "person"
    ]
    if not ranked:
        return None
    lead = lead_sentence(found.analysis)
    best = max(ranked, key=lambda f: f.score + (LEAD if found.clause(f.clause).sentence == lead else 0.0))
    sentence = found.clause(best.clause).sentence
    inside = [m for m in found.analysis.mentions if m.kind == "person" and found.clause(m.clause).sentence == sentence]
    first = {entity_index(found, m): m for m in reversed(inside)}
    mentions = sorted(first.values(), key=lambda m: m.start)
    names = [name_of(found, m) for m in mentions]
    span = (min(m.start for m in mentions), max(found.clause(m.clause).end for m in mentions))
    return Finding(
        best.score,
        (span,),
        "\n".join(f"- {t}" for t, _ in names) if len(names) > 1 else names[0][0],
        "\n".join(f"- {e}" for _, e in names) if len(names) > 1 else names[0][1],
        typed=True,
        clause=best.clause,
        entities=tuple(first),
    )


def _first_mention(found: Evidence, entity: int) -> Mention:
    mine = [m for m in found.analysis.mentions if m.kind == "person" and entity_index(found, m) == entity]
    return max(mine, key=lambda m: (len(m.detail) > 3, -m.start)) if mine else found.analysis.mentions[0]


def _clause_at(found: Evidence, start: int) -> int:
    return max((c.index for c in found.analysis.article.clauses if c.start <= start), default=0)
