"""What oversight of a campaign does beside inspecting and publishing, in words. Pure."""

from campaigns.domain.rulebook.rulebook import Rulebook


def criticism_words(rules: Rulebook) -> str:
    """Whom, and where the office only proposes it, to whom; "" where the notice criticises nobody."""
    one = rules.oversight
    if one.criticism and one.criticism_to:
        return f"{one.criticism}，提请{one.criticism_to}给予通报批评"
    return one.criticism


def public_words(rules: Rulebook) -> str:
    """Whether a published period may be released to the public."""
    if rules.oversight.public_sheet:
        return "已印发的一期可以向社会公开，由统筹办另一人审核"
    return "不从本系统向社会公开"
