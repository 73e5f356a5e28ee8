"""Takes an upload in: the body goes from the network to the temporary file, in pieces, hashed on its way."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore, Lock
from typing import IO, cast
from uuid import UUID

from flask import abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header
from werkzeug.wsgi import LimitedStream

from assessments import clock, uploads
from assessments.errors import N_, Invalid, Refused, TooLarge, TooMany
from registry.evidence.names import cleaned
from registry.storage import Incoming, Storage, StorageFull

MEGABYTE = 1024 * 1024
MARGIN = MEGABYTE  # of a request, for what stands round the file
FIELD_BYTES = 128 * 1024  # twice what the parser reads at once: it counts what it kept of the piece before as well
MOST_PARTS = 60
PLAIN_FORM = "application/x-www-form-urlencoded"
AT_ONCE = 40  # uploads in one process; the threads that are left serve everybody else

AT_ONCE_EACH = uploads.AT_ONCE_EACH  # of those, uploads of one person: nobody takes the room of everybody
CONNECTIONS_EACH = 2 * AT_ONCE_EACH  # stretches: a connection that fell silent still sits there when the next one comes
WAIT = timedelta(minutes=1)

_under_way: Counter[UUID] = Counter()  # forms with a file, by person
_stretches: Counter[UUID] = Counter()
_counting = Lock()
_turnstile = BoundedSemaphore(AT_ONCE)


Fields = MultiDict[str, str]


class NoRoom(Refused):
    """The storage is full; nothing was kept."""


class Sink:
    """Where one file of the form goes. It swallows the rest of what it cannot keep, so that the other fields arrive."""

    def __init__(self, incoming: Incoming | None, limit: int) -> None:
        self._incoming = incoming
        self._limit = limit
        self.size = 0
        self.refusal: Refused | None = None

    def write(self, chunk: bytes) -> int:
        """Pass bytes on, unless something already spoke against the file."""
        self.size += len(chunk)
        if self.size > self._limit and self.refusal is None:
            self._refuse(too_large(self._limit, self._limit))
        if self._incoming is not None and self.refusal is None:
            self._pass_on(self._incoming, chunk)
        return len(chunk)

    def _pass_on(self, incoming: Incoming, chunk: bytes) -> None:
        try:
            incoming.write(chunk)
        except StorageFull:
            self._refuse(no_room())

    def _refuse(self, refusal: Refused) -> None:
        self.refusal = refusal
        if self._incoming is not None:
            self._incoming.discard()

    def seek(self, _position: int) -> int:
        """The parser rewinds what it has written; there is nothing to rewind."""
        return 0


class Reception:
    """The fields of an upload form, and the one file that came with it."""

    def __init__(self, incoming: Incoming, limit: int) -> None:
        self.incoming = incoming
        self.fields: Fields = MultiDict()
        self._limit = limit
        self._sink: Sink | None = None
        self._raw_name = ""

    @property
    def name(self) -> str:
        """The name of the file, cleaned; "" when none was chosen."""
        return cleaned(self._raw_name) if self._raw_name else ""

    def check(self) -> None:
        """Refuse no file, an empty one, one that is too large (TooLarge) and one there is no room for (NoRoom)."""
        if self._sink is None or not self._raw_name:
            raise Invalid(N_("Chọn tệp."))
        if self._sink.refusal is not None:
            raise self._sink.refusal
        if self._sink.size == 0:
            raise Invalid(N_("Tệp này trống. Chọn tệp có nội dung rồi tải lên lại."))

    def read(self) -> None:
        """Read the whole request. A cut connection or a broken form ends in 400, and nothing stays."""
        kind, options = parse_options_header(request.headers.get("Content-Type"))
        if kind == PLAIN_FORM:  # its files have come before it
            self.fields = request.form
            return
        if kind != "multipart/form-data":
            abort(400)
        parser = FormDataParser(
            stream_factory=self._receive, max_form_memory_size=FIELD_BYTES, max_form_parts=MOST_PARTS, silent=False
        )
        length = announced_length()
        # Counted here: a server may call its stream complete when the sender only went away.
        stream = cast("IO[bytes]", LimitedStream(request.environ["wsgi.input"], length))
        try:
            _, self.fields, _ = parser.parse(stream, kind, length, options)
        except ValueError:
            abort(400)

    def _receive(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Werkzeug asks here where the bytes of a file go: the first is kept, any other is passed over."""
        del total_content_length, content_type, content_length  # the sender's word, and not needed
        if self._sink is not None:
            return cast("IO[bytes]", Sink(None, self._limit))
        self._raw_name = filename or ""
        self._sink = Sink(self.incoming, self._limit)
        return cast("IO[bytes]", self._sink)


