"""What cases and cautions should be, in plain Python: nothing here is read from a server.

Days are datetime.date. The figures are those of the sample county's packs.
"""

import dataclasses
import datetime

REGISTRATION_DAYS = 30
MORTGAGE_DAYS = 5
REMIND_DAYS = 5
MORTGAGE_REMIND_DAYS = 2
NOTICE_DAYS = 15
OBJECTION_DAYS = 15  # Civil Code 220
ADVANCE_NOTICE_DAYS = 90  # Civil Code 221
ONE_DAY = datetime.timedelta(days=1)
OPEN_STATES = ("ACCEPTED", "IN_NOTICE", "REVIEWED")


def text(day):
    return day.isoformat() if day else ""


class WorkingDays:
    """Monday to Friday, save what the office said otherwise."""

    def __init__(self):
        self.said = {}

    def works(self, day):
        return self.said.get(day, day.weekday() < 5)

    def after(self, event, days):
        """The last of so many working days, the first of them the one after `event`."""
        day = event
        while days > 0:
            day += ONE_DAY
            days -= self.works(day)
        return day

    def ends_after(self, event, days):
        """The last of so many calendar days; the next working day when that is none (CC 203)."""
        day = event + days * ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return day

    def left(self, due, today):
        """Working days after `today` up to `due`, less than nothing when that is over."""
        first, last = min(due, today), max(due, today)
        count = sum(self.works(first + i * ONE_DAY) for i in range(1, (last - first).days + 1))
        return count if due >= today else -count


@dataclasses.dataclass
class Stop:
    cause: str
    from_day: datetime.date
    due: datetime.date = None
    until: datetime.date = None


@dataclasses.dataclass
class Notice:
    from_day: datetime.date
    until: datetime.date
    concluded: bool = False
    objections: int = 0
    founded: int = 0


@dataclasses.dataclass
class CaseModel:
    """A case as its officers know it."""

    number: int
    kind: str
    accepted: datetime.date
    accepted_by: str
    state: str = "ACCEPTED"
    reviews: list = dataclasses.field(default_factory=list)  # (step, reviewer, day, outcome)
    stops: list = dataclasses.field(default_factory=list)
    notice: Notice = None
    registered: datetime.date = None
    registered_by: str = ""
    ended: datetime.date = None
    ended_document: str = ""
    ended_as: str = ""  # the state that it ended in, whatever came of its papers
    file_number: str = ""
    deliveries: int = 0

    def open_stop(self):
        return next((stop for stop in self.stops if stop.until is None), None)

    def stop(self, cause, day, due=None):
        self.stops.append(Stop(cause, day, due))

    def end_stop(self, day):
        self.open_stop().until = day

    def end(self, state, day, document=""):
        for stop in self.stops:
            stop.until = stop.until or day
        self.state = self.ended_as = state
        self.ended, self.ended_document = day, document

    def has_passed(self):
        return bool(self.reviews) and self.reviews[-1][3] == "PASSED"

    def due(self, days):
        """The last day for registration; None while the clock stands or the case has ended."""
        if self.state not in OPEN_STATES or self.open_stop():
            return None
        left = MORTGAGE_DAYS if self.kind.startswith("mortgage-") else REGISTRATION_DAYS
        day = self.accepted
        while left > 0:
            day += ONE_DAY
            stands = any(stop.from_day <= day <= stop.until for stop in self.stops)
            left -= days.works(day) and not stands
        return day

    def deadlines(self, days):
        """(kind, due, days before which it reminds; None for never)."""
        due = self.due(days)
        if due:
            of_mortgage = self.kind in ("mortgage-first", "mortgage-change", "mortgage-discharge")
            yield "REGISTRATION", due, MORTGAGE_REMIND_DAYS if of_mortgage else REMIND_DAYS
        stop = self.open_stop()
        if stop and stop.cause == "SUPPLEMENT":
            yield "SUPPLEMENT", stop.due, REMIND_DAYS
        if self.state == "IN_NOTICE":
            yield "NOTICE_ENDS", self.notice.until + ONE_DAY, None

    def has_run_out(self, today):
        stop = self.open_stop()
        return bool(stop and stop.cause == "SUPPLEMENT" and stop.due < today)

    def facts(self, days):
        """What GetCase should say of it; `facts_of` gives what it says."""
        notice = self.notice
        return {
            "number": self.number, "kind": self.kind, "state": self.state,
            "accepted": (text(self.accepted), self.accepted_by),
            "reviews": [(step, who, text(day), outcome)
                        for step, who, day, outcome in self.reviews],
            "stops": [(stop.cause, text(stop.from_day), text(stop.until), text(stop.due))
                      for stop in self.stops],
            "notice": notice and (text(notice.from_day), text(notice.until), notice.concluded,
                                  notice.objections, notice.founded),
            "registered": (text(self.registered), self.registered_by),
            "ended": (text(self.ended), self.ended_document),
            "archive": self.file_number, "deliveries": self.deliveries,
            "due": text(self.due(days))}


def facts_of(case, names):
    """Those facts of a Case of the book; `names` says enum values in words."""
    notice = case.notice
    return {
        "number": case.number, "kind": case.kind, "state": names("CaseState", case.state),
        "accepted": (case.accepted_date, case.accepted_by),
        "reviews": [(review.step, review.reviewer, review.date,
                     names("ReviewOutcome", review.outcome)) for review in case.reviews],
        "stops": [(names("ClockStopCause", stop.cause), stop.from_date, stop.until_date,
                   stop.due_date) for stop in case.stops],
        "notice": (notice.from_date, notice.until_date, notice.concluded, notice.objections,
                   notice.objections_founded) if case.HasField("notice") else None,
        "registered": (case.registered_date, case.registered_by),
        "ended": (case.ended_date, case.ended_document),
        "archive": case.archive.file_number, "deliveries": len(case.deliveries),
        "due": case.due_date}


@dataclasses.dataclass
class CautionModel:
    """An objection, an advance notice or a seizure that a case placed."""

    number: int
    cause: str
    effective: datetime.date
    registrable: datetime.date = None
    expiry: datetime.date = None
    step: datetime.date = None
    ended_cause: str = ""

    def deadline(self, days):
        """(kind, last day), or None for what does not run out."""
        if self.ended_cause or self.step:
            return None
        if self.cause == "OBJECTION":
            return "OBJECTION_LAPSES", days.ends_after(self.effective, OBJECTION_DAYS)
        if self.cause == "ADVANCE_NOTICE":
            return ("ADVANCE_NOTICE_LAPSES", days.ends_after(self.registrable, ADVANCE_NOTICE_DAYS))
        return "SEIZURE_ENDS", self.expiry

    def has_run_out(self, days, today):
        deadline = self.deadline(days)
        return deadline is not None and deadline[1] < today
