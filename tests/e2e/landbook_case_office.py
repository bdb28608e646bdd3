"""A registration office for tests: officers whose calls outlive the server that they call.

The server is killed while officers work. A call that dies is sent again, word for word and under
the same request id, to the server that was started in its place.
"""

import contextlib
import datetime
import itertools
import threading
import time

import grpc

from landbook_testing import (COUNTY, Client, Refused, conveyance_service_pb2, message,
                              registry_service_pb2)

START = "2026-01-05T09:00:00+08:00"  # a Monday
# Well formed, and lacking nearly everything.
BEGUN = {"registration_type": "REGISTRATION_TYPE_TRANSFER", "kind": "contract-transfer",
         "filing_place": "FILING_PLACE_WINDOW"}
DAYS_AHEAD = 5  # by which the clock may have gone on while this office does not know it
GONE = ("UNAVAILABLE", "CANCELLED", "UNKNOWN")


class Office:
    """One server, killed and started again under its officers' hands."""

    def __init__(self, server, audit):
        self.server = server
        self.audit = audit
        self.lock = threading.Lock()
        self.up = threading.Event()
        self.generation = 0
        self.calls = 0
        self.died = 0  # calls that were sent again
        self.repeated = 0  # calls that were sent twice though they were answered
        self.kills = 0
        self.acknowledged = []  # request ids of commits that were answered
        self.drafts = {}  # number -> the Draft as it was last answered
        self.drafts_moving = set()  # numbers that a call under way may change
        self.today = datetime.date.fromisoformat(START[:10])
        self._kill_at = None
        self._kill_now = threading.Event()
        self._ids = itertools.count(1)
        server.start()
        server.listen = server.address
        self.up.set()

    def request_id(self, what):
        with self.lock:
            return f"{what}-{next(self._ids)}"

    # Calls.

    def caller(self):
        """What one thread calls through."""
        return Caller(self)

    def count_call(self):
        with self.lock:
            self.calls += 1
            if self._kill_at is not None and self.calls >= self._kill_at:
                self._kill_at = None
                self._kill_now.set()

    # Kills.

    @contextlib.contextmanager
    def killed_after(self, calls, pause_s, again=False):
        """Within, the server is killed `pause_s` after so many further calls began, or at the end;
        it is started again, and once more killed before it answers anybody when `again`."""
        with self.lock:
            self._kill_now.clear()
            self._kill_at = self.calls + calls
        failures = []
        killer = threading.Thread(target=self._kill, args=(pause_s, again, failures))
        killer.start()
        try:
            yield
        finally:
            self._kill_now.set()
            killer.join()
        if failures:
            raise failures[0]

    def _kill(self, pause_s, again, failures):
        self._kill_now.wait()
        time.sleep(pause_s)
        self.up.clear()
        try:
            for _ in range(2 if again else 1):
                self.server.kill()
                self.kills += 1
                self.server.start()
            self.look(verify=True)
        except Exception as failure:  # told by the thread that waits
            failures.append(failure)
        finally:
            self.generation += 1
            self.up.set()

    # What a book and a store have to say right after a start, whatever was under way.

    def look(self, verify=False):
        client = Client(self.server.address, "root:administrator")
        try:
            self.audit.read(client.Watch(county=COUNTY, from_sequence=self.audit.sequence + 1,
                                         once=True))
            faults = list(self.audit.faults)
            faults += self.audit.standing_faults(self.today, lapses_done=False)
            with self.lock:
                lost = [one for one in self.acknowledged if one not in self.audit.request_ids]
                self.acknowledged.clear()
            faults += [f"request {one} was answered and is gone" for one in lost]
            faults += self._draft_faults(client)
            if verify:
                faults += client.VerifyBook(county=COUNTY)[-1].faults
        finally:
            client.close()
        if faults:
            raise AssertionError("\n".join(faults))

    def _is_old(self, draft):
        """Whether the service, which knows the day first, may have thrown it away: after a year."""
        untouched = self.today - draft.updated_at.ToDatetime().date()
        return untouched > datetime.timedelta(days=365 - DAYS_AHEAD)

    def _draft_faults(self, client):
        there, token = {}, ""
        while True:
            page = client.ListDrafts(county=COUNTY, page_size=1000, page_token=token,
                                     include_ended=True)
            there.update((draft.number, draft) for draft in page.drafts)
            token = page.next_page_token
            if not token:
                break
        with self.lock:
            kept = [draft for draft in self.drafts.values()
                    if draft.number not in self.drafts_moving]
        for draft in kept:
            if draft.number not in there and self._is_old(draft):
                continue
            if draft.number not in there:
                yield f"draft {draft.number} was kept and is gone"
            elif there[draft.number] != draft:
                yield f"draft {draft.number} was {draft} and is {there[draft.number]}"


class Died(Exception):
    """A call found no server to answer it: that was killed."""


