"""What Alur says no to: one tree, so that every edge (HTTP, command line) answers the same refusal the same way.

A class names the refusal, which is also its stable `code`, and says it in one English sentence, which is also the key
of its translation. Parameters fill the sentence and travel on, so that a page can say who holds a task and since when.
A description stands only where the sentence does not say it all.
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeVar

from engine.commandline import spelled

T = TypeVar("T")


def N_(text: str) -> str:
    """Mark a sentence for translation where it is only stored."""
    return text


class AlurError(Exception):
    """The root: something was refused, and the message says what to do."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("Something went wrong.")

    def __init_subclass__(cls) -> None:
        """The code of `TaskClaimed` is task_claimed, unless the class says another."""
        cls.code = cls.__dict__.get("code") or re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **params: object) -> None:
        self.params: Mapping[str, object] = params
        sentence = spelled(self.message)
        super().__init__(sentence % params if params else sentence)


class Malformed(AlurError):
    """400: the request itself cannot be read."""

    message = N_("The request could not be read: %(reason)s")


class SameName(Malformed):
    message = N_("Two files are named %(name)s. Give each a name of its own, or deploy their folders one by one.")


class Unauthenticated(AlurError):
    """401: who is asking is not known."""

    message = N_("Sign in first.")


class SignInFailed(Unauthenticated):
    """The name or the password is wrong; which of the two is not said."""

    message = N_("The user name or the password is not right.")


class NoAccount(Unauthenticated):
    """Another system knows who this is, and they have no account here, or one that was closed."""

    message = N_("%(name)s has no active account in Alur. Ask your office's Alur administrator.")


class ProviderRefused(Unauthenticated):
    """The office's provider did not sign them in, or what it said does not prove that it did."""

    message = N_("Signing in with the office account did not work or took too long. Try again.")


class LinkExpired(Unauthenticated):
    message = N_("This sign-in link was used already or has expired. Ask for a new one.")


class TooManyAttempts(AlurError):
    """429: slow down."""

    message = N_("Too many attempts. Try again in %(minutes)s minutes.")


class Forbidden(AlurError):
    """403: visible, but not yours to do."""

    message = N_("You may not do this.")


class WrongLane(Forbidden):
    message = N_("This task belongs to %(lane)s; you do not act for that role.")


class WrongPosition(Forbidden):
    message = N_("This task must be done by the %(position)s.")


class Separated(Forbidden):
    """Who did one step of a case may not do another: its `separate_from` names the first."""

    message = N_("Somebody else must do this step: %(who)s did “%(activity)s” in this case.")


class DelegatedOnce(Forbidden):
    message = N_("This task was delegated to you; only those whose task it is can delegate it.")


class OwnAccount(Forbidden):
    message = N_("Nobody changes what they themselves may do. Ask another administrator.")


class NotFound(AlurError):
    """404: not there, or not visible to who asks."""

    message = N_("There is nothing here, or you may not see it.")


def required(value: T | None) -> T:
    """The value; raises `NotFound` where there is none."""
    if value is None:
        raise NotFound
    return value


class Conflict(AlurError):
    """409: the world moved on; nothing was changed."""

    message = N_("This has changed in the meantime. Open it again.")


class TaskClaimed(Conflict):
    message = N_("%(holder)s took this task on %(since)s.")


class TaskNotClaimed(Conflict):
    """A release of a task that one does not hold."""

    message = N_("You do not hold this task.")


class TaskFree(Conflict):
    """A task that is to be taken from somebody, and nobody has it."""

    message = N_("Nobody holds this task.")


class HolderChanged(Conflict):
    message = N_("The task changed hands since your page was opened. See who has it now, then choose again.")


class TaskDone(Conflict):
    """The task was completed or cancelled before."""

    message = N_("This task was already finished by %(by)s on %(at)s.")


class DraftChanged(Conflict):
    """The draft is not the one that the page showed: another tab or device saved it since."""

    message = N_("Your draft of this task was changed elsewhere on %(at)s, in another tab or on another device.")


class CaseSuspended(Conflict):
    """The case rests until an operator resumes it."""

    message = N_("This case is suspended: %(reason)s")


class CaseEnded(Conflict):
    """The case is completed or cancelled."""

    message = N_("This case has ended.")


class StateUnreadable(Conflict):
    """What is stored of where the case stands was damaged; its history is not."""

    message = N_(
        "The stored state of this case cannot be read. An administrator opens the case and presses “Try again”: "
        "the state is then made anew from the history."
    )


class SubstitutionOver(Conflict):
    message = N_("This substitution is over already.")


class SopWithdrawn(Conflict):
    message = N_("Version %(version)s of this SOP was withdrawn; no case starts on it: %(reason)s")


class SopOffered(Conflict):
    message = N_("Version %(version)s of this SOP is not withdrawn.")


class SopDraftChanged(Conflict):
    message = N_(
        "This draft has changed since your page was opened, perhaps in another tab, so nothing was done. This is how it"
        " is now: look at it, then do it again."
    )


class DraftThere(Conflict):
    message = N_("You have a draft of this SOP already. Go on with it, or discard it first.")


