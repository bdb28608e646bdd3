"""An office for trying out: a landbookd on a trial clock, and its officers at the command line.

Whatever an officer does here goes through the `landbook` program, and is printed as it was typed
and as it was answered, so that it can be copied. Files are written beside the server's own.
"""

import datetime
import json
import shlex
import subprocess

COUNTY = "990101"
START = "2026-03-02T09:00:00+08:00"  # the trial clock's first moment, a Monday

ADMINISTRATOR = "gu:administrator"  # 顾: makes the book, appoints the others
INTAKE = "wu:intake"  # 吴: 受理
REVIEWER = "qi:reviewer"  # 齐: 审核
REGISTRAR = "ren:registrar"  # 任: 登簿


class Failed(Exception):
    """A step that did not do what it should."""


def tell(text=""):
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
            self.process.terminate()
        self.process.wait()
        self.log.close()


class Office:
    """The landbook program, called as its officers would, in the directory of their files."""

    def __init__(self, binaries, server, directory):
        self.program = (binaries / "landbook").resolve()
        self.server = server
        self.directory = directory
        self.today = datetime.date.fromisoformat(START[:10])
        self._files = 0
        self._last_heading = ""

    # Without a word about it.

    def _run(self, officer, *arguments):
        command = [self.program, "--server", self.server, "--county", COUNTY, "--as", officer,
                   *map(str, arguments)]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True,
                              check=False)

    def ask(self, *arguments, officer=ADMINISTRATOR):
        """The JSON answer of a verb that has to go well."""
        done = self._run(officer, *arguments, "--output", "json")
        if done.returncode != 0:
            raise Failed(f"landbook {shlex.join(map(str, arguments))}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def write(self, name, content):
        """A file in protobuf JSON for a verb that takes one; its name."""
        self._files += 1
        path = self.directory / f"{self._files:02}-{name}.json"
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        return path.name

    def commit(self, name, acts, officer, **fields):
        """Commits acts that need no case, and gives what they left."""
        commit = {"request_id": f"quickstart-{name}", "acts": acts, **fields}
        return self.ask("commit", self.write(name, commit), officer=officer)

    # As it looks at the window.

    def do(self, officer, *arguments):
        """What the officer types and is answered; the number that the last row begins with."""
        done = self._shown(officer, *arguments)
        if done.returncode != 0:
            raise Failed(f"landbook {shlex.join(map(str, arguments))}: {done.stderr.strip()}")
        last = done.stdout.split("\n")[-2] if done.stdout else ""
        return last.split()[0] if last else ""

    def explain(self, *what, officer=INTAKE, refused=False):
        """What stands in the way: nothing, or, when `refused`, something."""
        done = self._shown(officer, "explain", *what)
        if done.returncode != (1 if refused else 0):
            raise Failed(f"landbook explain {shlex.join(map(str, what))} ended with "
                         f"{done.returncode}: {done.stderr.strip()}")

    def not_before(self, *what):
        """The first day on which nothing of it stands in the way any more."""
        explained = json.loads(self._run(INTAKE, "explain", *what, "--output", "json").stdout)
        return datetime.date.fromisoformat(explained["not_before"])

    def left_by(self, case, kind):
        """The number of the record of a kind that a registered case left, by the journal."""
        sequence = self.ask("case", "show", case)["registered_sequence"]
        done = self._run(ADMINISTRATOR, "watch", "--from", sequence, "--once", "--output", "json")
        entry = json.loads(done.stdout.splitlines()[0])
        for act in entry["acts"]:
            for effect in act["effects"]:
                if effect["kind"] == f"RECORD_KIND_{kind}":
                    return effect["number"], entry["sequence"]
        raise Failed(f"case {case} left no {kind}")

    def _shown(self, officer, *arguments):
        tell(f"  $ landbook --as {officer} {shlex.join(map(str, arguments))}")
        done = self._run(officer, *arguments)
        lines = done.stdout.splitlines()
        # The heading of a table is told once, as long as the same table follows.
        if len(lines) == 2 and lines[0].split() == self._last_heading.split():
            lines = lines[1:]
        elif lines:
            self._last_heading = lines[0]
        for line in [*lines, *done.stderr.splitlines()]:
            tell(f"    {line.rstrip()}")
        return done

    def move_clock_to(self, day, why):
        """Moves the trial clock on until it is `day`."""
        days = (day - self.today).days
        self.ask("clock", "advance", days)
        self.today = day
        tell(f"  the trial clock 试用时钟 goes on {days} days, to {day}: {why}")


# What files hold: acts, evidence and applications in the words of proto/landbook/v1/act.proto.


def number(value):
    return {"number": str(value)}


def created(act):
    return {"created_by": {"act": act}}


def evidence(kind, givers=(), *, date, **fields):
    return {"kind": f"EVIDENCE_KIND_{kind}", "date": str(date), "organ": "样例村",
            "given_by": [number(giver) for giver in givers], **fields}


def person(name, birth_date):
    return {"register_party": {"party": {"person": {
        "identity_document": "IDENTITY_DOCUMENT_HOUSEHOLD_REGISTER",
        "private": {"full_name": name, "birth_date": birth_date}}}}}


def household(collective, head, spouse):
    member = {"standing": "MEMBER_STANDING_MEMBER", "co_holder": True}
    return {"register_party": {"party": {"household": {}}, "collective": created(collective),
                               "members": [{**member, "person": created(head), "head": True},
                                           {**member, "person": created(spouse)}]}}


def collective(title, division):
    return {"register_party": {"party": {"collective": {
        "title": title, "level": "COLLECTIVE_LEVEL_VILLAGE", "division": division}}}}


def organisation(title, kind):
    return {"register_party": {"party": {"organisation": {
        "title": title, "organisation_kind": f"ORGANISATION_KIND_{kind}"}}}}


def appointment(officer, from_date):
    principal, role = officer.split(":")
    return {"appoint_officer": {"principal": principal, "role": f"ROLE_{role.upper()}",
                                "from_date": str(from_date)}}


def application(kind, registration_type, unit, act, *, holder, obligor=None, papers=()):
    """An application for one act on one unit, which rests on all of its papers."""
    for fields in act.values():
        fields.setdefault("evidence", list(range(len(papers))))
    applicants = [{"party": number(holder), "side": "APPLICANT_SIDE_HOLDER"}]
    if obligor:
        applicants.append({"party": number(obligor), "side": "APPLICANT_SIDE_OBLIGOR"})
    return {"kind": kind, "registration_type": f"REGISTRATION_TYPE_{registration_type}",
            "applicants": applicants, "units": [number(unit)], "acts": [act],
            "evidence": list(papers), "filing_place": "FILING_PLACE_WINDOW"}


def record_of(answer, act, kind):
    """The number of the first record of a kind that an act of an answer is about."""
    for record in answer["results"][act]["records"]:
        if record["kind"] == f"RECORD_KIND_{kind}":
            return record["number"]
    raise Failed(f"act {act} left no {kind}")
