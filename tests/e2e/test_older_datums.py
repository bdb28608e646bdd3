"""Layers on Xi'an 1980: refused without the office's parameters, taken by those of the pack."""

import json
import math
import shutil
import struct
import unittest

from landbook_county import EAST_M, NORTH_M, Book
from landbook_testing import ROOT, ServerCase, run_landbook

COUNTY = "990103"
# Parameters of no office, and what an office would write into its pack.
PIPELINE = ("+proj=pipeline +step +inv +proj=tmerc +lon_0=117 +x_0=500000 +a=6378140 +rf=298.257 "
            "+step +proj=cart +a=6378140 +rf=298.257 "
            "+step +proj=helmert +x=24 +y=-123 +z=-94 +rx=-0.02 +ry=-0.25 +rz=-0.13 +s=1.1 "
            "+convention=position_vector +step +inv +proj=cart +a=6378137 +rf=298.257222101 "
            "+step +proj=tmerc +lon_0=117 +x_0=500000 +a=6378137 +rf=298.257222101")
PACK = ('code: "office" version: 1 title: "有参数的县" parent: "sample" sample: true\n'
        'plane_transformations { source_epsg: 2384 plane_epsg: 4548 pipeline: "%s" '
        'source { document: "office decision (sample)" } }\n')
RING = [(EAST_M, NORTH_M), (EAST_M, NORTH_M + 20), (EAST_M + 20, NORTH_M + 20),
        (EAST_M + 20, NORTH_M), (EAST_M, NORTH_M)]


class OlderDatumsTest(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server, code=COUNTY)
        cls.packs = cls.server.folder / "packs"
        shutil.copytree(ROOT / "deploy" / "policy", cls.packs)
        (cls.packs / "office.textproto").write_text(PACK % PIPELINE)
        cls.layer = cls.server.folder / "xian.geojson"
        cls.layer.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {},
             "geometry": {"type": "Polygon", "coordinates": [RING]}}]}))

    def reading(self):
        return (self.layer, "--kind", "homestead", "--allocate-codes", COUNTY + "001001",
                "--source-crs", "EPSG:2384", "--output", "json")

    def check(self, pack):
        return run_landbook("check", *self.reading(), "--crs", "EPSG:4548", "--packs", self.packs,
                            "--policy", pack)

    def test_a_layer_is_taken_only_by_the_parameters_of_the_pack_in_force(self):
        refused = self.server.landbook("import", *self.reading(), county=COUNTY)
        self.assertEqual(refused.code, 1, refused)
        self.assertIn("office's own transformation parameters", refused.err)
        adopted = self.server.landbook("county", "adopt", COUNTY, "office", "--packs", self.packs)
        self.assertEqual(adopted.code, 0, adopted)
        ran = self.server.landbook("import", *self.reading(), county=COUNTY)
        self.assertEqual((ran.code, ran.json["accepted"]), (0, 1), ran)
        [plot] = self.book.registrar.ListPlots(
            county=COUNTY, boundary_format="BOUNDARY_FORMAT_WKB").plots
        # After the byte order, the type and two counts: the first vertex, in metres of the plane.
        x, y = struct.unpack_from("<dd", plot.boundary.wkb, plot.boundary.wkb.index(
            struct.pack("<I", len(RING))) + 4)
        nearest = min(math.dist((x, y), corner) for corner in RING)
        self.assertTrue(10 < nearest < 300, nearest)

    def test_a_check_without_a_server_goes_by_the_named_pack(self):
        self.assertEqual(self.check("sample").code, 1)
        taken = self.check("office")
        self.assertEqual((taken.code, taken.json["accepted"]), (0, 1), taken)

    def test_parameters_that_cannot_be_right_are_refused(self):
        (self.packs / "wrong.textproto").write_text(
            (PACK % PIPELINE.replace("+x=24", "+x=24000")).replace('"office"', '"wrong"', 1))
        refused = self.check("wrong")
        self.assertEqual(refused.code, 1, refused)
        self.assertIn("moves the ground by", refused.err)


if __name__ == "__main__":
    unittest.main()
