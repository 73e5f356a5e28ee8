"""Notes on pages of evidence: one's own until all are final, then the team's and the committee's, nobody else's."""

import pytest
from flask import Flask
from sqlmodel import Session, select

from assessments import declarations, notes
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Application, Evidence, Note
from assessments.notes import Remark
from assessments.queries import notes as queries
from assessments.queries.standings import standing_of
from assessments.states import State
from tests import evaluation
from tests.conftest import Browser
from tests.registry.evidence import desk, pdfs, showing
from tests.registry.evidence.showing import CODE, REF
from tests.world import World

SECRET = "Trang này mâu thuẫn với bảng 3."


@pytest.fixture
def piece(app: Flask, session: Session, world: World) -> Evidence:
    """A PDF of three pages handed in for TN-05, in review by Dũng and Hà."""
    found = desk.keep(app, session, world.an, pdfs.honest(3), title="Chính sách")
    showing.in_review(world, found)
    showing.draw(app)
    return found


@pytest.fixture
def application(world: World, piece: Evidence) -> Application:
    found = world.session.exec(select(Application).where(Application.ref == REF)).one()
    world.session.commit()
    return found


def written(world: World, application: Application, piece: Evidence, text: str = SECRET) -> Note:
    """A note of Dũng's."""
    note = notes.add(world.session, world.dung, application, piece.id, Remark(2, CODE, text))
    world.session.commit()
    return note


def stored(session: Session) -> list[tuple[int, str, str, int]]:
    session.expire_all()
    rows = session.exec(select(Note).order_by(Note.text)).all()
    session.commit()
    return [(row.page, row.criterion, row.text, row.version) for row in rows]


def page_of(piece: Evidence) -> str:
    return f"/evidence/{REF}/{piece.id}/view?page=2&c={CODE}"


def post_to(piece: Evidence) -> str:
    return f"/evidence/{REF}/{piece.id}/notes?page=2&c={CODE}"


def test_a_note_is_written_beside_its_page(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    browser.sign_in(world.dung)
    answer = browser.press(post_to(piece), page_of(piece), criterion=CODE, text=f" {SECRET} ")
    assert answer.status_code == 303
    assert answer.location == f"/evidence/{REF}/{piece.id}/view?c={CODE}&page=2#notes"
    assert stored(session) == [(2, CODE, SECRET, 1)]
    for page in (page_of(piece), f"/reviews/{REF}?c={CODE}"):
        assert SECRET in browser.get(page).text
    assert SECRET not in browser.get(f"/reviews/{REF}?c=TN-01").text


@pytest.mark.parametrize(("text", "said"), [("", "Ghi nội dung ghi chú."), ("x" * 2001, "2000")])
def test_what_cannot_be_kept_comes_back_as_it_was_typed(
    browser: Browser, world: World, session: Session, piece: Evidence, text: str, said: str
) -> None:
    browser.sign_in(world.dung)
    answer = browser.press(post_to(piece), page_of(piece), criterion=CODE, text=text)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Trang 2/3" in answer.text
    assert f">{text}</textarea>" in answer.text.replace("\r\n", "").replace(">\n", ">")
    assert stored(session) == []


def test_a_criterion_that_does_not_apply_is_refused(
    browser: Browser, world: World, session: Session, piece: Evidence
) -> None:
    browser.sign_in(world.dung)
    assert browser.press(post_to(piece), page_of(piece), criterion="ZZ-99", text="a").status_code == 422
    assert stored(session) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("an", 403), ("chi", 403), ("lan", 403), ("bao", 404), ("khanh", 404), ("giang", 404), ("minh", 404)],
)
def test_nobody_else_writes(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application, who: str, status: int
) -> None:
    note = written(world, application, piece)
    browser.sign_in(getattr(world, who))
    for path in (post_to(piece), f"/evidence/{REF}/notes/{note.id}", f"/evidence/{REF}/notes/{note.id}/remove"):
        assert browser.press(path, "/account", criterion=CODE, text="a", version=1).status_code == status
    assert browser.get(f"/evidence/{REF}/notes/{note.id}").status_code == status
    assert stored(session) == [(2, CODE, SECRET, 1)]


