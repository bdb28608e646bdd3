"""The exchange package of NY/T 2539: into a book, out again, into another, and deliveries that lie."""

import csv
import json
import shutil
import struct
import subprocess
import unittest
import zipfile
from pathlib import Path

from landbook_county import Book
from landbook_testing import BIN, Server, ServerCase, message, registry_service_pb2, right_pb2

COUNTY = "990101"
PLOTS = 60
TABLES = ("FBF", "CBF", "CBF_JTCY", "CBHT", "CBDKXX", "CBJYQZDJB", "CBJYQZ")
LAYERS = ("DK", "JZD", "JZX", "JA", "JB", "JC")


def dbf_rows(path, encoding="utf-8"):
    """The rows of a dBASE table as text by column, blanks taken off."""
    data = Path(path).read_bytes()
    count, header, size = struct.unpack("<IHH", data[4:12])
    columns, at = [], 1
    for offset in range(32, header - 1, 32):
        name = data[offset:offset + 11].split(b"\0")[0].decode()
        columns.append((name, at, data[offset + 16]))
        at += data[offset + 16]
    rows = []
    for i in range(count):
        record = data[header + i * size:header + (i + 1) * size]
        rows.append({name: record[begin:begin + width].decode(encoding).strip()
                     for name, begin, width in columns})
    return rows


def write_dbf(path, columns, rows, encoding):
    """A dBASE table of text columns (name, width) in which values are cut to their width."""
    with open(path, "wb") as file:
        size = 1 + sum(width for _, width in columns)
        file.write(struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(rows), 33 + 32 * len(columns), size))
        for name, width in columns:
            file.write(struct.pack("<11sc4xB15x", name.encode(), b"C", width))
        file.write(b"\r")
        for row in rows:
            values = [row[name] if isinstance(row[name], bytes) else row[name].encode(encoding)
                      for name, _ in columns]
            file.write(b" " + b"".join(value[:width].ljust(width)
                                       for value, (_, width) in zip(values, columns)))
        file.write(b"\x1a")


def table_of(folder, name, encoding="utf-8"):
    path = next(p for p in Path(folder).rglob("*.dbf")
                if p.stem == name or (p.stem.startswith(name) and p.stem[len(name):].isdigit()))
    return dbf_rows(path, encoding)


def without(rows, *columns):
    return sorted(json.dumps({k: v for k, v in row.items() if k not in columns}, sort_keys=True,
                             ensure_ascii=False) for row in rows)


