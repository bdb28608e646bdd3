"""Real layers: no row is lost, and the findings are those of a plain GEOS check, row by row.

The layers are no part of the project. They lie in the folder that LANDBOOK_SHARED_DATA names, else
beside the checkout; where they are not, these tests are skipped. LANDBOOK_LONG=1 compares the
vertices of every pair of neighbours, otherwise those of one pair in four.
"""

import collections
import contextlib
import os
import sqlite3
import struct
import sys
import unittest
from pathlib import Path

from landbook_testing import LONG, ROOT, ServerCase

try:
    import plain_geos
except ImportError as missing:
    plain_geos = None
    MISSING = str(missing)

DATA = Path(os.environ.get("LANDBOOK_SHARED_DATA", ROOT.parent / "shared" / "data")).resolve()
SHARE = 1 if LONG else 4
# Widths are told to 0.1 mm.
WIDTH_MICROMETRES = 100

# name: path, rows, (source EPSG, stated to the client or not), plane EPSG
LAYERS = {
    "cambridge-2013": ("cambridge-2013/ASSESSING_ParcelsFY2013.topojson", 13_159, 4269, True,
                       26986),
    "heather-farms": ("heather-farms/heather_farms.shp", 7_432, 3740, False, 3740),
    "geomoose": ("geomoose/parcels.shp", 4_040, 26915, False, 26915),
    "denver as received": ("denver/DenverCo_precincts2016_orig.zip", 346, 2232, False, 26954),
    "denver as repaired": ("denver/DenverCo_precincts2016_repaired.zip", 346, 2232, False, 26954),
    "defra": ("defra/parcels.csv", 801, 27700, True, 27700),
    "taiwan-10004": ("taiwan-10004/cgcs2000-4549.gpkg", 4_788, 4549, False, 4549),
    "flanders": ("flanders/polygon-parcel.gpkg", 48, 31370, False, 31370),
    "error_union": ("shapefile-oddities/error_union.shp", 511, 25832, True, 25832),
    "Example_70": ("shapefile-oddities/Example_70.shp", 522, 26915, True, 26915),
    "chinese_encoding": ("shapefile-oddities/chinese_encoding.shp", 78, 4490, True, 4509),
}
# What README.md of the data counted as invalid, where its count is of the plane that is used here.
INVALID = {"heather-farms": 0, "geomoose": 0, "taiwan-10004": 3, "flanders": 0, "defra": 0,
           "error_union": 78}
# Rows without a boundary.
EMPTY = {"flanders": 1}

PILOT_PLANES = {"开江县": 4545, "闽侯县": 4549, "云和县": 4549, "庆元县": 4549, "景宁畲族自治县": 4549,
                "松阳县": 4549, "缙云县": 4549, "莲都区": 4549, "遂昌县": 4549, "青田县": 4549,
                "龙泉市": 4549}

# name: rows read, rows accepted, and the sentence of the refusal where it is not read at all
ODDITIES = {
    "EmptyShapeFile": (None, None, "holds no polygons"),  # of points, were there any
    "UnifiedChecksMaterialNullInMiddle": (3, None, None),
    "AllNulls": (1, 1, None),  # what is null is its attributes
    "Volume2": (16, None, None),
    "nested_polygons": (1, 0, None),
    "with_M": (None, None, "holds no polygons"),
    "christchurch-canterbury-h": (None, None, "is not a shapefile"),
}

COMPARED = ("B101", "B103/B104", "B105", "B106", "B107", "B109", "B111", "B201", "B202", "B203",
            "B204", "B403")


