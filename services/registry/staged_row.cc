#include "services/registry/staged_row.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// Only the process that wrote a box reads it, so it lies in the value as it lies in memory.
static_assert(std::has_unique_object_representations_v<geo::Box>);

void AppendBox(std::string& out, const geo::Box& box) {
  out.append(reinterpret_cast<const char*>(&box), sizeof box);
}

bool HasRest(const v1::ImportRow& row) {
  return row.attributes_size() > 0 || row.findings_size() > 0 || row.has_registered();
}

}  // namespace

void StagedRow::AppendValue(const geo::Box& box, v1::ImportRow* row, std::string* value) {
  AppendBox(*value, box);
  storage::AppendLengthPrefixed(*value, row->boundary());
  storage::AppendI64(*value, row->row());
  storage::AppendLengthPrefixed(*value, row->code());
  storage::AppendLengthPrefixed(*value, row->stated_area_m2());
  storage::AppendLengthPrefixed(*value, row->land_use());
  storage::AppendLengthPrefixed(*value, row->location());
  if (!HasRest(*row)) return;
  v1::ImportRow rest;
  rest.mutable_attributes()->Swap(row->mutable_attributes());
  rest.mutable_findings()->Swap(row->mutable_findings());
  if (row->has_registered()) *rest.mutable_registered() = row->registered();
  rest.AppendToString(value);
}

geo::Box StagedRow::BoxOf(std::string_view value) {
  geo::Box box;
  LANDBOOK_CHECK(value.size() > sizeof box);
  std::memcpy(&box, value.data(), sizeof box);
  return box;
}

StagedRow::StagedRow(std::string_view key, std::string_view value)
    : bytes_(std::make_unique_for_overwrite<char[]>(key.size() + value.size())),
      key_(bytes_.get(), key.size()),
      value_(bytes_.get() + key.size(), value.size()),
      box_(BoxOf(value)) {
  std::copy(key.begin(), key.end(), bytes_.get());
  std::copy(value.begin(), value.end(), bytes_.get() + key.size());
  storage::ByteReader reader(value_.substr(sizeof box_));
  compact_ = reader.ReadLengthPrefixed();
  row_ = reader.ReadI64();
  code_ = reader.ReadLengthPrefixed();
  stated_area_m2_ = reader.ReadLengthPrefixed();
  land_use_ = reader.ReadLengthPrefixed();
  location_ = reader.ReadLengthPrefixed();
  LANDBOOK_CHECK(reader.Ok());
  if (reader.Rest().empty()) return;
  auto rest = std::make_unique<v1::ImportRow>();
  LANDBOOK_CHECK(
      rest->ParseFromArray(reader.Rest().data(), static_cast<int>(reader.Rest().size())));
  rest_ = std::move(rest);
}

StagedRow::StagedRow(const StagedRow& other) {
  if (other.bytes_ != nullptr) *this = StagedRow(other.key_, other.value_);
}

v1::ImportRow StagedRow::ToWire() const {
  v1::ImportRow row = rest();
  row.set_row(row_);
  row.mutable_code()->assign(code_);
  row.mutable_stated_area_m2()->assign(stated_area_m2_);
  row.mutable_land_use()->assign(land_use_);
  row.mutable_location()->assign(location_);
  return row;
}

}  // namespace landbook::registry
