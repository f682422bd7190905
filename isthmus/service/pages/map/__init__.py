"""The map: sites, cables, projects and data centres, where they are known to be, who stands behind them, and since when."""

from isthmus.service.pages.map.columns import site_columns
from isthmus.service.pages.map.page import map_list, map_page
from isthmus.service.pages.map.table import site_csv
from isthmus.service.pages.map.wanted import Wanted

__all__ = ["Wanted", "map_list", "map_page", "site_columns", "site_csv"]
