"""Many callers at once, and callers who ask twice."""

import unittest

from landbook_county import BY_HAND, Book, box, created, first_created
from landbook_testing import Refused, ServerCase, answer_of

CALLERS = 64


def outcomes(futures):
    """The answers of those that succeeded, and the refusals of the others."""
    answers, refused = [], []
    for future in futures:
        try:
            answers.append(answer_of(future))
        except Refused as refusal:
            refused.append(refusal)
    return answers, refused


class ConcurrencyTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        cls.village = cls.book.village(households=2)

    def clients(self, count, role="registrar"):
        return [self.server.client(f"clerk{i}:{role}@{self.book.code}") for i in range(count)]

    def test_sixty_four_transfers_of_one_right(self):
        buyers = self.book.commit([self.book.organisation(f"买方{i}") for i in range(CALLERS)])
        seller = self.book.commit([self.book.organisation("卖方")]).results[0].records[0].number
        right = self.book.held_right("construction", seller)
        before = self.book.sequence()
        requests = [self.book.request([self.book.transfer(
            right, [first_created(buyers, i, "PARTY")], evidence=[0])],
            evidence=[self.book.evidence("NOTICE", [seller])],
            document_number=BY_HAND) for i in range(CALLERS)]
        futures = [client.future("Commit", request)
                   for client, request in zip(self.clients(CALLERS, "administrator"), requests)]
        answers, refused = outcomes(futures)
        self.assertEqual(len(answers), 1)
        self.assertEqual([refusal.reasons for refusal in refused],
                         [["RIGHT_HAS_MOVED"]] * (CALLERS - 1))
        self.assertEqual({refusal.code.name for refusal in refused}, {"ABORTED"})
        self.assertEqual(self.book.sequence(), before + 1)
        winner = futures.index(next(f for f in futures if f.exception() is None))
        self.assertEqual([holder.party for holder in self.book.right(right.number).holders],
                         [first_created(buyers, winner, "PARTY")])

    def test_one_batch_of_overlapping_plots(self):
        before = self.book.sequence()
        requests = [self.book.request([self.book.plot(box(0, 0, shift_m=i * 0.25), "homestead")])
                    for i in range(CALLERS // 2)]
        answers, refused = outcomes(
            [client.future("Commit", request)
             for client, request in zip(self.clients(len(requests)), requests)])
        self.assertEqual(len(answers), 1)
        for refusal in refused:
            self.assertIn("PLOT_OVERLAPS_NEIGHBOUR", refusal.reasons)
        self.assertEqual(self.book.sequence(), before + 1)

    def test_pairs_of_overlapping_plots(self):
        first, second = self.clients(2)
        for row in range(1, 21):
            futures = [
                first.future("Commit", self.book.request([self.book.plot(box(0, row))])),
                second.future("Commit", self.book.request([
                    self.book.plot(box(0, row, shift_m=10.0))]))]
            answers, refused = outcomes(futures)
            self.assertEqual(len(answers), 1, f"row {row}")
            self.assertIn("PLOT_OVERLAPS_NEIGHBOUR", refused[0].reasons)

    def test_two_overlapping_plots_of_one_commit(self):
        before = self.book.sequence()
        self.assertRefused("PLOT_OVERLAPS_NEIGHBOUR", self.book.commit,
                           [self.book.plot(box(5, 0)), self.book.plot(box(5, 0, shift_m=10.0))])
        self.assertEqual(self.book.sequence(), before)
        # Neither of them stands, so either can come.
        self.book.commit([self.book.plot(box(5, 0, shift_m=10.0))])

    def test_plots_that_touch_are_taken_together(self):
        x, y = box(10, 0)[0]
        left = [(x, y), (x, y + 20), (x + 20, y + 20), (x + 20, y), (x, y)]
        right = [(px + 20, py) for px, py in left]
        self.book.commit([self.book.plot(left), self.book.plot(right)])

    def test_an_ownership_parcel_under_use_plots_is_no_overlap(self):
        use = [self.book.plot(box(20 + i, 0), kind) for i, kind in
               enumerate(("homestead", "construction", "contracted"))]
        self.book.commit(use)
        (x0, y0), (x1, y1) = box(20, 0)[0], box(22, 0)[2]
        parcel = [(x0 - 5, y0 - 5), (x0 - 5, y1 + 5), (x1 + 5, y1 + 5), (x1 + 5, y0 - 5),
                  (x0 - 5, y0 - 5)]
        self.book.commit([self.book.plot(parcel, "ownership")])
        # ... but two of them overlap.
        self.assertRefused("PLOT_OVERLAPS_NEIGHBOUR", self.book.commit,
                           [self.book.plot(parcel, "ownership")])


class RequestIdTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)

    def request(self, request_id, title):
        return self.book.request([self.book.organisation(title)], request_id=request_id)

    def test_sent_again_it_answers_the_same(self):
        first = self.book.registrar.Commit(self.request("again", "甲公司"))
        again = self.book.registrar.Commit(self.request("again", "甲公司"))
        self.assertEqual(again, first)
        self.assertRefused("REQUEST_ID_REUSED", self.book.registrar.Commit,
                           self.request("again", "乙公司"))

    def test_it_is_the_callers_own(self):
        first = self.book.registrar.Commit(self.request("own", "甲公司"))
        other = self.server.client(f"wang:registrar@{self.book.code}")
        self.assertNotEqual(other.Commit(self.request("own", "乙公司")).sequence, first.sequence)

    def test_sent_many_times_at_once_it_is_done_once(self):
        before = self.book.sequence()
        request = self.request("at once", "丙公司")
        clients = [self.server.client(f"li:registrar@{self.book.code}") for _ in range(16)]
        answers, refused = outcomes([client.future("Commit", request) for client in clients])
        self.assertEqual(refused, [])
        self.assertEqual(len({answer.SerializeToString(deterministic=True)
                              for answer in answers}), 1)
        self.assertEqual(self.book.sequence(), before + 1)

    def test_a_refusal_is_not_remembered(self):
        plot = self.book.plot(box(0, 0), "no such kind")
        self.assertRefused("PLOT_KIND_UNKNOWN", self.book.commit, [plot], request_id="mended")
        self.book.commit([self.book.plot(box(0, 0))], request_id="mended")

    def test_explaining_is_not_remembered_and_changes_nothing(self):
        before = self.book.sequence()
        acts = [self.book.organisation("丁公司")]
        explained = self.book.commit(acts, request_id="explained", validate_only=True)
        self.assertEqual((explained.sequence, list(explained.refusals)), (0, []))
        self.assertEqual(self.book.sequence(), before)
        faulty = self.book.commit([self.book.plot(box(1, 0), "no such kind")], validate_only=True)
        self.assertIn("PLOT_KIND_UNKNOWN", [refusal.reason for refusal in faulty.refusals])
        self.book.commit(acts, request_id="explained")

    def test_it_is_remembered_through_an_end_without_warning(self):
        acts = [self.book.organisation("戊公司"), self.book.plot(box(2, 0)),
                self.book.unit(created(1))]
        before = self.book.commit(acts, request_id="before the crash")
        self.server.kill()
        self.server.start()
        self.book.connect()
        self.assertEqual(self.book.commit(acts, request_id="before the crash"), before)
        self.assertRefused("REQUEST_ID_REUSED", self.book.commit, acts[:1],
                           request_id="before the crash")
        # And through an orderly one.
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.book.connect()
        self.assertEqual(self.book.commit(acts, request_id="before the crash"), before)


if __name__ == "__main__":
    unittest.main()
