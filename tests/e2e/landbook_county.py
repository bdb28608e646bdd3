"""A small county to try things out in: its book, a village with households, plots and rights.

Acts are plain dictionaries in the words of proto/landbook/v1/act.proto.
"""

import base64
import itertools
import struct
import uuid

from landbook_testing import COUNTY, EPSG, journal_pb2, message, registry_service_pb2

VILLAGE = "001001"  # the last six digits of a village's division
GROUP = "01"
# Somewhere in the middle of EPSG:4548.
EAST_M = 520_000
NORTH_M = 4_070_000
SEED_DAY = "2024-03-01"
HOMESTEAD_M = 15.0
# The document under which an administrator registers by hand what no case stands behind (K-01).
BY_HAND = "样字2号"


def wkb(*rings):
    """A polygon of rings of (x, y) in metres, base64 as protobuf JSON wants bytes."""
    data = struct.pack("<BII", 1, 3, len(rings))
    for ring in rings:
        data += struct.pack("<I", len(ring))
        data += b"".join(struct.pack("<dd", x, y) for x, y in ring)
    return base64.b64encode(data).decode()


def compact(ring):
    """A boundary of one ring in the compact codec."""
    def varint(value):
        data = bytearray()
        while value > 0x7F:
            data.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes(data) + bytes([value])

    data = b"\x01\x00\x01\x01" + varint(len(ring) - 1)
    before = (0, 0)
    for x, y in ring[:-1]:
        vertex = (round(x * 10_000), round(y * 10_000))
        for a, b in zip(vertex, before):
            data += varint((a - b) << 1 ^ (a - b) >> 63)
        before = vertex
    return data


def box(column, row, size_m=20.0, pitch_m=40.0, shift_m=0.0):
    """The closed ring of a square of a grid that leaves ground between its squares."""
    x = EAST_M + column * pitch_m + shift_m
    y = NORTH_M + row * pitch_m
    return [(x, y), (x, y + size_m), (x + size_m, y + size_m), (x + size_m, y), (x, y)]


def number(value):
    """A reference by number."""
    return {"number": str(value)}


def created(act, position=0):
    """A reference to what an earlier act of the same commit creates."""
    return {"created_by": {"act": act, "created": position}}


def term(start=SEED_DAY, end=None):
    return {"start_date": start, "end_date": end} if end else {"start_date": start, "no_end": True}


def over_standard(act):
    """An officer records a homestead that is larger than the standard (H-18)."""
    return {"rule": "H-18", "act": act, "reason": "历史形成", "document_number": "样字9号"}


def first_created(response, act, kind):
    """The number of the first record of `kind` that act `act` created."""
    wanted = journal_pb2.RecordKind.Value(f"RECORD_KIND_{kind}")
    for record in response.results[act].records:
        if record.kind == wanted and record.created:
            return record.number
    raise AssertionError(f"act {act} created no {kind}: {response.results[act]}")


