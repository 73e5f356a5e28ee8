"""A draft that is ready to be handed in, and the pieces it is made of."""

from typing import Any

from sqlmodel import Session

from assessments.agreement import current_version, digest
from assessments.models import AgreementAcceptance, Answer, AnswerEvidence, Application, Evidence, StoredFile
from assessments.profile import from_dict
from assessments.queries.progress import scope_of
from assessments.states import State
from criteria import store
from tests.world import World


def piece(session: Session, world: World, title: str = "Báo cáo lọc nội dung", **fields: Any) -> Evidence:
    """A link in the library of Hạt Nắng."""
    evidence = Evidence(
        **{
            "vendor_id": world.hat_nang.id,
            "kind": "LINK",
            "title": title,
            "url": "https://dennha.example/bao-cao",
            "attested_by": world.an.id,
            **fields,
        }
    )
    session.add(evidence)
    session.commit()
    return evidence


def file_piece(session: Session, world: World, title: str = "Báo cáo độc lập") -> Evidence:
    """A file in the library of Hạt Nắng."""
    file = StoredFile(
        vendor_id=world.hat_nang.id,
        sha256="ab" * 32,
        size=2_150_000,
        media_type="application/pdf",
        name="bao-cao.pdf",
        uploaded_by=world.an.id,
    )
    session.add(file)
    session.commit()
    return piece(session, world, title, kind="LAB", file_id=file.id, url=None)


def codes(application: Application) -> tuple[str, ...]:
    """The criteria that apply."""
    return scope_of(store.load(application.edition_id), from_dict(application.profile)).codes


def answered(world: World, evidence: Evidence | None = None, **fields: Any) -> Application:
    """An application of which every criterion has a claim and a piece of evidence; the agreement is open."""
    session = world.session
    evidence = evidence or piece(session, world)
    application = world.application(**fields)
    for code in codes(application):
        answer = Answer(application_id=application.id, criterion=code, claim=f"Đã có cho {code}.", version=1)
        session.add(answer)
        session.flush()
        session.add(AnswerEvidence(answer_id=answer.id, evidence_id=evidence.id))
    session.commit()
    return application


def accepted(world: World, application: Application) -> None:
    """An has accepted the agreement."""
    version = current_version()
    world.session.add(
        AgreementAcceptance(
            application_id=application.id,
            agreement_version=version,
            text_digest=digest(version),
            accepted_by=world.an.id,
            accepted_name=world.an.name,
        )
    )
    world.session.commit()


def ready(world: World, evidence: Evidence | None = None, state: State = State.DRAFT, **fields: Any) -> Application:
    """An application that can be handed in as it is."""
    application = answered(world, evidence, state=state, **fields)
    accepted(world, application)
    return application