class MembershipOver(Conflict):
    """A role or position that was ended before."""

    message = N_("This was ended before.")


class NoIncident(Conflict):
    message = N_("Nothing in this case is waiting to be tried again.")


class NumberTaken(Conflict):
    message = N_("Letter number %(number)s is already in the register.")


class NameTaken(Conflict):
    message = N_("There is already a user named %(name)s.")


class KeyReused(Conflict):
    code = "idempotency_key_reused"
    message = N_("This Idempotency-Key was used for a different request.")


class Invalid(AlurError):
    """422: understood, and not acceptable; `errors` says everything at once."""

    message = N_("%(count)s things need to be mended.")

    def __init__(self, errors: Sequence[object], **params: object) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors), **params)


class InvalidForm(Invalid):
    """A submission whose fields need mending; the errors are `forms.validation.FieldError`."""

    message = N_("%(count)s fields need to be mended.")


class InvalidDeployment(Invalid):
    """Files that cannot be deployed; the errors are `engine.checker.Finding`. Nothing was deployed."""

    message = N_("%(count)s findings stand in the way of deploying this. Nothing was deployed.")


class Unacceptable(AlurError):
    """422 for one plain reason."""

    message = N_("This cannot be accepted: %(reason)s")


class CannotReceive(Unacceptable):
    message = N_("%(name)s cannot get this task: role, position or separation of duties do not allow it.")


class NumberMalformed(Unacceptable):
    """A letter number from the paper register that is not written as the office writes them."""

    message = N_("Letter number %(number)s is not written as the office writes them: %(mask)s")


class FileRefused(Unacceptable):
    """An upload of a kind or size that is not taken."""

    message = N_("The file %(filename)s cannot be accepted: %(reason)s")


class FileTooLarge(FileRefused):
    message = N_("The file %(filename)s is larger than %(megabytes)s MB.")


class TooManyUploads(FileRefused):
    """More uploads than any task asks for, bound to none."""

    message = N_(
        "The file %(filename)s is not taken now: you have uploaded more than a task needs without sending one. "
        "Send or discard what is open, or try again in %(minutes)s minutes."
    )


class Unavailable(AlurError):
    """503: the database does not answer; nothing was changed."""

    message = N_("The database cannot be reached right now. Nothing was changed; try again.")


class DatabaseRefuses(Unavailable):
    message = N_("%(place)s refuses the user name or the password: mend ALUR_DATABASE_URL. Nothing was changed.")


class DatabaseSilent(Unavailable):
    """Nothing answers where the database should be, or it has no database of that name."""

    message = N_("No database answers at %(place)s: start it, or mend ALUR_DATABASE_URL. Nothing was changed.")


class DiskFull(Unavailable):
    message = N_("The disk of %(place)s is full: make room on it, then try again. Nothing was changed.")


class ReadOnly(Unavailable):
    message = N_(
        "%(place)s cannot be written: unlock its medium, or let this account write there. Nothing was changed."
    )


class DatabaseDamaged(Unavailable):
    message = N_("%(place)s is damaged: end Alur and run %(alur)s restore with a sound backup. Nothing was changed.")


class NotSetUp(Unavailable):
    message = N_("There is no database of Alur in %(place)s yet. Run: %(alur)s init")


class DatabaseOld(Unavailable):
    message = N_("%(place)s is of an older Alur: end Alur, keep a copy of it, run %(alur)s init. Nothing was changed.")


class DatabaseNew(Unavailable):
    message = N_("%(place)s is of a newer Alur (%(found)s; known: %(known)s): use that. Nothing was changed.")


class NotRunnable(Unavailable):
    message = N_(
        "This Alur cannot run the open cases of %(versions)s: end or cancel them in the one they run in. Nothing was"
        " changed."
    )


class ProviderUnavailable(Unavailable):
    """503: the office's provider does not answer, or not as one."""

    message = N_("The office's sign-in service does not answer. Try again, or sign in with a password.")


class PdfUnavailable(Unavailable):
    """A document cannot be turned into PDF on this machine, or not now."""

    message = N_("There is no PDF just now: %(reason)s. The Word file can be downloaded.")


class CheckpointsMissing(AlurError):
    """The folder lacks checkpoints that were made; a second chain must not begin."""

    message = N_(
        "Checkpoint %(number)s is not in %(folder)s. Bring the folder back, or run %(alur)s audit restore-checkpoints."
    )


class BadSettings(AlurError):
    """The installation is configured wrongly; Alur does not start."""

    message = N_("%(variable)s: %(reason)s")


class BadNumber(BadSettings):
    message = N_("%(variable)s: must be a whole number from %(low)s to %(high)s")


class AddressInUse(AlurError):
    """Another program listens where the server should; Alur does not start."""

    message = N_("Port %(port)s on %(host)s is in use: end the program that uses it, or choose another with ALUR_PORT.")


class OperatorFailed(AlurError):
    """A service task that could not do its work; the case waits with an incident and can be retried."""

    message = N_("%(cause)s")


class NumberMissing(OperatorFailed):
    """A document in force that would print an empty number."""

    message = N_("The office has no number mask for %(type)s: add it under Nomor surat, then try this step again.")
