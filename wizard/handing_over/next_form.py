"""What is asked on the way from a connection to its dataflow. Nothing of it is a secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from wizard.credentials.summary import FieldError, errors_of
from wizard.dataflows.bodies import takes_delta_column
from wizard.dataflows.schedules import ONCE, Schedule, least_interval, schedule_errors
from wizard.dataflows.xdm_paths import XDM_PATH
from wizard.handing_over.choosing import LONGEST_NAME, Chosen
from wizard.names import SeenField

NAMES = ("name", "description")
LAKE = ("dataset_id", "schema_id")
SCHEDULE = ("frequency", "start_at", "interval", "backfill", "delta_column")
# What each button asks for; the others' fields may be empty, or wrong.
NEEDS = {
    "show": (),
    "source": ("selection", *NAMES),
    "target": (*NAMES, *LAKE),
    "dataflow": ("selection", *NAMES, *LAKE, "schema_prefix", *SCHEDULE),
}
FREQUENCIES = (
    (ONCE, "Once"),
    ("minute", "Every few minutes"),
    ("hour", "Hourly"),
    ("day", "Daily"),
    ("week", "Weekly"),
)
# So that who fills in the form slowly does not find that the start has passed.
AHEAD = timedelta(minutes=15)
LONGEST_INTERVAL = 1000
CHANGED = "What was chosen has changed since you opened this page. Look at it once more."
LATEST = datetime(2199, 12, 31, tzinfo=UTC)


class NextStepsForm(forms.Form):
    """`intent` is one of NEEDS. What is shown is made of what is right in it, and of its defaults for the rest."""

    use_required_attribute = False

    selection = forms.ChoiceField(label="Table or file")
    name = SeenField(max_length=LONGEST_NAME, help_text="Of all that is made on the way, so that it is found together.")
    description = SeenField(max_length=1000, required=False)
    dataset_id = forms.CharField(
        label="Dataset ID",
        max_length=100,
        help_text="In Adobe’s pages: Datasets, open the dataset, then “Dataset ID” in its properties.",
        validators=[RegexValidator(r"^[0-9A-Za-z_-]+\Z", "An ID has letters, digits, dashes and underscores only.")],
    )
    schema_id = forms.CharField(
        label="Schema ID",
        max_length=500,
        help_text="The $id of the schema that the dataset follows. It begins with https://ns.adobe.com/.",
        validators=[
            RegexValidator(r"^https://[!-~]+\Z", "The $id of a schema is an address that begins with https://.")
        ],
    )
    schema_prefix = forms.CharField(
        label="Fields go below",
        max_length=300,
        required=False,
        help_text="Where in the schema the fields stand, such as _acme.orders. Empty for its top level.",
        validators=[
            RegexValidator(rf"^(?:{XDM_PATH.pattern})\Z", "A path has names with dots between, such as _acme.")
        ],
    )
    frequency = forms.ChoiceField(label="It runs", choices=FREQUENCIES, widget=forms.RadioSelect)
    start_at = forms.DateTimeField(
        label="From (UTC)",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    interval = forms.IntegerField(
        label="Interval",
        error_messages={"required": "Say after how many of them it runs again."},
        max_value=LONGEST_INTERVAL,
        help_text="Every how many minutes, hours, days or weeks. At least 15 for minutes.",
    )
    backfill = forms.BooleanField(
        label="Begin with all rows that are there already",
        required=False,
        help_text="Adobe calls this backfill. Without it, only what is new after the start is taken.",
    )
    delta_column = forms.ChoiceField(
        label="Delta column",
        error_messages={"required": "Choose the column that tells new rows from old ones."},
        help_text="Tells new rows from old ones: the time at which a row was changed last, in UTC.",
    )

    def __init__(self, found: Chosen, data: Any = None, intent: str = "show") -> None:
        self.chosen, self.intent = found, intent
        super().__init__(data, initial=defaults(found))
        self._offer("selection", found.choices)
        names = [(name, name) for name in found.delta_columns]
        self._offer("delta_column", [("", "Choose a column"), *names] if names else [])
        if found.is_target:
            for name in ("schema_prefix", *SCHEDULE):
                self.fields.pop(name, None)
        elif not takes_delta_column(found.object_type):
            self.fields.pop("delta_column", None)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "selection" in cleaned and self.data.get("seen") not in (None, self.chosen.seen):
            self.add_error("selection", CHANGED)
        if cleaned.get("frequency") == ONCE:
            # The page does not show these then.
            cleaned |= {"interval": None, "backfill": None, "delta_column": ""}
            for name in ("interval", "delta_column"):
                self.errors.pop(name, None)
        if {"frequency", "start_at"} <= cleaned.keys() and not self.chosen.is_target:
            self._check_schedule(cleaned)
        return cleaned

    def _check_schedule(self, cleaned: dict[str, Any]) -> None:
        wanted = Schedule(cleaned["frequency"], cleaned["start_at"], cleaned.get("interval"), cleaned.get("backfill"))
        is_asked = takes_delta_column(self.chosen.object_type) and "delta_column" in self.fields
        delta = cleaned.get("delta_column", "")
        for name, words in schedule_errors(wanted, delta, takes_delta_column=is_asked, now=timezone.now()).items():
            if name not in self.errors:
                self.add_error(name, words)
        if wanted.start_at > LATEST and "start_at" not in self.errors:
            self.add_error("start_at", "That is too far away.")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name in set(self.errors) - set(NEEDS[self.intent]):
            del self.errors[name]

    @property
    def errors_by_field(self) -> list[FieldError]:
        return errors_of(self)

    def known(self, name: str) -> Any:
        """What is typed there, if it is right; else None. Of a form that nobody has typed into its default."""
        if not self.is_bound:
            return self.initial.get(name)
        self.is_valid()
        return self.cleaned_data.get(name)

    @property
    def schedule(self) -> Schedule:
        """As it is typed; the default, or what Adobe takes, for what is wrong in it."""
        frequency, start_at = (self.known(name) or self.initial[name] for name in ("frequency", "start_at"))
        if frequency == ONCE:
            return Schedule(ONCE, start_at)
        # A rule of the schedule is not looked at where another part of it is wrong.
        interval = max(self.known("interval") or 1, least_interval(frequency))
        return Schedule(frequency, start_at, interval, bool(self.known("backfill")))


def defaults(found: Chosen) -> dict[str, Any]:
    """Hourly, from the next full hour on, all rows first; once, where no column tells new rows from old ones."""
    is_repeated = found.has_time or not takes_delta_column(found.object_type) or not found.columns
    ahead = timezone.now() + AHEAD + timedelta(hours=1)
    return {
        "selection": str(found.selection.pk) if found.selection else "",
        "name": found.name,
        "frequency": "hour" if is_repeated else ONCE,
        "start_at": ahead.replace(minute=0, second=0, microsecond=0),
        "interval": 1,
        "backfill": True,
        "delta_column": found.delta_columns[0] if found.has_time else "",
    }
