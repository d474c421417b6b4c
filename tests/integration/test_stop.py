"""An orderly stop of the server and of the worker: what was done until then is sealed."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from engine import installation
from engine.checkpoints import Folder
from engine.installation import ROOT
from engine.proof import own_source, prove, read_sealed
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.integration.test_kill import PATIENCE, free_port, served, surroundings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")


@pytest.fixture
def keyed(site: Site) -> Iterator[Site]:
    installation.set_up_key(site, OPERATOR, CHANNEL)
    yield site


def unsealed(site: Site) -> int:
    return prove(site, read_sealed(own_source(site))).unsealed


def wait_for_the_first_checkpoint(site: Site) -> None:
    end = time.monotonic() + PATIENCE
    while not Folder.of(site.settings).numbers():
        assert time.monotonic() < end, "no checkpoint"
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_seals(keyed: Site, how: signal.Signals) -> None:
    with served(keyed, free_port()) as process:
        wait_for_the_first_checkpoint(keyed)
        walking.start(keyed)
        assert unsealed(keyed) > 0
        process.send_signal(how)
        assert process.wait(PATIENCE) == 0
    assert unsealed(keyed) == 0


def test_a_worker_that_is_told_to_end_seals(keyed: Site) -> None:
    command = [sys.executable, "-c", "from engine.cli import alur; alur(['worker'])"]
    with subprocess.Popen(command, cwd=ROOT, env=surroundings(keyed), stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_the_first_checkpoint(keyed)
            walking.start(keyed)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert unsealed(keyed) == 0
