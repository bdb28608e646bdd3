"""plot split, merge, amend and snap, from the command line on."""

import json
import unittest

from landbook_county import EAST_M, NORTH_M, Book, first_created
from landbook_testing import ServerCase

COUNTY = "990104"


def ring(*corners):
    """A closed ring, in metres from where the county's ground begins."""
    points = [(EAST_M + x, NORTH_M + y) for x, y in corners]
    return points + points[:1]


def square(east, north, size=20):
    return ring((east, north), (east + size, north), (east + size, north + size),
                (east, north + size))


class PlotChangesTest(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server, code=COUNTY)

    def establish(self, *rings, accepted=()):
        """The plots' codes, as the book gave them; `accepted` are warnings, by act and rule."""
        made = self.book.commit([self.book.plot(r) for r in rings], overrides=[
            {"rule": rule, "act": act, "reason": "旧测量", "document_number": "D-0"}
            for act, rule in accepted])
        numbers = [first_created(made, i, "PLOT") for i in range(len(rings))]
        return [self.plot(str(n)).code for n in numbers]

    def plot(self, name):
        return self.book.registrar.GetPlot(county=COUNTY, plot=name)

    def change(self, *arguments, code=0, document="D-1", officer="li:administrator"):
        flags = ("--document", document) if document else ()
        ran = self.server.landbook("plot", *arguments, *flags, "--output", "json", county=COUNTY,
                                   officer=officer)
        self.assertEqual(ran.code, code, ran)
        return ran

    def layer(self, *shapes):
        """A layer of rings, each alone or with its code."""
        path = self.server.folder / "shapes.geojson"
        features = []
        for shape in shapes:
            code, points = shape if isinstance(shape[0], str) else ("", shape)
            features.append({"type": "Feature", "properties": {"dkbm": code},
                             "geometry": {"type": "Polygon", "coordinates": [points]}})
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    def test_a_plot_is_split_and_merged_again(self):
        [whole] = self.establish(square(0, 0))
        parts = self.layer(ring((0, 0), (8, 0), (8, 20), (0, 20)),
                           ring((8, 0), (20, 0), (20, 20), (8, 20)))
        self.change("split", whole, parts, "--source-crs", "EPSG:4548")
        self.assertEqual(self.plot(whole).state, 2)
        [west, east] = [str(number) for number in self.plot(whole).made_into]
        self.assertEqual([self.plot(p).recorded_area_m2 for p in (west, east)],
                         ["160.00", "240.00"])
        self.change("merge", west, east)
        [merged] = self.plot(west).made_into
        self.assertEqual(self.plot(str(merged)).recorded_area_m2, "400.00")

    def test_by_hand_only_an_administrator_changes_plots_of_an_open_book(self):
        [code] = self.establish(square(700, 0))
        path = self.layer(ring((700, 0), (718, 0), (718, 20), (700, 20)))
        refused = self.change("amend", code, path, "--source-crs", "EPSG:4548",
                              officer="li:registrar", code=1)
        self.assertRegex(refused.err, r"CASE_REQUIRED: .*landbook case apply")
        self.assertEqual(self.plot(code).recorded_area_m2, "400.00")

    def test_a_clerk_files_a_case_for_a_split(self):
        [whole] = self.establish(square(800, 0))
        made = self.book.commit([self.book.unit({"code": whole}),
                                 self.book.organisation("某合作社")])
        firm = first_created(made, 1, "PARTY")
        application = self.server.folder / "application.json"
        application.write_text(json.dumps({
            "applicants": [{"party": {"number": str(firm)}, "side": "APPLICANT_SIDE_HOLDER"}],
            "evidence": [{"kind": f"EVIDENCE_KIND_{kind}", "date": "2026-03-01"}
                         for kind in ("APPLICATION", "IDENTITY", "SURVEY")]}))
        parts = self.layer(ring((800, 0), (808, 0), (808, 20), (800, 20)),
                           ring((808, 0), (820, 0), (820, 20), (808, 20)))
        draft = self.change("split", whole, parts, "--source-crs", "EPSG:4548", "--apply",
                            application, document=None, officer="wu:intake").json["number"]
        self.assertEqual(self.plot(whole).state, 1, "a draft changes nothing")
        case = self.step("accept", draft, officer="wu:intake")["code"]
        self.step("review", case, "--approve", officer="qi:reviewer")
        self.step("register", case, officer="ren:registrar")
        parts = [self.plot(str(number)) for number in self.plot(whole).made_into]
        self.assertEqual([part.recorded_area_m2 for part in parts], ["160.00", "240.00"])
        header = self.book.journal()[-1].header
        self.assertEqual((header.hand_made, header.document_number), (False, ""))
        self.assertGreater(header.case_number, 0)

    def step(self, verb, number, *flags, officer):
        ran = self.server.landbook("case", verb, number, *flags, "--output", "json", county=COUNTY,
                                   officer=officer)
        self.assertEqual(ran.code, 0, ran)
        return ran.json

    def test_a_boundary_is_amended_from_a_file(self):
        [code] = self.establish(square(100, 0))
        path = self.layer(ring((100, 0), (118, 0), (118, 20), (100, 20)))
        reading = ("--source-crs", "EPSG:4548")
        self.change("amend", code, path, *reading, "--explain")
        self.assertEqual(self.plot(code).recorded_area_m2, "400.00")
        self.change("amend", code, path, *reading)
        self.assertEqual(self.plot(code).recorded_area_m2, "360.00")

    def test_the_plots_own_row_is_found_by_its_code(self):
        [code] = self.establish(square(200, 0))
        path = self.layer(("990104001001JC99999", square(300, 0)),
                          (code, ring((200, 0), (219, 0), (219, 20), (200, 20))))
        refused = self.change("amend", code, path, "--source-crs", "EPSG:4548", code=1)
        self.assertIn("exactly one is wanted", refused.err)
        self.change("amend", code, path, "--source-crs", "EPSG:4548", "--code-field", "dkbm")
        self.assertEqual(self.plot(code).recorded_area_m2, "380.00")

    def test_an_amendment_over_a_neighbour_is_refused(self):
        [code, _] = self.establish(square(400, 0), square(420, 0))
        path = self.layer(ring((400, 0), (425, 0), (425, 20), (400, 20)))
        refused = self.change("amend", code, path, "--source-crs", "EPSG:4548", code=1)
        self.assertIn("PLOT_OVERLAPS_NEIGHBOUR", refused.err)

    def test_a_plot_snaps_to_its_neighbour_when_a_person_accepts_it(self):
        # The second one's corner is 5 mm off the first one's, and a vertex stands on its edge.
        [first, second] = self.establish(
            square(500, 0), ring((520.003, 0.004), (540, 0), (540, 20), (520, 20), (520, 10)),
            accepted=((0, "B203"), (0, "B205"), (1, "B203"), (1, "B204")))
        shown = self.change("snap", first, document=None).json
        # With its corner moved by 3 mm eastward, the edge lies half of that off the vertex.
        self.assertEqual([(step["distance_m"], step["neighbour_code"], "before" in step)
                          for step in shown["steps"]],
                         [("0.0050", second, True), ("0.0015", second, False)])
        self.assertEqual((shown["area_before_m2"], shown["findings"]), ("400.00", []))
        self.assertEqual(self.plot(first).etag, shown["etag"])
        without = self.change("snap", first, "--accept", shown["token"], document=None, code=2)
        self.assertIn("--document", without.err)
        other = self.change("snap", first, "--accept", "000000000000", code=1)
        self.assertIn("look at it again", other.err)
        self.change("snap", first, "--accept", shown["token"])
        again = self.change("snap", first, document=None).json
        self.assertEqual((again["steps"], again["token"]), ([], ""))
        self.assertNotEqual(self.plot(first).etag, shown["etag"])
        stale = self.change("snap", first, "--accept", shown["token"], code=1)
        self.assertIn("now meets its neighbours", stale.err)

    def test_what_there_is_not_cannot_snap(self):
        self.assertIn("RECORD_NOT_FOUND", self.change("snap", "990104001001JC88888",
                                                      document=None, code=1).err)
        [whole] = self.establish(square(600, 0))
        self.change("split", whole, self.layer(ring((600, 0), (608, 0), (608, 20), (600, 20)),
                                               ring((608, 0), (620, 0), (620, 20), (608, 20))),
                    "--source-crs", "EPSG:4548")
        self.assertIn("RECORD_ENDED", self.change("snap", whole, document=None, code=1).err)


if __name__ == "__main__":
    unittest.main()
