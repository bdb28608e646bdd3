"""The boundary rules once more, on plain GEOS and integers: what real layers are compared with.

It follows docs/boundary-rules.md and shares no code with the server: every pair of neighbours is
intersected, every width is held against the largest circle, every vertex is compared with every vertex
and edge near it. Rules: B101, B103 or B104 (as "B103/B104"), B105, B106, B107, B109, B111, B201 to
B204, and B403 for rows without a boundary. B108 and B205 are not among them.

Coordinates are steps of 0.1 mm of the plane. A finding is a tuple (rule, row, other row, x, y,
micrometres or count); what a rule does not have is None. For B201 and B202 the rows are in
ascending order, the place is None, and last comes an Overlap, which knows whether a width is its own.
"""

import csv
import math
import sys
import warnings

import numpy
import shapely.geos
from osgeo import gdal, ogr, osr
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry import box as box_of
from shapely.ops import unary_union
from shapely.strtree import STRtree

gdal.UseExceptions()
ogr.UseExceptions()

STEPS = 10_000.0
CLOSE = 500           # B105, B203, B204: 0.05 m
WIDTH = 10            # B201: 0.001 m
AREA = 1_000_000      # B201: 0.01 m2 in steps squared
SMALL = 200_000_000   # B107: twice 1 m2 in steps squared
SPIKE_DEGREES = 5.0   # B106
GEOS_VERSION = ".".join(map(str, shapely.geos.geos_version))


class Row:
    """A row as it would be kept: rings of integer vertices without their closing one."""

    def __init__(self, fid, parts):
        self.fid = fid
        self.parts = parts  # None: no boundary; else parts of rings of [x, y] arrays
        self.polygon = None
        self.sound = False

    def rings(self):
        return [ring for part in self.parts for ring in part]


# Reading.


def _rounded(points):
    steps = numpy.asarray(points, dtype=float)[:, :2] * STEPS
    return (numpy.sign(steps) * numpy.floor(numpy.abs(steps) + 0.5)).astype(numpy.int64)


def _kept(points):
    """Rounded, with repeats and the closing vertex dropped; the first of equal ones stays."""
    ring = _rounded(points)
    differs = numpy.ones(len(ring), dtype=bool)
    differs[1:] = numpy.any(ring[1:] != ring[:-1], axis=1)
    ring = ring[differs]
    while len(ring) > 1 and (ring[-1] == ring[0]).all():
        ring = ring[:-1]
    return ring


def _polygons(geometry):
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind == ogr.wkbPolygon:
        return [geometry]
    if kind == ogr.wkbMultiPolygon:
        return [geometry.GetGeometryRef(i) for i in range(geometry.GetGeometryCount())]
    return []


def _row(fid, geometry, transformation):
    if geometry is None or geometry.IsEmpty():
        return Row(fid, None)
    parts = []
    for polygon in _polygons(geometry):
        rings = []
        for i in range(polygon.GetGeometryCount()):
            points = polygon.GetGeometryRef(i).GetPoints()
            if transformation is not None:
                points = transformation.TransformPoints([point[:2] for point in points])
            rings.append(_kept(points))
        # OGR takes the ring that is wound like one for the shell; where rings are wound the other
        # way round, the largest is it all the same.
        largest = max(range(len(rings)), key=lambda i: abs(_twice_area(rings[i])))
        parts.append([rings.pop(largest), *rings])
    return Row(fid, parts or None)


def _system(epsg):
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def read(path, source_epsg, plane_epsg):
    """All rows of a layer, on the plane."""
    transformation = None
    if source_epsg != plane_epsg:
        transformation = osr.CoordinateTransformation(_system(source_epsg), _system(plane_epsg))
    if str(path).endswith(".csv"):
        return _read_csv(path)
    name = f"/vsizip/{path}" if str(path).endswith(".zip") else str(path)
    dataset = ogr.Open(name)
    return [_row(feature.GetFID(), feature.GetGeometryRef(), transformation)
            for feature in dataset.GetLayer(0)]


def _read_csv(path):
    csv.field_size_limit(sys.maxsize)
    with open(path, newline="", encoding="utf-8") as file:
        texts = [record["geom"] for record in csv.DictReader(file)]
    # OGR numbers the records of a CSV from 1.
    return [_row(i + 1, ogr.CreateGeometryFromWkt(text), None) for i, text in enumerate(texts)]


# One plot.


def _to_polygon(row, origin):
    parts = [Polygon(part[0] - origin, [hole - origin for hole in part[1:]])
             for part in row.parts]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _twice_area(ring):
    total = 0
    x0, y0 = map(int, ring[0])
    points = [(int(x) - x0, int(y) - y0) for x, y in ring]
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        total += x1 * y2 - x2 * y1
    return total


