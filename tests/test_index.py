"""The saved index: what is committed can be made again, and nothing damaged or stale is believed."""

import json
import shutil

import faiss
import numpy as np
import pytest

from assistant import indexing
from assistant.encoder import shipped_encoder
from assistant.errors import IndexStateError


@pytest.fixture
def copied(tmp_path):
    """Return a copy of the committed index."""
    folder = tmp_path / "built"
    shutil.copytree(indexing.built_folder(), folder)
    return folder


def load(folder, source=None):
    return indexing.load(folder, source or indexing.shipped_article(), shipped_encoder())


def test_a_rebuild_equals_what_is_committed(tmp_path):
    indexing.build_shipped(tmp_path / "again")
    committed = indexing.built_folder()
    for name in ("analysis.json", "passages.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (committed / name).read_bytes(), f"{name}: run `make index`"
    old, new = (faiss.read_index(str(f / "vectors.faiss")) for f in (committed, tmp_path / "again"))
    assert np.allclose(old.reconstruct_n(0, old.ntotal), new.reconstruct_n(0, new.ntotal), atol=1e-4)


@pytest.mark.parametrize("name", ["analysis.json", "passages.jsonl", "vectors.faiss"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_file_is_named_with_the_remedy(copied, name, damage):
    path = copied / name
    body = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(body[:-7])
    else:
        body[len(body) // 2] ^= 4
        path.write_bytes(body)
    with pytest.raises(IndexStateError, match=rf"{name}.*make index"):
        load(copied)


@pytest.mark.parametrize(
    ("key", "value"), [("format", 99), ("encoder", {"name": "other", "revision": "", "dimension": 3})]
)
def test_an_index_of_another_make_is_refused(copied, key, value):
    manifest = json.loads((copied / "manifest.json").read_text())
    manifest[key] = value
    (copied / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(IndexStateError, match="make index"):
        load(copied)


def test_an_index_without_a_manifest_is_refused(copied):
    (copied / "manifest.json").unlink()
    with pytest.raises(IndexStateError, match=r"manifest.*make index"):
        load(copied)


def test_an_article_that_changed_makes_the_index_stale(copied, tmp_path):
    folder = tmp_path / "article"
    shutil.copytree(indexing.shipped_article().parent, folder)
    (folder / "article.txt").write_bytes(indexing.shipped_article().read_bytes() + b"\n")
    with pytest.raises(IndexStateError, match=r"article\.txt has changed.*make index"):
        load(copied, folder / "article.txt")


def test_similarities_are_the_dot_products():
    index = load(indexing.built_folder())
    rows = index.vectors.reconstruct_n(0, index.vectors.ntotal)
    query = shipped_encoder().encode(["Who hosted the dinner?"])[0]
    assert np.allclose(index.similarities(query), rows @ query, atol=1e-5)


def test_passages_are_slices_of_the_article_in_order():
    index = load(indexing.built_folder())
    assert all(index.article.text[p.start : p.end] == p.text for p in index.passages)
    assert all(a.end <= b.start for a, b in zip(index.passages, index.passages[1:], strict=False))
