"""Applications on a real server: kept through kill -9, by whom, and by a service of its own."""

import json
import os
import stat
import tempfile
import time
import unittest
from pathlib import Path

from landbook_county import Book
from landbook_testing import COUNTY, Refused, Server, ServerCase, StartRefused

APPLICATION = {"registration_type": "REGISTRATION_TYPE_TRANSFER", "kind": "contract-transfer",
               "legal_basis": "RLCL 34", "filing_place": "FILING_PLACE_WINDOW"}


class DraftsTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)

    def draft(self, request_id, officer="li:intake", **fields):
        return self.server.client(officer).CreateDraft(
            county=COUNTY, application={**APPLICATION, **fields}, request_id=request_id)

    def test_a_draft_is_made_once_and_changed_by_its_etag(self):
        draft = self.draft("made-once")
        self.assertEqual(self.draft("made-once").number, draft.number)
        self.assertRefused("REQUEST_ID_REUSED", self.draft, "made-once", kind="contract-first")
        client = self.server.client("wang:intake")
        changed = client.UpdateDraft(county=COUNTY, draft=draft.number, etag=draft.etag,
                                     application={**APPLICATION, "by_post": True})
        self.assertTrue(changed.application.by_post)
        self.assertRefused("RECORD_MOVED", client.DeleteDraft, county=COUNTY, draft=draft.number,
                           etag=draft.etag)
        client.DeleteDraft(county=COUNTY, draft=draft.number, etag=changed.etag)
        self.assertRefused("RECORD_NOT_FOUND", client.GetDraft, county=COUNTY, draft=draft.number)

    def test_a_citizen_sees_their_own(self):
        draft = self.draft("by-a-citizen", officer="zhang:citizen")
        own = self.server.client("zhang:citizen").GetDraft(county=COUNTY, draft=draft.number)
        self.assertEqual(own.created_by, "zhang")
        self.assertRefused("RECORD_NOT_FOUND", self.server.client("zhao:citizen").GetDraft,
                           county=COUNTY, draft=draft.number)

    def test_a_county_without_a_book_is_refused(self):
        self.assertRefused("COUNTY_UNKNOWN", self.server.client("li:intake").ListDrafts,
                           county="990177")

    def test_kinds_of_case_and_working_days_are_told(self):
        client = self.server.client("zhang:citizen")
        codes = [kind.code for kind in client.ListCaseKinds(county=COUNTY).case_kinds]
        self.assertIn("contract-transfer", codes)
        days = client.ListCalendar(county=COUNTY, from_date="2027-03-01", until_date="2027-03-07")
        self.assertEqual(days.working_days, 5)

    def test_what_nobody_has_to_do_is_an_empty_queue(self):
        self.assertEqual(len(self.server.client("wang:reviewer").ListQueue(county=COUNTY).cases), 0)
        self.assertEqual(
            len(self.server.client("root:administrator").LapseDue(county=COUNTY).cautions), 0)


class DraftsThroughKillTest(unittest.TestCase):
    def setUp(self):
        self.server = Server().start()
        self.addCleanup(self.server.close)
        self.book = Book(self.server)

    def test_drafts_outlive_kill_9_and_need_their_key(self):
        numbers = []
        for turn in range(3):
            draft = self.server.client("li:intake").CreateDraft(
                county=COUNTY, application=APPLICATION, request_id=f"turn-{turn}")
            numbers.append(draft.number)
            self.server.kill()
            self.server.start()
        listed = self.server.client("li:intake").ListDrafts(county=COUNTY)
        self.assertEqual([draft.number for draft in listed.drafts], numbers)

        key = self.server.keys / "conveyance.key"
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)
        self.assertEqual(self.server.stop(), 0)
        kept = key.read_bytes()
        key.unlink()
        with self.assertRaises(StartRefused):
            self.server.start()
        key.write_bytes(kept)
        key.chmod(0o600)
        self.server.start()


class ApartTest(unittest.TestCase):
    """The conveyance service in a process of its own."""

    def setUp(self):
        self.registry = Server(flags=["--roles", "registry,boundary"]).start()
        self.addCleanup(self.registry.close)
        self.book = Book(self.registry)
        self.conveyance = Server(flags=["--roles", "conveyance", "--peer",
                                        f"registry={self.registry.address}"]).start()
        self.addCleanup(self.conveyance.close)

    def test_it_asks_the_registry_in_the_officers_name(self):
        client = self.conveyance.client("li:intake")
        draft = client.CreateDraft(county=COUNTY, application=APPLICATION, request_id="apart")
        self.assertEqual(draft.created_by, "li")
        explained = client.Explain(county=COUNTY, application=APPLICATION)
        self.assertEqual(explained.pack, "sample")
        self.assertTrue(explained.refusals)

    def test_without_its_registry_it_says_so_and_goes_on_when_it_is_back(self):
        client = self.conveyance.client("li:intake")
        self.registry.listen = self.registry.address
        self.registry.kill()
        refused = self.refusal_of(client)
        self.assertEqual(refused.code.name, "UNAVAILABLE")
        self.registry.start()
        for _ in range(100):
            refused = self.refusal_of(client)
            if refused is None:
                break
            time.sleep(0.2)
        self.assertIsNone(refused)

    @staticmethod
    def refusal_of(client):
        try:
            client.ListDrafts(county=COUNTY)
        except Refused as refused:
            return refused
        return None


class StartTest(unittest.TestCase):
    def refused(self, *flags):
        server = Server(flags=list(flags))
        self.addCleanup(server.close)
        with self.assertRaises(StartRefused) as caught:
            server.start()
        return caught.exception.text

    def test_a_registry_has_to_be_somewhere_and_only_once(self):
        self.assertIn("--peer", self.refused("--roles", "conveyance"))
        self.assertIn("no meaning", self.refused("--peer", "registry=127.0.0.1:7600"))
        self.assertIn("registry=HOST:PORT", self.refused("--peer", "trading=127.0.0.1:7600"))

    def test_verbs_speak_to_it(self):
        server = Server().start()
        self.addCleanup(server.close)
        Book(server)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "application.json"
            path.write_text(json.dumps(APPLICATION))
            ran = server.landbook("case", "apply", str(path), "--output", "json",
                                  officer="li:intake", county=COUNTY)
            self.assertEqual(ran.code, 0, ran)
            self.assertEqual(ran.json["state"], "DRAFT_STATE_OPEN")
            listed = server.landbook("case", "list", "--drafts", officer="li:intake", county=COUNTY)
            self.assertIn("contract-transfer", listed.out)
            explained = server.landbook("explain", str(path), officer="li:intake", county=COUNTY)
            self.assertEqual(explained.code, 1)
            self.assertNotEqual(explained.err, "")


if __name__ == "__main__":
    unittest.main()
