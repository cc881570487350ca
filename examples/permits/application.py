"""An application that embeds the engine: its own rows and the record commit in one transaction.

The town keeps a table of streets and how many metres are still free. Granting a permit takes metres away and fires the
workflow in the same session, so that neither can happen without the other.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, create_engine

from accountability import Actor, Engine, Refused

ANN = Actor("ann", roles={"clerk"}, unit="town hall")
BEN = Actor("ben", roles={"officer"}, unit="town hall")


class Street(SQLModel, table=True):
    """A row of the application's own."""

    name: str = Field(primary_key=True)
    free_metres: int


def grant(office: Session, record: Engine, case_id: str) -> None:
    """Grant a permit and take its metres, together.

    Raises:
        Refused: The rules forbid it; the caller decides what becomes of the session.
    """
    case = record.fire(case_id, "grant", by=BEN, session=office)
    street = office.get_one(Street, case.data["street"])
    street.free_metres -= case.data["metres"]
    if street.free_metres < 0:
        raise ValueError(f"{street.name} has no room left")
    office.add(street)


def main(folder: Path) -> None:
    """Grant one permit, fail at a second, and show that nothing came apart."""
    url = f"sqlite:///{folder / 'town.db'}"
    town = create_engine(url)
    SQLModel.metadata.create_all(town)
    with Engine(url) as record:
        record.migrate()
        record.register(Path(__file__).with_name("permit.yaml"))

        with Session(town) as office:
            office.add(Street(name="Mill Lane", free_metres=15))
            details = {"street": "Mill Lane", "metres": 12}
            first = record.start("permit", by=ANN, data=details | {"applicant": "Eve"}, session=office)
            second = record.start("permit", by=ANN, data=details | {"applicant": "Mallory"}, session=office)
            office.commit()

        for case in (first, second):
            with Session(town) as office:
                try:
                    grant(office, record, case.id)
                    office.commit()
                except (Refused, ValueError) as error:
                    office.rollback()
                    print(f"not granted: {error}")

        with Session(town) as office:
            print(f"free metres: {office.get_one(Street, 'Mill Lane').free_metres}")
        print("states:", ", ".join(case.state for case in record.cases()))
        print("verified:", record.verify().ok)
    town.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(Path(place))
