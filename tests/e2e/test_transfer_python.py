"""A client in another language, made from the published protos, transfers and reads the past."""

import unittest

from landbook_county import BY_HAND, Book, box, created, first_created, number, over_standard, term
from landbook_pages import plots_of
from landbook_testing import (ServerCase, common_pb2, message, plot_pb2, registry_service_pb2,
                              right_pb2)


class TransferTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = Book(cls.server)
        cls.village = cls.book.village(households=2)
        cls.seller, cls.buyer = (household.party for household in cls.village.households)
        response = cls.book.commit([
            cls.book.plot(box(0, 0), "homestead"), cls.book.unit(created(0)),
            cls.book.grant(created(1), "homestead", [number(cls.seller)])],
            overrides=[over_standard(2)])
        cls.plot = first_created(response, 0, "PLOT")
        cls.unit = first_created(response, 1, "UNIT")
        cls.right = first_created(response, 2, "RIGHT")
        cls.granted = response
        cls.code = response.results[0].records[0].code
        cls.transferred = cls.book.commit(
            [cls.book.transfer(cls.book.right(cls.right), [cls.buyer], evidence=[0])],
            evidence=[cls.book.evidence("CONSENT", [cls.village.collective])])

    def holders(self, right):
        return [holder.party for holder in right.holders]

    def before(self):
        return {"sequence": str(self.granted.sequence)}

    def test_the_right_keeps_its_number_and_has_the_new_holder(self):
        right = self.book.right(self.right)
        self.assertEqual(self.holders(right), [self.buyer])
        self.assertEqual(right.etag, str(self.transferred.sequence))
        self.assertEqual(right.state, plot_pb2.RECORD_STATE_LIVE)
        self.assertEqual(right.unit, self.unit)

    def test_history_tells_who_held_it_before(self):
        history = self.book.registrar.GetRightHistory(county=self.book.code,
                                                      right=str(self.right))
        self.assertEqual([self.holders(version) for version in history.versions],
                         [[self.seller], [self.buyer]])
        self.assertEqual([version.etag for version in history.versions],
                         [str(self.granted.sequence), str(self.transferred.sequence)])

    def test_as_of_by_number_sequence_and_time(self):
        past = self.book.registrar.GetRight(county=self.book.code, right=str(self.right),
                                            read=self.before())
        self.assertEqual(self.holders(past), [self.seller])
        at = self.granted.recorded_at.ToJsonString()
        past = self.book.registrar.GetRight(county=self.book.code, right=str(self.right),
                                            read={"time": at})
        self.assertEqual(self.holders(past), [self.seller])

    def test_as_of_by_holder(self):
        def held(party, **fields):
            answer = self.book.registrar.ListRights(county=self.book.code, holder=str(party),
                                                    **fields)
            return [right.number for right in answer.rights]
        self.assertEqual(held(self.seller), [])
        self.assertEqual(held(self.buyer), [self.right])
        self.assertEqual(held(self.seller, read=self.before()), [self.right])
        self.assertEqual(held(self.buyer, read=self.before()), [])

    def test_plots_of_a_holder_follow_the_right(self):
        def plots(party, **fields):
            answer = self.book.registrar.ListPlots(county=self.book.code, holder=str(party),
                                                   **fields)
            return [plot.number for plot in answer.plots]
        self.assertEqual(plots(self.buyer), [self.plot])
        self.assertEqual(plots(self.seller), [])
        self.assertEqual(plots(self.seller, read=self.before()), [self.plot])

    def test_as_of_by_code(self):
        plot = self.book.registrar.GetPlot(county=self.book.code, plot=self.code)
        self.assertEqual(plot.number, self.plot)
        self.assertEqual(plot.recorded_area_m2, "400.00")
        self.assertEqual(plot.recorded_area_mu, "0.60")
        self.assertRefused("RECORD_NOT_FOUND", self.book.registrar.GetPlot, county=self.book.code,
                           plot=self.code, read={"sequence": str(self.granted.sequence - 1)})

    def test_as_of_by_window(self):
        ring = box(0, 0)
        west, south, north = (int(v * 10_000) for v in (*ring[0], ring[2][1]))
        window = {"min_x": str(west - 5), "min_y": str(south), "max_x": str(west + 5),
                  "max_y": str(north)}

        def found(**fields):
            return plots_of(self.book.registrar.FindPlots(county=self.book.code, window=window,
                                                          **fields))
        boxes = found()
        self.assertEqual(list(boxes), [self.plot])
        self.assertEqual(boxes[self.plot][1:], tuple(int(v * 10_000) for v in ring[0] + ring[2]))
        self.assertEqual(list(found(read=self.before())), [self.plot])
        self.assertEqual(found(read={"sequence": str(self.granted.sequence - 1)}), {})
        self.assertEqual(found(tier="ownership"), {})

    def test_windows_one_after_another_over_one_call(self):
        ring = box(0, 0)
        west, south, north = (int(v * 10_000) for v in (*ring[0], ring[2][1]))
        window = {"min_x": str(west - 5), "min_y": str(south), "max_x": str(west + 5),
                  "max_y": str(north)}
        upside_down = {**window, "min_y": str(north), "max_y": str(south)}
        nowhere = {"min_x": "1", "min_y": "1", "max_x": "2", "max_y": "2"}
        asked = [{"window": window}, {"window": upside_down}, {"window": nowhere},
                 {"window": window, "tier": "ownership"}, {"window": window, "read": self.before()},
                 {"window": window, "county": "999999"}, {}, {"window": window}]
        questions = [message(registry_service_pb2.BrowsePlotsRequest,
                             **{"tag": str(100 + i), "county": self.book.code, **fields})
                     for i, fields in enumerate(asked)]
        client = self.book.registrar
        answers = list(client.stub.BrowsePlots(iter(questions), metadata=client.metadata,
                                               timeout=60))
        self.assertEqual([answer.tag for answer in answers], list(range(100, 108)))
        self.assertTrue(all(answer.last for answer in answers))

        def told(answer):
            if answer.HasField("refusals"):
                return [refusal.reason for refusal in answer.refusals.refusals]
            return list(plots_of([answer.plots]))
        self.assertEqual([told(answer) for answer in answers],
                         [[self.plot], ["VALUE_OUT_OF_RANGE"], [], [], [self.plot],
                          ["COUNTY_NOT_ALLOWED"], ["FIELD_REQUIRED"], [self.plot]])
        self.assertEqual(answers[4].plots.sequence, self.granted.sequence)
        self.assertGreaterEqual(answers[2].plots.sequence, self.transferred.sequence)

    def test_a_question_that_cannot_be_read_is_refused_and_not_taken_for_the_last(self):
        client = self.book.registrar
        readable = message(registry_service_pb2.BrowsePlotsRequest, tag="1", county=self.book.code,
                           window={"min_x": "1", "min_y": "1", "max_x": "2", "max_y": "2"})
        asked = [readable.SerializeToString(), b"no message", readable.SerializeToString()]
        refused = self.assertRefused("MESSAGE_MALFORMED", client.raw_stream,
                                     "RegistryService/BrowsePlots", asked)
        self.assertIn("message 2 of the stream, of 10 bytes", refused.refusals[0].message_en)
        answers = client.raw_stream("RegistryService/BrowsePlots", asked[:1] + asked[2:])
        self.assertEqual([registry_service_pb2.BrowsePlotsResponse.FromString(data).tag
                          for data in answers], [1, 1])

    def test_a_point_finds_the_plot_and_its_neighbourhood_does_not(self):
        x, y = box(0, 0)[0]

        def at(dx):
            answer = self.book.registrar.LocatePlots(
                county=self.book.code,
                point={"x": str(int((x + dx) * 10_000)), "y": str(int((y + 1) * 10_000))})
            return [plot.number for plot in answer.plots]
        self.assertEqual(at(1.0), [self.plot])
        self.assertEqual(at(0.0), [self.plot], "the edge belongs to the plot")
        self.assertEqual(at(-0.0001), [])

    def test_read_your_writes_and_no_reads_of_the_future(self):
        sequence = self.book.sequence()
        self.book.registrar.GetRight(county=self.book.code, right=str(self.right),
                                     read={"min_sequence": str(sequence)})
        self.assertRefused("AS_OF_IN_FUTURE", self.book.registrar.GetRight, county=self.book.code,
                           right=str(self.right), read={"sequence": str(sequence + 1)})

    def test_the_journal_says_transfer_and_why(self):
        entry = self.book.admin.Watch(county=self.book.code, once=True,
                                      from_sequence=str(self.transferred.sequence))[0]
        self.assertEqual([act.act for act in entry.acts], ["transfer_right"])
        self.assertEqual(entry.acts[0].ground, "assignment")
        self.assertEqual(entry.header.actor.principal, "li")
        self.assertEqual(entry.header.evidence[0].kind, common_pb2.EVIDENCE_KIND_CONSENT)
        self.assertEqual((entry.header.hand_made, entry.header.document_number), (True, BY_HAND))

    def test_shares_are_exact(self):
        thirds = [{"party": number(party), "share": {"numerator": "1", "denominator": "3"}}
                  for party in (self.seller, self.buyer, self.village.collective)]
        act = self.book.grant(created(1), "construction", [], "CO_OWNERSHIP_BY_SHARES",
                              term(end="2063-12-31"))
        act["grant_right"]["holders"] = thirds
        response = self.book.commit([self.book.plot(self.book.free_ring(), "construction"),
                                     self.book.unit(created(0)), act])
        right = self.book.right(first_created(response, 2, "RIGHT"))
        self.assertEqual(right.co_ownership, right_pb2.CO_OWNERSHIP_BY_SHARES)
        self.assertEqual([(h.share.numerator, h.share.denominator) for h in right.holders],
                         [(1, 3)] * 3)

    def test_a_plot_has_its_history_and_pages_of_lists_meet(self):
        history = self.book.registrar.GetPlotHistory(county=self.book.code, plot=self.code)
        self.assertEqual([version.number for version in history.versions], [self.plot])
        parties, token = [], ""
        while True:
            page = self.book.registrar.ListParties(county=self.book.code, page_size=2,
                                                   page_token=token)
            parties += [party.number for party in page.parties]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(parties, list(range(1, len(parties) + 1)))
        self.assertGreaterEqual(len(parties), 7)

    def test_boundaries_come_in_each_spelling(self):
        def boundary(spelling):
            request = message(registry_service_pb2.GetPlotRequest, county=self.book.code,
                              plot=self.code, boundary_format=f"BOUNDARY_FORMAT_{spelling}")
            return self.book.registrar.GetPlot(request).boundary
        self.assertEqual(boundary("COMPACT").WhichOneof("encoding"), "compact")
        self.assertEqual(boundary("WKB").wkb[1:5], b"\x03\x00\x00\x00")
        self.assertIn('"Polygon"', boundary("GEOJSON").geojson)
        self.assertIsNone(boundary("NONE").WhichOneof("encoding"))


if __name__ == "__main__":
    unittest.main()
