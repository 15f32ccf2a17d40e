"""The page's markup: head, answers, article, facts and timeline, every character of article and question escaped."""

from collections.abc import Callable, Iterable, Sequence

from assistant.daynames import day_name
from assistant.interface import escaped, say, words
from assistant.records import Answer, Article, Citation, Fact, Language, Manner

NAMES: dict[str, Language] = {"ไทย": "th", "English": "en"}
_TIMELINE = "timeline"


def both(key: str) -> str:
    """Return a word of the page in both languages."""
    return " · ".join(say(language, key) for language in NAMES.values())


def element(tag: str, text: str, name: str, language: Language) -> str:
    """Return a text as an element of a class, in a language, escaped."""
    return f'<{tag} class="tk-{name}" lang="{language}">{escaped(text)}</{tag}>'


def heading(article: Article | None, language: Language) -> str:
    """Return the page's head: name, what it does, headline, day and publisher, what it is answered from."""
    skip = f'<a class="tk-skip" href="#tk-question">{escaped(say(language, "skip"))}</a>'
    parts = [
        skip,
        f'<h1 class="tk-name">{escaped(both("title"))}</h1>',
        element("p", say(language, "subtitle"), "sub", language),
    ]
    if article:
        trust = say(language, "trust_from" if article.publisher else "trust", publisher=article.publisher)
        day = f"{day_name(article.date, language)} · " if article.date and day_name(article.date, language) else ""
        jump = f'<a class="tk-jump" href="#tk-side">{escaped(say(language, "to_article"))}</a>'
        parts.append(element("p", article.title, "headline", "th"))
        parts.append(f'<p class="tk-trust" lang="{language}">{escaped(day + trust)} {jump}</p>')
    return "".join(parts)


def reference(citation: Citation, language: Language) -> str:
    """Return the link from a quote to its words in the article."""
    number, name = citation.paragraph, escaped(say(language, "paragraph", number=citation.paragraph))
    return (
        f'<a class="tk-ref" href="#p{number}" title="{name}" id="from-{citation.start}-{citation.end}">[{number}]</a>'
    )


def answer_html(answer: Answer, manner: Callable[[Citation], Manner] | None = None) -> str:
    """Return an answer as markup for the chat: the answer, its quotes, how they are said, what to do with it."""
    language, status = answer.language, f"status_{answer.status}"
    parts = [f'<p class="tk-answer" lang="{language}"><strong>{escaped(answer.text)}</strong></p>']
    if status in words()[language]:
        parts.insert(0, element("p", say(language, status), "status", language))
    for citation in _outermost(answer.citations):
        quote = f'<span lang="th">“{escaped(citation.quote)}”</span>'
        parts.append(f'<blockquote class="tk-quote">{reference(citation, language)} {quote}</blockquote>')
        if citation.translation and language == "en":
            label, english = escaped(say(language, "translation")), escaped(citation.translation)
            parts.append(f'<p class="tk-translation"><em>{label}</em> <span lang="en">{english}</span></p>')
    if answer.status == "answered" and answer.citations:
        word = escaped(say(language, "copy"))
        copy = f'<button type="button" class="tk-copy" value="copy" lang="{language}">{word}</button>'
        how = dict.fromkeys(_how(manner(c), language) for c in answer.citations) if manner else {}
        parts.append(f'<p class="tk-how" lang="{language}">{escaped(" · ".join(how))} {copy}</p>')
    return "".join(parts)


def _outermost(citations: Sequence[Citation]) -> list[Citation]:
    """Return the citations that stand in no other: a name that is cited with its clause is shown there."""

    def inside(one: Citation, other: Citation) -> bool:
        return one is not other and one.article == other.article and other.start <= one.start and one.end <= other.end

    return [c for c in citations if not any(inside(c, other) for other in citations)]


def _how(manner: Manner, language: Language) -> str:
    if manner.kind == "said" and not manner.speaker:
        return say(language, "how_said_unnamed")
    return say(language, f"how_{manner.kind}", speaker=manner.speaker)


def article_html(article: Article, citations: Iterable[Citation] = (), language: Language = "th") -> str:
    """Return an article's numbered paragraphs as markup, with the cited words marked and a way back to the answer.

    One line without blank lines, so that Markdown takes it for a single block of HTML.
    """
    marks = sorted((c.start, c.end) for c in citations if c.article == article.id)
    spans = [(b.index + 1, b.kind, b.start, b.end) for b in article.blocks] or [(1, "paragraph", 0, len(article.text))]
    back = escaped(say(language, "back"))
    parts = []
    for number, kind, start, end in spans:
        body, at = "", start
        for left, right in marks:
            left, right = max(left, at), min(right, end)
            if left < right:
                body += f"{escaped(article.text[at:left])}<mark>{escaped(article.text[left:right])}</mark>"
                at = right
        body += escaped(article.text[at:end])
        if at > start:
            body += f' <a class="tk-back" href="#tk-log" title="{back}" lang="{language}">↩ {back}</a>'
        parts.append(f'<p id="p{number}" class="tk-par tk-{kind}"><span class="tk-num">[{number}]</span> {body}</p>')
    return f'<div class="tk-text" lang="th">{"".join(parts)}</div>'


def facts_html(facts: Sequence[Fact], language: Language) -> str:
    """Return every row of the fact sheet but those of the timeline, by label."""
    parts = []
    for label in dict.fromkeys(fact.label for fact in facts if fact.label != _TIMELINE):
        rows = "".join(f"<li>{_told(fact, language)}</li>" for fact in facts if fact.label == label)
        parts.append(
            f'{element("h3", say(language, f"fact_{label}"), "fact", language)}<ul class="tk-rows">{rows}</ul>'
        )
    return f'<div class="tk-facts" lang="{language}">{"".join(parts)}</div>'


def timeline_html(facts: Sequence[Fact], language: Language) -> str:
    """Return the rows of the timeline in order: the day in words, in both calendars, and what happened."""
    rows = []
    for fact in facts:
        if fact.label == _TIMELINE:
            named = day_name(fact.when, language) if fact.when else ""
            day = named or (say(language, "vague_day") if fact.citation else "")
            label = element("p", day, "day" if named else "day tk-none", language) if day else ""
            rows.append(f'<li class="tk-event">{label}<p>{_told(fact, language)}</p></li>')
    return f'<ol class="tk-timeline" lang="{language}">{"".join(rows)}</ol>'


def _told(fact: Fact, language: Language) -> str:
    if fact.citation is None:
        return element("span", say(language, "not_stated_row"), "none", language)
    text = fact.text.removeprefix(f"{fact.when} · ") if fact.when else fact.text
    return f'<span lang="{language}">{escaped(text)}</span> {reference(fact.citation, language)}'
