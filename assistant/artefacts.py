"""The data that answers rest on, vouched for by `data/artefacts.json`: size and SHA-256 of every table and weight.

A table or model with another byte than the one released is refused by name. What is meant to be edited (the articles
with their side files, the prompts, the page's looks) is not listed; `make index` writes the list anew.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from assistant import durable
from assistant.errors import DataError
from assistant.settings import data_folder

DATA = Path(__file__).parent / "data"
LIST = DATA / "artefacts.json"
TABLES = (".tsv", ".json")
MODELS = ("encoder", "reader")


def shown(path: Path) -> str:
    """Return how a file is named in the list and to a reader: as in a clone."""
    path = path.absolute()
    for base, name in ((DATA, "assistant/data"), (data_folder("index").absolute(), "index")):
        if path.is_relative_to(base):
            return f"{name}/{path.relative_to(base).as_posix()}"
    return path.name


def files() -> list[Path]:
    """Return the files that are vouched for."""
    tables = [p for p in sorted(DATA.iterdir()) if p.suffix in TABLES and p != LIST]
    models = [p for name in MODELS for p in sorted((data_folder("index") / name).rglob("*"))]
    return tables + [p for p in models if p.is_file() and p.suffix != ".md"]


def write_list() -> None:
    """Vouch for the files as they are."""
    rows = {shown(p): {"bytes": p.stat().st_size, "sha256": durable.sha256(p)} for p in files()}
    body = durable.sealed({"files": rows})
    if not LIST.is_file() or LIST.read_bytes() != body:  # an installed package may be read only
        durable.write(LIST, body)


@lru_cache(maxsize=1)
def listed() -> dict[str, tuple[int, str]]:
    """Return size and SHA-256 by name.

    Raises:
        DataError: the list is missing or damaged.
    """
    told = durable.unsealed(LIST.read_bytes()) if LIST.is_file() else None
    if told is None:
        raise DataError("artefact_damaged", name=shown(LIST), how="damaged" if LIST.is_file() else "missing")
    return {name: (row["bytes"], row["sha256"]) for name, row in told["files"].items()}


def read(path: Path) -> bytes:
    """Return the bytes of a file of this release.

    Raises:
        DataError: it is missing or damaged, or not on the list; its text names it.
    """
    name = shown(path)
    try:
        body = path.read_bytes()
    except OSError:
        raise DataError("artefact_damaged", name=name, how="missing") from None
    if listed().get(name) != (len(body), hashlib.sha256(body).hexdigest()):
        raise DataError("artefact_damaged", name=name, how="damaged")
    return body


@lru_cache(maxsize=4)
def check_model_once(folder: Path) -> None:
    """Do `check_model`, for each folder once: the encoder and the reader stand on the same weights.

    Raises:
        DataError: see `check_model`.
    """
    check_model(folder)


def check_model(folder: Path) -> None:
    """Hold the shipped encoder or reader against the list; another folder than theirs is none of ours.

    Raises:
        DataError: a file is missing or damaged; its text names it.
    """
    place = shown(folder)
    for name, (size, digest) in listed().items():
        if name.startswith(f"{place}/"):
            wrong = durable.fault(folder / name[len(place) + 1 :], size, digest)
            if wrong:
                raise DataError("artefact_damaged", name=name, how=wrong)