class Caller:
    """An office's calls from one thread, as whichever officer."""

    def __init__(self, office):
        self.office = office
        self._clients = {}
        self._generation = 0

    def close(self):
        for client in self._clients.values():
            client.close()
        self._clients = {}

    def _client(self, officer):
        if self._generation != self.office.generation:
            self.close()
            self._generation = self.office.generation
        if officer not in self._clients:
            self._clients[officer] = Client(self.office.server.address, f"{officer}@{COUNTY}")
        return self._clients[officer]

    def call(self, officer, method, **fields):
        """The answer, from whichever server lives to give it."""
        while True:
            with contextlib.suppress(Died):
                return self._ask(officer, method, fields)

    def call_once(self, officer, method, **fields):
        """The answer; None when the call died, whether or not it had been heard."""
        with contextlib.suppress(Died):
            return self._ask(officer, method, fields)
        return None

    def _ask(self, officer, method, fields):
        registry = hasattr(registry_service_pb2, f"{method}Request")
        request_type = getattr(registry_service_pb2 if registry else conveyance_service_pb2,
                               f"{method}Request")
        if "county" in request_type.DESCRIPTOR.fields_by_name:
            fields = {"county": COUNTY, **fields}
        request = message(request_type, **fields)
        return self._try(officer, lambda client: getattr(client, method)(request))

    def first_entry(self, officer, sequence):
        """The entry of the journal at `sequence`."""
        request = message(registry_service_pb2.WatchRequest, county=COUNTY,
                          from_sequence=str(sequence), once=True)

        def read(client):
            stream = client.stub.Watch(request, metadata=client.metadata)
            try:
                entry = next(stream)
            except grpc.RpcError as error:
                raise Refused(error) from None
            stream.cancel()
            return entry

        while True:
            with contextlib.suppress(Died):
                return self._try(officer, read)

    def _try(self, officer, ask):
        """What `ask` gives of a client; Died when the server was killed before it answered."""
        self.office.up.wait()
        client = self._client(officer)
        generation = self._generation
        self.office.count_call()
        try:
            return ask(client)
        except Refused as refused:
            answered = refused.reasons or refused.code.name not in GONE
            killed = not self.office.up.is_set() or generation != self.office.generation
            if answered or not killed:
                raise
        with self.office.lock:
            self.office.died += 1
        raise Died

    def step(self, officer, method, fields, twice=False):
        """A step of a case: one entry of the book, whatever dies on the way and however often it is
        asked."""
        request_id = self.office.request_id(method)
        answer = self.call(officer, method, request_id=request_id, **fields)
        if twice:
            again = self.call(officer, method, request_id=request_id, **fields)
            assert again == answer, (again, answer)
            with self.office.lock:
                self.office.repeated += 1
        with self.office.lock:
            self.office.acknowledged.append(request_id)
        return answer

    def commit(self, officer, acts, **fields):
        request_id = self.office.request_id("commit")
        answer = self.call(officer, "Commit",
                           commit={"request_id": request_id, "acts": acts, **fields})
        with self.office.lock:
            self.office.acknowledged.append(request_id)
        return answer

    # Drafts.

    def create_draft(self, officer, application):
        draft = self.call(officer, "CreateDraft", request_id=self.office.request_id("draft"),
                          application=application)
        with self.office.lock:
            self.office.drafts[draft.number] = draft
        return draft

    @contextlib.contextmanager
    def _moving(self, draft):
        with self.office.lock:
            self.office.drafts_moving.add(draft.number)
        yield
        with self.office.lock:
            self.office.drafts_moving.discard(draft.number)

    def keep(self, officer, draft):
        """Reads a draft that was changed, and expects it so from now on."""
        now = self.call(officer, "GetDraft", draft=draft.number)
        with self.office.lock:
            self.office.drafts[draft.number] = now
        return now

    def update_draft(self, officer, draft, application):
        with self._moving(draft):
            try:
                self.call(officer, "UpdateDraft", draft=draft.number, etag=draft.etag,
                          application=application)
            except Refused as refused:
                # Sent again: the first call had been heard.
                if refused.reasons != ["RECORD_MOVED"]:
                    raise
            return self.keep(officer, draft)

    def delete_draft(self, officer, draft):
        with self._moving(draft):
            try:
                self.call(officer, "DeleteDraft", draft=draft.number, etag=draft.etag)
            except Refused as refused:
                if refused.reasons != ["RECORD_NOT_FOUND"]:
                    raise
            with self.office.lock:
                del self.office.drafts[draft.number]

    def accept(self, officer, draft):
        """The draft becomes a case; gives it."""
        request_id = self.office.request_id("AcceptCase")
        with self._moving(draft):
            case = self.call(officer, "AcceptCase", draft=draft.number, etag=draft.etag,
                             request_id=request_id)
            self.keep(officer, draft)
        with self.office.lock:
            self.office.acknowledged.append(request_id)
        return case
