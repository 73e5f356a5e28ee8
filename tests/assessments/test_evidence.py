"""Evidence: adding, taking back, uses, and who read it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from assessments import clock, evidence
from assessments.errors import Invalid, NotFound, WrongState
from assessments.evidence import Facts, Kept
from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    Evidence,
    EvidenceAccess,
    StoredFile,
    Submission,
)
from assessments.queries import evidence as queries
from tests.world import World

FACTS = Facts("DOC", "Chính sách bảo vệ dữ liệu")
KEPT = Kept("ab" * 32, 1234, "application/pdf", "Chính sách.pdf")


def test_adds_a_file_with_the_word_of_the_sender(world: World, session: Session) -> None:
    found = evidence.add_file(session, world.anh, world.hat_nang.id, KEPT, FACTS)
    session.commit()
    file = session.exec(select(StoredFile)).one()
    assert (found.file_id, found.url, found.attested_by, found.vendor_id) == (
        file.id,
        None,
        world.anh.id,
        world.hat_nang.id,
    )
    assert (file.sha256, file.size, file.media_type, file.name, file.uploaded_by) == (
        *("ab" * 32, 1234, "application/pdf", "Chính sách.pdf"),
        world.anh.id,
    )


def test_adds_a_link(world: World, session: Session) -> None:
    found = evidence.add_link(session, world.an, world.hat_nang.id, " https://dennha.example/chính-sách?a=1 ", FACTS)
    session.commit()
    assert (found.url, found.file_id) == ("https://dennha.example/chính-sách?a=1", None)


@pytest.mark.parametrize("who", ["bao", "chi", "dung", "minh"])
def test_strangers_add_nothing(world: World, session: Session, who: str) -> None:
    with pytest.raises(NotFound):
        evidence.add_link(session, getattr(world, who), world.hat_nang.id, "https://a.example", FACTS)
    with pytest.raises(NotFound):
        evidence.add_file(session, getattr(world, who), world.hat_nang.id, KEPT, FACTS)
    assert session.exec(select(Evidence)).all() == []


@pytest.mark.parametrize(
    "facts",
    [
        Facts("NOPE", "Tên"),
        Facts("DOC", "  "),
        Facts("DOC", "x" * 201),
        Facts("DOC", "Tên", date(2026, 5, 2), date(2026, 5, 1)),
    ],
)
def test_refuses_facts_that_cannot_be(world: World, session: Session, facts: Facts) -> None:
    with pytest.raises(Invalid):
        evidence.add_file(session, world.an, world.hat_nang.id, KEPT, facts)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "ftp://a.example",
        "javascript:alert(1)",
        "//a.example",
        "https://",
        "https:///x",
        "https://localhost/",
        "https://an:matkhau@a.example/",
        "https://an@a.example/",
        "https://a.example/có khoảng trắng",
        "https://a.example/\u202egpj.exe",
        "https://a.example\\@b.example/",
        "https://a.example:port/",
        "https://[::1]/",
        "https://a..example/",
        "https://-a.example/",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_refuses_addresses_that_are_not_plain_https(url: str) -> None:
    with pytest.raises(Invalid):
        evidence.checked_url(url)


@pytest.mark.parametrize(
    "url", ["HTTPS://a.example", "https://xn--vit-8ja.example/x#y", "https://việt.example:8443/đường?dẫn=1&b=%20"]
)
def test_takes_plain_https(url: str) -> None:
    assert evidence.checked_url(url) == url


def test_what_nobody_saw_is_erased(world: World, session: Session) -> None:
    found = evidence.add_file(session, world.an, world.hat_nang.id, KEPT, FACTS)
    evidence.record_access(session, world.an, found.id, None)
    session.commit()
    assert evidence.remove(session, world.anh, world.hat_nang.id, found.id) == [KEPT.sha256]
    session.commit()
    assert [session.exec(select(table)).all() for table in (Evidence, StoredFile, EvidenceAccess)] == [[], [], []]


def test_what_the_club_has_seen_is_only_hidden(world: World, session: Session) -> None:
    found = evidence.add_file(session, world.an, world.hat_nang.id, KEPT, FACTS)
    submit(session, world.application(), found)
    assert evidence.remove(session, world.an, world.hat_nang.id, found.id) == []
    session.commit()
    assert world.again(found).removed_at is not None
    assert session.exec(select(StoredFile)).one().id == found.file_id
    assert queries.library(session, world.hat_nang.id) == []
    with pytest.raises(NotFound):
        evidence.remove(session, world.an, world.hat_nang.id, found.id)


def test_what_an_answer_uses_stays(world: World, session: Session) -> None:
    found = evidence.add_file(session, world.an, world.hat_nang.id, KEPT, FACTS)
    attach(session, world.application(), found)
    with pytest.raises(WrongState) as refused:
        evidence.remove(session, world.an, world.hat_nang.id, found.id)
    assert refused.value.values == {"criterion": "TN-01", "ref": "HS-2026-0001"}


def test_other_companies_remove_nothing(world: World, session: Session) -> None:
    found = evidence.add_link(session, world.an, world.hat_nang.id, "https://a.example", FACTS)
    for actor, vendor in ((world.bao, world.bo_tre), (world.bao, world.hat_nang), (world.chi, world.hat_nang)):
        with pytest.raises(NotFound):
            evidence.remove(session, actor, vendor.id, found.id)


def test_the_library_knows_its_uses_and_validity(world: World, session: Session) -> None:
    day = clock.today()
    ended = Facts("LAB", "Cũ", valid_until=day - timedelta(days=1))
    ending = Facts("LAB", "Sắp hết", valid_until=day)
    holding = Facts("LAB", "Còn lâu", valid_until=day + timedelta(days=31))
    for facts in (ended, ending, holding, FACTS):
        evidence.add_link(session, world.an, world.hat_nang.id, "https://a.example", facts)
    evidence.add_link(session, world.bao, world.bo_tre.id, "https://b.example", FACTS)
    found = session.exec(select(Evidence).where(Evidence.title == "Cũ")).one()
    attach(session, world.application(), found)
    items = {item.evidence.title: item for item in queries.library(session, world.hat_nang.id)}
    assert {title: item.validity(day) for title, item in items.items()} == {
        "Cũ": "expired",
        "Sắp hết": "expiring",
        "Còn lâu": "",
        FACTS.title: "",
    }
    assert items["Cũ"].uses == [queries.Use("HS-2026-0001", "TN-01")]
    assert items[FACTS.title].uses == []


def test_a_snapshot_holds_only_what_it_lists(world: World, session: Session) -> None:
    listed = evidence.add_link(session, world.an, world.hat_nang.id, "https://a.example", FACTS)
    named = evidence.add_link(session, world.an, world.hat_nang.id, "https://b.example", FACTS)
    application, other = world.application(), world.application(ref="HS-2026-0002")
    submit(session, application, listed, claim=f"xem {named.id}")
    assert queries.is_submitted(session, listed.id)
    assert queries.is_submitted(session, listed.id, application.id)
    assert not queries.is_submitted(session, listed.id, other.id)
    assert not queries.is_submitted(session, named.id)


def test_reading_is_written_once_in_ten_minutes(world: World, session: Session) -> None:
    found = evidence.add_link(session, world.an, world.hat_nang.id, "https://a.example", FACTS)
    application = world.application()
    noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    for minute in (0, 9, 10):
        with clock.at(noon + timedelta(minutes=minute)):
            evidence.record_access(session, world.dung, found.id, application.id)
            evidence.record_access(session, world.dung, found.id, application.id)
            assert queries.has_read(session, world.dung.id, found.id, evidence.access_window())
    evidence.record_access(session, world.ha, found.id, application.id)
    session.commit()
    rows = session.exec(select(EvidenceAccess).where(EvidenceAccess.person_id == world.dung.id)).all()
    assert sorted(row.at for row in rows) == [noon, noon + timedelta(minutes=10)]
    assert {row.application_id for row in rows} == {application.id}


def attach(session: Session, application: Application, found: Evidence) -> None:
    """Use evidence for TN-01."""
    answer = Answer(application_id=application.id, criterion="TN-01", claim="Có.")
    session.add(answer)
    session.flush()
    session.add(AnswerEvidence(answer_id=answer.id, evidence_id=found.id))
    session.commit()


def submit(session: Session, application: Application, *pieces: Evidence, claim: str = "Có.") -> None:
    """A snapshot with evidence for TN-01."""
    answer: dict[str, Any] = {"claim": claim, "evidence": [{"id": str(one.id)} for one in pieces]}
    content = {"number": 1, "answers": {"TN-01": answer}}
    session.add(
        Submission(
            application_id=application.id,
            number=1,
            content=content,
            digest="sha256:test",
            submitted_by=application.created_by,
        )
    )
    session.commit()
