"""A mail server of the tests' own, which takes, refuses or vanishes as it is told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Post:
    """What arrived, oldest first; `answers` are given instead of 250, one per mail, as long as there are any."""

    port: int
    arrived: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    password: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.answers and self.answers[0].startswith("RCPT "):
            return self.answers.pop(0).removeprefix("RCPT ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return "250 OK"

    @contextmanager
    def open(self) -> Iterator[None]:
        """It answers as long as the context."""
        options: dict[str, Any] = {}
        if self.password is not None:
            options = {"auth_required": True, "auth_require_tls": False, "authenticator": self._knows}
        controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        controller.start()
        try:
            yield
        finally:
            controller.stop()

    def _knows(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password.decode() == self.password, handled=False)

    @property
    def told(self) -> list[tuple[str, str]]:
        """(address, subject) of what arrived."""
        return [(message["To"].addresses[0].addr_spec, message["Subject"]) for message in self.arrived]

    def ids(self) -> list[str]:
        """The Message-IDs of what arrived."""
        return [str(message["Message-ID"]) for message in self.arrived]


def closed() -> Post:
    """A server at a free port that does not answer yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Post(probe.getsockname()[1])
