"""Everything a book says can be proved with a verifier that shares no code with it."""

import base64
import datetime
import functools
import json
import struct
import subprocess
import time
import unittest

from landbook_county import Book, created, first_created, number
from landbook_testing import BIN, ServerCase, StartRefused, verify

SUITES = {"SUITE_SHA256_ED25519": ("990101", "sha256-ed25519"),
          "SUITE_SM3_SM2": ("990102", "sm3-sm2")}
# What no leaf and no file may hold once a person is erased.
SECRETS = {"full_name": "欧阳无名氏", "address": "样例县无名村六组十七号",
           "telephone": "01234567890123", "bank_account": "6222990001112223334"}
PURGE_SECONDS = 10


def tamper(server, key, offset=None):
    """Shows a stored value, or flips a bit of it, while no server runs; None for an absent key."""
    binary = BIN / "landbook-tamper"
    if not binary.exists():
        raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")
    command = [str(binary), str(server.data), key.hex()] + ([] if offset is None else [str(offset)])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 1 and "absent" in done.stderr:
        return None
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return bytes.fromhex(done.stdout.strip())


def book_key(book, space, *parts):
    """A key of the book's key space (storage/FORMAT.md, Key spaces); parts are (value, bytes)."""
    number_on_server = book.admin.GetCounty(county=book.code).book
    return number_on_server.to_bytes(4, "big") + space + b"".join(
        value.to_bytes(size, "big") for value, size in parts)


def head_document(head):
    return {"kind": "head", "head": head.signed_bytes.hex(), "signature": head.signature.hex(),
            "public_key": head.public_key.hex()}


def work_in(book):
    """A few entries of every sort, with a signed head asked for after each: the heads."""
    village = book.village(households=2)
    seller, buyer = village.households
    heads = [book.admin.GetHead(county=book.code)]
    right = book.held_right("homestead", seller.party)
    heads.append(book.admin.GetHead(county=book.code))
    book.commit([book.transfer(right, [buyer.party], evidence=[0])],
                evidence=[book.evidence("CONSENT", [village.collective])])
    heads.append(book.admin.GetHead(county=book.code))
    book.commit([book.organisation(f"公司{i}") for i in range(21)])
    heads.append(book.admin.GetHead(county=book.code))
    issued = book.commit([{"issue_certificate": {"right": number(right.number)}}])
    heads.append(book.admin.GetHead(county=book.code))
    certificate = book.registrar.GetCertificate(
        county=book.code, certificate=str(first_created(issued, 0, "CERTIFICATE")))
    book.commit([{"void_certificate": {"certificate": number(certificate.number),
                                       "etag": certificate.etag, "ground": "遗失"}},
                 {"issue_certificate": {"right": number(right.number)}}])
    heads.append(book.admin.GetHead(county=book.code))
    return heads


def in_each_suite(test):
    """Runs `test(self, suite's name, book, its heads)` for the books of both suites."""
    @functools.wraps(test)
    def run(self):
        for name, book in self.books.items():
            with self.subTest(suite=name):
                test(self, name, book, self.heads[name])
    return run


class ProofTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books, cls.heads = {}, {}
        for suite, (code, name) in SUITES.items():
            cls.books[name] = Book(cls.server, code, suite)
            cls.heads[name] = work_in(cls.books[name])

    @in_each_suite
    def test_every_act_is_in_the_tree_of_the_newest_head(self, name, book, heads):
        head, leaves = heads[-1], 0
        for entry in book.journal():
            stored = [entry.header_bytes, *entry.act_bytes]
            for leaf, data in enumerate(stored):
                proof = book.admin.GetInclusionProof(
                    county=book.code, sequence=str(entry.sequence), leaf=leaf,
                    tree_size=str(head.tree_size))
                self.assertEqual(proof.leaf, data, "another leaf than the journal's")
                self.assertEqual(proof.leaf_index, leaves)
                verify.check_document({
                    "kind": "bundle", "head": head_document(head),
                    "inclusion": {"suite": name, "leaf": data.hex(), "leaf_index": leaves,
                                  "tree_size": head.tree_size, "root": head.root.hex(),
                                  "path": [step.hex() for step in proof.path]}})
                leaves += 1
            self.assertEqual(entry.header.act_count, len(entry.act_bytes))
        self.assertEqual(leaves, head.tree_size)
        self.assertEqual(book.admin.GetStatistics(county=book.code).leaves, leaves)

    @in_each_suite
    def test_the_root_is_that_of_the_journals_bytes(self, name, book, heads):
        """The whole tree from the journal alone, by the definition of RFC 6962, 2.1."""
        leaves = []
        for entry in book.journal():
            leaves += [verify.leaf_hash(name, data)
                       for data in (entry.header_bytes, *entry.act_bytes)]

        def root(items):
            if len(items) < 2:
                return items[0] if items else verify.digest(name, b"")
            split = 1 << (len(items) - 1).bit_length() - 1
            return verify.node_hash(name, root(items[:split]), root(items[split:]))
        for head in heads:
            self.assertEqual(root(leaves[:head.tree_size]), head.root)

    @in_each_suite
    def test_every_pair_of_heads_is_consistent(self, name, book, heads):
        kept = list(book.admin.ListHeads(county=book.code, page_size=1000).heads)
        self.assertEqual([h.sequence for h in kept], sorted(h.sequence for h in kept))
        sequences = {head.sequence for head in kept}
        self.assertTrue({head.sequence for head in heads} <= sequences, "a head was not kept")
        pairs = [(old, new) for i, old in enumerate(kept) for new in kept[i:]]
        for old, new in pairs:
            proof = book.admin.GetConsistencyProof(
                county=book.code, old_size=str(old.tree_size), new_size=str(new.tree_size))
            verify.check_document({
                "kind": "bundle", "head": head_document(new),
                "consistency": {"suite": name, "old_size": old.tree_size,
                                "new_size": new.tree_size, "old_root": old.root.hex(),
                                "new_root": new.root.hex(),
                                "path": [step.hex() for step in proof.path]}})
        self.assertGreaterEqual(len(pairs), 21)

    @in_each_suite
    def test_heads_say_what_they_sign(self, name, book, heads):
        key_ids = set()
        for head in heads:
            signed = verify.verify_head(head.signed_bytes, head.signature, head.public_key)
            self.assertEqual((signed["sequence"], signed["tree_size"], signed["root"]),
                             (head.sequence, head.tree_size, head.root))
            self.assertEqual((signed["status_size"], signed["status_root"]),
                             (head.status_size, head.status_root))
            self.assertEqual((signed["suite"], signed["key_id"]), (name, head.key_id))
            key_ids.add(head.key_id)
        self.assertEqual(len(key_ids), 1)

    @in_each_suite
    def test_a_forged_head_proof_or_leaf_is_not_proved(self, name, book, heads):
        head = head_document(heads[-1])
        forged = {**head, "head": head["head"][:-34] + "00" + head["head"][-32:]}
        self.assertNotEqual(forged, head)
        with self.assertRaises((verify.NotProved, verify.Unreadable)):
            verify.check_document(forged)
        proof = book.admin.GetInclusionProof(county=book.code, sequence="2", leaf=1,
                                             tree_size=str(heads[-1].tree_size))
        document = {"kind": "inclusion", "suite": name, "leaf_index": proof.leaf_index,
                    "leaf": proof.leaf.hex(), "tree_size": proof.tree_size,
                    "root": heads[-1].root.hex(), "path": [p.hex() for p in proof.path]}
        verify.check_document(document)
        for change in ({"leaf": (proof.leaf + b"\0").hex()},
                       {"leaf_index": proof.leaf_index + 1},
                       {"path": document["path"][:-1]}):
            with self.assertRaises(verify.NotProved):
                verify.check_document({**document, **change})

    @in_each_suite
    def test_certificates_stand_ended_or_unknown(self, name, book, _heads):
        for certificate, status in ((1, "ended"), (2, "live")):
            proof = book.admin.GetStatusProof(county=book.code, certificate=str(certificate))
            self.assertEqual(proof.status, status)
            verify.check_document({
                "kind": "bundle", "head": head_document(proof.head),
                "status": {"suite": name, "certificate_number": certificate, "status": status,
                           "ended_at": proof.ended_sequence,
                           "tree_size": proof.head.status_size,
                           "root": proof.head.status_root.hex(),
                           "path": [step.hex() for step in proof.path]}})
        self.assertRefused("PROOF_OUT_OF_RANGE", book.admin.GetStatusProof, county=book.code,
                           certificate="3")

    def test_proofs_of_what_is_not_there(self):
        book = next(iter(self.books.values()))
        for call, fields in (("GetInclusionProof", {"sequence": "9999"}),
                             ("GetInclusionProof", {"sequence": "1", "leaf": 99}),
                             ("GetInclusionProof", {"sequence": "5", "tree_size": "1"}),
                             ("GetConsistencyProof", {"old_size": "1", "new_size": "99999"}),
                             ("GetConsistencyProof", {"old_size": "9", "new_size": "3"})):
            with self.subTest(call=call, fields=fields):
                self.assertRefused("PROOF_OUT_OF_RANGE", getattr(book.admin, call),
                                   county=book.code, **fields)

    @in_each_suite
    def test_the_command_line_proves_the_same(self, _name, book, heads):
        ran = self.server.landbook("verify", "book", "--output", "json", county=book.code)
        self.assertEqual((ran.code, ran.json["faults"]), (0, []), ran)
        ran = self.server.landbook("verify", "consistency", "--old", heads[0].tree_size,
                                   "--new", heads[-1].tree_size, county=book.code)
        self.assertEqual(ran.code, 0, ran)
        file = self.server.folder / "certificate.json"
        for certificate, code in ((1, 1), (2, 0)):
            ran = self.server.landbook("certificate", "get", certificate, "--output", "json",
                                       county=book.code)
            self.assertEqual(ran.code, 0, ran)
            file.write_text(ran.out)
            stated = ran.json
            ran = self.server.landbook("verify", "certificate", file, county=book.code)
            self.assertEqual(ran.code, code, ran)
        # The live one again, with what was never issued.
        file.write_text(json.dumps({**stated, "issued_date": "1999-01-01"}))
        self.assertEqual(self.server.landbook("verify", "certificate", file,
                                              county=book.code).code, 1)


