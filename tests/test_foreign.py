"""Other encoders: a directory, a known name, LangChain's Embeddings; never a traceback, never the network."""

import json
import socket

import numpy as np
import pytest

from assistant import Assistant, InputError, encoder, saved
from assistant.encoder import BertEncoder, EmbeddingsEncoder, as_encoder, shipped_encoder
from assistant.errors import EncoderError, IndexStateError

WIDTH = 32
ODD = ["", "ก", "🙂", "\ud800", "\x00", "a" * 100_000]


class Letters:
    """Embeddings without LangChain: how often each of some characters stands in a text."""

    model = "letters"

    def __init__(self):
        self.asked = []

    def embed_documents(self, texts):
        self.asked += texts
        return [
            [float(text.count(chr(0x0E01 + n)) + text.lower().count(chr(97 + n % 26))) for n in range(40)]
            for text in texts
        ]

    def embed_query(self, text):
        return self.embed_documents([text])[0]


def tiny(folder, pooling="mean", prompts=None):
    """Make a BERT of random weights that sentence-transformers loads, and that is nobody's."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(1)
    (folder / "parts").mkdir(parents=True)
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz:ก",
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ]
    (folder / "parts" / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(str(folder / "parts" / "vocab.txt")).save_pretrained(folder / "parts")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "parts")
    parts = Transformer(str(folder / "parts"))
    model = SentenceTransformer(modules=[parts, Pooling(WIDTH, pooling_mode=pooling)], device="cpu", prompts=prompts)
    model.save(str(folder / "tiny-encoder"))
    return folder / "tiny-encoder"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return tiny(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def first_token(tmp_path_factory):
    return tiny(tmp_path_factory.mktemp("cls"), "cls", {"query": "query: ", "passage": "passage: "})


@pytest.fixture
def chosen(monkeypatch):
    """Return a function that sets the encoder, and forget it afterwards."""

    def choose(value):
        monkeypatch.setenv("THAMKHAO_ENCODER", str(value))
        shipped_encoder.cache_clear()
        return shipped_encoder()

    yield choose
    monkeypatch.undo()
    shipped_encoder.cache_clear()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def unit(rows):
    return np.isfinite(rows).all() and np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.mark.slow
def test_a_plain_bert_runs_without_torch_and_as_sentence_transformers_has_it(chosen, plain):
    from sentence_transformers import SentenceTransformer

    used = chosen(plain)
    texts = ["abc", "hello there", "ก", "a b c d e f g h"]
    theirs = SentenceTransformer(str(plain), device="cpu").encode(texts, normalize_embeddings=True)
    assert isinstance(used, BertEncoder)
    assert np.allclose(used.encode(texts), theirs, atol=1e-5)


@pytest.mark.slow
def test_another_model_is_read_by_sentence_transformers_with_its_prefixes(chosen, first_token):
    from sentence_transformers import SentenceTransformer

    used = chosen(first_token)
    assert isinstance(used, EmbeddingsEncoder)
    assert (used.name, used.dimension, used.prefixes) == ("tiny-encoder", WIDTH, ("query: ", "passage: "))
    assert len(used.fingerprint) == 64
    theirs = SentenceTransformer(str(first_token), device="cpu")
    for query, prefix in ((True, "query: "), (False, "passage: ")):
        expected = theirs.encode([f"{prefix}hello"], prompt="", normalize_embeddings=True)
        assert np.allclose(used.encode(["hello"], query=query), expected, atol=1e-5)
    assert unit(used.encode(ODD))
    assert used.encode([]).shape == (0, WIDTH)


@pytest.mark.slow
def test_the_shipped_index_refuses_another_encoder_in_one_line_and_is_built_anew_for_it(
    chosen, first_token, monkeypatch, tmp_path
):
    chosen(first_token)
    with pytest.raises(
        IndexStateError, match=r"encoder name 'encoder', in use is 'tiny-encoder'.*make index"
    ) as caught:
        Assistant()
    assert "\n" not in str(caught.value)
    monkeypatch.setenv("THAMKHAO_INDEX", str(tmp_path / "built"))
    saved.build_shipped()
    assert Assistant().ask("ประชุมกันที่ไหน").text


@pytest.mark.parametrize("key", ["name", "revision", "dimension", "prefixes"])
def test_each_fact_about_the_encoder_is_held_against_the_index(key):
    manifest = saved.read_manifest(saved.built_folder())
    saved.check_encoder(manifest, shipped_encoder())
    manifest["encoder"][key] = "other"
    with pytest.raises(IndexStateError, match=f"{key}.*make index"):
        saved.check_encoder(manifest, shipped_encoder())


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("models--intfloat--multilingual-e5-base/snapshots/0a1b", "query: ", "passage: "),
        ("LABSE", "", ""),
        ("bge-m3", "", ""),
    ],
)
def test_a_known_model_is_told_by_its_folder(tmp_path, name, query, passage):
    from assistant import foreign

    known = foreign._known(tmp_path / name)
    assert (known.query, known.passage) == (query, passage)


@pytest.mark.parametrize("name", ["bge-m3", "LaBSE", "multilingual-e5-small", "someone/something"])
def test_a_model_that_is_not_on_disk_is_one_line_and_no_network(chosen, monkeypatch, tmp_path, name):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderError, match=r"not on this disk.*THAMKHAO_ENCODER") as caught:
        chosen(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["no-such-name", "/no/such/folder", "~no-such-user-here", "x" * 5000])
def test_what_is_no_model_is_one_line(chosen, name):
    with pytest.raises(EncoderError, match=r"no encoder directory.*unset it"):
        chosen(name)


def test_a_damaged_directory_is_one_line(chosen, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "xlm-roberta"}))
    with pytest.raises(EncoderError, match="cannot be read") as caught:
        chosen(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_package_is_named(monkeypatch):
    from assistant import foreign

    with pytest.raises(EncoderError, match=r"pip install no-such-package"):
        foreign._package("no_such_package")


def test_embeddings_are_wrapped_and_answer():
    letters = Letters()
    bot = Assistant(encoder=letters)
    assert bot.encoder.name == "Letters:letters"
    assert bot.encoder.dimension == 40
    assert unit(bot.encoder.encode(ODD))
    letters.asked.clear()
    answer = bot.ask("ประชุมกันที่ไหน")
    assert answer.answered
    assert letters.asked == ["ประชุมกันที่ไหน"]
    assert bot.search("dinner", k=2)
    assert Assistant.from_text(bot.article.text, encoder=letters).ask("Who met?").text


def test_langchain_embeddings_of_the_shipped_encoder_go_both_ways():
    from langchain_core.embeddings import Embeddings

    from assistant.adapters import EncoderEmbeddings

    ours = EncoderEmbeddings()
    assert isinstance(ours, Embeddings)
    texts = ["ประชุม", "Who met?"]
    expected = shipped_encoder().encode(texts)
    assert np.array_equal(np.float32(ours.embed_documents(texts)), expected)
    assert np.array_equal(np.float32(ours.embed_query(texts[1])), expected[1])
    assert np.allclose(as_encoder(ours).encode(texts), expected, atol=1e-6)


@pytest.mark.parametrize("thing", ["bge-m3", 3, object()])
def test_what_is_no_encoder_is_refused(thing):
    with pytest.raises(InputError, match="encoder must be"):
        Assistant(encoder=thing)


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        ([[1.0], [1.0, 2.0]], "shape"),
        ([], "shape"),
        ([[float("nan")] * 40], "finite"),
        ([[0.5] * 3], "40 numbers"),
        (None, "shape"),
    ],
)
def test_embeddings_that_give_nonsense_are_told_in_one_line(monkeypatch, vectors, said):
    wrapped = EmbeddingsEncoder(Letters())
    monkeypatch.setattr(Letters, "embed_documents", lambda self, texts: vectors)
    with pytest.raises(EncoderError, match=said):
        wrapped.encode(["a"])


def test_embeddings_that_fail_are_told_in_one_line(monkeypatch):
    def fail(self, texts):
        raise RuntimeError("no key\nset one")

    monkeypatch.setattr(Letters, "embed_documents", fail)
    with pytest.raises(EncoderError, match="no key set one"):
        EmbeddingsEncoder(Letters())


def test_a_text_of_no_known_word_still_has_a_unit_row():
    assert unit(EmbeddingsEncoder(Letters()).encode(["12345", ""]))


def test_the_protocol_is_what_the_encoders_keep():
    for name in encoder.Encoder.__annotations__:
        assert hasattr(shipped_encoder(), name)
        assert hasattr(EmbeddingsEncoder(Letters()), name)
