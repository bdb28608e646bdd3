"""What a book's journal says of its cases, entry by entry, in sentences about what is wrong.

It reads the stored effects and knows nothing of what anybody asked: whatever the moment at which
a server was killed, no case may be without its acts, no act without its case, and nothing that
runs out may be ended twice or early.
"""

import datetime

from landbook_case_model import WorkingDays
from landbook_testing import act_pb2, case_pb2, journal_pb2, options_pb2, plot_pb2, right_pb2

RECORD_STATE_LIVE = plot_pb2.RECORD_STATE_LIVE
OPEN_STATES = (case_pb2.CASE_STATE_ACCEPTED, case_pb2.CASE_STATE_IN_NOTICE,
               case_pb2.CASE_STATE_REVIEWED)
# Those by which a case ends, with the state that they leave.
ENDINGS = {"register_case": case_pb2.CASE_STATE_REGISTERED,
           "refuse_case": case_pb2.CASE_STATE_REFUSED,
           "retract_case": case_pb2.CASE_STATE_RETRACTED,
           "lapse_case": case_pb2.CASE_STATE_LAPSED}
# Acts that a case needs no registration for, and that may go with one.
BESIDE = ("register_case", "issue_certificate", "void_certificate")
BY_CASE = {field.name for field in act_pb2.Act.DESCRIPTOR.fields
           if field.GetOptions().Extensions[options_pb2.act_access].by_case}
RECORDS = {journal_pb2.RECORD_KIND_CASE: case_pb2.Case,
           journal_pb2.RECORD_KIND_APPLICATION: act_pb2.Application,
           journal_pb2.RECORD_KIND_CAUTION: right_pb2.Caution,
           journal_pb2.RECORD_KIND_RIGHT: right_pb2.Right,
           journal_pb2.RECORD_KIND_MORTGAGE: right_pb2.Mortgage,
           journal_pb2.RECORD_KIND_CALENDAR_DAY: case_pb2.CalendarDay}


def day_of(said):
    return datetime.date.fromisoformat(said)


