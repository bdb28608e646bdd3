#!/usr/bin/env python3
"""Verifies proofs of a Landbook book. It shares no code with Landbook.

    landbook_verify.py FILE...       each FILE is a JSON document; "-" is standard input

It needs Python 3.9 and nothing else for sha256; for Ed25519 signatures python3-cryptography; for
SM3 an OpenSSL that has it; for SM2 signatures the openssl command. It exits with 0 when all that
the documents say is proved, with 1 when something is not, and with 2 when a document cannot be
read.

A document is one JSON object. "kind" says what it proves; hashes and bytes are hexadecimal, and
"suite" is sha256-ed25519 or sm3-sm2. Byte layouts: storage/FORMAT.md.

  inclusion    suite, leaf (or leaf_hash), leaf_index, tree_size, path [...], root
               that the leaf is in the tree (RFC 9162, 2.1.3.2)
  consistency  suite, old_size, new_size, old_root, new_root, path [...]
               that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)
  status       suite, certificate_number, status ("live" or "ended"), ended_at (0 while live),
               tree_size, path [...], root
               that the status tree says so of the certificate
  commitment   suite, field, salt, value, commitment
               that the value is the one committed to
  head         head (the canonical bytes), signature, public_key (SubjectPublicKeyInfo in DER)
               that the key signed the head
  bundle       head {...}, and any of inclusion {...}, status {...}, consistency {...}
               all of these, and that their roots and sizes are those of the head

A head proves what its signer said. That the public key is the book's is for you to know.
"""

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SUITES = {"sha256-ed25519": ("sha256", 1), "sm3-sm2": ("sm3", 2)}
SUITE_NAMES = {number: name for name, (_, number) in SUITES.items()}
SM2_SIGNER = "1234567812345678"
HASH_SIZE = 32


class NotProved(Exception):
    """What a document says does not follow from it."""


class Unreadable(Exception):
    """A document that is not as the format says."""


def require(condition, message):
    if not condition:
        raise NotProved(message)


# Hashes (RFC 6962, 2.1).


def digest(suite, data):
    if suite not in SUITES:
        raise Unreadable(f"no suite is named {suite!r}")
    return hashlib.new(SUITES[suite][0], data).digest()


def leaf_hash(suite, leaf):
    return digest(suite, b"\x00" + leaf)


def node_hash(suite, left, right):
    return digest(suite, b"\x01" + left + right)


# Proofs, as RFC 9162 writes their checks down.


def verify_inclusion(suite, leaf, leaf_index, tree_size, path, root):
    require(leaf_index < tree_size, f"a tree of {tree_size} leaves has no leaf {leaf_index}")
    fn, sn = leaf_index, tree_size - 1
    r = leaf
    for p in path:
        require(sn != 0, "the path is too long")
        if fn & 1 or fn == sn:
            r = node_hash(suite, p, r)
            while not fn & 1 and fn != 0:
                fn >>= 1
                sn >>= 1
        else:
            r = node_hash(suite, r, p)
        fn >>= 1
        sn >>= 1
    require(sn == 0, "the path is too short")
    require(r == root, "the path leads to another root")


def verify_consistency(suite, old_size, new_size, path, old_root, new_root):
    require(old_size <= new_size, "the old tree is larger than the new one")
    if old_size == 0 or old_size == new_size:
        require(not path, "the path is too long")
        expected = digest(suite, b"") if old_size == 0 else new_root
        require(old_root == expected, "the old root is another")
        return
    require(path, "the path is too short")
    if old_size & (old_size - 1) == 0:
        path = [old_root] + path
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for c in path[1:]:
        require(sn != 0, "the path is too long")
        if fn & 1 or fn == sn:
            fr = node_hash(suite, c, fr)
            sr = node_hash(suite, c, sr)
            while not fn & 1 and fn != 0:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(suite, sr, c)
        fn >>= 1
        sn >>= 1
    require(sn == 0, "the path is too short")
    require(fr == old_root, "the path leads to another old root")
    require(sr == new_root, "the path leads to another new root")


