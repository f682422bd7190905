"""The page of one thing: what it is, who controls it, what it does, what reaches it, and all that is said of it."""

from isthmus.service.pages.entity.claims import claim_csv, claim_list, claim_table
from isthmus.service.pages.entity.control import control_part, points_part
from isthmus.service.pages.entity.depends import depends_part
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.page import entity_page
from isthmus.service.pages.entity.same import same_part

__all__ = [
    "claim_csv",
    "claim_list",
    "claim_table",
    "control_part",
    "depends_part",
    "entity_page",
    "found",
    "points_part",
    "same_part",
]
