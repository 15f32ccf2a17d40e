"""The saved index: what is committed can be made again, and nothing damaged or stale is believed."""

import json
import shutil

import faiss
import numpy as np
import pytest

from assistant import artefacts, durable, saved
from assistant.encoder import shipped_encoder
from assistant.errors import DataError, IndexStateError
from assistant.settings import data_folder


@pytest.fixture
def copied(tmp_path):
    """Return a copy of the committed index."""
    folder = tmp_path / "built"
    shutil.copytree(saved.built_folder(), folder)
    return folder


def stored(folder, name):
    (path,) = folder.glob(f"{name}-*")
    return path


def load(folder, source=None):
    return saved.load(folder, source or saved.shipped_article(), shipped_encoder())


def test_a_rebuild_equals_what_is_committed(tmp_path):
    saved.build_shipped(tmp_path / "again")
    committed = saved.built_folder()
    for name in ("analysis", "passages"):
        old, new = (stored(f, name).read_bytes() for f in (committed, tmp_path / "again"))
        assert old == new, f"{name}: run `make index`"
    old, new = (faiss.read_index(str(stored(f, "vectors"))) for f in (committed, tmp_path / "again"))
    assert np.allclose(old.reconstruct_n(0, old.ntotal), new.reconstruct_n(0, new.ntotal), atol=1e-4)


@pytest.mark.parametrize("name", ["analysis", "passages", "tokens", "vectors", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_file_is_named_with_the_remedy(copied, name, damage):
    path = copied / name if name == "manifest.json" else stored(copied, name)
    body = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(body[:-7])
    else:
        body[len(body) // 2] ^= 4
        path.write_bytes(body)
    named = "manifest" if name == "manifest.json" else name
    with pytest.raises(IndexStateError, match=rf"{named}.*make index"):
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
    shutil.copytree(saved.shipped_article().parent, folder)
    (folder / "article.txt").write_bytes(saved.shipped_article().read_bytes() + b"\n")
    with pytest.raises(IndexStateError, match=r"article\.txt has changed.*make index"):
        load(copied, folder / "article.txt")


def test_similarities_are_the_dot_products():
    index = load(saved.built_folder())
    rows = index.vectors.reconstruct_n(0, index.vectors.ntotal)
    query = shipped_encoder().encode(["Who hosted the dinner?"])[0]
    assert np.allclose(index.similarities(query), rows @ query, atol=1e-5)


def test_passages_are_slices_of_the_article_in_order():
    index = load(saved.built_folder())
    assert all(index.article.text[p.start : p.end] == p.text for p in index.passages)
    assert all(a.end <= b.start for a, b in zip(index.passages, index.passages[1:], strict=False))


def test_every_byte_of_the_manifest_counts(copied):
    path = copied / "manifest.json"
    body = path.read_bytes()
    for place in range(0, len(body), 7):
        path.write_bytes(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
        with pytest.raises(IndexStateError, match="make index"):
            load(copied)


def test_a_build_that_fails_leaves_the_old_index(copied, monkeypatch):
    before = {p.name: p.read_bytes() for p in copied.iterdir()}
    index, write = load(copied), durable.write
    monkeypatch.setattr(saved, "FILES", tuple(f"new-{name}" for name in saved.FILES))

    def full(path, *parts):
        if path.name.startswith("new-vectors"):
            raise OSError(28, "No space left on device")
        write(path, *parts)

    monkeypatch.setattr(durable, "write", full)
    with pytest.raises(OSError, match="No space"):
        saved.save(index, shipped_encoder(), saved.shipped_article(), copied)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in copied.iterdir() if p.name in before} == before
    assert load(copied).passages == index.passages
    saved.save(index, shipped_encoder(), saved.shipped_article(), copied)
    assert len(list(copied.iterdir())) == len(saved.FILES) + 2  # what the failed build left is gone


def test_two_builders_do_not_meet(copied):
    index = load(copied)
    with (
        durable.sole_writer(copied / "lock", IndexStateError("index_busy")),
        pytest.raises(IndexStateError, match="wait until it is done"),
    ):
        saved.save(index, shipped_encoder(), saved.shipped_article(), copied)
    assert load(copied).passages == index.passages


def test_what_answers_rest_on_is_vouched_for():
    for path in artefacts.files():
        assert artefacts.read(path), path
    assert {artefacts.shown(p) for p in artefacts.files()} == set(artefacts.listed()), "run `make index`"


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "link"])
def test_a_damaged_table_or_model_is_refused_by_name(tmp_path, monkeypatch, damage):
    real = artefacts.DATA / "claims.json"
    monkeypatch.setattr(artefacts, "DATA", tmp_path)
    path, body = tmp_path / "claims.json", real.read_bytes()
    path.write_bytes(body)
    assert artefacts.read(path) == body
    if damage == "flip":
        path.write_bytes(bytes([body[0] ^ 1]) + body[1:])
    elif damage == "cut":
        path.write_bytes(body[:-1])
    elif damage == "gone":
        path.unlink()
    else:
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=r"assistant/data/claims\.json.*git checkout"):
        artefacts.read(path)


@pytest.mark.parametrize("model", artefacts.MODELS)
def test_a_damaged_model_names_its_file(tmp_path, monkeypatch, model):
    source = data_folder("index")
    shutil.copytree(source / model, tmp_path / "copy" / model)
    monkeypatch.setattr(artefacts, "data_folder", lambda name: tmp_path / "copy")
    artefacts.check_model(tmp_path / "copy" / model)
    path = tmp_path / "copy" / model / "config.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DataError, match=rf"index/{model}/config\.json is damaged"):
        artefacts.check_model(tmp_path / "copy" / model)
