"""Every rpc by every role, in its own county and in another: let in or denied as the contract says."""

import base64
import hashlib
import unittest

import grpc

from landbook_county import Book, first_created, number
from landbook_testing import CALL_SECONDS, COUNTY, ServerCase, registry_service_pb2

# Compiled by landbook_testing.
from landbook.v1 import boundary_service_pb2, conveyance_service_pb2, options_pb2  # noqa: E402

FOREIGN = "990102"
SERVICES = [registry_service_pb2.DESCRIPTOR.services_by_name["RegistryService"],
            boundary_service_pb2.DESCRIPTOR.services_by_name["BoundaryService"],
            conveyance_service_pb2.DESCRIPTOR.services_by_name["ConveyanceService"]]
ROLES = [role for role in options_pb2.Role.values() if role != options_pb2.ROLE_UNSPECIFIED]


def word(role):
    return options_pb2.Role.Name(role).removeprefix("ROLE_").lower()


def access_of(method):
    return method.GetOptions().Extensions[options_pb2.access]


class RolesTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        cls.appoint()
        cls.channel = grpc.insecure_channel(cls.server.address)
        cls.addClassCleanup(cls.channel.close)

    @classmethod
    def appoint(cls):
        """Roles that see what is their own are somebody's: their appointments say whose."""
        village = cls.book.village(households=2)
        cls.household, cls.second = (household.party for household in village.households)
        holder = village.households[0].people[0]
        made = cls.book.commit([cls.book.organisation("信用社")])
        cls.bank = bank = first_created(made, 0, "PARTY")
        for role, party in (("ROLE_CITIZEN", holder), ("ROLE_BANK", bank)):
            cls.server.client("root:administrator").Commit(county=COUNTY, commit={
                "request_id": f"appoint-{role}", "document_number": "D-1",
                "acts": [{"appoint_officer": {"principal": "li", "role": role, "from_date": "2020-01-01",
                                              "party": number(party)}}]})

    def call(self, method, role, county):
        """What the server says to a request that names the county and nothing else: the code."""
        request = method.input_type._concrete_class()
        if "county" in method.input_type.fields_by_name:
            self.name_county(request, county)
        path = f"/{method.containing_service.full_name}/{method.name}"
        proto = method_proto(method)
        kind = ("stream" if proto.client_streaming else "unary",
                "stream" if proto.server_streaming else "unary")
        call = getattr(self.channel, "_".join(kind))(
            path, request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=method.output_type._concrete_class.FromString)
        asked = iter([request]) if proto.client_streaming else request
        metadata = [("landbook-as", f"li:{word(role)}@{COUNTY}")]
        try:
            answer = call(asked, metadata=metadata, timeout=CALL_SECONDS)
            if proto.server_streaming:
                # One message tells whether it was let in; a watch would never end.
                first = next(answer, None)
                answer.cancel()
                return refused_inside(first)
            return grpc.StatusCode.OK
        except grpc.RpcError as error:
            return error.code()

    @staticmethod
    def name_county(request, county):
        field = request.DESCRIPTOR.fields_by_name["county"]
        if field.message_type is None:
            request.county = county
        else:
            request.county.code = county

    def expect(self, method, role, county, allowed):
        code = self.call(method, role, county)
        with self.subTest(method=method.name, role=word(role), county=county):
            self.assertNotEqual(code, grpc.StatusCode.UNIMPLEMENTED)
            self.assertNotEqual(code, grpc.StatusCode.UNKNOWN)
            self.assertEqual(code != grpc.StatusCode.PERMISSION_DENIED, allowed, code)

    def methods(self):
        for service in SERVICES:
            yield from service.methods

    def test_in_its_own_county_each_role_is_let_in_where_the_contract_names_it(self):
        for method in self.methods():
            for role in ROLES:
                access = access_of(method)
                self.expect(method, role, COUNTY, role in (*access.roles, *access.own_roles))

    def test_in_another_county_no_role_is_let_in(self):
        asked = 0
        for method in self.methods():
            if not access_of(method).per_county:
                continue
            self.assertIn("county", method.input_type.fields_by_name, method.name)
            for role in ROLES:
                self.expect(method, role, FOREIGN, False)
                asked += 1
        self.assertGreater(asked, 300)

    def test_a_bank_sees_a_units_status_with_the_holders_consent(self):
        right = self.book.held_right("contract", self.household)
        bank = self.server.client(f"li:bank@{COUNTY}")
        asked = {"county": COUNTY, "unit": str(right.unit), "consent_date": "2024-03-01",
                 "consented_by": str(self.household),
                 "consent_hash": base64.b64encode(bytes(range(32))).decode()}
        self.assertRefused("PURPOSE_MISSING", bank.GetUnitStatus, **asked)
        bank.metadata.append(("landbook-purpose", "loan 7"))
        status = bank.GetUnitStatus(**asked)
        self.assertEqual([shown.number for shown in status.rights], [right.number])
        self.assertEqual((list(status.mortgageable), status.mortgages), ([True], 0))
        for field in ("consent_date", "consented_by", "consent_hash"):
            without = {name: value for name, value in asked.items() if name != field}
            self.assertRefused("FIELD_REQUIRED", bank.GetUnitStatus, field=field, **without)
        self.assertRefused("CONSENT_MISSING", bank.GetUnitStatus, field="consented_by",
                           **{**asked, "consented_by": str(self.bank)})
        # Its own way to the same records stays closed.
        self.assertRefused("ROLE_NOT_ALLOWED", bank.GetRight, county=COUNTY, right=str(right.number))
        rows = self.book.admin.ListAccesses(county=COUNTY, party=str(self.household)).accesses
        [row] = [row for row in rows if row.method == "GetUnitStatus"]
        self.assertEqual((row.principal, options_pb2.Role.Name(row.role), row.purpose),
                         ("li", "ROLE_BANK", "loan 7"))
        self.assertEqual(list(row.records), [f"units/{right.unit}", f"rights/{right.number}"])
        self.assertEqual(row.document_number, f"consent of party {self.household}, 2024-03-01, "
                                              f"{bytes(range(32)).hex()}")

    def test_the_verb_keeps_the_hash_of_the_consents_file(self):
        right = self.book.held_right("contract", self.second)
        consent = self.server.folder / "consent.txt"
        consent.write_text("同意查询")
        flags = ("--consent", consent, "--date", "2024-03-01", "--consented-by", self.second)
        ran = self.server.landbook("right", "status", right.unit, *flags, "--purpose", "贷前核验",
                                   county=COUNTY, officer=f"li:bank@{COUNTY}")
        self.assertEqual(ran.code, 0, ran)
        self.assertIn("contracted 400.00 m2; mortgages 0 for 0 fen; cautions []", ran.out)
        rows = self.book.admin.ListAccesses(county=COUNTY, party=str(self.second)).accesses
        [row] = [row for row in rows if row.method == "GetUnitStatus"]
        self.assertIn(hashlib.sha256(consent.read_bytes()).hexdigest(), row.document_number)

    def test_a_method_without_roles_would_be_denied_to_all(self):
        silent = [method.name for method in self.methods() if not access_of(method).roles]
        self.assertEqual(silent, [])


def refused_inside(message):
    """The code of a dialogue's answer, which has its refusals inside."""
    refusals = getattr(message, "refusals", None)
    if refusals is None or not refusals.refusals:
        return grpc.StatusCode.OK
    denied = refusals.refusals[0].reason in ("COUNTY_NOT_ALLOWED", "ROLE_NOT_ALLOWED", "NOT_APPOINTED")
    return grpc.StatusCode.PERMISSION_DENIED if denied else grpc.StatusCode.INVALID_ARGUMENT


def method_proto(method):
    """The method as its file states it, which says what streams."""
    from google.protobuf import descriptor_pb2
    file = descriptor_pb2.FileDescriptorProto()
    method.containing_service.file.CopyToProto(file)
    service = next(one for one in file.service if one.name == method.containing_service.name)
    return next(one for one in service.method if one.name == method.name)


if __name__ == "__main__":
    unittest.main()
