"""An application whose every criterion is answered, backed by evidence and scored by three reviewers, as rows."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlmodel import Session

from assessments import profile
from assessments.clock import now
from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    Declaration,
    Evidence,
    Participation,
    Product,
    Review,
    Score,
    StoredFile,
    Submission,
    Vendor,
)
from assessments.people import Part, Role
from assessments.queries.submissions import digest_of
from assessments.states import State
from criteria import store
from criteria.model import Criterion
from registry.accounts import sessions
from registry.accounts.models import User, UserRole

EDITION = "vcsc-2026"
REF = "HS-2026-0001"
LETTERS = "ABC"
PIECES = 2  # of evidence behind each answer
CLAIM = "Sáu đường vượt qua đã được thử trên chín máy; hai đường còn mở được ghi trong hướng dẫn cho phụ huynh."
REASON = "Đã thử lại trên ba máy và đọc hết báo cáo; kết quả khớp với điều doanh nghiệp nói, trừ một chỗ đã ghi rõ."


@dataclass(frozen=True)
class Who:
    """Whose company, and who reviews."""

    vendor: Vendor
    owner: User
    reviewers: tuple[User, ...]


def fill(app: Flask) -> str:
    """Write the rows into the app's empty database; returns the cookie of the first reviewer's browser."""
    with app.app_context(), Session(app.extensions["engine"]) as session:
        who = _people(session)
        application = _application(session, who)
        edition = store.load(EDITION)
        given = {one.code: _answer(session, who, application, one) for one in edition.criteria}
        session.add(_submission(who, application, given))
        for letter, person in zip(LETTERS, who.reviewers, strict=True):
            _review(session, application, person, letter)
        key = sessions.begin(session, who.reviewers[0], sessions.Seat(), sessions.Shown(two=True))
        session.commit()
    return cookie(app, key)


def cookie(app: Flask, key: str) -> str:
    """What a browser sends that is signed in with this key."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError("no secret key")
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': key, '_fresh': True})}"


def _people(session: Session) -> Who:
    facts = {"registration_number": "1", "address": "a", "representative": "b", "contact_email": "c@d.example"}
    vendor = Vendor(slug="bench", name="Công ty Đèn Nhà", **facts)
    owner, *reviewers = (
        User(email=f"{name}@d.example", name=name, email_verified_at=now()) for name in ("Ai", "Bình", "Châu", "Dung")
    )
    session.add_all([vendor, owner, *reviewers])
    session.flush()
    session.add_all(UserRole(user_id=one.id, role=Role.REVIEWER) for one in reviewers)
    return Who(vendor, owner, tuple(reviewers))


def _application(session: Session, who: Who) -> Application:
    """Of a product that is of every kind and has every feature, so that every criterion applies."""
    edition = store.load(EDITION)
    facts = replace(
        profile.Profile(name_vi="Đèn Nhà", name_en="House Lamp", version="4.2"),
        categories=tuple(one.code for one in edition.categories),
        flags=tuple(one.code for one in edition.flags),
    )
    product = Product(vendor_id=who.vendor.id, slug="den-nha", name="Đèn Nhà")
    session.add(product)
    session.flush()
    application = Application(
        ref=REF,
        vendor_id=who.vendor.id,
        product_id=product.id,
        edition_id=EDITION,
        edition_digest="sha256:" + "0" * 64,
        state=State.CONSENSUS,
        profile=facts.to_dict(),
        created_by=who.owner.id,
    )
    session.add(application)
    session.flush()
    return application


def _answer(session: Session, who: Who, application: Application, criterion: Criterion) -> dict[str, Any]:
    """An answer with its evidence, as rows; returned as a snapshot holds it."""
    answer = Answer(application_id=application.id, criterion=criterion.code, claim=CLAIM, version=1)
    session.add(answer)
    session.flush()
    pieces = [_piece(session, who, answer.id, f"{criterion.code}, phần {number}") for number in range(PIECES)]
    return {"claim": CLAIM, "not_applicable": False, "not_applicable_reason": "", "evidence": pieces}


def _piece(session: Session, who: Who, answer_id: UUID, title: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "sha256": uuid4().hex * 2,
        "size": 912_000,
        "media_type": "application/pdf",
        "name": "a",
    }
    file = StoredFile(vendor_id=who.vendor.id, uploaded_by=who.owner.id, **facts)
    session.add(file)
    session.flush()
    piece = Evidence(vendor_id=who.vendor.id, kind="DOC", title=title, file_id=file.id, attested_by=who.owner.id)
    session.add(piece)
    session.flush()
    session.add(AnswerEvidence(answer_id=answer_id, evidence_id=piece.id))
    told = {"id": str(piece.id), "kind": "DOC", "title": title, "issued_on": None, "valid_until": None}
    return {**told, "file": {"id": str(file.id), **facts}}


def _submission(who: Who, application: Application, answers: dict[str, Any]) -> Submission:
    content = {
        "number": 1,
        "profile": application.profile,
        "vendor": {"name": who.vendor.name, "name_en": "", "club_member": False, "representative": "b"},
        "edition": {"id": EDITION, "digest": application.edition_digest},
        "agreement": {},
        "answers": answers,
    }
    return Submission(
        application_id=application.id, number=1, content=content, digest=digest_of(content), submitted_by=who.owner.id
    )


def _review(session: Session, application: Application, person: User, letter: str) -> None:
    """All scores of one reviewer, final: at every seventh criterion two points away from the others."""
    session.add(Participation(application_id=application.id, person_id=person.id, part=Part.REVIEWER))
    session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
    session.flush()
    due = now() + timedelta(days=20)
    lead = letter == LETTERS[0]
    review = Review(
        application_id=application.id, reviewer_id=person.id, letter=letter, lead=lead, due_at=due, final_at=now()
    )
    session.add(review)
    session.flush()
    for number, one in enumerate(store.load(EDITION).criteria):
        value = 1 if number % 7 == LETTERS.index(letter) else 3
        session.add(Score(review_id=review.id, criterion=one.code, value=value, rationale=REASON, to_vendor=REASON))
