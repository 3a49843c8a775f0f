"""What is kept of people: which data, why, how long and who sees them. A test holds it to the kept tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.config import Settings
from app.keeping import how_long


@dataclass(frozen=True)
class KeptOfPeople:
    """Data of one sort. ``tables`` are the kept tables that hold them.

    ``how_long`` is empty where the table of how long what is kept tells it.
    """

    title: str
    what: str
    why: str
    how_long: str
    who: str
    tables: tuple[str, ...] = ()


def kept_of_people(settings: Settings) -> list[KeptOfPeople]:
    """All that is kept of people, with these settings."""
    found = [
        *(
            _ACCOUNTS,
            _INVITATIONS,
            _LETTERS,
            _REMINDERS,
            _signed_in(settings),
            _CHANGES,
            _DRAFTS,
            _TRIES,
            _AUDIT,
            _REPORTS,
            _NAMED,
            _SEARCHES,
            _IN_TEXTS,
            _LOG,
        ),
        *(_backups(settings), _ERASURES),
    ]
    return [one if one.how_long else replace(one, how_long=_how_long(one.tables, settings)) for one in found]


_ACCOUNTS = KeptOfPeople(
    "Konton",
    "Namn, e-postadress, eventuell titel, vilka organisationer du skriver eller har skrivit för, i vilken roll, från"
    " när och till när, vilka nätverk du samordnar, om du är administratör, när kontot gjordes och en kontrollsumma av"
    " lösenordet. Lösenordet självt sparas aldrig.",
    "För att du ska kunna logga in och skriva för din organisation.",
    "",
    "Du själv på Mitt konto, och de som driver webbplatsen.",
    ("person", "membership", "coordination"),
)
_INVITATIONS = KeptOfPeople(
    "Inbjudningar",
    "E-postadressen till den som är inbjuden, till vad, av vem och när.",
    "För att bjuda in kollegor till en organisation eller ett nätverk.",
    "",
    "Samordnarna där, och de som driver webbplatsen.",
    ("invitation",),
)
_LETTERS = KeptOfPeople(
    "Brev som ska skickas",
    "E-postadressen och vad brevet gäller. Det som står i brevet skrivs först när det skickas, och sparas inte. Av"
    " länken i det sparas en kontrollsumma tills den används eller inte gäller längre.",
    "För att skicka inbjudningar, länkar för nytt lösenord och besked om att ett konto är avslutat.",
    "",
    "De som driver webbplatsen.",
    ("letter", "one_time_link"),
)
_REMINDERS = KeptOfPeople(
    "Påminnelser",
    "Om du har bett om brev när era cykler har stått stilla länge, sedan när, och när det senast sågs efter om något"
    " gör det.",
    "För att skicka dem till den som vill ha dem, och inte oftare än en gång i veckan.",
    "",
    "Bara du, på Mitt konto.",
    ("reminder",),
)
_CHANGES = KeptOfPeople(
    "Ändringar",
    "Ditt namn, din organisation, tidpunkten och vad du ändrade, med texten före och efter.",
    "För att det ska gå att se vem som har ändrat vad, jämföra och ångra.",
    "",
    "Alla som är inloggade ser vem som senast ändrade en sida. Hela historiken ser de som skriver för den"
    " organisation som äger sidan, och administratörer. Vem som har ändrat i sökningens ordlista ser nätverkens"
    " samordnare. Utan inloggning syns inga namn.",
    ("revision", "revision_file", "text"),
)
_DRAFTS = KeptOfPeople(
    "Det du skriver men inte har sparat",
    "Texten i formuläret, och filer som du har lagt i det.",
    "För att inget ska gå förlorat om du avbryts.",
    "",
    "Bara du.",
    ("working_copy", "waiting_file"),
)
_TRIES = KeptOfPeople(
    "Försök att logga in och att rapportera",
    "Kontrollsummor av e-postadressen och av din dators eller ditt näts adress (IP-adress), och tidpunkten. De går inte"
    " att räkna tillbaka utan webbplatsens hemliga nyckel.",
    "För att ingen ska kunna gissa lösenord eller fylla webbplatsen med rapporter.",
    "",
    "Ingen. De går att räkna, men inte att läsa.",
    ("sign_in_try",),
)
_AUDIT = KeptOfPeople(
    "Granskningsloggen",
    "Att du loggade in eller ut, bytte lösenord, fick eller lämnade en roll, ändrade vilka som får läsa en sida, tog"
    " bort eller hämtade något, eller nekades något: vad, när och ditt kontos nummer. Aldrig vad du skrev eller sökte"
    " efter."
    " För inloggningar och det som nekas också ett märke av vilket nät det kom från. Av märket går det inte att räkna"
    " ut IP-adressen utan webbplatsens hemliga nyckel.",
    "För att det ska gå att upptäcka intrång och misstag, och visa vem som har gett vem tillgång till vad.",
    "",
    "De som driver webbplatsen.",
    ("audit_row",),
)
_REPORTS = KeptOfPeople(
    "Rapporter om fel och hinder",
    "Det du skriver, vilken sida det gäller, vad du använder och, om du vill ha svar, hur du nås. Vem som är inloggad"
    " sparas inte.",
    "För att rätta felet och svara dig.",
    "",
    "Administratörer.",
    ("report",),
)
_NAMED = KeptOfPeople(
    "Deltagare och kontakter",
    "Namn, roll, organisation, e-postadress och telefon till den som någon har namngett på en sida, och när någon"
    " senast sa att det stämmer.",
    "För att det ska gå att fråga den som vet, och komma ihåg vilka som var med.",
    "",
    "Inloggade som skriver sidan, medlemmar i dess nätverk, och administratörer. Aldrig alla.",
    ("named_person",),
)
_SEARCHES = KeptOfPeople(
    "Vad folk söker efter",
    "Orden i en sökning, vilken dag den gjordes, hur många träffar den gav och, för den som är inloggad, vilken"
    " organisation hen skriver för. Aldrig vem. Personnummer tas bort först, och en sökning med e-postadress,"
    " telefonnummer eller annat långt nummer räknas inte alls.",
    "För att se vad som saknas i Lärnät, så att nätverken kan ta reda på det.",
    "",
    "Samordnare ser sökningar från det egna nätverkets organisationer och från dem som inte är inloggade, när samma ord"
    " har sökts minst tre gånger. Administratörer ser alla sådana.",
    ("looked_for",),
)
_IN_TEXTS = KeptOfPeople(
    "Personer som nämns på sidor",
    "Sidor ska nämna roller, inte namn. Det kan ändå stå namn i en text, en bild eller en bifogad fil.",
    "För att det som någon har gjort ska gå att förstå och fråga om.",
    "Tills sidan ändras. Den tidigare texten finns kvar i historiken, tills orden raderas därifrån.",
    "De som får läsa sidan; det som är publicerat för alla kan alla läsa.",
)
_LOG = KeptOfPeople(
    "Loggen",
    "Vilken sorts sida som hämtades, när, hur det gick och hur lång tid det tog. Varken namn, IP-adress, sidans hela"
    " adress eller det du sökte efter. En webbserver som står framför Lärnät kan föra en egen logg med IP-adresser.",
    "För att den som driver webbplatsen ska kunna hitta fel.",
    "Så länge som den som driver webbplatsen har bestämt för sina loggar.",
    "De som driver webbplatsen.",
)
_ERASURES = KeptOfPeople(
    "Att något har raderats",
    "När, varför och hur mycket, och kontots nummer om det var ett konto. Aldrig vad det var eller vad personen hette.",
    "För att det ska gå att visa att det är gjort, och att göra om det efter en återställning.",
    "",
    "De som driver webbplatsen.",
    ("erasure",),
)


def _signed_in(settings: Settings) -> KeptOfPeople:
    return KeptOfPeople(
        "Inloggningar",
        "När du loggade in, när du senast gjorde något, ungefär vilken webbläsare det är (som ”Firefox på Windows”) och"
        " en kontrollsumma av kakan. Ingen IP-adress. Loggar du in hos någon annan, som din kommun: hos vem, sedan när,"
        " och kontrollsummor av vad du och inloggningen heter där. Det du skrev innan du loggade in följer med låst, så"
        " att bara din webbläsare och webbplatsen tillsammans kan öppna det, i högst en halvtimme.",
        "För att du ska slippa logga in på varje sida, och kunna se och avsluta det som du inte känner igen.",
        "",
        "Bara du, på Mitt konto.",
        ("sign_in", "identity", "departure"),
    )


def _backups(settings: Settings) -> KeptOfPeople:
    return KeptOfPeople(
        "Säkerhetskopior",
        "Allt som står här ovanför, utom loggen.",
        "För att inget ska gå förlorat om något går sönder.",
        f"{how_long.backups_in_words(settings)} Det som raderas finns alltså kvar i äldre kopior en tid.",
        "De som driver webbplatsen.",
    )


def _how_long(tables: Iterable[str], settings: Settings) -> str:
    return " ".join(dict.fromkeys(how_long.told(table, settings) for table in tables))