class Findings:
    """A findings file, as tuples in the words of plain_geos."""

    def __init__(self, path):
        with contextlib.closing(sqlite3.connect(path)) as database:
            self.rows = database.execute(
                "select rule, severity, row, other_row, measured, geom from findings").fetchall()
            self.epsg = database.execute(
                "select srs_id from gpkg_geometry_columns where table_name='findings'"
            ).fetchone()[0]

    def counts(self):
        return dict(collections.Counter(rule for rule, *_ in self.rows))

    def rows_with_an_error(self):
        rows = set()
        for _, severity, row, other_row, _, _ in self.rows:
            if severity == "error":
                rows |= {row} | ({other_row} - {None})
        return rows

    def tuples(self):
        return [self._tuple(*fields) for fields in self.rows]

    @staticmethod
    def _place(blob):
        """The point of a GeoPackage geometry in steps; the origin where the point is empty."""
        envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[blob[3] >> 1 & 7]
        order = "<" if blob[8 + envelope] else ">"
        return tuple(round(v * 10_000) for v in struct.unpack_from(f"{order}dd", blob,
                                                                   8 + envelope + 5))

    def _tuple(self, rule, _, row, other_row, measured, blob):
        micrometres = round(measured * 1e6)
        if rule in ("B201", "B202"):
            return (rule, min(row, other_row), max(row, other_row), None, None, micrometres)
        if rule in ("B203", "B204", "B105"):
            return (rule, row, other_row, *self._place(blob), micrometres)
        if rule == "B106":
            return (rule, row, None, *self._place(blob), None)
        if rule in ("B109", "B111"):
            return (rule, row, None, None, None, round(measured))
        if rule in ("B103", "B104"):
            rule = "B103/B104"
        return (rule, row, None, None, None, None)


def comparable(findings):
    """By everything but the width of an overlap, which is compared within its precision."""
    widths, others = {}, set()
    for finding in findings:
        if finding[0] in ("B201", "B202"):
            widths[finding[:3]] = finding[5]
        elif finding[0] in COMPARED:
            others.add(finding)
    return widths, others


class LayerCase(ServerCase):
    counties = 0

    @classmethod
    def setUpClass(cls):
        if not DATA.is_dir():
            raise unittest.SkipTest(f"no real layers at {DATA}; LANDBOOK_SHARED_DATA names them")
        super().setUpClass()

    def county(self, epsg):
        """A fresh county on that plane."""
        type(self).counties += 1
        code = f"99{self.counties:04d}"
        ran = self.server.landbook("county", "create", code, "--name", "实测", "--crs",
                                   f"EPSG:{epsg}", "--policy", "sample")
        self.assertEqual(ran.code, 0, ran)
        return code

    def load(self, code, path, *flags, source=None):
        """The client's import: what it ran."""
        if source is not None:
            flags += ("--source-crs", f"EPSG:{source}")
        return self.server.landbook(
            "import", path, "--layout", "plain", "--kind", "construction", "--allocate-codes",
            code + "001001", "--output", "json", *flags, county=code)

    def reconciled(self, ran):
        self.assertEqual(ran.code, 0, ran)
        report = ran.json
        self.assertEqual(report["read"], report["accepted"] + report["rejected"], ran)
        return report


class RealLayersTest(LayerCase):
    """One test a layer; they are made below from the table above."""

    def agree(self, name):
        path, row_count, source, stated, plane = LAYERS[name]
        if plain_geos is None:
            self.skipTest(f"the plain check needs what is not installed: {MISSING}")
        code = self.county(plane)
        file = self.server.folder / f"{code}.gpkg"
        report = self.reconciled(self.load(code, DATA / path, "--findings", file,
                                           source=source if stated else None))
        self.assertEqual(report["read"], row_count)
        found = Findings(file)
        self.assertEqual(found.epsg, plane)
        self.compare(name, found.tuples(), plain_geos.read(DATA / path, source, plane))
        self.assertEqual(len(found.rows_with_an_error()), report["rejected"],
                         "a rejected row without an error finding, or the other way round")
        self.assertEqual(found.counts(), report["findings"])
        statistics = self.server.client("root:administrator").GetStatistics(county=code)
        self.assertEqual(sum(kind.count for kind in statistics.plots), report["accepted"])

    def compare(self, name, ours, rows):
        expected = plain_geos.check(rows, SHARE, lambda text: print(f"{name}: {text}",
                                                                    file=sys.stderr))
        ours = [finding for finding in ours if finding[0] not in ("B203", "B204") or
                plain_geos.sampled(finding[1], finding[2], SHARE)]
        self.assertEqual([f for f in ours if f[0] in ("B102", "B401", "B402", "B404")], [])
        self.compare_findings(ours, expected)
        invalid = len({f[1] for f in expected if f[0] in ("B101", "B103/B104")})
        if name in INVALID:
            self.assertEqual(invalid, INVALID[name])
        self.assertEqual(sum(1 for f in expected if f[0] == "B403"), EMPTY.get(name, 0))

    def compare_findings(self, ours, expected):
        widths, others = comparable(ours)
        expected_widths, expected_others = comparable(expected)
        self.assertEqual(sorted(others - expected_others, key=str)[:20], [],
                         "only Landbook says so")
        self.assertEqual(sorted(expected_others - others, key=str)[:20], [],
                         "only plain GEOS says so")
        self.assertEqual(sorted(widths), sorted(expected_widths))
        wrong = {pair: width for pair, width in widths.items()
                 if not expected_widths[pair].is_wide(width, WIDTH_MICROMETRES)}
        self.assertEqual(wrong, {}, "widths in micrometres that are not the overlaps'")


