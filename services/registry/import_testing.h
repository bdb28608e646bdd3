// Rows of imports for tests: blocks of ground under codes of the test county.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_TESTING_H_

#include <cstdint>
#include <string>

#include "fmt/format.h"
#include "google/protobuf/repeated_field.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/registry/plot_testing.h"
#include "services/registry/staged_row.h"

namespace landbook::registry {

// The rows of an upload.
using Rows = google::protobuf::RepeatedPtrField<v1::ImportRow>;

// The code of contracted land with that serial, in the test county's first group.
inline std::string CodeOf(int serial) { return fmt::format("{}{:05}", kTestDivision, serial); }

// A row of contracted land.
inline v1::ImportRow Row(std::int64_t number, const std::string& code,
                         const geo::Boundary& boundary) {
  v1::ImportRow row;
  row.set_row(number);
  row.set_code(code);
  row.set_boundary(geo::EncodeCompact(boundary));
  row.set_location(fmt::format("place {}", number));
  return row;
}

// The row as it is staged, on ground of that box.
inline StagedRow StagedRowOf(v1::ImportRow row, const geo::Box& ground) {
  std::string value;
  StagedRow::AppendValue(ground, &row, &value);
  return StagedRow("", value);
}

// A field of `across` by `across` blocks that share their edges, row by row.
inline Rows Field(int across) {
  Rows rows;
  for (int i = 0; i < across * across; ++i) {
    const Block block{10.0 * (i % across), 10.0 * (i / across)};
    *rows.Add() = Row(i, CodeOf(i + 1), BoundaryOfBlock(block));
  }
  return rows;
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_TESTING_H_
