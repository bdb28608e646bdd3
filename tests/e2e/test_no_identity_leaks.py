"""Identity numbers and names planted in the data come back in no log line, refusal, leaf or file."""

import unittest

from landbook_county import Book, created, first_created, number
from landbook_testing import Refused, ServerCase, message, registry_service_pb2



def resident_number(first_17):
    """With the check character of GB 11643 (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first_17))
    return first_17 + "10X98765432"[total % 11]


# Of nobody: an area code that is given to no county.
PLANTED = [resident_number(text)
           for text in ("99010119700517123", "99010119820304567", "99010119991231999")]
NAMES = ["赵测试甲", "钱测试乙", "孙测试丙"]
TELEPHONE = "13900009999"
ACCOUNT = "6222990101990101999"


def birth_date_in(number_text):
    return f"{number_text[6:10]}-{number_text[10:12]}-{number_text[12:14]}"


class NoIdentityLeaksTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        acts = [cls.book.collective()]
        for name, identity_number in zip(NAMES, PLANTED):
            acts.append(cls.person(name, identity_number, birth_date=birth_date_in(identity_number)))
        acts.append(cls.book.household(created(0), [created(i + 1) for i in range(len(NAMES))]))
        made = cls.book.commit(acts)
        cls.people = [first_created(made, i + 1, "PARTY") for i in range(len(NAMES))]
        cls.household = first_created(made, len(acts) - 1, "PARTY")
        cls.refused = []
        cls.provoke()

    @classmethod
    def person(cls, name, identity_number, **private):
        act = cls.book.person(name, identity_number=identity_number, telephone=TELEPHONE,
                              bank_account=ACCOUNT, **private)
        act["register_party"]["party"]["person"]["identity_document"] = (
            "IDENTITY_DOCUMENT_RESIDENT_CARD")
        return act

    @classmethod
    def expect_refusal(cls, call, *arguments, **fields):
        try:
            call(*arguments, **fields)
        except Refused as refused:
            cls.refused.append(refused)
        else:
            raise AssertionError("was let in")

    @classmethod
    def auditor(cls):
        client = cls.server.client(f"shen:auditor@{cls.book.code}")
        client.metadata.append(("landbook-purpose", "yearly audit"))
        return client

    @classmethod
    def provoke(cls):
        """Refusals of every kind that has seen a private value."""
        registrar, admin = cls.book.registrar, cls.book.admin
        auditor = cls.auditor()
        # The same number for another person; a number that is none; a date that is none.
        cls.expect_refusal(cls.book.commit, [cls.person("李测试", PLANTED[0] + "X")])
        cls.expect_refusal(cls.book.commit, [cls.person("李测试", PLANTED[0], birth_date="1970-13-40")])
        cls.expect_refusal(cls.book.commit, [cls.person("李" * 5000, PLANTED[0])])
        # Whoever may not search by number, and numbers where none belongs.
        cls.expect_refusal(auditor.ListParties, county=cls.book.code, identity_number=PLANTED[0])
        cls.expect_refusal(registrar.GetParty, county=cls.book.code, code=PLANTED[0])
        cls.expect_refusal(registrar.GetPlot, county=cls.book.code, plot="no-such-plot")
        # An entry that names a person twice, one that amends with a stale etag.
        cls.expect_refusal(cls.book.commit, [cls.book.household(
            number(cls.household), [number(cls.people[0]), number(cls.people[0])])])
        cls.expect_refusal(cls.book.commit, [{"amend_party": {
            "party": number(cls.people[0]), "etag": "1",
            "becomes": {"person": {"identity_document": "IDENTITY_DOCUMENT_RESIDENT_CARD",
                                   "private": {"full_name": NAMES[1], "birth_date": "1982-03-04",
                                               "identity_number": PLANTED[1]}}}}}])
        # Unknown fields with a planted value, raw.
        raw = message(registry_service_pb2.GetCountyRequest, county=cls.book.code).SerializeToString()
        planted = PLANTED[2].encode()
        cls.expect_refusal(registrar.raw, "GetCounty", raw + b"\xfa\x3f" + bytes([len(planted)]) + planted)
        # What is shown to those who may see it, so that logs of it would tell.
        registrar.ListParties(county=cls.book.code, identity_number=PLANTED[0])
        for person in cls.people:
            registrar.GetParty(county=cls.book.code, party=str(person))
            auditor.GetParty(county=cls.book.code, party=str(person))
        admin.GetStatistics(county=cls.book.code)

    def planted(self):
        return [text.encode() for text in (*PLANTED, *NAMES, TELEPHONE, ACCOUNT)]

    def assertClean(self, data, where):
        for value in self.planted():
            self.assertNotIn(value, data, f"{value.decode()} in {where}")

    def test_logs_do_not_tell(self):
        log = (self.server.folder / "landbookd.log").read_bytes()
        self.assertIn(b"ListParties", log)
        self.assertClean(log, "the log")

    def test_refusals_do_not_tell(self):
        self.assertGreaterEqual(len(self.refused), 8)
        for refused in self.refused:
            self.assertTrue(refused.refusals, refused)
            told = "\n".join([str(refused), *(str(refusal) for refusal in refused.refusals)])
            told += "\n".join(r.message_zh + r.message_en + r.field for r in refused.refusals)
            # What the caller itself put into a field that is no private one may come back to it.
            if "code" in refused.fields:
                continue
            self.assertClean(told.encode(), refused.reasons)

    def test_leaves_and_masked_answers_do_not_tell(self):
        for entry in self.book.journal():
            for leaf in (entry.header_bytes, *entry.act_bytes):
                self.assertClean(leaf, "a leaf")
        auditor = self.auditor()
        for person in self.people:
            shown = auditor.GetParty(county=self.book.code, party=str(person))
            self.assertClean(shown.SerializeToString(), "what an auditor is shown")
        history = self.book.registrar.GetPartyHistory(county=self.book.code,
                                                      party=str(self.people[0]))
        self.assertClean(history.SerializeToString(), "a party's history")

    def test_the_access_log_does_not_tell(self):
        accesses = self.book.admin.ListAccesses(county=self.book.code)
        self.assertTrue(accesses.accesses)
        self.assertClean(accesses.SerializeToString(), "the access log")

    def test_files_do_not_tell(self):
        files = [path for path in self.server.data.rglob("*") if path.is_file()]
        self.assertTrue(files)
        for path in files:
            self.assertClean(path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
