"""The register of laboratories, the reports that vendors name, and what a reviewer says of them for a 4."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from assessments import evidence, laboratories, reviews, test_records
from assessments.clock import today
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.laboratories import Facts, Told
from assessments.manifest import file_set_digest, manifest
from assessments.models import HistoryEntry, Laboratory, LaboratoryReport, ReportJudgement
from assessments.queries import laboratories as queries
from assessments.queries.laboratory_reports import accepted_by, reports_for
from assessments.queries.submissions import content_now, latest
from assessments.reviews import Marking
from assessments.states import Basis, LaboratoryStanding
from tests import drafting, evaluation

YEAR = timedelta(days=365)
ON = date(2026, 3, 1)


def facts(**fields):
    return Facts(
        **{
            "name": "Phòng thử nghiệm Sao Mai",
            "country": "Việt Nam",
            "accreditation_body": "BoA",
            "accreditation_number": "VILAS 9901",
            "standard": "ISO/IEC 17025:2017",
            "accepted_from": date(2026, 1, 1),
            "accepted_until": today() + YEAR,
            **fields,
        }
    )


def listed(world, **fields):
    one = laboratories.accept(world.session, world.chi, facts(**fields))
    world.session.commit()
    return one


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "lan", "minh"])
def test_the_register_is_the_offices(world, who):
    one = listed(world)
    person = getattr(world, who)
    with pytest.raises(NotAllowed):
        laboratories.accept(world.session, person, facts(name="Khác"))
    with pytest.raises(NotAllowed):
        laboratories.change(world.session, person, one.id, facts(), laboratories.mark(one))
    with pytest.raises(NotAllowed):
        laboratories.end(world.session, person, one.id, today(), "x")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"accreditation_number": ""},
        {"accepted_until": date(2025, 1, 1)},
        {"categories": ("XX",)},
        {"criteria": ("TN-99",)},
        {"name": "phòng thử nghiệm sao mai"},
    ],
)
def test_what_cannot_be_is_refused(world, fields):
    listed(world)
    with pytest.raises(Invalid):
        laboratories.accept(world.session, world.chi, facts(**fields))
    assert len(world.session.exec(select(Laboratory)).all()) == 1


def test_a_change_is_written_down_and_never_overwrites_another(world):
    one = listed(world)
    seen = laboratories.mark(one)
    laboratories.change(world.session, world.chi, one.id, facts(categories=("PC",)), seen)
    world.session.commit()
    with pytest.raises(WrongState):
        laboratories.change(world.session, world.chi, one.id, facts(categories=()), seen)
    assert one.categories == ["PC"]
    assert world.session.exec(select(HistoryEntry.action)).all() == ["accept_laboratory", "change_laboratory"]


def test_the_end_counts_from_a_day_on(world):
    one = listed(world)
    for since, reason in ((today() + timedelta(days=1), "x"), (date(2025, 1, 1), "x"), (today(), " ")):
        with pytest.raises(Invalid):
            laboratories.end(world.session, world.chi, one.id, since, reason)
    laboratories.end(world.session, world.chi, one.id, ON, "Mất công nhận.")
    world.session.commit()
    assert queries.is_accepted(one, ON - timedelta(days=1))
    assert not queries.is_accepted(one, ON)
    assert queries.accepted_on(world.session, today()) == []
    with pytest.raises(WrongState):
        laboratories.end(world.session, world.chi, one.id, today(), "x")


@pytest.mark.parametrize(
    ("fields", "made_on", "standing"),
    [
        ({}, ON, LaboratoryStanding.ACCEPTED),
        ({"categories": ("PC", "CF"), "criteria": ("TN-05",)}, ON, LaboratoryStanding.ACCEPTED),
        ({"categories": ("CF",)}, ON, LaboratoryStanding.OUT_OF_SCOPE),
        ({"criteria": ("AT-01",)}, ON, LaboratoryStanding.OUT_OF_SCOPE),
        ({}, date(2025, 12, 31), LaboratoryStanding.NOT_THEN),
        ({"accepted_until": ON}, ON, LaboratoryStanding.ACCEPTED),
        ({"accepted_until": ON}, ON + timedelta(days=1), LaboratoryStanding.NOT_THEN),
        ({}, None, LaboratoryStanding.NOT_TOLD),
    ],
)
def test_accepted_for_this_scope_on_that_day(world, fields, made_on, standing):
    assert queries.standing_of(listed(world, **fields), made_on, "TN-05", ["PC"]) is standing


def test_a_laboratory_that_is_not_listed(world):
    assert queries.standing_of(None, ON, "TN-05", ["PC"]) is LaboratoryStanding.NOT_LISTED


def said(told, kind="LAB", issued_on=ON):
    return evidence.Facts(kind, "Báo cáo", issued_on=issued_on, report=told)


def link(world, told, **fields):
    url = "https://dennha.example/bao-cao"
    return evidence.add_link(world.session, world.an, world.hat_nang.id, url, said(told, **fields))


def test_a_vendor_names_a_laboratory_of_the_register_or_another(world):
    one = listed(world)
    first = link(world, Told("12/2026", laboratory_id=one.id))
    other = link(world, Told("13", laboratory_name="Xưởng Bến Nghé"))
    assert queries.reports_in(world.session, [first.id, other.id]) == {
        first.id: {
            "number": "12/2026",
            "laboratory": {
                "id": str(one.id),
                "name": one.name,
                "accreditation": "VILAS 9901",
                "standard": "ISO/IEC 17025:2017",
            },
        },
        other.id: {"number": "13", "laboratory": {"name": "Xưởng Bến Nghé"}},
    }
    evidence.edit(world.session, world.an, world.hat_nang.id, first.id, said(None))
    assert [row.evidence_id for row in world.session.exec(select(LaboratoryReport))] == [other.id]


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (Told("12"), {}),
        (Told("", laboratory_name="Xưởng"), {}),
        (Told("12", laboratory_name="Xưởng"), {"kind": "DOC"}),
        (Told("12", laboratory_name="Xưởng"), {"issued_on": None}),
    ],
)
def test_half_a_report_is_refused(world, told, fields):
    with pytest.raises(Invalid):
        link(world, told, **fields)
    world.session.rollback()


def test_what_is_erased_takes_its_report_along(world):
    piece = link(world, Told("13", laboratory_name="Xưởng Bến Nghé"))
    world.session.commit()
    evidence.remove(world.session, world.an, world.hat_nang.id, piece.id)
    assert world.session.exec(select(LaboratoryReport)).all() == []


def test_it_travels_into_the_snapshot_and_the_manifest(world):
    piece = drafting.file_piece(world.session, world)
    piece.issued_on = ON
    application = drafting.answered(world, piece)
    before = content_now(world.session, application, 1, "sha256:x")
    laboratories.tell(world.session, piece, Told("12; a", laboratory_name="Xưởng  Bến Nghé"))
    content = content_now(world.session, application, 1, "sha256:x")
    found = next(iter(content["answers"].values()))["evidence"][0]
    assert found["report"] == {"number": "12; a", "laboratory": {"name": "Xưởng  Bến Nghé"}}
    assert manifest(content) == manifest(before).replace(
        "bao-cao.pdf\n", "bao-cao.pdf  report: Xưởng Bến Nghé; 12, a; 2026-03-01\n"
    )
    assert "report" not in next(iter(before["answers"].values()))["evidence"][0]
    assert file_set_digest(content) != file_set_digest(before)


def with_report(world, kind="LAB", report=None, issued_on=ON):
    """A file in review whose TN-05 rests on a report."""
    piece = drafting.piece(world.session, world, kind="LAB")
    handed_in = {
        "id": str(piece.id),
        "kind": kind,
        "title": "Báo cáo độc lập",
        "issued_on": issued_on.isoformat() if issued_on else None,
        "valid_until": None,
        "url": piece.url,
        **({"report": report} if report else {}),
    }
    application = evaluation.in_review(world, TN_05={"evidence": [handed_in]})
    return application, piece


def judge(world, application, piece, code="TN-05", who=None, *, accepted=True, reason="Đã đọc cả báo cáo."):
    row = laboratories.judge(
        world.session, who or world.dung, application, (code, piece.id), accepted=accepted, reason=reason
    )
    world.session.commit()
    return row


def four(world, application, basis=Basis.INDEPENDENT_REPORT):
    evaluation.score_all(world, world.dung, application)
    marking = Marking("4", basis, "Báo cáo, trang 4.")
    reviews.save_score(world.session, world.dung, application, "TN-05", marking, 1)
    world.session.commit()


def wanting(world, application):
    review = evaluation.review_by(world, application, world.dung)
    return [one.place for one in reviews.gaps(world.session, application, review)]


def test_a_four_on_a_report_needs_one_that_was_accepted(world):
    application, piece = with_report(world)
    four(world, application)
    assert wanting(world, application) == ["score:TN-05"]
    with pytest.raises(NotReady):
        reviews.finish(world.session, world.dung, application)
    judge(world, application, piece, accepted=False)
    assert wanting(world, application) == ["score:TN-05"]
    judge(world, application, piece)
    assert wanting(world, application) == []
    reviews.finish(world.session, world.dung, application)


def test_a_four_on_ones_own_test_needs_no_report(world):
    application, _piece = with_report(world)
    test_records.add(world.session, world.dung, application, evaluation.tested("TN-05"))
    four(world, application, Basis.OWN_TEST)
    assert wanting(world, application) == []


def test_somebody_elses_word_or_another_criterion_does_not_help(world):
    application, piece = with_report(world)
    judge(world, application, piece, who=world.ha)
    four(world, application)
    assert wanting(world, application) == ["score:TN-05"]
    with pytest.raises(NotFound):
        judge(world, application, piece, code="TN-01")
    mine = evaluation.review_by(world, application, world.dung)
    content = latest(world.session, application.id).content
    assert [one.judgement for one in reports_for(world.session, mine, content, "TN-05")] == [None]
    assert accepted_by(world.session, mine) == set()


@pytest.mark.parametrize(("kind", "counts"), [("CERT", True), ("TEST", False), ("DOC", False)])
def test_only_what_comes_from_outside_can_be_independent(world, kind, counts):
    application, piece = with_report(world, kind=kind)
    if counts:
        assert judge(world, application, piece).accepted
    else:
        with pytest.raises(NotFound):
            judge(world, application, piece)


def test_the_word_of_the_register_on_that_day_is_kept_beside_it(world):
    one = listed(world, criteria=("TN-05",))
    report = {"number": "12", "laboratory": {"id": str(one.id), "name": one.name}}
    application, piece = with_report(world, report=report)
    assert judge(world, application, piece).standing == "accepted"
    laboratories.end(world.session, world.chi, one.id, ON, "Mất công nhận.")
    assert judge(world, application, piece, accepted=False).standing == "not_then"
    rows = world.session.exec(select(ReportJudgement)).all()
    assert [(row.accepted, row.criterion) for row in rows] == [(False, "TN-05")]
    assert world.session.exec(select(HistoryEntry.action)).all().count("judge_report") == 2


def test_an_old_report_without_a_laboratory_is_accepted_with_a_reason(world):
    application, piece = with_report(world, issued_on=None)
    with pytest.raises(Invalid):
        judge(world, application, piece, reason="  ")
    assert judge(world, application, piece).standing == "not_told"


def test_nobody_judges_but_the_reviewers_of_the_file_while_they_review(world):
    application, piece = with_report(world)
    for person, refusal in ((world.bao, NotFound), (world.an, NotAllowed), (world.chi, NotAllowed)):
        with pytest.raises(refusal):
            judge(world, application, piece, who=person)
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        judge(world, application, piece)
