"""Places: those the gazetteer knows, those a head word announces with their full extent, and lists of places."""

import re
from dataclasses import replace
from functools import lru_cache

from assistant import gazetteer
from assistant import lexicon as lex
from assistant.names import PERSON_TITLES
from assistant.pieces import NAME_END, ROLE_END, ROLE_WORDS, RUN, SPEECH, WORDS, Finder, Piece, run_end, unknown
from assistant.records import Mention
from assistant.thai import Token, tokens

_KINDS: dict[str, str] = WORDS["place_heads"]
_HEADS = tuple(sorted(_KINDS, key=len, reverse=True))
_WEAK = frozenset(WORDS["weak_place_heads"])
_AMBIGUOUS = frozenset(WORDS["ambiguous_places"])
_ENDS = frozenset(WORDS["place_ends"])
_JOINED = re.compile(r"(?:แห่งใหม่|แห่งที่ \d)?-(?=[ก-์])")
_MORE = re.compile(
    r"(?:,? (?!และ|หรือ|นาย|นาง)[ก-์]+){0,6}? ?(?:และ|หรือ) ?"
    r"(?:จังหวัด|เมือง|จ\.|อ\.|ต\.)?(?P<last>[ก-ฮเ-ไ][ก-์]+)"
)
_WIDE = frozenset(WORDS["wide_places"])
_HOTEL_WORDS = re.compile(r" (?P<more>[ก-์]+|[A-Z][A-Za-z&' ]*[A-Za-z])")
_LATIN = re.compile(r" ?[A-Z][A-Za-z&' ]*[A-Za-z]")
_CLOSED, _SPELT = ("ประเทศ", "จังหวัด", "จ.", "จว."), ("อำเภอ", "ตำบล", "แขวง", "จังหวัด")
_BUILT = ("hotel", "mall", "building", "hall")
_PEOPLE_OF = ("คน", "ชาว", "ทีมชาติ", "ชน", "แรงงาน", "สัญชาติ", "เชื้อชาติ", "นักเรียน")


def places(piece: Piece) -> list[Mention]:
    """Return the places of a piece."""
    found: list[Mention] = []
    past = 0
    listed = _listed(piece)
    for index, word in enumerate(piece.words):
        if word.start < past:
            continue
        headed = _headed(piece, index)
        mention = max((m for m in (headed, listed.get(word.start)) if m), key=lambda m: m.end, default=None)
        within = next((listed[at] for at in listed if word.start < at < word.end), None)
        mention = mention or _bare(piece, word) or within
        mention = _led(piece.text, mention, past)
        if mention:
            found.append(mention)
            past = mention.end
            for more in _continued(piece.text, mention):
                found.append(more)
                past = more.end
    return found


def _led(text: str, mention: Mention | None, past: int) -> Mention | None:
    """Return a place with the word for its kind before it, where that was not read as a word of its own."""
    lead = next((h for h in ("กรุง", "ประเทศ", "นคร") if mention and text[: mention.start].endswith(h)), "")
    if mention and lead and mention.start - len(lead) >= past:
        return replace(mention, start=mention.start - len(lead))
    return mention


def _place(start: int, end: int, name: str, kind: str) -> Mention:
    english = gazetteer.places().get(name, ("", ""))[0] or lex.load().gloss(name)
    return Mention("place", start, end, "", 0, name, english, kind)


def _listed(piece: Piece) -> dict[int, Mention]:
    """Return the long names of the gazetteer (with spaces, hyphens, ฯ), by where they begin."""
    text, names = piece.text, gazetteer.places()
    return {
        at: _place(at, at + len(name), name, names[name][1])
        for at, name in _long_names().find(text)
        if names[name][1] in _WIDE
        and (at in piece.starts or names[name][1] in ("country", "capital", "city"))
        and not re.match("[ะ-ฺ็-์]", text[at + len(name) :])
    }


@lru_cache(maxsize=1)
def _long_names() -> Finder:
    names = gazetteer.places().items()
    return Finder(n for n, (_, k) in names if len(n) >= 8 or re.search(r"[ ฯ-]", n) or k in ("stadium", "building"))


def _bare(piece: Piece, word: Token) -> Mention | None:
    text, names = piece.text, gazetteer.places()
    if text[max(0, word.start - 4) : word.start] == "ภาษา" or word.text.startswith("ภาษา"):
        return None
    if word.text in names:
        kind = names[word.text][1]
        if word.text in _AMBIGUOUS or (kind not in _WIDE and not _stands(piece, word)):
            return None
        return _place(word.start, word.end, word.text, kind)
    for lead in _PEOPLE_OF:
        name = word.text[len(lead) :]
        if word.text.startswith(lead) and names.get(name, ("", ""))[1] == "country":
            return _place(word.start + len(lead), word.end, name, "country")
    return None


def _stands(piece: Piece, word: Token) -> bool:
    return not RUN.match(piece.text[word.end : word.end + 1]) or word.end in piece.starts


def _headed(piece: Piece, index: int) -> Mention | None:
    text, word = piece.text, piece.words[index]
    start = word.start
    head = next((h for h in _HEADS if text.startswith(h, start) and _is_head(piece, word, h)), None)
    if head is None and word.text.startswith(ROLE_WORDS):
        head = next((h for h in _HEADS if len(h) > 2 and word.text.endswith(h)), None)
        start = word.end - len(head or "")
    if head is None:
        return None
    before = text[max(0, start - 3) : start]
    if head.endswith(".") and before.endswith("."):
        return None
    if head == "ภาค" and "ทวิ" in before:
        return None
    name = start + len(head)
    while text[name : name + 1] == " " and head.endswith((".", "หมายเลข")):
        name += 1
    if re.match(r"[\d]", text[name : name + 1]) and head in ("ทางหลวงหมายเลข", "เขต"):
        return None
    end = _end(piece, start, name, head)
    if end <= name + 1:
        return None
    whole, names = text[start:end], gazetteer.places()
    return _place(start, end, whole if whole in names else text[name:end].strip(), _KINDS[head])


