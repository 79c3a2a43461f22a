from django.db import migrations

from core.triggers import Refuse, RefuseArchived, changed

SIGNED = "('signed', 'reported', 'accepted')"
HANDED_IN = "('reported', 'accepted')"
# What is signed with the walk. State, version, days of handing in and the reason of a return move on.
CONTENT = (
    "id", "campaign_id", "rules_id", "department_id", "receiver_id", "item_id", "walker_id", "walker_capacity",
    "activity_kind", "mode", "role", "is_covert", "delegation_reason", "companions", "is_waiting", "is_simulated",
    "simulation_withdrawn", "has_authorisation", "place", "walk_date", "started_at", "ended_on", "period",
    "actual_days", "actual_documents", "actual_trips", "zero_explained", "suggestion", "conforms", "shortfall",
    "item_name", "department_name", "receiver_name", "walker_name", "promised_days", "promised_documents",
    "promised_steps", "promised_trips", "created_by_id", "created_at",
)  # fmt: skip
SIGNATURE = ("signed_by_id", "signer_name", "signed_at", "signed_digest")
# The moves of walks.domain.transitions out of these states; an accepted walk stays accepted.
MOVES = (
    "signed>signed", "signed>reported", "signed>in_progress", "reported>reported", "reported>accepted",
    "reported>returned", "accepted>accepted",
)  # fmt: skip
MOVED = f"(OLD.state || '>' || NEW.state) NOT IN ({', '.join(repr(move) for move in MOVES)})"
# An erasure empties the person and nothing else; what was erased stays so.
ERASES = (
    "NEW.name = '' AND NEW.phone = '' AND NEW.salt = '' AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL"
    " AND NEW.id = OLD.id AND NEW.step_id = OLD.step_id"
)


# A walk that was brought in from a table was signed by nobody: with the import it is taken back.
TAKEN_BACK = "(SELECT signed_at FROM walks_walk WHERE id = OLD.walk_id) IS NULL"
# Nothing has happened to it since.
WORKED_ON = "EXISTS (SELECT 1 FROM walks_walkevent o WHERE o.walk_id = OLD.walk_id AND o.kind <> 'imported')"


OF_WALK = "(SELECT campaign_id FROM walks_walk WHERE id = {row}.walk_id)"


def signed_walk(row: str, states: str = SIGNED) -> str:
    return f"(SELECT state FROM walks_walk WHERE id = {row}.walk_id) IN {states}"


def signed_step(row: str) -> str:
    return (
        "(SELECT walk.state FROM walks_walk walk JOIN walks_step step ON step.walk_id = walk.id"
        f" WHERE step.id = {row}.step_id) IN {SIGNED}"
    )


def guard(table: str, condition, unless: str = "FALSE") -> list:
    """No row of the table comes, changes or goes while its walk is signed; ``unless``: when one may go after all."""
    words = "what was signed never changes"
    return [
        Refuse(table, "INSERT", message=words, when=condition("NEW")),
        Refuse(table, "DELETE", message=words, when=f"{condition('OLD')} AND NOT ({unless})"),
        # Neither out of a signed walk nor into one.
        Refuse(table, "UPDATE", message=words, when=f"{condition('OLD')} OR {condition('NEW')}"),
    ]


class Migration(migrations.Migration):
    dependencies = [("walks", "0001_initial")]

    operations = [
        Refuse("walks_walkevent", "UPDATE", message="history is append-only"),
        Refuse(
            "walks_walkevent",
            "DELETE",
            message="history is append-only",
            when=f"OLD.kind <> 'imported' OR {WORKED_ON}",
        ),
        Refuse("walks_draw", "UPDATE", "DELETE", message="a draw is never taken back"),
        Refuse(
            "walks_walk",
            "UPDATE",
            message="what was signed never changes",
            # The signature falls only when the walk is opened again.
            when=f"OLD.state IN {SIGNED} AND ({changed(*CONTENT)}"
            f" OR (NEW.state IN {SIGNED} AND {changed(*SIGNATURE)}) OR {MOVED}"
            f" OR (OLD.state <> 'signed' AND {changed('reported_at')})"
            f" OR (OLD.state = 'accepted' AND {changed('accepted_at', 'return_reason')}))",
        ),
        Refuse(
            "walks_walk",
            "DELETE",
            message="what was signed never changes",
            when=f"OLD.state IN {SIGNED} AND OLD.signed_at IS NOT NULL",
        ),
        *guard("walks_participant", signed_walk, unless=TAKEN_BACK),
        *guard("walks_step", signed_walk),
        *guard("walks_stepphoto", signed_step),
        *guard("walks_walk_also_received_by", signed_walk, unless=TAKEN_BACK),
        Refuse("walks_stepperson", "INSERT", message="what was signed never changes", when=signed_step("NEW")),
        Refuse("walks_stepperson", "DELETE", message="what was signed never changes", when=signed_step("OLD")),
        Refuse(
            "walks_stepperson",
            "UPDATE",
            message="what was signed never changes",
            when=f"({signed_step('OLD')} OR {signed_step('NEW')}) AND NOT ({ERASES})",
        ),
        # Who may know of a covert walk is settled when it is handed in; the signed paper comes with it.
        *guard("walks_clearance", lambda row: signed_walk(row, HANDED_IN)),
        Refuse(
            "walks_stampedpage",
            "INSERT",
            message="what was signed never changes",
            when=signed_walk("NEW", "('accepted')"),
        ),
        Refuse(
            "walks_stampedpage",
            "UPDATE",
            "DELETE",
            message="what was signed never changes",
            when=signed_walk("OLD", HANDED_IN),
        ),
        RefuseArchived("walks_walk"),
        RefuseArchived("walks_draw"),
        RefuseArchived("walks_clearance", path=OF_WALK),
        RefuseArchived("walks_stampedpage", path=OF_WALK),
        RefuseArchived("walks_step", path=OF_WALK),
    ]
