"""Pages of handed-in files as pictures: how far the making of them has come, and where each picture is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import RenditionState


class Rendition(SQLModel, table=True):
    """The pictures of one content, whoever handed it in: wanted with the first submission, gone with its last file."""

    __table_args__ = (
        CheckConstraint("pages >= 0", name="pages"),
        CheckConstraint("done >= 0 AND done <= pages", name="done"),
        CheckConstraint("faults >= 0 AND faults <= done", name="faults"),
    )

    sha256: str = Field(max_length=64, primary_key=True)  # of the file; see stored_file
    renderer: int  # the version of what made the pictures: a newer one makes them anew
    state: RenditionState = Field(default=RenditionState.WAITING, sa_type=choice(RenditionState), index=True)
    pages: int = 0  # of the document; known once it was opened
    done: int = 0  # pages looked at so far, from the first on
    faults: int = 0  # of these, how many could not be made
    tries: int = 0  # times the storage did not answer
    due_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)  # when it is tried next
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RenderedPage(SQLModel, table=True):
    """One page as a picture of our own making, kept in the storage by the picture's sha256, and the words on it."""

    __tablename__ = "rendered_page"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("size > 0 AND width > 0 AND height > 0", name="extent"),
    )

    sha256: str = Field(max_length=64, foreign_key="rendition.sha256", primary_key=True)
    number: int = Field(primary_key=True)
    image_sha256: str = Field(max_length=64, index=True)
    size: int  # bytes of the picture
    width: int  # points of the picture
    height: int
    text: str = ""
