"""What a walk keeps of the catalogue, the list of units and the people as they stood when it began.

Every page, list, workbook and digest of a walk reads these columns of ``Walk`` and never the record they were taken
from: a promise that is changed in the catalogue afterwards does not change what was walked and signed.
"""

from accounts.models import Department, User
from catalogue.models import ServiceItem

# Column of the walk → the figure the guide promised.
PROMISED = {
    "promised_days": "committed_days",
    "promised_documents": "documents",
    "promised_steps": "steps",
    "promised_trips": "trips",
}
COLUMNS = ("item_name", "department_name", "receiver_name", "walker_name", *PROMISED)


def snapshot(*, item: ServiceItem, department: Department, receiver: Department, walker: User) -> dict:
    """{column of ``COLUMNS``: its value now}. Taken when a walk is opened, and anew when a planned one begins."""
    figures = {column: getattr(item, name) for column, name in PROMISED.items()}
    return {
        "item_name": item.name,
        "department_name": department.name,
        "receiver_name": receiver.name,
        "walker_name": walker.label,
        **figures,
    }
