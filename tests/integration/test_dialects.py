"""A model made with Camunda Modeler alone runs to its end: people are asked, time passes, both sign a letter."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.events import fire_timers
from engine.queries.documents import case_documents
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.unit.docgen.word import docx, paragraph
from tests.unit.engine.diagrams import FORM
from tests.walking import WEB, person

MODELS = Path(__file__).parents[1] / "unit" / "engine" / "models"
LETTER = docx(paragraph("{{ dokumen.jenis }}: {{ cuti.a }}"))


@pytest.mark.parametrize("version", [7, 8])
def test_a_model_made_with_camunda_modeler_runs(site: Site, version: int) -> None:
    model = (MODELS / f"camunda-{version}.bpmn").read_bytes()
    files = {"cuti.bpmn": model, "cuti.schema.json": FORM, "putus.schema.json": FORM, "surat.docx": LETTER}
    made = deploy(site, OPERATOR, CHANNEL, files)
    assert [(sop.key, sop.version) for sop in made.definitions] == [("cuti", 1)]
    case = start_process(site, person(site, "staf"), WEB, "cuti")[0]
    first, *_ = walking.waiting(site, case)
    assert first.due_at is not None  # two hours of work, as its waktu says
    walking.walk(site, case)
    later = replace(site, clock=lambda: site.clock() + timedelta(minutes=1))
    assert fire_timers(later) == (1 if version == 8 else 0)
    assert walking.look(site, case).instance.status == "completed"
    letter, archive = case_documents(site, OPERATOR, case)
    assert (letter.type, archive.type, archive.filename) == ("surat_cuti", "arsip_zip", "arsip.zip")
    assert [signer["nama"] for signer in letter.signed_by] == ["Andi Rahmat", "Muhammad Yusuf"]
    assert "nomor" in walking.look(site, case).data["surat"]
    assert verify(site, OPERATOR, case).verified
