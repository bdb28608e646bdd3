"""A year of cases on a trial clock, with kill -9 at random: nothing of it is lost, doubled or late.

Three desks of officers take transfers, mortgages and their discharges, changes, first registrations
with their notices, objections, advance notices and seizures of thirty plots from the window to the
archive, refuse, suspend and take back some, and let some run out. The server is killed while they
work and while the clock moves; every call that dies is sent again under its request id. After every
start, before anybody goes on, the journal is read on and says: no case without its acts, no act
without its case, no deadline missed, early or counted twice, nothing answered that is gone, every
draft as it was kept, and VerifyBook finds no fault. Every evening the book's cases, cautions,
deadlines and reminders are those of a plain model.

In CI one year of some 550 cases and 36 kills, a minute on two cores; with LANDBOOK_LONG=1 three
years and 400 kills, some five minutes. A seed decides what officers do and when the server
dies; it is printed, and LANDBOOK_SEED runs it again.
"""

import dataclasses
import datetime
import functools
import os
import random
import sys
import threading
import unittest

from landbook_case_audit import Audit
from landbook_case_desk import OFFICERS, Desk
from landbook_case_model import ONE_DAY, WorkingDays, facts_of, text
from landbook_case_office import BEGUN, START, Office
from landbook_case_papers import Estate
from landbook_county import Book, created, first_created, number, term
from landbook_testing import (COUNTY, LONG, Server, case_pb2, conveyance_service_pb2,
                              journal_pb2, right_pb2)

YEARS = 3 if LONG else 1
KILLS = 400 if LONG else 36
DESKS = 3
HOUSEHOLDS = 3  # of each desk
ESTATES = 10  # of each desk; some of them without a right at first
UNREGISTERED = 3
STEPS_A_DAY = 2


def seed_of(test):
    seed = int(os.environ.get("LANDBOOK_SEED", random.SystemRandom().randrange(1 << 31)))
    print(f"{test.id()}: LANDBOOK_SEED={seed}", file=sys.stderr)
    return seed


def word(enum, value):
    """An enum value without the words that all values of the enum begin with."""
    for proto in (case_pb2, right_pb2, conveyance_service_pb2):
        if enum in proto.DESCRIPTOR.enum_types_by_name:
            values = proto.DESCRIPTOR.enum_types_by_name[enum].values
            prefix = os.path.commonprefix([value.name for value in values])
            return values[value].name.removeprefix(prefix) if value < len(values) else str(value)
    raise KeyError(enum)


@dataclasses.dataclass
class Parties:
    households: list
    collective: int
    bank: int
    court: int