def _make_tests():
    for name in LAYERS:
        words = name.replace(" ", "_").replace("-", "_")
        setattr(RealLayersTest, f"test_{words}", lambda self, name=name: self.agree(name))


_make_tests()


class OutlinesTest(LayerCase):
    def test_outlines_of_pilot_counties(self):
        files = sorted((DATA / "pilot-counties").glob("*.geojson"))
        self.assertEqual(len(files), 19)
        for file in files:
            with self.subTest(file=file.name):
                code = self.county(PILOT_PLANES.get(file.stem, 4548))
                findings = self.server.folder / f"{code}.gpkg"
                report = self.reconciled(self.load(code, file, "--findings", findings,
                                                   source=4490))
                self.assertEqual(report["read"], 1)
                errors = Findings(findings).rows_with_an_error()
                self.assertEqual(len(errors), report["rejected"])

    def test_degrees_of_another_datum_are_not_shifted_in_silence(self):
        file = sorted((DATA / "pilot-counties").glob("*.geojson"))[0]
        ran = self.load(self.county(4548), file)
        self.assertEqual(ran.code, 1, ran)
        self.assertIn("shift", ran.err)


class OdditiesTest(LayerCase):
    def test_each_odd_shapefile_gives_a_stated_result(self):
        for name, (read, accepted, refusal) in ODDITIES.items():
            with self.subTest(name=name):
                code = self.county(4548)
                file = self.server.folder / f"{code}.gpkg"
                ran = self.load(code, DATA / "shapefile-oddities" / f"{name}.shp", "--findings",
                                file, source=4548)
                if refusal is not None:
                    self.assertEqual((ran.code, ran.out), (1, ""), ran)
                    self.assertIn(refusal, ran.err)
                    continue
                report = self.reconciled(ran)
                if read is not None:
                    self.assertEqual(report["read"], read, ran)
                if accepted is not None:
                    self.assertEqual(report["accepted"], accepted, ran)
                self.assertEqual(len(Findings(file).rows_with_an_error()), report["rejected"])

    def test_the_wrong_encoding_is_told_of_each_row(self):
        code = self.county(4509)
        report = self.reconciled(self.load(
            code, DATA / "shapefile-oddities" / "chinese_encoding.shp", "--encoding", "UTF-8",
            source=4490))
        self.assertEqual((report["read"], report["rejected"]), (78, 78))
        self.assertEqual(report["findings"].get("B404", 0) >= 78, True, report)

    def test_a_truncated_shapefile(self):
        source = DATA / "heather-farms" / "heather_farms.shp"
        folder = self.server.folder / "truncated"
        folder.mkdir()
        for part in ("dbf", "shx", "prj", "cpg"):
            (folder / f"plots.{part}").write_bytes(source.with_suffix(f".{part}").read_bytes())
        data = source.read_bytes()
        (folder / "plots.shp").write_bytes(data[:len(data) // 2 + 7])
        code = self.county(3740)
        ran = self.load(code, folder / "plots.shp")
        if ran.code == 0:
            # What is left is taken, and every row that is cut off is a rejected row.
            report = self.reconciled(ran)
            self.assertEqual(report["read"], 7_432)
            self.assertGreater(report["findings"].get("B403", 0), 3_000)
        else:
            self.assertEqual(ran.code, 1, ran)
            self.assertRegex(ran.err, "truncated|cut off|breaks off|shorter")


if __name__ == "__main__":
    unittest.main()
