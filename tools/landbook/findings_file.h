// The findings file: a GeoPackage with a point layer `findings`, one point a finding, to open in a
// GIS.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"
#include "landbook/v1/common.pb.h"

namespace landbook::tools {

// Writes findings in the order given, on the plane of the book. The file appears when Close()
// succeeds.
class FindingsFile {
 public:
  // Fails as geo::LayerWriter::Create does.
  static absl::StatusOr<FindingsFile> Create(const std::string& path, int plane_epsg);

  absl::Status Add(const v1::Finding& finding);
  absl::Status Close();

 private:
  explicit FindingsFile(std::unique_ptr<geo::LayerWriter> writer) : writer_(std::move(writer)) {}

  std::unique_ptr<geo::LayerWriter> writer_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_