@contextmanager
def receiving(storage: Storage, limit: int, person_id: UUID) -> Iterator[Reception]:
    """An upload being read; whatever was not kept by the end of the block is gone.

    Refuses (TooMany) more at once than one person may send, and answers 503 when everybody together sends too much.
    """
    with _place_for(person_id, _under_way, AT_ONCE_EACH), _begun(storage) as incoming:
        reception = Reception(incoming, limit)
        reception.read()
        yield reception


@contextmanager
def place_for_stretch(person_id: UUID) -> Iterator[None]:
    """A connection on which a stretch of an upload comes; refuses and answers as receiving() does.

    Who holds an upload is written in its row, and lasts some seconds of silence only. That frees the upload, and not
    the thread that still waits for the silent sender: those are counted here.
    """
    with _place_for(person_id, _stretches, CONNECTIONS_EACH):
        yield


@contextmanager
def _place_for(person_id: UUID, counted: Counter[UUID], most: int) -> Iterator[None]:
    _come(person_id, counted, most)
    try:
        with _gate():
            yield
    finally:
        _go(person_id, counted)


@contextmanager
def _gate() -> Iterator[None]:
    """Bytes of one more upload coming through this process; 503 when everybody together sends too much."""
    if not _turnstile.acquire(blocking=False):
        abort(503)
    try:
        yield
    finally:
        _turnstile.release()


def _come(person_id: UUID, counted: Counter[UUID], most: int) -> None:
    with _counting:
        if counted[person_id] >= most:
            raise TooMany(
                N_("Bạn đang tải lên %(most)d tệp cùng lúc. Chờ một tệp xong rồi tải tiếp."),
                clock.now() + WAIT,
                most=most,
            )
        counted[person_id] += 1


def _go(person_id: UUID, counted: Counter[UUID]) -> None:
    with _counting:
        counted[person_id] -= 1
        if not counted[person_id]:
            del counted[person_id]


def _begun(storage: Storage) -> Incoming:
    try:
        return storage.begin()
    except StorageFull as error:
        raise no_room() from error


def refuse_oversize(limit: int) -> None:
    """Refuse by the announced length (TooLarge), before anything is read."""
    length = announced_length()
    if length > limit + MARGIN:
        raise too_large(length, limit)


def announced_length() -> int:
    """How long the request says it is; one that does not say is refused (411)."""
    length = request.content_length
    if length is None or "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        abort(411)
    return length


def too_large(size: int, limit: int) -> TooLarge:
    """The refusal of a file over the limit; `size` is known exactly only when nothing was read."""
    if size <= limit:
        return TooLarge(
            N_("Tệp nặng hơn %(max)d MB. Nén lại, cắt video, hoặc chia thành nhiều tệp."), max=limit // MEGABYTE
        )
    return TooLarge(
        N_("Tệp nặng %(size)d MB, tối đa %(max)d MB. Nén lại, cắt video, hoặc chia thành nhiều tệp."),
        size=-(-size // MEGABYTE),
        max=limit // MEGABYTE,
    )


def no_room() -> NoRoom:
    """The refusal of a full storage."""
    return NoRoom(N_("Máy chủ hết chỗ chứa nên chưa lưu được tệp. Báo văn phòng Câu lạc bộ, rồi tải lên lại sau."))
