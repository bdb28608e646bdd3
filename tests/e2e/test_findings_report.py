"""The findings report: a GeoPackage that opens styled, and a page to read."""

import html.parser
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree

from osgeo import ogr

from landbook_county import EAST_M, NORTH_M, Book
from landbook_testing import COUNTY, EPSG, LONG, ServerCase, run_landbook

ogr.UseExceptions()

# QGIS from Debian renders the three layers as a project of them would; run by /usr/bin/python3.
RENDER = """
import sys
from qgis.core import (QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
app = QgsApplication([], False)
app.initQgis()
layers = []
for name in ("overlaps", "findings", "plots"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    assert layer.isValid(), name
    renderer = layer.renderer()
    assert renderer.type() == "categorizedSymbol", (name, renderer.type())
    colours = {c.value(): c.symbol().color().name() for c in renderer.categories()}
    assert colours == {"error": "#e10000", "warning": "#eb8c00", "note": "#286ec8"}, colours
    assert layer.labelsEnabled() == (name != "findings"), name
    layers.append(layer)
settings = QgsMapSettings()
settings.setLayers(layers)
settings.setDestinationCrs(layers[0].crs())
settings.setBackgroundColor(QColor("white"))
settings.setOutputSize(QSize(600, 600))
extent = layers[0].extent()
extent.scale(3)
settings.setExtent(extent)
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
assert not job.errors(), [e.message for e in job.errors()]
image = job.renderedImage()
image.save(sys.argv[2])
reds = sum(1 for x in range(0, 600, 5) for y in range(0, 600, 5)
           if image.pixelColor(x, y).red() > 200 and image.pixelColor(x, y).green() < 120)
print("red", reds)
del job, layers, layer, settings
app.exitQgis()
"""


def square(east_m, size_m=20.0, north_m=0.0):
    x, y = EAST_M + east_m, NORTH_M + north_m
    return [(x, y), (x, y + size_m), (x + size_m, y + size_m), (x + size_m, y), (x, y)]


def write_layer(path, plots):
    """A GeoPackage of homesteads by code."""
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = ogr.osr.SpatialReference()
    system.ImportFromEPSG(EPSG)
    layer = dataset.CreateLayer("plots", system, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("code", ogr.OFTString))
    for code, ring in plots:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("code", code)
        points = ", ".join(f"{x:.4f} {y:.4f}" for x, y in ring)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({points}))"))
        layer.CreateFeature(feature)


def code(serial):
    return f"{COUNTY}001001JC{serial:05}"


# 1 and 2 overlap by 2 m, 3 has a spike, 4 stands alone and is sound.
SPIKE = [(EAST_M + 200, NORTH_M), (EAST_M + 200, NORTH_M + 20), (EAST_M + 220, NORTH_M + 20),
         (EAST_M + 220, NORTH_M + 10.2), (EAST_M + 245, NORTH_M + 10), (EAST_M + 220, NORTH_M + 9.8),
         (EAST_M + 220, NORTH_M), (EAST_M + 200, NORTH_M)]
PLOTS = [(code(1), square(0)), (code(2), square(18)), (code(3), SPIKE), (code(4), square(400))]


class Page(html.parser.HTMLParser):
    """What a page holds; every element but void ones has to be closed in order."""

    VOID = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.elements = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


def rows_of(path, layer):
    dataset = ogr.Open(str(path))
    return [{**feature.items(), "geometry": feature.GetGeometryRef().Clone()
             if feature.GetGeometryRef() else None} for feature in dataset.GetLayerByName(layer)]