def _is_head(piece: Piece, word: Token, head: str) -> bool:
    """True when a head word ends with a word of the text, and is not the beginning of another word."""
    names = gazetteer.places()
    at = word.start + len(head)
    whole = word.text == head or (at in piece.ends and len(word.text) < len(head))
    if head == "กรุง" and head.startswith(word.text):
        return unknown(piece.text[at : run_end(piece.text, at)])
    return whole or head.endswith(".") or word.text in names or word.text[len(head) :] in names


def _end(piece: Piece, start: int, name: int, head: str) -> int:
    """Return where a place with a head word ends, `name` when what follows the head names no place."""
    text, names = piece.text, gazetteer.places()
    stop = run_end(text, name)
    run = text[name:stop]
    if not run:
        latin = _LATIN.match(text, name) if _KINDS[head] in _BUILT else None
        return latin.end() if latin else name
    if run in names:
        end = stop
    else:
        words = tokens(run)
        first = words[0].text
        if first in NAME_END or first in ROLE_END or first in WORDS["not_places"]:
            return name
        if first.startswith(tuple(WORDS["not_in_places"])) or (head in _SPELT and _ordinary(words)):
            return name
        known = _known_part(run, closed=head in _CLOSED)
        if head in _CLOSED and not known and not unknown(run):
            return name
        if not known and head in _WEAK and not _named(run, words, text, start, stop):
            return name
        end = name + (known or _cut(run))
    if text[end : end + 1] == "ฯ":
        end += 1
    joined = _JOINED.match(text, end)
    if joined and (head in ("ด่าน", "แม่น้ำ", "ถนน", "ช่อง") or unknown(text[joined.end() : run_end(text, joined.end())])):
        end = joined.end() + _cut(text[joined.end() : run_end(text, joined.end())])
    if _KINDS[head] in _BUILT and end == stop and (more := _HOTEL_WORDS.match(text, end)):
        chunk = more["more"]
        foreign = unknown(chunk) or chunk in WORDS["hotel_words"]
        if chunk.isascii() or (foreign and not chunk.startswith((*_HEADS, *ROLE_WORDS))):
            end = more.end()
    return end


def _cut(run: str) -> int:
    """Return the length of the name that a run of letters opens with."""
    for word in tokens(run)[1:]:
        if word.text in NAME_END or word.text.startswith((*SPEECH, *PERSON_TITLES[:8])) or word.text in _ENDS:
            return word.start
        if run[word.start :].startswith(("จังหวัด", "อำเภอ", "ตำบล", "แห่งใหม่", "แห่งที่")) and word.start > 1:
            return word.start
    return len(run)


def _ordinary(words: list[Token]) -> bool:
    """True for words that describe a district and do not name it: "อำเภอสุดท้าย"."""
    return lex.load().pos(words[0].text) in ("v", "adj", "adv", "prep", "conj") and words[0].text != "เมือง"


def _known_part(run: str, *, closed: bool) -> int:
    """Return the length of a name of the gazetteer that the words behind it do not belong to.

    Args:
        run: the letters after a head word.
        closed: True for a kind of place whose names are all known, where the longest name counts.
    """
    for size in range(min(len(run), 24), 2, -1):
        if run[:size] in gazetteer.places():
            if closed or size == len(run):
                return size
            first = tokens(run[size:])[0].text
            if first in NAME_END or first in ROLE_END or lex.load().pos(first) in ("v", "prep", "conj"):
                return size
    return 0


_NOT_IN_NAMES = ("v", "adj", "adv", "prep", "conj", "pron", "num", "det", "part")


def _named(run: str, words: list[Token], text: str, start: int, stop: int) -> bool:
    """True when the words after a head that is also a common noun look like a name."""
    if words[0].text in gazetteer.places() or unknown(run):
        return True
    lexicon = lex.load()
    if words[0].text in WORDS["common_after_head"]:
        return False
    closed = stop >= len(text) or text[stop] in ' ,)/"-'
    return closed and len(run) <= 16 and lexicon.pos(words[0].text) not in _NOT_IN_NAMES


def _continued(text: str, place: Mention) -> list[Mention]:
    """Return the further places of a list that one place opens: "จังหวัด… … และ…"."""
    match = _MORE.match(text, place.end)
    if not match:
        return []
    found: list[Mention] = []
    names = gazetteer.places()
    for part in re.finditer(r"(?:จังหวัด|เมือง|จ\.|อ\.|ต\.)?([ก-ฮเ-ไ][ก-์]+)", match.group()):
        start, end = part.span()
        chunk = part.group()
        if chunk.startswith(("และ", "หรือ")):
            start += 3 if chunk.startswith("และ") else 4
            chunk = text[place.end + start : place.end + end]
        bare = re.sub(r"^(?:จังหวัด|เมือง|จ\.|อ\.|ต\.)", "", chunk).strip()
        if part.end() == match.end() - match.start() and bare not in names:
            first = tokens(bare)
            cut = next((w.start for w in first[1:] if w.text in NAME_END or w.text in ROLE_END), len(bare))
            end -= len(bare) - cut
            bare = bare[:cut]
        if bare not in names and not (unknown(bare) and len(bare) <= 16 and place.detail not in ("", "country")):
            return found if bare in names else []
        kind = names.get(bare, ("", place.detail))[1]
        found.append(_place(place.end + start, place.end + end, bare, kind))
    return found
