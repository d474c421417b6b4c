"""The worker: fires timers, looks for passed deadlines, makes checkpoints, verifies, sends e-mail.

It is a thread of `alur serve`, or its own processes. Any number of workers may run. What each must do stands in the
database, so one may stop anywhere and another goes on.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from engine import notices, outbox
from engine.checkpoints import seal
from engine.commands.events import fire_timers
from engine.commands.post import deliver_post, forget_post
from engine.commands.schedules import begin_due
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
        self._deadlines_at = self._mail_at = self._forget_at = self._checkpoint_at = time.monotonic()

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
        """All that is due now."""
        fire_timers(self._site)
        begin_due(self._site)
        deliver_post(self._site)
        if time.monotonic() >= self._deadlines_at:
            self._deadlines_at = time.monotonic() + DEADLINES_EVERY
            notices.announce_overdue(self._site)
            notices.settle(self._site)
        if time.monotonic() >= self._checkpoint_at:
            self._checkpoint_at = time.monotonic() + CHECKPOINT_EVERY
            seal(self._site)
        verify_asked(self._site)
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + FORGET_EVERY
            notices.forget(self._site)
            outbox.forget(self._site)
            forget_post(self._site)
        if self._site.settings.smtp_url:
            outbox.write_mails(self._site)
            if time.monotonic() >= self._mail_at and outbox.waiting(self._site):
                self._deliver()

    def _deliver(self) -> None:
        """Only a server that lets us in is given mails, so that its absence costs no mail an attempt."""
        try:
            with connected(self._site.settings) as server:
                while mail := outbox.claim(self._site):
                    try:
                        send(server, mail, self._site.settings)
                    except MailRefused as refused:
                        outbox.postpone(self._site, mail, refused.reason, final=refused.final)
                        log.warning("mail %s to %s: %s", mail.id, mail.address, refused)
                    except MailServerDown as down:
                        outbox.postpone(self._site, mail, str(down), final=False)
                        raise
                    else:
                        outbox.sent(self._site, mail)
                self._failures = 0
        except MailServerDown as down:
            self._failures += 1
            pause = min(PAUSE * 2**self._failures, LONGEST_SILENCE)
            self._mail_at = time.monotonic() + pause
            log.warning("%s; again in %d s", down, pause)
