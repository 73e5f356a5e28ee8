"""The page of all criteria, answers, evidence and scores as it is often written: relations, one by one.

It signs nobody in and asks for no rights, has no layout and no second language: whatever it costs more than ours is
the way it reads its rows. The tables are the registry's, described once more with relations between them.
"""

import os
from datetime import datetime
from uuid import UUID

from flask import Flask, render_template_string
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

from criteria import store

PAGE = """<!doctype html>
<title>{{ application.ref }}</title>
<h1>{{ application.ref }}</h1>
<p>{{ application.vendor.name }}</p>
<table>
  <tr><th>Criterion</th><th>Answer</th><th>Evidence</th>
    {% for review in application.reviews %}<th>{{ review.letter }}</th>{% endfor %}</tr>
  {% for criterion in criteria %}
    {% set answer = answer_of(application, criterion.code) %}
    <tr>
      <th>{{ criterion.code }} {{ criterion.title.vi }}</th>
      <td>{{ answer.claim }}</td>
      <td>{% for link in answer.links %}{{ link.evidence.title }} ({{ link.evidence.file.name }}) {% endfor %}</td>
      {% for review in application.reviews %}
        {% set score = score_of(review, criterion.code) %}
        <td title="{{ review.reviewer.name }}">{{ score.value }} {{ score.rationale }}</td>
      {% endfor %}
    </tr>
  {% endfor %}
</table>
"""


class Base(SQLModel, registry=registry()):
    """Beside the registry's own tables, not among them."""


class User(Base, table=True):
    """A person."""

    __tablename__ = "user"

    id: UUID = Field(primary_key=True)
    name: str


class Vendor(Base, table=True):
    """A company."""

    id: UUID = Field(primary_key=True)
    name: str


class Application(Base, table=True):
    """An application."""

    id: UUID = Field(primary_key=True)
    ref: str
    edition_id: str
    vendor_id: UUID = Field(foreign_key="vendor.id")
    vendor: Vendor = Relationship()
    reviews: list["Review"] = Relationship(sa_relationship_kwargs={"order_by": "Review.letter"})


class StoredFile(Base, table=True):
    """Bytes."""

    __tablename__ = "stored_file"

    id: UUID = Field(primary_key=True)
    name: str


class Evidence(Base, table=True):
    """A piece of evidence."""

    id: UUID = Field(primary_key=True)
    title: str
    file_id: UUID = Field(foreign_key="stored_file.id")
    file: StoredFile = Relationship()


class AnswerEvidence(Base, table=True):
    """A piece behind an answer."""

    __tablename__ = "answer_evidence"

    answer_id: UUID = Field(foreign_key="answer.id", primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", primary_key=True)
    evidence: Evidence = Relationship()


class Answer(Base, table=True):
    """What the company says."""

    id: UUID = Field(primary_key=True)
    application_id: UUID = Field(foreign_key="application.id")
    criterion: str
    claim: str
    links: list[AnswerEvidence] = Relationship()


class Review(Base, table=True):
    """One reviewer's part."""

    id: UUID = Field(primary_key=True)
    application_id: UUID = Field(foreign_key="application.id")
    reviewer_id: UUID = Field(foreign_key="user.id")
    letter: str
    reviewer: User = Relationship()


class Score(Base, table=True):
    """One mark."""

    id: UUID = Field(primary_key=True)
    review_id: UUID = Field(foreign_key="review.id")
    criterion: str
    value: int
    rationale: str
    saved_at: datetime


def create_app() -> Flask:
    """One view, on the database in VAR_DIR."""
    app = Flask("lazy")
    engine = create_engine(f"sqlite:///{os.environ['VAR_DIR']}/registry.db")

    @app.get("/<ref>")
    def show(ref: str) -> str:
        with Session(engine) as session:

            def answer_of(application: Application, code: str) -> Answer | None:
                question = select(Answer).where(Answer.application_id == application.id, Answer.criterion == code)
                return session.exec(question).first()

            def score_of(review: Review, code: str) -> Score | None:
                return session.exec(select(Score).where(Score.review_id == review.id, Score.criterion == code)).first()

            application = session.exec(select(Application).where(Application.ref == ref)).one()
            criteria = store.load(application.edition_id).criteria
            return render_template_string(
                PAGE, application=application, criteria=criteria, answer_of=answer_of, score_of=score_of
            )

    return app
