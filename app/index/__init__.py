"""The index: rows and words derived from the files, which can be deleted at any time and made again."""

from app.index.cards import Card, Choice, FacetCount, Listing, RelatedGroup
from app.index.contract import Engine, Hit, Query, Results
from app.index.families import Families, Family, FamilyQuery, Member
from app.index.files import Known
from app.index.generation import Generations, IndexNotReady
from app.index.index import Index
from app.index.picking import Part, Pick, Picked
from app.index.rows import Changed, Renamed
from app.index.sought import LONGEST_QUERY
from app.index.state import Aspect, Standing, State, StateQuery
from app.index.suggesting import Suggestion

__all__ = [
    "LONGEST_QUERY",
    "Aspect",
    "Card",
    "Changed",
    "Choice",
    "Engine",
    "FacetCount",
    "Families",
    "Family",
    "FamilyQuery",
    "Generations",
    "Hit",
    "Index",
    "IndexNotReady",
    "Known",
    "Listing",
    "Member",
    "Part",
    "Pick",
    "Picked",
    "Query",
    "RelatedGroup",
    "Renamed",
    "Results",
    "Standing",
    "State",
    "StateQuery",
    "Suggestion",
]
