#!/usr/bin/env python3
"""Tests of landbook_verify.py with published vectors, and with the bytes that storage/ pins."""

import contextlib
import copy
import io
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import landbook_verify as verify

SUITE = "sha256-ed25519"
VECTORS = Path(__file__).parents[2] / "storage" / "testdata" / "merkle_vectors.txt"

# The head of storage/signed_head_test.cc, signed with the key of RFC 8032, 7.1, test 1.
HEAD = {
    "kind": "head",
    "head": "6c616e64626f6f6b2d68656164010f636f756e746965732f333730333033010000000102"
            "00000000000000002a0000000000000061aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaa0000000000000005bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb000644594164224006e3fd8fda29bb60",
    "signature": "43cf87b156151cdef11a2f9f627c615674362b1c49b3730d5d28e7c146b34544c464aa05"
            "2876d318d0ca412f76cb6b04955534b744bc02a2e9efd016e4715d02",
    "public_key": "302a300506032b6570032100"
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
}


def read_vectors():
    vectors = {"leaf": [], "root": [], "inclusion": [], "consistency": []}
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        kind, *words = line.split() or ["#"]
        if kind in vectors:
            vectors[kind].append(words)
    return vectors


class PublishedVectors(unittest.TestCase):
    def setUp(self):
        vectors = read_vectors()
        self.leaves = ["" if leaf == ["-"] else leaf[0] for leaf in vectors["leaf"]]
        self.roots = [root for _, root in vectors["root"]]
        self.inclusions = [self.inclusion(*words) for words in vectors["inclusion"]]
        self.consistencies = [self.consistency(*words) for words in vectors["consistency"]]

    def inclusion(self, index, size, *path):
        return {"kind": "inclusion", "suite": SUITE, "leaf": self.leaves[int(index)],
                "leaf_index": int(index), "tree_size": int(size), "path": list(path),
                "root": self.roots[int(size)]}

    def consistency(self, old_size, new_size, *path):
        return {"kind": "consistency", "suite": SUITE, "old_size": int(old_size),
                "new_size": int(new_size), "path": list(path),
                "old_root": self.roots[int(old_size)], "new_root": self.roots[int(new_size)]}

    def test_there_are_vectors(self):
        self.assertEqual((len(self.inclusions), len(self.consistencies)), (5, 4))

    def test_roots_by_the_definition(self):
        def root(hashes):
            if not hashes:
                return verify.digest(SUITE, b"")
            if len(hashes) == 1:
                return hashes[0]
            split = 1 << (len(hashes) - 1).bit_length() - 1
            return verify.node_hash(SUITE, root(hashes[:split]), root(hashes[split:]))

        hashes = [verify.leaf_hash(SUITE, bytes.fromhex(leaf)) for leaf in self.leaves]
        for size, wanted in enumerate(self.roots):
            self.assertEqual(root(hashes[:size]).hex(), wanted)

    def test_published_proofs_are_accepted(self):
        for document in self.inclusions + self.consistencies:
            verify.check_document(document)

    def test_a_leaf_may_be_given_by_its_hash(self):
        document = dict(self.inclusions[1])
        leaf = bytes.fromhex(document.pop("leaf"))
        document["leaf_hash"] = verify.leaf_hash(SUITE, leaf).hex()
        verify.check_document(document)

    def test_changed_proofs_are_refused(self):
        refused = 0
        for good in self.inclusions + self.consistencies:
            for bad in self.changes(good):
                with self.assertRaises(verify.NotProved, msg=json.dumps(bad)):
                    verify.check_document(bad)
                refused += 1
        self.assertGreater(refused, 40)

    @staticmethod
    def changes(good):
        other = "5a" * 32
        for name in ("root", "old_root", "new_root"):
            if name in good:
                yield {**good, name: other}
        yield {**good, "path": good["path"] + [other]}
        for i in range(len(good["path"])):
            yield {**good, "path": good["path"][:i] + good["path"][i + 1:]}
            yield {**good, "path": good["path"][:i] + [other] + good["path"][i + 1:]}
        if "leaf" in good:
            yield {**good, "leaf": good["leaf"] + "00"}
            yield {**good, "leaf_index": good["tree_size"]}
        else:
            yield {**good, "old_size": good["new_size"] + 1}


