"""The state of the world as of a date, read-only."""

from isthmus.picture.picture import Entity, Hit, Picture
from isthmus.picture.request import Request

__all__ = ["Entity", "Hit", "Picture", "Request"]
