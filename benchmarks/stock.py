"""SpiffWorkflow as it comes: alone in memory, and with its own serializer and one durable commit per step."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from benchmarks.eight import KEY, MODEL, SUBMISSION, TASKS

Run = Callable[[], None]


def start() -> Callable[[], BpmnWorkflow]:
    """What starts a case; the model is parsed once."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(MODEL.read_bytes()))
    spec = parser.get_spec(KEY)

    def started() -> BpmnWorkflow:
        case = BpmnWorkflow(spec)
        case.do_engine_steps()
        return case

    return started


def submit(case: BpmnWorkflow) -> None:
    """Complete the one user task that is open."""
    task = case.get_next_task(state=TaskState.READY, manual=True)
    task.data[task.task_spec.name] = dict(SUBMISSION)
    task.run()
    case.do_engine_steps()


def in_memory(_: Path) -> Run:
    """(a) One case in memory, nothing kept."""
    started = start()

    def run() -> None:
        case = started()
        for _ in TASKS:
            submit(case)
        assert case.completed

    return run


def with_its_serializer(folder: Path) -> Run:
    """(b) One case; each step reads the state, runs and writes it back in one durable commit."""
    started = start()
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    connection = sqlite3.connect(folder / "stock.sqlite3")
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")

    def run() -> None:
        with connection, closing(connection.cursor()) as cursor:
            cursor.execute("INSERT INTO cases (state) VALUES (?)", [serializer.serialize_json(started())])
            number = cursor.lastrowid
        for _ in TASKS:
            with connection:
                (state,) = connection.execute("SELECT state FROM cases WHERE id = ?", [number]).fetchone()
                case = serializer.deserialize_json(state)
                submit(case)
                state = serializer.serialize_json(case)
                connection.execute("UPDATE cases SET state = ? WHERE id = ?", [state, number])
        assert case.completed

    return run
