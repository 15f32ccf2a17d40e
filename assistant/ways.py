"""Which way of looking answers which kind of question."""

import re
from dataclasses import replace

from assistant import cues as cue_tables
from assistant import identity, lists, participants, typed, verdicts
from assistant.article import quote_bounds
from assistant.clauses import best_of, clause_finding
from assistant.evidence import SALIENT, Evidence, Finding
from assistant.thai import clean

# Asked for with "where", and yet no place that mentions are read for.
NO_PLACE = ("region", "floor", "online", "school", "stadium", "station", "road", "water", "nature", "airport")
NO_DATE = ("order", "delay", "frequency", "holiday", "week", "minute")


def by_kind(found: Evidence) -> Finding | None:
    """Return what the rules for a question's kind find."""
    question = found.question
    kind, asks = question.kind, question.asks
    if question.item and kind in ("what", "list", "quote", "howmany") and asks not in ("headline", "source", "caption"):
        item = lists.item(found, question.item)
        if item is not None:
            return item
    if asks == "headline":
        return _headline(found)
    if asks == "caption":
        return _caption(found)
    if asks == "source":
        return _source(found)
    if asks == "definition":
        return (
            identity.definition(found)
            or (identity.role(found) if found.question.entities else None)
            or clause_finding(found)
        )
    if kind == "who":
        return _who(found)
    if asks == "phone":
        return _howmany(found)
    if kind == "where":
        return clause_finding(found) if asks in NO_PLACE else best_of(typed.places(found))
    if kind == "when":
        return _when(found)
    if kind == "howmany":
        return _howmany(found)
    if kind == "list":
        return lists.everyone(found, _gender(found)) if asks == "people" else _list(found)
    if kind == "yesno":
        return verdicts.polarity(found) if asks == "yesno" else identity.role(found) or clause_finding(found)
    if kind == "quote":
        return _quote(found)
    return clause_finding(found, purpose=kind == "why")


def _gender(found: Evidence) -> str:
    words = cue_tables.load().people_words
    return next((g for g in ("f", "m") if set(found.question.clean.split()) & words[g]), "")


_TOGETHER = re.compile(
    r"\bwho (all )?(met|meets|attended|took part|joined|participated|went|was there|were there)\b"
    r"|ใคร(มา|ไป|เข้า)?(ประชุม|ร่วม|เข้าร่วม|พบ|คุย|เจอ|หารือ)[ก-๙]{0,8}(กัน|บ้าง|$)"
)


def _who(found: Evidence) -> Finding | None:
    if _TOGETHER.search(found.question.clean) and found.question.asks == "person":
        together = lists.together(found)
        if together is not None:
            return together
    if found.question.asks == "role":
        return identity.role(found) or identity.definition(found) or clause_finding(found)
    if found.question.count_asked > 1:
        return lists.everyone(found)
    best = best_of(participants.people(found))
    return best if best is not None or found.question.asks != "group" else clause_finding(found)


def _when(found: Evidence) -> Finding | None:
    if found.question.asks in NO_DATE:
        return clause_finding(found)
    return best_of(typed.dates(found))


def _howmany(found: Evidence) -> Finding | None:
    asks = found.question.asks
    if re.search(r"ลำดับที่|ข้อที่เท่า|ด้านที่เท่า|which number|what number is", found.question.clean):
        place = lists.position(found)
        if place is not None and place.score >= 0.5:
            return place
    best = best_of(typed.numbers(found))
    if asks == "duration":
        years = _years_span(found)
        if years is not None and (best is None or years.score > best.score - 0.1):
            return years
    if asks == "ordinal":
        return best
    if asks == "count":
        index, fit = lists.chosen_list(found)
        if index >= 0 and best is None:
            block = found.analysis.lists[index]
            count = str(len(block.items))
            return Finding(
                fit, (quote_bounds(found.analysis.article, *block.header),), count, count, "counted", typed=True
            )
        if re.search(
            r"named|by name|mentioned|appear|come up|in the (text|article|story)|ชื่อ|เอ่ยถึง|ในข่าว", found.question.clean
        ):
            roster = lists.roster(found)
            if roster is not None:
                count = str(len(roster.entities))
                return replace(roster, thai=count, english=count, template="counted", sure=0.8)
    return best


def _years_span(found: Evidence) -> Finding | None:
    for finding in typed.dates(replace_asks(found, "range")):
        match = re.search(r"(\d{4})–(\d{4})", finding.english)
        if match:
            count = str(int(match[2]) - int(match[1]) + 1)
            return replace(
                finding,
                thai=count,
                english=count,
                template="span_years",
                values={"years_th": finding.thai, "years_en": finding.english},
            )
    return None


def replace_asks(found: Evidence, asks: str) -> Evidence:
    """Return the same evidence with another answer type asked for."""
    return replace(found, question=replace(found.question, asks=asks))


def _list(found: Evidence) -> Finding | None:
    clause = lists.listed_clause(found)
    whole = lists.whole_list(found)
    if whole is not None:
        index = whole.item[0]
        block = found.analysis.lists[index]
        heading = block.header[0] <= found.clause(clause.clause).start < block.items[0][0]
        named = bool(
            set(re.findall(r"[a-z]+|[ก-๙]+", found.question.clean)) & cue_tables.load().item_words[found.language]
        ) or any(
            w in found.question.clean
            for w in ("ประเด็น", "แผน", "ข้อ", "ด้าน", "points", "parts", "components", "measures")
        )
        if heading or (named and whole.score > 0.6) or found.question.count_asked == len(block.items):
            return whole
    return lists.roster(found) or clause


def _quote(found: Evidence) -> Finding | None:
    quote, clause = identity.quoted(found), clause_finding(found)
    if quote is None:
        return clause
    entities = found.analysis.vocabulary.entities
    topic = [
        t
        for t, w in zip(found.field.terms, found.field.weight, strict=True)
        if w >= SALIENT
        and not any(
            k.startswith("g:") and entities[int(k[2:])].kind in ("person", "title", "organisation", "group")
            for k in t.keys
        )
        and t.pos != "v"
        and not any(k in ("c:say", "c:hope", "c:n_quote", "c:n_quotation") for k in t.keys)
    ]
    if not topic:
        return replace(quote, sure=0.85)
    return quote if quote.score >= clause.score - 0.12 else clause


def _headline(found: Evidence) -> Finding | None:
    for block in found.analysis.article.blocks:
        if block.kind == "headline":
            span = (block.start, block.end)
            return Finding(0.9, (span,), clean(found.text(span)), found.english(span), typed=True, clause=0, sure=0.95)
    return None


def _caption(found: Evidence) -> Finding | None:
    captions = [b for b in found.analysis.article.blocks if b.kind == "caption"]
    number = found.question.item or 1
    if not captions or number > len(captions):
        return clause_finding(found)
    span = (
        (captions[number - 1].start, captions[number - 1].end) if number > 0 else (captions[-1].start, captions[-1].end)
    )
    return Finding(0.9, (span,), clean(found.text(span)), found.english(span), typed=True, sure=0.9)


def _source(found: Evidence) -> Finding | None:
    publisher = found.analysis.article.publisher
    at = found.analysis.article.text.rfind(publisher) if publisher else -1
    if at < 0:
        return None
    return Finding(0.9, ((at, at + len(publisher)),), publisher, publisher, typed=True, sure=0.95)
