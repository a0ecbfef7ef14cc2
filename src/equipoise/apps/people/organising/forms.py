"""Forms about the organisation: people, positions, lines, roles, teams, and the day from which each holds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.forms import NameField
from equipoise.apps.people.models import Function, Grant, Level, Person
from equipoise.apps.people.organising import queries
from equipoise.platform.templatetags.dates import full_day

EARLIEST = date(1950, 1, 1)
AHEAD = timedelta(days=2 * 366)


class DayField(forms.DateField):
    """The day from which a change holds."""

    def __init__(self, **kwargs: Any) -> None:
        """A field of the browser's own kind."""
        kwargs.setdefault("label", _("From"))
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class DatedForm(forms.Form):
    """A change that holds from a day on, today unless said otherwise; what was before stays as it was."""

    on = DayField()

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        not_before: date | None = None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """For changes from today or another day, but not before what holds began."""
        super().__init__(data, initial={"on": today, **(initial or {})}, **kwargs)
        self._earliest, self._latest = not_before or EARLIEST, today + AHEAD

    def clean_on(self) -> date:
        """Refuse a day before what holds began, and one that is years ahead."""
        day: date = self.cleaned_data["on"]
        if day < self._earliest:
            raise ValidationError(
                _now("What holds now began on %(day)s. Choose that day or a later one.")
                % {"day": full_day(self._earliest)}
            )
        if day > self._latest:
            raise ValidationError(_now("That is more than two years ahead. Choose an earlier day."))
        return day


