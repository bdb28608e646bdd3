// Pins the bytes that storage/FORMAT.md promises: keys, values and journal records. A change here
// is a change of every book that exists; it needs a new format version, not a new expectation.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/compact.h"
#include "landbook/v1/act.pb.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/fold.h"
#include "services/registry/keys.h"
#include "services/registry/record_index.h"
#include "services/registry/versions.h"
#include "storage/digest.h"

namespace landbook::registry {
namespace {

std::string Hex(std::string_view bytes) { return storage::HexOf(bytes); }

TEST(FormatTest, KeysOfTheSpaces) {
  EXPECT_EQ(Hex(BookPrefix(1)), "00000001");
  EXPECT_EQ(Hex(JournalKey(1, 2, 3)), "000000016a000000000000000200000003");
  EXPECT_EQ(Hex(RequestKey(1, "ab", "c")),
            "00000001716162000163"
            "0001");
  EXPECT_EQ(Hex(NumberCounterKey(1, v1::RECORD_KIND_PLOT)), "000000016e0103");
  EXPECT_EQ(Hex(SerialCounterKey(1, "f")), "000000016e02660001");
  EXPECT_EQ(Hex(WindowCountKey(1, 2, 4)), "000000016e030204");
  EXPECT_EQ(Hex(LiveCountKey(1, v1::RECORD_KIND_RIGHT, "x")), "000000016e0406780001");
}

TEST(FormatTest, KeysOfTheTables) {
  EXPECT_EQ(Hex(RecordKey(v1::RECORD_KIND_PARTY, 258).bytes()), "020000000000000102");
  EXPECT_EQ(Hex(TableKey(Table::kWindow).U8(2).U8(0).U64(5).U64(9).bytes()),
            "20020000000000000000050000000000000009");
  EXPECT_EQ(Hex(TableKey(Table::kAlias).U8(3).Text("J").bytes()), "21034a0001");
  EXPECT_EQ(static_cast<int>(Table::kAppointmentsOf), 43);
}

TEST(FormatTest, ValuesOfThePlaceAndTheWindow) {
  EXPECT_EQ(Hex(EncodePlace({.tier = 2, .size_class = 1, .position = 258})),
            "02010000000000000102");
  // zigzag(-1) = 1, zigzag(300) = d804, width 10, height 128, then the boundary.
  EXPECT_EQ(Hex(EncodeWindowValue({.min_x = -1, .min_y = 300, .max_x = 9, .max_y = 428}, "BB")),
            "01d8040a80014242");
  // A stretch's box stands before that.
  EXPECT_EQ(Hex(EncodeStretchValue({.min_x = 0, .min_y = 1, .max_x = 2, .max_y = 4},
                                   {.min_x = -1, .min_y = 300, .max_x = 9, .max_y = 428}, "BB")),
            "00020203"
            "01d8040a80014242");
  EXPECT_EQ(static_cast<int>(kStretchClass), 5);
}

TEST(FormatTest, ALongBoundaryHasALineForEachStretch) {
  geo::Boundary ditch;
  ditch.vertices = {{0, 0}, {20'000'000, 0}, {20'000'000, 60'000}, {0, 60'000}};
  ditch.EndRing();
  ditch.EndPart();
  const auto entries = WindowEntriesOf(2, ditch);
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].place, (Place{2, kStretchClass, geo::HilbertPosition({0, 0})}));
  EXPECT_EQ(entries[1].place, (Place{2, kStretchClass, geo::HilbertPosition({6'666'666, 0})}));
  EXPECT_EQ(entries[1].box, (geo::Box{6'666'666, 0, 13'333'333, 60'000}));
}

TEST(FormatTest, ACurrentValueIsTheSequenceThenTheRecord) {
  class Nothing final : public View {
   public:
    std::optional<std::string> Get(const std::string&) const override { return std::nullopt; }
    void Scan(const storage::KeyRange&, storage::Visitor) const override {}
    absl::Status status() const override { return absl::OkStatus(); }
  };
  const Nothing nothing;
  Overlay overlay(&nothing);
  VersionWriter(&overlay, 1, 300).Put(TableKey(Table::kPlot).U64(7), "record");
  storage::WriteBatch batch;
  overlay.MoveTo(&batch);
  ASSERT_EQ(batch.Operations().size(), 1u);
  EXPECT_EQ(Hex(batch.Operations()[0].key), "0000000163030000000000000007");
  EXPECT_EQ(Hex(batch.Operations()[0].value), "ac02" + Hex("record"));
  VersionWriter(&overlay, 1, 300).Put(TableKey(Table::kPlot).U64(7), "record");
  VersionWriter(&overlay, 1, 301).Remove(TableKey(Table::kPlot).U64(7));
  storage::WriteBatch later;
  overlay.MoveTo(&later);
  ASSERT_EQ(later.Operations().size(), 2u);
  EXPECT_EQ(Hex(later.Operations()[1].key), "0000000170030000000000000007000000000000012d");
  EXPECT_EQ(Hex(later.Operations()[1].value), "ac02" + Hex("record"));
}

TEST(FormatTest, AnAnsweredRequest) {
  EXPECT_EQ(Hex(EncodeAnsweredRequest({.request_hash = "HH", .sequence = 258})),
            "00000000000001024848");
}

TEST(FormatTest, TheHeaderOfAnEntry) {
  v1::EntryHeader header;
  header.set_format_version(1);
  header.set_book("990101/5");
  header.set_sequence(2);
  header.set_recorded_micros(-1);
  header.set_first_leaf(300);
  header.set_act_count(1);
  header.mutable_actor()->set_principal("wang");
  header.mutable_actor()->set_role(v1::ROLE_REGISTRAR);
  header.set_hand_made(true);
  header.set_request_id("r");
  header.set_request_hash("h");
  header.set_pack("p");
  header.set_pack_version(3);
  header.set_day("2026-11-21");
  EXPECT_EQ(Hex(header.SerializeAsString()),
            "0801"                          // format_version
            "12083939303130312f35"          // book
            "1802"                          // sequence
            "2001"                          // recorded_micros, zig-zag
            "28ac02"                        // first_leaf
            "3001"                          // act_count
            "3a080a0477616e671004"          // actor
            "5001"                          // hand_made
            "620172"                        // request_id
            "6a0168"                        // request_hash
            "7a0170"                        // pack
            "800103"                        // pack_version
            "8a010a323032362d31312d3231");  // day
}

TEST(FormatTest, TheRecordOfAnAct) {
  v1::ActRecord act;
  act.set_act("retire_plot");
  act.add_evidence(1);
  act.set_ground("g");
  v1::Effect& effect = *act.add_effects();
  effect.set_kind(v1::RECORD_KIND_BOUNDARY);
  effect.set_number(300);
  EXPECT_EQ(Hex(act.SerializeAsString()),
            "0a0b7265746972655f706c6f74"  // act
            "1a0101"                      // evidence
            "220167"                      // ground
            "2a05080410ac02");            // one effect: the end of a boundary
}

// A shape's lines in its layer's window, and how a whole version is found.
TEST(FormatTest, TheLinesOfAControlLayer) {
  v1::ControlShape shape;
  shape.set_layer(2);
  shape.set_code("ab");
  shape.set_compact(geo::EncodeCompact(geo::BoundaryOf({{{0, 0}, {0, 300}, {300, 0}}})));
  const auto derived = DeriveFrom(v1::RECORD_KIND_CONTROL_SHAPE, 7, shape.SerializeAsString());
  ASSERT_TRUE(derived.ok());
  std::vector<std::string> lines;
  for (const auto& [key, value] : derived->entries) lines.push_back(Hex(key) + " " + Hex(value));
  const std::string place = Hex(EncodePlace(PlaceOf(0, {0, 0, 300, 300})));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "2c0000000000000002" + place + "000000000000000700000000 0000ac02ac02",
                       "2e00000000000000020000000000000007 ",
                       "2f0000000000000002616200010000000000000007 "}));
  v1::ControlLayer layer;
  layer.set_layer("ab");
  layer.set_effective_date("cd");
  const auto none = DeriveFrom(v1::RECORD_KIND_CONTROL_LAYER, 7, layer.SerializeAsString());
  EXPECT_TRUE(none->entries.empty());
  layer.set_state(v1::CONTROL_LAYER_STATE_WHOLE);
  const auto whole = DeriveFrom(v1::RECORD_KIND_CONTROL_LAYER, 7, layer.SerializeAsString());
  ASSERT_EQ(whole->entries.size(), 1u);
  EXPECT_EQ(Hex(whole->entries.begin()->first), "2d61620001636400010000000000000007");
}

