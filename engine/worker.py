"""The worker: fires timers, looks for passed deadlines, makes checkpoints, verifies, sends e-mail.

It is a thread of `alur serve`, or its own processes. Any number of workers may run. What each must do stands in the
database, so one may stop anywhere and another goes on.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from engine import notices, outbox, post
from engine.checkpoints import seal
from engine.commands.events import fire_timers
from engine.commands.post import deliver_post
from engine.commands.schedules import begin_due
from engine.due import stops_all
from engine.errors import AlurError
from engine.mail import SECONDS, MailRefused, MailServerDown, connected, send
from engine.proof.asked import verify_asked
from engine.site import Site

PAUSE = 1.0
CHECKPOINT_EVERY = 60.0
DEADLINES_EVERY = 60.0
FORGET_EVERY = 24 * 3600.0
LONGEST_SILENCE = 300.0  # of the mail server, before it is asked again

log = logging.getLogger("alur.worker")


@contextmanager
def working(site: Site) -> Iterator[None]:
    """A worker beside what this process does; what it has in hand at the end, it finishes, and all is sealed."""
    stop = Event()
    thread = Thread(target=Worker(site).run, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        seal(site)


class Worker:
    """One turn after the other over one installation."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._failures = 0
        self._next: dict[str, float] = {}  # when it is time for something again

    def run(self, stop: Event) -> None:
        """Work until told to stop; what goes wrong is logged, and tried again at the next turn."""
        while not stop.is_set():
            try:
                self.turn()
            except AlurError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("a turn of the worker failed")
            stop.wait(PAUSE)

    def turn(self) -> None:
        """All that is due now; what goes wrong with one thing is logged and keeps no other from being done.

        Raises `Unavailable`: without the database nothing can be.
        """
        for do in self._due():
            try:
                do(self._site)
            except Exception as error:
                if stops_all(error):
                    raise
                log.warning("%s: %s", do.__name__, error, exc_info=not isinstance(error, AlurError | OSError))

    def _due(self) -> Iterator[Callable[[Site], object]]:
        yield from (fire_timers, begin_due, deliver_post)
        if self._is_time("deadlines", DEADLINES_EVERY):
            yield from (notices.announce_overdue, notices.settle)
        if self._is_time("checkpoint", CHECKPOINT_EVERY):
            yield seal
        yield verify_asked
        if self._is_time("forget", FORGET_EVERY):
            yield from (notices.forget, outbox.forget, post.forget)
        if self._site.settings.smtp_url:
            yield outbox.write_mails
            if time.monotonic() >= self._next.get("mail", 0):
                yield self._deliver

    def _is_time(self, what: str, every: float) -> bool:
        if time.monotonic() < self._next.get(what, 0):
            return False
        self._next[what] = time.monotonic() + every
        return True

    def _deliver(self, site: Site) -> None:
        """Only a server that lets us in is given mails, so that its absence costs no mail an attempt."""
        if not outbox.waiting(site):
            return
        try:
            with connected(site.settings) as server:
                while mail := outbox.claim(site):
                    try:
                        send(server, mail, site.settings)
                    except MailRefused as refused:
                        outbox.postpone(site, mail, refused.reason, final=refused.final)
                        log.warning("mail %s to %s: %s", mail.id, mail.address, refused)
                    except MailServerDown as down:
                        outbox.postpone(site, mail, str(down), final=False)
                        raise
                    else:
                        outbox.sent(site, mail)
                self._failures = 0
        except MailServerDown as down:
            self._failures += 1
            pause = min(PAUSE * 2**self._failures, LONGEST_SILENCE)
            self._next["mail"] = time.monotonic() + pause
            log.warning("%s; again in %d s", down, pause)
