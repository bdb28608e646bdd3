// From a row as a source delivered it to a row as an import takes it: on the book's plane, rounded,
// encoded, with everything that reading found.
#ifndef LANDBOOK_TOOLS_LANDBOOK_ROW_CONVERTER_H_
#define LANDBOOK_TOOLS_LANDBOOK_ROW_CONVERTER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/formats/layer_reader.h"
#include "geo/normalise.h"
#include "geo/projection.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/layer_source.h"

namespace landbook::tools {

// A row with its boundary still decoded, for a check in this process.
struct ConvertedRow {
  // `boundary` is encoded unless it is empty; `findings` are those of reading and rounding.
  v1::ImportRow row;
  // The boundary on the plane; empty when the row has none.
  geo::Boundary boundary;
};

// The plane that rows are put on, and the office's own ways onto it from older datums.
struct TargetPlane {
  int epsg = 0;
  std::vector<geo::OfficeTransformation> ways = {};
};

// The plane of a county's book, with the ways of the pack in force.
TargetPlane PlaneOfBook(const v1::County& county);
geo::OfficeTransformation OfficeWayOf(const v1::PlaneTransformation& way);

// Converts the rows of one layer. Not thread-safe.
class RowConverter {
 public:
  // Fails as geo::Transformation::Make does, with what to do about it.
  static absl::StatusOr<RowConverter> Make(const LayerSource& source, const TargetPlane& target);

  // The row with id `row.id`. B101 and B102 come from rounding, B403 from a boundary that is null,
  // empty, no polygon or unreadable, B404 from text that is not in the layer's encoding.
  ConvertedRow Convert(geo::Row row);
  // The same into `out`, whatever it held; its memory, and the row's, serves again. The row's
  // boundary is brought onto the plane.
  void Convert(geo::Row& row, ConvertedRow& out);

  // The way from the layer's system onto the plane.
  const geo::Transformation& transformation() const { return transformation_; }

 private:
  RowConverter(std::vector<geo::Field> fields, Columns columns, geo::Transformation transformation,
               geo::Plane plane);

  void AddAttributes(const geo::Row& row, v1::ImportRow& out) const;
  void AddBoundary(geo::Row& row, ConvertedRow& out);
  // What vertices that no transformation takes to the plane look like; found out once a layer.
  const geo::PlaneSuspicion* SuspicionOf(const geo::RawBoundary& delivered,
                                         const geo::RawBoundary& transformed);

  std::vector<geo::Field> fields_;
  Columns columns_;
  geo::Transformation transformation_;
  geo::Plane plane_;
  geo::PlaneBoundary rounded_;  // that of the row converted last
  bool suspicion_known_ = false;
  std::optional<geo::PlaneSuspicion> suspicion_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_ROW_CONVERTER_H_