class Audit:
    """Folds the journal as it grows; `faults` keeps every sentence that was said."""

    def __init__(self):
        self.sequence = 0
        self.opened = False
        self.request_ids = {}  # request id -> sequence
        self.records = {kind: {} for kind in RECORDS}
        self.days = WorkingDays()
        self.lapsed = {}  # ("caution" or "case", number) -> how often
        self.registered = {}  # case -> how often
        self.faults = []

    def cases(self):
        return self.records[journal_pb2.RECORD_KIND_CASE]

    def cautions(self):
        return self.records[journal_pb2.RECORD_KIND_CAUTION]

    def read(self, entries):
        for entry in entries:
            self.sequence += 1
            if entry.sequence != self.sequence:
                self._wrong(entry, f"comes where entry {self.sequence} should")
            self._read_entry(entry)
            self.sequence = entry.sequence

    def _wrong(self, entry, sentence):
        self.faults.append(f"entry {entry.sequence} of {entry.header.day} {sentence}")

    def _read_entry(self, entry):
        earlier = self.request_ids.setdefault(entry.header.request_id, entry.sequence)
        if earlier != entry.sequence:
            self._wrong(entry, f"repeats request {entry.header.request_id} of entry {earlier}")
        names = [act.act for act in entry.acts]
        before = {kind: dict(records) for kind, records in self.records.items()
                  if kind in (journal_pb2.RECORD_KIND_CASE, journal_pb2.RECORD_KIND_CAUTION)}
        changed = self._fold(entry)
        if self.opened:
            self._ask_by_case(entry, names)
        self.opened = self.opened or "open_book" in names
        if "accept_case" in names:
            self._ask_acceptance(entry, changed)
        if "register_case" in names:
            self._ask_registration(entry, names)
        self._ask_ends(entry, names, before, changed)
        self._ask_lapses(entry, names, before, changed)
        self._ask_notice(entry, names)

    def _fold(self, entry):
        """Takes the entry's effects; gives the numbers that it changed, by kind."""
        changed = {kind: set() for kind in RECORDS}
        for act in entry.acts:
            for effect in act.effects:
                if effect.kind not in RECORDS:
                    continue
                record = RECORDS[effect.kind].FromString(effect.record)
                self.records[effect.kind][effect.number] = record
                changed[effect.kind].add(effect.number)
                if effect.kind == journal_pb2.RECORD_KIND_CALENDAR_DAY:
                    self.days.said[day_of(record.date)] = record.working
        return changed

    def _ask_by_case(self, entry, names):
        """No act without its case."""
        of_case = [name for name in names if name in BY_CASE]
        by_hand = entry.header.hand_made and entry.header.document_number
        if of_case and "register_case" not in names and not by_hand:
            self._wrong(entry, f"holds {of_case} without a case")

    def _ask_acceptance(self, entry, changed):
        """Acceptance and its cautions are one commit."""
        for number in changed[journal_pb2.RECORD_KIND_CASE]:
            case = self.cases()[number]
            if number not in changed[journal_pb2.RECORD_KIND_APPLICATION]:
                self._wrong(entry, f"accepts case {number} without its application")
            placed = [self.cautions()[caution] for caution in case.cautions
                      if caution in changed[journal_pb2.RECORD_KIND_CAUTION]]
            on = {caution.unit for caution in placed if caution.case_number == number}
            if on != set(case.units):
                self._wrong(entry, f"accepts case {number} with cautions on {on} alone")

    def _ask_registration(self, entry, names):
        """No case without its acts: they stand in the entry that registers it."""
        number = entry.header.case_number
        case = self.cases()[number]
        application = self.records[journal_pb2.RECORD_KIND_APPLICATION][number]
        wanted = [act.WhichOneof("act") for act in application.acts]
        wanted = [name for name in wanted if name not in BESIDE]
        there = [name for name in names if name not in BESIDE]
        if not wanted or there != wanted:
            self._wrong(entry, f"registers case {number} with {there} where {wanted} was accepted")
        idle = [act.act for act in entry.acts if not act.effects]
        if idle:
            self._wrong(entry, f"registers case {number}, and {idle} changed nothing")
        if case.registered_sequence != entry.sequence:
            self._wrong(entry, f"registers case {number}, which says {case.registered_sequence}")
        self.registered[number] = self.registered.get(number, 0) + 1
        if self.registered[number] > 1:
            self._wrong(entry, f"registers case {number} again")

    def _ask_ends(self, entry, names, before, changed):
        """A case that ends was open, and its cautions end with it; none of them ends otherwise."""
        ended = set()
        for number in changed[journal_pb2.RECORD_KIND_CASE]:
            case, was = self.cases()[number], before[journal_pb2.RECORD_KIND_CASE].get(number)
            if was is None or was.state not in OPEN_STATES or case.state in OPEN_STATES:
                continue
            ended.update(case.cautions)
            if case.state not in [ENDINGS.get(name) for name in names]:
                self._wrong(entry, f"ends case {number} by {names}")
            standing = [caution for caution in case.cautions if self._stands(caution)]
            if standing:
                self._wrong(entry, f"ends case {number} and leaves its cautions {standing}")
        for number in changed[journal_pb2.RECORD_KIND_CAUTION]:
            caution = self.cautions()[number]
            of_case = caution.cause == right_pb2.CAUTION_CAUSE_ACCEPTED_CASE
            if of_case and caution.state != RECORD_STATE_LIVE and number not in ended:
                self._wrong(entry, f"ends caution {number}, and its case goes on")

    def _ask_lapses(self, entry, names, before, changed):
        """Once, and not a day early."""
        today = day_of(entry.header.day)
        if "lapse_caution" in names:
            for number in changed[journal_pb2.RECORD_KIND_CAUTION]:
                was = before[journal_pb2.RECORD_KIND_CAUTION][number]
                last = self.last_day(was)
                if last is None or today <= last:
                    self._wrong(entry, f"lapses caution {number}, whose last day is {last}")
                self._count(entry, "caution", number)
        if "lapse_case" in names:
            for number in changed[journal_pb2.RECORD_KIND_CASE]:
                was = before[journal_pb2.RECORD_KIND_CASE][number]
                due = [day_of(stop.due_date) for stop in was.stops
                       if stop.due_date and not stop.until_date]
                if not due or today <= due[0]:
                    self._wrong(entry, f"lapses case {number}, whose supplement is due on {due}")
                self._count(entry, "case", number)

    def _count(self, entry, what, number):
        self.lapsed[what, number] = self.lapsed.get((what, number), 0) + 1
        if self.lapsed[what, number] > 1:
            self._wrong(entry, f"lapses {what} {number} again")

    def _stands(self, number):
        return number in self.cautions() and self.cautions()[number].state == RECORD_STATE_LIVE

    def last_day(self, caution):
        """The last day of a caution that stands, by the working days so far; None for none."""
        if caution.expiry_date:
            return day_of(caution.expiry_date)
        if caution.step_date:
            return None
        if caution.cause == right_pb2.CAUTION_CAUSE_OBJECTION:
            return self.days.ends_after(day_of(caution.effective_date), 15)
        if caution.cause == right_pb2.CAUTION_CAUSE_ADVANCE_NOTICE and caution.registrable_date:
            return self.days.ends_after(day_of(caution.registrable_date), 90)
        return None

    def _ask_notice(self, entry, names):
        if "conclude_notice" not in names:
            return
        notice = self.cases()[entry.header.case_number].notice
        if entry.header.day <= notice.until_date:
            self._wrong(entry, f"concludes a notice that runs until {notice.until_date}")

    def standing_faults(self, today, lapses_done):
        """What is wrong with the book as it stands, `lapses_done` when what is due was ended."""
        for number, case in self.cases().items():
            live = [caution for caution in case.cautions if self._stands(caution)]
            if case.state in OPEN_STATES and live != list(case.cautions):
                yield f"case {number} is open with the cautions {live} of {list(case.cautions)}"
            if case.state not in OPEN_STATES and live:
                yield f"case {number} has ended and its cautions {live} stand"
        for number, caution in self.cautions().items():
            if caution.state != RECORD_STATE_LIVE:
                continue
            case = self.cases().get(caution.case_number)
            if caution.case_number and (case is None or number not in case.cautions):
                yield f"caution {number} is of case {caution.case_number}, which has it not"
            last = self.last_day(caution)
            if lapses_done and last is not None and last < today:
                yield f"caution {number} ran out on {last} and stands on {today}"
