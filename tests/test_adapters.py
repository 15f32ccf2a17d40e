"""LangChain at the edge says exactly what the assistant says, and never traces."""

import asyncio
import os
import subprocess
import sys

import pytest

from assistant.errors import InputError


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


def test_documents_are_the_passages_of_search_and_slices_of_the_article(bot):
    documents = bot.as_retriever().invoke("Where was the meeting held?")
    passages = bot.search("Where was the meeting held?", k=len(documents))
    assert documents
    assert [d.page_content for d in documents] == [p.text for p in passages]
    for document, passage in zip(documents, passages, strict=True):
        start, end = document.metadata["start"], document.metadata["end"]
        assert document.metadata == {
            "article": passage.article,
            "start": start,
            "end": end,
            "score": passage.score,
            "paragraph": bot.article.paragraph(start),
        }
        assert bot.article.text[start:end] == document.page_content


def test_the_retriever_returns_k_documents_best_first(bot):
    from assistant.adapters import ArticleRetriever

    scores = [d.metadata["score"] for d in ArticleRetriever(bot=bot, k=3).invoke("การประชุม")]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_the_retriever_works_in_async_code(bot):
    retriever = bot.as_retriever()
    assert asyncio.run(retriever.ainvoke("hosted")) == retriever.invoke("hosted")


@pytest.mark.parametrize("question", ["ใครประชุมกัน", "Who met, and where?"])
def test_the_runnable_takes_a_question_or_a_dict(bot, question):
    runnable = bot.as_runnable()
    assert runnable.invoke(question) == bot.ask(question)
    assert runnable.invoke({"question": question}) == bot.ask(question)
    assert runnable.batch([question, question]) == [bot.ask(question)] * 2


def test_history_may_be_strings_or_messages(bot):
    from langchain_core.messages import AIMessage, HumanMessage

    earlier, question = "Who met?", "And where?"
    expected = bot.ask(question, history=[earlier])
    runnable = bot.as_runnable()
    assert runnable.invoke({"question": question, "history": [earlier]}) == expected
    messages = [HumanMessage(earlier), AIMessage("Officials.")]
    assert runnable.invoke({"question": question, "history": messages}) == expected


def test_a_chain_ends_in_the_answer_text(bot):
    from langchain_core.runnables import RunnableLambda

    chain = bot.as_runnable() | RunnableLambda(lambda answer: answer.text)
    assert chain.invoke("ใครประชุมกัน") == bot.ask("ใครประชุมกัน").text


@pytest.mark.parametrize(
    "asked",
    [
        None,
        3,
        b"who",
        [],
        {},
        {"question": None},
        {"question": "who", "history": "x"},
        {"question": "who", "history": 3},
    ],
)
def test_other_input_is_refused_with_its_type(bot, asked):
    with pytest.raises(InputError, match="must be"):
        bot.as_runnable().invoke(asked)


def test_tracing_is_off_whatever_the_environment_says():
    code = (
        "import assistant.adapters\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "assert tracing_is_enabled() is False"
    )
    names = [f"{maker}_TRACING{version}" for maker in ("LANGSMITH", "LANGCHAIN") for version in ("", "_V2")]
    on = dict.fromkeys(names, "true")
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **on})
