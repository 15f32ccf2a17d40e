"""Who is meant: the people, bodies and groups that a question may ask for, weighed by what they do and hold."""

import re
from dataclasses import replace

from assistant import cues as cue_tables
from assistant.analysis import Entity, bag_of
from assistant.evidence import Evidence, Finding
from assistant.grammar import is_converse, is_target, side_asked, side_in_clause
from assistant.lexicon import Keys, Term, match
from assistant.names import romanize
from assistant.premises import unasked_time
from assistant.records import Mention
from assistant.thai import clean, fold, normalize

SIDE, ASKED_ABOUT, SPEAKER = (
    0.1,
    0.4,
    0.45,
)  # what standing on the side asked for, being named in the question, and speaking count
TYPE_MISMATCH, TITLE_MISMATCH = 0.25, 0.25  # malus of another sort of body, of another office
UNASKED = 0.15  # malus of who took part another time than asked about
ROLE_GAP = 14  # code points between a name and the body its office belongs to


OFFICE = re.compile(
    r"minister|secretary$|ambassador|governor|inspector|director|mayor|president|spokes|general$|chief|judge|commissioner"
)


KIND_PENALTY = {"organisation": 0.05, "group": 0.08, "place": 0.12}


PERSON_ONLY = re.compile(r"\b(name|named|official|person|individual|officer|man|woman|mr|mrs|she|he)\b|ชื่อ|คนไหน|ท่านไหน")


def entity_bag(found: Evidence, entity: Entity) -> Keys:
    """Return the keys of all that an article says an entity is: names, role, side."""
    vocabulary = found.analysis.vocabulary
    index = vocabulary.entities.index(entity)
    key = f"bag {index}"
    if key in found.analysis.memo:
        bag: Keys = found.analysis.memo[key]
        return bag
    thai = vocabulary.thai_terms(normalize(f"{entity.thai[0]} {entity.role_th}").text)
    english = vocabulary.english_terms(fold(" ; ".join((entity.role_en, *entity.english[:2], *entity.side))))
    bag = found.analysis.memo[key] = bag_of(
        [replace(t, parts=()) if any(k.startswith(("c:n_", "g:")) for k in t.keys) else t for t in (*thai, *english)]
    )
    return bag


def entity_index(found: Evidence, mention: Mention) -> int:
    """Return the number of the entity a mention names, -1 when there is none."""
    if mention.entity >= 0:
        return mention.entity
    for index, entity in enumerate(found.analysis.vocabulary.entities):
        if entity.kind == mention.kind and (mention.value in entity.thai or mention.text in entity.thai):
            return index
    return -1


def name_of(found: Evidence, mention: Mention, *, role: bool = True) -> tuple[str, str]:
    """Return a mention in Thai and English, a person with the role the article gives."""
    index = entity_index(found, mention)
    entity = found.analysis.vocabulary.entities[index] if index >= 0 else None
    thai = clean(mention.text)
    english = (
        (entity.english[0] if entity and entity.english else "") or mention.english or romanize(mention.value or thai)
    )
    if mention.kind == "person" and entity:
        full = entity.thai[0]
        thai = clean(mention.text) if len(clean(mention.text)) >= len(full) else full
        role_th, role_en = entity.role_th or mention.detail.split("|")[0], entity.role_en
        if role and role_th:
            thai = f"{thai} {role_th}"
        if role and role_en:
            english = f"{english}, {role_en}"
    return thai, english


