"""Rows of the fact sheet that name: people, each once with all the forms they go by, and places, events first."""

import re
from collections.abc import Iterator

from assistant import gazetteer
from assistant import lexicon as lex
from assistant.analysis import Entity
from assistant.indexing import ArticleIndex
from assistant.names import PERSON_TITLES, romanize
from assistant.pieces import ROLE_WORDS, SPEECH, WORDS
from assistant.records import Fact, Language, Mention
from assistant.sheet import cut, in_language, row, say
from assistant.thai import clean, tokens

_TITLED = tuple(PERSON_TITLES)
_ALIAS = re.compile(r"\s*(?:หรือ|ชื่อเล่น|ฉายา|นามแฝง|หรือที่รู้จักในชื่อ|\()\s*[\"“'‘]?\s*")
_TOLD = "|".join((*SPEECH, *WORDS["role_end"]))
_SPOKE = re.compile(rf"\s(?:{_TOLD})|\s{{2,}}|\s*\(?(?:อายุ|วัย)\s?\d|^[^(]*(?=\))")
_AGE = re.compile(r"\s*\(?(?:อายุ|วัย)\s*[\d๐-๙]+\s*ปี\)?\s*(?:อาชีพ)?")
_CLOSE_BY = re.compile(r"[ ,(]*")
_LONGEST_ROLE = 70
_EVENT = re.compile(r"(?:ที่|ณ|บริเวณ|ใน|พื้นที่|ภายใน)\s?$")
_ROUTE = re.compile(r"(?:จาก|ไปยัง|ไป|ถึง|สู่|ริม|หน้า|ใกล้|ทาง|และ|,)\s?$")
_HOME = re.compile(r"(?:ชาว|คน|จาก|ทีมชาติ|ภูมิลำเนา)\s?$")
_DATELINE = re.compile(r"\s*[-–—]\s")
_HEADED = tuple(sorted(WORDS["place_heads"], key=len, reverse=True))
_NOT_PARTS = frozenset(["", "นคร", "กรุง", "เมือง"])  # heads that a name may begin with and be no part of an address
_SHORT_HEADS = ("อ.", "ต.", "จ.")
_LONGEST_NAME = 16
_BYLINE = re.compile(r"(?:ผู้สื่อข่าว|ภาพ|เรื่อง|รายงาน|เรียบเรียง|เขียน|ผู้เขียน|บรรณาธิการ|ที่มา)\s*[::/]\s*$")


# --- who


def people_of(index: ArticleIndex) -> list[list[Mention]]:
    """Return the mentions of each person of the news, people in order of appearance."""
    told = [m for m in index.analysis.mentions if m.kind == "person" and _is_news(index, m)]
    also: dict[str, str] = {}
    short = {m.value: _key(index, m) for m in told if " " not in m.value}
    for one in told:
        alias = _ALIAS.match(index.article.text, one.end)
        for name, key in short.items():
            if alias and key != _key(index, one) and index.article.text.startswith(name, alias.end()):
                also.setdefault(key, _key(index, one))
    groups: dict[str, list[Mention]] = {}
    for mention in told:
        key = _key(index, mention)
        groups.setdefault(also.get(key, key), []).append(mention)
    return list(groups.values())


def best_mention(mentions: list[Mention]) -> Mention:
    """Return the mention that says most of who someone is: with title, full name and role."""
    return max(
        mentions, key=lambda m: (" " in m.value, m.text.startswith(_TITLED), bool(m.detail.strip("|")), -m.start)
    )


def entity_of(index: ArticleIndex, mention: Mention) -> Entity | None:
    """Return the person that a mention speaks of, as the article's vocabulary knows them."""
    return next((e for e in index.analysis.vocabulary.entities if e.kind == "person" and mention.value in e.thai), None)


def name_of(index: ArticleIndex, mention: Mention, language: Language) -> str:
    """Return what to call a person in a language."""
    if language == "th":
        return clean(mention.text)
    entity = entity_of(index, mention)
    return (entity.english[0] if entity and entity.english else "") or mention.english or romanize(mention.value)


