"""Mapping files: how the rows of any table become claims, said in YAML."""

from isthmus.sources.mapping.check import check_mapping
from isthmus.sources.mapping.compile import Program, compile_mapping
from isthmus.sources.mapping.countries import write_countries
from isthmus.sources.mapping.library import Header, beside, best_header, choose, load_mapping, nearest, shipped_mappings
from isthmus.sources.mapping.parts import Input, Mapping

__all__ = [
    "Header",
    "Input",
    "Mapping",
    "Program",
    "beside",
    "best_header",
    "check_mapping",
    "choose",
    "compile_mapping",
    "load_mapping",
    "nearest",
    "shipped_mappings",
    "write_countries",
]