class PersonField(forms.CharField):
    """Somebody of the organisation, typed as a name or an address; a list helps."""

    def __init__(self, **kwargs: Any) -> None:
        """A line of text with the names to choose from."""
        kwargs.setdefault("max_length", 400)
        widget = forms.TextInput(attrs={"list": "names", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)
        self.viewer: Person | None = None

    def clean(self, value: Any) -> Any:
        """The person; `None` when nobody was named."""
        typed = super().clean(value)
        if not typed or self.viewer is None:
            return None
        found = queries.people_named(self.viewer, typed)
        if not found:
            raise ValidationError(
                _now("Nobody here is called “%(name)s”. Give a name or an address.") % {"name": typed}
            )
        if len(found) > 1:
            raise ValidationError(
                _now("More than one is called “%(name)s”. Give the address instead.") % {"name": typed}
            )
        return found[0]


def _named(person: Person | None) -> str:
    return f"{person.name} <{person.email}>" if person else ""


class PersonForm(forms.Form):
    """What somebody is called, and signs in with."""

    name = NameField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They sign in with it, and are recognised by it in calendars."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PositionForm(DatedForm):
    """What somebody is in the organisation."""

    title = NameField(label=_("Position"), max_length=120, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, required=False)
    function = forms.ChoiceField(
        label=_("Function"),
        choices=Function.choices,
        required=False,
        help_text=_("It tells which functions meet in a calendar: the behaviour index reads that."),
    )
    field_order: tuple[str, ...] = ("title", "level", "function", "on")


class NewPersonForm(PersonForm, PositionForm):
    """Somebody new, with what they are from a day on."""

    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    manager = PersonField(label=_("Reports to"), required=False, help_text=_("A name or an address."))
    field_order: tuple[str, ...] = ("name", "email", "title", "level", "function", "team", "manager", "on")

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        """With the teams and the people of whoever adds somebody."""
        super().__init__(*args, **kwargs)
        self._viewer = viewer
        _choose_team(self.fields["team"], viewer, kwargs["today"], nothing=_("No team yet"))
        self.fields["manager"].viewer = viewer  # type: ignore[attr-defined]

    def clean_team(self) -> Any:
        """The team itself."""
        number = self.cleaned_data["team"]
        return queries.team_around(self._viewer, number) if number else None


def _choose_team(field: forms.Field, viewer: Person, on: date, *, nothing: Any, without: int | None = None) -> None:
    choices = [("", nothing), *((pk, name) for pk, name in queries.team_choices(viewer, on=on) if pk != without)]
    field.choices = choices  # type: ignore[attr-defined]


class LinesForm(DatedForm):
    """To whom somebody reports: first to one, and further to others."""

    manager = PersonField(
        label=_("Reports to"), required=False, help_text=_("A name or an address. Leave it empty for nobody.")
    )
    others = forms.CharField(
        label=_("Also reports to"),
        required=False,
        help_text=_("One a line, each a name or an address."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order: tuple[str, ...] = ("manager", "others", "on")

    def __init__(self, *args: Any, viewer: Person, person: Person, **kwargs: Any) -> None:
        """For one person, among those around whoever sets the lines."""
        super().__init__(*args, **kwargs)
        self._viewer, self._person = viewer, person
        self.fields["manager"].viewer = viewer  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, profile: queries.Profile) -> dict[str, str]:
        """The lines as they are."""
        return {
            "manager": next((_named(line.manager) for line in profile.managers if line.main), ""),
            "others": "\n".join(_named(line.manager) for line in profile.managers if not line.main),
        }

    def clean_manager(self) -> Person | None:
        """Nobody reports to themselves."""
        manager: Person | None = self.cleaned_data["manager"]
        self._refuse_oneself(manager)
        return manager

    def clean_others(self) -> list[Person]:
        """Everybody named, each once."""
        field = PersonField()
        field.viewer = self._viewer
        found = [field.clean(line) for line in self.cleaned_data["others"].splitlines() if line.strip()]
        for each in found:
            self._refuse_oneself(each)
        return list(dict.fromkeys(found))

    def _refuse_oneself(self, manager: Person | None) -> None:
        if manager == self._person:
            raise ValidationError(_now("Nobody reports to themselves. Choose somebody else."))


class RoleForm(forms.Form):
    """A role to give or to take away."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose one")), *Grant.ROLES])


class LeavingForm(DatedForm):
    """The day from which somebody will have left."""

    on = DayField(label=_("Not here any more from"))


class TeamForm(DatedForm):
    """A new team, and where it stands from a day on."""

    name = NameField(label=_("Name"), max_length=120)
    parent = forms.TypedChoiceField(label=_("Stands under"), required=False, coerce=int, empty_value=None)
    field_order: tuple[str, ...] = ("name", "parent", "on")

    def __init__(self, *args: Any, viewer: Person, today: date, **kwargs: Any) -> None:
        """With the teams of whoever adds one."""
        super().__init__(*args, today=today, **kwargs)
        self._viewer = viewer
        _choose_team(self.fields["parent"], viewer, today, nothing=_("At the top"))

    def clean_parent(self) -> Any:
        """The team itself."""
        number = self.cleaned_data["parent"]
        return queries.team_around(self._viewer, number) if number else None


class TeamNameForm(forms.Form):
    """What a team is called."""

    name = NameField(label=_("Name"), max_length=120)


class MoveForm(TeamForm):
    """Where a team stands from a day on."""

    name = None  # type: ignore[assignment]

    def __init__(self, *args: Any, viewer: Person, today: date, team_id: int, **kwargs: Any) -> None:
        """Under any team but itself."""
        super().__init__(*args, viewer=viewer, today=today, **kwargs)
        _choose_team(self.fields["parent"], viewer, today, nothing=_("At the top"), without=team_id)


class EndForm(DatedForm):
    """The day from which a team is no more."""

    on = DayField(label=_("It is no more from"))


class NewMemberForm(DatedForm):
    """Somebody who belongs to a team from a day on."""

    member = PersonField(label=_("Who"), help_text=_("A name or an address."))
    leads = forms.BooleanField(label=_("Leads the team"), required=False)
    field_order: tuple[str, ...] = ("member", "leads", "on")

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        """Among those around whoever adds somebody."""
        super().__init__(*args, **kwargs)
        self.fields["member"].viewer = viewer  # type: ignore[attr-defined]


class BelongingForm(DatedForm):
    """What somebody in a team becomes from a day on."""

    AS: tuple[tuple[str, Any], ...] = (
        ("member", _("Belongs to the team")),
        ("lead", _("Leads the team")),
        ("out", _("Belongs to it no more")),
    )

    becomes = forms.ChoiceField(label=_("From that day on"), choices=AS)
    field_order: tuple[str, ...] = ("on", "becomes")


class FindForm(forms.Form):
    """Words and a team to find people by; what makes no sense finds everybody."""

    q = forms.CharField(required=False, max_length=100)
    team = forms.IntegerField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    left = forms.BooleanField(required=False)


class AsOfForm(forms.Form):
    """A day to look at."""

    on = DayField(label=_("As of"), required=False)

    def day_or(self, today: date) -> date:
        """The day asked for, or today when none, or none that makes sense, was given."""
        day: date | None = self.cleaned_data.get("on") if self.is_valid() else None
        return day if day is not None and EARLIEST <= day <= today + AHEAD else today
