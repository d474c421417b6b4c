"""Versions of an SOP: what is new in one, and one that is withdrawn from starting."""

from collections.abc import Mapping

import pytest

from engine import installation
from engine.commands.cases import start_process
from engine.commands.deployments import deploy, gathered, reinstate, withdraw
from engine.errors import Forbidden, NotFound, SopOffered, SopWithdrawn, Unacceptable
from engine.models import definitions
from engine.queries.acts import find_acts
from engine.queries.definitions import process_definition, process_definitions
from engine.replay import verify, verify_all
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import person

SOP = "sop-16-2022"


def files() -> Mapping[str, bytes]:
    return gathered([installation.ROOT / "bpmn" / f"{SOP}.bpmn"], installation.LIBRARY)


def changed(text: str = "Mencatat rapat pleno") -> dict[str, bytes]:
    bpmn = files()[f"{SOP}.bpmn"].replace(b'name="Mencatat rapat', f'name="{text}'.encode(), 1)
    return {**files(), f"{SOP}.bpmn": bpmn}


def test_a_version_says_what_is_new_in_it_and_the_same_bytes_keep_their_note(site: Site) -> None:
    designer = person(site, "perancang")
    made = deploy(site, designer, CHANNEL, changed(), "  Nama langkah diperjelas ").definitions[0]
    assert (made.version, made.note) == (2, "Nama langkah diperjelas")
    assert deploy(site, designer, CHANNEL, changed(), "lain").definitions == (made,)
    assert find_acts(site, OPERATOR, kind="deployed")[-1]["after"]["note"] == made.note
    with pytest.raises(Unacceptable):
        deploy(site, designer, CHANNEL, changed("X"), "x" * 2001)


def test_new_cases_start_on_the_latest_version_that_is_not_withdrawn(site: Site) -> None:
    designer = person(site, "perancang")
    deploy(site, designer, CHANNEL, changed())
    running = walking.start(site)
    withdraw(site, designer, CHANNEL, SOP, 2, "  Formulir salah ")
    assert process_definition(site, designer, SOP).version == 1
    assert [each.version for each in process_definitions(site, designer) if each.key == SOP] == [1]
    assert walking.look(site, walking.start(site)).instance.version == 1
    with pytest.raises(SopWithdrawn, match="Formulir salah"):
        walking.start(site, version=2)
    walking.complete(site, walking.waiting(site, running)[0])
    assert walking.look(site, running).instance.version == 2
    reinstate(site, designer, CHANNEL, SOP, 2, "Sudah diperiksa")
    assert walking.look(site, walking.start(site)).instance.version == 2
    reasons = [(act["kind"], act["reason"]) for act in find_acts(site, OPERATOR, text=SOP)[-2:]]
    assert reasons == [("withdrawn", "Formulir salah"), ("reinstated", "Sudah diperiksa")]
    assert all(result.verified for _, result in verify_all(site))


def test_an_sop_whose_versions_are_all_withdrawn_starts_nothing(site: Site) -> None:
    withdraw(site, person(site, "perancang"), CHANNEL, SOP, 1, "SOP dicabut")
    with pytest.raises(SopWithdrawn, match="SOP dicabut"):
        walking.start(site)


def test_withdrawing_is_the_designers_with_a_reason_and_once(site: Site) -> None:
    designer = person(site, "perancang")
    for name, refusal in (("staf", Forbidden), ("auditor", Forbidden), ("admin", Forbidden), ("orangluar", NotFound)):
        with pytest.raises(refusal):
            withdraw(site, person(site, name), CHANNEL, SOP, 1, "Uji")
    with pytest.raises(Unacceptable):
        withdraw(site, designer, CHANNEL, SOP, 1, " ")
    with pytest.raises(NotFound):
        withdraw(site, designer, CHANNEL, SOP, 7, "Uji")
    with pytest.raises(SopOffered):
        reinstate(site, designer, CHANNEL, SOP, 1, "Uji")
    withdraw(site, designer, CHANNEL, SOP, 1, "Uji")
    with pytest.raises(SopWithdrawn):
        withdraw(site, designer, CHANNEL, SOP, 1, "Uji")


def test_a_version_that_somebody_offers_again_in_the_table_is_found_out(site: Site) -> None:
    withdraw(site, person(site, "perancang"), CHANNEL, SOP, 1, "Uji")
    with site.database.write() as connection:
        connection.execute(definitions.update().values(withdrawn=None))
    assert not all(result.verified for _, result in verify_all(site))


def test_two_sops_in_one_file_are_two_though_they_use_the_same_files(site: Site) -> None:
    def named(name: str) -> bytes:
        content = model(f"start s_{name}; user u_{name}; end e_{name}; s_{name} > u_{name} > e_{name}")
        return content.replace(b'id="p"', f'id="{name}"'.encode()).replace(b'"l_p"', f'"l_{name}"'.encode())

    first, second = named("pertama"), named("kedua")
    process = second[second.index(b"<process") : second.index(b"</definitions>")]
    together = first.replace(b"</definitions>", process.replace(b'id="f', b'id="g') + b"</definitions>")
    found = deploy(site, OPERATOR, CHANNEL, {"m.bpmn": together, "f.json": FORM.encode()}).definitions
    assert len({each.digest for each in found}) == 2
    staff = person(site, "staf")
    for key in ("pertama", "kedua"):
        case, _ = start_process(site, staff, CHANNEL, key)
        assert [task.activity_id for task in walking.waiting(site, case)] == [f"u_{key}"]
        assert verify(site, OPERATOR, case).verified
