"""From findings to an Answer: which finding, is it sure enough, and how it is said."""

from dataclasses import replace

from assistant import participants, premises, typed
from assistant.article import quote_bounds
from assistant.clauses import clause_finding, finding_of, strip_marks
from assistant.confidence import decide
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.prompts import say
from assistant.records import Answer, Citation, Status
from assistant.retrieval import TYPED_KINDS, is_idiom
from assistant.thai import clean

LONGEST, LONGEST_LIST = 600, 1200
NEAR_LIMIT = 220
CERTAIN, CONTEXT = 0.7, 180  # below this confidence a name or number is given in its clause, up to this length


def compose(found: Evidence) -> Answer:
    """Answer a question from its evidence."""
    decision = decide(found)
    finding = decision.finding
    if _off_topic(found, finding):
        return _answer(found, "off_topic", say(found.language, "off_topic"), (), 0.9)
    unknown = unknown_names(found)
    if finding is not None and finding.beyond:
        return _answer(found, "false_premise", say(found.language, "beyond", **finding.values), finding.spans, 0.9)
    if unknown and not (finding is not None and finding.refuted):
        return _declined(found, "false_premise", unknown, 1.0 - decision.confidence)
    if finding is None or not decision.enough or _off_target(found, finding):
        return _declined(found, "not_stated", [], 1.0 - decision.confidence)
    if finding.typed and min(decision.confidence, decision.alone) < CERTAIN:
        finding = _in_context(found, finding)
    return _answer(found, "answered", spoken(found, finding), finding.spans, decision.confidence)


def _in_context(found: Evidence, finding: Finding) -> Finding:
    """Return a name, date or number that is not certain with the words it stands in, for the reader to judge."""
    if finding.template != "plain" or finding.clause < 0 or "\n" in finding.thai:
        return finding
    told = finding_of(found, finding.clause, finding.score)
    start, end = finding.spans[0]
    inside = any(s <= start and end <= e for s, e in told.spans)
    if not inside or len(told.thai) > CONTEXT or len(told.thai) < end - start + 12:
        return finding
    values = {"context_th": told.thai, "context_en": told.english}
    spans = tuple(dict.fromkeys((*finding.spans, *told.spans)))
    return replace(finding, template="context", values=values, spans=spans)


def _off_topic(found: Evidence, finding: Finding | None) -> bool:
    """True when not one word of an open question is spoken of in the article, or it is no sentence but code."""
    if premises.is_code(found.question.text):
        return True
    if found.question.kind in TYPED_KINDS or found.question.history or (finding is not None and finding.sure):
        return False
    return float(found.field.grounded().max(initial=0.0)) < GROUNDED and not premises.strangers(found)


def unknown_names(found: Evidence) -> list[str]:
    """Return the names, phases and rounds of a question that the article does not have."""
    return premises.strangers(found) or ([] if found.question.kind == "yesno" else premises.unknown_numbers(found))


def _false_event(found: Evidence) -> bool:
    """True when a why-question asks for the reason of something the article never tells."""
    return found.question.kind == "why" and any(
        grounded < GROUNDED
        and weight >= SALIENT
        and not is_idiom(term)
        and any(k.startswith("c:") and not k.startswith("c:n_") for k in term.keys)
        for term, weight, grounded in zip(found.field.terms, found.field.weight, found.field.grounded(), strict=True)
    )


def ruled_out(found: Evidence, finding: Finding) -> bool:
    """True when a rule, not the confidence, says that a finding does not answer."""
    return finding.beyond or _off_target(found, finding) or (bool(unknown_names(found)) and not finding.refuted)


def _off_target(found: Evidence, finding: Finding) -> bool:
    """True when what was found is about another time or the holder of another office than asked for."""
    if (
        finding.typed
        and found.question.kind == "who"
        and len(finding.entities) == 1
        and found.question.asks != "role"
        and found.analysis.vocabulary.entities[finding.entities[0]].kind == "person"
        and participants.lacks_office(found, finding.entities[0])
    ):
        return True
    return found.question.kind != "yesno" and (premises.misses_constraint(found, finding) or _false_event(found))


def spoken(found: Evidence, finding: Finding) -> str:
    """Return a finding in the words of the question's language."""
    thai = found.language == "th"
    answer = finding.thai if thai else finding.english or finding.thai
    values = {
        k.removesuffix("_th").removesuffix("_en"): v
        for k, v in finding.values.items()
        if not k.endswith("_en" if thai else "_th")
    }
    if finding.template == "gloss":
        values["quote"] = strip_marks(clean(finding.thai))
    limit = LONGEST_LIST if finding.template == "list" or found.question.kind in ("list", "quote", "meta") else LONGEST
    room = limit - 60 - sum(len(v) for v in values.values())
    if len(answer) > room:
        answer = answer[: max(room, 80)].rsplit(" ", 1)[0] + " …"
    lettered = any(c.isalpha() for c in answer)
    template = "bare" if finding.template == "plain" and not lettered else finding.template
    return say(found.language, template, answer=answer, **values).strip()


def _declined(found: Evidence, status: Status, words: list[str], confidence: float) -> Answer:
    near = clause_finding(found)
    if words and found.question.kind in ("where", "yesno"):
        told = typed.places(found)
        near = finding_of(found, told[0].clause, told[0].score) if told else near
    close = near.score >= 0.3
    text = near.thai if found.language == "th" else near.english
    if len(text) > NEAR_LIMIT:
        text = text[:NEAR_LIMIT].rsplit(" ", 1)[0] + " …"
    named = ("“" + "” “".join(words[:2]) + "”") if words else ""
    key = ("not_mentioned" if words else "not_stated") + ("_near" if close else "")
    values = {"near": text} if close else {}
    return _answer(
        found, status, say(found.language, key, words=named, **values), near.spans if close else (), confidence
    )


def _answer(
    found: Evidence, status: Status, text: str, spans: tuple[tuple[int, int], ...], confidence: float
) -> Answer:
    article = found.analysis.article
    citations = []
    for start, end in dict.fromkeys(spans):
        start, end = quote_bounds(article, start, end)
        english = found.english((start, end)) if found.has_translation((start, end)) else None
        citations.append(Citation(article.id, article.text[start:end], start, end, article.paragraph(start), english))
    return Answer(
        text, found.language, status, found.question.kind, tuple(citations), round(min(max(confidence, 0.0), 1.0), 4)
    )