class OutsideHeadTest(ServerCase):
    """The head that is kept outside the data, read by the letter of storage/FORMAT.md."""

    STATES = {"preparing": 1, "open": 2, "closed": 3}

    def parts_of(self, text):
        lines = text.splitlines()
        self.assertEqual(lines[0], "landbook head 1")
        return dict(line.split(": ", 1) for line in lines[1:])

    def signed_bytes(self, head):
        book = head["book"].encode()
        recorded = datetime.datetime.strptime(head["recorded at"], "%Y-%m-%dT%H:%M:%S.%fZ")
        micros = (recorded - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
        return (b"landbook-head\x01" + bytes([len(book)]) + book + struct.pack(
            ">BIBBQQ32sQ32sQ8s", verify.SUITES[head["suite"]][1], int(head["format"]),
            self.STATES[head["state"]], head["trial"] == "yes", int(head["sequence"]),
            int(head["tree size"]), bytes.fromhex(head["tree root"]), int(head["status size"]),
            bytes.fromhex(head["status root"]), micros, bytes.fromhex(head["key"])))

    def test_it_is_signed_by_the_books_key_and_covers_all_that_was_done(self):
        books = [Book(self.server, code, suite) for suite, (code, _) in SUITES.items()]
        heads = {book.code: work_in(book)[-1] for book in books}
        self.assertEqual(self.server.stop(), 0)
        for code, last in heads.items():
            head = self.parts_of((self.server.keys / f"{code}.head").read_text("utf-8"))
            self.assertEqual((head["sequence"], head["tree root"]),
                             (str(last.sequence), last.root.hex()))
            keys = (self.server.keys / code / "keys.txt").read_text("utf-8").splitlines()
            public_key = base64.b64decode(keys[1].split()[3])
            verify.verify_head(self.signed_bytes(head), base64.b64decode(head["signature"]),
                               public_key)
        self.server.start()

    def test_one_that_was_altered_is_not_believed(self):
        book = Book(self.server, "990103")
        book.commit([book.organisation("某公司")])
        self.server.stop()
        file = self.server.keys / "990103.head"
        text = file.read_text("utf-8")
        for old, new in (("sequence: 3", "sequence: 2"), ("tree root: ", "tree root: 0"),
                         ("trial: no", "trial: yes"), ("landbook head 1", "landbook head 2"),
                         (text, "")):
            with self.subTest(new=new):
                self.assertIn(old, text)
                file.write_text(text.replace(old, new, 1), "utf-8")
                with self.assertRaises(StartRefused) as caught:
                    self.server.start()
                self.assertIn("990103", caught.exception.text)
        file.write_text(text, "utf-8")
        self.server.start()


class TamperTest(ServerCase):
    """One bit of what is stored is changed through the engine, whose checksums then agree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)

    def faults_after(self, key, offset):
        """What verifying says with the bit flipped; it is flipped back afterwards."""
        self.assertEqual(self.server.stop(), 0)
        self.assertIsNotNone(tamper(self.server, key, offset))
        try:
            self.server.start()
            return self.server.landbook("verify", "book", "--output", "json",
                                        county=self.book.code)
        finally:
            if self.server.process is not None:
                self.server.stop()
            tamper(self.server, key, offset)
            self.server.start()
            self.book.connect()

    def test_one_byte_of_one_entry(self):
        response = self.book.commit([self.book.organisation(f"公司{i}") for i in range(3)])
        self.book.commit([self.book.organisation("后来的公司")])
        key = book_key(self.book, b"j", (response.sequence, 8), (2, 4))
        size = len(self.book.journal()[response.sequence - 1].act_bytes[1])
        for offset in (0, size // 2, size - 1):
            ran = self.faults_after(key, offset)
            with self.subTest(offset=offset):
                self.assertEqual(ran.code, 1, ran)
                self.assertRegex(ran.out + ran.err, rf"\b{response.sequence}\b", ran)
        ran = self.server.landbook("verify", "book", county=self.book.code)
        self.assertEqual(ran.code, 0, ran)

    def test_one_byte_of_the_state(self):
        response = self.book.commit([self.book.organisation("某公司")])
        party = first_created(response, 0, "PARTY")
        key = book_key(self.book, b"c", (2, 1), (party, 8))
        ran = self.faults_after(key, 12)
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(self.server.landbook("verify", "book", county=self.book.code).code, 0)


class ErasureTest(ServerCase):
    def setUp(self):
        self.book = Book(self.server)
        response = self.book.commit([
            self.book.person("某人甲"),
            self.book.person(SECRETS["full_name"], identity_number="X990101-7788",
                             **{k: v for k, v in SECRETS.items() if k != "full_name"})])
        self.party = first_created(response, 1, "PARTY")
        self.registered = response.sequence

    def in_files(self, data):
        return [str(path) for path in self.server.data.rglob("*")
                if path.is_file() and data in path.read_bytes()]

    def left_in_files(self, data):
        """As in_files, after the time that rewriting files may take off the write path."""
        end = time.monotonic() + PURGE_SECONDS
        while self.in_files(data) and time.monotonic() < end:
            time.sleep(0.2)
        return self.in_files(data)

    def erase(self, party=None):
        """As an administrator, by the number of a document."""
        return self.book.commit([{"erase_private_fields": {
            "party": number(party or self.party), "ground": "个人信息保护法第47条"}}],
            client=self.book.admin, document_number="样字2号")

    def test_erasing_leaves_every_proof_and_takes_the_value_from_every_file(self):
        self.assertEqual(self.book.registrar.GetParty(
            county=self.book.code, party=str(self.party)).person.private.full_name,
            SECRETS["full_name"])
        head = self.book.admin.GetHead(county=self.book.code)
        private_key = book_key(self.book, b"k", (self.party, 8))
        values_key = book_key(self.book, b"v", (self.party, 8), (1, 4))
        journal = self.book.journal()
        for value in SECRETS.values():
            for entry in journal:
                self.assertNotIn(value.encode(), b"".join([entry.header_bytes, *entry.act_bytes]))
            self.assertEqual(self.in_files(value.encode()), [], "stored in the open")
        # The party's key as it lies on disk, sealed: it is what has to go.
        self.server.stop()
        sealed = tamper(self.server, private_key)
        values = tamper(self.server, values_key)
        self.assertTrue(sealed and values)
        self.server.start()
        self.book.connect()
        self.assertNotEqual(self.in_files(sealed[-32:]), [], "the search finds nothing")
        self.assertNotEqual(self.in_files(values[-32:]), [], "the search finds nothing")

        self.erase()
        for name, value in (("key", sealed), ("values", values)):
            self.assertEqual(self.left_in_files(value[-32:]), [], f"the {name} are still on disk")
        person = self.book.registrar.GetParty(county=self.book.code, party=str(self.party)).person
        self.assertTrue(person.erased)
        self.assertEqual(person.private.full_name, "")
        self.assertEqual(list(self.book.registrar.ListParties(
            county=self.book.code, identity_number="X990101-7788").parties), [])
        past = self.book.registrar.GetParty(county=self.book.code, party=str(self.party),
                                            read={"sequence": str(self.registered)}).person
        self.assertEqual(past.private.full_name, "", "the past still tells")

        self.assertEqual(self.book.journal()[:len(journal)], journal, "the journal changed")
        verify_run = self.server.landbook("verify", "book", "--output", "json",
                                          county=self.book.code)
        self.assertEqual((verify_run.code, verify_run.json["faults"]), (0, []), verify_run)
        proof = self.book.admin.GetInclusionProof(
            county=self.book.code, sequence=str(self.registered), leaf=2,
            tree_size=str(head.tree_size))
        verify.check_document({
            "kind": "bundle", "head": head_document(head),
            "inclusion": {"suite": "sha256-ed25519", "leaf": proof.leaf.hex(),
                          "leaf_index": proof.leaf_index, "tree_size": proof.tree_size,
                          "root": head.root.hex(), "path": [p.hex() for p in proof.path]}})
        self.server.stop()
        self.assertIsNone(tamper(self.server, private_key))
        self.server.start()
        self.book.connect()
        self.assertRefused("PARTY_ERASED", self.erase)
        self.holders_are_not_erased()

    def holders_are_not_erased(self):
        village = self.book.village(households=1)
        right = self.book.held_right("homestead", village.households[0].party)
        for party in village.households[0].people:
            self.assertRefused("PARTY_HOLDS_RIGHTS", self.erase, party)
        self.assertRefused("PARTY_HAS_NO_PRIVATE_FIELDS", self.erase, village.collective)
        self.assertEqual(self.book.right(right.number), right)
        # Nobody who was erased can take a right.
        self.assertRefused("PARTY_ERASED", self.book.commit, [
            self.book.plot(self.book.free_ring(), "construction"), self.book.unit(created(0)),
            self.book.grant(created(1), "construction", [number(self.party)],
                            when={"start_date": "2024-01-01", "end_date": "2053-12-31"})])


if __name__ == "__main__":
    unittest.main()
