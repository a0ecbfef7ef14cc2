"""The documents, worked out from the register of kinds of record and the settings as they are.

They say what the software does. What only the organisation knows is left open to be filled in.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.privacy.packs.document import Document, Section, Table
from equipoise.apps.privacy.packs.facts import facts
from equipoise.apps.privacy.retention.queries import Kept, all_kept
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.platform.records import GROUND_NAMES, Ground, Kind
from equipoise.platform.viewers import VIEWERS, sees

OPEN = "________"
"""To be filled in by the organisation."""


def statement() -> Document:
    """What everybody here should know about what is kept of them."""
    return Document(
        key="statement",
        title=_("What is kept of people"),
        intro=_("Made from the software as it runs here, and from its settings. It is never older than this page."),
        sections=(_in_short(), _who_sees(), _kinds_short(), _rights(), _settings()),
    )


def data_protection_record() -> Document:
    """The record of processing (GDPR, article 30), and answers an assessment (article 35) asks for."""
    return Document(
        key="record",
        title=_("Record of processing, and answers for an impact assessment"),
        intro=_(
            "What the software does, from its register and its settings, in the order of article 30 (1) and "
            "article 35 "
            "(7) GDPR. Lines like this are yours to fill in: %(open)s. It is no legal advice."
        )
        % {"open": OPEN},
        sections=(
            Section(
                heading=_("Who answers for it"),
                points=tuple(
                    f"{label}: {OPEN}"
                    for label in (
                        _("Controller, with address"),
                        _("Representative"),
                        _("Data protection officer"),
                        _("Who runs the server, and where it stands"),
                        _("Processors (article 28), such as a hosting company"),
                    )
                ),
            ),
            Section(
                heading=_("What for"),
                paragraphs=(
                    _(
                        "People in charge see how much of their time goes into leading and into managing, "
                        "compare it "
                        "with what their situation calls for, and plan a week. The organisation keeps who "
                        "works where, "
                        "so that everybody sees what they should and no more."
                    ),
                ),
                points=_does_not(),
            ),
            _of_whom(),
            _record_table(),
            _who_sees(),
            _recipients(),
            _settings(),
            _measures(),
            _assessment(),
            _rights(),
        ),
    )


def council_pack() -> Document:
    """What a works council asks before it agrees, and how it can check the answers."""
    return Document(
        key="council",
        title=_("For the works council"),
        intro=_(
            "What is processed, why, for how long, who sees it, what the software does not do, and how to check it."
        ),
        sections=(
            _in_short(),
            Section(heading=_("What it does not do"), points=_does_not()),
            _kinds_short(),
            _who_sees(),
            _groups(),
            _settings(),
            Section(
                heading=_("How to check it"),
                points=(
                    _("Sign in as an ordinary member and look for anything of somebody else: there is no such page."),
                    _(
                        "Ask an administrator to show every page they have: none holds a calendar, plan or "
                        "reflection "
                        "of anybody but themselves."
                    ),
                    _(
                        "Name an auditor of your trust: they read the whole trail, and check that nobody "
                        "meddled with it."
                    ),
                    _(
                        "The access table and this register are made from the code and held by its tests, "
                        "which are open."
                    ),
                    _("Open Your data: it lists who did what to your records, and gives all of it to take along."),
                ),
            ),
            Section(
                heading=_("What an agreement could fix"),
                points=(
                    _("That readings of single people are never asked for, in appraisals or otherwise"),
                    _("The times in the table above, and that they are not raised without you"),
                    _("Who is administrator, people partner and auditor, and that you are told of changes"),
                    _("That taking part is free, and leaving it costs nobody anything"),
                ),
            ),
        ),
    )


def _in_short() -> Section:
    return Section(
        heading=_("In short"),
        points=(
            _("Your calendar, balance, plan and reflections are yours alone, unless you name an assistant."),
            _("Administrators see who belongs to which team, and no content."),
            _(
                "An administrator can let you set a new password by a link. Whoever uses it ends your sessions, and it "
                "stands in your trail; with a second step of your own, nobody comes in by it."
            ),
            _("Everybody of the organisation sees the directory: name, position, team."),
            _("Whoever touches your records stands in your trail, under Your data."),
            _("You take everything along, and have everything erased, whenever you like."),
        ),
    )


def _does_not() -> tuple[str, ...]:
    return (
        _("It ranks nobody, and gives no scores for pay, hiring or promotion."),
        _("It watches nobody: no keystrokes, no screens, no messages, no location, no presence at the desk."),
        _("When and from which network address somebody signed in is kept for security alone, and shown to them."),
        _("It shows no lead and no administrator what is in somebody's calendar, or how they use their time."),
        _("It tells no feelings from anything, and decides nothing about anybody by itself (article 22)."),
        _("It sends nothing to its makers: no statistics, no telemetry, no language model elsewhere."),
        _("It tells of groups only from a smallest number of people on, and of nobody singly."),
    )


def _of_whom() -> Section:
    return Section(
        heading=_("Of whom"),
        points=(
            _("People in charge and everybody else who has an account"),
            _("Whoever stands in their calendars: as a number and whether from outside, without name and address"),
            _("Whoever a person names themselves: one-to-ones to keep up, an assistant who is invited"),
        ),
    )


def _record_table() -> Section:
    head = (
        _("Kind of record"), _("Holds"), _("Why"), _("Ground (proposed)"), _("Comes from"), _("Kept"), _("Erased"),
    )  # fmt: skip
    rows = tuple(
        (
            str(each.kind.name),
            str(each.kind.holds),
            str(each.kind.purpose),
            str(GROUND_NAMES[each.kind.ground]),
            str(each.kind.source),
            _kept(each),
            str(each.kind.erased),
        )
        for each in _of_people()
    )
    return Section(heading=_("What is kept, why, and for how long"), table=Table(head=head, rows=rows))


def _kinds_short() -> Section:
    head = (_("Kind of record"), _("Holds"), _("Why"), _("Kept"))
    rows = tuple(
        (str(each.kind.name), str(each.kind.holds), str(each.kind.purpose), _kept(each)) for each in _of_people()
    )
    return Section(heading=_("What is kept, why, and for how long"), table=Table(head=head, rows=rows))


def _of_people() -> Iterator[Kept]:
    return (each for each in all_kept() if each.kind.ground is not Ground.NONE)


def _kept(each: Kept) -> str:
    words = str(each.kind.keeping.words)
    if each.days is None:
        return words
    days = ngettext("%(days)d day", "%(days)d days", each.days) % {"days": each.days}
    return f"{days}. {words}"


def _who_sees() -> Section:
    found = [each.kind for each in _of_people()]
    return Section(
        heading=_("Who sees what"),
        paragraphs=(
            _(
                "Roles add to what everybody has; nobody with a role sees more of somebody's own records "
                "than is marked."
            ),
        ),
        points=tuple(f"{kind.name}: {kind.seeing}" for kind in found if kind.seeing),
        table=Table(
            head=(_("Kind of record"), *(str(each.name) for each in VIEWERS)),
            rows=tuple((str(kind.name), *_seen(kind)) for kind in found),
        ),
    )


def _seen(kind: Kind) -> Iterator[str]:
    return (_("yes") if sees(viewer, kind) else "–" for viewer in VIEWERS)


def _groups() -> Section:
    rules = ReleaseRules()
    return Section(
        heading=_("Figures of groups"),
        paragraphs=(
            _(
                "A figure of a team or unit is told only where at least %(least)d people stand behind it, "
                "and in parts "
                "only from %(parts)d people on. A person chooses whether their calendar counts in. It shows "
                "how things "
                "spread, and ranks nobody."
            )
            % {"least": rules.least, "parts": rules.least_for_parts},
        ),
    )


def _recipients() -> Section:
    return Section(
        heading=_("Who else gets anything"),
        points=(
            _("Calendar servers that people connect: what they accepted to be written there, and their sign-in there"),
            _("The mail server, if one is named: the Monday mail, for who turned it on"),
            _("The organisation's own sign-on server and directory, if connected: that somebody signs in"),
            _("Programs that hold a token, within what it allows"),
            _("Nobody else; nothing is sent to third countries by the software itself"),
        ),
    )


def _settings() -> Section:
    return Section(
        heading=_("Settings of this server"),
        table=Table(head=(_("What"), _("As it is")), rows=tuple(facts())),
    )


def _measures() -> Section:
    return Section(
        heading=_("Measures of security (article 32)"),
        points=(
            _(
                "Access is decided in one place; a test tries every address and operation as every role and "
                "as a stranger."
            ),
            _("Passwords are hashed; secrets and reflections are encrypted with a key outside the database."),
            _("Every act is told in a chained trail, in the transaction of the act itself."),
            _("Pages load nothing from elsewhere, and forbid scripts that are not their own."),
            _("Sessions can be listed and ended; trying passwords is slowed down without telling who exists."),
            _("Backups, updates, disks and the network are with whoever runs the server: %(open)s") % {"open": OPEN},
        ),
    )


def _assessment() -> Section:
    return Section(
        heading=_("Answers for an impact assessment (article 35)"),
        points=(
            _("Is it needed? People see their own balance; it cannot be worked out without their own calendar."),
            _(
                "Is it in proportion? It takes titles, times and counts; names and addresses of others are "
                "left out, and "
                "private entries are kept as a length."
            ),
            _("Could people be watched? Nobody but the person and their assistant sees a reading of one person."),
            _(
                "Could a group figure tell of one person? Groups too small are not told, nor is what two "
                "figures would tell."
            ),
            _(
                "Could it harm if it leaked? Titles of meetings could; hence the encryption on the way, the "
                "folder only the "
                "server reads, and short times."
            ),
            _(
                "Could an administrator misuse it? They see no content; what they do stands in the trail, for "
                "the person and "
                "the auditor. Who runs the machine itself could read what is not encrypted: %(open)s"
            )
            % {"open": OPEN},
            _("What is left, and who decided on it: %(open)s") % {"open": OPEN},
        ),
    )


def _rights() -> Section:
    return Section(
        heading=_("Your rights, and where they are"),
        points=(
            _("To know, and to take along (articles 13, 15 and 20): Your data, Download everything."),
            _("To correct (article 16): on each page; name and address under Settings."),
            _("To be erased (article 17): Your data, Erase everything, after a waiting time in which to take it back."),
            _(
                "To object, or take a choice back (articles 7 and 21): disconnect the calendar, turn off the "
                "mail, end an "
                "assistant, at any time."
            ),
            _("To complain (article 77): with your data protection officer or the authority: %(open)s")
            % {"open": OPEN},
        ),
    )
