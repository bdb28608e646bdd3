"""Officers at work: one desk takes applications about its own plots and brings each to its end.

What a desk does is drawn from a seed. Of every case, caution and right it keeps in plain Python
what should have become of it (landbook_case_model.py); nobody else touches its plots.
"""

import dataclasses

from landbook_case_model import NOTICE_DAYS, ONE_DAY, CaseModel, Notice, text
from landbook_case_office import BEGUN
from landbook_case_papers import Estate, Papers, number
from landbook_testing import Refused, journal_pb2, plot_pb2

INTAKE = ("wu:intake", "zhou:intake")
REVIEWERS = ("qi:reviewer", "lu:reviewer")
REGISTRARS = ("ren:registrar", "tao:registrar")
OFFICERS = INTAKE + REVIEWERS + REGISTRARS


@dataclasses.dataclass
class Work:
    """A case under way: what it is about, and what registration makes of it."""

    estate: Estate
    case: CaseModel
    application: dict
    outcome: object  # called with the registered Case
    caution: object = None  # the CautionModel that it places or lifts
    certificates: list = dataclasses.field(default_factory=list)


class Desk(Papers):
    def __init__(self, office, parties, estates, dice, days):
        super().__init__(office, parties, dice)
        self.estates = estates
        self.days = days
        self.open = []
        self.done = []
        self.refused_early = 0

    def works(self):
        return self.open + self.done

    def day(self, steps):
        """A day's work."""
        for work in list(self.open):
            if self.dice.random() < 0.6:
                self.go_on(work)
        for work in self.done:
            if work.case.state != "ARCHIVED" and self.dice.random() < 0.2:
                self.archive(work)
        free = [estate for estate in self.estates if estate.case is None]
        for estate in self.dice.sample(free, min(len(free), steps)):
            self.begin(estate)
        if self.dice.random() < 0.2:
            self.idle_draft()

    # From the window to the archive.

    def begin(self, estate):
        caution = estate.caution
        if caution and self.dice.random() < 0.8:
            return self.look_after(estate)
        application, outcome, *about = self.dice.choice(self.choices(estate))(estate)
        officer = self.dice.choice(INTAKE)
        draft = self.caller.create_draft(officer, application)
        if self.dice.random() < 0.2:
            application = {**application, "by_post": True}
            draft = self.caller.update_draft(officer, draft, application)
            assert draft.application.by_post
        accepted = self.caller.accept(officer, draft)
        case = CaseModel(accepted.number, application["kind"], self.today, officer.split(":")[0])
        estate.case = case
        self.open.append(Work(estate, case, application, outcome, *about))

    def look_after(self, estate):
        """An objection is followed by a lawsuit, an advance notice by an application; or not."""
        caution = estate.caution
        if caution.cause == "SEIZURE" or caution.step or self.dice.random() < 0.9:
            if self.dice.random() < 0.2:
                self.try_early_lapse(caution)
            return
        seen = self.caller.call("ren:registrar", "GetCaution", caution=str(caution.number))
        self.caller.commit("wu:intake", [{"record_caution_step": {
            "caution": number(caution.number), "etag": seen.etag, "step_date": text(self.today),
            "document_number": "诉1号"}}])
        caution.step = self.today

    def try_early_lapse(self, caution):
        """What has not run out is not ended; whoever tries is told."""
        seen = self.caller.call("ren:registrar", "GetCaution", caution=str(caution.number))
        try:
            self.caller.commit("ren:registrar", [{"lapse_caution": {
                "caution": number(caution.number), "etag": seen.etag}}])
        except Refused as refused:
            assert refused.reasons == ["PERIOD_RUNNING"], refused
            self.refused_early += 1
        else:
            raise AssertionError(f"caution {caution.number} lapsed on {self.today}")

    def idle_draft(self):
        """A draft that becomes nothing: it stays, is declined or is thrown away."""
        draft = self.caller.create_draft(self.dice.choice(INTAKE), BEGUN)
        if self.dice.random() < 0.3:
            self.caller.delete_draft("wu:intake", draft)

    def step(self, work, officer, method, field, **fields):
        """One step of a case, sometimes asked twice by who did not trust the first answer."""
        what = {"case": number(work.case.number), "etag": self.etag(work), **fields}
        return self.caller.step(officer, method, {field: what}, twice=self.dice.random() < 0.05)

    def etag(self, work):
        return self.caller.call("ren:registrar", "GetCase", case=str(work.case.number)).etag

    def go_on(self, work):
        case = work.case
        stop = case.open_stop()
        if stop and stop.cause == "SUPPLEMENT":
            return self.supplement(work)
        if stop and stop.cause == "SUSPENSION":
            return self.resume(work)
        if case.state == "IN_NOTICE":
            return self.conclude(work)
        draw = self.dice.random()
        if draw < 0.05:
            return self.retract(work)
        if draw < 0.10:
            return self.refuse(work)
        if draw < 0.16:
            return self.suspend(work)
        if case.state == "REVIEWED":
            return self.refuse(work) if self.is_barred(work) else self.register(work)
        if draw < 0.26 and not case.has_passed():
            return self.ask(work)
        if case.has_passed():
            return self.begin_notice(work)
        return self.review(work)

    def is_barred(self, work):
        """An objection was founded; or time has ended what the case would place or lift."""
        caution = work.caution
        over = caution and (caution.ended_cause or caution.has_run_out(self.days, self.today))
        return over or (work.case.notice and work.case.notice.founded)

    def reviewer(self, work):
        return self.dice.choice([one for one in REVIEWERS
                                 if one.split(":")[0] != work.case.accepted_by])

    def review(self, work):
        officer = self.reviewer(work)
        self.step(work, officer, "ReviewCase", "review", step=1, opinion="通过",
                  outcome="REVIEW_OUTCOME_PASSED")
        case = work.case
        case.reviews.append((1, officer.split(":")[0], self.today, "PASSED"))
        if case.kind != "contract-first":
            case.state = "REVIEWED"

    def ask(self, work):
        due = self.today + self.dice.randint(1, 20) * ONE_DAY
        self.step(work, self.reviewer(work), "RequestSupplement", "supplement", items=["测绘成果"],
                  due_date=text(due))
        work.case.stop("SUPPLEMENT", self.today, due)

    def supplement(self, work):
        if self.is_barred(work):
            return self.retract(work)
        if self.dice.random() < 0.6:
            return  # and perhaps never
        application = {**work.application,
                       "evidence": work.application["evidence"] + [self.paper("SURVEY")]}
        self.step(work, work.case.accepted_by + ":intake", "SupplementCase", "supplement",
                  application=application)
        work.application = application
        work.case.end_stop(self.today)

    def suspend(self, work):
        self.step(work, self.reviewer(work), "SuspendCase", "suspension",
                  cause="CLOCK_STOP_CAUSE_SUSPENSION", ground="法院通知", document_number="中1号")
        work.case.stop("SUSPENSION", self.today)

    def resume(self, work):
        self.step(work, self.reviewer(work), "ResumeCase", "resumption", ground="事由消失")
        work.case.end_stop(self.today)

    def begin_notice(self, work):
        self.step(work, self.reviewer(work), "BeginNotice", "notice", document_number="公1号",
                  from_date=text(self.today), places=["村务公告栏"])
        case = work.case
        case.notice = Notice(self.today, self.days.after(self.today, NOTICE_DAYS))
        case.stop("NOTICE", self.today)
        case.state = "IN_NOTICE"

    def conclude(self, work):
        case = work.case
        if self.today <= case.notice.until:
            return
        founded = int(self.dice.random() < 0.15)
        objections = founded + self.dice.randrange(2)
        self.step(work, self.reviewer(work), "ConcludeNotice", "notice", objections=objections,
                  objections_founded=founded, answers=["已答复"] * objections)
        case.notice.concluded, case.notice.objections = True, objections
        case.notice.founded = founded
        case.end_stop(self.today)
        case.state = "REVIEWED"

    def register(self, work):
        officer = self.dice.choice(REGISTRARS)
        certify = work.case.kind in ("contract-first", "contract-transfer") and (
            self.dice.random() < 0.5)
        what = {"case": number(work.case.number), "etag": self.etag(work), "opinion": "准予登记"}
        registered = self.caller.step(
            officer, "RegisterCase", {"registration": what, "issue_certificates": certify},
            twice=self.dice.random() < 0.05)
        case = work.case
        case.state, case.registered = "REGISTERED", self.today
        case.registered_by = officer.split(":")[0]
        work.outcome(registered)
        if certify:
            work.certificates = self.certificates_of(registered)
        self.close(work)

    def certificates_of(self, registered):
        """Of the entry that registered the case, which says what it issued."""
        entry = self.caller.first_entry("root:administrator", registered.registered_sequence)
        return [effect.number for act in entry.acts for effect in act.effects
                if effect.kind == journal_pb2.RECORD_KIND_CERTIFICATE
                and act.act == "issue_certificate"]

    def retract(self, work):
        self.step(work, work.case.accepted_by + ":intake", "RetractCase", "retraction",
                  applicants=[one["party"] for one in work.application["applicants"]],
                  document_number="撤1号")
        work.case.end("RETRACTED", self.today, "撤1号")
        self.close(work)

    def refuse(self, work):
        self.step(work, self.reviewer(work), "RefuseCase", "refusal",
                  grounds=["不动产登记暂行条例 第22条"], document_number="驳1号")
        work.case.end("REFUSED", self.today, "驳1号")
        self.close(work)

    def close(self, work):
        work.estate.case = None
        self.open.remove(work)
        self.done.append(work)

    def archive(self, work):
        """Hands out what was issued, then files the papers."""
        if work.certificates:
            paper = self.caller.call("ren:registrar", "GetCertificate",
                                     certificate=str(work.certificates.pop()))
            if paper.state != plot_pb2.RECORD_STATE_LIVE:
                return  # a later case has ended it
            holder = paper.right.holders[0].party
            self.step(work, work.case.accepted_by + ":intake", "DeliverCertificate", "delivery",
                      certificate=number(paper.number), taken_by=number(holder),
                      manner="DELIVERY_MANNER_WINDOW", date=text(self.today))
            work.case.deliveries += 1
            return
        file_number = f"档{work.case.number}"
        self.step(work, "wu:intake", "ArchiveCase", "archive", file_number=file_number, pieces=3,
                  pages=12)
        work.case.state, work.case.file_number = "ARCHIVED", file_number

    # The end of a day on which time ended something.

    def lapse(self):
        """What has run out by today; LapseDue was asked."""
        for work in list(self.open):
            if work.case.has_run_out(self.today):
                work.case.end("LAPSED", self.today)
                self.close(work)
        for estate in self.estates:
            caution = estate.caution
            if caution and caution.has_run_out(self.days, self.today):
                caution.ended_cause, estate.caution = "lapsed", None
