"""Mutual TLS: certificates of an office's own authority say who calls, appointments what for."""

import shutil
import tempfile
import unittest
from pathlib import Path

import grpc

from landbook_testing import Refused, Server, ServerCase, StartRefused, run_landbook

COUNTY = "990101"


def office_ca(*arguments):
    ran = run_landbook("office-ca", *arguments)
    assert ran.code == 0, ran
    return ran.out.split()


class TlsTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        unittest.TestCase.setUpClass()
        cls.folder = Path(tempfile.mkdtemp(prefix="landbook-tls-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.ca = cls.folder / "ca"
        office_ca("create", cls.ca, "--name", "样例县自然资源局")
        cls.server_files = office_ca("issue", cls.ca, "landbookd", "--host", "127.0.0.1",
                                     "--host", "localhost")
        cls.people = {name: office_ca("issue", cls.ca, name, *flags)
                      for name, flags in (("boss", ["--administrator"]), ("li", []),
                                          ("wang", []), ("gone", []))}
        cls.server = Server(flags=["--trial-clock", "2026-03-02T09:00:00+08:00"],
                            identity=cls.identity())
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        boss = cls.of("boss", "boss:administrator")
        boss.CreateCounty(request_id="create", county={
            "code": COUNTY, "title": "样例县", "epsg": 4548, "pack": "sample",
            "suite": "SUITE_SHA256_ED25519"})
        cls.appoint(boss, "li", "ROLE_REGISTRAR")
        boss.Commit(county=COUNTY, commit={"request_id": "open", "acts": [{"open_book": {}}],
                                           "document_number": "D-1"})

    @classmethod
    def identity(cls, **other):
        files = {"--tls-cert": cls.server_files[0], "--tls-key": cls.server_files[1],
                 "--client-ca": cls.ca / "ca.pem", "--client-revoked": cls.ca / "revoked", **other}
        return [str(word) for flag in files.items() for word in flag]

    @classmethod
    def appoint(cls, boss, principal, role, **fields):
        boss.Commit(county=COUNTY, commit={
            "request_id": f"appoint-{principal}-{role}-{len(fields)}", "document_number": "D-1",
            "acts": [{"appoint_officer": {"principal": principal, "role": role,
                                          "from_date": "2026-01-01", **fields}}]})

    @classmethod
    def of(cls, name, officer=None, server=None):
        certificate, key = cls.people[name]
        return (server or cls.server).client(officer, grpc.ssl_channel_credentials(
            (cls.ca / "ca.pem").read_bytes(), Path(key).read_bytes(),
            Path(certificate).read_bytes()))

    def test_without_a_certificate_nobody_is_let_in(self):
        trusting = grpc.ssl_channel_credentials((self.ca / "ca.pem").read_bytes())
        for credentials in (None, trusting):
            with self.assertRaises(Refused) as caught:
                self.server.client("li:registrar", credentials).ListCounties(timeout=5)
            self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)

    def test_another_authority_vouches_for_nobody(self):
        other = self.folder / "other"
        office_ca("create", other, "--name", "其他")
        certificate, key = office_ca("issue", other, "li")
        stranger = self.server.client("li:registrar", grpc.ssl_channel_credentials(
            (self.ca / "ca.pem").read_bytes(), Path(key).read_bytes(),
            Path(certificate).read_bytes()))
        with self.assertRaises(Refused) as caught:
            stranger.ListCounties(timeout=5)
        self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)

    def test_an_appointed_officer_acts_in_its_role_and_no_other(self):
        li = self.of("li", f"li:registrar@{COUNTY}")
        li.GetStatistics(county=COUNTY)
        self.assertRefused("NOT_APPOINTED", self.of("li", "li:auditor").GetStatistics,
                           county=COUNTY)
        self.assertRefused("NOT_APPOINTED", self.of("wang", "wang:registrar").GetStatistics,
                           county=COUNTY)
        self.assertRefused("COUNTY_NOT_ALLOWED", li.GetStatistics, county="990102")
        self.assertRefused("NOT_APPOINTED", self.of("li", "li:registrar").GetStatistics,
                           county="990102")

    def test_an_appointment_that_ends_ends_at_once(self):
        boss, wang = self.of("boss", "boss:administrator"), self.of("wang", "wang:reviewer")
        self.appoint(boss, "wang", "ROLE_REVIEWER")
        wang.GetStatistics(county=COUNTY)
        self.appoint(boss, "wang", "ROLE_REVIEWER", ended=True)
        self.assertRefused("NOT_APPOINTED", wang.GetStatistics, county=COUNTY)

    def test_nobody_calls_in_another_name(self):
        self.assertRefused("IDENTITY_MALFORMED", self.of("wang", "li:registrar").ListCounties)
        # Whoever says nothing is a citizen under the certificate's name.
        self.assertEqual(len(self.of("wang").ListCounties().counties), 1)

    def conveyance(self, flags):
        """A conveyance service of its own that calls the registry with the certificate of a service."""
        service = office_ca("issue", self.ca, "ConveyanceService", *flags)
        server = Server(identity=self.identity(), flags=[
            "--roles", "conveyance", "--peer", f"registry={self.server.address}",
            "--peer-cert", service[0], "--peer-key", service[1],
            "--peer-ca", str(self.ca / "ca.pem")])
        self.addCleanup(server.close)
        return server.start()

    def test_a_service_passes_officers_on_and_adds_nothing_to_what_they_may(self):
        there = self.conveyance(["--service"])
        li = self.of("li", f"li:registrar@{COUNTY}", server=there)
        self.assertEqual(len(li.ListQueue(county=COUNTY).cases), 0)
        # The registry looks up the appointments of who is passed on.
        self.assertRefused("NOT_APPOINTED", self.of("wang", "wang:reviewer", server=there).ListQueue,
                           county=COUNTY)

    def test_nobody_but_a_service_passes_others_on(self):
        li = self.of("li", f"li:registrar@{COUNTY}")
        li.metadata.append(("landbook-on-behalf", "boss:administrator"))
        self.assertRefused("ROLE_NOT_ALLOWED", li.GetStatistics, county=COUNTY)
        # Nor does a server whose certificate was not issued as a service's.
        there = self.conveyance([])
        self.assertRefused("ROLE_NOT_ALLOWED", self.of("li", f"li:registrar@{COUNTY}",
                                                       server=there).ListQueue, county=COUNTY)

    def test_only_an_administrators_certificate_rules_the_server(self):
        li = self.of("li", "li:administrator")
        self.assertRefused("NOT_APPOINTED", li.AdvanceClock, days=1)
        self.of("boss", "boss:administrator").AdvanceClock(days=1)

    def test_a_revoked_certificate_is_not_let_in_any_more(self):
        self.of("gone").ListCounties()
        office_ca("revoke", self.ca, "gone")
        with self.assertRaises(Refused) as caught:
            self.of("gone").ListCounties(timeout=5)
        self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)
        self.of("wang").ListCounties()

    def test_the_command_line_calls_with_a_certificate(self):
        certificate, key = self.people["li"]
        flags = ["--server", self.server.address, "--cert", certificate, "--key", key,
                 "--ca", self.ca / "ca.pem"]
        ran = run_landbook("county", "list", *flags)
        self.assertEqual(ran.code, 0, ran)
        self.assertIn(COUNTY, ran.out)
        ran = run_landbook("verify", "book", "--county", COUNTY, "--as", "li:registrar", *flags)
        self.assertEqual(ran.code, 1)
        self.assertIn("ROLE_NOT_ALLOWED", ran.err)

    def test_a_server_that_cannot_tell_callers_apart_does_not_start(self):
        for identity, told in (([], "--insecure-local"),
                               (self.identity() + ["--insecure-local"], "one way"),
                               (self.identity(**{"--tls-key": self.folder / "none.pem"}), "none.pem"),
                               (self.identity(**{"--client-ca": self.folder / "no"}), "no"),
                               (["--tls-cert", self.server_files[0]], "cannot read")):
            other = Server(identity=identity)
            self.addCleanup(other.close)
            with self.assertRaises(StartRefused) as caught:
                other.start()
            self.assertIn(told, caught.exception.text)


if __name__ == "__main__":
    unittest.main()
