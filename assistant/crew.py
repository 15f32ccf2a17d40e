"""Processes that read articles into segments side by side; each takes one job at a time, as JSON over a pipe.

A worker whose builder is killed finds its pipe closed and ends; what it has finished lies in the archive for the next.
"""

import json
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from assistant import article as articles
from assistant import segments
from assistant.encoder import Encoder, shipped_encoder
from assistant.errors import IndexStateError, ThamKhaoError

Job = dict[str, Any]


def read_one(folder: Path, job: Job, encoder: Encoder) -> Job:
    """Have the segment of one article; return what its archive's entry says of it, or {"error": why not}.

    Args:
        folder: the archive.
        job: {"path": file of an article}, or {"segment": one made in another way, whose text is taken}.
        encoder: the one in use.
    """
    try:
        if "path" in job:
            article = articles.load(Path(job["path"]))
        else:
            article = segments.read(segments.path_of(folder, job["segment"]), job["id"]).article
        name, reused = segments.ensure(folder, article, encoder)
    except ThamKhaoError as error:
        return {"error": str(error)}
    told = {"title": article.title, "publisher": article.publisher, "date": article.date}
    return {"segment": name, "reused": reused, "id": article.id, **told}


def work(folder: Path, jobs: Sequence[Job], encoder: Encoder, workers: int) -> Iterator[tuple[int, Job]]:
    """Yield the number of each job and what came of it, as they are done.

    Args:
        folder: the archive.
        jobs: see `read_one`.
        encoder: the one in use; only the one that other processes can load for themselves is shared out.
        workers: processes beside this one; below two, this one does it all.

    Raises:
        IndexStateError: a worker died.
    """
    if workers < 2 or len(jobs) < 2 * workers or encoder is not shipped_encoder():
        for number, job in enumerate(jobs):
            yield number, read_one(folder, job, encoder)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of the encoder
    crew: dict[Connection, int] = {}
    processes = []
    waiting = deque(range(len(jobs)))
    try:
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(str(folder), theirs), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            crew[ours] = waiting.popleft()
            ours.send_bytes(json.dumps(jobs[crew[ours]]).encode())
        while crew:
            for link in wait(list(crew)):
                assert isinstance(link, Connection)
                number = crew.pop(link)
                yield number, json.loads(link.recv_bytes())
                if waiting:
                    crew[link] = waiting.popleft()
                    link.send_bytes(json.dumps(jobs[crew[link]]).encode())
                else:
                    link.close()
    except (EOFError, OSError) as error:
        raise IndexStateError("crew_died") from error
    finally:
        for link in crew:
            link.close()
        for process in processes:
            process.terminate()
            process.join()


def _serve(folder: str, link: Connection) -> None:
    """Do jobs until the builder closes the pipe."""
    from assistant import encoder
    from assistant.interface import quiet

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the builder's to act on
    quiet()
    encoder.THREADS = 1  # each worker keeps to one core
    used = shipped_encoder()
    while True:
        try:
            job = json.loads(link.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            done = read_one(Path(folder), job, used)
        except OSError as error:  # a full disk: the builder says so once
            done = {"fatal": error.strerror or type(error).__name__}
        try:
            link.send_bytes(json.dumps(done).encode())
        except OSError:
            return
