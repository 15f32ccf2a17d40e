"""The faults of `tests.faults`, each a few times; the committed report has each a hundred times and more."""

import os
import sys
from pathlib import Path

import pytest

from tests import faults

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks and limits of Linux")]


@pytest.mark.parametrize(
    ("fault", "times"),
    [(faults.killed_builds, 5), (faults.full_disks, 4), (faults.builders, 2), (faults.builders, 8)],
)
def test_an_index_is_whole_or_the_old_one(tmp_path, fault, times):
    assert fault(tmp_path / "index", times) == (times, 0)


@pytest.mark.parametrize("damage", [faults.damaged_index, faults.damaged_artefacts, faults.damaged_archive])
def test_nothing_damaged_is_believed(tmp_path, damage):
    found = list(damage(tmp_path / "x", 3))
    assert len(found) > 3
    assert [row for row in found if row[2]] == []


def test_acknowledged_feedback_is_kept(tmp_path):
    tried, lost = faults.killed_feedback(tmp_path, 200)
    assert (tried >= 200, lost) == (True, 0)


def test_a_server_that_is_stopped_finishes_its_answers():
    waiting, cut_off = faults.stopped_server(20)
    assert (waiting > 5, cut_off) == (True, 0)


def test_surroundings_change_no_answer():
    assert faults.surroundings() == (len(faults.SURROUNDINGS), 0)


def test_nothing_but_this_machine_was_reached():
    """Whatever ran so far, and what it started, is held to this by `tests/quiet`."""
    import socket

    with pytest.raises(ConnectionRefusedError), socket.socket() as tried:
        tried.connect(("192.0.2.1", 9))  # reserved for documentation; refused before a packet leaves
    log = Path(os.environ["TESTS_QUIET_LOG"])
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if "192.0.2.1" not in line]
    log.write_text("", encoding="utf-8")
    assert lines == []
