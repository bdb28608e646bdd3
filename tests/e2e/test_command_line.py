"""The command line as offices script it: exit codes, JSON, and every verb of the contract."""

import json
import signal
import subprocess
import time
import unittest

from landbook_county import Book, box, created, first_created, number, over_standard
from landbook_testing import BIN, Refused, Server, ServerCase, answer_of, run_landbook

COUNTY = "990101"
PLOTS = 400
REPORT = {"read", "accepted", "unchanged", "rejected", "seconds", "findings"}


def sample_county(*arguments):
    binary = BIN / "landbook-sample-county"
    if not binary.exists():
        raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")
    subprocess.run([str(binary), *map(str, arguments)], check=True, capture_output=True)


def plots_of(server, county):
    """What the book says of its plots, boundaries as bytes, by code."""
    client = server.client("root:administrator")
    plots, token = {}, ""
    while True:
        page = client.ListPlots(county=county, page_size=1000, page_token=token)
        for plot in page.plots:
            plots[plot.code] = (plot.boundary.compact, plot.recorded_area_m2, plot.stated_area_m2,
                                plot.location, plot.kind,
                                {a.key: a.value for a in plot.attributes if a.key != "plot_kind"})
        token = page.next_page_token
        if not token:
            return plots


class CommandLineTest(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")
    counties = 0

    def run_verb(self, *arguments, code=0, **keywords):
        ran = self.server.landbook(*arguments, **keywords)
        self.assertEqual(ran.code, code, ran)
        return ran

    def create(self, **flags):
        type(self).counties += 1
        code = f"99{self.counties:04d}"
        self.run_verb("county", "create", code, "--name", "样例县", "--crs",
                      flags.get("crs", "EPSG:4548"), "--policy", "sample", "--suite",
                      flags.get("suite", "sha256-ed25519"))
        return code

    def package(self, *flags, code=None, name="package"):
        folder = self.server.folder / f"{name}-{code or 'any'}"
        sample_county(folder, "--plots", PLOTS, "--county", code or "990001", *flags)
        return folder

    def report(self, ran):
        report = ran.json
        self.assertEqual(set(report), REPORT)
        self.assertEqual(report["read"], report["accepted"] + report["rejected"])
        for name in ("read", "accepted", "unchanged", "rejected"):
            self.assertIsInstance(report[name], int)
        self.assertEqual(len(ran.out.splitlines()), 1)
        return report

    # Usage.

    def test_wrong_usage_is_2_and_help_is_0(self):
        for arguments in ((), ("no-such-verb",), ("county", "create"), ("plot", "find"),
                          ("county", "list", "--output", "yaml"), ("import",),
                          ("clock", "advance", "-1")):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.server.landbook(*arguments).code, 2)
        ran = run_landbook("--help")
        self.assertEqual(ran.code, 0)
        for verb in ("county", "import", "export", "check", "plot", "right", "commit", "explain",
                     "watch", "verify", "clock", "bench"):
            self.assertRegex(ran.out, rf"\b{verb}\b")

    def test_failures_are_1_and_a_refusal_is_a_line_each(self):
        ran = self.run_verb("plot", "get", "1", county="999999", code=1)
        self.assertRegex(ran.err, r"(?m)^NOT_FOUND COUNTY_UNKNOWN: .+")
        self.assertEqual(ran.out, "")
        ran = run_landbook("county", "list", "--server", "127.0.0.1:1", "--as", "root")
        self.assertEqual(ran.code, 1, ran)
        self.assertIn("127.0.0.1:1", ran.err)
        self.run_verb("county", "list", officer=None, code=1)

    # Counties.

    def test_the_life_of_a_county(self):
        code = self.create(suite="sm3-sm2")
        listed = self.run_verb("county", "list", "--output", "json").json
        county = next(c for c in listed["counties"] if c["code"] == code)
        self.assertEqual((county["state"], county["suite"], county["epsg"], county["trial"]),
                         ("BOOK_STATE_PREPARING", "SUITE_SM3_SM2", 4548, True))
        self.assertEqual(county["succeeded_by"], "", "zero values are printed")
        self.run_verb("county", "discard", code)
        self.run_verb("county", "discard", code, code=1)
        self.run_verb("county", "create", code, "--name", "样例县", "--crs", "EPSG:4548",
                      "--policy", "sample")
        self.run_verb("county", "open", code)
        self.run_verb("county", "discard", code, code=1)
        self.run_verb("county", "open", code, code=1)
        self.run_verb("county", "close", code, "--to", "990999")
        ran = self.run_verb("county", "adopt", code, "sample", code=1)
        self.assertIn("BOOK_CLOSED", ran.err)

    # Layers.

    def test_a_package_is_checked_imported_and_imported_again(self):
        code = self.create()
        folder = self.package(code=code)
        checked = self.report(self.run_verb("check", folder, "--crs", "EPSG:4548", "--output",
                                            "json"))
        self.assertEqual((checked["read"], checked["rejected"]), (PLOTS, 0))
        dry = self.run_verb("import", folder, "--dry-run", "--output", "json", county=code)
        self.assertEqual(self.report(dry)["accepted"], PLOTS)
        client = self.server.client("root:administrator")
        self.assertEqual(list(client.GetStatistics(county=code).plots), [])
        first = self.report(self.run_verb("import", folder, "--output", "json", county=code))
        self.assertEqual((first["accepted"], first["unchanged"]), (PLOTS, 0))
        again = self.report(self.run_verb("import", folder, "--output", "json", county=code))
        self.assertEqual((again["accepted"], again["unchanged"]), (PLOTS, PLOTS))
        self.assertEqual([k.count for k in client.GetStatistics(county=code).plots], [PLOTS])
        self.run_verb("verify", "book", county=code)

    def test_a_check_needs_no_server_and_agrees_with_the_import(self):
        code = self.create()
        folder = self.package("--faults", "B201=3,B203=2,B204=2,B105=2", code=code, name="faulty")
        ran = run_landbook("check", folder, "--crs", "EPSG:4548", "--policy", "sample",
                           "--output", "json", "--server", "127.0.0.1:1")
        self.assertEqual(ran.code, 0, ran)
        checked = self.report(ran)
        for rule in ("B201", "B203", "B204", "B105"):
            self.assertGreater(checked["findings"].get(rule, 0), 0, checked)
        imported = self.report(self.run_verb("import", folder, "--output", "json", county=code))
        for name in ("read", "accepted", "rejected", "findings"):
            self.assertEqual(imported[name], checked[name])
        self.assertGreaterEqual(imported["rejected"], 6)

    def test_findings_do_not_depend_on_the_number_of_workers(self):
        folder = self.package("--faults", "B201=3,B203=2,B205=2", code="990001", name="workers")
        seen = set()
        for workers in (1, 2, 5):
            ran = run_landbook("check", folder, "--crs", "EPSG:4548", "--output", "json",
                               "--workers", workers)
            self.assertEqual(ran.code, 0, ran)
            report = {**ran.json, "seconds": 0}
            seen.add(json.dumps(report, sort_keys=True))
        self.assertEqual(len(seen), 1, seen)

    def test_an_export_reads_back_byte_for_byte(self):
        code = self.create()
        self.report(self.run_verb("import", self.package(code=code, name="exported"), "--output",
                                  "json", county=code))
        wanted = plots_of(self.server, code)
        self.assertEqual(len(wanted), PLOTS)
        # Codes name their county, so another server has to take the export.
        other = Server()
        self.addCleanup(other.close)
        other.start()
        for number_of, (ending, flags, reading) in enumerate((
                ("gpkg", (), ()), ("shp", (), ()), ("shp", ("--encoding", "GBK"), ()),
                ("geojson", (), ("--source-crs", "EPSG:4490")), ("fgb", (), ()))):
            with self.subTest(ending=ending, flags=flags):
                file = self.server.folder / f"export-{number_of}.{ending}"
                self.run_verb("export", file, *flags, county=code)
                self.assertEqual(other.landbook(
                    "county", "create", code, "--name", "样例县", "--crs", "EPSG:4548", "--policy",
                    "sample").code, 0)
                report = self.report(other.landbook(
                    "import", file, "--layout", "plain", "--kind", "contracted", "--output",
                    "json", *reading, county=code))
                self.assertEqual(report["accepted"], PLOTS)
                self.assertEqual(plots_of(other, code), wanted)
                self.assertEqual(other.landbook("county", "discard", code).code, 0)

    def test_an_export_as_of_the_past(self):
        code = self.create()
        self.run_verb("import", self.package(code=code, name="past"), county=code)
        sequence = self.server.client("root:administrator").GetCounty(county=code).sequence
        file = self.server.folder / "past.gpkg"
        ran = self.run_verb("export", file, "--as-of", 1, "--output", "json", county=code)
        self.assertEqual(ran.json["plots"], 0)
        file.unlink()
        ran = self.run_verb("export", file, "--as-of", sequence, "--output", "json", county=code)
        self.assertEqual(ran.json["plots"], PLOTS)

    def test_what_cannot_be_imported(self):
        code = self.create()
        missing = self.server.folder / "nowhere.shp"
        self.assertIn("nowhere.shp", self.run_verb("import", missing, county=code, code=1).err)
        text = self.server.folder / "text.shp"
        text.write_text("no shapefile")
        self.run_verb("import", text, "--kind", "construction", "--allocate-codes",
                      code + "001001", "--source-crs", "EPSG:4548", county=code, code=1)
        self.run_verb("import", self.package(code=code, name="twice"), "--findings", "f.txt",
                      county=code, code=2)
        # Another county's codes are findings, not a failure.
        other = self.report(self.run_verb("import", self.package(code="990777", name="other"),
                                          "--output", "json", county=code))
        self.assertEqual((other["accepted"], other["findings"].get("B401", 0) >= PLOTS), (0, True))

    def test_a_damaged_delivery_loses_no_row_in_silence(self):
        """A .shp or .dbf that is cut off, and companions that are missing."""
        code = self.create()
        layer = next(self.package(code=code, name="damaged").rglob("DK*.shp"))

        def delivery(name, cut=None, without=()):
            folder = self.server.folder / name
            folder.mkdir()
            for part in ("shp", "shx", "dbf", "prj", "cpg"):
                data = layer.with_suffix(f".{part}").read_bytes()
                if part not in without:
                    half = data[:len(data) // 2 + 7] if part == cut else data
                    (folder / f"{layer.stem}.{part}").write_bytes(half)
            return folder / layer.name

        for cut in ("shp", "dbf"):
            with self.subTest(cut=cut):
                ran = self.run_verb("import", delivery(f"cut-{cut}", cut), "--dry-run", "--output",
                                    "json", county=code)
                report = self.report(ran)
                self.assertEqual(report["read"], PLOTS)
                self.assertGreaterEqual(report["findings"]["B403"], report["rejected"])
                self.assertAlmostEqual(report["rejected"] / PLOTS, 0.5, delta=0.1)
                self.assertIn(f"The .{cut} is cut off", ran.err)
        ran = self.run_verb("import", delivery("no-shx", without=("shx",)), "--dry-run",
                            "--output", "json", county=code)
        self.assertEqual(self.report(ran)["accepted"], PLOTS)
        # Text in GBK that nothing declares is told by its bytes; a system is never guessed.
        bare = delivery("bare", without=("prj", "cpg"))
        self.run_verb("import", bare, county=code, code=2)
        ran = self.run_verb("import", bare, "--source-crs", "EPSG:4548", "--output", "json",
                            county=code)
        self.assertEqual(self.report(ran)["accepted"], PLOTS)
        whole = self.run_verb("import", layer, "--output", "json", county=code)
        self.assertEqual(self.report(whole)["unchanged"], PLOTS, "read otherwise than declared")

    def test_ctrl_c_stops_cleanly_and_the_same_import_takes_the_rest(self):
        code = self.create()
        folder = self.server.folder / "long"
        sample_county(folder, "--plots", 20_000, "--county", code)
        process = subprocess.Popen(
            [str(BIN / "landbook"), "import", str(folder), "--output", "json", "--server",
             self.server.address, "--as", "root:administrator", "--county", code],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        client = self.server.client("root:administrator")
        while process.poll() is None and not client.GetStatistics(county=code).plots:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        # 0 when it was done before it heard.
        self.assertIn(process.returncode, (0, 1), err)
        self.assertNotIn(b"\r", err, "a progress bar where stderr is no terminal")
        rest = self.report(self.run_verb("import", folder, "--output", "json", county=code))
        self.assertEqual((rest["read"], rest["accepted"]), (20_000, 20_000))
        counted = client.GetStatistics(county=code)
        self.assertEqual([kind.count for kind in counted.plots], [20_000])
        self.run_verb("verify", "book", county=code)


class BookVerbsTest(ServerCase):
    """Verbs over one small book."""

    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server, COUNTY)
        cls.village = cls.book.village()
        cls.holder = cls.village.households[0].party
        response = cls.book.commit([
            cls.book.plot(box(0, 0)), cls.book.unit(created(0)),
            cls.book.grant(created(1), "homestead", [number(cls.holder)])],
            overrides=[over_standard(2)])
        cls.code = response.results[0].records[0].code
        cls.right = first_created(response, 2, "RIGHT")

    def verb(self, *arguments, code=0):
        ran = self.server.landbook(*arguments, "--output", "json", county=COUNTY)
        self.assertEqual(ran.code, code, ran)
        return ran

    def commit_file(self, **commit):
        file = self.server.folder / "commit.json"
        file.write_text(json.dumps(commit), encoding="utf-8")
        return file

    def test_plot_get_and_history(self):
        plot = self.verb("plot", "get", self.code).json
        self.assertEqual((plot["code"], plot["kind"], plot["recorded_area_m2"]),
                         (self.code, "homestead", "400.00"))
        self.assertEqual(plot["unconfirmed"], False)
        history = self.verb("plot", "history", self.code).json
        self.assertEqual([version["code"] for version in history["versions"]], [self.code])
        self.verb("plot", "get", self.code, "--as-of", "1", code=1)
        self.assertIn("RECORD_NOT_FOUND", self.verb("plot", "get", "nothing", code=1).err)

    def test_plot_find(self):
        (x0, y0), (x1, y1) = box(0, 0)[0], box(0, 0)[2]
        for flags in (("--bbox", f"{x0},{y0},{x1},{y1}"), ("--at", f"{x0 + 1},{y0 + 1}"),
                      ("--holder", self.holder)):
            self.assertIn(self.code, self.verb("plot", "find", *flags).out, flags)
        self.assertNotIn(self.code, self.verb("plot", "find", "--at", f"{x0 - 1},{y0}").out)
        self.verb("plot", "find", "--at", "here", code=2)
        # By degrees: the south-west corner of the plot lies near 117.22 E, 36.76 N.
        ran = self.verb("plot", "find", "--bbox", "117.0,36.0,118.0,37.0", "--crs", "EPSG:4490")
        self.assertIn(self.code, ran.out)

    def test_right_list(self):
        for flags in (("--plot", self.code), ("--holder", self.holder)):
            rights = self.verb("right", "list", *flags).json["rights"]
            self.assertEqual([right["type"] for right in rights], ["homestead"])
            self.assertEqual(rights[0]["holders"][0]["party"], str(self.holder))

    def test_commit_and_explain(self):
        file = self.commit_file(request_id="by file", document_number="样字3号",
                                acts=[self.book.organisation("某公司")])
        before = self.book.sequence()
        self.verb("explain", file)
        self.assertEqual(self.book.sequence(), before)
        first = self.verb("commit", file).json
        self.assertEqual(self.verb("commit", file).json, first)
        self.assertEqual(self.book.sequence(), before + 1)
        bank = self.book.commit([self.book.organisation(
            "样例银行", "ORGANISATION_KIND_FINANCIAL_INSTITUTION")]).results[0].records[0].number
        refused = self.commit_file(
            request_id="homestead", document_number="样字4号",
            acts=[self.book.mortgage(self.book.right(self.right), bank)])
        for verb in ("commit", "explain"):
            ran = self.verb(verb, refused, code=1)
            self.assertRegex(ran.err, r"(?m)^FAILED_PRECONDITION MORTGAGE_NOT_PERMITTED: .+\[.+\]")
        broken = self.server.folder / "broken.json"
        broken.write_text('{"acts": [{"no_such_act": {}}]}')
        self.assertNotEqual(self.server.landbook("commit", broken, county=COUNTY).code, 0)

    def test_an_officers_name_in_chinese(self):
        file = self.commit_file(request_id="by 李", acts=[self.book.organisation("某公司")])
        ran = self.server.landbook("commit", file, "--output", "json", county=COUNTY,
                                   officer=f"李:registrar@{COUNTY}")
        self.assertEqual(ran.code, 0, ran)
        entry = self.book.admin.Watch(county=COUNTY, once=True,
                                      from_sequence=ran.json["sequence"])[0]
        self.assertEqual(entry.header.actor.principal, "李")

    def test_watch_prints_one_entry_a_line_and_resumes(self):
        ran = self.verb("watch", "--once")
        entries = [json.loads(line) for line in ran.out.splitlines()]
        self.assertEqual([int(entry["sequence"]) for entry in entries],
                         list(range(1, len(entries) + 1)))
        ran = self.verb("watch", "--once", "--from", "3")
        self.assertEqual([json.loads(line) for line in ran.out.splitlines()], entries[2:])

    def test_watch_waits_for_what_comes(self):
        sequence = self.book.sequence()
        process = subprocess.Popen(
            [str(BIN / "landbook"), "watch", "--from", str(sequence + 1), "--server",
             self.server.address, "--as", "root:administrator", "--county", COUNTY],
            stdout=subprocess.PIPE, text=True)
        try:
            self.book.commit([self.book.organisation("后来的公司")])
            self.assertEqual(int(json.loads(process.stdout.readline())["sequence"]), sequence + 1)
        finally:
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 0)
            process.stdout.close()

    def test_verify(self):
        answer = self.verb("verify", "book").json
        self.assertEqual(answer["faults"], [])
        self.assertGreaterEqual(answer["entries"], self.book.sequence() - 1)
        # Every book of the server when no county is named.
        self.assertEqual(self.server.landbook("verify", "book").code, 0)
        self.assertEqual(self.verb("verify", "book", "--recheck").json["faults"], [])
        self.verb("verify", "consistency", "--old", "2", "--new", "0")

    def test_the_clock(self):
        before = self.verb("clock", "advance", "1").json["now"]
        after = self.verb("clock", "advance", "30").json["now"]
        self.assertGreater(after, before)
        self.assertTrue(before.startswith("2026-03-0"), before)

    def test_times_and_tables_for_people(self):
        ran = self.server.landbook("plot", "get", self.code, county=COUNTY)
        self.assertEqual(ran.code, 0)
        self.assertIn(self.code, ran.out)
        self.assertFalse(ran.out.lstrip().startswith("{"))


