"""The walk of tools/quickstart: a sample county from its first import to a verified book.

One plot of each kind goes through the cases that law allows it, as an office does them: an
application at the window, its review, the public notice, the registration. What the officers type
and what the book answers is printed; their files stay as long as the temporary directory does.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from quickstart_office import (ADMINISTRATOR, COUNTY, INTAKE, REGISTRAR, REVIEWER, START, Failed,
                               Office, Server, application, appointment, collective, created,
                               evidence, household, number, organisation, person, record_of, tell)

PLOTS = 600
ONE_DAY = datetime.timedelta(days=1)
PARTIES = ["collective", "wang", "zhao", "wang_home", "li", "sun", "li_home", "bank", "fruit"]


class Walk:
    def __init__(self, office, binaries):
        self.office = office
        self.binaries = binaries
        self.parties = {}
        self.plots = {}
        self.units = {}
        self.built = ""  # the case of the construction land's first registration

    # The book, and what is in it before the first case.

    def import_county(self):
        package = self.office.directory / "county"
        subprocess.run([self.binaries / "landbook-sample-county", package, "--plots", str(PLOTS),
                        "--county", COUNTY], check=True, capture_output=True)
        vectors = next(package.rglob("矢量数据"))
        self.office.ask("county", "create", COUNTY, "--name", "样例县", "--crs", "EPSG:4548",
                        "--policy", "sample")
        tell(f"made county {COUNTY} 样例县 on the plane EPSG:4548, under the sample pack")
        for table, kind, fields in (("DK", "contracted", []),
                                    ("JC", "homestead", ["--code-field", "ZDDM"]),
                                    ("JB", "construction", ["--code-field", "ZDDM"])):
            layer = next(vectors.glob(f"{table}{COUNTY}*.shp"))
            report = self.office.ask("import", layer, "--kind", kind, *fields)
            tell(f"imported {kind}: {report['read']} read, {report['accepted']} accepted, "
                 f"{report['rejected']} rejected, {report['seconds']:.1f} s")
            self.plots[kind] = self.plot_of_kind(kind)

    def plot_of_kind(self, kind):
        """A plot of the kind, by a layer of them: the export reads back as it is."""
        path = self.office.directory / f"{kind}.geojson"
        self.office.ask("export", path, "--kind", kind)
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return self.office.ask("plot", "get", features[0]["properties"]["code"])

    def appoint_officers(self):
        # The service ends of itself what runs out, and asks for officers who may not.
        officers = [INTAKE, REVIEWER, REGISTRAR, "conveyance:intake", "conveyance:registrar"]
        self.office.commit("officers", [appointment(officer, START[:10]) for officer in officers],
                           ADMINISTRATOR, document_number="样任〔2026〕1号")
        tell("administrator 系统管理员 gu appointed wu intake 受理, qi reviewer 审核, ren registrar 登簿")

    def register_parties(self):
        """Who deals, and the units of the plots: entered before any case, private names sealed."""
        division = self.plots["homestead"]["division"][:12]
        acts = [collective("样例村农民集体", division), person("王一", "1970-05-17"),
                person("赵二", "1972-08-01"), household(0, 1, 2), person("李三", "1980-02-03"),
                person("孙四", "1981-09-10"), household(0, 4, 5),
                organisation("样例农商银行", "FINANCIAL_INSTITUTION"),
                organisation("样例果蔬有限公司", "ENTERPRISE")]
        answer = self.office.commit("parties", acts, INTAKE)
        self.parties = {name: record_of(answer, i, "PARTY") for i, name in enumerate(PARTIES)}
        tell("entered a collective 集体, the households 农户 of Wang and Li, a bank and a company")
        units = [{"establish_unit": {"plot": number(plot["number"]), "fixture": "W"}}
                 for plot in self.plots.values()]
        answer = self.office.commit("units", units, REGISTRAR)
        for i, kind in enumerate(self.plots):
            self.units[kind] = record_of(answer, i, "UNIT")

    def open_book(self):
        self.office.ask("county", "open", COUNTY, "--document", "样字〔2026〕1号")
        tell("opened the book 启用登记簿: from now on rights are entered by cases")

    # Papers and applications.

    def paper(self, kind, *givers, **fields):
        return evidence(kind, [self.parties[giver] for giver in givers], date=self.office.today,
                        **fields)

    def papers(self, *more):
        return [self.paper("APPLICATION"), self.paper("IDENTITY"), *more]

    def right_on(self, kind):
        """The right on the plot of a kind, as the book has it now."""
        rights = self.office.ask("right", "list", "--plot", self.plots[kind]["number"])["rights"]
        return next(right for right in rights if right["state"] == "RECORD_STATE_LIVE")

    def named(self, kind):
        """The right on the plot, with the etag that says which version was seen."""
        right = self.right_on(kind)
        return {"right": number(right["number"]), "etag": right["etag"]}

    def first(self, kind, right_type, holder, papers, end=None):
        term = {"start_date": START[:10], **({"end_date": end} if end else {"no_end": True})}
        act = {"grant_right": {
            "unit": number(self.units[kind]), "type": right_type, "basis": "GRANT_BASIS_EXISTING",
            "co_ownership": "CO_OWNERSHIP_SOLE", "term": term,
            "holders": [{"party": number(self.parties[holder])}]}}
        return application(f"{right_type}-first", "FIRST", self.units[kind], act,
                           holder=self.parties[holder], papers=papers)

    def transfer(self, kind, right_type):
        """From Wang's household to Li's, of the same collective, which consents."""
        papers = self.papers(self.paper("CONTRACT"), self.paper("CERTIFICATE"),
                             self.paper("CONSENT", "wang", "zhao", "collective"))
        act = {"transfer_right": {
            **self.named(kind), "cause": "TRANSFER_CAUSE_ASSIGNMENT",
            "co_ownership": "CO_OWNERSHIP_SOLE",
            "holders": [{"party": number(self.parties["li_home"])}]}}
        return application(f"{right_type}-transfer", "TRANSFER", self.units[kind], act,
                           holder=self.parties["li_home"], obligor=self.parties["wang_home"],
                           papers=papers)

    def mortgage(self, kind, holder, papers, **fields):
        act = {"register_mortgage": {
            "rights": [self.named(kind)], "mortgagee": number(self.parties["bank"]),
            "mortgage_kind": "MORTGAGE_KIND_GENERAL", "secured_fen": "30000000",
            "debt_term": {"start_date": START[:10], "end_date": "2029-03-01"},
            "transfer_restricted": False, **fields}}
        return application("mortgage-first", "FIRST", self.units[kind], act,
                           holder=self.parties["bank"], obligor=self.parties[holder],
                           papers=self.papers(self.paper("DEBT"), *papers))

    def discharge(self, kind, case):
        """Of the mortgage that a case registered."""
        mortgage, sequence = self.office.left_by(case, "MORTGAGE")
        act = {"discharge_mortgage": {"mortgage": number(mortgage), "etag": str(sequence),
                                      "ground": "债务清偿"}}
        return application("mortgage-discharge", "CANCELLATION", self.units[kind], act,
                           holder=self.parties["bank"],
                           papers=self.papers(self.paper("OTHER"), self.paper("CONSENT", "bank")))

    def withdrawal(self, kind, right_type, *more, **terms):
        """For money that was paid; every adult of the household consents."""
        papers = self.papers(self.paper("WITHDRAWAL_AGREEMENT"), self.paper("PAYMENT"),
                             self.paper("CERTIFICATE"), self.paper("CONSENT", "li", "sun"), *more)
        act = {"withdraw_right": {
            **self.named(kind), "route": "WITHDRAWAL_ROUTE_PAID", "compensation_fen": "5000000",
            "compensation_settled": True, "tied_to": ["TIED_TO_NOTHING"],
            "compensation": [{"kind": "COMPENSATION_KIND_MONEY", "value_fen": "5000000",
                              "settled_date": str(self.office.today)}], **terms}}
        return application(f"{right_type}-withdrawal", "CANCELLATION", self.units[kind], act,
                           holder=self.parties["li_home"], obligor=self.parties["collective"],
                           papers=papers)

    # Cases.

    def accept(self, name, content):
        """The window: what stands in the way, the draft, its acceptance. Gives the case."""
        file = self.office.write(name, content)
        self.office.explain(file)
        draft = self.office.do(INTAKE, "case", "apply", file)
        return self.office.do(INTAKE, "case", "accept", draft)

    def review_and_register(self, case, *flags):
        self.office.do(REVIEWER, "case", "review", case, "--approve")
        self.office.explain("--case", case, officer=REGISTRAR)
        self.office.do(REGISTRAR, "case", "register", case, *flags)

    def do_likewise(self, name, content, *flags):
        """A case by the same steps, told in a line."""
        file = self.office.write(name, content)
        self.office.ask("explain", file, officer=INTAKE)
        draft = self.office.ask("case", "apply", file, officer=INTAKE)["number"]
        case = self.office.ask("case", "accept", draft, officer=INTAKE)["number"]
        self.office.ask("case", "review", case, "--approve", officer=REVIEWER)
        self.office.ask("case", "register", case, *flags, officer=REGISTRAR)
        tell(f"  by the same steps: case {case} {content['kind']} ({file})")

    def first_registrations(self):
        tell("\n1. First registration, with its public notice 首次登记与公告")
        title, survey = self.paper("TITLE"), self.paper("SURVEY")
        homestead = self.accept("homestead-first", self.first(
            "homestead", "homestead", "wang_home", self.papers(title, survey)))
        others = [self.first("contracted", "contract", "wang_home",
                             self.papers(self.paper("CONTRACT"), survey), "2055-12-31"),
                  self.first("construction", "construction", "fruit",
                             self.papers(title, survey), "2066-03-01")]
        cases = [homestead]
        for content in others:
            file = self.office.write(content["kind"], content)
            draft = self.office.ask("case", "apply", file, officer=INTAKE)["number"]
            cases.append(self.office.ask("case", "accept", draft, officer=INTAKE)["number"])
            tell(f"  by the same steps: case {cases[-1]} {content['kind']} ({file})")
        tell("  what waits for the reviewer, and until when 待办与期限:")
        self.office.do(REVIEWER, "case", "list", "--queue")
        self.office.do(REVIEWER, "case", "review", homestead, "--approve")
        self.office.explain("--case", homestead, officer=REGISTRAR, refused=True)
        notice = ["--document", "样公〔2026〕1号", "--from", START[:10], "--place", "村委会公告栏"]
        self.office.do(REVIEWER, "case", "notice", homestead, *notice)
        for case in cases[1:]:
            self.office.ask("case", "review", case, "--approve", officer=REVIEWER)
            self.office.ask("case", "notice", case, *notice, officer=REVIEWER)
        until = self.office.ask("case", "show", homestead)["notice"]["until_date"]
        self.office.move_clock_to(datetime.date.fromisoformat(until) + ONE_DAY,
                                  f"the notice hung until {until} 公告期满")
        self.office.do(REVIEWER, "case", "conclude", homestead, "--objections", "0")
        self.office.do(REGISTRAR, "case", "register", homestead, "--certificates")
        for case in cases[1:]:
            self.office.ask("case", "conclude", case, "--objections", "0", officer=REVIEWER)
            self.office.ask("case", "register", case, "--certificates", officer=REGISTRAR)
        self.built = cases[-1]
        tell(f"  registered all three; cases {', '.join(map(str, cases[1:]))} likewise 三案均已登簿")

    def transfers(self):
        tell("\n2. Transfer within the collective 转移登记")
        case = self.accept("contract-transfer", self.transfer("contracted", "contract"))
        self.review_and_register(case, "--certificates")
        self.do_likewise("homestead-transfer", self.transfer("homestead", "homestead"),
                         "--certificates")

    def file_security(self, kind):
        """A mortgage of contracted land is filed with the collective: an act of its own."""
        answer = self.office.commit("filing", [{"record_filing": {
            "matter": "FILING_MATTER_SECURITY",
            "rights": [number(self.right_on(kind)["number"])],
            "with": number(self.parties["collective"]), "date": str(self.office.today),
            "document_number": "样备1号"}}], INTAKE)
        tell("  filed with the collective 向发包方备案")
        return self.paper("FILING", filing=number(record_of(answer, 0, "FILING")))

    def mortgages(self):
        tell("\n3. A mortgage and its discharge 抵押登记与注销")
        filing = self.file_security("contracted")
        case = self.accept("mortgage", self.mortgage(
            "contracted", "li_home", [filing], object="MORTGAGE_OBJECT_MANAGEMENT_PART"))
        self.review_and_register(case)
        case = self.accept("discharge", self.discharge("contracted", case))
        self.review_and_register(case)
        self.do_likewise("construction-mortgage", self.mortgage(
            "construction", "fruit", [self.paper("NOTICE", "fruit")]))
        tell("  A homestead is mortgaged nowhere 宅基地使用权不得抵押:")
        self.office.explain(
            self.office.write("homestead-mortgage", self.mortgage("homestead", "li_home", [])),
            refused=True)

    def withdrawals(self):
        tell("\n4. Contracted land given back for money 承包地有偿退出")
        notice = self.paper("NOTICE", "li_home")
        file = self.office.write("contract-withdrawal", self.withdrawal(
            "contracted", "contract", notice, notice_date=str(self.office.today),
            extent="WITHDRAWAL_EXTENT_THIS_TERM"))
        draft = self.office.do(INTAKE, "case", "apply", file)
        self.office.explain("--draft", draft, refused=True)
        self.office.move_clock_to(self.office.not_before("--draft", draft),
                                  "the written notice has lain half a year 书面通知满半年")
        self.office.explain("--draft", draft)
        case = self.office.do(INTAKE, "case", "accept", draft)
        self.review_and_register(case)
        self.do_likewise("homestead-withdrawal", self.withdrawal(
            "homestead", "homestead", eligibility_after="ELIGIBILITY_AFTER_KEPT"))

    # What it came to.

    def verify(self):
        tell("\n5. What the book says now 查验")
        self.office.do(REGISTRAR, "case", "list")
        certificate, _ = self.office.left_by(self.built, "CERTIFICATE")
        paper = self.office.ask("certificate", "get", certificate)
        path = self.office.directory / "certificate.json"
        path.write_text(json.dumps(paper, ensure_ascii=False), encoding="utf-8")
        status = self.office.ask("verify", "certificate", path)
        tell(f"verified certificate {paper['certificate_number']} against the book's signed head: "
             f"{status['status']}")
        answer = self.office.ask("verify", "book")
        tell(f"verified the book: {answer['entries']} entries, {answer['leaves']} leaves, "
             f"{answer['keys']} keys of state, {len(answer['faults'])} faults")

    def all(self):
        self.import_county()
        self.appoint_officers()
        self.register_parties()
        self.open_book()
        self.first_registrations()
        self.transfers()
        self.mortgages()
        self.withdrawals()
        self.verify()


def keep_serving(server, directory):
    tell(f"the server stays at {server.address}; look around with, for example:")
    tell(f"  build/bin/landbook --server {server.address} --as me:administrator county list")
    tell(f"  build/bin/landbook --server {server.address} --as qi:reviewer --county {COUNTY} "
         "case show 1")
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
        tell(f"started landbookd at {server.address} on {directory}, on a trial clock: {START}")
        tell(f"landbook below is build/bin/landbook --server {server.address} --county {COUNTY}, "
             "run in that directory")
        Walk(Office(options.binaries, server.address, directory), options.binaries).all()
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
