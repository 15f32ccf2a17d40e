"""Build an archive of many articles, and keep it up with the files it came from: add, replace, remove, resume.

Each article is one segment that never changes (`segments`); a generation (`generations`) is put together from all of
them at the end. Killed at any moment, the old generation goes on serving, and the next run finds the segments made.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from assistant import durable, generations, ingest, segments
from assistant.crew import Job, work
from assistant.encoder import Encoder, shipped_encoder
from assistant.errors import FileError, IndexStateError, InputError
from assistant.generations import Entry
from assistant.interface import visible
from assistant.progress import Meter
from assistant.saved import SIDE_FILES
from assistant.thai import clean


@dataclass(slots=True)
class Report:
    """What a run did: ids of articles added, replaced, removed; files left out with the reason; the rest is counted."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    kept: int = 0
    reused: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True)
class _File:
    """A file to have in the archive: where it is, the name it has in it, its short name, its bytes' SHA-256."""

    path: Path
    source: str
    short: str
    digest: str


def build_archive(
    folder: Path,
    paths: Sequence[Path] = (),
    *,
    encoder: Encoder | None = None,
    remove: Iterable[str] = (),
    prune: bool = False,
    workers: int = 1,
    progress: TextIO | None = None,
) -> Report:
    """Bring an archive up to date with files and folders; make it where there is none.

    Args:
        folder: the archive.
        paths: article files, and folders of them; what is in the archive from elsewhere stays.
        encoder: instead of the one in use.
        remove: ids of articles to take out.
        prune: take out the articles whose files are gone, too.
        workers: processes that read articles; 1 reads them in this one.
        progress: where to show a bar; nowhere when None.

    Raises:
        InputError: a path cannot be listed, an id is unknown, or nothing would be left.
        IndexStateError: another process builds this archive, or what it holds is damaged beyond these files.
    """
    used = shipped_encoder() if encoder is None else encoder
    report = Report()
    listed = [file for path in paths for file in _listed(path)]
    folder.mkdir(parents=True, exist_ok=True)
    with durable.sole_writer(folder / "lock", IndexStateError("archive_busy", name=folder.name)):
        old = generations.current(folder)
        generations.tidy(folder, old.number if old else 0)
        held = {entry.source: entry for entry in (old.entries if old else ())}
        before = dict(held)
        _take_out(folder, held, set(remove), prune, report)
        files = {
            file.source: file for file in (_fingerprint(path, short, folder, report) for path, short in listed) if file
        }
        changed = _changed(folder, held, files, bool(old and old.make == segments.make_of(used)))
        _read(folder, changed, held, files, used, workers, progress, report)
        report.articles = len(held)
        if not held:
            reason = f"; the first: {report.skipped[0][1]}" if report.skipped else ""
            raise InputError("archive_empty", name=folder.name, reason=reason)
        whole = old is not None and held == before and _is_whole(folder, old)
        if not whole:
            entries = tuple(sorted(held.values(), key=lambda entry: entry.id))
            leaves = [segments.read(segments.path_of(folder, e.segment), e.id).leaf for e in entries]
            generations.publish(folder, entries, leaves, used)
            generations.sweep(folder)
    return report


def _listed(path: Path) -> list[tuple[Path, str]]:
    """Return the article files of a path, each with the name it has within it."""
    if path.is_dir():
        return [(file, file.relative_to(path).as_posix()) for file in ingest.list_files(path)]
    if not path.exists():
        raise ingest.refusal("missing", path.name or str(path))
    return [(path, path.name)]


