"""The walk of tools/quickstart: a sample county from its first import to a verified book.

Everything goes through the command-line client, as in an office: acts are written as Commit files
in protobuf JSON and handed to `landbook commit`. The files stay in the temporary directory.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

COUNTY = "990101"
START = "2026-03-02T09:00:00+08:00"  # the trial clock's first moment
TODAY = "2026-03-02"
PLOTS = 600


class Failed(Exception):
    """A step that did not do what it should."""


def tell(text):
    print(text, flush=True)


class Server:
    """A landbookd of its own on a temporary directory."""

    def __init__(self, binaries, directory):
        self.log = open(directory / "landbookd.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [binaries / "landbookd", "--data", directory / "store", "--listen", "127.0.0.1:0",
             "--insecure-local", "--trial-clock", START],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready grpc="):
            self.stop()
            raise Failed(f"landbookd did not start; see {directory}/landbookd.log")
        self.address = line.split()[1].removeprefix("grpc=")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


class Client:
    """The landbook program, called as an officer would."""

    def __init__(self, binaries, server, directory):
        self.program = binaries / "landbook"
        self.server = server
        self.directory = directory
        self.files = 0

    def run(self, *arguments, officer="administrator"):
        command = [self.program, "--server", self.server, "--as", f"{officer[:3]}:{officer}",
                   "--county", COUNTY, "--output", "json", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def ask(self, *arguments, officer="administrator"):
        """The JSON answer of a verb that has to go well."""
        done = self.run(*arguments, officer=officer)
        if done.returncode != 0:
            raise Failed(f"landbook {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def write(self, name, acts, **fields):
        """A Commit file; its request id makes it safe to send twice."""
        self.files += 1
        path = self.directory / f"{self.files:02}-{name}.json"
        commit = {"request_id": f"quickstart-{self.files:02}", "acts": acts, **fields}
        path.write_text(json.dumps(commit, ensure_ascii=False, indent=1), encoding="utf-8")
        return path

    def commit(self, name, acts, **fields):
        """Commits acts and gives what they left."""
        return self.ask("commit", self.write(name, acts, **fields), officer="registrar")

    def refused(self, name, acts, **fields):
        """The refusal lines of acts that law does not allow."""
        done = self.run("commit", self.write(name, acts, **fields), officer="registrar")
        if done.returncode != 1:
            raise Failed(f"{name} should have been refused: {done.stdout}{done.stderr}")
        return done.stderr.strip().splitlines()


def number(value):
    return {"number": str(value)}


def created(act):
    return {"created_by": {"act": act}}


def term(end=None):
    return {"start_date": TODAY, "end_date": end} if end else {"start_date": TODAY, "no_end": True}


def evidence(kind, givers=(), date=TODAY):
    return {"kind": f"EVIDENCE_KIND_{kind}", "date": date, "organ": "样例村",
            "given_by": [number(giver) for giver in givers]}


def record_of(answer, act, kind):
    """The number of the first record of a kind that an act of an answer is about."""
    for record in answer["results"][act]["records"]:
        if record["kind"] == f"RECORD_KIND_{kind}":
            return record["number"]
    raise Failed(f"act {act} left no {kind}")


def person(name, birth_date):
    return {"register_party": {"party": {"person": {
        "identity_document": "IDENTITY_DOCUMENT_HOUSEHOLD_REGISTER",
        "private": {"full_name": name, "birth_date": birth_date}}}}}


def household(collective, head, spouse):
    member = {"standing": "MEMBER_STANDING_MEMBER", "co_holder": True}
    return {"register_party": {"party": {"household": {}}, "collective": created(collective),
                               "members": [{**member, "person": created(head), "head": True},
                                           {**member, "person": created(spouse)}]}}


def organisation(title, kind):
    return {"register_party": {"party": {"organisation": {
        "title": title, "organisation_kind": f"ORGANISATION_KIND_{kind}"}}}}


class Walk:
    def __init__(self, client, binaries, directory):
        self.client = client
        self.binaries = binaries
        self.directory = directory
        self.parties = {}

    def prepare(self):
        """The book, and the county's plots in it."""
        package = self.directory / "county"
        subprocess.run([self.binaries / "landbook-sample-county", package, "--plots", str(PLOTS),
                        "--county", COUNTY], check=True, capture_output=True)
        vectors = next(package.rglob("矢量数据"))
        self.client.ask("county", "create", COUNTY, "--name", "样例县", "--crs", "EPSG:4548",
                        "--policy", "sample")
        tell(f"made county {COUNTY} 样例县 on the plane EPSG:4548, under the sample pack")
        for table, kind, fields in (("DK", "contracted", []),
                                    ("JC", "homestead", ["--code-field", "ZDDM"]),
                                    ("JB", "construction", ["--code-field", "ZDDM"])):
            layer = next(vectors.glob(f"{table}{COUNTY}*.shp"))
            report = self.client.ask("import", layer, "--kind", kind, *fields)
            tell(f"imported {kind}: {report['read']} read, {report['accepted']} accepted, "
                 f"{report['rejected']} rejected, {report['seconds']:.1f} s")
        self.client.ask("county", "open", COUNTY, "--document", "样字〔2026〕1号")
        tell("opened the book")

    def plot_of_kind(self, kind):
        """A plot of the kind, by a layer of them: the export reads back as it is."""
        path = self.directory / f"{kind}.geojson"
        self.client.ask("export", path, "--kind", kind)
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return self.client.ask("plot", "get", features[0]["properties"]["code"])

    def register_parties(self, division):
        acts = [{"register_party": {"party": {"collective": {
                    "title": "样例村农民集体", "level": "COLLECTIVE_LEVEL_VILLAGE",
                    "division": division[:12]}}}},
                person("王一", "1970-05-17"), person("赵二", "1972-08-01"), household(0, 1, 2),
                person("李三", "1980-02-03"), person("孙四", "1981-09-10"), household(0, 4, 5),
                organisation("样例农商银行", "FINANCIAL_INSTITUTION"),
                organisation("样例果蔬有限公司", "ENTERPRISE"),
                organisation("样例冷链有限公司", "ENTERPRISE")]
        answer = self.client.commit("parties", acts)
        names = ["collective", "wang", "zhao", "wang_home", "li", "sun", "li_home", "bank",
                 "fruit", "cold"]
        self.parties = {name: record_of(answer, i, "PARTY") for i, name in enumerate(names)}
        tell("registered a collective, two households, a bank and two companies")

    def register(self, plot, right_type, holder, end=None):
        """A unit of the plot and a right in it."""
        co_ownership = "CO_OWNERSHIP_SOLE"
        answer = self.client.commit(
            f"register-{right_type}",
            [{"establish_unit": {"plot": number(plot["number"]), "fixture": "W"}},
             {"grant_right": {"unit": created(0), "type": right_type,
                              "co_ownership": co_ownership, "term": term(end),
                              "holders": [{"party": number(self.parties[holder])}]}}])
        right = record_of(answer, 1, "RIGHT")
        tell(f"{plot['code']} {plot['kind']}: registered a {right_type} right, number {right}")
        return right

    def right_on(self, plot, number_of_right):
        rights = self.client.ask("right", "list", "--plot", plot["number"])["rights"]
        return next(right for right in rights if right["number"] == number_of_right)

    def transfer(self, plot, right_number, to, givers):
        right = self.right_on(plot, right_number)
        consent = [evidence("CONSENT", [self.parties[giver] for giver in givers])]
        self.client.commit(
            f"transfer-{right['type']}",
            [{"transfer_right": {
                "right": number(right_number), "etag": right["etag"],
                "cause": "TRANSFER_CAUSE_ASSIGNMENT", "co_ownership": "CO_OWNERSHIP_SOLE",
                "holders": [{"party": number(self.parties[to])}],
                "evidence": list(range(len(consent)))}}], evidence=consent)
        tell(f"{plot['code']} {plot['kind']}: transferred with the consents that law asks for")

    def mortgage_acts(self, plot, right_number, evidence_count, **fields):
        right = self.right_on(plot, right_number)
        return [{"register_mortgage": {
            "rights": [{"right": number(right_number), "etag": right["etag"]}],
            "mortgagee": number(self.parties["bank"]), "mortgage_kind": "MORTGAGE_KIND_GENERAL",
            "secured_fen": "30000000", "debt_term": term("2029-03-01"),
            "transfer_restricted": False, "evidence": list(range(evidence_count)), **fields}}]

    def file_security(self, right_number):
        """The mortgage is filed with the collective: an act of its own."""
        answer = self.client.commit("filing", [{"record_filing": {
            "matter": "FILING_MATTER_SECURITY", "rights": [number(right_number)],
            "with": number(self.parties["collective"]), "date": TODAY,
            "document_number": "样备1号"}}])
        tell("filed the mortgage with the collective")
        return {**evidence("FILING"), "filing": number(record_of(answer, 0, "FILING"))}

    def mortgage(self, plot, right_number, paper, **fields):
        papers = [evidence("DEBT"), paper]
        answer = self.client.commit(
            "mortgage", self.mortgage_acts(plot, right_number, len(papers), **fields),
            evidence=papers)
        mortgage = record_of(answer, 0, "MORTGAGE")
        tell(f"{plot['code']} {plot['kind']}: mortgaged to the bank for 300,000.00 yuan")
        return mortgage, answer["sequence"]

    def discharge(self, plot, mortgage, etag):
        self.client.commit("discharge", [{"discharge_mortgage": {
            "mortgage": number(mortgage), "etag": str(etag), "ground": "债务清偿",
            "evidence": [0]}}], evidence=[evidence("CONSENT", [self.parties["bank"]])])
        tell(f"{plot['code']} {plot['kind']}: discharged the mortgage, the debt being paid")

    def withdraw(self, plot, right_number, givers, notice=None, **terms):
        right = self.right_on(plot, right_number)
        papers = [evidence("CONSENT", [self.parties[giver] for giver in givers]),
                  evidence("CONTRACT"), evidence("PAYMENT")]
        act = {"right": number(right_number), "etag": right["etag"],
               "route": "WITHDRAWAL_ROUTE_PAID", "compensation_fen": "5000000",
               "compensation_settled": True, "evidence": [0, 1, 2],
               "compensation": [{"kind": "COMPENSATION_KIND_MONEY", "value_fen": "5000000",
                                 "settled_date": TODAY}],
               "tied_to": ["TIED_TO_NOTHING"], **terms}
        if notice:
            papers.append(evidence("NOTICE", [self.parties["li_home"]], notice))
            act["notice_date"] = notice
            act["evidence"].append(3)
        self.client.commit(f"withdraw-{right['type']}", [{"withdraw_right": act}], evidence=papers)
        tell(f"{plot['code']} {plot['kind']}: withdrawn for 50,000.00 yuan, every adult consenting")

    def contracted(self, plot):
        right = self.register(plot, "contract", "wang_home", "2055-12-31")
        self.transfer(plot, right, "li_home", ["wang", "zhao", "collective"])
        mortgage, etag = self.mortgage(plot, right, self.file_security(right),
                                       object="MORTGAGE_OBJECT_MANAGEMENT_PART")
        self.discharge(plot, mortgage, etag)
        self.client.ask("clock", "advance", 200)
        tell("moved the trial clock on by 200 days: the notice of a return has to lie half a year")
        self.withdraw(plot, right, ["li", "sun"], notice=TODAY,
                      extent="WITHDRAWAL_EXTENT_THIS_TERM")

    def homestead(self, plot):
        right = self.register(plot, "homestead", "wang_home")
        lines = self.client.refused("mortgage-homestead", self.mortgage_acts(plot, right, 0))
        tell(f"{plot['code']} {plot['kind']}: a mortgage is refused, as law has it:")
        for line in lines:
            tell(f"    {line}")
        self.transfer(plot, right, "li_home", ["wang", "zhao", "collective"])
        self.withdraw(plot, right, ["li", "sun"],
                      eligibility_after="ELIGIBILITY_AFTER_KEPT")

    def construction(self, plot):
        right = self.register(plot, "construction", "fruit", "2066-03-01")
        self.transfer(plot, right, "cold", ["fruit", "collective"])
        self.mortgage(plot, right, evidence("NOTICE", [self.parties["cold"]]))
        answer = self.client.commit("certificate",
                                    [{"issue_certificate": {"right": number(right)}}])
        certificate = record_of(answer, 0, "CERTIFICATE")
        paper = self.client.ask("certificate", "get", certificate)
        path = self.directory / "certificate.json"
        path.write_text(json.dumps(paper, ensure_ascii=False), encoding="utf-8")
        tell(f"{plot['code']} {plot['kind']}: issued {paper['certificate_number']}")
        status = self.client.ask("verify", "certificate", path)
        tell(f"verified the certificate against the book's signed head: {status['status']}")

    def verify(self):
        answer = self.client.ask("verify", "book")
        tell(f"verified the book: {answer['entries']} entries, {answer['leaves']} leaves, "
             f"{answer['keys']} keys of state, {len(answer['faults'])} faults")

    def all(self):
        self.prepare()
        plots = {kind: self.plot_of_kind(kind)
                 for kind in ("contracted", "homestead", "construction")}
        self.register_parties(plots["homestead"]["division"])
        self.construction(plots["construction"])
        self.homestead(plots["homestead"])
        self.contracted(plots["contracted"])
        self.verify()


def keep_serving(server, directory):
    tell(f"the server stays at {server.address}; look around with, for example:")
    tell(f"  build/bin/landbook --server {server.address} --as me:administrator county list")
    tell(f"files and log are in {directory}; Ctrl-C stops the server")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.process.wait()
    except KeyboardInterrupt:
        tell("stopping")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="landbook-quickstart-"))
    server = None
    try:
        server = Server(options.binaries, directory)
        tell(f"started landbookd at {server.address} on {directory}")
        Walk(Client(options.binaries, server.address, directory), options.binaries,
             directory).all()
        if options.serve:
            keep_serving(server, directory)
    except Failed as failure:
        print(f"quickstart: {failure}\n(files and log are in {directory})", file=sys.stderr)
        return 1
    finally:
        if server is not None:
            server.stop()
    tell("stopped the server; everything went well")
    shutil.rmtree(directory)
    return 0


if __name__ == "__main__":
    os.environ.pop("LANDBOOK_SERVER", None)
    sys.exit(main())
