"""The answer to a person: the worker is killed at every step of putting the package together, and of telling of it."""

import sqlite3
from contextlib import closing
from email import message_from_bytes
from typing import Any

from django.utils import translation

from exports import vault
from exports.domain.bundle import DATA_JSON, MANIFEST_JSON
from exports.models import Bundle
from exports.services import bundle_files
from requests_app.desk import timeline
from requests_app.domain.enums import Intent
from requests_app.models import AuditEntry, DataSubjectRequest
from tests.exports.manifests import mismatches
from tests.faults import dying, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.flows import site
from tests.services.installation import Installation
from tests.services.smtp import Script

UNKNOWN = "Nobody knows whether this message went"
FEWEST_STEPS = 5  # of the package: each of its files; of the mail: opened, begun, handed over, noted, the case closed


@fault(
    breaks="kill -9 of the worker before each step of putting the package of an answer together, in turn",
    then="each choice is one package: the current one says what was chosen, and its files are what its hashes say",
)
def test_a_worker_killed_at_any_step_of_a_package_leaves_one_that_is_whole(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    _only_an_account(installation)  # a package of few files, each of which is a step
    installation.start("worker")
    draft = inside(scenes.draft, 0)
    installation.kill("worker")
    for step in dying.each_step(installation, lambda step: inside(scenes.owe_package, draft, step)):
        kept = inside(packages, draft)
        assert [one["current"] for one in kept] == [False] * (step - 1) + [True]
        assert kept[-1]["faults"] == []
        assert [one["built"] for one in kept] == [1] * step
        assert f"Begrunnelse nummer {step}." in kept[-1]["data"]
    assert step > FEWEST_STEPS, "the files of a package are not counted"
    installation.manage("verify_audit")


@fault(
    breaks="kill -9 of the worker before each step of telling the person that the answer is there, in turn",
    then="one package is open, whole; one mail says so, or staff see that nobody knows whether it went",
)
def test_a_worker_killed_at_any_step_of_a_release_tells_the_person_once(
    installation: Installation, inside: Console, server: Script
) -> None:
    installation.environ["DATARETT_SMTP_URL"] = server.url
    dying.prepare(installation, inside)
    released: list[int] = []
    for _ in dying.each_step(installation, lambda step: released.append(inside(scenes.owe_release, step))):
        (kept,) = inside(packages, released[-1])
        assert [kept[key] for key in ("current", "faults", "built", "offered")] == [True, [], 1, 1]
    assert len(released) > FEWEST_STEPS, "the steps of telling are not counted"
    ends = [inside(end, dsr) for dsr in released]
    assert {tuple(one) for one in ends} == {("closed", "sent", ""), ("released", "uncertain", UNKNOWN)}
    handed_over = [str(message_from_bytes(one.data)["Message-ID"]) for one in server.taken]
    assert len(set(handed_over)) == len(handed_over)
    installation.manage("verify_audit")


def _only_an_account(installation: Installation) -> None:
    with closing(sqlite3.connect(installation.var / "website.sqlite3")) as website:
        for table in set(site.TABLES) - {"accounts"}:
            website.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        website.commit()


def packages(dsr_id: int) -> list[dict[str, Any]]:
    """Every package of a request, the oldest first; files has only the current one, those of the others are purged."""
    found = []
    for one in Bundle.objects.filter(dsr=dsr_id).order_by("id"):
        told: dict[str, Any] = {
            "current": one.current,
            "built": _times("answer.built", one),
            "offered": _times("answer.offered", one),
        }
        if one.current:
            data = bundle_files.read(one.files.get(name=DATA_JSON)).decode()
            told |= {"faults": _faults(one), "data": data}
        found.append(told)
    return found


def end(dsr_id: int) -> tuple[str, str, str]:
    """How a request ended: its stage, the state of the mail that tells of the answer, and what staff read about it."""
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    (mail,) = dsr.messages.filter(intent=Intent.ANSWER_READY.value)
    with translation.override("en"):
        alarms = [str(entry.alarm) for entry in timeline.entries(dsr.case) if entry.alarm]
    return dsr.stage, mail.state, UNKNOWN if any(UNKNOWN in alarm for alarm in alarms) else "".join(alarms)


def _faults(package: Bundle) -> list[str]:
    """The files that are not what the manifest says, and those in its folder that it does not know."""
    files = {file.name: bundle_files.read(file) for file in package.files.all()}
    known = {file.stored_as for file in package.files.all()}
    (folder,) = {one.rpartition("/")[0] for one in known}
    stored = {f"{folder}/{file.name}" for file in (vault.root() / folder).iterdir()}
    return [*mismatches(files[MANIFEST_JSON], files), *sorted(stored ^ known)]


def _times(action: str, package: Bundle) -> int:
    return AuditEntry.objects.filter(action=action, subject=f"dsr:{package.dsr_id}", details__bundle=package.pk).count()