def people(found: Evidence) -> list[Finding]:
    """Return the people, organisations and groups that could be meant, best first."""
    asks, question = found.question.asks, found.question.clean
    side = side_asked(question, found.language)
    named_only = bool(PERSON_ONLY.search(question)) and asks != "organisation"
    bags: dict[int, Keys] = {}
    offices = frozenset(
        i for i, t in enumerate(found.field.terms) if _is_office(found, t) and is_target(question, found.language, t)
    )
    results: list[Finding] = []
    best_clause = int(found.field.score.argmax()) if found.field.score.size else -1
    for mention in (*found.analysis.mentions, *_groups(found)):
        if mention.kind not in ("person", "organisation", "group", "place") or (
            mention.kind == "place" and mention.detail != "country"
        ):
            continue
        if (asks == "organisation" and mention.kind not in ("organisation",)) or (
            asks == "group" and mention.kind != "group"
        ):
            continue
        if (named_only and mention.kind != "person") or (
            asks == "person" and mention.kind == "organisation" and _in_a_role(found, mention)
        ):
            continue
        index = entity_index(found, mention)
        if index >= 0 and index not in bags:
            bags[index] = entity_bag(found, found.analysis.vocabulary.entities[index])
        score = found.score_with(mention.clause, bags.get(index, {}), offices) - (
            KIND_PENALTY.get(mention.kind, 0.0) if asks == "person" else 0.0
        )
        if index in found.question.entities or match({f"g:{index}": 1.0}, bag_of(found.field.terms)) >= 0.99:
            score -= ASKED_ABOUT
        score += _side_bonus(found, mention, side) - _mismatch(found, bags.get(index, {}), index)
        score += _speaker_bonus(found, mention, best_clause)
        score -= _described(found, bags.get(index, {}), index)
        score -= UNASKED if unasked_time(found, mention.clause) else 0.0
        thai, english = name_of(found, mention)
        results.append(
            Finding(
                score,
                ((mention.start, mention.end),),
                thai,
                english,
                "plain",
                clause=mention.clause,
                typed=True,
                entities=(index,) if index >= 0 else (),
            )
        )
    return sorted(results, key=lambda f: -f.score)


def _in_a_role(found: Evidence, mention: Mention) -> bool:
    """True for an organisation named only as part of somebody's office ("… ปลัด พม.")."""
    for person in found.analysis.mentions:
        if person.kind == "person" and 0 <= mention.start - person.end <= ROLE_GAP:
            gap = clean(found.text((person.end, mention.start)))
            if not any(w in gap for w in (" และ", "กับ", "จาก", "ให้", "ได้")):
                return True
    return False


def _speaker_bonus(found: Evidence, mention: Mention, best: int) -> float:
    """Return a bonus for who stands beside a quotation, when its words are what the question asks about."""
    if mention.kind != "person" or best < 0:
        return 0.0
    for quote in found.analysis.mentions:
        if quote.kind == "quotation" and quote.start <= found.clause(best).start < quote.end:
            near = (
                found.clause(mention.clause).block == found.clause(best).block
                and not quote.start <= mention.start < quote.end
            )
            return SPEAKER if near else 0.0
    return 0.0


def _described(found: Evidence, bag: Keys, index: int) -> float:
    """Return a malus for somebody whom the question itself describes by office or country, as another participant."""
    if not bag or index < 0:
        return 0.0
    question, language = found.question.clean, found.language
    entity = found.analysis.vocabulary.entities[index]
    kinds = cue_tables.load().type_words["who"]
    for number, term in enumerate(found.field.terms):
        offices = {k for k in term.keys if k.startswith("c:n_") and OFFICE.search(k)}
        if offices and any(k in bag for k in offices) and not is_target(question, language, term):
            return ASKED_ABOUT
        body = term.text in kinds or term.text.removesuffix("s") in kinds
        if (
            body
            and number
            and match(term.keys, bag) >= 0.5
            and not is_target(question, language, found.field.terms[number - 1])
            and _country_sides(found, found.field.terms[number - 1]) & set(entity.side)
        ):
            return ASKED_ABOUT
    return 0.0


def _country_sides(found: Evidence, term: Term) -> set[str]:
    entities = found.analysis.vocabulary.entities
    return {
        side
        for k in term.keys
        if k.startswith("g:") and entities[int(k[2:])].kind in ("place", "group")
        for side in entities[int(k[2:])].side
    }


