#include "services/registry/staged_row.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace landbook::registry {
namespace {

std::string AnyText() {
  return *rc::gen::element<std::string>("", "0", "9901010010010100001", std::string("a\0b", 3),
                                        std::string(300, 'x'));
}

v1::ImportRow AnyRow() {
  v1::ImportRow row;
  row.set_row(*rc::gen::element<std::int64_t>(0, -1, 258, std::numeric_limits<std::int64_t>::min(),
                                              std::numeric_limits<std::int64_t>::max()));
  row.set_code(AnyText());
  row.set_stated_area_m2(AnyText());
  row.set_land_use(AnyText());
  row.set_location(AnyText());
  for (int left = *rc::gen::inRange(0, 3); left > 0; --left) {
    row.add_attributes()->set_value(AnyText());
  }
  if (*rc::gen::arbitrary<bool>()) row.add_findings()->set_rule("B105");
  if (*rc::gen::arbitrary<bool>()) row.mutable_registered()->set_document_number(AnyText());
  return row;
}

RC_GTEST_PROP(StagedRowTest, SaysWhatTheRowSaid, ()) {
  const v1::ImportRow said = AnyRow();
  const std::string boundary = AnyText();
  v1::ImportRow source = said;
  source.set_boundary(boundary);
  const geo::Box box{-5, 0, 7, 1};
  std::string value;
  StagedRow::AppendValue(box, &source, &value);
  RC_ASSERT(StagedRow::BoxOf(value) == box);

  StagedRow read("where it lies", value);
  const StagedRow copied = read;
  const StagedRow moved = std::move(read);
  for (const StagedRow* row : {&copied, &moved}) {
    RC_ASSERT(row->key() == "where it lies");
    RC_ASSERT(row->box() == box);
    RC_ASSERT(row->compact() == boundary);
    RC_ASSERT(row->row() == said.row());
    RC_ASSERT(row->code() == said.code());
    RC_ASSERT(row->stated_area_m2() == said.stated_area_m2());
    RC_ASSERT(row->land_use() == said.land_use());
    RC_ASSERT(row->location() == said.location());
    RC_ASSERT(row->ToWire().SerializeAsString() == said.SerializeAsString());
    RC_ASSERT(row->rest().has_registered() == said.has_registered());
    RC_ASSERT(row->SizeBytes() == value.size() + row->key().size());
  }
}

TEST(StagedRowTest, ARowOfNothingCanBeCopied) {
  const StagedRow nothing;
  const StagedRow copied = nothing;
  EXPECT_EQ(copied.SizeBytes(), 0u);
  EXPECT_EQ(copied.rest().attributes_size(), 0);
}

}  // namespace
}  // namespace landbook::registry