// The derived keys of a record, in hexadecimal digits; their values are empty.
template <typename Record>
std::vector<std::string> LinksOf(v1::RecordKind kind, const Record& record) {
  const auto derived = DeriveFrom(kind, 7, record.SerializeAsString());
  std::vector<std::string> links;
  for (const auto& [key, value] : derived->entries) {
    EXPECT_EQ(value, kind == v1::RECORD_KIND_CASE && key[0] == 0x21 ? "\x07" : "");
    links.push_back(Hex(key));
  }
  return links;
}

TEST(FormatTest, TheLinksOfACase) {
  v1::Case file;
  file.set_code("a");
  file.add_units(2);
  file.add_applicants()->set_party(3);
  file.mutable_applicants(0)->set_agent(4);
  file.set_state(v1::CASE_STATE_REVIEWED);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CASE, file),
            (std::vector<std::string>{
                "210f610001",  //
                "3000000000000000020000000000000007", "3100000000000000030000000000000007",
                "3100000000000000040000000000000007", "32030000000000000007"}));
  file.set_state(v1::CASE_STATE_REGISTERED);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CASE, file).size(), 4u);
  file.set_code(
      "990101"
      "20260302"
      "000012");
  const auto derived = DeriveFrom(v1::RECORD_KIND_CASE, 7, file.SerializeAsString());
  ASSERT_EQ(derived->serials.size(), 1u);
  EXPECT_EQ(derived->serials[0].family, "case 99010120260302");
  EXPECT_EQ(derived->serials[0].serial, 12u);
}