class MachineClockTest(ServerCase):
    def test_the_clock_of_a_machine_is_not_advanced(self):
        ran = self.server.landbook("clock", "advance", 1)
        self.assertEqual(ran.code, 1, ran)
        self.assertIn("CLOCK_NOT_TRIAL", ran.err)

    def test_sigterm_ends_in_order(self):
        Book(self.server, "990109")
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(self.server.client("root:administrator").GetCounty(
            county="990109").sequence, 2)

    def test_sigterm_finishes_the_calls_under_way(self):
        book = Book(self.server, "990110")
        requests = [book.request([book.organisation(f"公司{i}")], request_id=f"under way {i}")
                    for i in range(64)]
        futures = [book.registrar.future("Commit", request) for request in requests]
        answer_of(futures[0])
        self.assertEqual(self.server.terminate(), 0)
        answered = {}
        for request, future in zip(requests, futures):
            try:
                answered[request.commit.request_id] = answer_of(future).sequence
            except Refused as refused:
                self.assertIn(refused.code.name, ("UNAVAILABLE", "CANCELLED"), refused)
        self.server.start()
        book.connect()
        journal = {entry.header.request_id: entry.sequence for entry in book.journal()}
        self.assertEqual(answered, {r: s for r, s in journal.items() if r in answered})

    def test_the_server_uses_usage_errors_too(self):
        done = subprocess.run([str(BIN / "landbookd")], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