class WindowsName(zipfile.ZipInfo):
    """The name of a file in GBK, without the mark that says UTF-8."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), 0


class PackageCase(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        binary = BIN / "landbook-sample-county"
        if not binary.exists():
            raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")
        cls.sample = cls.server.folder / "sample"
        subprocess.run([str(binary), str(cls.sample), "--plots", str(PLOTS), "--county", COUNTY,
                        "--encoding", "GBK"], check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        self.create(self.server)
        self.addCleanup(self.server.landbook, "county", "discard", COUNTY)

    def create(self, server):
        ran = server.landbook("county", "create", COUNTY, "--name", "样例县", "--crs", "EPSG:4548",
                              "--policy", "sample")
        self.assertEqual(ran.code, 0, ran)

    def take(self, package, *flags, server=None, code=0, officer="root:administrator"):
        """Imports a package; gives the report, whose counts are reconciled."""
        ran = (server or self.server).landbook("import", package, "--layout", "nyt2539", "--output",
                                               "json", *flags, county=COUNTY, officer=officer)
        self.assertEqual(ran.code, code, ran)
        if code != 0:
            return ran
        report = ran.json
        for counts in (report, *report["tables"].values()):
            self.assertEqual(counts["read"], counts["accepted"] + counts["rejected"], report)
        for name in ("read", "accepted", "unchanged", "rejected"):
            self.assertEqual(report[name], sum(t[name] for t in report["tables"].values()))
        return report

    def client(self, server=None):
        return (server or self.server).client("root:administrator")


class PackageTest(PackageCase):
    def book(self, server):
        """Everything that the book says, by code, without the book's own numbers."""
        client = self.client(server)

        def pages(method, field):
            token, records = "", []
            while True:
                page = method(county=COUNTY, page_size=1000, page_token=token)
                records += getattr(page, field)
                token = page.next_page_token
                if not token:
                    return records

        plots = pages(client.ListPlots, "plots")
        by_unit = {unit: plot.code for plot in plots for unit in plot.units}
        parties = {party.number: party for party in pages(client.ListParties, "parties")}

        def person(number):
            own = parties[number].person
            return (own.identity_document, own.private.SerializeToString())

        def code(number):
            party = parties[number]
            return (party.household.contractor_code or party.collective.issuer_code
                    or party.person.contractor_code or party.organisation.contractor_code)

        told = {}
        for plot in plots:
            told["plot", plot.code] = (plot.kind, plot.boundary.compact, plot.stated_area_m2,
                                       plot.recorded_area_m2, plot.land_use, plot.location,
                                       sorted((a.key, a.value) for a in plot.attributes))
        for number, party in parties.items():
            if party.HasField("household"):
                told["party", code(number)] = (
                    code(party.household.collective),
                    [(person(m.person), m.standing, m.head, m.co_holder)
                     for m in party.household.members])
            elif party.HasField("collective"):
                own = party.collective
                told["party", code(number)] = (own.title, own.level, own.division,
                                               person(own.representative))
        contracts = {}
        for right in pages(client.ListRights, "rights"):
            contract = contracts.setdefault(
                right.contract, client.GetContract(county=COUNTY, contract=str(right.contract)))
            told["right", by_unit[right.unit]] = (
                right.type, right.co_ownership, [code(h.party) for h in right.holders],
                right.term.SerializeToString(), right.registered_date,
                right.origin.SerializeToString(), list(right.notes),
                list(right.carry_over_findings), contract.code,
                sorted((a.key, a.value) for a in right.attributes))
        for contract in contracts.values():
            told["contract", contract.code] = (
                code(contract.issuer), code(contract.taker), contract.signed_date, contract.method,
                contract.price_unstated, contract.origin.SerializeToString(),
                sorted((a.key, a.value) for a in contract.attributes))
            number = next(a.value for a in contract.attributes
                          if a.key == "CBJYQZDJB.CBJYQZLSH")
            paper = client.GetCertificate(county=COUNTY, certificate=number)
            told["certificate", number] = (
                paper.state, paper.issued_date, paper.origin.SerializeToString(),
                1 + len(paper.further_rights),
                sorted((a.key, a.value) for a in paper.attributes))
        return told

    def test_a_package_is_a_book_and_the_book_a_package(self):
        checked = self.take(self.sample, "--dry-run")
        self.assertEqual(checked["rejected"], 0, checked)
        self.assertEqual(list(self.client().GetStatistics(county=COUNTY).plots), [])
        report = self.take(self.sample)
        self.assertEqual(report["rejected"], 0, report)
        self.assertEqual(report["unchanged"], 0, report)
        self.assertEqual(set(report["tables"]), {*LAYERS, *TABLES})
        self.assertEqual(report["tables"]["CBDKXX"]["accepted"], PLOTS)
        first = self.book(self.server)
        kinds = {key[0] for key in first}
        self.assertEqual(kinds, {"plot", "party", "right", "contract", "certificate"})
        self.assertEqual(sum(1 for key in first if key[0] == "right"), PLOTS)
        ran = self.server.landbook("verify", "book", county=COUNTY)
        self.assertEqual(ran.code, 0, ran)

        again = self.take(self.sample)
        self.assertEqual(again["rejected"], 0, again)
        for table in (*TABLES, "DK", "JA", "JB", "JC"):
            counts = again["tables"][table]
            self.assertEqual(counts["unchanged"], counts["read"], (table, again))
        self.assertEqual(self.book(self.server), first)

        for form in ("shp", "gpkg", "geojson"):
            with self.subTest(form=form):
                self.round_trip(form, first)

    def round_trip(self, form, first):
        out = self.server.folder / f"out-{form}"
        ran = self.server.landbook("export", out, "--layout", "nyt2539", "--format", form, "--year",
                                   "2026", county=COUNTY)
        self.assertEqual(ran.code, 0, ran)
        other = Server(flags=self.flags)
        self.addCleanup(other.close)
        other.start()
        self.create(other)
        report = self.take(out, server=other)
        self.assertEqual(report["rejected"], 0, report)
        self.assertEqual(self.book(other), first)
        if form != "shp":
            return
        for table in (*TABLES, *LAYERS):
            came = table_of(self.sample, table, "gbk")
            # Points and lines are numbered anew; everything else is as it came.
            left_out = ("BSM",) if table in ("JZD", "JZX") else ()
            self.assertEqual(without(table_of(out, table, "gb18030"), *left_out),
                             without(came, *left_out), table)

    def test_boundary_points_and_lines_lie_on_the_plots(self):
        self.take(self.sample)
        out = self.server.folder / "points"
        ran = self.server.landbook("export", out, "--layout", "nyt2539", county=COUNTY)
        self.assertEqual(ran.code, 0, ran)
        for table in ("JZD", "JZX"):
            self.assertEqual(len(table_of(out, table, "gb18030")),
                             len(table_of(self.sample, table, "gbk")))

    def test_no_name_reaches_the_journal(self):
        self.take(self.sample)
        people = table_of(self.sample, "CBF_JTCY", "gbk")
        journal = b"".join(data for entry in self.client().Watch(county=COUNTY, once=True)
                           for data in (entry.header_bytes, *entry.act_bytes))
        self.assertIn(people[0]["CBFBM"].encode(), journal)
        for row in people:
            self.assertNotIn(row["CYZJHM"].encode(), journal)
            self.assertNotIn(row["CYXM"].encode(), journal)
        # The blind index finds the person, and the acts are an import's.
        found = self.client().ListParties(county=COUNTY, identity_number=people[0]["CYZJHM"])
        self.assertEqual(found.parties[0].person.private.full_name, people[0]["CYXM"])
        # That somebody looked stands in the access log, without what was seen.
        ran = self.server.landbook("party", "accesses", "--output", "json", county=COUNTY)
        self.assertEqual(ran.code, 0, ran)
        seen = json.loads(ran.out)["accesses"][-1]
        self.assertEqual(seen["method"], "ListParties")
        self.assertEqual(seen["shown"][0]["party"], str(found.parties[0].number))
        self.assertIn("full_name", seen["shown"][0]["fields"])
        self.assertTrue(seen["shown"][0]["found_by_identity_number"])
        self.assertNotIn(people[0]["CYXM"], ran.out)
        table = self.server.landbook("party", "accesses", "--party", found.parties[0].number,
                                     county=COUNTY)
        self.assertIn("ListParties", table.out)

    def test_text_that_does_not_fit_comes_back(self):
        long = "很长的地址 " * 40
        folder = self.server.folder / "long"
        shutil.copytree(self.sample, folder)
        path = next(folder.rglob("CBF.dbf"))
        rows = dbf_rows(path, "gbk")
        path.unlink()
        rows[0]["CBFDZ"] = long.strip()
        rows[1]["CBFDZ"] = "𠮷镇"
        with open(path.with_suffix(".csv"), "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        self.assertEqual(self.take(folder)["rejected"], 0)
        first = self.book(self.server)
        out = self.server.folder / "long-out"
        ran = self.server.landbook("export", out, "--layout", "nyt2539", "--encoding", "GBK",
                                   county=COUNTY)
        self.assertEqual(ran.code, 0, ran)
        self.assertIn("2 values do not fit", ran.err)
        other = Server(flags=self.flags)
        self.addCleanup(other.close)
        other.start()
        self.create(other)
        report = self.take(out, server=other)
        self.assertEqual(report["rejected"], 0, report)
        self.assertGreater(report["tables"]["LANDBOOK_TEXT"]["accepted"], 2)
        self.assertEqual(self.book(other), first)

    def test_a_zip_is_read_as_the_folder(self):
        archive = self.server.folder / "package.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in self.sample.rglob("*"):
                zipped.write(path, path.relative_to(self.sample))
        self.assertEqual(self.take(archive)["rejected"], 0)

    def test_a_zip_of_a_chinese_windows_is_read(self):
        """Names in GBK without a word of it, as archivers there write them."""
        archive = self.server.folder / "windows.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in self.sample.rglob("*"):
                if path.is_dir():
                    continue
                zipped.writestr(WindowsName(str(path.relative_to(self.sample))), path.read_bytes())
        self.assertEqual(self.take(archive)["rejected"], 0)

    def test_tables_of_a_layout_that_nobody_foresaw(self):
        """Other names of files and columns, tables in a GeoPackage, said by a mapping file."""
        self.take(self.sample)
        first = self.book(self.server)
        folder = self.server.folder / "foreign"
        shutil.copytree(self.sample, folder)
        mapping = []
        for table, file in (("CBF", "承包方.csv"), ("CBHT", "合同.csv")):
            path = next(folder.rglob(f"{table}.dbf"))
            rows = dbf_rows(path, "gbk")
            path.unlink()
            names = {column: f"列{i}" for i, column in enumerate(rows[0])}
            with open(path.parent / file, "w", newline="", encoding="utf-8") as out:
                writer = csv.DictWriter(out, list(names.values()))
                writer.writeheader()
                writer.writerows({names[k]: v for k, v in row.items()} for row in rows)
            mapping.append(f"{table} < {path.parent.relative_to(folder)}/{file}")
            mapping += [f"{table}.{column} = {name}" for column, name in names.items()]
        people = next(folder.rglob("CBF_JTCY.dbf"))
        package = people.parent / "人员.gpkg"
        subprocess.run(["/usr/bin/python3", "-c", TO_GEOPACKAGE, str(people), str(package), "成员"],
                       check=True, capture_output=True)
        people.unlink()
        mapping.append(f"CBF_JTCY < {package.relative_to(folder)}:成员")
        file = self.server.folder / "foreign.txt"
        file.write_text("\n".join(mapping), encoding="utf-8")
        other = Server(flags=self.flags)
        self.addCleanup(other.close)
        other.start()
        self.create(other)
        self.assertEqual(self.take(folder, "--mapping", file, server=other)["rejected"], 0)
        self.assertEqual(self.book(other), first)
        for line, told in (("CBF.NOSUCH = 列1", "NOSUCH"), ("FBF < 无此文件.csv", "无此文件.csv")):
            file.write_text(line, encoding="utf-8")
            ran = self.take(folder, "--mapping", file, server=other, code=1)
            self.assertIn(told, ran.err)

    def test_a_killed_import_goes_on_where_it_stopped(self):
        self.take(self.sample)
        first = self.book(self.server)
        other = Server(flags=self.flags)
        self.addCleanup(other.close)
        other.start()
        self.create(other)
        command = [str(BIN / "landbook"), "import", str(self.sample), "--layout", "nyt2539",
                   "--server", other.address, "--as", "root:administrator", "--county", COUNTY]
        client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ask = other.client("root:administrator")
        while client.poll() is None and len(
                ask.ListParties(county=COUNTY, page_size=1000).parties) < 8:
            pass
        client.kill()
        client.wait()
        other.kill()
        other.start()
        report = self.take(self.sample, server=other)
        self.assertEqual(report["rejected"], 0, report)
        self.assertGreater(report["tables"]["CBF_JTCY"]["unchanged"], 0, report)
        self.assertEqual(self.book(other), first)

    def test_without_the_layout_only_plots_are_read_and_that_is_said(self):
        ran = self.server.landbook("import", self.sample, "--output", "json", county=COUNTY)
        self.assertEqual((ran.code, ran.json["read"]), (0, PLOTS), ran)
        self.assertIn("nyt2539", ran.err)
        self.assertNotIn("tables", ran.json)

    def test_what_no_package_can_be_written_as(self):
        out = self.server.folder / "refused"
        for flags, told in ((("--format", "fgb"), "no tables"), (("--kind", "contracted"), "--kind")):
            ran = self.server.landbook("export", out, "--layout", "nyt2539", *flags, county=COUNTY)
            self.assertEqual(ran.code, 2, ran)
            self.assertIn(told, ran.err)
            self.assertFalse(out.exists())

    def test_who_may_not_enter_rights(self):
        ran = self.take(self.sample, officer="wu:surveyor", code=1)
        self.assertIn("ROLE_NOT_ALLOWED", ran.err)


class ImportsActsTest(PackageCase):
    """What the server takes as an import's acts, whoever sends them."""

    def acts_of(self, number, acts, client=None, request_id="one"):
        client = client or self.client()
        return client.Commit(message(registry_service_pb2.CommitRequest, **{
            "county": COUNTY, "import": str(number),
            "commit": {"request_id": request_id, "acts": acts}}))

    def create_import(self, **fields):
        return self.client().CreateImport(county=COUNTY, kind="contracted", source="x",
                                          **fields).number

    def test_only_parties_units_and_carry_overs(self):
        number = self.create_import()
        plot = {"establish_plot": {"plot": {"kind": "contracted", "division": COUNTY + "00100101",
                                            "boundary": {"wkb": ""}}}}
        party = Book.person("王一")
        for acts, at in (([plot], 0), ([party, {"open_book": {}}], 1),
                         ([party, {"carry_over": {"register": "r", "document_number": "1",
                                                  "registered_date": "2000-01-01",
                                                  "plot": {"recorded_area_m2": "1.00",
                                                           **plot["establish_plot"]}}}], 1)):
            self.assertRefused("IMPORT_ACT_NOT_TAKEN", self.acts_of, number, acts,
                               field=f"commit.acts[{at}]")
        self.acts_of(number, [party])
        entry = self.client().Watch(county=COUNTY, once=True)[-1]
        self.assertIn("import", entry.header.actor.via)
        # Sent again it is the same entry; the same number with other content is refused.
        self.acts_of(number, [party])
        self.assertEqual(self.client().Watch(county=COUNTY, once=True)[-1].header.sequence,
                         entry.header.sequence)

    def test_only_by_who_began_it(self):
        acts = [Book.person("王一")]
        self.assertRefused("IMPORT_UNKNOWN", self.acts_of, 9_999_999, acts)
        number = self.create_import()
        other = self.server.client("wang:administrator")
        self.assertRefused("IMPORT_OF_ANOTHER", self.acts_of, number, acts, other)
        self.assertRefused("IMPORT_OF_ANOTHER", self.acts_of,
                           self.create_import(dry_run=True), acts)

    def test_a_party_is_asked_for_by_number_or_by_code(self):
        self.take(self.sample)
        code = table_of(self.sample, "CBF", "gbk")[0]["CBFBM"]
        client = self.client()
        found = client.GetParty(county=COUNTY, code=code)
        self.assertEqual(found.household.contractor_code, code)
        self.assertEqual(client.GetParty(county=COUNTY, party=str(found.number)), found)
        self.assertRefused("REFERENCE_MISSING", client.GetParty, county=COUNTY)
        self.assertRefused("REFERENCE_MISSING", client.GetParty, county=COUNTY, code=code,
                           party=str(found.number))
        self.assertRefused("RECORD_NOT_FOUND", client.GetParty, county=COUNTY, code=code + "9")


class HostilePackageTest(PackageCase):
    """Tables that contradict themselves. Each is the sample with one table as CSV, changed."""

    def changed(self, name, **changes):
        """A copy of the sample in which functions have changed the rows of tables."""
        folder = self.server.folder / name
        shutil.copytree(self.sample, folder)
        self.addCleanup(shutil.rmtree, folder)
        for table, change in changes.items():
            path = next(folder.rglob(f"{table}.dbf"))
            rows = dbf_rows(path, "gbk")
            columns = list(rows[0])
            rows = change(rows)
            columns = list(rows[0]) if rows else columns
            path.unlink()
            with open(path.with_suffix(".csv"), "w", newline="", encoding="gb18030") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder

    def findings(self, package, *flags):
        """The report, and the findings as (table, row, rule, severity, message)."""
        file = self.server.folder / f"{package.name}.gpkg"
        report = self.take(package, "--findings", file, *flags)
        # Only GDAL's own tools tell what others would read.
        ran = subprocess.run(["/usr/bin/python3", "-c", FINDINGS, str(file)], check=True,
                             capture_output=True, text=True)
        return report, [tuple(finding) for finding in json.loads(ran.stdout)]

    def assertFound(self, findings, table, row, rule, text, severity="error"):
        found = [f for f in findings if f[:4] == (table, row, rule, severity)]
        self.assertTrue(any(text in f[4] for f in found), (found or findings[:20]))

    def rights(self):
        return self.client().ListRights(county=COUNTY, page_size=1000).rights

    def test_a_contractor_without_an_issuer(self):
        report, found = self.findings(self.changed("no-issuer", FBF=lambda rows: [
            {**rows[0], "FBFBM": COUNTY + "99999999"}]))
        self.assertFound(found, "CBF", 1, "B403", "issuing party")
        self.assertEqual(report["tables"]["CBF"]["accepted"], 0)
        self.assertEqual(report["tables"]["CBDKXX"]["accepted"], 0)
        self.assertEqual(report["tables"]["DK"]["accepted"], PLOTS, "plots are good plots")
        self.assertEqual(len(self.rights()), 0)

    def test_codes_of_the_wrong_length(self):
        def shorten(rows):
            rows[0]["CBFBM"] = rows[0]["CBFBM"][:-1]
            return rows
        report, found = self.findings(self.changed("short", CBF=shorten))
        self.assertFound(found, "CBF", 1, "B401", "18 digits")
        self.assertEqual(report["tables"]["CBF"]["rejected"], 1)
        self.assertEqual(report["tables"]["CBHT"]["rejected"], 1)

    def test_dates_that_are_none(self):
        def spoil(rows):
            rows[0]["CBQXQ"] = "20240230"
            rows[1]["CBQXZ"] = ""
            rows[2]["CBQXZ"], rows[2]["CBQXQ"] = rows[2]["CBQXQ"], rows[2]["CBQXZ"]
            return rows
        report, found = self.findings(self.changed("dates", CBHT=spoil))
        self.assertFound(found, "CBHT", 1, "B403", "calendar")
        self.assertFound(found, "CBHT", 2, "B403", "missing")
        self.assertFound(found, "CBHT", 3, "B403", "ends before")
        self.assertEqual(report["tables"]["CBHT"]["rejected"], 3)
        self.assertEqual(report["tables"]["CBF"]["rejected"], 0, "the parties are good")

    def test_contractors_twice(self):
        report, found = self.findings(self.changed("twice", CBF=lambda rows: rows + rows[:1]))
        self.assertFound(found, "CBF", 1, "B402", "same CBFBM")
        self.assertEqual(report["tables"]["CBF"]["rejected"], 2)

    def test_a_representative_who_is_no_member(self):
        def rename(rows):
            rows[0]["CBFMC"] = "无此人"
            return rows
        report, found = self.findings(self.changed("stranger", CBF=rename))
        self.assertFound(found, "CBF", 1, "B403", "representative")
        self.assertGreater(report["tables"]["CBF_JTCY"]["rejected"], 0)

    def test_who_holds_is_never_assumed(self):
        def silence(rows):
            for row in rows:
                row["SFGYR"] = ""
            return rows
        package = self.changed("silent", CBF_JTCY=silence)
        report, found = self.findings(package)
        self.assertFound(found, "CBF_JTCY", 1, "B403", "SFGYR")
        self.assertEqual(report["tables"]["CBF"]["accepted"], 0)
        self.assertEqual(len(self.rights()), 0)
        # The office may say it, by a file that it answers for.
        mapping = self.server.folder / "mapping.txt"
        mapping.write_text("CBF_JTCY.SFGYR := 1  # 样字〔2026〕2号\n", encoding="utf-8")
        self.assertEqual(self.take(package, "--mapping", mapping)["rejected"], 0)
        self.assertEqual(len(self.rights()), PLOTS)

    def test_the_register_and_the_contract_differ(self):
        def move(rows):
            rows[0]["CBQXZ"] = "20991231"
            return rows
        _, found = self.findings(self.changed("terms", CBJYQZDJB=move))
        self.assertFound(found, "CBJYQZDJB", 1, "B403", "differ in party, method or term")
        self.assertFound(found, "CBHT", 0, "B403", "registers it")

    def test_areas_and_counts_that_do_not_come_out(self):
        def inflate(rows):
            rows[0]["HTZMJ"] = "999999.00"
            rows[0]["CBDKZS"] = "99"
            return rows
        report, found = self.findings(self.changed("sums", CBHT=inflate))
        self.assertFound(found, "CBHT", 1, "B403", "sum of the parcels", "warning")
        self.assertFound(found, "CBHT", 1, "B403", "number of parcels", "warning")
        self.assertEqual(report["rejected"], 0)

    def test_a_parcel_without_a_plot(self):
        def point_nowhere(rows):
            rows[0]["DKBM"] = rows[0]["DKBM"][:14] + "99999"
            return rows
        report, found = self.findings(self.changed("nowhere", CBDKXX=point_nowhere))
        self.assertFound(found, "CBDKXX", 1, "B403", "not in DK")
        self.assertEqual(report["tables"]["CBDKXX"]["rejected"], 1)
        self.assertEqual(report["tables"]["CBJYQZ"]["rejected"], 1, "its paper states more")
        self.assertEqual(len(self.rights()), PLOTS - 1)

    def test_serials_outside_the_range_of_their_kind(self):
        def individual(rows):
            rows[0]["CBFLX"] = "2"
            return rows
        def lonely(rows):
            return [row for row in rows if row["CBFBM"] != first]
        first = table_of(self.sample, "CBF", "gbk")[0]["CBFBM"]
        report, found = self.findings(self.changed("kinds", CBF=individual, CBF_JTCY=lonely))
        self.assertFound(found, "CBF", 1, "B401", "outside the range", "warning")
        self.assertEqual(report["rejected"], 0)
        right = next(r for r in self.rights() if r.co_ownership == right_pb2.CO_OWNERSHIP_SOLE)
        self.assertIn("HOLDER_NOT_ALLOWED", right.carry_over_findings[0])

    def test_a_table_that_is_missing(self):
        package = self.changed("missing")
        next(package.rglob("CBF_JTCY.dbf")).unlink()
        report, found = self.findings(package)
        self.assertFound(found, "CBF", 0, "B403", "no member")
        self.assertEqual(report["tables"]["CBF"]["accepted"], 0)
        for path in package.rglob("DK*"):
            path.unlink()
        ran = self.take(package, code=1)
        self.assertIn("no layer DK", ran.err)

    def test_a_column_that_is_missing(self):
        def forget(rows):
            return [{k: v for k, v in row.items() if k != "CBFZJHM"} for row in rows]
        report, found = self.findings(self.changed("column", CBF=forget))
        self.assertFound(found, "CBF", 1, "B403", "CBF.CBFZJHM is missing")
        self.assertEqual(report["tables"]["CBF"]["accepted"], 0)

    def test_columns_of_the_wrong_width(self):
        package = self.changed("narrow")
        path = next(package.rglob("CBHT.dbf"))
        rows = dbf_rows(path, "gbk")
        columns = [(name, 17 if name == "CBFBM" else 60) for name in rows[0]]
        write_dbf(path, columns, rows, "gbk")
        report, found = self.findings(package)
        self.assertFound(found, "CBHT", 0, "B401", "CBHT.CBFBM has to have 18 digits")
        self.assertEqual(report["tables"]["CBHT"]["accepted"], 0)
        self.assertEqual(report["tables"]["CBF"]["rejected"], 0, "the parties are good")

    def test_encodings_that_are_mixed(self):
        """One table in UTF-8, the next in GBK, neither says so, and a row that is neither."""
        package = self.changed("mixed")
        for table, encoding in (("CBF", "utf-8"), ("CBF_JTCY", "gbk"), ("FBF", "utf-8")):
            path = next(package.rglob(f"{table}.dbf"))
            rows = dbf_rows(path, "gbk")
            path.with_suffix(".cpg").unlink(missing_ok=True)
            if table == "FBF":
                rows[0]["FBFDZ"] = b"\xd1\xf9\xff\xff"
            write_dbf(path, [(name, 200) for name in rows[0]], rows, encoding)
        report, found = self.findings(package)
        self.assertFound(found, "FBF", 0, "B404", "FBF.FBFDZ")
        self.assertEqual(report["tables"]["FBF"]["rejected"], 1)
        whole = [row["FBFBM"] for row in table_of(self.sample, "FBF", "gbk")]
        good = [row for row in table_of(self.sample, "CBF", "gbk") if row["CBFBM"][:14] != whole[0]]
        self.assertEqual(report["tables"]["CBF"]["accepted"], len(good))

    def test_contracts_that_lead_nowhere(self):
        def elsewhere(rows):
            rows[0]["CBHTBM"] = rows[0]["CBHTBM"][:14] + "7999J"
            rows[0]["CBJYQZBM"] = rows[0]["CBHTBM"]
            return rows
        report, found = self.findings(self.changed("contracts", CBDKXX=elsewhere))
        self.assertFound(found, "CBDKXX", 1, "B403", "contract is not in CBHT")
        self.assertEqual(report["tables"]["CBDKXX"]["rejected"], 1)

    def test_tables_twice(self):
        package = self.changed("doubled")
        path = next(package.rglob("CBF.dbf"))
        shutil.copy(path, path.with_name(f"CBF{COUNTY}2026.dbf"))
        ran = self.take(package, code=1)
        self.assertIn("CBF", ran.err)
        self.assertIn("twice", ran.err)

    def test_an_access_database_is_refused_with_what_to_do(self):
        package = self.changed("access")
        for path in next(package.rglob("权属数据")).iterdir():
            path.unlink()
        (next(package.rglob("权属数据")) / "9901012026.mdb").write_bytes(b"\0\1\0\0Standard Jet DB")
        ran = self.take(package, code=1)
        self.assertIn("export its tables", ran.err)

    def test_a_corrected_package_completes_the_book(self):
        def hide(rows):
            return rows[1:]
        report, _ = self.findings(self.changed("hidden", CBF_JTCY=hide))
        self.assertGreater(report["rejected"], 0)
        completed = self.take(self.sample)
        self.assertEqual(completed["rejected"], 0, completed)
        self.assertEqual(len(self.rights()), PLOTS)
        # What the book says otherwise is not written over.
        def rename(rows):
            rows[0]["FBFMC"] = "另一村民小组"
            return rows
        _, found = self.findings(self.changed("renamed", FBF=rename))
        self.assertFound(found, "FBF", 1, "B402", "something else")


FINDINGS = """
import json, sys
from osgeo import ogr
source = ogr.Open(sys.argv[1])
layer = source.GetLayerByName("findings")
print(json.dumps([[f["source_table"], f["row"], f["rule"], f["severity"], f["message_en"]]
                  for f in layer]))
"""

TO_GEOPACKAGE = """
import sys
from osgeo import gdal
gdal.UseExceptions()
gdal.VectorTranslate(sys.argv[2], sys.argv[1], format="GPKG", layerName=sys.argv[3])
"""


if __name__ == "__main__":
    unittest.main()