def test_without_a_token_nothing_is_written(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    note = written(world, application, piece)
    browser.sign_in(world.dung)
    for path in (post_to(piece), f"/evidence/{REF}/notes/{note.id}", f"/evidence/{REF}/notes/{note.id}/remove"):
        assert browser.post(path, data={"criterion": CODE, "text": "a", "version": 1}).status_code == 400
    assert stored(session) == [(2, CODE, SECRET, 1)]


def test_another_reviewer_neither_reads_nor_changes_it(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    note = written(world, application, piece)
    browser.sign_in(world.ha)
    for page in (page_of(piece), f"/reviews/{REF}?c={CODE}", f"/reviews/{REF}/all"):
        assert SECRET not in browser.get(page).text
    path = f"/evidence/{REF}/notes/{note.id}"
    assert browser.get(path).status_code == 404
    assert browser.press(path, page_of(piece), criterion=CODE, text="a", version=1).status_code == 404
    assert browser.press(f"{path}/remove", page_of(piece), version=1).status_code == 404
    assert stored(session) == [(2, CODE, SECRET, 1)]


def test_one_changes_and_throws_away_ones_own(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    note = written(world, application, piece)
    browser.sign_in(world.dung)
    path = f"/evidence/{REF}/notes/{note.id}"
    assert browser.press(path, path, criterion="TN-01", text="Khác.", version=1).status_code == 303
    assert stored(session) == [(2, "TN-01", "Khác.", 2)]
    assert browser.press(f"{path}/remove", path, version=2).status_code == 303
    assert stored(session) == []
    assert browser.get(path).status_code == 404


def test_two_tabs_never_overwrite_each_other(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    note = written(world, application, piece)
    browser.sign_in(world.dung)
    path = f"/evidence/{REF}/notes/{note.id}"
    browser.press(path, path, criterion=CODE, text="Thẻ một.", version=1)
    answer = browser.press(path, path, criterion=CODE, text="Thẻ hai.", version=1)
    assert answer.status_code == 409
    assert "Thẻ một." in answer.text
    assert "Thẻ hai." in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text, "saving again keeps one's own"
    assert browser.press(f"{path}/remove", path, version=1).status_code == 409
    assert stored(session) == [(2, CODE, "Thẻ một.", 2)]


def test_after_it_is_final_a_note_stays_as_it_is(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    note = written(world, application, piece)
    evaluation.finish(world, world.dung, application)
    browser.sign_in(world.dung)
    path = f"/evidence/{REF}/notes/{note.id}"
    text = browser.get(page_of(piece)).text
    assert SECRET in text
    assert "<textarea" not in text
    assert browser.get(path).status_code == 409
    assert browser.press(post_to(piece), "/account", criterion=CODE, text="a").status_code == 409
    assert browser.press(f"{path}/remove", "/account", version=1).status_code == 409
    assert stored(session) == [(2, CODE, SECRET, 1)]


def test_when_all_are_final_the_team_and_the_committee_read_it_and_nobody_else(
    browser: Browser, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    written(world, application, piece)
    evaluation.finish(world, world.dung, application)
    browser.sign_in(world.ha)
    assert SECRET not in browser.get(page_of(piece)).text, "not all are final yet"
    evaluation.finish(world, world.ha, application)
    for page in (page_of(piece), f"/reviews/{REF}/consensus/{CODE}"):
        text = browser.get(page).text
        assert SECRET in text
        assert world.dung.name not in text
    for who in (world.an, world.anh, world.chi, world.lan):
        browser.sign_in(who)
        assert SECRET not in browser.get(page_of(piece)).text


def test_who_may_read_is_one_answer(world: World, session: Session, piece: Evidence, application: Application) -> None:
    written(world, application, piece)

    def read_by(*people: object) -> list[bool]:
        found = []
        for person in people:
            standing = standing_of(session, person, application)  # type: ignore[arg-type]
            found.append(bool(queries.visible(session, application, standing, person.id)))  # type: ignore[attr-defined]
        return found

    everybody = (world.dung, world.ha, world.giang, world.lan, world.chi, world.an, world.bao, world.khanh, world.minh)
    assert read_by(*everybody) == [True, *[False] * 8]
    evaluation.finish(world, world.dung, application)
    evaluation.finish(world, world.ha, application)
    assert read_by(*everybody) == [True, True, *[False] * 7]
    application.state = State.IN_DECISION

    declarations.declare(session, world.giang, application, has_interest=False)
    assert read_by(*everybody) == [True, True, True, *[False] * 6]


def test_the_verbs_refuse_by_themselves(
    app: Flask, world: World, session: Session, piece: Evidence, application: Application
) -> None:
    unseen = desk.keep(app, session, world.an, pdfs.honest(1, "khác"))
    remark = Remark(1, CODE, "a")
    for who, refusal in (
        (world.bao, NotFound),
        (world.an, NotAllowed),
        (world.chi, NotAllowed),
        (world.lan, NotAllowed),
    ):
        with pytest.raises(refusal):
            notes.add(session, who, application, piece.id, remark)
    with pytest.raises(NotFound):
        notes.add(session, world.dung, application, unseen.id, remark)
    for wrong, refused in (
        (Remark(1, "ZZ-99", "a"), NotFound),
        (Remark(0, CODE, "a"), Invalid),
        (Remark(1, CODE, "  "), Invalid),
        (Remark(1, CODE, "x" * 2001), Invalid),
    ):
        with pytest.raises(refused):
            notes.add(session, world.dung, application, piece.id, wrong)
    note = notes.add(session, world.dung, application, piece.id, remark)
    notes.edit(session, world.dung, application, note.id, Remark(1, CODE, "b"), 1)
    with pytest.raises(Conflict):
        notes.edit(session, world.dung, application, note.id, Remark(1, CODE, "c"), 1)
    assert notes.edit(session, world.dung, application, note.id, Remark(1, CODE, "b"), 1).version == 3
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        notes.remove(session, world.dung, application, note.id, 3)
