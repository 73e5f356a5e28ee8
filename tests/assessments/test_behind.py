"""What a surveillance or a renewal begins from: the product as it is certified today, and the last answers."""

from datetime import timedelta

from sqlmodel import select

from assessments import change_notices, clock
from assessments.change_notices import Judged, Told
from assessments.lifecycle import ChangeSize, Measure
from assessments.models import Answer, Surveillance
from assessments.queries import behind, marks, renewals
from assessments.queries import surveillance as questions
from assessments.queries.answers import answers_of
from assessments.queries.renewals import Settled
from assessments.states import ChangeKind, State
from criteria import store
from tests import appealing, renewing
from tests.deciding import certified
from tests.renewing import answered_certificate
from tests.surveying import begun, decided, measured, reviewed


def told(world, certificate, version, size=ChangeSize.MINOR):
    notice = change_notices.give(
        world.session, world.an, certificate.number, Told((ChangeKind.VERSION,), clock.today(), "Bản mới.", version)
    )
    apply_by = clock.today() + timedelta(days=20) if size is ChangeSize.MAJOR else None
    judged = Judged(size, "Đã xem.", apply_by)
    change_notices.judge(world.session, world.chi, certificate.number, notice.number, judged)
    world.session.commit()


def concluded(world, certificate, **words):
    """A surveillance that was answered (`words`: new claims by criterion), handed in and decided to keep."""
    application = begun(world, certificate)
    for code, claim in words.items():
        answer = answers_of(world.session, application.id)[code.replace("_", "-")]
        answer.claim = claim
        world.session.add(answer)
    world.session.commit()
    decided(world, reviewed(world, application), measured(Measure.KEEP, certificate))
    return application


def test_a_minor_change_is_what_the_next_surveillance_looks_at(world):
    certificate = certified(world)
    told(world, certificate, "6.0")
    application = begun(world, certificate)
    assert (application.profile["version"], application.profile["version_date"]) == (
        "6.0",
        clock.today().isoformat(),
    )


def test_a_major_change_is_not_accepted_by_being_told(world):
    certificate = certified(world)
    told(world, certificate, "7.0", ChangeSize.MAJOR)
    assert behind.profile_of(world.session, certificate, clock.today()) == certificate.content["profile"]


def test_what_was_taken_away_is_not_asked_about_again(world):
    _application, certificate = appealing.reduced(world)
    application = begun(world, certificate)
    assert application.profile["platforms"] == ["android"]


def test_a_criterion_of_a_category_that_went_is_not_drawn_and_counts_no_more(world):
    session = world.session
    certificate = certified(world)
    edition = store.load(certificate.edition_id)
    facts = {**certificate.content["profile"], "categories": [one.code for one in edition.categories]}
    certificate.content = {**certificate.content, "profile": facts}
    certificate.content["criteria"] = {**certificate.content["criteria"], "applied": [c.code for c in edition.criteria]}
    session.add(certificate)
    session.commit()
    left = facts["categories"][:1]
    appealing.reduce(world, certificate, categories=tuple(left))
    application = begun(world, certificate)
    one, _ = questions.of_application(session, application)
    gone = marks._no_longer(session, certificate)
    assert gone
    assert not gone & set(one.pool)
    assert not gone & set(application.asked)
    assert not gone & marks.marks_before(session, application).keys()


def test_what_comes_to_apply_is_looked_at(world):
    certificate = certified(world)
    pool = (*certificate.content["criteria"]["applied"], "XX-99")
    drawn = questions.draw(certificate, 1, "a", 2026, (), [code for code in pool if code != "XX-99"])
    assert drawn == questions.draw(certificate, 1, "a", 2026)
    short = {**certificate.content["criteria"], "applied": certificate.content["criteria"]["applied"][1:]}
    first, certificate.content = pool[0], {**certificate.content, "criteria": short}
    again = questions.draw(certificate, 1, "a", 2026, (), [code for code in pool if code != "XX-99"])
    assert first in {*again.critical, *again.touched}


def test_the_draw_stays_what_it_was_after_a_reduction(world):
    certificate = certified(world)
    application = begun(world, certificate)
    one, _ = questions.of_application(world.session, application)
    appealing.reduce(world, certificate, platforms=("android",))
    assert list(questions.draw_of(world.again(certificate), one).codes) == application.asked


def test_the_next_surveillance_begins_with_the_answers_of_the_last(world):
    certificate = answered_certificate(world, days_left=300)
    code = next(one.code for one in store.load(certificate.edition_id).criteria if one.critical)
    first = concluded(world, certificate, **{code.replace("-", "_"): "Nay làm theo cách mới."})
    assert code in first.asked
    second = begun(world, certificate)
    found = answers_of(world.session, second.id)
    assert found[code].claim == "Nay làm theo cách mới."
    assert {row.settled for row in renewals.later_of(world.session, second).rows} == {Settled.OPEN}
    others = [one for one in found.values() if one.criterion not in first.asked]
    assert all(one.claim == f"Lần trước: {one.criterion}." for one in others)


def test_a_renewal_begins_with_them_as_well(world):
    certificate = answered_certificate(world, days_left=30)
    code = next(one.code for one in store.load(certificate.edition_id).criteria if one.critical)
    concluded(world, certificate, **{code.replace("-", "_"): "Nay làm theo cách mới."})
    renewal = renewing.begun(world, certificate)
    claims = {one.claim for one in world.session.exec(select(Answer).where(Answer.application_id == renewal.id)).all()}
    assert "Nay làm theo cách mới." in claims
    last = renewals.last_time(world.session, renewal)
    assert {one.application_id for one in last.agreed.values()} >= {
        one.application_id for one in world.session.exec(select(Surveillance)).all()
    }


def test_one_that_runs_counts_not_yet(world):
    certificate = answered_certificate(world, days_left=300)
    application = begun(world, certificate)
    assert application.state is State.DRAFT
    before = world.session.get_one(type(application), certificate.application_id)
    assert behind.surveyed_after(world.session, before, clock.now()) == []