# Heads.


def parse_head(data):
    """The fields of canonical bytes. Raises Unreadable when they are none."""
    magic = b"landbook-head\x01"
    if not data.startswith(magic) or len(data) <= len(magic):
        raise Unreadable("these bytes are no head of encoding version 1")
    book_end = len(magic) + 1 + data[len(magic)]
    layout = struct.Struct(">BIBBQQ32sQ32sQ8s")
    if len(data) != book_end + layout.size:
        raise Unreadable("the bytes of the head end too early or too late")
    fields = layout.unpack(data[book_end:])
    names = ("suite", "format_version", "state", "trial", "sequence", "tree_size", "root",
             "status_size", "status_root", "recorded_at_us", "key_id")
    head = dict(zip(names, fields))
    if head["suite"] not in SUITE_NAMES or head["state"] not in (1, 2, 3):
        raise Unreadable("the head names a suite or a state that there is not")
    if head["trial"] not in (0, 1) or (head["state"] == 1 and head["trial"] != 1):
        raise Unreadable("the head's trial mark and its state contradict each other")
    head["book"] = data[len(magic) + 1:book_end].decode("utf-8")
    head["suite"] = SUITE_NAMES[head["suite"]]
    return head


def verify_ed25519(public_key, message, signature):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    try:
        load_der_public_key(public_key).verify(signature, message)
    except InvalidSignature as error:
        raise NotProved("the Ed25519 signature does not fit") from error


