"""The public figures of each year: what the page of figures reads, so that it never asks the procedure's tables."""

from sqlmodel import Field, SQLModel


class Figure(SQLModel, table=True):
    """One number of one year: ("appeals", "lodged"); written whenever what it counts changes."""

    year: int = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=40)
    name: str = Field(primary_key=True, max_length=40)
    value: int = 0
