// The columns of an exported layer, and what a plot writes in them.
#ifndef LANDBOOK_TOOLS_LANDBOOK_EXPORT_COLUMNS_H_
#define LANDBOOK_TOOLS_LANDBOOK_EXPORT_COLUMNS_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "geo/formats/layer_writer.h"
#include "landbook/v1/plot.pb.h"

namespace landbook::tools {

// Gathers what the plots of a layer need, then gives its fields and each plot's values. The columns
// are `code`, `stated_m2`, `land_use` and `location`, which import reads back, `plot_kind` unless
// all plots are of one kind that the user chose, then the attributes that the plots brought along,
// by name. Everything is text, so that it comes back as it was.
class ExportColumns {
 public:
  explicit ExportColumns(bool with_kind) : with_kind_(with_kind) {}

  // Takes note of a plot. Every plot of the layer, before the first call of the others.
  void Note(const v1::Plot& plot);

  // Gives attributes whose column could not bear their name another one, and tells which, as
  // sentences. Call it once, after the last Note.
  std::vector<std::string> Settle();

  std::vector<geo::Field> Fields() const;
  std::vector<geo::Value> ValuesOf(const v1::Plot& plot) const;

 private:
  struct Column {
    std::string name;
    std::size_t bytes_max = 0;
  };

  std::vector<std::string> OwnValues(const v1::Plot& plot) const;

  bool with_kind_;
  std::vector<std::size_t> own_bytes_max_ = std::vector<std::size_t>(5, 0);
  std::map<std::string, Column> attributes_;  // by the attribute's key
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_EXPORT_COLUMNS_H_
