"""The chat page: what a reader sees and clicks. It shows what the assistant says and decides nothing itself."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant import interface
from assistant.errors import ThamKhaoError
from assistant.interface import answer_html, article_html, clean, escaped, quiet, say, unescaped
from assistant.later import Later
from assistant.records import Answer, Article, Citation, Language
from assistant.server import application, end_on_sigterm, listen, temporary_folder, uvicorn_server
from assistant.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    import gradio as gr

    from assistant.api import Assistant

STARTERS = 4
KEPT_MESSAGES = 80
NAMES: dict[str, Language] = {"ไทย": "th", "English": "en"}

Messages = list[dict[str, Any]]


def build(bot: "Assistant") -> "gr.Blocks":
    """Return the page for an assistant; nothing is served yet, and the assistant is first used when a reader comes."""
    quiet()
    import gradio as gr
    from gradio.events import api as endpoint

    def ask(question: str, messages: Messages | None) -> tuple[str, Messages, str]:
        """Answer in the conversation and mark the words in the article."""
        kept, citations = converse(bot, question, messages or [])
        return "", kept, article_html(_cited_article(bot, citations), citations)

    def chosen(messages: Messages | None, choice: gr.SelectData) -> tuple[str, Messages, str]:
        """Answer a suggestion that was clicked below an answer."""
        value = choice.value
        return ask(str(value["value"] if isinstance(value, dict) else value), messages)

    def worded(name: str) -> list[Any]:
        """Put the page's own words into the chosen language."""
        language = NAMES.get(name, "th")
        own = starter_questions(bot, language)
        shown = [gr.update(value=own[i] if i < len(own) else "", visible=i < len(own)) for i in range(STARTERS)]
        return [
            heading(bot.articles[0], language),
            gr.update(value=f'<p class="tk-label">{escaped(say(language, "starters"))}</p>', visible=bool(own)),
            *shown,
            gr.update(label=say(language, "chat"), placeholder=say(language, "chat_empty")),
            gr.update(placeholder=say(language, "placeholder"), label=say(language, "question")),
            gr.update(value=say(language, "send")),
            gr.update(value=say(language, "clear")),
            _article_label(language),
        ]

    def opened(request: gr.Request) -> list[Any]:
        """Start in the reader's language: `?lang=`, or else the browser's first one."""
        name = _preferred(dict(request.query_params), request.headers.get("accept-language", ""))
        return [name, article_html(bot.articles[0]), *worded(name)]

    page = gr.Blocks(title=_both("title"), analytics_enabled=False, fill_width=True)
    with page:
        endpoint(stateless(bot), api_name="ask")  # first, so that no event takes its name
        with gr.Row(elem_id="tk-head"):
            head = gr.Markdown(heading(None, "th"), sanitize_html=True, elem_id="tk-title")
            switch = gr.Radio(
                list(NAMES),
                value="ไทย",
                label=_both("language"),
                show_label=False,
                container=False,
                elem_id="tk-language",
                min_width=180,
                scale=0,
            )
        with gr.Row(elem_id="tk-body"):
            with gr.Column(scale=3, min_width=320, elem_id="tk-chat"):
                chat = gr.Chatbot(
                    label=say("th", "chat"),
                    show_label=False,
                    placeholder=say("th", "chat_empty"),
                    elem_id="tk-log",
                    render_markdown=False,
                    sanitize_html=True,
                    allow_tags=False,
                    allow_file_downloads=False,
                    buttons=[],
                    feedback_options=None,
                    height=None,
                    layout="bubble",
                    autoscroll=False,
                )
                label = gr.Markdown(elem_id="tk-starters-label", sanitize_html=True)
                with gr.Row(elem_id="tk-starters"):
                    buttons = [gr.Button("", size="sm", min_width=120, visible=False) for _ in range(STARTERS)]
                with gr.Row(elem_id="tk-ask", equal_height=True):
                    box = gr.Textbox(
                        placeholder=say("th", "placeholder"),
                        label=say("th", "question"),
                        scale=8,
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=4,
                        autofocus=True,
                        max_length=MAX_QUESTION_CHARS,
                        elem_id="tk-question",
                    )
                    send = gr.Button(say("th", "send"), variant="primary", scale=0, min_width=88, elem_id="tk-send")
                    clear = gr.Button(say("th", "clear"), scale=0, min_width=88, elem_id="tk-clear")
            with gr.Column(scale=2, min_width=320, elem_id="tk-side"):
                article_label = gr.Markdown(_article_label("th"), sanitize_html=True, elem_id="tk-article-label")
                article = gr.Markdown(sanitize_html=True, elem_id="tk-article", container=False)

        quietly: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        told = [box, chat, article]
        for trigger in (box.submit, send.click):
            trigger(ask, [box, chat], told, **quietly)
        for button in buttons:
            button.click(ask, [button, chat], told, **quietly)
        chat.option_select(chosen, [chat], told, **quietly)
        clear.click(lambda: ("", [], article_html(bot.articles[0])), None, told, **quietly)
        chrome = [head, label, *buttons, chat, box, send, clear, article_label]
        switch.change(worded, [switch], chrome, **quietly)
        page.load(opened, None, [switch, article, *chrome], **quietly)
    page.queue(max_size=64, default_concurrency_limit=2)
    page.state_session_capacity = 200
    return page


