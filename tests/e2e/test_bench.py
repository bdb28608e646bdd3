"""The benchmark: every line that it promises, alone and beside a PostGIS."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from landbook_testing import run_landbook

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES = {
    "import": "plots/s", "store": "MB", "memory": "MB", "find_grpc": "windows/s",
    "point_grpc": "points/s", "get_grpc": "plots/s", "commit": "commits/s", "open": "s",
    "transfer": "transfers/s", "find": "windows/s", "point": "points/s", "get": "plots/s"}
ALONE = {"open"}  # what nothing is compared with
POSTGIS = pathlib.Path("/usr/share/postgresql/15/extension/postgis.control")


def lines_of(ran):
    return [json.loads(line) for line in ran.out.splitlines()]


class BenchTest(unittest.TestCase):
    def bench(self, *arguments, code=0):
        ran = run_landbook("bench", *arguments)
        self.assertEqual(ran.code, code, ran)
        return ran

    def test_alone_there_is_no_peer_and_no_ratio(self):
        lines = lines_of(self.bench("get", "--plots", "300", "--seconds", "0.2"))
        self.assertEqual([(line["name"], line["unit"]) for line in lines], [("get", "plots/s")])
        self.assertGreater(lines[0]["landbook"], 0)
        self.assertIsNone(lines[0]["peer"])
        self.assertIsNone(lines[0]["ratio"])

    def test_slivers_are_found_and_kept_out(self):
        ran = self.bench("import", "--plots", "512", "--long-share", "0", "--sliver-share", "0.1")
        self.assertEqual([line["name"] for line in lines_of(ran)], ["import"])
        # The load is measured in three turns, each on an empty book.
        loads = re.findall(r"landbook: [\d.]+ s, (\d+ accepted, [1-9]\d* rejected; .*B201 \d+.*)",
                           ran.err)
        self.assertEqual(len(loads), 3)
        self.assertEqual(len(set(loads)), 1)

    def test_wrong_usage(self):
        for arguments in (("--against", "postgis"), ("--against", "mysql", "mysql://x"),
                          ("find", "--sliver-share", "0.1"), ("--seconds", "0"), ("nothing",)):
            with self.subTest(arguments=arguments):
                self.bench(*arguments, code=2)

    def test_a_peer_that_is_not_there_is_told(self):
        ran = self.bench("get", "--against", "postgis", "postgresql:///x?host=/nowhere", code=1)
        self.assertRegex(ran.err, r"UNAVAILABLE: PostgreSQL: .*/nowhere")


@unittest.skipUnless(POSTGIS.exists(), "postgresql-15-postgis-3 is not installed")
class PeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = pathlib.Path(tempfile.gettempdir()) / f"landbook-peer-test-{os.getpid()}"
        cls.environment = {**os.environ, "LANDBOOK_PEER_DIRECTORY": str(directory)}
        cls.addClassCleanup(cls.peer, "stop")
        cls.uri = cls.peer("start").strip()
        cls.directory = directory

    @classmethod
    def peer(cls, verb):
        return subprocess.run([ROOT / "tools" / "peer-postgis", verb], env=cls.environment,
                              check=True, stdout=subprocess.PIPE, text=True).stdout

    def test_started_again_it_is_the_same(self):
        self.assertEqual(self.peer("start").strip(), self.uri)
        self.assertEqual(self.peer("uri").strip(), self.uri)

    def test_every_line_has_its_ratio_and_slivers_are_seen_by_both(self):
        ran = run_landbook("bench", "--plots", "600", "--seconds", "0.2", "--against", "postgis",
                           self.uri)
        self.assertEqual(ran.code, 0, ran)
        lines = {line["name"]: line for line in lines_of(ran)}
        self.assertEqual({name: line["unit"] for name, line in lines.items()}, LINES)
        for name, line in lines.items():
            with self.subTest(name=name):
                if name in ALONE:
                    self.assertIsNone(line["peer"])
                else:
                    self.assertAlmostEqual(line["ratio"] * line["peer"] / line["landbook"], 1, 2)
        self.assertIn("postgis: shared_buffers = 2GB", ran.err)
        self.assertIn("(0 invalid)", ran.err)
        self.assertIn("(0 overlap)", ran.err)

        ran = run_landbook("bench", "import", "--plots", "512", "--long-share", "0",
                           "--sliver-share", "0.2", "--against", "postgis", self.uri)
        self.assertEqual(ran.code, 0, ran)
        self.assertRegex(ran.err, r"\([1-9]\d* overlap\)")


if __name__ == "__main__":
    unittest.main()
