"""Kill -9 at random moments under load, and bits that flip: nothing acknowledged goes in silence.

A seed decides when the server is killed and which bits flip; it is printed, and LANDBOOK_SEED runs
it again. LANDBOOK_LONG=1 runs the full count.
"""

import os
import random
import shutil
import sys
import threading
import time
import unittest

from landbook_county import Book, box, compact, created
from landbook_testing import (COUNTY, LONG, Client, Refused, Server, StartRefused,
                              registry_service_pb2)

KILL_ROUNDS = 50 if LONG else 5
FLIPS = 50 if LONG else 12
CALLERS = 6
# Heads go outside the database once a second; what they cover cannot be cut off unnoticed.
HEAD_SECONDS = 2.0


def seed_of(test):
    seed = int(os.environ.get("LANDBOOK_SEED", random.SystemRandom().randrange(1 << 31)))
    print(f"{test.id()}: LANDBOOK_SEED={seed}", file=sys.stderr)
    return random.Random(seed)


class Load:
    """Commits that several callers send, one outstanding each, until the server goes away or each
    has sent `limit`."""

    def __init__(self, book, round_number, limit=10_000):
        self.book = book
        self.round_number = round_number
        self.limit = limit
        self.lock = threading.Lock()
        self.sent = {}          # request id -> CommitRequest
        self.acknowledged = {}  # request id -> CommitResponse
        self.surprises = []
        # Made here: the book's clients belong to this thread.
        self.clients = [Client(book.server.address, f"li:registrar@{book.code}")
                        for _ in range(CALLERS)]
        self.threads = [threading.Thread(target=self._run, args=(caller,))
                        for caller in range(CALLERS)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        for client in self.clients:
            client.close()

    def request(self, caller, count):
        """A company, a plot and its unit: three acts that come together or not at all."""
        name = f"round-{self.round_number}-{caller}-{count}"
        ring = box(caller * 200 + count % 200, self.round_number * 20 + count // 200)
        return self.book.request([self.book.organisation(name),
                                  self.book.plot(ring, "construction"),
                                  self.book.unit(created(1))], request_id=name)

    def _run(self, caller):
        for count in range(self.limit):
            request = self.request(caller, count)
            with self.lock:
                self.sent[request.commit.request_id] = request
            try:
                answer = self.clients[caller].Commit(request, timeout=20)
            except Refused as refused:
                if refused.reasons or refused.code.name not in ("UNAVAILABLE", "CANCELLED"):
                    self.surprises.append(refused)
                return
            with self.lock:
                self.acknowledged[request.commit.request_id] = answer


class Ledger:
    """What callers know of a book: what they sent, and what was acknowledged to them."""

    def __init__(self):
        self.sent = {}
        self.acknowledged = {}

    def add(self, load):
        self.sent.update(load.sent)
        self.acknowledged.update(load.acknowledged)

    def losses(self, book):
        """Sentences about what the book's journal lacks or has in part."""
        entries = {entry.header.request_id: entry for entry in book.journal()}
        for request_id, answer in self.acknowledged.items():
            entry = entries.get(request_id)
            if entry is None:
                yield f"{request_id} was acknowledged and is gone"
            elif entry.sequence != answer.sequence:
                yield f"{request_id} was entry {answer.sequence} and is now {entry.sequence}"
        for request_id, request in self.sent.items():
            entry = entries.get(request_id)
            if entry is not None and len(entry.acts) != len(request.commit.acts):
                yield f"{request_id} is there in part"
        statistics = book.admin.GetStatistics(county=book.code)
        whole = sum(1 for request_id in self.sent if request_id in entries)
        counts = (statistics.parties, statistics.units, sum(k.count for k in statistics.plots))
        if counts != (whole, whole, whole):
            yield f"the journal has {whole} commits and the state {counts}"

    def unserved(self, book):
        """Requests whose answer changes when they are sent again; all are sent."""
        for request_id, request in self.sent.items():
            answer = book.registrar.Commit(request)
            known = self.acknowledged.setdefault(request_id, answer)
            if answer != known:
                yield f"{request_id} was answered {known} and now {answer}"


def faults_of(book):
    answers = book.admin.VerifyBook(county=book.code, timeout=300)
    assert answers and answers[-1].done, "verifying ended early"
    return list(answers[-1].faults)


class KillTest(unittest.TestCase):
    def test_kill_9_at_random_moments_under_load(self):
        dice = seed_of(self)
        server = Server()
        self.addCleanup(server.close)
        server.start()
        book = Book(server)
        ledger = Ledger()
        for round_number in range(KILL_ROUNDS):
            load = Load(book, round_number)
            load.start()
            time.sleep(dice.uniform(0.02, 1.0))
            server.kill()
            load.join()
            ledger.add(load)
            self.assertEqual(load.surprises, [])
            server.start()
            book.connect()
            with self.subTest(round=round_number):
                self.assertEqual(list(ledger.losses(book)), [])
                unacknowledged = [r for r in load.sent if r not in ledger.acknowledged]
                for request_id in unacknowledged:
                    first = book.registrar.Commit(load.sent[request_id])
                    self.assertEqual(book.registrar.Commit(load.sent[request_id]), first)
                    ledger.acknowledged[request_id] = first
                self.assertEqual(faults_of(book), [])
        self.assertGreater(len(ledger.acknowledged), KILL_ROUNDS * CALLERS)
        self.assertEqual(list(ledger.unserved(book)), [])
        self.assertEqual(server.stop(), 0)
        server.start()
        book.connect()
        self.assertEqual(list(ledger.losses(book)), [])

    def test_killed_while_importing(self):
        """An import that a kill ends is sent again and takes the rest, nothing twice."""
        dice = seed_of(self)
        server = Server()
        self.addCleanup(server.close)
        server.start()
        book = Book(server)
        rows = [(i, box(i % 100, i // 100)) for i in range(3_000)]
        for _ in range(3):
            timer = threading.Timer(dice.uniform(0.05, 0.6), server.kill)
            timer.start()
            try:
                self.send_import(server.address, rows)
            except Refused as refused:
                self.assertEqual(refused.reasons, [], refused)
            timer.join()
            server.start()
            book.connect()
            self.assertEqual(faults_of(book), [])
        done = self.send_import(server.address, rows)
        self.assertEqual((done.read, done.accepted, done.rejected), (3_000, 3_000, 0))
        statistics = book.admin.GetStatistics(county=COUNTY)
        self.assertEqual([kind.count for kind in statistics.plots], [3_000])
        self.assertEqual(faults_of(book), [])

    def send_import(self, address, rows):
        client = Client(address, f"zhao:surveyor@{COUNTY}")
        self.addCleanup(client.close)
        made = client.CreateImport(county=COUNTY, kind="construction", source="killed")
        request = registry_service_pb2.UploadImportRowsRequest(county=COUNTY)
        setattr(request, "import", made.number)
        for row, ring in rows:
            request.rows.add(row=row, code=f"{COUNTY}001001JB{row + 1:05d}", boundary=compact(ring))
        client.UploadImportRows(iter([request]))
        wanted = {"county": COUNTY, "import": str(made.number)}
        client.RunImport(**wanted)
        while True:
            state = client.GetImport(**wanted)
            if state.state in (registry_service_pb2.IMPORT_STATE_DONE,
                               registry_service_pb2.IMPORT_STATE_FAILED):
                self.assertEqual(state.failure, "")
                return state
            time.sleep(0.05)


class FlipTest(unittest.TestCase):
    """One bit changed in one file at rest. Whatever comes of it, silence about a loss does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.book = Book(cls.server)
        cls.ledger = Ledger()
        cls.load(0)
        # Opening after a kill turns the log into table files; what follows is in the log alone.
        cls.server.start()
        cls.book.connect()
        cls.load(1, limit=30)
        # Everything acknowledged is at rest by now, and covered by a head outside.
        time.sleep(HEAD_SECONDS)
        cls.server.kill()

    @classmethod
    def load(cls, round_number, **limit):
        load = Load(cls.book, round_number, **limit)
        load.start()
        if not limit:
            time.sleep(1.5)
            cls.server.kill()
        load.join()
        cls.ledger.add(load)

    def flip(self, dice, extension):
        """A copy of the data in which one bit differs: the server for it, and where."""
        copy = Server()
        shutil.copytree(self.server.data, copy.data)
        shutil.copytree(self.server.keys, copy.keys)
        files = sorted(path for path in (copy.data / "rocksdb").glob(f"*{extension}")
                       if path.stat().st_size > 0)
        self.assertTrue(files, f"no *{extension} to flip a bit of")
        weights = [path.stat().st_size for path in files]
        path = dice.choices(files, weights)[0]
        data = bytearray(path.read_bytes())
        place = dice.randrange(len(data))
        bit = dice.randrange(8)
        data[place] ^= 1 << bit
        path.write_bytes(data)
        return copy, f"bit {bit} of byte {place} of {len(data)} in {path.name}"

    def outcome(self, copy):
        try:
            copy.start()
        except StartRefused as refused:
            self.assertGreater(len(refused.text.strip()), 20, "a refusal without a sentence")
            return "refused to start"
        book = Book(copy, made=True)
        try:
            if faults_of(book):
                return "named by verify"
        except Refused as refused:
            self.assertEqual(refused.code.name, "DATA_LOSS", refused)
            return "named by verify"
        self.assertEqual(list(self.ledger.losses(book)), [], "lost in silence")
        return "unharmed"

    def flips(self, extension):
        dice = seed_of(self)
        outcomes = {}
        for _ in range(FLIPS):
            copy, where = self.flip(dice, extension)
            try:
                with self.subTest(where=where):
                    outcome = self.outcome(copy)
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
            finally:
                copy.close()
        print(f"{self.id()}: {outcomes}", file=sys.stderr)
        # A test that never meets damage shows nothing.
        self.assertGreater(outcomes.get("refused to start", 0) +
                           outcomes.get("named by verify", 0), 0)

    def test_in_the_log(self):
        self.flips(".log")

    def test_in_a_table_file(self):
        self.flips(".sst")

    def test_a_loss_would_be_seen(self):
        """The canary: one acknowledged commit that never was, and one that is there in part."""
        ledger = Ledger()
        ledger.sent = dict(self.ledger.sent)
        ledger.acknowledged = dict(self.ledger.acknowledged)
        name, request = next(iter(self.ledger.sent.items()))
        ledger.sent["never"] = ledger.sent[name]
        ledger.acknowledged["never"] = ledger.acknowledged[name]
        ledger.sent[name] = registry_service_pb2.CommitRequest()
        ledger.sent[name].CopyFrom(request)
        ledger.sent[name].commit.acts.add()
        copy = Server()
        self.addCleanup(copy.close)
        shutil.copytree(self.server.data, copy.data)
        shutil.copytree(self.server.keys, copy.keys)
        copy.start()
        told = "\n".join(ledger.losses(Book(copy, made=True)))
        self.assertIn("never was acknowledged and is gone", told)
        self.assertIn(f"{name} is there in part", told)

    def test_the_copy_itself_is_whole(self):
        copy = Server()
        self.addCleanup(copy.close)
        shutil.copytree(self.server.data, copy.data)
        shutil.copytree(self.server.keys, copy.keys)
        self.assertEqual(self.outcome(copy), "unharmed")


if __name__ == "__main__":
    unittest.main()