def starter_questions(bot: "Assistant", language: Language) -> tuple[str, ...]:
    """Return up to four questions this article answers, as the assistant suggests them."""
    return bot.ask(say(language, "starter_question")).suggestions[:STARTERS]


def _warm(bot: "Assistant") -> None:
    """Ask what the page asks first, so that no reader waits for what the first question loads."""
    for language in NAMES.values():
        starter_questions(bot, language)


def stateless(bot: "Assistant") -> Callable[[str, list[str]], dict[str, Any]]:
    """Return the endpoint for machines: a question and the earlier ones in, `Answer.to_dict()` out."""

    def ask(question: str, history: list[str]) -> dict[str, Any]:
        import gradio as gr

        try:
            earlier = [clean(turn) for turn in history if isinstance(turn, str)]
            return bot.ask(clean(question), history=earlier).to_dict()
        except (ThamKhaoError, AttributeError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    return ask


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
    earlier = [unescaped(_text(m)) for m in messages if m.get("role") == "user"]
    answer = _answer(bot, question[: MAX_QUESTION_CHARS + 1], earlier)
    kept = [{"role": m["role"], "content": _text(m)} for m in messages[-KEPT_MESSAGES:]]
    options = [{"label": text, "value": text} for text in answer.suggestions]
    shown = escaped(question[:MAX_QUESTION_CHARS])
    return [
        *kept,
        {"role": "user", "content": shown},
        {"role": "assistant", "content": answer_html(answer), "options": options},
    ], answer.citations


def _answer(bot: "Assistant", question: str, earlier: Sequence[str]) -> Answer:
    language: Language = "th" if any("ก" <= char <= "๛" for char in question) else "en"
    if len(question) > MAX_QUESTION_CHARS:
        return Answer(say(language, "too_long", limit=MAX_QUESTION_CHARS), language, "meta", "meta")
    try:
        return bot.ask(question, history=earlier)
    except ThamKhaoError:
        return Answer(say(language, "cannot_answer"), language, "meta", "meta")


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _cited_article(bot: "Assistant", citations: Sequence[Citation]) -> Article:
    wanted = citations[0].article if citations else ""
    return next((article for article in bot.articles if article.id == wanted), bot.articles[0])


def heading(article: Article | None, language: Language) -> str:
    """Return the page's head as markup: name, what it does, the article's headline, what it may be trusted for."""
    parts = [
        f'<h1 class="tk-name">{escaped(_both("title"))}</h1>',
        f'<p class="tk-sub">{escaped(say(language, "subtitle"))}</p>',
    ]
    if article:
        trust = say(language, "trust_from" if article.publisher else "trust", publisher=article.publisher)
        jump = f'<a class="tk-jump" href="#tk-side">{escaped(say(language, "to_article"))}</a>'
        parts.append(f'<p class="tk-headline" lang="th">{escaped(article.title)}</p>')
        parts.append(f'<p class="tk-trust">{escaped(trust)} {jump}</p>')
    return "".join(parts)


def _article_label(language: Language) -> str:
    return f'<h2 class="tk-label">{escaped(say(language, "article"))}</h2>'


def _both(key: str) -> str:
    return " · ".join(say(language, key) for language in NAMES.values())


def _preferred(query: dict[str, str], accepted: str) -> str:
    asked = query.get("lang") or accepted
    return "ไทย" if not asked or asked.lower().startswith("th") else "English"


def serve(host: str, port: int, bot: "Assistant | None" = None) -> None:
    """Serve the page until interrupted.

    Nearly all of the start is `import gradio`; the assistant loads after it, while the page is already up.

    Args:
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        bot: who answers; the shipped article's assistant when None.

    Raises:
        SystemExit: 2, after one line on stderr, when the address or the assistant cannot be had;
            130 when interrupted before the page is up, 143 when terminated.
    """
    quiet()
    end_on_sigterm()
    try:
        taken = listen(host, port)
        with temporary_folder() as folder:
            os.environ["GRADIO_TEMP_DIR"] = folder
            here = Path(__file__).parent / "data"
            style = (here / "page.css").read_text(encoding="utf-8")
            script = (here / "page.js").read_text(encoding="utf-8")
            later = Later()
            asked = bot or cast("Assistant", later)
            server = uvicorn_server(
                application(build(asked), asked, host, taken.getsockname()[1], style, script), taken
            )
            if bot is None:
                later.start(_warm, server.stop)
            server.run(sockets=[taken])
            later.check()
    except (ThamKhaoError, OSError) as error:
        sys.stderr.write(interface.error_line(error))
        raise SystemExit(2) from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
