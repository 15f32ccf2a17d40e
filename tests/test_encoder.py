"""The encoder: finite unit rows for any text, none depending on another, equal to sentence-transformers."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import assistant
from assistant.encoder import READ, BertEncoder, model_directory, shipped_encoder
from assistant.errors import EncoderError, InputError

ODD = [
    "",
    " ",
    "ก",
    "a",
    "🙂",
    "👩‍👩‍👧‍👦🇹🇭" * 50,
    "a" * 100_000,
    "ก" * 100_000,
    "ฮานอย Hanoi Ханой 河内 하노이 هانوي " * 3000,
    "\ud800",
    "ข่าว\udfff\ud83d news",
    "\x00",
    "ก\x00ข\x00",
    "\u0e31\u0e48\u0e33" * 30,
    "\u202e\u200b\ufeff",
    "Hanoi ฮานอย 2560",
    "\n\t\r\u2028",
]
SENTENCES = [f"ประชุมครั้งที่ {n} จัดที่กรุงฮานอย " * (n % 5 + 1) + f"Hanoi {n}" for n in range(60)]


def same_bits(left, right):
    return left.tobytes() == right.tobytes()


def test_any_text_gives_a_finite_unit_row():
    rows = assistant.encode(ODD)
    assert rows.shape == (len(ODD), shipped_encoder().dimension)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows():
    assert assistant.encode([]).shape == (0, shipped_encoder().dimension)


def test_a_row_is_the_same_bit_for_bit_alone_and_in_any_batch():
    texts = [*SENTENCES, *ODD, *SENTENCES[:7]]
    alone = np.stack([assistant.encode([t])[0] for t in texts])
    assert same_bits(assistant.encode(texts), alone)
    assert same_bits(assistant.encode(texts[::-1])[::-1], alone)
    assert same_bits(assistant.encode(texts[5:25]), alone[5:25])
    assert same_bits(assistant.encode(texts * 4), np.tile(alone, (4, 1)))


def test_many_threads_get_the_rows_that_one_gets():
    expected = assistant.encode(SENTENCES)
    with ThreadPoolExecutor(6) as pool:
        assert all(same_bits(rows, expected) for rows in pool.map(assistant.encode, [SENTENCES] * 6))


def test_only_the_start_of_a_long_text_counts():
    long = "ข่าวการประชุม " * 4000
    assert same_bits(assistant.encode([long]), assistant.encode([long[:READ]]))


def test_questions_and_passages_are_read_alike_by_the_shipped_encoder():
    encoder = shipped_encoder()
    assert encoder.prefixes == ("", "")
    assert same_bits(encoder.encode(["ใคร"], query=True), encoder.encode(["ใคร"]))


@pytest.mark.parametrize("texts", ["text", [1], [None]])
def test_only_a_sequence_of_texts_is_taken(texts):
    with pytest.raises(InputError):
        assistant.encode(texts)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"tokenizer\.json"):
        BertEncoder(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["empty", "cut", "noise"])
def test_a_damaged_file_is_one_line_with_a_remedy(tmp_path, name, damage):
    for file in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copyfile(model_directory() / file, tmp_path / file)
    path = tmp_path / name
    body = path.read_bytes()
    path.write_bytes({"empty": b"", "cut": body[: len(body) // 2], "noise": b"\xff\x01" * 99}[damage])
    with pytest.raises(EncoderError, match="install it again") as caught:
        BertEncoder(tmp_path)
    assert "\n" not in str(caught.value)


def test_the_fingerprint_is_of_the_weights_and_of_the_words(tmp_path):
    for file in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copyfile(model_directory() / file, tmp_path / file)
    assert BertEncoder(tmp_path).fingerprint == shipped_encoder().fingerprint
    text = (tmp_path / "tokenizer.json").read_text(encoding="utf-8")
    (tmp_path / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    assert BertEncoder(tmp_path).fingerprint != shipped_encoder().fingerprint


@pytest.mark.slow
def test_the_forward_pass_equals_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    texts = ["Thailand will host the next meeting.", "Who received the souvenir?", "ใครได้รับของที่ระลึก", *SENTENCES]
    theirs = SentenceTransformer(str(model_directory()), device="cpu").encode(texts, normalize_embeddings=True)
    assert np.allclose(assistant.encode(texts), theirs, atol=1e-4)