def _mismatch(found: Evidence, bag: Keys, index: int) -> float:
    """Return a malus for a candidate of another sort (a company for a ministry) or another country than asked for."""
    kinds = cue_tables.load().type_words["who"]
    terms = found.field.terms
    malus = 0.0
    for number, term in enumerate(terms):
        if (
            term.text not in kinds
            and term.text.removesuffix("s") not in kinds
            and not is_target(found.question.clean, found.language, term)
        ):
            continue
        if (
            (term.text in kinds or term.text.removesuffix("s") in kinds)
            and found.question.asks == "organisation"
            and bag
            and match(term.keys, bag) < 0.5
            and term.text not in ("name", "ชื่อ")
        ):
            malus = TYPE_MISMATCH
        beside = terms[max(0, number - 1) : number + 2]
        countries = [
            int(k[2:])
            for t in beside
            for k in t.keys
            if k.startswith("g:") and found.analysis.vocabulary.entities[int(k[2:])].kind == "place"
        ]
        sides = found.analysis.vocabulary.entities[index].side if index >= 0 else ()
        if (
            countries
            and sides
            and not any(set(found.analysis.vocabulary.entities[c].side) & set(sides) for c in countries)
        ):
            malus += TYPE_MISMATCH
            break
    if bag and any(_title_missing(t, bag) and is_target(found.question.clean, found.language, t) for t in terms):
        malus += TITLE_MISMATCH
    return malus


def _is_office(found: Evidence, term: Term) -> bool:
    entities = found.analysis.vocabulary.entities
    return any(
        (k.startswith("c:n_") and OFFICE.search(k)) or (k.startswith("g:") and entities[int(k[2:])].kind == "title")
        for k in term.keys
    )


def lacks_office(found: Evidence, index: int) -> bool:
    """True when a question asks for the holder of an office that an entity does not hold."""
    bag = entity_bag(found, found.analysis.vocabulary.entities[index])
    return any(_title_missing(t, bag) and is_target(found.question.clean, found.language, t) for t in found.field.terms)


def _title_missing(term: Term, bag: Keys) -> bool:
    """True when a question names an office that a candidate does not hold."""
    offices = {k for k in term.keys if k.startswith("c:n_") and OFFICE.search(k)}
    return bool(offices) and not any(k in bag for k in (*offices, *(k for k in term.keys if k.startswith("g:"))))


_GROUP = re.compile(
    r"(?:ผู้(?:เสียหาย|ประสบภัย|ป่วย|บาดเจ็บ|เสียชีวิต|สูงอายุ|ต้องหา|กระทำความผิด[ก-๙]{0,3}|สื่อข่าว|อพยพ|บริโภค|ประกอบการ|ปกครอง|โดยสาร)|เจ้าหน้าที่(?:ของรัฐ|ตำรวจ)?|ตำรวจ|ทหารช่าง|ทหาร"
    r"|ประชาชน|ชาวบ้าน|ชาวนา|เกษตรกร|นักเรียน|นักศึกษา|อาสาสมัคร|สตรี(?:ไทย)?|คนไทย|แรงงานต่างด้าว|เด็ก(?:นักเรียน)?|คนพิการ|คณะผู้แทน)"
)


def _groups(found: Evidence) -> list[Mention]:
    if "groups" in found.analysis.memo:
        known: list[Mention] = found.analysis.memo["groups"]
        return known
    mentions = found.analysis.memo["groups"] = []
    for match_ in _GROUP.finditer(found.analysis.article.text):
        clause = max((c.index for c in found.analysis.article.clauses if c.start <= match_.start()), default=0)
        word = normalize(match_.group()).text
        mentions.append(
            Mention("group", match_.start(), match_.end(), match_.group(), clause, word, _group_english(found, word))
        )
    return mentions


def _group_english(found: Evidence, word: str) -> str:
    from assistant.glossing import gloss

    english = gloss(found.analysis.vocabulary, word)
    return {"police": "the police"}.get(english, english)


def _side_bonus(found: Evidence, mention: Mention, side: str) -> float:
    if not side:
        return 0.0
    clause = found.clause(mention.clause)
    terms = found.analysis.clause_terms[mention.clause]
    best, position, flip = 0.0, -1, False
    for asked, weight in zip(found.field.terms, found.field.weight, strict=True):
        if asked.pos != "v" and not any(k.startswith("c:") and not k.startswith("c:n_") for k in asked.keys):
            continue
        for told in terms:
            converse = is_converse(asked, told.keys)
            strength = 0.8 if converse else match(asked.keys, told.keys)
            if strength * weight > best and strength >= 0.5:
                best, position, flip = strength * weight, clause.start + told.start, converse
    if position < 0:
        return 0.0
    told_side = side_in_clause(mention.start, position)
    if flip:
        told_side = "object" if told_side == "subject" else "subject"
    return SIDE if told_side == side else -SIDE