class FindingsReportTest(ServerCase):
    def check(self, name, *flags):
        layer = self.server.folder / f"{name}-source.gpkg"
        write_layer(layer, PLOTS)
        package, page = (self.server.folder / f"{name}.{ending}" for ending in ("gpkg", "html"))
        ran = run_landbook("check", layer, "--crs", f"EPSG:{EPSG}", "--kind", "homestead",
                           "--code-field", "code", "--findings", package, "--report", page,
                           "--output", "json", *flags)
        self.assertEqual(ran.code, 0, ran)
        return ran.json, package, page

    def test_the_package_holds_points_plots_and_overlaps(self):
        report, package, _ = self.check("layers")
        self.assertEqual(report["rejected"], 2)
        findings = rows_of(package, "findings")
        self.assertEqual(len(findings), sum(report["findings"].values()))
        plots = {row["plot"]: row for row in rows_of(package, "plots")}
        self.assertEqual(set(plots), {code(1), code(2), code(3)})
        self.assertEqual(plots[code(1)]["severity"], "error")
        self.assertEqual(plots[code(3)]["severity"], "warning")
        self.assertIn("B201", plots[code(1)]["rules"].split(", "))
        self.assertIn("B106", plots[code(3)]["rules"].split(", "))
        self.assertEqual([plots[code(i)]["in_book"] for i in (1, 2, 3)], [0, 0, 0])
        self.assertAlmostEqual(plots[code(1)]["geometry"].GetArea(), 400, 6)
        overlaps = rows_of(package, "overlaps")
        self.assertEqual(len(overlaps), 1)
        self.assertEqual({overlaps[0]["plot"], overlaps[0]["other_plot"]}, {code(1), code(2)})
        self.assertAlmostEqual(overlaps[0]["area_m2"], 40, 6)
        self.assertAlmostEqual(overlaps[0]["width_m"], 2, 3)
        self.assertAlmostEqual(overlaps[0]["geometry"].GetArea(), 40, 6)
        self.assertEqual(list(self.server.folder.glob("layers.gpkg?*")), [], "nothing is left over")

    def test_the_package_brings_a_default_style_for_each_layer(self):
        _, package, _ = self.check("styles")
        styles = rows_of(package, "layer_styles")
        self.assertEqual({row["f_table_name"] for row in styles}, {"findings", "plots", "overlaps"})
        for row in styles:
            self.assertEqual((row["f_table_catalog"], row["f_table_schema"],
                              row["f_geometry_column"], row["useAsDefault"]), ("", "", "geom", 1))
            root = xml.etree.ElementTree.fromstring(row["styleQML"])
            renderer = root.find("renderer-v2")
            self.assertEqual(renderer.get("attr"), "severity")
            symbols = {symbol.get("name") for symbol in renderer.iter("symbol")}
            self.assertEqual({c.get("symbol") for c in renderer.iter("category")}, symbols)

    def test_the_page_counts_advises_and_draws_in_both_languages(self):
        report, _, page = self.check("page")
        parsed = Page(page.read_text(encoding="utf-8"))
        self.assertEqual(parsed.open, [])
        tags = {tag for tag, _ in parsed.elements}
        self.assertNotIn("script", tags)
        self.assertFalse({"src", "href"} & {key for tag, attrs in parsed.elements if tag != "a"
                                            for key in attrs})
        for rule, count in report["findings"].items():
            self.assertIn(rule, parsed.text)
            self.assertRegex(parsed.text, rf"{rule}.*?{count}")
        for words in ("宗地重叠", "plots overlap", "如何处理", "what to do", code(1), "overlap"):
            self.assertIn(words, parsed.text)
        drawn = [attrs.get("class") for tag, attrs in parsed.elements if tag == "path"]
        self.assertIn("common", drawn)
        self.assertIn("plot", drawn)

    def test_the_same_check_gives_the_same_page(self):
        pages = [self.check("again")[2].read_bytes() for _ in range(2)]
        self.assertEqual(pages[0], pages[1])

    def test_an_import_draws_the_plots_of_the_book_too(self):
        book = Book(self.server)
        book.commit([book.plot(square(10), code=code(9))])
        layer = self.server.folder / "import.gpkg"
        write_layer(layer, PLOTS[:1] + PLOTS[3:])
        package, page = (self.server.folder / f"imported.{ending}" for ending in ("gpkg", "html"))
        ran = self.server.landbook("import", layer, "--kind", "homestead", "--code-field", "code",
                                   "--findings", package, "--report", page, "--output", "json",
                                   county=COUNTY)
        self.assertEqual((ran.code, ran.json["accepted"], ran.json["rejected"]), (0, 1, 1), ran)
        plots = {row["plot"]: row for row in rows_of(package, "plots")}
        self.assertEqual(plots[code(9)]["in_book"], 1)
        self.assertIsNone(plots[code(9)]["row"])
        self.assertAlmostEqual(plots[code(9)]["geometry"].GetArea(), 400, 6)
        overlap, = rows_of(package, "overlaps")
        self.assertAlmostEqual(overlap["area_m2"], 200, 6)
        self.assertIn("登记簿", page.read_text(encoding="utf-8"))

    def test_names_that_say_another_format_are_wrong_usage(self):
        for flags in (("--report", "f.pdf"), ("--findings", "f.shp")):
            ran = run_landbook("check", "nowhere.gpkg", "--crs", f"EPSG:{EPSG}", *flags)
            self.assertEqual(ran.code, 2, ran)

    @unittest.skipUnless(LONG, "rendering in QGIS is of the long run")
    def test_qgis_opens_the_package_styled(self):
        found = subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True,
                               check=False)
        if found.returncode != 0:
            self.skipTest("QGIS is not installed: apt-get install --no-install-recommends "
                          "python3-qgis")
        _, package, _ = self.check("qgis")
        picture = self.server.folder / "qgis.png"
        ran = subprocess.run(["/usr/bin/python3", "-c", RENDER, str(package), str(picture)],
                             capture_output=True, text=True, check=False, timeout=300,
                             env={**os.environ, "QT_QPA_PLATFORM": "offscreen",
                                  "HOME": str(self.server.folder)})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue(picture.exists())
        self.assertGreater(int(re.search(r"red (\d+)", ran.stdout).group(1)), 100)


if __name__ == "__main__":
    unittest.main()