def verify_sm2(public_key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, data in (("key", public_key), ("message", message), ("signature", signature)):
            paths[name] = Path(folder, name)
            paths[name].write_bytes(data)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", paths["key"], "-rawin", "-digest", "sm3",
             "-pkeyopt", f"distid:{SM2_SIGNER}", "-in", paths["message"],
             "-sigfile", paths["signature"]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    require(done.returncode == 0, "the SM2 signature does not fit")


# The object identifiers that stand in a SubjectPublicKeyInfo: of Ed25519, and of the SM2 curve.
ED25519_OID = bytes.fromhex("06032b6570")
SM2_OID = bytes.fromhex("06082a811ccf5501822d")


def verify_head(data, signature, public_key):
    head = parse_head(data)
    # The key may belong to another suite than the tree's hashes, so its own algorithm decides.
    if ED25519_OID in public_key[:16]:
        key_suite, verify = "sha256-ed25519", verify_ed25519
    elif SM2_OID in public_key[:32]:
        key_suite, verify = "sm3-sm2", verify_sm2
    else:
        raise Unreadable("the public key is neither Ed25519 nor SM2")
    require(digest(key_suite, public_key)[:8] == head["key_id"], "the head names another key")
    verify(public_key, data, signature)
    return head


# Documents.


class Fields:
    """The fields of a JSON object, each of the type that is asked for."""

    def __init__(self, document):
        if not isinstance(document, dict):
            raise Unreadable("a document is a JSON object")
        self._document = document

    def has(self, name):
        return name in self._document

    def _get(self, name, wanted):
        value = self._document.get(name)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise Unreadable(f"the field {name!r} is missing or of another type")
        return value

    def text(self, name):
        return self._get(name, str)

    def number(self, name):
        value = self._get(name, int)
        if not 0 <= value < 1 << 64:
            raise Unreadable(f"the field {name!r} is no unsigned number of 64 bits")
        return value

    def data(self, name):
        try:
            return bytes.fromhex(self.text(name))
        except ValueError as error:
            raise Unreadable(f"the field {name!r} is not hexadecimal") from error

    def hash(self, name):
        value = self.data(name)
        if len(value) != HASH_SIZE:
            raise Unreadable(f"the field {name!r} is no digest of {HASH_SIZE} bytes")
        return value

    def path(self):
        items = self._get("path", list)
        return [Fields({"path": item}).hash("path") for item in items]

    def inner(self, name):
        return Fields(self._get(name, dict))


def check_inclusion(fields):
    suite = fields.text("suite")
    leaf = leaf_hash(suite, fields.data("leaf")) if fields.has("leaf") else fields.hash("leaf_hash")
    verify_inclusion(suite, leaf, fields.number("leaf_index"), fields.number("tree_size"),
                     fields.path(), fields.hash("root"))
    return f"leaf {fields.number('leaf_index')} is in the tree of {fields.number('tree_size')}"


def check_consistency(fields):
    verify_consistency(fields.text("suite"), fields.number("old_size"), fields.number("new_size"),
                       fields.path(), fields.hash("old_root"), fields.hash("new_root"))
    return (f"the tree of {fields.number('old_size')} leaves is the beginning of that of "
            f"{fields.number('new_size')}")


def check_status(fields):
    suite, number = fields.text("suite"), fields.number("certificate_number")
    status, ended_at = fields.text("status"), fields.number("ended_at")
    if status not in ("live", "ended") or (status == "live") != (ended_at == 0):
        raise Unreadable("a certificate is live with ended_at 0, or ended at an entry")
    require(number >= 1, "certificates are numbered from 1")
    leaf = leaf_hash(suite, struct.pack(">QBQ", number, 1 if status == "live" else 2, ended_at))
    verify_inclusion(suite, leaf, number - 1, fields.number("tree_size"), fields.path(),
                     fields.hash("root"))
    return f"certificate {number} is live" if status == "live" else (
        f"certificate {number} ended with entry {ended_at}")


def check_commitment(fields):
    number = fields.number("field")
    if number >= 1 << 16:
        raise Unreadable("the number of a field has 16 bits")
    data = b"\x02" + fields.hash("salt") + struct.pack(">H", number) + fields.data("value")
    require(digest(fields.text("suite"), data) == fields.hash("commitment"),
            "the commitment is not of this value")
    return f"field {number} has the value committed to"


def check_head(fields):
    head = verify_head(fields.data("head"), fields.data("signature"), fields.data("public_key"))
    trial = " (trial)" if head["trial"] else ""
    return (f"head of {head['book']} at sequence {head['sequence']}{trial}, "
            f"signed by {head['key_id'].hex()}")


def check_bundle(fields):
    told = [check_head(fields.inner("head"))]
    head = parse_head(fields.inner("head").data("head"))
    parts = {"inclusion": (check_inclusion, "tree_size", "root", "tree_size", "root"),
             "status": (check_status, "tree_size", "root", "status_size", "status_root"),
             "consistency": (check_consistency, "new_size", "new_root", "tree_size", "root")}
    for name, (check, size, root, head_size, head_root) in parts.items():
        if not fields.has(name):
            continue
        part = fields.inner(name)
        require(part.text("suite") == head["suite"], f"the {name} proof is of another suite")
        require(part.number(size) == head[head_size], f"the {name} proof is of another size")
        require(part.hash(root) == head[head_root], f"the {name} proof is of another root")
        told.append(check(part))
    return "; ".join(told)


CHECKS = {"inclusion": check_inclusion, "consistency": check_consistency, "status": check_status,
          "commitment": check_commitment, "head": check_head, "bundle": check_bundle}


def check_document(document):
    """What the document proves, in words. Raises NotProved or Unreadable."""
    fields = Fields(document)
    kind = fields.text("kind")
    if kind not in CHECKS:
        raise Unreadable(f"no kind of document is named {kind!r}")
    return CHECKS[kind](fields)


def main(paths):
    if not paths or paths[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if paths else 2
    worst = 0
    for path in paths:
        try:
            text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
            print(f"{path}: proved: {check_document(json.loads(text))}")
        except NotProved as error:
            print(f"{path}: NOT PROVED: {error}")
            worst = max(worst, 1)
        except (Unreadable, OSError, ValueError) as error:
            print(f"{path}: unreadable: {error}")
            worst = 2
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
