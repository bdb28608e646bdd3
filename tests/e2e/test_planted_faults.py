"""Every fault that was planted in a county is found, and nothing else: by the files alone.

2,000 plots and three faults of each rule; in the long run 100,000 plots and 200 of each.
"""

import collections
import csv
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

from landbook_testing import BIN, run_landbook

LONG = os.environ.get("LANDBOOK_LONG") == "1"
PLOTS, EACH = (100_000, 200) if LONG else (2_000, 3)
RULES = ("B101 B102 B103 B104 B105 B106 B107 B108 B109 B110 B201 B202 B203 B204 B205 B401 B402 B403 "
         "B404")


def concerned(plot, other, row):
    """The plots of a finding, in no order; a plot without a code goes by its row."""
    names = [name for name in (plot, other) if name]
    return tuple(sorted(names)) if names else (f"row {row}",)


def planned(path):
    with open(path, encoding="utf-8", newline="") as table:
        return collections.Counter(
            (fault["rule"], concerned(fault["plot"], fault["other_plot"], fault["row"]))
            for fault in csv.DictReader(table, delimiter="\t"))


def found(path):
    """Findings but notes, each rule once for the same plots: a fault may show in two places."""
    with sqlite3.connect(path) as book:
        rows = book.execute("SELECT DISTINCT rule, plot, other_plot, row, other_row FROM findings"
                            " WHERE severity != 'note'").fetchall()
    return {(rule, concerned(plot, other, row)) for rule, plot, other, row, _ in rows}


class PlantedFaultsTest(unittest.TestCase):
    def test_findings_are_the_plan(self):
        with tempfile.TemporaryDirectory() as folder:
            layer = pathlib.Path(folder) / "county.shp"
            faults = ",".join(f"{rule}={EACH}" for rule in RULES.split())
            made = subprocess.run(
                [str(BIN / "landbook-sample-county"), str(layer), "--layout", "plain", "--plots",
                 str(PLOTS), "--faults", faults], capture_output=True, text=True, check=False)
            self.assertEqual(made.returncode, 0, made.stderr)
            findings = pathlib.Path(folder) / "findings.gpkg"
            ran = run_landbook("check", layer, "--crs", "EPSG:4548", "--kind", "contracted",
                               "--findings", findings, "--output", "json", timeout=800)
            self.assertEqual(ran.code, 0, ran)
            report = json.loads(ran.out)
            plan = planned(layer.parent / "faults.tsv")
            self.assertEqual(sorted({rule for rule, _ in plan}), RULES.split())
            seen = found(findings)
            self.assertEqual(sorted(set(plan) - seen)[:20], [], "planted and not found")
            self.assertEqual(sorted(seen - set(plan))[:20], [], "found and not planted")
            self.assertEqual(report["read"], PLOTS)
            self.assertEqual(report["read"], report["accepted"] + report["rejected"])


if __name__ == "__main__":
    unittest.main()