TEST(FormatTest, TheLinksOfWhatStandsBesideRights) {
  v1::Resolution resolution;
  resolution.set_collective(2);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_RESOLUTION, resolution),
            (std::vector<std::string>{"3300000000000000020000000000000007"}));
  v1::Filing filing;
  filing.add_rights(2);
  filing.set_with(3);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_FILING, filing),
            (std::vector<std::string>{"3400000000000000020000000000000007",
                                      "3500000000000000030000000000000007"}));
  v1::RankAgreement agreement;
  agreement.set_right(2);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_RANK_AGREEMENT, agreement),
            (std::vector<std::string>{"3600000000000000020000000000000007"}));
  v1::FundAdvance advance;
  advance.set_right(2);
  advance.set_fund(3);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_FUND_ADVANCE, advance),
            (std::vector<std::string>{"3700000000000000020000000000000007",
                                      "3800000000000000030000000000000007"}));
  EXPECT_TRUE(LinksOf(v1::RECORD_KIND_APPLICATION, v1::Application()).empty());
  EXPECT_TRUE(LinksOf(v1::RECORD_KIND_CALENDAR_DAY, v1::CalendarDay()).empty());
}

TEST(FormatTest, ACautionThatCanLapseIsListed) {
  v1::Caution caution;
  caution.set_unit(2);
  caution.set_cause(v1::CAUTION_CAUSE_OBJECTION);
  caution.set_state(v1::RECORD_STATE_LIVE);
  const std::string of_unit = "2800000000000000020000000000000007";
  const std::vector<std::string> both = {of_unit, "3a030000000000000007"};
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CAUTION, caution), both);
  caution.set_step_date("2026-03-01");
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CAUTION, caution), (std::vector<std::string>{of_unit}));
  caution.set_expiry_date("2026-03-01");
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CAUTION, caution), both);
  caution.set_state(v1::RECORD_STATE_ENDED);
  EXPECT_EQ(LinksOf(v1::RECORD_KIND_CAUTION, caution), (std::vector<std::string>{of_unit}));
}

// The kinds of records and tables have their numbers for ever.
TEST(FormatTest, NumbersOfKinds) {
  EXPECT_EQ(v1::RECORD_KIND_BOOK, 1);
  EXPECT_EQ(v1::RECORD_KIND_PARTY, 2);
  EXPECT_EQ(v1::RECORD_KIND_PLOT, 3);
  EXPECT_EQ(v1::RECORD_KIND_BOUNDARY, 4);
  EXPECT_EQ(v1::RECORD_KIND_UNIT, 5);
  EXPECT_EQ(v1::RECORD_KIND_RIGHT, 6);
  EXPECT_EQ(v1::RECORD_KIND_CONTRACT, 7);
  EXPECT_EQ(v1::RECORD_KIND_MORTGAGE, 8);
  EXPECT_EQ(v1::RECORD_KIND_CAUTION, 9);
  EXPECT_EQ(v1::RECORD_KIND_CERTIFICATE, 10);
  EXPECT_EQ(v1::RECORD_KIND_APPOINTMENT, 11);
  EXPECT_EQ(v1::RECORD_KIND_PACK, 12);
  EXPECT_EQ(v1::RECORD_KIND_CONTROL_LAYER, 13);
  EXPECT_EQ(v1::RECORD_KIND_CONTROL_SHAPE, 14);
  EXPECT_EQ(v1::RECORD_KIND_CASE, 15);
  EXPECT_EQ(v1::RECORD_KIND_APPLICATION, 16);
  EXPECT_EQ(v1::RECORD_KIND_RESOLUTION, 17);
  EXPECT_EQ(v1::RECORD_KIND_FILING, 18);
  EXPECT_EQ(v1::RECORD_KIND_RANK_AGREEMENT, 19);
  EXPECT_EQ(v1::RECORD_KIND_FUND_ADVANCE, 20);
  EXPECT_EQ(v1::RECORD_KIND_CALENDAR_DAY, 21);
}

}  // namespace
}  // namespace landbook::registry
