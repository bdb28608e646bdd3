// The findings file: a GeoPackage to open in a GIS, styled as QGIS opens it. Its layers:
// `findings`, a point a finding, to zoom to; `plots`, the plots concerned; `overlaps`, what pairs
// of plots have in common; and the table `layer_styles`, from which QGIS takes how they look.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"
#include "landbook/v1/common.pb.h"
#include "tools/landbook/findings_ground.h"
#include "tools/landbook/findings_ledger.h"

namespace landbook::tools {

// Writes findings in the order given, on the plane of the book, and then what they are about.
class FindingsFile {
 public:
  // Fails as geo::LayerWriter::Create does.
  static absl::StatusOr<std::unique_ptr<FindingsFile>> Create(const std::string& path,
                                                              int plane_epsg);
  FindingsFile(const FindingsFile&) = delete;
  FindingsFile& operator=(const FindingsFile&) = delete;
  // Removes what was written unless Finish() put it in place.
  ~FindingsFile();

  // `table` is the table of a package that the finding's row is of; empty for a layer of plots.
  absl::Status Add(const v1::Finding& finding, const std::string& table = "");

  // Adds the layers of plots and overlaps and the styles, and gives the file its name, replacing
  // one that was there. A plot without a boundary in `ground` is told by its findings alone. Called
  // once. Fails with INTERNAL when GEOS or the file does.
  absl::Status Finish(const FindingsLedger& ledger, const FindingsGround& ground);

 private:
  FindingsFile(std::string path, int plane_epsg, std::unique_ptr<geo::LayerWriter> points)
      : path_(std::move(path)), plane_epsg_(plane_epsg), points_(std::move(points)) {}

  absl::StatusOr<std::unique_ptr<geo::LayerWriter>> AddLayer(geo::LayerGeometry geometry,
                                                             const std::string& name,
                                                             std::vector<geo::Field> fields) const;
  absl::Status WritePlots(const FindingsLedger& ledger, const FindingsGround& ground) const;
  absl::Status WriteOverlaps(const FindingsLedger& ledger, const FindingsGround& ground) const;
  absl::Status WriteStyles() const;

  std::string path_;
  int plane_epsg_;
  std::unique_ptr<geo::LayerWriter> points_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_FILE_H_
