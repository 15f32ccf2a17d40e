"""A conversation as the page holds it: a question and the earlier ones in, messages for the chat out."""

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant import journal
from assistant.errors import InputError, ThamKhaoError
from assistant.interface import clean, escaped, say, unescaped
from assistant.markup import answer_html
from assistant.records import Answer, Citation, Language
from assistant.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from assistant.api import Assistant

KEPT_MESSAGES = 80
STARTERS = 4
Messages = list[dict[str, Any]]


def converse(bot: "Assistant", question: str, messages: Messages) -> tuple[Messages, tuple[Citation, ...]]:
    """Add a question and its answer to a conversation.

    Args:
        bot: who answers.
        question: as typed; an empty one changes nothing.
        messages: the conversation as the page holds it, every text escaped.

    Returns:
        The conversation, cut to its last messages, and the citations of the new answer.
    """
    question = clean(question or "").strip()
    if not question:
        return messages, ()
    answer = reply(bot, question[: MAX_QUESTION_CHARS + 1], asked(messages))
    markup = answer_html(answer, lambda citation: bot.manner(citation, answer.language))
    return said(messages, question, markup, answer.suggestions), answer.citations


def said(messages: Messages, question: str, markup: str, suggestions: Sequence[str] = ()) -> Messages:
    """Return a conversation with a question and what it got."""
    kept = [{"role": m["role"], "content": text_of(m)} for m in messages[-KEPT_MESSAGES:]]
    options = [{"label": text, "value": text} for text in suggestions]
    told = {"role": "assistant", "content": markup, "options": options}
    return [*kept, {"role": "user", "content": escaped(question[:MAX_QUESTION_CHARS])}, told]


def asked(messages: Messages) -> list[str]:
    """Return the questions of a conversation, as they were typed."""
    return [unescaped(text_of(m)) for m in messages if m.get("role") == "user"]


def reply(bot: "Assistant", question: str, earlier: Sequence[str]) -> Answer:
    """Return the answer to a question, or a sentence of the page where the assistant has none."""
    language: Language = "th" if re.search("[ก-๛]", question) else "en"
    if len(question) > MAX_QUESTION_CHARS:
        return Answer(say(language, "too_long", limit=MAX_QUESTION_CHARS), language, "meta", "meta")
    try:
        return journal.answered("page", question, lambda: bot.ask(question, history=earlier))
    except Exception as error:  # the last resort: a reader can do nothing with a traceback
        if not isinstance(error, ThamKhaoError):
            journal.failed(error, "page")
        return Answer(say(language, "cannot_answer"), language, "meta", "meta")


def answers(bot: "Assistant", messages: Messages) -> list[tuple[str, Answer]]:
    """Return the questions of a conversation with their answers, asked again: the same come out."""
    questions = asked(messages)
    return [(question, reply(bot, question, questions[:n])) for n, question in enumerate(questions)]


def as_json(bot: "Assistant", messages: Messages) -> str:
    """Return a conversation as JSON: the article's head, and every question with its answer and offsets."""
    article = bot.articles[0]
    head = {"id": article.id, "title": article.title, "publisher": article.publisher, "date": article.date}
    rows = [{"question": question, **answer.to_dict()} for question, answer in answers(bot, messages)]
    return json.dumps({"article": head, "answers": rows}, ensure_ascii=False, indent=1)


def as_markdown(bot: "Assistant", messages: Messages) -> str:
    """Return a conversation as Markdown, quotes with paragraph and source."""
    article = bot.articles[0]
    source = " · ".join(part for part in (article.publisher, article.date) if part)
    lines = [f"# {article.title}", *([source] if source else [])]
    for question, answer in answers(bot, messages):
        lines += ["", f"## {question}", "", answer.text]
        for citation in answer.citations:
            lines += ["", f"> “{citation.quote}” [{citation.paragraph}]"]
            if citation.translation and answer.language == "en":
                lines.append(f">\n> ({say('en', 'translation')}) {citation.translation}")
    return "\n".join(lines) + "\n"


def text_of(message: dict[str, Any]) -> str:
    """Return the text of a message, as Gradio sends it back."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def starter_questions(bot: "Assistant", language: Language) -> tuple[str, ...]:
    """Return up to four questions this article answers, as the assistant suggests them."""
    return bot.ask(say(language, "starter_question")).suggestions[:STARTERS]


def stateless(bot: "Assistant") -> Callable[[str, list[str]], dict[str, Any]]:
    """Return the endpoint for machines: a question and the earlier ones in, `Answer.to_dict()` out."""

    def ask(question: str, history: list[str]) -> dict[str, Any]:
        import gradio as gr

        try:
            earlier = [clean(turn) for turn in history if isinstance(turn, str)]
            asked = clean(question)
            return journal.answered("queue", asked, lambda: bot.ask(asked, history=earlier)).to_dict()
        except (ThamKhaoError, AttributeError, TypeError) as error:
            told = error if isinstance(error, ThamKhaoError) else InputError("question_type")
            raise gr.Error(str(told), print_exception=False) from error

    return ask