def who(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each person: name in both languages, role or title with the organisation."""
    for mentions in people_of(index):
        best = best_mention(mentions)
        thai, english = name_of(index, best, "th"), name_of(index, best, "en")
        entity = entity_of(index, best)
        roles = [r for m in (best, *mentions) if (r := _role(index, m))]
        role, end = roles[0] if roles else ("", best.end)
        own = entity.role_th if entity and best.entity >= 0 else ""
        role = own or role
        if language == "en" and role:
            role = (entity.role_en if entity else "") or in_language(index, role, language)
        names = {"name": english, "other": thai} if language == "en" else {"name": thai, "other": english}
        text = say(language, "person_role" if role else "person", role=role, **names)
        yield row(index, "who", text, (best.start, end if best.end <= end <= best.end + 160 else best.end))


def _key(index: ArticleIndex, mention: Mention) -> str:
    entity = entity_of(index, mention)
    return entity.thai[0] if entity else mention.value


def _is_news(index: ArticleIndex, mention: Mention) -> bool:
    block = index.article.blocks[index.article.clauses[mention.clause].block] if index.article.clauses else None
    byline = _BYLINE.search(index.article.text[max(0, mention.start - 20) : mention.start])
    return block is None or (block.kind != "source" and not byline)


def _role(index: ArticleIndex, mention: Mention) -> tuple[str, int] | None:
    """Return the role that a mention gives, and where it ends in the text."""
    said, text = mention.detail.split("|")[0], index.article.text
    if said and mention.text.startswith(said):  # an office that stands for the person
        return said, mention.end
    if said:
        role = _SPOKE.split(said)[0].strip(" ,()" if said.count("(") != said.count(")") else " ,")
        role = _without_deeds(role)
        gap = _CLOSE_BY.match(text, mention.end)
        start = gap.end() if gap else mention.end
        return (role, start + len(role) if clean(text[start : start + len(role)]) == role else 0) if role else None
    age = _AGE.match(text, mention.end)
    described = re.compile(r"[ก-์.]+(?: [\d๐-๙]+ [ก-์]+)?").match(text, age.end()) if age else None
    if described and described.group().startswith((*WORDS["describers"], *ROLE_WORDS)):
        ending = re.search("(?:กล่าว|เปิดเผย|เล่า|ระบุ|ซึ่ง|เป็นจำเลย)", described.group())
        role = clean(described.group()[: ending.start()] if ending else described.group())
        return (cut(role, _LONGEST_ROLE), age.end() + len(role) if age else 0) if role else None
    return None


def _without_deeds(role: str) -> str:
    """Return a role without what its holder did, where that begins after a space: "director opened a library"."""
    chunks = role.split(" ")
    for count, chunk in enumerate(chunks[1:], 1):
        words = tokens(chunk)
        if words and lex.load().pos(words[0].text) == "v":
            return " ".join(chunks[:count])
    return role


# --- where


def where(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield the places: those where something happened first; countries that only qualify a word not at all."""
    ranked: dict[int, list[tuple[list[Mention], int, int]]] = {0: [], 1: [], 2: []}
    for chain in _addresses(index):
        start, end = _headed(index, chain[0]), _whole(index, chain[-1])
        ranked[_weight(index, chain, end)].append((chain, start, end))
    if not ranked[0] and not ranked[1]:
        ranked[1] = ranked[2]
    told: set[str] = set()
    for chain, start, end in (*ranked[0], *ranked[1]):
        values = {_bare(m.value) for m in chain}
        if values <= told:
            continue
        told |= values
        thai = clean(index.article.text[start:end])
        english = ", ".join(dict.fromkeys(_english(index, m, _whole(index, m)) for m in chain))
        names = {"name": english, "other": thai} if language == "en" else {"name": thai, "other": english}
        yield row(index, "where", say(language, "place", **names), (start, end))


def is_event_place(index: ArticleIndex, mention: Mention) -> bool:
    """True for a place at which, by the words before it or by the dateline, something happened."""
    return _weight(index, [mention], mention.end) == 0


def _addresses(index: ArticleIndex) -> list[list[Mention]]:
    """Return the places, the parts of one address together."""
    text = index.article.text
    bodies = [(m.start, m.end) for m in index.analysis.mentions if m.kind in ("organisation", "person", "quotation")]
    chains: list[list[Mention]] = []
    for mention in index.analysis.mentions:
        if mention.kind != "place" or not _is_news(index, mention) or mention.value.startswith("ที่"):
            continue
        if any(s <= mention.start < e and (s, e) != (mention.start, mention.end) for s, e in bodies):
            continue
        joined = chains and re.fullmatch(" {1,3}", text[_whole(index, chains[-1][-1]) : mention.start])
        if joined and (head := _head(mention)) not in _NOT_PARTS and head != _head(chains[-1][-1]):
            chains[-1].append(mention)
        else:
            chains.append([mention])
    return chains


def _weight(index: ArticleIndex, chain: list[Mention], end: int) -> int:
    text, first, start = index.article.text, chain[0], _headed(index, chain[0])
    before = text[max(0, start - 12) : start]
    country = all(_is_country(m) for m in chain)
    block = index.article.blocks[index.article.clauses[first.clause].block]
    if first.start - block.start <= 8 and _DATELINE.match(text, end):
        return 0
    if _EVENT.search(before) and not (country and before.endswith("ใน")):
        return 0
    if country:
        return 1 if _ROUTE.search(before) and not before.endswith("และ") else 2
    return 1


def _is_country(mention: Mention) -> bool:
    known = gazetteer.places().get(mention.value, ("", ""))[1]
    return known == "country" or mention.detail == "country"


def _whole(index: ArticleIndex, mention: Mention) -> int:
    """Return where the name of a place ends: a district's name goes on to the next space."""
    text = index.article.text
    if not mention.text.startswith(_SHORT_HEADS):
        return mention.end
    rest = re.compile("[ก-์]*").match(text, mention.end)
    end = rest.end() if rest else mention.end
    closed = text[end : end + 1] in ("", " ", "\n", ",", ")", "\r", "\xa0")
    return end if closed and end - mention.start <= _LONGEST_NAME else mention.end


def _head(mention: Mention) -> str:
    return next((h for h in _HEADED if mention.text.startswith(h)), "")


def _headed(index: ArticleIndex, mention: Mention) -> int:
    """Return where a place begins, with the word for its kind before it."""
    before = index.article.text[max(0, mention.start - 12) : mention.start]
    return mention.start - next((len(h) for h in _HEADED if len(h) > 2 and before.endswith(h)), 0)


def _bare(name: str) -> str:
    head = next((h for h in _HEADED if len(h) > 1 and name.startswith(h) and len(name) - len(h) > 2), "")
    return name.removeprefix(head).strip()


def _english(index: ArticleIndex, mention: Mention, end: int) -> str:
    name = clean(index.article.text[mention.start : end])
    if end > mention.end or (mention.english and mention.english.islower()) or not mention.english:
        return romanize(_bare(name))
    return mention.english
