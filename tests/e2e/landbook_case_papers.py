"""What can be applied for in the office of the tests, as a clerk takes it down, and what
registration then makes of it in plain Python.
"""

import dataclasses

from landbook_case_model import ONE_DAY, CaseModel, CautionModel, text
from landbook_testing import journal_pb2

LEASE_END = "2053-12-31"


def number(value):
    return {"number": str(value)}


def term(start, end):
    return {"start_date": text(start), "end_date": end}


@dataclasses.dataclass
class Estate:
    """A plot with its unit, and what should stand on it."""

    unit: int
    right: int = 0  # 0 before its first registration
    holder: int = 0  # the household; an index into the desk's households
    mortgage: int = 0
    caution: CautionModel = None  # an objection, an advance notice or a seizure that stands
    case: CaseModel = None  # one at a time


class Papers:
    """Applications about a desk's estates, drawn from its dice. Each is (what is applied for, what
    its registration makes of it[, the caution that it places or lifts])."""

    def __init__(self, office, parties, dice):
        self.office = office
        self.parties = parties  # households, collective, bank, court
        self.dice = dice
        self.caller = office.caller()
        self.cautions = []

    @property
    def today(self):
        return self.office.today

    def paper(self, kind, givers=(), **fields):
        return {"kind": f"EVIDENCE_KIND_{kind}", "date": text(self.today), "organ": "样例村",
                "given_by": [number(giver) for giver in givers], **fields}

    def application(self, kind, registration_type, estate, act, sides, papers):
        papers = [self.paper("APPLICATION"), self.paper("IDENTITY"), *papers]
        for fields in act.values():
            if "caution" not in fields:
                fields["evidence"] = list(range(len(papers)))
        return {"kind": kind, "registration_type": f"REGISTRATION_TYPE_{registration_type}",
                "applicants": [{"party": number(party), "side": f"APPLICANT_SIDE_{side}"}
                               for side, party in sides],
                "units": [number(estate.unit)], "acts": [act], "evidence": papers,
                "filing_place": "FILING_PLACE_WINDOW", "legal_basis": "不动产登记暂行条例 第14条"}

    def right_of(self, estate):
        right = self.caller.call("ren:registrar", "GetRight", right=str(estate.right))
        return {"right": number(right.number), "etag": right.etag}

    def household(self, estate):
        return self.parties.households[estate.holder]

    # What can be applied for, each giving (application, what registration makes of it).

    def first(self, estate):
        holder = self.dice.randrange(len(self.parties.households))
        party = self.parties.households[holder].party
        act = {"grant_right": {
            "unit": number(estate.unit), "type": "contract", "basis": "GRANT_BASIS_EXISTING",
            "co_ownership": "CO_OWNERSHIP_SOLE", "term": term(self.today, LEASE_END),
            "holders": [{"party": number(party)}]}}

        def outcome(case):
            estate.right, estate.holder = case.rights[0], holder
        return self.application("contract-first", "FIRST", estate, act, [("HOLDER", party)],
                                [self.paper("CONTRACT"), self.paper("SURVEY")]), outcome

    def transfer(self, estate):
        giver = self.household(estate)
        taker = self.dice.choice([i for i in range(len(self.parties.households))
                                  if i != estate.holder])
        party = self.parties.households[taker].party
        act = {"transfer_right": {
            **self.right_of(estate), "cause": "TRANSFER_CAUSE_ASSIGNMENT",
            "co_ownership": "CO_OWNERSHIP_SOLE", "holders": [{"party": number(party)}]}}
        consent = self.paper("CONSENT", [*giver.people, self.parties.collective])

        def outcome(_):
            estate.holder = taker
        return self.application("contract-transfer", "TRANSFER", estate, act,
                                [("HOLDER", party), ("OBLIGOR", giver.party)],
                                [self.paper("CONTRACT"), self.paper("CERTIFICATE"),
                                 consent]), outcome

    def change(self, estate):
        act = {"vary_right": {**self.right_of(estate),
                              "notes": {"notes": [f"附记{self.dice.randrange(1 << 30)}"]}}}
        return self.application("contract-change", "CHANGE", estate, act,
                                [("HOLDER", self.household(estate).party)],
                                [self.paper("OTHER")]), lambda _: None

    def mortgage(self, estate):
        filed = self.caller.commit("wu:intake", [{"record_filing": {
            "matter": "FILING_MATTER_SECURITY", "rights": [number(estate.right)],
            "with": number(self.parties.collective), "date": text(self.today),
            "document_number": "备字1号"}}])
        filing = next(record.number for record in filed.results[0].records
                      if record.kind == journal_pb2.RECORD_KIND_FILING)
        act = {"register_mortgage": {
            "rights": [self.right_of(estate)], "mortgagee": number(self.parties.bank),
            "mortgage_kind": "MORTGAGE_KIND_GENERAL", "secured_fen": "10000000",
            "debt_term": term(self.today, "2034-02-28"), "transfer_restricted": False,
            "object": "MORTGAGE_OBJECT_MANAGEMENT_PART"}}

        def outcome(_):
            estate.mortgage = self.mortgage_on(estate).number
        return self.application(
            "mortgage-first", "FIRST", estate, act,
            [("HOLDER", self.parties.bank), ("OBLIGOR", self.household(estate).party)],
            [self.paper("DEBT"), self.paper("FILING", filing=number(filing))]), outcome

    def mortgage_on(self, estate):
        return self.caller.call("ren:registrar", "ListMortgages",
                                right=str(estate.right)).mortgages[0]

    def discharge(self, estate):
        mortgage = self.mortgage_on(estate)
        act = {"discharge_mortgage": {"mortgage": number(mortgage.number), "etag": mortgage.etag,
                                      "ground": "债务清偿"}}

        def outcome(_):
            estate.mortgage = 0
        return self.application(
            "mortgage-discharge", "CANCELLATION", estate, act, [("HOLDER", self.parties.bank)],
            [self.paper("OTHER"), self.paper("CONSENT", [self.parties.bank])]), outcome

    def place(self, estate, cause, **fields):
        return {"place_caution": {
            "right": number(estate.right), "cause": f"CAUTION_CAUSE_{cause}", "organ": "样例机关",
            "document_number": "文1号", "effective_date": text(self.today), **fields}}

    def placed(self, estate, cause, **fields):
        """What registration makes of a caution that an application places, and the caution."""
        caution = CautionModel(0, cause, self.today, **fields)

        def outcome(case):
            listed = self.caller.call("ren:registrar", "ListCautions", unit=str(estate.unit))
            there = [one.number for one in listed.cautions if one.case_number == 0]
            assert len(there) == 1, (case.number, there)
            caution.number = there[0]
            estate.caution = caution
            self.cautions.append(caution)
        return outcome, caution

    def objection(self, estate):
        other = self.dice.choice([i for i in range(len(self.parties.households))
                                  if i != estate.holder])
        party = self.parties.households[other].party
        act = self.place(estate, "OBJECTION", beneficiaries=[number(party)])
        return self.application("objection", "OBJECTION", estate, act, [("INTERESTED", party)],
                                [self.paper("OTHER")]), *self.placed(estate, "OBJECTION")

    def advance_notice(self, estate):
        taker = self.dice.choice([i for i in range(len(self.parties.households))
                                  if i != estate.holder])
        party = self.parties.households[taker].party
        act = self.place(estate, "ADVANCE_NOTICE", beneficiaries=[number(party)],
                         advance_notice_kind="ADVANCE_NOTICE_KIND_TRANSFER",
                         registrable_date=text(self.today))
        return self.application(
            "advance-notice", "ADVANCE_NOTICE", estate, act,
            [("HOLDER", party), ("OBLIGOR", self.household(estate).party)],
            [self.paper("CONTRACT")]), *self.placed(estate, "ADVANCE_NOTICE",
                                                    registrable=self.today)

    def seizure(self, estate):
        expiry = self.today + self.dice.randint(5, 60) * ONE_DAY
        act = self.place(estate, "SEIZURE", expiry_date=text(expiry))
        return self.application("seizure", "SEIZURE", estate, act,
                                [("ORGAN", self.parties.court)],
                                [self.paper("ORDER")]), *self.placed(estate, "SEIZURE",
                                                                     expiry=expiry)

    def lift(self, estate):
        caution = estate.caution
        seen = self.caller.call("ren:registrar", "GetCaution", caution=str(caution.number))
        act = {"lift_caution": {"caution": number(caution.number), "etag": seen.etag,
                                "ground": "申请解除", "document_number": "解1号"}}
        kind, side = {"OBJECTION": ("objection-cancellation", "INTERESTED"),
                      "ADVANCE_NOTICE": ("advance-notice-cancellation", "INTERESTED"),
                      "SEIZURE": ("seizure-release", "ORGAN")}[caution.cause]
        party = self.parties.court if side == "ORGAN" else self.household(estate).party
        papers = [self.paper("ORDER" if side == "ORGAN" else "OTHER")]

        def outcome(_):
            caution.ended_cause, estate.caution = "lifted", None
        return self.application(kind, "SEIZURE" if side == "ORGAN" else caution.cause, estate, act,
                                [(side, party)], papers), outcome, caution

    def choices(self, estate):
        if not estate.right:
            return [self.first]
        if estate.caution:
            # Anything else would be warned of, refused or made to wait.
            return [self.lift]
        if estate.mortgage:
            return [self.discharge, self.objection]
        return [self.transfer, self.mortgage, self.change, self.objection, self.advance_notice,
                self.seizure]
