"""What a company takes away of the life of its certificates, and what it does not."""

from datetime import timedelta

from assessments import change_notices, clock, surveillance
from assessments.change_notices import Judged, Told
from assessments.lifecycle import ChangeSize, Measure, Trigger
from assessments.models import MisuseReport
from assessments.queries import exported_lives, exports
from assessments.recourse import MisuseKind, MisuseOutcome, MisuseState
from assessments.states import ChangeKind
from tests.deciding import certified
from tests.registry.company.test_export import archive, asked, canaries, read, work  # noqa: F401  canaries: a fixture
from tests.surveying import decided, evaluated, measured


def report(world, certificate, state=MisuseState.CLOSED):
    """A report about the certificate, closed as misuse that has ended."""
    over = state is MisuseState.CLOSED
    world.session.add(
        MisuseReport(
            number=f"DS-2026-{1 if over else 2:04d}",
            year=2026,
            serial=1 if over else 2,
            code_hash=state.value,
            kind=MisuseKind.ENDED,
            place="https://Cửa-hàng-bí-mật.example",
            text="Lời-của-người-báo",
            certificate_id=certificate.id,
            edition_id=certificate.edition_id,
            due_at=clock.now(),
            state=state,
            handler_id=world.chi.id,
            outcome=MisuseOutcome.STOPPED if over else None,
            note="Ghi-chú-của-văn-phòng" if over else "",
            closed_at=clock.now() if over else None,
        )
    )
    world.session.commit()


def test_surveillance_notices_and_misuse_lie_in_the_archive(app, world, session, browser):
    certificate = certified(world)
    application = evaluated(world, certificate)
    decided(world, application, measured(Measure.KEEP, certificate))
    told = Told((ChangeKind.VERSION,), clock.today(), "Sửa lỗi nhỏ.", "6.0")
    notice = change_notices.give(session, world.an, certificate.number, told)
    change_notices.judge(session, world.chi, certificate.number, notice.number, Judged(ChangeSize.MINOR, "Nhỏ."))
    later = surveillance.Wanted(Trigger.CONCERN, "Có phản ánh của phụ huynh.", clock.today() + timedelta(days=90))
    surveillance.plan(session, world.chi, certificate.number, later)
    session.commit()
    report(world, certificate)
    report(world, certificate, MisuseState.IN_HAND)

    asked(app, browser, world)
    work(app)
    opened = archive(app)
    (seen,) = read(opened, "surveillance.json")
    assert (seen["certificate"], seen["measure"], seen["application"]) == (certificate.number, "keep", application.ref)
    assert seen["asked"] == application.asked
    assert seen["seed"].startswith(certificate.number)
    (given,) = read(opened, "change-notices.json")
    assert (given["version"], given["text"], given["given_by"]) == ("6.0", "Sửa lỗi nhỏ.", world.an.name)
    assert (given["size"], given["reason"]) == ("minor", "Nhỏ.")
    (seen,) = read(opened, "misuse.json")
    assert (seen["number"], seen["kind"], seen["outcome"]) == ("DS-2026-0001", "ended", "stopped")
    everything = "".join(opened.read(name).decode(errors="replace") for name in opened.namelist())
    for secret in ("phụ huynh", "Lời-của-người-báo", "bí-mật", "Ghi-chú-của-văn-phòng", "Chim-hoàng-yến"):
        assert secret not in everything


def test_another_company_finds_nothing_of_it(world, session):
    certificate = certified(world)
    change_notices.give(session, world.an, certificate.number, Told((ChangeKind.DATA,), clock.today(), "Mới."))
    report(world, certificate)
    names = exports.names_of(session, world.bo_tre.id)
    assert exported_lives.surveillance(session, world.bo_tre.id, clock.today()) == []
    assert exported_lives.change_notices(session, world.bo_tre.id, names) == []
    assert exported_lives.misuse(session, world.bo_tre.id) == []
