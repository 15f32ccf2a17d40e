"""Refuse every connection but to this machine itself, and write down who tried: for the tests and what they start."""

import os
import sys

_NAMES = ("localhost", "127.0.0.1", "::1", "", "0.0.0.0", "testserver", None)


def _is_here(host):
    name = host.decode() if isinstance(host, bytes) else host
    return name in _NAMES or str(name).startswith("127.")


def watch(event, arguments):
    """Hold the events of the socket module against the rule."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        log = os.environ.get("TESTS_QUIET_LOG")
        if log:
            with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123
                file.write(f"{event} {host} {sys.argv[:3]}\n")
        raise ConnectionRefusedError(f"the tests must reach nothing but this machine; got {host}")


sys.addaudithook(watch)
