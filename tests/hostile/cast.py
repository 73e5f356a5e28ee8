"""Who is on the attacked site, what is hidden there, and what every answer is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from assessments import reviews
from assessments.models import Answer as Claim
from assessments.models import Application, Evidence
from registry import issuing
from registry.accounts import sessions
from registry.accounts.models import User
from tests import drafting, evaluation, world
from tests.hostile.wire import Answer, Line, ask
from tests.listings import Shop
from tests.site import CONCERN_KEY, SECRET, Site

FORM_KEY = "c" * 40  # in every browser's session: what its form tokens are made for
DRAFT, REVIEWED, READY = "HS-2026-0001", "HS-2026-0002", "HS-2026-0003"  # the last is there to be handed in
CLAIM, TITLE, REASON = "trinhbayzq", "bangchungzq", "lydochamzq"
CLUB = ("chi", "dung", "ha", "khanh", "giang", "hung", "lan", "minh")
COMPANY = ("an", "anh")
UNCOUNTED = {"attempts", "heartbeat"}  # what counting tries and being alive write
NEVER = (SECRET, CONCERN_KEY, "$argon2", "Traceback (most recent", "sqlalchemy", "werkzeug", "psycopg", "sqlite3")


@dataclass
class Target:
    """The site under attack: how to ask it, and what stands in its tables."""

    site: Site
    app: Flask
    cookies: dict[str, str]
    ids: dict[str, str]
    seats: int = field(default=0)

    @property
    def engine(self) -> Engine:
        """Its database, beside the server."""
        engine: Engine = self.app.extensions["engine"]
        return engine

    def address(self) -> str:
        """An address of this machine that nothing was asked from yet: what is counted for one does not stop others."""
        self.seats += 1
        return f"127.1.{self.seats // 250}.{self.seats % 250 + 1}"

    def ask(self, line: Line, who: str = "", seen_by: str = "") -> Answer:
        """Ask as somebody, and hold the answer against what holds for every answer; `seen_by`: whose eyes it is for."""
        headers = (f"Cookie: {self.cookies[who]}", *line.headers) if who else line.headers
        answer = ask(self.site.port, Line(**{**vars(line), "headers": headers}), self.address())
        self.examine(answer, who or seen_by, line.target)
        return answer

    def examine(self, answer: Answer, who: str, asked: str = "") -> None:
        """No failure of ours, nothing of our inside, and no word that this person must not read and has not asked."""
        assert answer.status < 500, answer.text[:500]
        shown = answer.text + str(answer.headers)
        shown = shown.replace(asked, "") if len(asked) > 1 else shown  # pages lead to themselves in the other language
        assert [word for word in (*NEVER, *self.hidden_from(who)) if word in shown] == []
        if answer.body and answer.status >= 400 and answer.header("Content-Type").startswith("text/html"):
            assert "<h1" in answer.text  # a page in words

    def hidden_from(self, who: str) -> list[str]:
        """Names, ids and words that somebody must find nowhere."""
        if who in CLUB:
            return []
        club = [canary for name in CLUB for canary in (f"{name}zq7", self.ids[name])]
        own = () if who in COMPANY else (CLAIM, TITLE, *(f"{name}zq7" for name in COMPANY))
        stranger = () if who == "bao" else ("baozq7",)
        return [*club, *own, *stranger, REASON]

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        counted = [table.name for table in SQLModel.metadata.sorted_tables if table.name not in UNCOUNTED]
        question = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in counted)  # noqa: S608
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(text(question))}

    def token(self) -> str:
        """A form token of the browser that every one of our people has."""
        return str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(FORM_KEY))


def grown(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """How many rows came, by table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def prepare(site: Site, app: Flask) -> Target:
    """Everybody under a name found nowhere else; a draft, a file in review and a certificate of Hạt Nắng."""
    engine = app.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        people = world.build(session)
        named = {name: getattr(people, name) for name in (*CLUB, *COMPANY, "bao")}
        for name, person in named.items():
            person.name = f"Kín {name}zq7"
            session.add(person)
        ids = {name: str(person.id) for name, person in named.items()}
        piece = drafting.piece(session, people, f"Báo cáo {TITLE}")
        draft = drafting.ready(people, piece, ref=DRAFT)
        _claim(session, draft)
        drafting.ready(people, piece, ref=READY)
        ids |= {"evidence": str(piece.id), "product": str(draft.product_id)}
        ids |= {"vendor": str(people.hat_nang.id), "own": _own_piece(session, people)}
        _reviewed(people)
        _published(app, people)
        cookies = {name: cookie_of(app, session, person) for name, person in named.items()}
        cookies["nobody"] = sealed(app, {"csrf_token": FORM_KEY})
    return Target(site, app, cookies, ids)


def cookie_of(app: Flask, session: Session, person: User, fixed: str = "") -> str:
    """What a browser sends after its person has signed in."""
    with app.app_context():
        key = fixed or sessions.begin(session, person, sessions.Seat(), sessions.Shown(two=True))
        session.commit()
    return sealed(app, {"_user_id": key, "_fresh": True, "csrf_token": FORM_KEY})


def sealed(app: Flask, held: Mapping[str, object]) -> str:
    """A cookie as this site signs it."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(held))}"


def _claim(session: Session, draft: Application) -> None:
    for claim in session.exec(select(Claim).where(Claim.application_id == draft.id)).all():
        claim.claim = f"Đã có {CLAIM}."
        session.add(claim)
    session.commit()


def _own_piece(session: Session, people: world.World) -> str:
    piece = Evidence(
        vendor_id=people.bo_tre.id,
        kind="LINK",
        title="Của Bờ Tre",
        url="https://botre.example/bao-cao",
        attested_by=people.bao.id,
    )
    session.add(piece)
    session.commit()
    return str(piece.id)


def _reviewed(people: world.World) -> None:
    """Dũng and Hà review; Dũng has written why."""
    application = evaluation.in_review(people, ref=REVIEWED)
    code = evaluation.applicable_criteria(people.session, application)[0].code
    reviews.save_score(people.session, people.dung, application, code, reviews.Marking("1", None, REASON), 0)
    people.session.commit()


def _published(app: Flask, people: world.World) -> None:
    shop = Shop(people)
    shop.serial = 100
    shop.publish()
    with app.app_context():
        issuing.turn()
