"""E-mail: plain text in the office's language, handed to the mail server."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine import network
from engine.errors import N_, AlurError
from engine.language import Zone, moment, translate
from engine.settings import Settings, is_email, mail_server

SECONDS = 20  # for each answer of the mail server
SUBJECTS = {
    "new_task": N_("New task: %(task)s"),
    "returned": N_("Back to you: %(task)s"),
    "delegated": N_("Delegated to you: %(task)s"),
    "reassigned": N_("Reassigned: %(task)s"),
    "taken_away": N_("No longer with you: %(task)s"),
    "overdue": N_("Overdue: %(task)s"),
    "incident": N_("A step failed: %(task)s"),
}
DIGEST = N_("%(count)s notices")
TRIAL = N_("This e-mail is a trial")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class MailServerDown(AlurError):
    """The mail server cannot be reached, or does not let us in; mails wait."""

    message = N_("The mail server cannot be used: %(reason)s")


class MailRefused(AlurError):
    """The mail server does not take this mail: for good (`final`), or not now."""

    message = N_("The mail server did not take the mail: %(reason)s")

    def __init__(self, reason: str, *, final: bool) -> None:
        self.reason, self.final = reason, final
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail says of a task or a failed step; `link` is the path of its page."""

    kind: str
    task: str
    case_title: str
    lane: str | None
    due_at: datetime | None
    over: bool
    link: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What one person is told in one go; `lease` is until when it is ours to send, `zone` the office's and its name.

    Without notices it is a trial of the mail server.
    """

    id: str
    address: str
    full_name: str
    created_at: datetime
    attempts: int
    lease: datetime
    zone: Zone
    notices: tuple[Notice, ...]


@contextmanager
def connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A mail server that lets us in; raises `MailServerDown`."""
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(reason=str(error)) from error
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def send(server: smtplib.SMTP, mail: Mail, settings: Settings) -> None:
    """Hand a mail over; raises `MailRefused`, or `MailServerDown` when nobody knows whether it was taken."""
    if not is_email(mail.address):
        raise MailRefused("no address", final=True)
    try:
        server.send_message(compose(mail, settings))
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[mail.address]
        raise MailRefused(f"{code} {text.decode(errors='replace')}", final=code >= 500) from error
    except smtplib.SMTPResponseException as error:  # of the sender or the content: mended in the settings, not here
        raise MailRefused(str(error), final=False) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(reason=str(error)) from error
    except Exception as error:  # waiting does not mend a value that cannot be written
        raise MailRefused(str(error), final=isinstance(error, ValueError)) from error


def compose(mail: Mail, settings: Settings) -> EmailMessage:
    """The very same message whenever it is made: its id and date are the mail's."""
    language = settings.language
    sender = Address(display_name="Alur", addr_spec=settings.mail_from)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(display_name=_line(mail.full_name), addr_spec=mail.address)
    message["Subject"] = f"[Alur] {_subject(mail.notices, language)}"
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(mail, settings))
    return message


def _connect(settings: Settings) -> smtplib.SMTP:
    place = mail_server(settings.smtp_url)
    context = ssl.create_default_context()
    if place.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(place.host, place.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(place.host, place.port, timeout=SECONDS)
    try:
        server.ehlo()
        if not place.tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif place.user and not place.tls and place.host not in LOOPBACK:
            raise smtplib.SMTPException("no TLS: the password would travel in the clear")
        if place.user:
            server.login(place.user, place.password)
    except BaseException:
        server.close()
        raise
    return server


def _subject(notices: Sequence[Notice], language: str) -> str:
    if not notices:
        return translate(TRIAL, language)
    if len(notices) > 1:
        return translate(DIGEST, language, {"count": len(notices)})
    return f"{_headline(notices[0], language)} - {_line(notices[0].case_title)}"


def _headline(notice: Notice, language: str) -> str:
    return translate(SUBJECTS[notice.kind], language) % {"task": _line(notice.task)}


def _text(mail: Mail, settings: Settings) -> str:
    language, address = settings.language, network.address(settings)
    greeting = translate(N_("Dear %(name)s,"), language) % {"name": _line(mail.full_name)}
    footer = translate(N_("How often you get e-mail is your choice; you make it in Alur."), language)
    parts = [_paragraph(notice, mail, language, address) for notice in mail.notices]
    parts = parts or [translate(N_("Alur and its mail server understand each other: notices arrive."), language)]
    return "\n\n".join([greeting, *parts, f"{footer}\n{address}"]) + "\n"


def _paragraph(notice: Notice, mail: Mail, language: str, address: str) -> str:
    lines = [_headline(notice, language), translate(N_("Case"), language) + f": {_line(notice.case_title)}"]
    if notice.lane:
        lines.append(translate(N_("Role"), language) + f": {_line(notice.lane)}")
    if notice.due_at:
        lines.append(translate(N_("Deadline"), language) + f": {moment(notice.due_at, language, mail.zone)}")
    if notice.over:
        lines.append(translate(N_("This is over already."), language))
    return "\n".join([*lines, address + notice.link])


def _line(text: str) -> str:
    """Text from people on one line, without what is not to be seen: nothing in it can become a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
