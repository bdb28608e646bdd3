"""Control layers from the command line on: imported, versioned, and asked by imports and acts."""

import json
import shutil
import unittest

from landbook_county import EAST_M, NORTH_M, Book, first_created, number
from landbook_testing import ROOT, ServerCase, journal_pb2, run_landbook

COUNTY = "990101"
VILLAGE = COUNTY + "001001"


def square(east, north, size):
    """A closed ring, in metres from where the county's ground begins."""
    x, y = EAST_M + east, NORTH_M + north
    return [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]


def layer_file(path, shapes):
    """A GeoJSON layer; a shape is a dictionary of its columns and its ring."""
    features = [{"type": "Feature", "properties": {k: v for k, v in shape.items() if k != "ring"},
                 "geometry": {"type": "Polygon", "coordinates": [shape["ring"]]}}
                for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


class ControlLayersTest(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server, code=COUNTY)

    def run_verb(self, *arguments, code=0, **keywords):
        ran = self.server.landbook(*arguments, county=COUNTY, **keywords)
        self.assertEqual(ran.code, code, ran)
        return ran

    def import_layer(self, layer, shapes, effective="2020-01-01", document="D-1", code=0):
        path = layer_file(self.server.folder / f"{layer}.geojson", shapes)
        return self.run_verb("import", path, "--control", layer, "--effective", effective,
                             "--document", document, "--source-crs", "EPSG:4548", "--output",
                             "json", code=code)

    def layers(self, *flags):
        answer = self.run_verb("control", "list", "--output", "json", *flags).json
        return {(layer["layer"], layer["version"]): layer for layer in answer["layers"]}

    def homestead(self, east, north):
        return self.book.plot(square(east, north, 10), kind="homestead")

    # The layers are of different ground, so that the tests do not meet.

    def test_a_layer_is_imported_and_an_act_against_it_refused(self):
        ran = self.import_layer("basic-farmland", [
            {"code": "F1", "name": "一号保护片", "ring": square(0, 0, 200)},
            {"code": "F2", "name": "二号保护片", "ring": square(300, 0, 200)}])
        self.assertEqual({key: ran.json[key] for key in ("read", "accepted", "rejected")},
                         {"read": 2, "accepted": 2, "rejected": 0})
        refused = self.assertRefused("PLOT_AGAINST_CONTROL_LAYER", self.book.commit,
                                     [self.homestead(195, 0)])
        sentence = refused.refusals[0].message_en
        for words in ("B302", "50 m2", "basic-farmland, version", "D-1", "F1"):
            self.assertIn(words, sentence)
        self.assertIn("永久基本农田", refused.refusals[0].message_zh)
        self.book.commit([self.homestead(205, 0)])
        # Farming is what farmland is for; building on it is another use.
        made = self.book.commit([self.book.plot(square(20, 20, 10), kind="contracted")])
        plot = self.book.registrar.GetPlot(
            county=COUNTY, plot=str(first_created(made, 0, "PLOT")))
        self.assertRefused("PLOT_AGAINST_CONTROL_LAYER", self.book.commit, [
            {"amend_plot": {"plot": number(plot.number), "etag": plot.etag, "land_use": "0601"}}])
        listed = self.layers()[("basic-farmland", 1)]
        self.assertTrue(listed["in_force"])
        self.assertEqual(listed["shapes"], 2)
        shapes = self.run_verb("control", "shapes", listed["number"], "--output", "json").json
        self.assertEqual({shape["title"] for shape in shapes["shapes"]},
                         {"一号保护片", "二号保护片"})

    def test_explain_tells_what_the_layers_say(self):
        self.import_layer("red-line", [{"code": "R1", "ring": square(0, 1000, 200)}])
        path = self.server.folder / "commit.json"
        commit = {"request_id": "explained", "acts": [self.homestead(10, 1010)]}
        path.write_text(json.dumps(commit))
        ran = self.run_verb("explain", path, code=1)
        self.assertIn("B303", ran.out + ran.err)

    def test_a_warning_is_accepted_by_an_officer(self):
        # The boundary goes round the ground of the other tests, for it holds for them too.
        self.import_layer("urban-boundary", [{"code": "U1", "ring": square(-5000, -15000, 23000)}])
        act = self.homestead(100, 9000)
        self.assertRefused("BOUNDARY_WARNING", self.book.commit, [act])
        response = self.book.commit([act], overrides=[
            {"rule": "B306", "act": 0, "reason": "村庄建设", "document_number": "样字9号"}])
        finding = response.findings[0]
        self.assertEqual((finding.rule, finding.control_layer), ("B306", "urban-boundary"))
        header = [entry for entry in self.book.journal()
                  if entry.sequence == response.sequence][0].header
        self.assertTrue(header.verdict.control_layers)

    def test_versions_hold_from_their_day_and_stay_readable(self):
        self.import_layer("restricted", [
            {"code": "S1", "zone": "soil-pollution", "ring": square(0, 5000, 100)}],
            effective="2021-01-01")
        before = self.book.sequence()
        self.import_layer("restricted", [
            {"code": "S1", "zone": "soil-pollution", "ring": square(500, 5000, 100)}],
            effective="2026-03-05", document="D-2")
        standing = self.layers("--layer", "restricted")
        self.assertEqual([layer["in_force"] for layer in standing.values()], [True, False])
        later = self.layers("--layer", "restricted", "--day", "2026-03-05")
        self.assertEqual([layer["in_force"] for layer in later.values()], [False, True])
        self.assertEqual(len(self.layers("--layer", "restricted", "--as-of", str(before))), 1)
        house = self.book.plot(square(510, 5010, 10), kind="homestead")
        self.book.commit([house])
        self.assertRefused("PLOT_AGAINST_CONTROL_LAYER", self.book.commit,
                           [self.book.plot(square(10, 5010, 10), kind="homestead")])
        # The same delivery again is known.
        ran = self.import_layer("restricted", [
            {"code": "S1", "zone": "soil-pollution", "ring": square(0, 5000, 100)}],
            effective="2021-01-01")
        self.assertEqual(ran.json["unchanged"], 1)

    def test_an_import_of_plots_asks_the_layers(self):
        self.import_layer("village", [
            {"code": VILLAGE, "name": "样例村", "ring": square(-20000, -20000, 60000)}])
        rows = [{"code": f"{VILLAGE}JC9{i:04d}", "ring": square(13000 + 20 * i, 9000, 10)}
                for i in range(3)]
        rows.append({"code": f"{VILLAGE}JC90009", "ring": square(60000, 9000, 10)})
        path = layer_file(self.server.folder / "plots.geojson", rows)
        ran = self.run_verb("import", path, "--kind", "homestead", "--source-crs", "EPSG:4548",
                            "--output", "json")
        self.assertEqual(ran.json["rejected"], 1)
        self.assertEqual(ran.json["findings"]["B301"], 1)

    def test_check_asks_layers_without_a_server(self):
        folder = self.server.folder
        plots = layer_file(folder / "checked.geojson", [
            {"code": f"{VILLAGE}JC00001", "ring": square(0, 0, 10)},
            {"code": f"{VILLAGE}JC00002", "ring": square(100, 0, 10)}])
        red_line = layer_file(folder / "red.geojson", [{"code": "R1", "ring": square(95, 0, 50)}])
        flags = ("check", plots, "--kind", "homestead", "--crs", "EPSG:4548", "--source-crs",
                 "EPSG:4548", "--packs", str(ROOT / "deploy" / "policy"), "--output", "json")
        ran = run_landbook(*flags)
        self.assertIn("B303", ran.err)  # not run
        ran = run_landbook(*flags, "--control", f"red-line={red_line}")
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(ran.json["findings"]["B303"], 1)
        self.assertEqual(ran.json["rejected"], 1)
        self.assertNotIn("B303", ran.err)
        self.assertEqual(run_landbook(*flags, "--control", f"redline={red_line}").code, 2)

    def test_recheck_tells_what_stands_against_a_layer(self):
        county = "990103"
        book = Book(self.server, code=county)
        book.commit([book.plot(square(0, 0, 10), kind="homestead")])
        path = layer_file(self.server.folder / "later.geojson",
                          [{"code": "F1", "ring": square(-50, -50, 100)}])
        ran = self.server.landbook("import", path, "--control", "basic-farmland", "--effective",
                                   "2026-01-01", "--document", "D-9", "--source-crs", "EPSG:4548",
                                   county=county)
        self.assertEqual(ran.code, 0, ran)
        client = self.server.client("root:administrator")
        pages = client.VerifyBook(county=county, recheck=True)
        self.assertEqual([f.rule for page in pages for f in page.findings if f.rule == "B302"],
                         ["B302"])
        self.assertEqual([fault for page in pages for fault in page.faults], [])

    def test_wrong_usage(self):
        path = layer_file(self.server.folder / "any.geojson", [{"ring": square(0, 0, 1)}])
        for flags in (("--control", "red_line", "--effective", "2020-01-01", "--document", "D"),
                      ("--control", "red-line", "--document", "D"),
                      ("--effective", "2020-01-01"),
                      ("--control", "red-line", "--effective", "2020-01-01", "--document", "D",
                       "--zone-field", "nowhere")):
            with self.subTest(flags=flags):
                self.run_verb("import", path, *flags, "--source-crs", "EPSG:4548", code=2)
        self.import_layer("red-line", [{"ring": square(0, 0, 1)}], effective="2020-13-01", code=1)

    def test_a_county_that_keeps_layers_needs_them(self):
        # The packs of the project, and one of a county that keeps every layer.
        packs = self.server.folder / "packs"
        shutil.copytree(ROOT / "deploy" / "policy", packs)
        (packs / "keeping.textproto").write_text(
            'code: "keeping" version: 1 title: "县" parent: "national" sample: true\n')
        book = Book(self.server, code="990102")
        ran = self.server.landbook("county", "adopt", "990102", "keeping", "--packs", packs)
        self.assertEqual(ran.code, 0, ran)
        refused = self.assertRefused("LAYER_MISSING", book.commit, [
            book.plot(square(0, 0, 10), kind="homestead")])
        self.assertEqual(refused.reasons.count("LAYER_MISSING"), 5)

    def test_zz_the_book_holds(self):
        """After everything above: the journal folds to the state, shapes and all."""
        kinds = {effect.kind for entry in self.book.journal() for act in entry.acts
                 for effect in act.effects}
        self.assertIn(journal_pb2.RECORD_KIND_CONTROL_SHAPE, kinds)
        ran = self.run_verb("verify", "book")
        self.assertEqual(ran.code, 0, ran)


if __name__ == "__main__":
    unittest.main()