class CaseYearTest(unittest.TestCase):
    def setUp(self):
        self.seed = seed_of(self)
        self.dice = random.Random(self.seed)
        server = Server(flags=["--trial-clock", START])
        self.addCleanup(server.close)
        self.audit = Audit()
        self.office = Office(server, self.audit)
        self.days = WorkingDays()
        self.seen = set()  # reminders that were acknowledged
        self.reminded = 0
        self.caller = self.office.caller()
        self.addCleanup(self.caller.close)
        self.make_county()

    # The county on its first day.

    def make_county(self):
        book = Book(self.office.server, opened=False)
        appointments = [*OFFICERS, "conveyance:intake", "conveyance:registrar"]
        book.commit([{"appoint_officer": {
            "principal": officer.split(":")[0], "role": f"ROLE_{officer.split(':')[1].upper()}",
            "from_date": START[:10]}} for officer in appointments], client=book.admin,
            document_number="任1号")
        village = book.village(DESKS * HOUSEHOLDS)
        answer = book.commit([
            book.organisation("样例农商银行", "ORGANISATION_KIND_FINANCIAL_INSTITUTION"),
            {"register_party": {"party": {"authority": {"title": "样例人民法院"}}}}])
        bank, court = (first_created(answer, i, "PARTY") for i in range(2))
        self.desks = []
        for i in range(DESKS):
            households = village.households[i * HOUSEHOLDS:(i + 1) * HOUSEHOLDS]
            parties = Parties(households, village.collective, bank, court)
            estates = [self.estate(book, j, households) for j in range(ESTATES)]
            self.desks.append(Desk(self.office, parties, estates,
                                   random.Random(self.seed * 31 + i), self.days))
        book.open()
        for desk in self.desks:
            self.addCleanup(desk.caller.close)
        self.say_holidays()

    @staticmethod
    def estate(book, index, households):
        answer = book.commit([book.plot(book.free_ring(), "contracted"), book.unit(created(0))])
        estate = Estate(unit=first_created(answer, 1, "UNIT"))
        if index >= UNREGISTERED:
            estate.holder = index % len(households)
            held = book.grant(number(estate.unit), "contract",
                              [number(households[estate.holder].party)],
                              when=term("2023-10-01", "2053-09-30"), basis="GRANT_BASIS_EXISTING")
            answer = book.commit([{"carry_over": {
                "register": "土地承包经营权登记簿", "document_number": "承1号",
                "registered_date": "2024-03-01", "right": held["grant_right"]}}])
            estate.right = first_created(answer, 0, "RIGHT")
        return estate

    def say_holidays(self):
        """The office's calendar: two weeks off a year, and a Saturday that is worked instead."""
        said = {}
        for year in range(2026, 2026 + YEARS + 1):
            for first, last in ((datetime.date(year, 2, 16), 5), (datetime.date(year, 10, 1), 8)):
                said.update((first + i * ONE_DAY, False) for i in range(last))
            saturday = next(day for day in (datetime.date(year, 10, 9) + i * ONE_DAY
                                            for i in range(7)) if day.weekday() == 5)
            said[saturday] = True
        self.caller.step("ren:registrar", "AmendCalendar", {"calendar": {"days": [
            {"date": text(day), "working": working, "document_number": "假日1号"}
            for day, working in said.items()]}})
        self.days.said.update(said)

    # A day.

    @staticmethod
    def in_parallel(*works):
        """All at once; whatever one of them raises is raised."""
        failures = []

        def run(work):
            try:
                work()
            except Exception as failure:  # told by the thread that waits
                failures.append(failure)

        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def move_on(self, days):
        """The next morning; the clock is moved once, though the server may die at it."""
        wanted = self.office.today + days * ONE_DAY
        while self.told_today() < wanted:
            left = (wanted - self.told_today()).days
            if left > 0:
                self.caller.call_once("root:administrator", "AdvanceClock", days=left)
        self.office.today = wanted

    def told_today(self):
        """The server's own day, by what it notes on a draft."""
        draft = self.caller.create_draft("wu:intake", BEGUN)
        moment = draft.updated_at.ToDatetime(datetime.timezone(datetime.timedelta(hours=8)))
        self.caller.delete_draft("wu:intake", draft)
        return moment.date()

    def end_what_ran_out(self):
        """By two registrars at once, beside the service that does so of itself."""
        self.in_parallel(lambda: self.caller.call("ren:registrar", "LapseDue"),
                         lambda: self.desks[0].caller.call("tao:registrar", "LapseDue"))
        for desk in self.desks:
            desk.lapse()

    def one_day(self, kill):
        """Morning, the officers' work, evening."""
        if not kill:
            return self.work_a_day()
        pause_s, again = self.dice.uniform(0, 0.01), self.dice.random() < 0.2
        with self.office.killed_after(self.dice.randint(1, 40), pause_s, again):
            self.work_a_day()

    def work_a_day(self):
        self.move_on(self.dice.randint(1, 4))
        self.end_what_ran_out()
        self.in_parallel(*(functools.partial(desk.day, STEPS_A_DAY) for desk in self.desks))

    # What the book says against what it should.

    def all_pages(self, method, field, **fields):
        listed, token = [], ""
        while True:
            page = self.caller.call("root:administrator", method, page_size=1000,
                                    page_token=token, **fields)
            listed += getattr(page, field)
            token = page.next_page_token
            if not token:
                return listed

    def works(self):
        return {work.case.number: work for desk in self.desks for work in desk.works()}

    def compare_cases(self):
        there = {case.number: facts_of(case, word) for case in self.all_pages("ListCases", "cases")}
        wanted = {case_number: work.case.facts(self.days)
                  for case_number, work in self.works().items()}
        self.assertEqual(sorted(there), sorted(wanted))
        for case_number, facts in wanted.items():
            self.assertEqual(there[case_number], facts)

    def compare_cautions(self):
        """Those that time can end, each with its last day."""
        there = {caution.number: caution.lapse_date or caution.expiry_date
                 for caution in self.all_pages("ListCautions", "cautions")}
        deadlines = {caution.number: caution.deadline(self.days)
                     for desk in self.desks for caution in desk.cautions}
        self.assertEqual(there, {caution: text(deadline[1])
                                 for caution, deadline in deadlines.items() if deadline})

    def wanted_deadlines(self):
        """(kind, case, caution, due, overdue, reminds) of all that runs."""
        today = self.office.today
        for work in self.works().values():
            for kind, due, remind_days in work.case.deadlines(self.days):
                key = (kind, work.case.number, 0, text(due))
                soon = remind_days is not None and self.days.left(due, today) <= remind_days
                yield (*key, due < today, soon and key not in self.seen)
        for desk in self.desks:
            for caution in desk.cautions:
                deadline = caution.deadline(self.days)
                if deadline:
                    kind, due = deadline
                    yield (kind, 0, caution.number, text(due), due < today, False)

    def compare_deadlines(self):
        """Each as it is computed anew; a reminder that was seen does not come again."""
        there = [(word("DeadlineKind", one.kind), one.case, one.caution, one.due_date, one.overdue,
                  one.reminds) for one in self.all_pages("ListDeadlines", "deadlines")]
        wanted = sorted(self.wanted_deadlines())
        self.assertEqual(sorted(there), wanted)
        for kind, case, caution, due, _, reminds in wanted:
            if reminds and self.dice.random() < 0.5:
                self.caller.call("qi:reviewer", "AcknowledgeReminder", caution=str(caution),
                                 kind=f"DEADLINE_KIND_{kind}", case=str(case), due_date=due)
                self.seen.add((kind, case, caution, due))
                self.reminded += 1

    def compare_rights(self):
        for desk in self.desks:
            for estate in desk.estates:
                if not estate.right:
                    continue
                right = self.caller.call("root:administrator", "GetRight", right=str(estate.right))
                holder = desk.parties.households[estate.holder].party
                self.assertEqual([one.party for one in right.holders], [holder])
                mortgages = self.caller.call("root:administrator", "ListMortgages",
                                             right=str(estate.right)).mortgages
                self.assertEqual([one.number for one in mortgages],
                                 [estate.mortgage] if estate.mortgage else [])

    def compare_lapses(self):
        """Exactly those that the model let run out, each with one entry."""
        cautions = {("caution", caution.number) for desk in self.desks for caution in desk.cautions
                    if caution.ended_cause == "lapsed"}
        cases = {("case", case_number) for case_number, work in self.works().items()
                 if work.case.ended_as == "LAPSED"}
        self.assertEqual(self.audit.lapsed, {lapsed: 1 for lapsed in cautions | cases})
        registered = {case_number: 1 for case_number, work in self.works().items()
                      if work.case.registered}
        self.assertEqual(self.audit.registered, registered)

    def evening(self):
        self.compare_cases()
        self.compare_cautions()
        self.compare_deadlines()
        self.office.look()
        self.assertEqual(
            list(self.audit.standing_faults(self.office.today, lapses_done=True)), [])
        self.compare_lapses()

    def test_a_year_of_cases_with_kill_9_at_random(self):
        last = self.office.today + YEARS * 365 * ONE_DAY
        evenings = YEARS * 365 * 2 // 5  # mornings are two and a half days apart
        killed = set(self.dice.sample(range(evenings), KILLS))
        evening = 0
        while self.office.today < last:
            self.one_day(kill=evening in killed)
            self.evening()
            evening += 1
        self.compare_rights()
        self.assert_enough_happened()
        self.assert_the_audit_can_fail()
        verified = self.office.server.landbook("verify", "book", county=COUNTY)
        self.assertEqual(verified.code, 0, verified)

    def assert_the_audit_can_fail(self):
        """The canary: the same journal with one entry altered, each time another way."""
        journal = self.caller.call("root:administrator", "Watch", from_sequence="1", once=True)

        def told(act, alter):
            at = next(i for i, entry in enumerate(journal)
                      if act in [one.act for one in entry.acts])
            altered = journal_pb2.JournalEntry()
            altered.CopyFrom(journal[at])
            kept = alter(altered)
            audit = Audit()
            audit.read(journal[:at + bool(kept)] + [altered])
            return "\n".join(audit.faults)

        def again(entry):
            entry.sequence += 1
            entry.header.request_id += "-again"
            return True

        self.assertIn("without a case", told(
            "register_case", lambda entry: self.cut(entry, "register_case")))
        self.assertIn("was accepted", told(
            "register_case", lambda entry: self.cut(entry, entry.acts[0].act)))
        self.assertIn("whose last day is", told(
            "lapse_caution", lambda entry: setattr(entry.header, "day", START[:10])))
        self.assertIn("again", told("lapse_caution", again))
        self.assertIn("again", told("register_case", again))
        self.assertIn("without its application", told(
            "accept_case", lambda entry: self.drop(entry, journal_pb2.RECORD_KIND_APPLICATION)))
        self.assertIn("with cautions on", told(
            "accept_case", lambda entry: self.drop(entry, journal_pb2.RECORD_KIND_CAUTION)))

    @staticmethod
    def cut(entry, name):
        entry.acts.remove(next(act for act in entry.acts if act.act == name))

    @staticmethod
    def drop(entry, kind):
        for act in entry.acts:
            for effect in [one for one in act.effects if one.kind == kind]:
                act.effects.remove(effect)

    def assert_enough_happened(self):
        """A year in which nothing happened shows nothing."""
        cases = [work.case for work in self.works().values()]
        states = {state: sum(state in (case.state, case.ended_as) for case in cases)
                  for state in ("ARCHIVED", "REFUSED", "RETRACTED", "LAPSED")}
        states["REGISTERED"] = sum(case.registered is not None for case in cases)
        kinds = sorted({case.kind for case in cases})
        lapsed = sum(what == "caution" for what, _ in self.audit.lapsed)
        early = sum(desk.refused_early for desk in self.desks)
        print(f"{self.id()}: {len(cases)} cases {states} of {len(kinds)} kinds, "
              f"{self.audit.sequence} entries, {self.office.calls} calls, "
              f"{self.office.kills} kills, {self.office.died} calls died, "
              f"{self.office.repeated} were repeated, {lapsed} cautions lapsed, "
              f"{early} early lapses refused, {self.reminded} reminders seen, "
              f"{len(self.office.drafts)} drafts", file=sys.stderr)
        self.assertGreaterEqual(self.office.kills, KILLS * 3 // 4)
        self.assertGreater(self.office.died, KILLS // 2)
        self.assertGreater(len(cases), 100)
        self.assertTrue(all(states.values()), states)
        self.assertTrue(lapsed and early and self.reminded and self.office.repeated)
        self.assertGreaterEqual(len(kinds), 8)


if __name__ == "__main__":
    unittest.main()
