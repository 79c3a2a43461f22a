"""What the tests of setting up a campaign share: a draft in the cast's county, and a form sent as a browser does."""

from datetime import date

from campaigns.domain.lifecycle import draft
from campaigns.models import Campaign
from tests.cast import NOON

TODAY = NOON
DRAFT = "/campaigns/CG/"


def drafted(cast, template: str = "lantian-2022", code: str = "CG") -> Campaign:
    """A campaign of the cast's county that is being drafted, for the second half of 2022."""
    return draft(
        template=template,
        code=code,
        name="下半年活动",
        office=cast.office_unit,
        start=date(2022, 7, 1),
        end=date(2022, 12, 31),
        actor=cast.office,
    )


def fields_of(form) -> dict:
    """What a browser would send of a form as it is shown."""
    sent = {}
    for bound in form:
        value = bound.value()
        if bound.name.endswith("due"):
            sent |= _due(bound.html_name, value)
        elif value is not None and value is not False and value != "" and value != []:
            sent[bound.html_name] = [str(one) for one in value] if isinstance(value, list | tuple) else str(value)
    return sent


def press(client, url: str, **given):
    """Open a page, change ``given`` in its form and send it; None leaves a field out. Follows to the next page."""
    form = client.get(url).context["form"]
    sent = fields_of(form) | {name: value for name, value in given.items() if value is not None}
    return client.post(url, {name: sent[name] for name in sent if given.get(name, "") is not None}, follow=True)


def _due(name: str, due) -> dict:
    number = {f"{name}_n_{due.way}": str(due.n)} if due.n else {}
    return {name: str(due.way), f"{name}_on": due.on} | number
