// A row of an import as it is staged, and as the check, the writer and the journal read it.
//
// A row is read four times on its way into the book. It lies in one stretch of memory, and what
// asks for its code or its boundary gets a view of that: a message for each row, with memory for
// each of its texts, cost a tenth of an import.
#ifndef LANDBOOK_SERVICES_REGISTRY_STAGED_ROW_H_
#define LANDBOOK_SERVICES_REGISTRY_STAGED_ROW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "geo/boundary.h"
#include "landbook/v1/registry_service.pb.h"

namespace landbook::registry {

// A row with a boundary. Views of it stay good when it is moved.
class StagedRow {
 public:
  // Appends what a row whose boundary has that box is staged as. Takes the row's findings and
  // attributes, if it has any, out of it.
  static void AppendValue(const geo::Box& box, v1::ImportRow* row, std::string* value);
  // The box of such a value, at little cost.
  static geo::Box BoxOf(std::string_view value);

  // A row of nothing, to be assigned to.
  StagedRow() = default;
  // Copies both. REQUIRES: a value that AppendValue wrote in this process.
  StagedRow(std::string_view key, std::string_view value);
  StagedRow(const StagedRow& other);
  StagedRow& operator=(const StagedRow& other) { return *this = StagedRow(other); }
  StagedRow(StagedRow&&) = default;
  StagedRow& operator=(StagedRow&&) = default;
  ~StagedRow() = default;

  // Where it is staged.
  std::string_view key() const { return key_; }
  const geo::Box& box() const { return box_; }
  // Its boundary in the compact codec.
  std::string_view compact() const { return compact_; }
  // As in v1.ImportRow.
  std::int64_t row() const { return row_; }
  std::string_view code() const { return code_; }
  std::string_view stated_area_m2() const { return stated_area_m2_; }
  std::string_view land_use() const { return land_use_; }
  std::string_view location() const { return location_; }
  // What few rows have: attributes, what an older register says, and what reading it found.
  const v1::ImportRow& rest() const {
    return rest_ == nullptr ? v1::ImportRow::default_instance() : *rest_;
  }

  // All of it but the boundary.
  v1::ImportRow ToWire() const;
  // How many bytes it takes as staged.
  std::size_t SizeBytes() const { return key_.size() + value_.size(); }

 private:
  std::unique_ptr<char[]> bytes_;  // the key, then the value
  std::string_view key_;
  std::string_view value_;
  geo::Box box_;
  std::string_view compact_;
  std::int64_t row_ = 0;
  std::string_view code_;
  std::string_view stated_area_m2_;
  std::string_view land_use_;
  std::string_view location_;
  std::unique_ptr<const v1::ImportRow> rest_;  // null when it has none of that
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_STAGED_ROW_H_