def _root(square_numerator, square_denominator=1):
    """A distance in micrometres, rounded half up, from its square in steps squared, exactly."""
    return (math.isqrt(4 * 10_000 * square_numerator // square_denominator) + 1) // 2


def _close_vertices(row):
    vertices = sorted({(int(x), int(y)) for ring in row.rings() for x, y in ring})
    cells = {}
    for vertex in vertices:
        cells.setdefault((vertex[0] // CLOSE, vertex[1] // CLOSE), []).append(vertex)
    pairs = set()
    for x, y in vertices:
        near = [((x - u) ** 2 + (y - v) ** 2, (u, v))
                for i in (-1, 0, 1) for j in (-1, 0, 1)
                for u, v in cells.get((x // CLOSE + i, y // CLOSE + j), ())]
        near = [item for item in near if 0 < item[0] <= CLOSE * CLOSE]
        if near:
            square, other = min(near)
            pairs.add((min((x, y), other), max((x, y), other), square))
    for vertex, _, square in pairs:
        yield ("B105", row.fid, None, *vertex, _root(square))


def _spikes(row):
    for ring in row.rings():
        if len(ring) < 3:
            continue
        points = [(int(x), int(y)) for x, y in ring]
        for i, (x, y) in enumerate(points):
            (ax, ay), (bx, by) = points[i - 1], points[(i + 1) % len(points)]
            dot = (ax - x) * (bx - x) + (ay - y) * (by - y)
            cross = (ax - x) * (by - y) - (ay - y) * (bx - x)
            if math.degrees(math.atan2(abs(cross), dot)) < SPIKE_DEGREES:
                yield ("B106", row.fid, None, x, y, None)


def _not_canonical(row):
    count = 0
    for part in row.parts:
        for i, ring in enumerate(part):
            clockwise = _twice_area(ring) < 0
            x, y = map(int, ring[0])
            first = all((int(v) - int(u), int(v)) <= (y - x, y) for u, v in ring)
            count += not (clockwise == (i == 0) and first)
    if count:
        yield ("B111", row.fid, None, None, None, count)


def alone(row, origin):
    """Findings of one plot; says whether it is sound."""
    if row.parts is None:
        yield ("B403", row.fid, None, None, None, None)
        return
    if any(len({tuple(vertex) for vertex in ring.tolist()}) < 3 for ring in row.rings()):
        yield ("B101", row.fid, None, None, None, None)
    else:
        row.polygon = _to_polygon(row, origin)
        row.sound = row.polygon.is_valid
        if not row.sound:
            yield ("B103/B104", row.fid, None, None, None, None)
    yield from _close_vertices(row)
    yield from _spikes(row)
    if len(row.parts) > 1:
        yield ("B109", row.fid, None, None, None, len(row.parts))
    if row.sound:
        twice = sum(abs(_twice_area(ring)) * (1 if i == 0 else -1)
                    for part in row.parts for i, ring in enumerate(part))
        if twice < SMALL:
            yield ("B107", row.fid, None, None, None, None)
        yield from _not_canonical(row)


# Two plots.


class Ground:
    """A sound plot's vertices and edges as arrays."""

    def __init__(self, row):
        self.row = row
        rings = row.rings()
        self.starts = numpy.concatenate(rings)
        self.ends = numpy.concatenate([numpy.roll(ring, -1, axis=0) for ring in rings])
        self.low = self.starts.min(axis=0)
        self.high = self.starts.max(axis=0)
        self.edge_low = numpy.minimum(self.starts, self.ends)
        self.edge_high = numpy.maximum(self.starts, self.ends)


def _near(points, ground):
    return points[numpy.all((points >= ground.low - CLOSE) & (points <= ground.high + CLOSE),
                            axis=1)]


def _edges_near(ground, low, high):
    near = numpy.all((ground.edge_high >= low - CLOSE) & (ground.edge_low <= high + CLOSE), axis=1)
    return ground.starts[near], ground.ends[near]


def _exact_to_edge(vertex, start, end):
    """The square of the distance to the closed segment, as numerator and denominator."""
    vx, vy = (int(a) - int(b) for a, b in zip(vertex, start))
    ex, ey = (int(a) - int(b) for a, b in zip(end, start))
    along, length = vx * ex + vy * ey, ex * ex + ey * ey
    if along <= 0:
        return vx * vx + vy * vy, 1
    if along >= length:
        return (vx - ex) ** 2 + (vy - ey) ** 2, 1
    return (vx * ey - vy * ex) ** 2, length


def _blocks(vertices, others):
    """The vertices in blocks whose comparison with all others fits in memory."""
    size = max(1, 2_000_000 // max(1, len(others)))
    for begin in range(0, len(vertices), size):
        yield vertices[begin:begin + size]


def _on_edges(a, b, vertices):
    """B204: vertices of `a` within the tolerance of an edge of `b`."""
    starts, ends = _edges_near(b, vertices.min(axis=0), vertices.max(axis=0))
    direction = (ends - starts).astype(float)
    length = (direction ** 2).sum(axis=1)
    for block in _blocks(vertices, starts):
        offset = (block[:, None, :] - starts[None, :, :]).astype(float)
        along = numpy.clip((offset * direction).sum(axis=2) / length, 0, 1)
        square = ((offset - along[:, :, None] * direction) ** 2).sum(axis=2)
        nearest = {}
        # Floating point only chooses what is then decided in integers.
        for i, j in zip(*numpy.nonzero(square <= (CLOSE + 1) ** 2)):
            above, below = _exact_to_edge(block[i], starts[j], ends[j])
            if above <= CLOSE * CLOSE * below:
                nearest[i] = min(nearest.get(i, CLOSE * 100), _root(above, below))
        for i, micrometres in nearest.items():
            yield ("B204", a.row.fid, b.row.fid, int(block[i][0]), int(block[i][1]), micrometres)


def vertex_findings(a, b):
    """B203 and B204 of the vertices of `a` against `b`. A vertex that both have is where it should
    be, whatever else is near."""
    mine, theirs = _near(a.starts, b), _near(b.starts, a)
    if len(mine) == 0:
        return
    alone_here = [numpy.empty((0, 2), numpy.int64)]
    for block in _blocks(mine, theirs):
        if len(theirs) == 0:
            alone_here.append(block)
            continue
        square = ((block[:, None, :] - theirs[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        for i in numpy.nonzero((square > 0) & (square <= CLOSE * CLOSE))[0]:
            yield ("B203", a.row.fid, b.row.fid, int(block[i][0]), int(block[i][1]),
                   _root(int(square[i])))
        alone_here.append(block[square > CLOSE * CLOSE])
    rest = numpy.concatenate(alone_here)
    if len(rest):
        yield from _on_edges(a, b, rest)


def _wider(shape):
    return not shape.buffer(-WIDTH / 2).is_empty


class Overlap:
    """What two plots have in common, to hold a width against."""

    # Round ends of 512 corners leave out a fifty-thousandth of the radius.
    CORNERS = 128
    LEFT_OUT = 2e-5

    def __init__(self, shape):
        self.parts = [part for part in getattr(shape, "geoms", [shape])
                      if part.geom_type == "Polygon"]

    def is_wide(self, micrometres, precision):
        """True when the largest circle is so wide: something is left after taking away the ground
        around every side, a little less than half the width away, and nothing a little more. GEOS's
        own shrinking is no measure: it simplifies by a hundredth of the distance."""
        half, slack = micrometres / 200, precision / 200
        return (self._leaves(half - slack) and
                not self._leaves((half + slack) * (1 + self.LEFT_OUT)))

    def _leaves(self, radius):
        return radius <= 0 or any(self._left_of(part, radius) for part in self.parts)

    def _left_of(self, part, radius):
        if part.area < math.pi * radius * radius:
            return False
        rings = [part.exterior, *part.interiors]
        sides = [LineString(side) for ring in rings for side in zip(ring.coords, ring.coords[1:])]
        around = unary_union([side.buffer(radius, self.CORNERS) for side in sides])
        return not part.difference(around).is_empty


def overlap_findings(a, b):
    """B201 or B202 of two plots."""
    first, second = sorted((a.row, b.row), key=lambda row: row.fid)
    common = first.polygon.intersection(second.polygon)
    if common.area <= AREA or not _wider(common):
        return
    contained = (not _wider(first.polygon.difference(second.polygon)) or
                 not _wider(second.polygon.difference(first.polygon)))
    yield ("B202" if contained else "B201", first.fid, second.fid, None, None,
           Overlap(common))


def check(rows, share=1, report=None):
    """All findings of a layer, in any order. Vertices are compared for one pair in `share` only:
    the pairs whose smaller row is a multiple of it (`sampled`)."""
    origin = next((row.rings()[0][0] for row in rows if row.parts), numpy.zeros(2, numpy.int64))
    findings = []
    for row in rows:
        findings += alone(row, origin)
    grounds = [Ground(row) for row in rows if row.sound]
    boxes = [box_of(*map(float, ground.low - CLOSE / 2), *map(float, ground.high + CLOSE / 2))
             for ground in grounds]
    with warnings.catch_warnings():
        # Shapely 1.8 announces that 2.0 will change what the tree returns.
        warnings.simplefilter("ignore")
        tree = STRtree(boxes)
    pairs = 0
    for i, ground in enumerate(grounds):
        for j in tree.query_items(boxes[i]):
            if j <= i:
                continue
            pairs += 1
            other = grounds[j]
            if sampled(ground.row.fid, other.row.fid, share):
                findings += vertex_findings(ground, other)
                findings += vertex_findings(other, ground)
            if numpy.all(ground.low <= other.high) and numpy.all(other.low <= ground.high):
                findings += overlap_findings(ground, other)
    if report is not None:
        report(f"{len(rows)} rows, {pairs} pairs of neighbours, {len(findings)} findings; "
               f"GEOS {GEOS_VERSION}, GDAL {gdal.VersionInfo('RELEASE_NAME')}")
    return findings


def sampled(row, other_row, share):
    return min(row, other_row) % share == 0
