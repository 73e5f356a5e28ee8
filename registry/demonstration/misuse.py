"""Reports of misuse of the demonstration: one settled, one being looked into, one that has just come."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from sqlmodel import col, select

from assessments import misuse
from assessments.misuse import Said
from assessments.models import Certificate, MisuseReport
from assessments.recourse import MisuseKind, MisuseOutcome
from assessments.states import CertificateState
from registry.demonstration.stage import Stage

SETTLED = (
    "Trang bán hàng vẫn treo dấu sau ngày thu hồi. "
    "Đã viết cho đơn vị; hai ngày sau dấu được gỡ, đã kiểm tra lại ba trang."
)


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    settled, running, fresh = _Report(stage), _Report(stage), _Report(stage)
    yield (
        18,
        partial(settled.send, MisuseKind.ENDED, "https://ban-hang.example/goi-gia-dinh", CertificateState.WITHDRAWN),
    )
    yield 17, settled.take
    yield 11, settled.close
    yield 5, partial(running.send, MisuseKind.BEYOND, "Quầy điện thoại, chợ quận: hộp bản cho máy tính cũng in dấu.")
    yield 4, running.take
    yield 1, partial(fresh.send, MisuseKind.MISLEADING, "Quảng cáo trên mạng xã hội nói “an toàn tuyệt đối cho con”.")


class _Report:
    """One report, from the form to its closing; nobody leaves a contact."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made: MisuseReport | None = None

    def send(self, kind: MisuseKind, place: str, state: CertificateState = CertificateState.ACTIVE) -> None:
        """By the public form, with the number of a certificate in that state."""
        question = select(Certificate.number).where(Certificate.state == state).order_by(col(Certificate.number))
        number = self._stage.session.exec(question).first() or ""
        made_id = uuid4()
        said = Said(kind, place, number)
        self._made = misuse.receive(self._stage.session, made_id, made_id.hex, said, _unsealed)

    def take(self) -> None:
        """The coordinator takes it in hand."""
        misuse.take(self._stage.session, self._stage.people["coordinator"], self._there())

    def close(self) -> None:
        """The coordinator closes it."""
        office = self._stage.people["coordinator"]
        misuse.close(self._stage.session, office, self._there(), MisuseOutcome.STOPPED, SETTLED)

    def _there(self) -> MisuseReport:
        if self._made is None:
            raise LookupError("there is no report yet")
        return self._made


def _unsealed(_text: str, _place: str) -> str:
    raise LookupError("nobody leaves a contact here")
