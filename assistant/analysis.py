"""An article made ready for questions: mentions, lists, and the keys of every clause.

`Vocabulary` is the lexicon plus what this article calls its own people, places and things; it turns
any text, of the article or of a question, into terms with keys.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant import lexicon as lex
from assistant.glossing import gloss
from assistant.lexicon import Keys, Lexicon, Term
from assistant.mentions import Reader
from assistant.names import romanize
from assistant.records import Article, GlossaryEntry, Mention
from assistant.structure import ListBlock, abbreviations, find_lists
from assistant.thai import THAI_LETTER, Token, fold, normalize, tokens

FUNCTION_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "of",
        "to",
        "is",
        "it",
        "be",
        "and",
        "or",
        "for",
        "by",
        "with",
        "that",
        "this",
        "as",
        "would",
        "like",
        "not",
        "so",
        "up",
        "out",
    ]
)
ALIGNED = 1.0  # strength of a word of the aligned translation in its clause
_WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Entity:
    """Someone or something the article names: the forms it goes by in both languages."""

    kind: str
    thai: tuple[str, ...]
    english: tuple[str, ...]
    role_th: str = ""
    role_en: str = ""
    gender: str = ""
    side: tuple[str, ...] = ()
    expand_th: str = ""
    expand_en: str = ""


@dataclass(slots=True)
class Vocabulary:
    """The words of both languages that an article and its readers use; `memo` keeps what is worked out once."""

    lexicon: Lexicon
    entities: tuple[Entity, ...]
    thai_forms: dict[str, list[int]] = field(default_factory=dict)
    english_forms: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the forms of every entity, dots or not."""
        for index, entity in enumerate(self.entities):
            for form in entity.thai:
                folded = fold(form).replace(" ", "")
                for spelling in {folded, folded.rstrip("."), folded.replace(".", "")} if len(folded) > 2 else {folded}:
                    self.thai_forms.setdefault(spelling, []).append(index)
            for form in entity.english:
                self.english_forms.setdefault(lex.stems(form), []).append(index)

    def thai_terms(self, text: str) -> list[Term]:
        """Return the terms of a normalised Thai (or mixed) text: set phrases and names joined."""
        words = [w for w in tokens(text) if any(c.isalnum() for c in w.text)]
        terms: list[Term] = []
        index = 0
        while index < len(words):
            size = self._thai_phrase(words, index)
            group = words[index : index + size]
            terms.append(self._thai_term(text, group))
            index += size
        return terms

    def _thai_phrase(self, words: Sequence[Token], index: int) -> int:
        for size in range(min(lex.LONGEST_PHRASE + 2, len(words) - index), 1, -1):
            group = words[index : index + size]
            if any(b.start - a.end > 1 for a, b in itertools.pairwise(group)):
                continue
            joined = fold("".join(w.text for w in group))
            tight = all(a.end == b.start for a, b in itertools.pairwise(group))
            if joined in self.thai_forms or (
                tight and (joined in self.lexicon.thai or joined in self.lexicon.concepts_th)
            ):
                return size
        return 1

    def _thai_term(self, text: str, group: Sequence[Token]) -> Term:
        joined = "".join(w.text for w in group)
        keys = self._word_keys(joined)
        words = [w.text for w in group] if len(group) > 1 else split_word(joined, self.lexicon)
        parts = tuple(self._word_keys(w) for w in words)
        return Term(
            text[group[0].start : group[-1].end], group[0].start, group[-1].end, keys, parts, self.lexicon.pos(joined)
        )

    def _word_keys(self, word: str) -> Keys:
        folded = fold(word)
        keys = (
            self.lexicon.thai_keys(folded)
            if THAI_LETTER.search(folded)
            else self._latin_keys((lex.stem(folded),), folded)
        )
        for index in self.thai_forms.get(folded, ()):
            keys[f"g:{index}"] = 1.0
        return keys

    def _latin_keys(self, phrase: tuple[str, ...], surface: str) -> Keys:
        keys = self.lexicon.english_keys(phrase)
        if surface[:1].isdigit():
            keys = {f"n:{surface.replace(',', '').rstrip('.')}": 1.0}
        for index in self.english_forms.get(phrase, ()):
            keys[f"g:{index}"] = 1.0
        return keys

    def english_terms(self, text: str) -> list[Term]:
        """Return the terms of a folded English text: set phrases and names joined."""
        words = [(lex.stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
        terms: list[Term] = []
        index = 0
        while index < len(words):
            size = 1
            for length in range(min(lex.LONGEST_PHRASE + 3, len(words) - index), 1, -1):
                phrase = tuple(w[0] for w in words[index : index + length])
                if (
                    phrase in self.english_forms
                    or phrase in self.lexicon.concepts_en
                    or (length < 4 and phrase in self.lexicon.english and not {phrase[0], phrase[-1]} & FUNCTION_WORDS)
                ):
                    size = length
                    break
            group = words[index : index + size]
            start, end = group[0][1], group[-1][2]
            phrase = tuple(w[0] for w in group)
            parts = tuple(self._latin_keys((w[0],), text[w[1] : w[2]]) for w in group) if size > 1 else ()
            terms.append(Term(text[start:end], start, end, self._latin_keys(phrase, text[start:end]), parts))
            index += size
        return terms


@lru_cache(maxsize=1)
def lexicon_vocabulary() -> Vocabulary:
    """Return the words of the lexicon alone, for queries over many articles."""
    return Vocabulary(lex.load(), ())


def split_word(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the two known words a long word is made of, () when it is known itself or cannot be split."""
    if len(word) < 5 or word in lexicon.thai or word in lexicon.concepts_th:
        return ()
    for cut in range(len(word) - 2, 1, -1):
        if word[:cut] in lexicon.thai and word[cut:] in lexicon.thai:
            return word[:cut], word[cut:]
    return ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of an article before a question is asked; `memo` keeps what is worked out once.

    `clause_english` is the aligned translation of every clause, "" where there is none.
    """

    article: Article
    vocabulary: Vocabulary
    mentions: tuple[Mention, ...]
    lists: tuple[ListBlock, ...]
    abbreviations: dict[str, tuple[int, int]]
    clause_keys: tuple[Keys, ...]
    clause_english: tuple[str, ...]
    clause_terms: tuple[tuple[Term, ...], ...]
    memo: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let the vocabulary know what the article speaks of: a slip in a question is mended towards that."""
        self.vocabulary.memo["spoken_of"] = frozenset(k for keys in self.clause_keys for k in keys)


def entities_of(article: Article, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """Return the glossary's entities, then the people, organisations and places only the text names."""
    found = [_from_glossary(entry) for entry in article.glossary]
    known = {form for entity in found for form in entity.thai}
    grouped: dict[tuple[str, str], Entity] = {}
    for mention in mentions:
        if mention.entity >= 0 or mention.kind not in ("person", "organisation", "place") or mention.value in known:
            continue
        key = _person_key(mention.value, grouped) if mention.kind == "person" else mention.value
        role, _, gender = mention.detail.partition("|") if mention.kind == "person" else ("", "", "")
        forms = tuple(dict.fromkeys(f for f in (mention.value, mention.text, key) if f))
        english = mention.english or romanize(mention.value) if mention.kind != "organisation" else mention.english
        previous = grouped.get((mention.kind, key))
        if previous:
            forms = tuple(dict.fromkeys((*previous.thai, *forms)))
            role, english = previous.role_th or role, previous.english[0] if previous.english else english
        spellings = tuple(dict.fromkeys((english, *english.split()))) if mention.kind == "person" else (english,)
        if mention.kind == "person" and " " in mention.value:
            forms = tuple(dict.fromkeys((*forms, mention.value.split()[0])))
        grouped[mention.kind, key] = Entity(mention.kind, forms, tuple(s for s in spellings if s), role, "", gender)
    return (*found, *grouped.values())


def _person_key(name: str, grouped: dict[tuple[str, str], Entity]) -> str:
    first = name.split()[0]
    return next((key for kind, key in grouped if kind == "person" and key.split()[0] == first), name)


def _from_glossary(entry: GlossaryEntry) -> Entity:
    return Entity(
        entry.kind,
        entry.th,
        entry.en,
        entry.role_th,
        entry.role_en,
        entry.gender,
        entry.side,
        entry.expand_th,
        entry.expand_en,
    )


def english_of(article: Article, start: int, end: int) -> str:
    """Return the aligned English of a slice of an article, "" where there is none."""
    return " ".join(a.english for a in article.translation if a.start < end and start < a.end)


def analyse(article: Article) -> Analysis:
    """Read an article into mentions, lists and keys; about 10 ms for each 1,000 characters."""
    mentions = Reader(article).read()
    vocabulary = Vocabulary(lex.load(), entities_of(article, mentions))
    terms, keys, english = read_words(article, vocabulary)
    return Analysis(article, vocabulary, mentions, find_lists(article), abbreviations(article), keys, english, terms)


def read_words(
    article: Article, vocabulary: Vocabulary
) -> tuple[tuple[tuple[Term, ...], ...], tuple[Keys, ...], tuple[str, ...]]:
    """Return of every clause its words, its keys with those of its aligned English, and that English."""
    keys: list[Keys] = []
    english: list[str] = []
    clause_terms: list[tuple[Term, ...]] = []
    for clause in article.clauses:
        clause_terms.append(tuple(vocabulary.thai_terms(normalize(article.text[clause.start : clause.end]).text)))
        bag = bag_of(clause_terms[-1])
        aligned = english_of(article, clause.start, clause.end)
        for term, strength in bag_of(vocabulary.english_terms(fold(aligned))).items():
            bag[term] = max(bag.get(term, 0.0), strength * ALIGNED)
        keys.append(bag)
        english.append(aligned)
    return tuple(clause_terms), tuple(keys), tuple(english)


def clause_in_english(analysis: Analysis, index: int) -> str:
    """Return the aligned English of a clause, or else its gloss."""
    article = analysis.article
    start, end = article.clauses[index].start, article.clauses[index].end
    return analysis.clause_english[index] or gloss(analysis.vocabulary, article.text[start:end])


def bag_of(terms: Sequence[Term]) -> Keys:
    """Return the keys of some terms and of their parts, each with its greatest strength."""
    bag: Keys = {}
    for term in terms:
        for keys in (term.keys, *term.parts):
            for key, strength in keys.items():
                if strength > bag.get(key, 0.0):
                    bag[key] = strength
    return bag