class Heads(unittest.TestCase):
    def test_the_pinned_head_is_accepted(self):
        self.assertIn("counties/370303 at sequence 42", verify.check_document(HEAD))

    def test_every_changed_byte_is_refused(self):
        data = bytes.fromhex(HEAD["head"])
        for i in range(len(data)):
            changed = bytearray(data)
            changed[i] ^= 1
            with self.assertRaises((verify.NotProved, verify.Unreadable, ValueError)):
                verify.check_document({**HEAD, "head": changed.hex()})

    def test_another_signature_is_refused(self):
        signature = "00" + HEAD["signature"][2:]
        with self.assertRaises(verify.NotProved):
            verify.check_document({**HEAD, "signature": signature})

    def test_a_head_signed_with_sm2(self):
        with tempfile.TemporaryDirectory() as folder:
            def openssl(*words):
                subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

            openssl("genpkey", "-algorithm", "SM2", "-out", "key.pem")
            openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der")
            public_key = Path(folder, "public.der").read_bytes()
            data = bytearray.fromhex(HEAD["head"])
            data[13 + 1 + 1 + 15] = 2
            data[-8:] = verify.digest("sm3-sm2", public_key)[:8]
            Path(folder, "head").write_bytes(data)
            openssl("pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-digest", "sm3",
                    "-pkeyopt", "distid:1234567812345678", "-in", "head", "-out", "signature")
            document = {"kind": "head", "head": data.hex(), "public_key": public_key.hex(),
                        "signature": Path(folder, "signature").read_bytes().hex()}
        verify.check_document(document)
        data[-9] ^= 1  # the recorded time
        with self.assertRaises(verify.NotProved):
            verify.check_document({**document, "head": data.hex()})


class StatusAndCommitments(unittest.TestCase):
    def status(self, status, ended_at):
        # Two certificates; the second is live.
        leaf = verify.leaf_hash(SUITE, bytes.fromhex("0000000000000001" "02" "0000000000000009"))
        other = verify.leaf_hash(SUITE, bytes.fromhex("0000000000000002" "01" "0000000000000000"))
        return {"kind": "status", "suite": SUITE, "certificate_number": 1, "status": status,
                "ended_at": ended_at, "tree_size": 2, "path": [other.hex()],
                "root": verify.node_hash(SUITE, leaf, other).hex()}

    def test_what_the_tree_says_is_accepted(self):
        self.assertIn("ended with entry 9", verify.check_document(self.status("ended", 9)))

    def test_anything_else_is_refused(self):
        for status, ended_at in (("live", 0), ("ended", 8)):
            with self.assertRaises(verify.NotProved):
                verify.check_document(self.status(status, ended_at))
        with self.assertRaises(verify.Unreadable):
            verify.check_document(self.status("live", 9))

    def test_the_pinned_commitment(self):
        document = {"kind": "commitment", "suite": SUITE, "field": 0x0102, "salt": "5a" * 32,
                    "value": b"abc".hex(), "commitment": "48b95f291bc7fe8cfb542debb11c9426"
                                                  "7948bf517af02578338b0218162120a5"}
        verify.check_document(document)
        with self.assertRaises(verify.NotProved):
            verify.check_document({**document, "value": b"abd".hex()})
        with self.assertRaises(verify.NotProved):
            verify.check_document({**document, "field": 0x0103})


class Bundles(unittest.TestCase):
    def setUp(self):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        key = Ed25519PrivateKey.generate()
        public_key = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        leaf, certificate = b"entry", bytes.fromhex("0000000000000001" "01" "0000000000000000")
        root = verify.leaf_hash(SUITE, leaf)
        status_root = verify.leaf_hash(SUITE, certificate)
        head = (b"landbook-head\x01\x01b\x01" + bytes.fromhex("00000001" "02" "00")
                + (7).to_bytes(8, "big") + (1).to_bytes(8, "big") + root
                + (1).to_bytes(8, "big") + status_root + bytes(8)
                + verify.digest(SUITE, public_key)[:8])
        self.bundle = {
            "kind": "bundle",
            "head": {"head": head.hex(), "signature": key.sign(head).hex(),
                     "public_key": public_key.hex()},
            "inclusion": {"suite": SUITE, "leaf": leaf.hex(), "leaf_index": 0, "tree_size": 1,
                          "path": [], "root": root.hex()},
            "status": {"suite": SUITE, "certificate_number": 1, "status": "live", "ended_at": 0,
                       "tree_size": 1, "path": [], "root": status_root.hex()},
        }

    def test_a_bundle_is_accepted(self):
        told = verify.check_document(self.bundle)
        self.assertIn("certificate 1 is live", told)
        self.assertIn("leaf 0", told)

    def test_a_proof_of_another_tree_is_refused(self):
        bad = copy.deepcopy(self.bundle)
        bad["inclusion"]["leaf"] = b"other".hex()
        bad["inclusion"]["root"] = verify.leaf_hash(SUITE, b"other").hex()
        verify.check_document({"kind": "inclusion", **bad["inclusion"]})
        with self.assertRaises(verify.NotProved):
            verify.check_document(bad)


class CommandLine(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "document.json")
            path.write_text(text, encoding="utf-8")
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                return verify.main([str(path)]), output.getvalue()

    def test_exit_codes(self):
        code, output = self.run_on(json.dumps(HEAD))
        self.assertEqual((code, "proved" in output), (0, True))
        code, output = self.run_on(json.dumps({**HEAD, "signature": "00" * 64}))
        self.assertEqual((code, "NOT PROVED" in output), (1, True))
        for text in ("", "[]", "{}", '{"kind": "deed"}', '{"kind": "head", "head": "zz"}'):
            self.assertEqual(self.run_on(text)[0], 2, text)


if __name__ == "__main__":
    unittest.main()
