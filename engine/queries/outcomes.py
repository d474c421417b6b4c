"""What a submission led to, in full."""

from dataclasses import dataclass

from engine.access import Actor
from engine.commands.user_tasks import Completion
from engine.queries.cases import CaseDetail, detail
from engine.queries.documents import Document, of_ids
from engine.queries.user_tasks import UserTask
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Outcome:
    """The case as it now stands, the tasks that came up and the documents that were issued."""

    receipt: str
    case: CaseDetail
    opened: tuple[UserTask, ...]
    documents: tuple[Document, ...]


def outcome(site: Site, actor: Actor, completion: Completion) -> Outcome:
    """Everything a client wants to know after its submission, read at one moment."""
    with site.database.read() as connection:
        case = detail(connection, actor, completion.instance_id)
        opened = tuple(task for task in case.user_tasks if task.id in completion.opened)
        issued = of_ids(connection, completion.instance_id, completion.documents)
    return Outcome(completion.receipt, case, opened, issued)
