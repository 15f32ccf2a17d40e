"""The chat page: what a reader sees and clicks. It shows what the assistant says and decides nothing itself."""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant import interface, markup, talk
from assistant.errors import InputError, ThamKhaoError
from assistant.feedback import append, as_row
from assistant.interface import clean, escaped, quiet, say
from assistant.later import Later
from assistant.markup import NAMES, article_html, both
from assistant.own import OwnArticles
from assistant.records import Language
from assistant.server import application, end_on_sigterm, listen, temporary_folder, uvicorn_server
from assistant.settings import FEEDBACK, FEEDBACK_MB, MAX_ARTICLE_CHARS, MAX_QUESTION_CHARS
from assistant.talk import STARTERS, Messages, converse, starter_questions, stateless

if TYPE_CHECKING:
    import gradio as gr

    from assistant.api import Assistant

FILES = [".txt", ".md", ".html", ".htm", ".pdf", ".docx"]


def build(bot: "Assistant") -> "gr.Blocks":
    """Return the page for an assistant; nothing is served yet, and the assistant is first used when a reader comes."""
    quiet()
    import gradio as gr
    from gradio.events import api as endpoint

    shelf = OwnArticles(bot)

    def ask(question: str, messages: Messages | None, own: str, name: str) -> list[Any]:
        """Answer in the conversation and mark the words in the article."""
        language = NAMES.get(name, "th")
        if shelf.gone(own):
            told = f'<p class="tk-status">{escaped(say(language, "own_gone"))}</p>'
            return ["", talk.said(messages or [], clean(question or ""), told), article_html(bot.articles[0]), ""]
        asked = shelf.of(own)
        kept, citations = converse(asked, question, messages or [])
        cited = next((a for a in asked.articles if citations and a.id == citations[0].article), asked.articles[0])
        return ["", kept, article_html(cited, citations, language), own]

    def chosen(messages: Messages | None, own: str, name: str, choice: gr.SelectData) -> list[Any]:
        """Answer a suggestion that was clicked below an answer."""
        value = choice.value
        return ask(str(value["value"] if isinstance(value, dict) else value), messages, own, name)

    def worded(name: str, own: str) -> list[Any]:
        """Put the page's own words, and the article's facts, into the chosen language."""
        language = NAMES.get(name, "th")
        asked = shelf.of(own)
        article, facts = asked.articles[0], asked.facts(language, article=asked.articles[0].id)
        starters = starter_questions(asked, language)
        shown = [
            gr.update(value=starters[i] if i < len(starters) else "", visible=i < len(starters))
            for i in range(STARTERS)
        ]
        label = f'<p class="tk-label" lang="{language}">{escaped(say(language, "starters"))}</p>'
        return [
            markup.heading(article, language),
            gr.update(value=label, visible=bool(starters)),
            *shown,
            gr.update(label=say(language, "chat"), placeholder=say(language, "chat_empty")),
            gr.update(placeholder=say(language, "placeholder"), label=say(language, "question")),
            *(
                gr.update(value=say(language, key))
                for key in ("send", "clear", "export_markdown", "export_json", "print")
            ),
            *(gr.update(label=say(language, f"tab_{tab}")) for tab in ("article", "facts", "timeline")),
            markup.facts_html(facts, language),
            markup.timeline_html(facts, language),
            gr.update(label=say(language, "own")),
            f'<p class="tk-note" lang="{language}">{escaped(say(language, "own_note"))}</p>',
            gr.update(label=say(language, "own_text")),
            gr.update(value=say(language, "own_read")),
            gr.update(label=say(language, "own_file")),
            gr.update(value=say(language, "own_back"), visible=bool(own)),
        ]

    def opened(request: gr.Request) -> list[Any]:
        """Start in the reader's language, `?lang=` or else the browser's first one, and with the question of `?q=`."""
        query = dict(request.query_params)
        name = _preferred(query, request.headers.get("accept-language", ""))
        kept, citations = converse(bot, str(query.get("q", ""))[: MAX_QUESTION_CHARS + 1], [])
        told = worded(name, "")
        told[chrome.index(chat)]["value"] = kept
        return [name, article_html(bot.articles[0], citations, NAMES[name]), "", *told]

    def brought(read: Callable[[Language], str], own: str, name: str) -> list[Any]:
        """Change to an article that the visitor brought, or say why it cannot be read."""
        language = NAMES.get(name, "th")
        try:
            new = read(language)
        except InputError as error:
            refusal = f'<p class="tk-refused" lang="{language}">{escaped(error.sentence(language))}</p>'
            return [refusal, own, *[gr.skip()] * (3 + len(chrome))]
        shelf.drop(own)
        done = f'<p class="tk-done" lang="{language}">{escaped(say(language, "own_done"))}</p>'
        return [done, new, "", [], article_html(shelf.of(new).articles[0]), *worded(name, new)]

    def pasted(text: str, own: str, name: str, progress: gr.Progress = gr.Progress()) -> list[Any]:  # noqa: B008
        progress(0.3, desc=say(NAMES.get(name, "th"), "own_reading"))
        return brought(lambda language: shelf.paste(text or "", language), own, name)

    def uploaded(path: str, own: str, name: str, progress: gr.Progress = gr.Progress()) -> list[Any]:  # noqa: B008
        progress(0.3, desc=say(NAMES.get(name, "th"), "own_reading"))
        return brought(lambda _: shelf.upload(Path(path)), own, name)

    def shipped(own: str, name: str) -> list[Any]:
        """Go back to the article of this server."""
        shelf.drop(own)
        return ["", "", "", [], article_html(bot.articles[0]), *worded(name, "")]

    def rated(messages: Messages | None, own: str, name: str, data: gr.LikeData) -> None:
        """Keep a 👍 or 👎 as a row of a question set, on the disk before it is thanked for."""
        language, number = NAMES.get(name, "th"), int(data.index if isinstance(data.index, int) else data.index[0])
        questions = talk.asked((messages or [])[: number + 1])
        if not questions or own:
            gr.Info(say(language, "no_feedback"))
            return
        *earlier, question = questions
        answer = talk.reply(bot, question, earlier)
        row = as_row(answer, question, earlier, right=data.liked in (True, "Like"))
        try:
            append(Path(FEEDBACK.value()), row, FEEDBACK_MB.number(1, 10_000) * 1_000_000)
        except OSError:
            gr.Info(say(language, "no_feedback"))
            return
        gr.Info(say(language, "thanks"))

    page = gr.Blocks(title=both("title"), analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    words: dict[str, Any] = {"sanitize_html": True, "container": False}
    with page:
        endpoint(stateless(bot), api_name="ask")  # first, so that no event takes its name
        own, out = gr.Textbox("", visible=False), gr.Markdown(elem_id="tk-out", **words)
        with gr.Row(elem_id="tk-head"):
            head = gr.Markdown(markup.heading(None, "th"), elem_id="tk-title", **words)
            switch = gr.Radio(
                list(NAMES),
                value="ไทย",
                label=both("language"),
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
                    feedback_options=["Like", "Dislike"] if FEEDBACK.value() else None,
                    height=None,
                    layout="bubble",
                    autoscroll=False,
                )
                label = gr.Markdown(elem_id="tk-starters-label", **words)
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
                with gr.Row(elem_id="tk-tools"):
                    tools = [
                        gr.Button("", size="sm", min_width=60, elem_id=f"tk-{n}") for n in ("markdown", "json", "print")
                    ]
            with gr.Column(scale=2, min_width=320, elem_id="tk-side"):
                with gr.Tabs(elem_id="tk-tabs"):
                    with gr.Tab(say("th", "tab_article")) as article_tab:
                        article = gr.Markdown(elem_id="tk-article", **words)
                    with gr.Tab(say("th", "tab_facts")) as facts_tab:
                        sheet = gr.Markdown(elem_id="tk-facts", **words)
                    with gr.Tab(say("th", "tab_timeline")) as timeline_tab:
                        days = gr.Markdown(elem_id="tk-timeline", **words)
                with gr.Accordion(say("th", "own"), open=False, elem_id="tk-own") as accordion:
                    note = gr.Markdown(elem_id="tk-own-note", **words)
                    text = gr.Textbox(
                        label=say("th", "own_text"),
                        lines=5,
                        max_lines=10,
                        max_length=MAX_ARTICLE_CHARS,
                        elem_id="tk-own-text",
                    )
                    with gr.Row():
                        read = gr.Button(say("th", "own_read"), variant="primary", min_width=120, elem_id="tk-own-read")
                        upload = gr.UploadButton(
                            say("th", "own_file"),
                            file_types=FILES,
                            type="filepath",
                            min_width=120,
                            elem_id="tk-own-file",
                        )
                    back = gr.Button(say("th", "own_back"), visible=False, elem_id="tk-own-back")
                    told = gr.Markdown(elem_id="tk-own-told", **words)

        quietly: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        given, changed = [chat, own, switch], [box, chat, article, own]
        for trigger in (box.submit, send.click):
            trigger(ask, [box, *given], changed, **quietly)
        for button in buttons:
            button.click(ask, [button, *given], changed, **quietly)
        chat.option_select(chosen, given, changed, **quietly)
        if FEEDBACK.value():
            chat.like(rated, given, None, **quietly)
        clear.click(
            lambda own: ["", [], article_html(shelf.of(own).articles[0])], [own], [box, chat, article], **quietly
        )
        chrome = [head, label, *buttons, chat, box, send, clear, *tools]
        chrome += [article_tab, facts_tab, timeline_tab, sheet, days, accordion, note, text, read, upload, back]
        switch.input(worded, [switch, own], chrome, **quietly)
        # The conversation stands both in what is cleared and in what is worded: the wording leaves it as it is.
        all_of_it = [told, own, text, chat, article]
        reading: dict[str, Any] = {"api_visibility": "private", "concurrency_id": "own", "concurrency_limit": 1}
        read.click(pasted, [text, own, switch], [*all_of_it, *chrome], show_progress_on=[told], **reading)
        upload.upload(uploaded, [upload, own, switch], [*all_of_it, *chrome], show_progress_on=[told], **reading)
        back.click(shipped, [own, switch], [*all_of_it, *chrome], **quietly)
        for button, form, name in ((tools[0], talk.as_markdown, "md"), (tools[1], talk.as_json, "json")):
            button.click(_saved(shelf, form, f"thamkhao.{name}"), [chat, own], [out], **quietly)
        page.load(opened, None, [switch, article, own, *chrome], **quietly)
    page.queue(max_size=64, default_concurrency_limit=2)
    page.state_session_capacity = 200
    return page


def _saved(
    shelf: OwnArticles, form: Callable[["Assistant", Messages], str], name: str
) -> Callable[[Messages | None, str], str]:
    """Return what hands a conversation over to the page's script, which saves it as a file."""

    def saved(messages: Messages | None, own: str) -> str:
        text = escaped(form(shelf.of(own), messages or []))
        return f'<p class="tk-saved" id="saved-{secrets.token_hex(8)}" title="{name}">{text}</p>'

    return saved


def _warm(bot: "Assistant") -> None:
    """Ask what the page asks first, so that no reader waits for what the first question loads."""
    for language in NAMES.values():
        starter_questions(bot, language)
        bot.facts(language)


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
            app = application(build(asked), asked, host, taken.getsockname()[1], style, script, Path(folder))
            server = uvicorn_server(app, taken)
            if bot is None:
                later.start(_warm, server.stop)
            server.run(sockets=[taken])
            later.check()
    except (ThamKhaoError, OSError) as error:
        sys.stderr.write(interface.error_line(error))
        raise SystemExit(2) from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
