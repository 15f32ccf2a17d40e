"""The encoder: finite unit rows for any text, none depending on another, equal to sentence-transformers."""

import numpy as np
import pytest

import assistant
from assistant.encoder import BertEncoder, model_directory, shipped_encoder
from assistant.errors import EncoderError, InputError

ODD = ["", " ", "ก", "🙂", "a" * 100_000, "ก" * 100_000, "\ud800", "\x00", "Hanoi ฮานอย 2560"]


def test_any_text_gives_a_finite_unit_row():
    rows = assistant.encode(ODD)
    assert rows.shape == (len(ODD), shipped_encoder().dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_a_row_does_not_depend_on_its_batch():
    alone = assistant.encode(["Who met?"])[0]
    assert np.array_equal(alone, assistant.encode(["Who met?", *ODD[:4]])[0])
    assert assistant.encode([]).shape == (0, shipped_encoder().dimension)


def test_text_alone_is_no_sequence_of_texts():
    with pytest.raises(InputError):
        assistant.encode("text")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"tokenizer\.json"):
        BertEncoder(tmp_path)


@pytest.mark.slow
def test_the_numpy_forward_equals_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    texts = ["Thailand will host the next meeting.", "Who received the souvenir?"]
    theirs = SentenceTransformer(str(model_directory()), device="cpu").encode(texts, normalize_embeddings=True)
    assert np.allclose(assistant.encode(texts), theirs, atol=1e-4)
