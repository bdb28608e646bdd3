#include "services/common/door_glance.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/door.h"
#include "services/common/door_plan.h"

namespace landbook::common {
namespace {

// Texts at the limit and beyond it, of several bytes a character, and none at all.
std::string AnyText() {
  return *rc::gen::element<std::string>("", "0702", "村东头", std::string(1024, 'a'),
                                        std::string(1025, 'a'), "\xC0\xAF", "\xE6\x9D");
}

template <typename Message>
void MaybeAddUnknownField(Message& message) {
  if (*rc::gen::inRange(0, 8) > 0) return;
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(99, 1);
}

v1::ImportRow AnyRow() {
  v1::ImportRow row;
  row.set_row(*rc::gen::inRange(-2, 5));
  row.set_boundary(*rc::gen::element<std::string>("", "\x01\xFF", std::string(5'000, 'x')));
  // Most fields are left as they are, so that plain rows come often.
  const auto seldom = [] { return *rc::gen::inRange(0, 6) == 0; };
  if (seldom()) row.set_code(AnyText());
  if (seldom()) row.set_stated_area_m2(AnyText());
  if (seldom()) row.set_land_use(AnyText());
  if (seldom()) row.set_location(AnyText());
  for (int left = *rc::gen::inRange(0, 3); left > 0; --left) {
    v1::Attribute& attribute = *row.add_attributes();
    attribute.set_key("owner");
    if (seldom()) attribute.set_key(AnyText());
    if (seldom()) attribute.set_value(AnyText());
    MaybeAddUnknownField(attribute);
  }
  if (seldom()) row.add_findings();
  if (seldom()) row.mutable_registered();
  MaybeAddUnknownField(row);
  return row;
}

RC_GTEST_PROP(DoorGlanceTest, NeverLetsThroughWhatTheDoorRefuses, ()) {
  const v1::ImportRow row = AnyRow();
  const bool plain = GlanceAt(*v1::ImportRow::descriptor())(row);
  // Checked by itself, and not as part of a request, a row is looked at closely.
  const bool refused = !CheckRequest(row).empty();
  RC_CLASSIFY(plain);
  RC_CLASSIFY(refused);
  RC_ASSERT(!(plain && refused));
}

TEST(DoorGlanceTest, LetsPlainRowsThrough) {
  const Glance glance = GlanceAt(*v1::ImportRow::descriptor());
  v1::ImportRow row;
  EXPECT_TRUE(glance(row));
  row.set_row(7);
  row.set_code("370303101201JC00001");
  row.set_location("村东头");
  row.add_attributes()->set_key("owner");
  EXPECT_TRUE(glance(row));
  row.add_findings();
  EXPECT_FALSE(glance(row));
}

TEST(DoorGlanceTest, OtherTypesAreLookedAtClosely) {
  EXPECT_EQ(GlanceAt(*v1::UploadImportRowsRequest::descriptor()), nullptr);
  EXPECT_EQ(GlanceAt(*v1::Attribute::descriptor()), nullptr);
}

// The glance knows the rules of these fields by heart; a field that is added, or whose rule
// changes, has to be added there.
TEST(DoorGlanceTest, KnowsEveryFieldOfARow) {
  std::vector<std::string> names;
  for (const auto* type : {v1::ImportRow::descriptor(), v1::Attribute::descriptor()}) {
    const DoorPlan& plan = PlanOf(*type);
    EXPECT_TRUE(plan.oneofs.empty());
    for (const FieldPlan& field : plan.fields) {
      names.push_back(field.field->name());
      const bool is_text = field.field->type() == google::protobuf::FieldDescriptor::TYPE_STRING;
      EXPECT_EQ(field.bytes_max, is_text ? kTextBytesMax : 0) << names.back();
      EXPECT_FALSE(field.required || field.output_only || field.civil_date || field.area_m2)
          << names.back();
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"row", "code", "boundary", "stated_area_m2",
                                             "land_use", "location", "attributes", "findings",
                                             "registered", "key", "value"}));
}

}  // namespace
}  // namespace landbook::common
