from django.db import migrations

from core.triggers import Refuse

MESSAGE = "an administrator account holds no business role"


def forward(apps, schema_editor):
    """三员分立 as a wall in the database: no membership for an administrator, no administrator with memberships."""
    if schema_editor.connection.vendor == "sqlite":
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f"CREATE TRIGGER three_admins_membership_{event.lower()} BEFORE {event} ON accounts_membership "
                "WHEN (SELECT kind FROM accounts_user WHERE id = NEW.user_id) <> 'staff' "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        schema_editor.execute(
            "CREATE TRIGGER three_admins_user BEFORE UPDATE OF kind ON accounts_user WHEN NEW.kind <> 'staff' "
            "AND EXISTS (SELECT 1 FROM accounts_membership WHERE user_id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION three_admins_membership() RETURNS trigger AS $$ BEGIN "
        "IF (SELECT kind FROM accounts_user WHERE id = NEW.user_id) <> 'staff' "
        f"THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$ "
        "LANGUAGE plpgsql"
    )
    schema_editor.execute(
        "CREATE TRIGGER three_admins_membership BEFORE INSERT OR UPDATE ON accounts_membership "
        "FOR EACH ROW EXECUTE FUNCTION three_admins_membership()"
    )
    schema_editor.execute(
        "CREATE FUNCTION three_admins_user() RETURNS trigger AS $$ BEGIN "
        "IF NEW.kind <> 'staff' AND EXISTS (SELECT 1 FROM accounts_membership WHERE user_id = NEW.id) "
        f"THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$ "
        "LANGUAGE plpgsql"
    )
    schema_editor.execute(
        "CREATE TRIGGER three_admins_user BEFORE UPDATE OF kind ON accounts_user "
        "FOR EACH ROW EXECUTE FUNCTION three_admins_user()"
    )


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("three_admins_membership_insert", "three_admins_membership_update", "three_admins_user"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    for table, name in (("accounts_membership", "three_admins_membership"), ("accounts_user", "three_admins_user")):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(forward, backward),
        Refuse("accounts_handover", "UPDATE", "DELETE", message="a hand-over stays as it was made"),
        Refuse("accounts_unitchange", "UPDATE", "DELETE", message="a change of units stays as it was made"),
        Refuse("accounts_unitname", "UPDATE", "DELETE", message="an earlier name stays"),
    ]