def _fingerprint(path: Path, short: str, folder: Path, report: Report) -> _File | None:
    """Return a file with the SHA-256 of its bytes and of its side files'."""
    sides = (path.with_name(f"{path.stem}.{side}") for side in SIDE_FILES)
    try:
        digest = hashlib.sha256()
        for part in (path, *(side for side in sides if side.is_file())):
            digest.update(part.name.encode("utf-8", "surrogateescape"))
            digest.update(ingest.read_bytes(part) if part == path else part.read_bytes())
    except (FileError, OSError) as error:
        _skip(short, str(error), report)
        return None
    return _File(path, clean(_relative(path, folder)), clean(short), digest.hexdigest())


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _skip(short: str, reason: str, report: Report) -> None:
    report.skipped.append((visible(clean(short)), reason))
    ingest.warn(*report.skipped[-1])


def _take_out(folder: Path, held: dict[str, Entry], ids: set[str], prune: bool, report: Report) -> None:
    unknown = sorted(ids - {entry.id for entry in held.values()})
    if unknown:
        raise InputError("archive_unknown", name=folder.name, given=repr(unknown[0]))
    for source, entry in list(held.items()):
        if entry.id in ids or (prune and not (folder / source).exists()):
            report.removed.append(held.pop(source).id)


def _changed(folder: Path, held: dict[str, Entry], files: dict[str, _File], same_make: bool) -> dict[str, Job]:
    """Return what has to be read, by source: new and changed files, damaged segments, all of them for another make."""
    jobs: dict[str, Job] = {}
    for source, file in files.items():
        entry = held.get(source)
        if entry is None or entry.digest != file.digest or not same_make or _damage(folder, entry):
            jobs[source] = {"path": str(file.path)}
    for source, entry in held.items():
        if source in files:
            continue
        damage = _damage(folder, entry)
        if damage and (folder / source).is_file():
            jobs[source] = {"path": str(folder / source)}
        elif damage:
            raise IndexStateError("archive_unread", reason=damage, id=entry.id)
        elif not same_make:
            jobs[source] = {"segment": entry.segment, "id": entry.id}
    return jobs


def _damage(folder: Path, entry: Entry) -> str:
    try:
        segments.open_sealed(segments.path_of(folder, entry.segment))
    except IndexStateError as error:
        return str(error)
    return ""


def _read(
    folder: Path,
    jobs: dict[str, Job],
    held: dict[str, Entry],
    files: dict[str, _File],
    encoder: Encoder,
    workers: int,
    progress: TextIO | None,
    report: Report,
) -> None:
    """Have every segment made, and enter what came of it."""
    sources = list(jobs)
    meter = Meter(len(sources), folder.name, progress)
    made: dict[str, Job] = {}
    for number, done in work(folder, list(jobs.values()), encoder, workers):
        if "fatal" in done:
            raise OSError(0, done["fatal"], str(folder))
        made[sources[number]] = done
        meter.step()
    meter.close()
    taken = {entry.id for entry in held.values()}
    for source in sorted(made, key=lambda name: (name.count("/"), name)):  # of one name, the outer file has it
        done, file, entry = made[source], files.get(source), held.get(source)
        if "error" in done:
            _skip(file.short if file else source, done["error"], report)
            continue
        report.reused += done["reused"]
        told = {key: done[key] for key in ("segment", "title", "publisher", "date")}
        if entry is not None:
            same = entry.segment == done["segment"]
            held[source] = replace(entry, digest=file.digest if file else entry.digest, **told)
            if not same:
                report.replaced.append(entry.id)
        else:
            assert file is not None
            identity = next(name for name in _names(done["id"], file.short) if name not in taken)
            taken.add(identity)
            held[source] = Entry(identity, source, file.digest, **told)
            report.added.append(identity)
    report.kept = len(held) - len(report.added) - len(report.replaced)


def _names(identity: str, short: str) -> Iterable[str]:
    """Yield ids for an article: its own, its file's name within the folder, that with a number."""
    yield identity
    yield short
    number = 2
    while True:
        yield f"{short} ({number})"
        number += 1


def _is_whole(folder: Path, generation: generations.Generation) -> bool:
    try:
        generations.open_corpus(folder, generation)
    except IndexStateError:
        return False
    return True
