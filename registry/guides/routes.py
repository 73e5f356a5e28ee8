"""Routes under /guides that everybody reads: the list with its search, and the guides, in both languages."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for

from assessments.errors import NotFound
from assessments.guide_kinds import GuideAudience, GuideTag
from registry import access, articles, catalogue, db
from registry.articles import Article, Gone
from registry.guides import finding, office, site, versions
from registry.guides.blueprint import bp
from registry.guides.words import AUDIENCES, TAGS
from registry.i18n import lang

__all__ = ["bp", "office", "versions"]


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; what it does not know it leaves out."""

    text: str = ""
    audience: str = ""
    tag: str = ""

    @property
    def filtered(self) -> bool:
        """Something is asked for at all."""
        return bool(self.text or self.audience or self.tag)

    def url(self, **other: str) -> str:
        """The address with something else asked for."""
        asked = replace(self, **other)
        return url_for("guides.index", q=asked.text or None, audience=asked.audience or None, tag=asked.tag or None)

    def admits(self, article: Article) -> bool:
        """Whether the guide is for these readers and about this."""
        of_tag = not self.tag or self.tag in article.content.tags
        return of_tag and self.audience in {"", article.content.audience.value}


@bp.get("")
@access.public
def index() -> str:
    """The guides, by whom they are for; with a query or a choice those that fit."""
    wanted, every = _wanted(), articles.public(db.session())
    found = finding.search(every, wanted.text)
    return render_template(
        "guides/index.html",
        wanted=wanted,
        shown=[one for one in found.articles if wanted.admits(one)],
        whole=found.whole,
        every=every,
        audiences=_choices(wanted, found.articles, "audience", AUDIENCES, lambda one: [one.content.audience.value]),
        tags=_choices(wanted, found.articles, "tag", TAGS, lambda one: one.content.tags),
        marked=lambda text: finding.marked(text, found.words),
        excerpt=lambda one: finding.excerpt(one, lang(), found.words),
        names={"audience": AUDIENCES, "tag": TAGS},
    )


@bp.get("/<slug>")
@access.public
def show(slug: str) -> Any:
    """One guide; where it tells of periods and no edition is in force, there is nothing to tell (NotFound)."""
    session = db.session()
    found, edition = articles.find(session, slug), catalogue.current_edition()
    if found is None:
        raise NotFound
    every = articles.public(session)
    if isinstance(found, Gone):
        return render_template("guides/_gone.html", gone=found, others=every[:4], plainly=str), 410
    dated = site.needs_edition(found.content)
    if dated and edition is None:
        raise NotFound
    return render_template(
        "guides/show.html",
        article=found,
        html=articles.html(found.content.text("body", lang()), site.values(edition), site.address_in(lang())),
        edition=edition if dated else None,
        related=[one for one in every if one.slug in found.content.related],
        audience=AUDIENCES[found.content.audience],
        tags=[(tag, TAGS[GuideTag(tag)]) for tag in found.content.tags if tag in set(GuideTag)],
    )


def _wanted() -> Wanted:
    text = " ".join(request.args.get("q", "")[: finding.LONGEST].split())
    audience, tag = request.args.get("audience", ""), request.args.get("tag", "")
    return Wanted(
        text.replace("\0", ""),
        audience if audience in set(GuideAudience) else "",
        tag if tag in set(GuideTag) else "",
    )


def _choices(
    wanted: Wanted,
    found: Sequence[Article],
    name: str,
    labels: Any,
    of: Callable[[Article], Sequence[str]],
) -> list[tuple[str, str, int, str, bool]]:
    """Every choice of a kind that leaves something: code, label, how many, its address, whether it is chosen.

    Counts are of what would be shown, with everything else as it is asked now.
    """
    free = replace(wanted, **{name: ""})
    counts = Counter(code for one in found if free.admits(one) for code in of(one))
    chosen = getattr(wanted, name)
    return [
        (code, label, counts[code], wanted.url(**{name: "" if code == chosen else code}), code == chosen)
        for code, label in ((one.value, label) for one, label in labels.items())
        if counts[code] or code == chosen
    ]
