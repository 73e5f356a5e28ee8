"""What stands on a certificate, name by name, as both the paper and its page in the browser print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from assessments.models import Credential
from assessments.states import CertificateStatus
from registry.certificates.standing import Shown
from registry.certificates.words import status_word
from registry.i18n import lang, words_on
from registry.templating import bi, day, sentence


@dataclass(frozen=True)
class Signatory:
    """Who signs for the issuing body: a name and an office."""

    name: str
    office: str


@dataclass(frozen=True)
class Facts:
    """A certificate as it stands on the day its paper is made, and what is signed and logged of it."""

    shown: Shown
    address: str  # of its page
    check: str  # where a file is checked
    made_on: date
    revision: int = 1
    signatory: Signatory | None = None
    signed: Credential | None = None
    proof: str = ""


def signatory_of(shown: Shown, language: str) -> Signatory | None:
    """Who signed for the issuing body, as frozen in the certificate; None where nobody was named then."""
    named = shown.certificate.content["issuer"].get("signatory")
    return Signatory(named["name"], named[language]) if named else None


def title(shown: Shown) -> str:
    """What the document is called: as the club said on the day of the decision."""
    return sentence(words_on(shown.certificate.decided_on)["certificate"])


def certified(shown: Shown) -> str:
    """What a product with it is called, likewise."""
    return words_on(shown.certificate.decided_on)["certified"]


def product_of(shown: Shown) -> str:
    """The name of the product."""
    return shown.profile.name(lang())


def version_of(shown: Shown) -> str:
    """The version that was checked, and when."""
    facts = shown.profile
    if not facts.checked_on:
        return str(_("Phiên bản đã kiểm tra: %(version)s", version=facts.version))
    return str(_("Phiên bản đã kiểm tra: %(version)s, ngày %(day)s", version=facts.version, day=day(facts.checked_on)))


def vendor_of(shown: Shown) -> tuple[str, str, str]:
    """Name, name in English where there is another, and address."""
    vendor = shown.certificate.content["vendor"]
    english = vendor.get("name_en", "")
    return vendor["name"], english if english != vendor["name"] else "", vendor.get("address", "")


def level_of(shown: Shown) -> tuple[str, int, int]:
    """The level in words, its rank, and how many levels there are."""
    content = shown.certificate.content
    level = content["level"]
    name = str(_("Mức %(rank)s – %(name)s", rank=level["rank"], name=level[lang()]))
    return name, int(level["rank"]), max(int(level["rank"]), len(content.get("levels", ())))


def rows_of(facts: Facts) -> list[tuple[str, str]]:
    """Names and values of the scope, the edition and the days, in the language of what is written now."""
    shown, certificate = facts.shown, facts.shown.certificate
    edition, profile = shown.edition, shown.profile
    rows = [
        (_("Nền tảng"), _named(edition.platforms if edition else (), profile.platforms)),
        (_("Tuổi"), _named(edition.age_bands if edition else (), profile.ages)),
        (_("Loại sản phẩm"), _named(edition.categories if edition else (), profile.categories, "; ")),
        (_("Bộ tiêu chí"), edition_of(shown)),
        (_("Ngày quyết định"), day(certificate.decided_on)),
        (
            _("Giá trị"),
            _("từ %(from)s đến hết ngày %(to)s", **{"from": day(certificate.valid_from), "to": until(shown)}),
        ),
    ]
    if facts.revision > 1:
        rows.append((_("Bản sửa đổi"), _("lần %(n)d; thay bản trước", n=facts.revision - 1)))
    return [(str(term), str(value)) for term, value in rows]


def until(shown: Shown) -> str:
    """The last day."""
    return day(shown.certificate.valid_until)


def edition_of(shown: Shown) -> str:
    """The edition it was granted under, and its version."""
    edition = shown.certificate.content["edition"]
    return str(_("%(name)s, bản %(version)s", name=edition[lang()], version=edition["version"]))


def reconstruction_of(shown: Shown) -> str:
    """What has to be said of an edition that is not the club's own text; "" of the others."""
    if not shown.certificate.content["edition"].get("reconstruction"):
        return ""
    return str(
        _(
            "Bộ tiêu chí dựng tạm để chạy thử phần mềm, không phải nguyên văn TCCS 03:2024/VNISA: "
            "kết quả này không có giá trị %(certification)s.",
            **words_on(shown.certificate.decided_on),
        )
    )


def status_of(facts: Facts) -> str:
    """How it stood on the day of the paper."""
    word = status_word(facts.shown.status).lower()
    return str(_("Tình trạng ngày %(day)s: %(status)s.", day=day(facts.made_on), status=word))


def over(shown: Shown) -> tuple[str, str]:
    """The word and the sentence that go across a certificate that is not valid now; ("", "") for one that is."""
    word, since = status_word(shown.status), day(shown.since)
    told = {
        CertificateStatus.SUSPENDED: _("Từ ngày %(day)s, giấy này tạm thời không có giá trị.", day=since),
        CertificateStatus.WITHDRAWN: _("Từ ngày %(day)s, giấy này không còn giá trị.", day=since),
        CertificateStatus.TERMINATED: _("Từ ngày %(day)s, giấy này không còn giá trị.", day=since),
        CertificateStatus.SUPERSEDED: _("Từ ngày %(day)s, một giấy mới đứng vào chỗ giấy này.", day=since),
        CertificateStatus.EXPIRED: _("Giấy này có giá trị đến hết ngày %(day)s.", day=until(shown)),
    }
    return (word, str(told[shown.status])) if shown.status in told else ("", "")


def _named(named: Iterable[object], codes: Iterable[str], between: str = ", ") -> str:
    """The names of codes, in the order of the edition; the codes themselves where it does not know them."""
    known = {getattr(one, "code", ""): bi(getattr(one, "name", "")) for one in named}
    wanted = list(codes)
    ordered = [code for code in known if code in wanted] + [code for code in wanted if code not in known]
    return between.join(known.get(code, code) for code in ordered) or "–"