class Book:
    """A county's book, made and opened, and how an office works in it."""

    def __init__(self, server, code=COUNTY, suite="SUITE_SHA256_ED25519", opened=True, made=False):
        """Makes the book, unless `made` says that the server has it."""
        self.server = server
        self.code = code
        self.division = code + VILLAGE
        self.group = self.division + GROUP
        self._places = itertools.count()
        self.connect()
        if made:
            return
        self.admin.CreateCounty(
            county={"code": code, "title": "试验县", "epsg": EPSG, "suite": suite,
                    "pack": "sample"}, request_id=f"create-{code}")
        if opened:
            self.open()

    def connect(self):
        """Anew after the server was started again."""
        self.admin = self.server.client("root:administrator")
        self.registrar = self.server.client(f"li:registrar@{self.code}")
        self.hand = self.server.client(f"li:administrator@{self.code}")

    def open(self):
        self.admin.Commit(self.request([{"open_book": {}}], document_number="样字1号"))

    def request(self, acts, request_id=None, validate_only=False, **fields):
        commit = {"request_id": request_id or uuid.uuid4().hex, "acts": acts, **fields}
        return message(registry_service_pb2.CommitRequest, county=self.code, commit=commit,
                       validate_only=validate_only)

    def commit(self, acts, client=None, **fields):
        """By an administrator's hand, which needs a document and no case; or as `client`."""
        if client is None:
            fields.setdefault("document_number", BY_HAND)
        return (client or self.hand).Commit(self.request(acts, **fields))

    def sequence(self):
        return self.admin.GetCounty(county=self.code).sequence

    def journal(self):
        """All entries, in order."""
        return self.admin.Watch(county=self.code, from_sequence=1, once=True)

    def right(self, right):
        return self.registrar.GetRight(county=self.code, right=str(right))

    # Acts.

    def collective(self, title="样例村农民集体", division=None):
        return {"register_party": {"party": {"collective": {
            "title": title, "level": "COLLECTIVE_LEVEL_VILLAGE",
            "division": division or self.division}}}}

    @staticmethod
    def person(name, birth_date="1970-05-17", **private):
        return {"register_party": {"party": {"person": {
            "identity_document": "IDENTITY_DOCUMENT_HOUSEHOLD_REGISTER",
            "private": {"full_name": name, "birth_date": birth_date, **private}}}}}

    @staticmethod
    def household(collective, people):
        members = [{"person": person, "standing": "MEMBER_STANDING_MEMBER", "head": i == 0,
                    "co_holder": True} for i, person in enumerate(people)]
        return {"register_party": {"party": {"household": {}}, "collective": collective,
                                   "members": members}}

    @staticmethod
    def organisation(title, kind="ORGANISATION_KIND_ENTERPRISE"):
        return {"register_party": {"party": {"organisation": {
            "title": title, "organisation_kind": kind}}}}

    def plot(self, ring, kind="homestead", code="", division=None):
        if division is None:
            division = self.group if kind == "contracted" else self.division
        return {"establish_plot": {"plot": {"code": code, "kind": kind, "division": division,
                                            "boundary": {"wkb": wkb(ring)}}}}

    @staticmethod
    def unit(plot):
        return {"establish_unit": {"plot": plot, "fixture": "W"}}

    @staticmethod
    def grant(unit, kind, holders, co_ownership="CO_OWNERSHIP_SOLE", when=None, **fields):
        return {"grant_right": {"unit": unit, "type": kind, "co_ownership": co_ownership,
                                "holders": [{"party": holder} for holder in holders],
                                "term": when or term(), **fields}}

    @staticmethod
    def transfer(right, holders, evidence=(), cause="TRANSFER_CAUSE_ASSIGNMENT",
                 co_ownership="CO_OWNERSHIP_SOLE"):
        """`right` as GetRight gave it: the etag says which version is meant."""
        return {"transfer_right": {
            "right": number(right.number), "etag": right.etag, "cause": cause,
            "co_ownership": co_ownership, "evidence": list(evidence),
            "holders": [{"party": number(holder)} for holder in holders]}}

    @staticmethod
    def filing(matter, rights, collective):
        """A filing with the collective, of the day that evidence has too."""
        return {"record_filing": {
            "matter": f"FILING_MATTER_{matter}", "rights": [number(right) for right in rights],
            "with": number(collective), "date": SEED_DAY, "document_number": "备字1号"}}

    @staticmethod
    def mortgage(right, mortgagee, evidence=(), secured_fen=10_000_000, **fields):
        return {"register_mortgage": {
            "rights": [{"right": number(right.number), "etag": right.etag}],
            "mortgagee": number(mortgagee), "mortgage_kind": "MORTGAGE_KIND_GENERAL",
            "secured_fen": str(secured_fen), "debt_term": term(end="2034-02-28"),
            "transfer_restricted": False, "evidence": list(evidence), **fields}}

    @staticmethod
    def withdraw(right, evidence=(), **fields):
        terms = {"route": "WITHDRAWAL_ROUTE_RETURN", "compensation_fen": "0",
                 "compensation_settled": True, **fields}
        return {"withdraw_right": {"right": number(right.number), "etag": right.etag,
                                   "evidence": list(evidence), **terms}}

    @staticmethod
    def evidence(kind, givers=(), **fields):
        return {"kind": f"EVIDENCE_KIND_{kind}", "date": SEED_DAY,
                "given_by": [number(giver) for giver in givers], **fields}

    # Things that tests begin with.

    def village(self, households=2):
        """A village collective and households of two adults: their numbers."""
        acts = [self.collective()]
        for i in range(households):
            base = len(acts)
            acts += [self.person(f"户主{i}"), self.person(f"配偶{i}", "1972-08-01"),
                     self.household(created(0), [created(base), created(base + 1)])]
        response = self.commit(acts)
        parties = [first_created(response, i, "PARTY") for i in range(len(acts))]
        return Village(parties[0], [Household(parties[3 * i + 3], parties[3 * i + 1:3 * i + 3])
                                    for i in range(households)])

    def free_ring(self, size_m=20.0):
        """Ground on which this book has no plot yet."""
        place = next(self._places)
        return box(place % 100, 1000 + place // 100, size_m)

    def held_right(self, kind, holder, **fields):
        """A new plot with a unit and a right of `holder`; the right."""
        plot_kind = {"contract": "contracted"}.get(kind, kind)
        if kind == "contract":
            fields.setdefault("when", term(end="2053-12-31"))
        if kind == "construction":
            fields.setdefault("when", term(end="2063-12-31"))
        # A homestead within the sample county's standard of 250 m2.
        ring = self.free_ring(HOMESTEAD_M) if kind == "homestead" else self.free_ring()
        response = self.commit([self.plot(ring, plot_kind), self.unit(created(0)),
                                self.grant(created(1), kind, [number(holder)], **fields)])
        return self.right(first_created(response, 2, "RIGHT"))


class Household:
    def __init__(self, party, people):
        self.party = party
        self.people = people


class Village:
    def __init__(self, collective, households):
        self.collective = collective
        self.households = households
