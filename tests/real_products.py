"""Real products with public evidence, carried through the real verbs from the draft to the decision.

The facts come from tests/data/real-products.json (Digital Public Goods Alliance, Unlicense). None of these products
has applied to the club: they appear in tests only.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from assessments import (
    agreement,
    answers,
    applications,
    assignments,
    clock,
    consensus,
    corrections,
    decisions,
    declarations,
    evidence,
    intake,
    reviews,
    test_records,
)
from assessments.certificates import Issuer
from assessments.models import Application, Decision
from assessments.queries.consensus import applicable_criteria
from assessments.readiness import CHECKLIST
from assessments.states import Basis, Outcome
from registry.accounts import sessions
from registry.accounts.models import User
from tests import evaluation
from tests.world import EDITION, PROFILE, World

ISSUER = Issuer(vi="Câu lạc bộ", en="The club")
SOURCE = Path(__file__).parent / "data" / "real-products.json"

# What the source does not say in the registry's own codes: categories, ages, platforms, flags.
SCOPE: dict[str, dict[str, list[str]]] = {
    "kindly": {"categories": ["HM"], "ages": ["12-15", "16-17"], "platforms": ["api"], "flags": []},
    "storyweaver": {
        "categories": ["DL"],
        "ages": ["0-6", "7-11", "12-15"],
        "platforms": ["web", "android"],
        "flags": ["has_accounts", "has_ugc", "processes_personal_data"],
    },
    "primero": {
        "categories": ["HR"],
        "ages": ["0-6", "7-11", "12-15", "16-17"],
        "platforms": ["web"],
        "flags": ["has_accounts", "processes_personal_data", "staffed"],
    },
    "cboard": {
        "categories": ["DL"],
        "ages": ["0-6", "7-11", "12-15", "16-17"],
        "platforms": ["web", "android", "ios"],
        "flags": ["has_accounts", "processes_personal_data"],
    },
    "towi-plugin": {"categories": ["KP"], "ages": ["7-11"], "platforms": ["api"], "flags": ["is_game_or_social"]},
}


@dataclass(frozen=True)
class RealProduct:
    """One product of the file: its facts, its claims and the addresses that back them."""

    id: str
    name: str
    description: str
    website: str
    claims: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def profile(self) -> dict[str, Any]:
        """The profile a vendor would write from these facts."""
        return {
            **PROFILE,
            **SCOPE[self.id],
            "name_vi": self.name,
            "name_en": self.name,
            "short_vi": self.description[:150].strip(),
            "short_en": self.description[:150].strip(),
            "description_vi": self.description,
            "description_en": self.description,
            "website": self.website.replace("http://", "https://"),
            "store_links": [],
            "made_in_vietnam": "no",
            "made_in_ground": "",
        }


def load() -> dict[str, RealProduct]:
    """Every product of the file by its id; addresses without TLS are written as the site redirects them."""
    rows = json.loads(SOURCE.read_text("utf-8"))["products"]
    return {
        row["id"]: RealProduct(
            row["id"],
            row["name"],
            row["description"],
            row["website"],
            tuple(claim["text"] for claim in row["claims"]),
            tuple(dict.fromkeys(one["url"].replace("http://", "https://") for one in row["evidence"])),
        )
        for row in rows
    }


def carry(world: World, product: RealProduct, marks: tuple[str, str] = ("3", "3")) -> Decision:
    """Take a product the whole way; the two reviewers give every criterion these marks."""
    application = draft(world, product)
    applications.submit(world.session, world.an, application)
    intake.accept(world.session, world.chi, application, CHECKLIST)
    team = assignments.Team((world.dung.id, world.ha.id), world.dung.id, clock.today())
    assignments.assign(world.session, world.chi, application, team)
    for reviewer, mark in ((world.dung, marks[0]), (world.ha, marks[1])):
        review(world.session, reviewer, application, mark)
    settle(world, application)
    return decide(world, application)


def draft(world: World, product: RealProduct) -> Application:
    """The application as its vendor writes it: profile, claims, evidence, agreement."""
    session, an = world.session, world.an
    sessions.load_standing(session, an)
    beginning = applications.Beginning(EDITION, name_vi=product.name, name_en=product.name)
    application = applications.start(session, an, world.hat_nang.id, beginning)
    names = tuple(product.profile)
    applications.save_profile(session, an, application, product.profile, applications.seen(application, names))
    pieces = [
        evidence.add_link(session, an, world.hat_nang.id, url, evidence.Facts("LINK", f"{product.name}: {url}"[:200]))
        for url in product.links
    ]
    for place, criterion in enumerate(applicable_criteria(session, application)):
        claim = product.claims[place % len(product.claims)][:4000]
        piece = pieces[place % len(pieces)].id
        answers.save(session, an, application, criterion.code, answers.Draft(claim=claim, attach=(piece,)))
    applications.accept_agreement(session, an, application, agreement.current_version())
    return application


def review(session: Session, reviewer: User, application: Application, mark: str) -> None:
    """One reviewer declares, scores everything and makes it final."""
    declarations.declare(session, reviewer, application, has_interest=False)
    for criterion in applicable_criteria(session, application):
        basis = Basis.OWN_TEST if mark == "4" else None
        marking = reviews.Marking(mark, basis, rationale=f"{reviewer.name}: {criterion.code}")
        reviews.save_score(session, reviewer, application, criterion.code, marking, 0)
        if basis is Basis.OWN_TEST:
            test_records.add(session, reviewer, application, evaluation.tested(criterion.code))
    reviews.finish(session, reviewer, application)


def settle(world: World, application: Application) -> None:
    """The lead reviewer agrees the scores and recommends, after the vendor has checked the facts."""
    session, lead = world.session, world.dung
    consensus.agree_where_equal(session, lead, application)
    texts = consensus.Texts("Tóm tắt cho cha mẹ.", "A summary for parents.", (("Một giới hạn.", "One limit."),))
    consensus.write_recommendation(session, lead, application, texts, 0)
    consensus.ask_facts_check(session, lead, application)
    corrections.check_facts(session, world.an, application)
    consensus.recommend(session, lead, application)


def decide(world: World, application: Application) -> Decision:
    """Two deciders read the file; one proposes what was computed, the other confirms."""
    session = world.session
    for decider in (world.giang, world.hung):
        declarations.declare(session, decider, application, has_interest=False)
    proposal = decisions.propose(session, world.giang, application, decisions.Proposing(Outcome.CERTIFY, "L1"))
    return decisions.confirm(session, world.hung, application, proposal.number, ISSUER)
