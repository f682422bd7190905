"""The Equal Earth projection: degrees, longitude first, to the units of a drawing, x to the right and y down."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]

# Polynomial of Equal Earth: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal
# of Geographical Information Science 33(3), 2019, 454-465, doi:10.1080/13658816.2018.1504949, equations 6-8.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_HALF_WIDTH = math.pi / (_M * _A1)


@dataclass(frozen=True, slots=True)
class EqualEarth:
    """The Equal Earth projection on a sheet.

    Areas are true to one another. The sheet runs from `north` to `south`; what lies outside is not on it.

    Parameters
    ----------
    width : float
        Width of the whole world, in drawing units.
    central : float
        Longitude in the middle, degrees. 11 degrees east cuts the world in the Bering Strait, where there is no land.
    north, south : float
        Latitudes of the upper and lower edge, degrees.
    """

    width: float = 1200.0
    central: float = 11.0
    north: float = 84.0
    south: float = -57.0

    @property
    def height(self) -> float:
        """Height of the sheet, in drawing units."""
        return self.project((self.central, self.south))[1]

    @property
    def west(self) -> float:
        """Longitude of the left edge, degrees."""
        return self.central - 180

    def project(self, place: Point) -> Point:
        """Return the place on the sheet of a longitude and a latitude, degrees.

        A longitude is read as given, never wrapped: `wrapped` does that.
        """
        scale = self.width / 2 / _HALF_WIDTH
        x, y = _raw(math.radians(place[0] - self.central), math.radians(place[1]))
        top = _raw(0.0, math.radians(self.north))[1]
        return self.width / 2 + x * scale, (top - y) * scale

    def wrapped(self, longitude: float) -> float:
        """Return the longitude turned by whole circles until it lies between the edges of the sheet."""
        return (longitude - self.west) % 360 + self.west

    def shows(self, latitude: float) -> bool:
        """Whether a latitude lies between the upper and the lower edge."""
        return self.south <= latitude <= self.north


def _raw(lam: float, phi: float) -> Point:
    theta = math.asin(max(-1.0, min(1.0, _M * math.sin(phi))))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    x = lam * math.cos(theta) / (_M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)))
    y = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    return x, y
