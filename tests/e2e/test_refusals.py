"""Bad input gets a named refusal and changes nothing."""

import base64
import math
import struct
import unittest

from landbook_county import BY_HAND, VILLAGE, Book, box, compact, created, number, term, wkb
from landbook_testing import COUNTY, Refused, ServerCase, message, registry_service_pb2

# Compiled by landbook_testing.
from landbook.v1 import boundary_service_pb2  # noqa: E402


def circle(vertices, radius_m=5_000.0):
    """A ring of many vertices, closed."""
    step = 2 * math.pi / vertices
    ring = [(520_000 + radius_m * math.cos(i * step), 4_070_000 + radius_m * math.sin(i * step))
            for i in range(vertices)]
    return ring + ring[:1]


class RefusalCase(ServerCase):
    """Every test begins with a right of each type; each refusal leaves the book as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        cls.village = cls.book.village(households=2)
        cls.holder, cls.other = cls.village.households
        other_village = COUNTY + "002002"
        response = cls.book.commit([
            cls.book.organisation("样例银行", "ORGANISATION_KIND_FINANCIAL_INSTITUTION"),
            cls.book.organisation("样例公司"),
            cls.book.collective("邻村农民集体", other_village), cls.book.person("外村人"),
            cls.book.household(created(2), [created(3)])])
        cls.bank, cls.company, _, _, cls.outsider = (
            result.records[0].number for result in response.results)
        cls.contract = cls.book.held_right("contract", cls.holder.party)
        cls.homestead = cls.book.held_right("homestead", cls.holder.party)
        cls.ownership = cls.book.held_right("ownership", cls.village.collective)

    def setUp(self):
        self.before = self.book.sequence()
        self.addCleanup(lambda: self.assertEqual(self.book.sequence(), self.before))

    def refuse(self, reason, acts, field=None, **fields):
        return self.assertRefused(reason, self.book.commit, acts, field=field, **fields)

    def consent(self, *givers):
        return self.book.evidence("CONSENT", givers)


class DoorTest(RefusalCase):
    def test_an_unknown_county(self):
        self.assertRefused("COUNTY_UNKNOWN", self.book.admin.GetCounty, county="990999")
        request = self.book.request([self.book.organisation("某公司")])
        request.county = "990999"
        self.assertRefused("COUNTY_UNKNOWN", self.server.client("li:registrar").Commit, request)

    def test_nobody_in_particular(self):
        nobody = self.server.client(None)
        refused = self.assertRefused("IDENTITY_MISSING", nobody.GetCounty, county=COUNTY)
        self.assertEqual(refused.code.name, "UNAUTHENTICATED")
        self.assertRefused("IDENTITY_MALFORMED", self.server.client("li:emperor").GetCounty,
                           county=COUNTY)

    def test_roles_and_counties(self):
        commit = self.book.request([self.book.organisation("某公司")])
        for officer in ("wang", "wang:citizen", "wang:auditor", "bank:bank"):
            refused = self.assertRefused("ROLE_NOT_ALLOWED", self.server.client(officer).Commit,
                                         commit)
            self.assertEqual(refused.code.name, "PERMISSION_DENIED")
        self.assertRefused("COUNTY_NOT_ALLOWED", self.server.client("li:registrar@990102").Commit,
                           commit)
        self.assertRefused("ROLE_NOT_ALLOWED", self.book.registrar.CreateCounty,
                           county={"code": "990102", "title": "他县", "epsg": 4548,
                                   "pack": "sample"}, request_id="x")

    def test_each_act_has_its_roles(self):
        party = self.book.organisation("某公司")
        transfer = self.book.transfer(self.homestead, [self.other.party])
        for role, act in (("reviewer", party), ("intake", transfer), ("surveyor", transfer),
                          ("registrar", {"open_book": {}}), ("registrar", {"accept_case": {
                              "application": {"kind": "x", "registration_type":
                                              "REGISTRATION_TYPE_OTHER",
                                              "filing_place": "FILING_PLACE_WINDOW"}}})):
            client = self.server.client(f"wang:{role}@{COUNTY}")
            refused = self.refuse("ACT_ROLE_NOT_ALLOWED", [act], client=client)
            self.assertEqual(refused.code.name, "PERMISSION_DENIED")
            # Asking changes nothing, so whoever may call may ask.
            answer = client.Commit(self.book.request([act], validate_only=True))
            self.assertNotIn("ACT_ROLE_NOT_ALLOWED", [r.reason for r in answer.refusals])
        intake = self.server.client(f"wang:intake@{COUNTY}")
        self.assertFalse(intake.Commit(self.book.request([party], validate_only=True)).refusals)

    def test_an_administrators_hand_needs_a_document(self):
        self.assertRefused("DOCUMENT_NUMBER_REQUIRED", self.book.commit,
                           [self.book.organisation("某公司")], client=self.book.admin)

    def test_nothing_goes_round_a_case(self):
        transfer = self.book.transfer(self.homestead, [self.other.party], evidence=[0])
        consent = [self.consent(self.village.collective)]
        for document in ("", BY_HAND):
            refused = self.refuse("CASE_REQUIRED", [transfer], client=self.book.registrar,
                                  evidence=consent, document_number=document)
            self.assertEqual([(r.rule, r.field) for r in refused.refusals],
                             [("K-01", "commit.acts[0].transfer_right")])
            self.assertIn("landbook case apply", refused.refusals[0].message_en)
        # By an administrator's hand it would be taken.
        answer = self.book.commit([transfer], evidence=consent, validate_only=True)
        self.assertEqual(list(answer.refusals), [])

    def test_an_unknown_field(self):
        request = self.book.request([self.book.organisation("某公司")])
        unknown = struct.pack("<BB", 0xF8, 0x3F) + b"\x01"  # field 1023, varint 1
        self.assertRefused("FIELD_UNKNOWN", self.book.registrar.raw, "Commit",
                           request.SerializeToString() + unknown)
        # Deep inside: the act's bytes are followed by the same field.
        act = request.commit.acts[0].SerializeToString() + unknown
        commit = (b"\x0a\x02re" + b"\x32" + bytes([len(act)]) + act)
        data = b"\x0a\x06" + COUNTY.encode() + b"\x12" + bytes([len(commit)]) + commit
        refused = self.assertRefused("FIELD_UNKNOWN", self.book.registrar.raw, "Commit", data)
        self.assertTrue(any("acts[0]" in field for field in refused.fields), refused)

    def test_an_unspecified_enum(self):
        act = self.book.transfer(self.homestead, [self.other.party])
        act["transfer_right"]["cause"] = "TRANSFER_CAUSE_UNSPECIFIED"
        self.refuse("FIELD_UNSPECIFIED", [act], field="commit.acts[0].transfer_right.cause")

    def test_an_enum_value_that_there_is_not(self):
        act = self.book.transfer(self.homestead, [self.other.party])
        act["transfer_right"]["cause"] = 77
        self.refuse("VALUE_OUT_OF_RANGE", [act], field="commit.acts[0].transfer_right.cause")

    def test_absent_legal_scalars(self):
        mortgage = self.book.mortgage(self.contract, self.bank)
        for name in ("secured_fen", "transfer_restricted"):
            act = {"register_mortgage": dict(mortgage["register_mortgage"])}
            del act["register_mortgage"][name]
            self.refuse("FIELD_REQUIRED", [act], field=f"commit.acts[0].register_mortgage.{name}")
        withdraw = self.book.withdraw(self.contract)
        del withdraw["withdraw_right"]["compensation_fen"]
        self.refuse("FIELD_REQUIRED", [withdraw],
                    field="commit.acts[0].withdraw_right.compensation_fen")

    def test_a_term_that_says_no_end_by_silence(self):
        silent = self.book.grant(number(1), "homestead", [number(1)],
                                 when={"start_date": "2024-01-01"})
        self.refuse("ONEOF_REQUIRED", [silent], field="commit.acts[0].grant_right.term.end")

    def test_malformed_values(self):
        for reason, end in (("DATE_MALFORMED", "2024-02-30"), ("DATE_MALFORMED", "长久")):
            act = self.book.grant(number(1), "homestead", [number(1)], when=term(end=end))
            self.refuse(reason, [act], field="commit.acts[0].grant_right.term.end_date")
        plot = self.book.plot(self.book.free_ring())
        plot["establish_plot"]["plot"]["stated_area_m2"] = "12.345"
        self.refuse("AREA_MALFORMED", [plot],
                    field="commit.acts[0].establish_plot.plot.stated_area_m2")
        self.refuse("FIELD_TOO_LONG", [self.book.organisation("长" * 400)])

    def test_nothing_and_too_much(self):
        self.refuse("ACTS_REQUIRED", [])
        self.refuse("TOO_MANY_ACTS", [self.book.organisation("某公司")] * 10_001)
        self.assertRefused("PAGE_SIZE_TOO_LARGE", self.book.registrar.ListParties, county=COUNTY,
                           page_size=1001)
        self.assertRefused("PAGE_TOKEN_MALFORMED", self.book.registrar.ListParties, county=COUNTY,
                           page_token="no token")

    def test_an_oversized_message(self):
        plot = self.book.plot(self.book.free_ring())
        plot["establish_plot"]["plot"]["boundary"] = {
            "wkb": base64.b64encode(bytes(17 << 20)).decode()}
        refused = self.refuse("MESSAGE_TOO_LARGE", [plot])
        self.assertEqual(refused.code.name, "RESOURCE_EXHAUSTED")


class StreamTest(RefusalCase):
    """A message that is none, among others: the rest of the stream is not left out unsaid."""

    NO_MESSAGES = {"garbage": b"no message", "a code that is not UTF-8": b"\x1a\x04\x12\x02\xc3\x28",
                   "cut off": b"\x1a\x09\x12\x02"}

    def setUp(self):
        super().setUp()
        self.surveyor = self.server.client(f"zhao:surveyor@{COUNTY}")

    @staticmethod
    def code(serial):
        return f"{COUNTY}{VILLAGE}JB{serial:05d}"

    def upload_of(self, number, serial):
        request = registry_service_pb2.UploadImportRowsRequest(county=COUNTY)
        setattr(request, "import", number)
        request.rows.add(row=serial, code=self.code(serial), boundary=compact(self.book.free_ring()))
        return request.SerializeToString()

    def test_an_import_is_refused_and_leaves_nothing(self):
        for what, data in self.NO_MESSAGES.items():
            with self.subTest(what):
                made = self.surveyor.CreateImport(county=COUNTY, kind="construction", source=what)
                messages = [self.upload_of(made.number, 90_001), data,
                            self.upload_of(made.number, 90_003)]
                refused = self.assertRefused("MESSAGE_MALFORMED", self.surveyor.raw_stream,
                                             "RegistryService/UploadImportRows", messages)
                self.assertEqual(refused.code.name, "INVALID_ARGUMENT")
                self.assertIn(f"message 2 of the stream, of {len(data)} bytes",
                              refused.refusals[0].message_en)
                # What came before it was taken in, what came after it was not; and nothing of
                # either is in the book, in which an import writes only when it is run.
                wanted = {"county": COUNTY, "import": str(made.number)}
                self.assertEqual(self.surveyor.GetImport(**wanted).read, 1)
                ended = self.surveyor.CancelImport(**wanted)
                self.assertEqual((ended.state, ended.committed),
                                 (registry_service_pb2.IMPORT_STATE_CANCELLED, 0))
                for serial in (90_001, 90_003):
                    self.assertRefused("RECORD_NOT_FOUND", self.book.registrar.GetPlot,
                                       county=COUNTY, plot=self.code(serial))

    def test_the_same_stream_without_it_is_taken(self):
        made = self.surveyor.CreateImport(county=COUNTY, kind="construction", source="whole")
        messages = [self.upload_of(made.number, serial) for serial in (90_001, 90_003)]
        answers = self.surveyor.raw_stream("RegistryService/UploadImportRows", messages)
        self.assertEqual([registry_service_pb2.Import.FromString(data).read for data in answers], [2])
        self.surveyor.CancelImport(**{"county": COUNTY, "import": str(made.number)})

    def test_a_layer_is_not_checked_in_part(self):
        first = boundary_service_pb2.CheckLayerRequest(pack="sample", kind="construction", epsg=4548)
        row = boundary_service_pb2.CheckLayerRequest()
        row.rows.add(row=1, code=self.code(90_001), boundary=compact(self.book.free_ring()))
        whole = [first.SerializeToString(), b"", row.SerializeToString()]
        answers = self.surveyor.raw_stream("BoundaryService/CheckLayer", whole)
        result = boundary_service_pb2.CheckLayerResponse.FromString(answers[-1]).result
        self.assertEqual((result.read, result.accepted), (1, 1))
        # The rows of this call are field 5.
        for data in (b"no message", b"\x2a\x04\x12\x02\xc3\x28", b"\x2a\x09\x12\x02"):
            with self.subTest(data):
                refused = self.assertRefused(
                    "MESSAGE_MALFORMED", self.surveyor.raw_stream, "BoundaryService/CheckLayer",
                    whole[:2] + [data] + whole[2:])
                self.assertIn("message 3 of the stream", refused.refusals[0].message_en)


class BoundaryTest(RefusalCase):
    def plot_of(self, encoded):
        plot = self.book.plot(self.book.free_ring())
        plot["establish_plot"]["plot"]["boundary"] = {"wkb": encoded}
        return [plot]

    def test_not_a_number_and_infinity(self):
        for value in (math.nan, math.inf, -math.inf):
            ring = box(0, 0)
            ring[1] = (value, ring[1][1])
            refused = self.refuse("BOUNDARY_FAULTY", self.plot_of(wkb(ring)))
            self.assertIn("B102", str(refused))

    def test_bytes_that_are_no_boundary(self):
        for data in (b"", b"\x01", b"\x01\x03\x00\x00\x00\xff\xff\xff\xff", bytes(100)):
            with self.assertRaises(Refused) as caught:
                self.book.commit(self.plot_of(base64.b64encode(data).decode()))
            self.assertTrue({"BOUNDARY_UNDECODABLE", "BOUNDARY_REQUIRED", "BOUNDARY_TOO_LARGE"} &
                            set(caught.exception.reasons), caught.exception)

    def test_more_vertices_than_a_boundary_may_have(self):
        self.refuse("BOUNDARY_TOO_LARGE", self.plot_of(wkb(circle(100_001))))

    def test_a_million_vertices(self):
        self.refuse("BOUNDARY_TOO_LARGE", self.plot_of(wkb(circle(1_000_000))))

    def test_faults_name_their_rule(self):
        x, y = box(0, 500)[0]
        bow_tie = [(x, y), (x + 20, y + 20), (x + 20, y), (x, y + 20), (x, y)]
        tiny = [(x, y), (x, y + 0.5), (x + 0.5, y + 0.5), (x + 0.5, y), (x, y)]
        degrees = [(117.1, 36.7), (117.1, 36.8), (117.2, 36.8), (117.1, 36.7)]
        swapped = [(py, px) for px, py in box(0, 500)]
        for rule, ring in (("B103", bow_tie), ("B107", tiny), ("B102", degrees),
                           ("B102", swapped), ("B101", box(0, 500)[:-1])):
            refused = self.refuse("BOUNDARY_FAULTY", self.plot_of(wkb(ring)))
            self.assertIn(rule, str(refused))

    def test_a_warning_has_to_be_overridden(self):
        x, y = box(0, 501)[0]
        close = [(x, y), (x, y + 20), (x + 0.02, y + 20), (x + 20, y + 20), (x + 20, y), (x, y)]
        refused = self.refuse("BOUNDARY_WARNING", self.plot_of(wkb(close)))
        self.assertIn("B105", str(refused))
        self.refuse("OVERRIDE_WITHOUT_WARNING", [self.book.plot(box(1, 501))], overrides=[
            {"rule": "B105", "act": 0, "reason": "实地核实", "document_number": "样字2号"}])

    def test_codes(self):
        ring = box(2, 501)
        for reason, code, kind in (
                ("PLOT_CODE_MALFORMED", "99010100100", "homestead"),
                ("PLOT_CODE_MALFORMED", COUNTY + VILLAGE + "jc00001", "homestead"),
                ("PLOT_CODE_OF_ANOTHER_COUNTY", "990102" + VILLAGE + "JC00001", "homestead"),
                ("PLOT_CODE_NOT_OF_KIND", COUNTY + VILLAGE + "JB00001", "homestead"),
                ("PLOT_KIND_UNKNOWN", "", "castle")):
            with self.subTest(code=code, kind=kind):
                self.refuse(reason, [self.book.plot(ring, kind, code)])
        self.refuse("DIVISION_OF_ANOTHER_COUNTY",
                    [self.book.plot(ring, division="990102" + VILLAGE)])
        plot = self.book.registrar.ListPlots(county=COUNTY, holder=str(self.holder.party)).plots
        taken = next(p.code for p in plot if p.kind == "homestead")
        self.refuse("CODE_ALREADY_USED", [self.book.plot(ring, "homestead", taken)])


class SerialTest(ServerCase):
    def test_a_serial_past_its_width_is_refused_and_never_wrapped(self):
        book = Book(self.server)
        last = book.division + "JC99999"
        book.commit([book.plot(box(0, 0), "homestead", last)])
        before = book.sequence()
        self.assertRefused("SERIAL_EXHAUSTED", book.commit, [book.plot(box(1, 0), "homestead")])
        self.assertEqual(book.sequence(), before)
        # Another village's serials go on.
        book.commit([book.plot(box(1, 0), "homestead", division=COUNTY + "001002")])


class LawTest(RefusalCase):
    def test_shares_that_do_not_sum_to_one(self):
        def by_shares(*shares):
            act = self.book.grant(created(1), "construction", [], "CO_OWNERSHIP_BY_SHARES",
                                  term(end="2063-12-31"))
            parties = (self.company, self.bank, self.holder.party)
            act["grant_right"]["holders"] = [
                {"party": number(party),
                 "share": {"numerator": str(above), "denominator": str(below)}}
                for party, (above, below) in zip(parties, shares)]
            return [self.book.plot(self.book.free_ring(), "construction"),
                    self.book.unit(created(0)), act]
        huge = 2**63
        for shares in (((1, 2), (1, 3)), ((1, 2), (2, 3)), ((1, 3), (1, 3), (333_333, 1_000_000)),
                       ((0, 1), (1, 1)), ((huge, huge), (1, huge))):
            with self.subTest(shares=shares):
                with self.assertRaises(Refused) as caught:
                    self.book.commit(by_shares(*shares))
                self.assertTrue({"SHARES_NOT_ONE", "FIELD_REQUIRED"} &
                                set(caught.exception.reasons), caught.exception)

    def test_a_term_past_its_parents(self):
        def management(end):
            return [self.book.grant(number(self.contract.unit), "management",
                                    [number(self.company)], when=term("2024-05-01", end),
                                    parent=number(self.contract.number))]
        self.refuse("TERM_PAST_PARENT", management("2054-01-01"))
        self.refuse("TERM_PAST_PARENT", management(None))
        self.refuse("TERM_BACKWARD", management("2024-04-30"))
        self.refuse("TERM_TOO_SHORT", management("2028-04-30"))
        self.book.commit(management("2053-12-31"), validate_only=True)

    def test_a_homestead_is_not_mortgaged(self):
        refused = self.refuse("MORTGAGE_NOT_PERMITTED", [self.book.mortgage(self.homestead,
                                                                            self.bank)])
        self.assertIn("399", "".join(refusal.source for refusal in refused.refusals))
        self.refuse("MORTGAGE_NOT_PERMITTED", [self.book.mortgage(self.ownership, self.bank)])

    def test_contracted_land_is_mortgaged_to_a_bank_with_a_filing_only(self):
        self.refuse("MORTGAGE_EVIDENCE_MISSING", [self.book.mortgage(self.contract, self.bank)])
        self.refuse("MORTGAGEE_NOT_FINANCIAL",
                    [self.book.mortgage(self.contract, self.company, evidence=[0])],
                    evidence=[self.book.evidence("DEBT")])

    def test_contracted_land_stays_within_the_collective(self):
        consent = [self.consent(self.village.collective)]
        for outsider in (self.outsider, self.company):
            self.refuse("TRANSFEREE_OUTSIDE_COLLECTIVE",
                        [self.book.transfer(self.contract, [outsider], evidence=[0])],
                        evidence=consent)
        self.refuse("COLLECTIVE_CONSENT_MISSING",
                    [self.book.transfer(self.contract, [self.other.party])])

    def test_ownership_stays_collective(self):
        self.refuse("OWNERSHIP_STAYS_COLLECTIVE",
                    [self.book.transfer(self.ownership, [self.company])])

    def test_a_withdrawal_needs_every_adult(self):
        one = [self.consent(self.holder.people[0])]
        settled = {"eligibility_after": "ELIGIBILITY_AFTER_KEPT"}
        self.refuse("CONSENT_MISSING", [self.book.withdraw(self.homestead, **settled)])
        refused = self.refuse("CONSENT_MISSING",
                              [self.book.withdraw(self.homestead, evidence=[0], **settled)],
                              evidence=one)
        self.assertEqual(refused.reasons, ["CONSENT_MISSING"])
        self.refuse("ELIGIBILITY_SILENT", [self.book.withdraw(self.homestead, evidence=[0])],
                    evidence=[self.consent(*self.holder.people)])

    def test_a_withdrawal_of_contracted_land_needs_half_a_years_notice(self):
        consent = [self.consent(*self.holder.people)]
        self.refuse("NOTICE_MISSING", [self.book.withdraw(self.contract, evidence=[0])],
                    evidence=consent)
        today = self.book.admin.GetCounty(county=COUNTY).recorded_at.ToJsonString()[:10]
        self.refuse("NOTICE_TOO_LATE",
                    [self.book.withdraw(self.contract, evidence=[0], notice_date=today)],
                    evidence=consent)

    def test_references_that_mean_nothing(self):
        self.refuse("REFERENCE_UNRESOLVED", [self.book.unit(number(999_999))])
        self.refuse("REFERENCE_UNRESOLVED", [self.book.unit(created(7))])
        act = self.book.transfer(self.homestead, [self.other.party], evidence=[3])
        self.refuse("EVIDENCE_OUT_OF_RANGE", [act])

    def test_all_refusals_are_told_in_the_order_of_acts(self):
        refused = self.refuse("PLOT_KIND_UNKNOWN", [
            self.book.plot(self.book.free_ring(), "castle"),
            self.book.mortgage(self.homestead, self.bank),
            self.book.transfer(self.contract, [self.company])])
        acts = [field[len("commit.acts["):].split("]")[0] for field in refused.fields]
        self.assertEqual(acts, sorted(acts))
        self.assertEqual(set(acts), {"0", "1", "2"})


class WithdrawalTest(ServerCase):
    """What stands on a right stands in the way of its withdrawal, until it is gone."""

    flags = ("--trial-clock", "2026-01-05T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        cls.village = cls.book.village(households=8)
        cls.households = iter(cls.village.households)
        response = cls.book.commit([
            cls.book.organisation("样例银行", "ORGANISATION_KIND_FINANCIAL_INSTITUTION"),
            cls.book.organisation("样例公司")])
        cls.bank, cls.company = (result.records[0].number for result in response.results)

    def contract(self):
        """Contracted land of a household that gave none back: it gets no other in the term."""
        self.holder = next(self.households)
        return self.book.held_right("contract", self.holder.party)

    def withdraw(self, right, reasons, notice="2025-06-01"):
        act = self.book.withdraw(self.book.right(right.number), evidence=[0], notice_date=notice)
        act["withdraw_right"]["evidence"] = [0, 1]
        evidence = [self.book.evidence("CONSENT", self.holder.people),
                    self.book.evidence("NOTICE", [self.holder.party])]
        if not reasons:
            return self.book.commit([act], evidence=evidence)
        with self.assertRaises(Refused) as caught:
            self.book.commit([act], evidence=evidence)
        self.assertEqual(sorted(set(caught.exception.reasons)), reasons)
        return None

    def test_a_mortgage_stands_in_the_way(self):
        right = self.contract()
        response = self.book.commit(
            [self.book.filing("SECURITY", [right.number], self.village.collective),
             self.book.mortgage(right, self.bank, evidence=[0, 1],
                                object="MORTGAGE_OBJECT_MANAGEMENT_PART")],
            evidence=[self.book.evidence("DEBT"),
                      self.book.evidence("FILING", filing=created(0))])
        self.withdraw(right, ["MORTGAGE_STANDS"])
        mortgage = self.book.registrar.GetMortgage(
            county=COUNTY, mortgage=str(response.results[1].records[0].number))
        self.book.commit([{"discharge_mortgage": {
            "mortgage": number(mortgage.number), "etag": mortgage.etag, "ground": "债务已清偿",
            "evidence": [0]}}], evidence=[self.book.evidence("CONSENT", [self.bank])])
        self.withdraw(right, [])

    def test_a_derived_right_stands_in_the_way(self):
        right = self.contract()
        response = self.book.commit([self.book.grant(
            number(right.unit), "management", [number(self.company)],
            when=term("2026-01-01", "2035-12-31"), parent=number(right.number))])
        self.withdraw(right, ["DERIVED_RIGHT_STANDS"])
        derived = self.book.right(response.results[0].records[0].number)
        self.book.commit([{"extinguish_right": {
            "right": number(derived.number), "etag": derived.etag, "ground": "合同解除",
            "cause": "EXTINGUISH_CAUSE_AGREEMENT", "evidence": [0]}}],
            evidence=[self.book.evidence("CONSENT", [self.company, self.holder.party])])
        self.withdraw(right, [])

    def test_seizures_and_advance_notices_stand_in_the_way(self):
        for cause in ("SEIZURE", "ADVANCE_NOTICE"):
            right = self.contract()
            response = self.book.commit([{"place_caution": {
                "unit": number(right.unit), "right": number(right.number),
                "cause": f"CAUTION_CAUSE_{cause}",
                "organ": "样例县人民法院", "document_number": "(2026)样执1号",
                "effective_date": "2026-01-05"}}])
            self.withdraw(right, ["CAUTION_STANDS"])
            caution = self.book.registrar.GetCaution(
                county=COUNTY, caution=str(response.results[0].records[0].number))
            self.book.commit([{"lift_caution": {
                "caution": number(caution.number), "etag": caution.etag, "ground": "解除",
                "document_number": "(2026)样执2号"}}])
            self.withdraw(right, [])

    def test_an_advance_notice_of_the_whole_unit_asks_for_its_organs_consent(self):
        right = self.contract()
        self.book.commit([{"place_caution": {
            "unit": number(right.unit), "cause": "CAUTION_CAUSE_ADVANCE_NOTICE",
            "organ": "样例公司", "document_number": "预告1号", "effective_date": "2026-01-05"}}])
        self.withdraw(right, ["CONSENT_MISSING"])

    def test_notice_runs_for_half_a_year_to_the_day(self):
        right = self.contract()
        today = self.server.landbook("clock", "advance", 1, "--output", "json").json["now"][:10]
        self.withdraw(right, ["NOTICE_TOO_LATE"], notice=today)
        # From the sixth of a month half a year is 181 to 184 days.
        self.book.admin.AdvanceClock(days=180)
        self.withdraw(right, ["NOTICE_TOO_LATE"], notice=today)
        self.book.admin.AdvanceClock(days=5)
        response = self.withdraw(right, [], notice=today)
        self.assertEqual(self.book.right(right.number).ended_cause, "withdrawn")
        entry = self.book.admin.Watch(county=COUNTY, once=True,
                                      from_sequence=str(response.sequence))[0]
        self.assertEqual(entry.acts[0].terms.notice_date, today)

    def test_a_withdrawal_leaves_every_other_record_as_it_was(self):
        self.holder = next(self.households)
        rights = [self.book.held_right("contract", self.holder.party) for _ in range(3)]
        others = [self.book.right(right.number) for right in rights[1:]]
        plots = self.book.registrar.ListPlots(county=COUNTY).plots
        self.withdraw(rights[0], [])
        self.assertEqual([self.book.right(right.number) for right in rights[1:]], others)
        self.assertEqual(list(self.book.registrar.ListPlots(county=COUNTY).plots), list(plots))


class PreparingTest(ServerCase):
    def test_a_book_in_preparation_takes_no_transfers_and_may_be_discarded(self):
        book = Book(self.server, opened=False)
        self.assertRefused("BOOK_NOT_OPEN", book.commit,
                           [book.grant(number(1), "homestead", [number(1)])])
        book.commit([book.organisation("某公司"), book.plot(box(0, 0))])
        book.admin.DiscardCounty(county=COUNTY)
        self.assertRefused("COUNTY_UNKNOWN", book.admin.GetCounty, county=COUNTY)
        again = Book(self.server)
        self.assertEqual(again.admin.GetStatistics(county=COUNTY).parties, 0)
        self.assertRefused("BOOK_NOT_PREPARING", again.admin.DiscardCounty, county=COUNTY)

    def test_counties_that_cannot_be(self):
        admin = self.server.client("root:administrator")

        def create(**fields):
            county = {"code": "990105", "title": "某县", "epsg": 4548, "pack": "sample", **fields}
            return admin.CreateCounty(county=county, request_id=str(fields))
        for reason, fields in (("COUNTY_CODE_MALFORMED", {"code": "9901"}),
                               ("PLANE_UNUSABLE", {"epsg": 4490}),
                               ("PLANE_UNUSABLE", {"epsg": 2232}),
                               ("PLANE_UNUSABLE", {"epsg": 999_999}),
                               ("PACK_UNKNOWN", {"pack": "no such pack"})):
            with self.subTest(fields=fields):
                self.assertRefused(reason, create, **fields)
        self.assertRefused("COUNTY_UNKNOWN", admin.GetCounty, county="990105")

    def test_reads_of_what_is_not_there(self):
        book = Book(self.server, "990106")
        for method, field in (("GetPlot", "plot"), ("GetUnit", "unit"), ("GetRight", "right"),
                              ("GetParty", "party"), ("GetMortgage", "mortgage"),
                              ("GetCaution", "caution"), ("GetCertificate", "certificate")):
            with self.subTest(method=method):
                self.assertRefused("RECORD_NOT_FOUND", getattr(book.registrar, method),
                                   message(getattr(registry_service_pb2, f"{method}Request"),
                                           county="990106", **{field: "77"}))


if __name__ == "__main__":
    unittest.main()
