"""Write THIRD_PARTY.md from the packages that are installed: `make third-party`."""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "THIRD_PARTY.md"
HEAD = """# Third-party packages

Every package that `requirements.lock` pins, with the licence its own metadata states; `make third-party` writes this
file. Nothing of them is copied into this repository but Sarabun (SIL Open Font License 1.1, `assistant/data/fonts`) and
what `wordnet.tsv` takes from Thai WordNet and WordNet 3.0 (their notices: `assistant/data/WORDNET-LICENCES.txt`).

| package | version | licence |
|---|---|---|
"""


def pinned():
    """Return names and versions of the lock."""
    rows = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    return sorted(rows, key=lambda row: row[0].lower())


def licence(name):
    """Return the licence a package states, in one line; None when it is not installed here."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    if told.get("License-Expression"):
        return told["License-Expression"]
    classes = [c.split(" :: ")[-1] for c in told.get_all("Classifier", []) if c.startswith("License ::")]
    classes = [c for c in classes if c != "OSI Approved"]
    stated = " ".join((told.get("License") or "").split())
    return ", ".join(classes) or (stated if len(stated) < 60 else stated[:57] + "…") or "see the package"


def main():
    """Write the table."""
    rows = [(name, version, licence(name) or "for other systems; not installed here") for name, version in pinned()]
    OUT.write_text(HEAD + "".join(f"| {n} | {v} | {told} |\n" for n, v, told in rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} packages\n")


if __name__ == "__main__":
    main()
