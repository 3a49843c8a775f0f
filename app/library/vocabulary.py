"""Closed lists, each once, with the Swedish words people see.

A list is an enumeration whose members carry their Swedish word: the file says ``published``, the screen says
"publicerad". Adding a word is adding a line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Words(StrEnum):
    """A closed list; each member has the word for the file (its value) and the word for the screen."""

    swedish: str

    def __new__(cls, value: str, swedish: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.swedish = swedish
        return member

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def unlisted(cls, word: str) -> Self:
        """A word that stands in a file and not in the list, kept as it is: it is shown, and is none of the members."""
        member = str.__new__(cls, word)
        member._name_ = member._value_ = member.swedish = word
        return member

    @property
    def is_listed(self) -> bool:
        """Whether it is a word of the list."""
        return self._value_ in type(self)._value2member_map_

    def __reduce_ex__(self, _protocol: object) -> tuple[object, ...]:
        """So that it gets to other processes and back, whether it is listed or not."""
        return _as_it_was, (type(self), self._value_)


def _as_it_was(words: type[Words], word: str) -> Words:
    found = words._value2member_map_.get(word)
    return found if isinstance(found, words) else words.unlisted(word)


class Publication(Words):
    """How far a document has come on its way to its readers."""

    DRAFT = "draft", "utkast"
    IN_REVIEW = "in_review", "granskas"
    PUBLISHED = "published", "publicerad"
    ARCHIVED = "archived", "arkiverad"


class Visibility(Words):
    """Who may read a published document."""

    PUBLIC = "public", "alla"
    NETWORK = "network", "nätverket"
    ORGANISATION = "organisation", "egna organisationen"


class Area(Words):
    """Areas of social work."""

    INCOME_SUPPORT = "forsorjningsstod", "försörjningsstöd"
    LABOUR_MARKET = "arbetsmarknad", "arbetsmarknad"
    EVIDENCE_BASED_PRACTICE = "kunskapsbaserad-praktik", "kunskapsbaserad praktik"
    SUBSTANCE_USE = "missbruk-och-beroende", "missbruk och beroende"
    CHILDREN_IN_CARE = "placerade-barn", "placerade barn"
    CHILDREN_AND_FAMILIES = "barn-och-familj", "barn och familj"
    HOMELESSNESS = "hemloshet", "hemlöshet"
    DISABILITY = "funktionsnedsattning", "funktionsnedsättning"
    OLDER_PEOPLE = "aldre", "äldre"
    VIOLENCE = "vald-i-nara-relationer", "våld i nära relationer"


class TargetGroup(Words):
    """Whom a way of working is meant for."""

    INCOME_SUPPORT = "forsorjningsstod", "personer med försörjningsstöd"
    LONG_TERM_INCOME_SUPPORT = "langvarigt-forsorjningsstod", "personer med långvarigt försörjningsstöd"
    YOUNG_ADULTS = "unga-vuxna", "unga vuxna"
    FAMILIES = "barnfamiljer", "barnfamiljer"
    CHILDREN = "barn", "barn"
    PARENTS_OF_CHILDREN_IN_CARE = "foraldrar-till-placerade-barn", "föräldrar till placerade barn"
    HOMELESS = "hemlosa", "personer i hemlöshet"
    EU_CITIZENS = "eu-medborgare", "EU-medborgare i utsatt situation"
    SUBSTANCE_USE = "missbruk", "personer med missbruk eller beroende"
    STAFF = "medarbetare", "medarbetare"


class Country(Words):
    """Countries that visits go to; a line more when one is needed."""

    SWEDEN = "sverige", "Sverige"
    DENMARK = "danmark", "Danmark"
    FINLAND = "finland", "Finland"
    NORWAY = "norge", "Norge"
    ICELAND = "island", "Island"
    ESTONIA = "estland", "Estland"
    GERMANY = "tyskland", "Tyskland"
    NETHERLANDS = "nederlanderna", "Nederländerna"
    UNITED_KINGDOM = "storbritannien", "Storbritannien"
    ROMANIA = "rumanien", "Rumänien"


class Per(Words):
    """What a sum of money is for."""

    TOTAL = "total", "sammanlagt"
    YEAR = "year", "per år"
    MONTH = "month", "per månad"


class VisitStatus(Words):
    """How far a study visit has come."""

    PROPOSED = "proposed", "föreslaget"
    OPEN = "open", "öppet för anmälan"
    CONFIRMED = "confirmed", "bekräftat"
    HELD = "held", "genomfört"
    WRITTEN_UP = "written_up", "nedskrivet"
    FOLLOWED_UP = "followed_up", "uppföljt"
    CANCELLED = "cancelled", "inställt"


class GuestStatus(Words):
    """Where one guest organisation stands."""

    REQUESTED = "requested", "har bett att få komma"
    CONFIRMED = "confirmed", "bekräftad"
    WAITING = "waiting", "väntar på plats"
    DECLINED = "declined", "kommer inte"
    ATTENDED = "attended", "deltog"


class ProjectStatus(Words):
    """How far an improvement project has come."""

    IDEA = "idea", "idé"
    PLANNING = "planning", "planeras"
    TESTING = "testing", "provar"
    IMPLEMENTING = "implementing", "införs"
    SUSTAINING = "sustaining", "vidmakthålls"
    COMPLETED = "completed", "avslutat"
    STOPPED = "stopped", "stoppat"


class Progress(Words):
    """The progress scale 0.5–5.0, each step with what it means."""

    P05 = "0.5", "0,5 – vi har en idé"
    P10 = "1.0", "1,0 – team och mål är på plats"
    P15 = "1.5", "1,5 – vi planerar första provet"
    P20 = "2.0", "2,0 – vi provar, men ser ingen förändring än"
    P25 = "2.5", "2,5 – vi provar och lär"
    P30 = "3.0", "3,0 – måttlig förbättring"
    P35 = "3.5", "3,5 – förbättringen syns i måtten"
    P40 = "4.0", "4,0 – tydlig förbättring"
    P45 = "4.5", "4,5 – förbättringen håller i sig"
    P50 = "5.0", "5,0 – målet är nått och vidmakthålls"


class MeasureType(Words):
    """What a measure tells."""

    OUTCOME = "outcome", "resultatmått"
    PROCESS = "process", "processmått"
    BALANCING = "balancing", "balanserande mått"


class Better(Words):
    """Which way a measure should go."""

    UP = "up", "högre är bättre"
    DOWN = "down", "lägre är bättre"
    NEUTRAL = "neutral", "varken eller"


class ChartSort(Words):
    """The charts that a measure can be drawn as (``app.measuring``), by what they are for."""

    RUN = "run", "seriediagram (run): för alla sorters mätvärden"
    P = "p", "andelar (p): täljare av nämnare, som procent"
    U = "u", "händelser per antal eller tid (u): täljare och nämnare"
    C = "c", "antal händelser (c)"
    I = "i", "enskilda värden (i)"  # noqa: E741
    MR = "mr", "skillnaden mellan två värden i följd (mr)"
    G = "g", "antal fall mellan sällsynta händelser (g)"
    T = "t", "tid mellan sällsynta händelser (t)"


class Strength(Words):
    """How much something in a driver diagram acts on what stands before it."""

    STRONG = "strong", "starkt"
    WEAK = "weak", "svagt"


class CycleStatus(Words):
    """Where a PGSA cycle is."""

    PLANNED = "planned", "planeras"
    DOING = "doing", "genomförs"
    STUDYING = "studying", "studeras"
    DECIDED = "decided", "beslutad"
    PAUSED = "paused", "pausad"


class Direction(Words):
    """Which side of a number a prediction is on."""

    AT_LEAST = "at_least", "minst"
    AT_MOST = "at_most", "högst"
    ABOUT = "about", "ungefär"


class Decision(Words):
    """What a cycle led to."""

    ADOPT = "adopt", "behåll"
    ADAPT = "adapt", "anpassa"
    EXPAND = "expand", "utöka"
    ABANDON = "abandon", "avsluta"


class Scale(Words):
    """How large a test is."""

    ONE_CASE = "one_case", "1 ärende"
    A_FEW_CASES = "a_few_cases", "några ärenden"
    ONE_PERSON = "one_person", "en handläggare"
    ONE_TEAM = "one_team", "ett team"
    SEVERAL_TEAMS = "several_teams", "flera team"
    EVERYONE = "everyone", "hela verksamheten"


class AsPlanned(Words):
    """Whether a test went as planned."""

    YES = "yes", "ja"
    PARTLY = "partly", "delvis"
    NO = "no", "nej"


class Outcome(Words):
    """How a prediction held."""

    CONFIRMED = "confirmed", "stämde"
    PARTLY = "partly", "stämde delvis"
    REFUTED = "refuted", "stämde inte"
    CANNOT_BE_JUDGED = "cannot_be_judged", "går inte att bedöma"


class Worked(Words):
    """How what was tried turned out. What failed is learnt from as much as what worked."""

    WORKED = "worked", "fungerade"
    PARTLY = "worked_partly", "fungerade delvis"
    DID_NOT = "did_not_work", "fungerade inte"
    UNCLEAR = "unclear", "oklart"


class MeetingStatus(Words):
    """Whether a network meeting is to come, has been, or was called off."""

    PLANNED = "planned", "planeras"
    HELD = "held", "genomförd"
    CANCELLED = "cancelled", "inställd"


class NetworkSort(Words):
    """What sort of network it is."""

    PARTNERSHIP = "partnership", "partnerskap"
    NATIONAL_PROJECT = "national_project", "nationellt projekt"
    RESEARCH_PLAN = "research_plan", "forsknings- och utvecklingsplan"
