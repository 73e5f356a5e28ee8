"""Routes under /guides/office/<slug>/history: every text of a guide, who saved it, what the public read when."""

import re
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from assessments import guides as verbs
from assessments.errors import Conflict, NotFound
from assessments.guide_kinds import GuideTag
from assessments.guides import WRITERS
from assessments.models import Guide, GuideText
from assessments.queries import guides as queries
from assessments.queries import people
from registry import access, db
from registry.forms import whole
from registry.guides.blueprint import bp
from registry.guides.forms import TYPED, GuideForm, VersionForm
from registry.guides.words import AUDIENCES, ENDINGS, TAGS
from registry.templating import day
from registry.versions import Stored, Told, Version, versions_of

AROUND = 160  # letters kept on both sides of a change
_CHANGE = re.compile(r"(<(?:ins|del)>.*?</(?:ins|del)>)", re.DOTALL)


@bp.get("/office/<slug>/history")
@access.role(*WRITERS)
def history(slug: str) -> str:
    """The texts, the newest first, each with what it changed."""
    return _page(_guide(slug))


@bp.post("/office/<slug>/history")
@access.role(*WRITERS)
def restore(slug: str) -> Any:
    """Bring an earlier text back, as a new version."""
    form = VersionForm()
    try:
        verbs.restore(db.session(), access.me(), slug, form.version.data or 0, form.seen.data or 0)
    except Conflict as conflict:
        return _page(_guide(slug), conflict), 409
    db.commit()
    flash(_("Đã dùng lại bản cũ. Bản trước đó vẫn còn trong các bản đã lưu."))
    return redirect(url_for("guides.preview", slug=slug))


def _guide(slug: str) -> Guide:
    found = queries.guide_by_slug(db.session(), slug)
    if found is None:
        raise NotFound
    return found


def _page(guide: Guide, conflict: Conflict | None = None) -> str:
    session = db.session()
    found = queries.texts_of(session, guide, whole(request.args.get("before")) or None)
    publications = queries.publications_of(session, guide)
    acted = [one.published_by for one in publications] + [one.ended_by for one in publications if one.ended_by]
    names = people.people(session, {*(one.saved_by for one in found), *acted})
    labels = GuideForm(formdata=None)
    stored = [
        Stored(guide.id, one.version, one.saved_at, auto=False, told=_told(one, labels), who=names[one.saved_by].name)
        for one in found
    ]
    top = stored[0].key if stored else 0
    return render_template(
        "guides/history.html",
        guide=guide,
        versions=[_short(one) for one in versions_of(stored, queries.PAGE, top, guide.version)],
        more=stored[queries.PAGE - 1].key if len(stored) > queries.PAGE else 0,
        publications=publications,
        names=names,
        endings=ENDINGS,
        conflict=conflict,
    )


def _short(version: Version) -> Version:
    """What changed with a little of what stands around it: a guide is long, and can be read whole on its own page."""
    return replace(version, rows=[replace(row, text=_shortened(row.text)) for row in version.rows])


def _shortened(text: Markup) -> Markup:
    pieces = _CHANGE.split(str(text))
    return Markup("".join(piece if place % 2 else _cut(piece) for place, piece in enumerate(pieces)))  # noqa: S704  # pieces of markup, cut between words


def _cut(piece: str) -> str:
    if len(piece) <= 3 * AROUND:
        return piece
    return f"{piece[:AROUND].rpartition(' ')[0]} […] {piece[-AROUND:].partition(' ')[2]}"


def _told(text: GuideText, labels: GuideForm) -> Told:
    """Every field of a text in words."""
    tags = ", ".join(str(TAGS[GuideTag(tag)]) if tag in set(GuideTag) else tag for tag in text.tags)
    return [
        *((str(labels[name].label.text), getattr(text, name), _language(name)) for name in TYPED),
        (str(labels.audience.label.text), str(AUDIENCES[text.audience]), ""),
        (str(labels.tags.label.text), tags, ""),
        (str(labels.related.label.text), ", ".join(text.related), ""),
        (str(labels.checked_on.label.text), day(text.checked_on), ""),
    ]


def _language(name: str) -> str:
    return name[-2:] if name[-3:] in {"_vi", "_en"} else ""
