"""The plot sheet (宗地图): what `landbook plot map` puts on paper, and what it refuses."""

import struct
import subprocess
import unittest

from landbook_county import EAST_M, NORTH_M, Book, created, number, over_standard
from landbook_testing import COUNTY, ServerCase

DAY = "2026-03-02"


def square(column):
    """Closed rings of 20 m by 15 m that lie side by side."""
    x, y = EAST_M + 20 * column, NORTH_M
    return [(x, y), (x, y + 15), (x + 20, y + 15), (x + 20, y), (x, y)]


def plot_act(book, ring, location, code):
    act = book.plot(ring, code=code)
    act["establish_plot"]["plot"].update(location=location, land_use="0702")
    return act


class PlotMapTest(ServerCase):
    flags = ("--trial-clock", f"{DAY}T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        household = cls.book.village(households=1).households[0]
        cls.codes = [f"{COUNTY}001001JC0000{i}" for i in range(1, 4)]
        cls.book.commit([
            plot_act(cls.book, square(0), "样例县𠮷村三组12号", cls.codes[0]),
            plot_act(cls.book, square(1), "样例村", cls.codes[1]),
            plot_act(cls.book, square(2), "样例村\U0010FFFD号", cls.codes[2]),
            cls.book.unit(created(0)),
            cls.book.grant(created(3), "homestead", [number(household.party)])],
            overrides=[over_standard(4)])

    def draw(self, name, plot, *flags, code=0, **keywords):
        path = self.server.folder / name
        ran = self.server.landbook("plot", "map", plot, "--to", path, *flags, county=COUNTY,
                                   **{"officer": "li:registrar", **keywords})
        self.assertEqual(ran.code, code, ran)
        return path, ran

    def text_of(self, path):
        return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True,
                              capture_output=True, text=True).stdout

    def test_a_pdf_has_one_page_that_says_what_the_book_says(self):
        path, _ = self.draw("sheet.pdf", self.codes[0])
        about = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True,
                               text=True).stdout
        self.assertRegex(about, r"Pages: +1\n")
        self.assertRegex(about, r"Page size: +595\.\d+ x 841\.\d+ pts \(A4\)")
        text = self.text_of(path)
        for part in ("宗地图", self.codes[0], "0702", "300.00 m²", "0.45 亩", "样例县𠮷村三组12号",
                     "EPSG:4548", "户主0", "J1", "J4", "20.00", "15.00", "JC00002", "北",
                     "1:200", DAY, "无法律效力", "4070015.0000", "520020.0000",
                     f"据登记簿第 {self.book.sequence()} 条绘制"):
            self.assertIn(part, text)

    def test_the_sheet_leads_back_to_a_signed_head(self):
        text = self.text_of(self.draw("traced.pdf", self.codes[0])[0])
        head = self.book.admin.GetHead(county=COUNTY)
        self.assertIn(f"root {head.root.hex()}", text)
        self.assertIn(f"key {head.key_id.hex()}", text)

    def test_the_same_entry_gives_the_same_file(self):
        first, _ = self.draw("first.pdf", self.codes[0])
        second, _ = self.draw("second.pdf", self.codes[0])
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_who_may_not_see_the_holder_gets_a_sheet_without(self):
        text = self.text_of(self.draw("public.pdf", self.codes[0], officer="wang:citizen")[0])
        self.assertNotIn("权利人", text)
        self.assertNotIn("户主0", text)
        self.assertIn(self.codes[0], text)

    def test_an_older_entry_says_that_it_is_not_current(self):
        established = self.book.sequence()
        self.book.commit([self.book.collective("另一村农民集体", COUNTY + "001002")])
        text = self.text_of(self.draw("old.pdf", self.codes[0], "--as-of", established)[0])
        self.assertIn(f"NOT CURRENT: AS OF ENTRY {established}", text)
        self.draw("before.pdf", self.codes[0], "--as-of", 1, code=1)
        text = self.text_of(self.draw("now.pdf", self.codes[0], "--as-of",
                                      self.book.admin.GetCounty(
                                          county=COUNTY).recorded_at.ToJsonString())[0])
        self.assertNotIn("NOT CURRENT", text)

    def test_a_png_has_the_papers_size_at_300_dpi(self):
        for paper, size in (("A4", (2480, 3508)), ("A3", (3508, 4961))):
            path, _ = self.draw(f"{paper}.png", self.codes[0], "--paper", paper)
            data = path.read_bytes()
            self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
            self.assertEqual(struct.unpack(">II", data[16:24]), size)

    def test_a_missing_glyph_is_refused_by_name_and_nothing_is_written(self):
        path, ran = self.draw("missing.pdf", self.codes[2], code=1)
        self.assertIn("U+10FFFD", ran.err)
        self.assertFalse(path.exists())

    def test_what_cannot_be_drawn_is_refused(self):
        _, ran = self.draw("small.pdf", self.codes[0], "--scale", 20, code=1)
        self.assertIn("the largest scale that fits is 1:200", ran.err)
        self.draw("sheet.svg", self.codes[0], code=2)
        self.draw("sheet.pdf", "990101001001JC09999", code=1)
        self.draw("a2.pdf", self.codes[0], "--paper", "A2", code=2)


if __name__ == "__main__":
    unittest.main()
