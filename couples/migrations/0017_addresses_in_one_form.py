"""Bring every address into its one form, and let the database hold to it."""

from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid
from django.core.exceptions import ValidationError
from django.db import migrations, models

from couples.accounts.addresses import normal

IN_ONE_FORM = (
    r"^[^@\u0001-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]+"
    r"@[a-z0-9.-]+$"
)


def bring_into_form(apps: Any, _schema_editor: Any) -> None:
    """Rewrite what can be rewritten.

    An address that is none, or whose one form belongs to somebody else, stays as it is: nobody
    can type it into a form any more, and the constraint below is for new rows.
    """
    person = apps.get_model("couples", "Person")
    address = apps.get_model("account", "EmailAddress")
    for one in person.objects.exclude(email__regex=IN_ONE_FORM).only("email"):
        try:
            form = normal(one.email)
        except ValidationError:
            continue
        if person.objects.filter(email=form).exists():
            continue
        address.objects.filter(user=one.pk, email=one.email).update(email=form)
        person.objects.filter(pk=one.pk).update(email=form)


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("couples", "0016_zone_is_empty_until_said"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="trusted_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(bring_into_form, migrations.RunPython.noop),
        AddConstraintNotValid(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(email__regex=IN_ONE_FORM),
                name="person_email_in_one_form",
            ),
        ),
    ]
