// The files of an exchange package under way: its folders, its tables one after the other, and the
// side table for text that does not fit them.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_WRITER_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_WRITER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"
#include "geo/formats/text_decoder.h"
#include "landbook/v1/book.pb.h"
#include "tools/exchange/scratch.h"
#include "tools/exchange/table_layout.h"
#include "tools/landbook/package_book.h"

namespace landbook::tools {

// How the files are written.
struct PackageFileOptions {
  std::string folder;  // the package's folder is made in it
  geo::LayerFormat format = geo::LayerFormat::kShapefile;
  std::string encoding;  // of shapefiles and dBASE tables; GB18030 if empty
  int year = 0;          // behind the names of layers; 0 for this year
};

// Writes tables one at a time. Not thread-safe.
class PackageWriter {
 public:
  // Makes the folders. REQUIRES: the scratch, which keeps the side table, outlives the writer.
  static absl::StatusOr<PackageWriter> Make(const PackageFileOptions& options,
                                            const v1::County& county, exchange::Scratch& scratch);

  // A table with its columns, begun; what was there under its name is replaced.
  struct Table {
    exchange::TableLayout layout;
    std::unique_ptr<geo::LayerWriter> file;
    std::optional<geo::TextEncoder> encoder;  // of a table whose columns are narrow
    std::int64_t rows = 0;
  };
  absl::StatusOr<Table> Begin(exchange::TableLayout layout);

  // Adds a row of the table's columns by name; `add` gives the values to the table's file as what
  // the geometry asks for. Text that its column or its encoding does not hold goes to the side
  // table. Fails with INVALID_ARGUMENT, naming the row, when a number does not fit.
  using AddRow = std::function<absl::Status(std::span<const geo::Value>)>;
  absl::Status Add(Table& table, const RowValues& values, const AddRow& add);
  // Ends the table and counts its rows.
  absl::Status End(Table& table);

  // How many values did not fit so far. Once, after all tables: writes those that did not, in
  // UTF-8.
  std::uint64_t put_aside() const { return put_aside_; }
  absl::Status WriteSideTable();

  // The package's folder, the county and year behind the names of layers, and the rows of each
  // table.
  const std::filesystem::path& root() const { return root_; }
  const std::string& suffix() const { return suffix_; }
  const std::vector<std::pair<std::string, std::int64_t>>& counts() const { return counts_; }

 private:
  PackageWriter(PackageFileOptions options, exchange::Scratch& scratch)
      : options_(std::move(options)), scratch_(&scratch) {}

  std::string PathOf(const exchange::TableLayout& layout) const;
  absl::Status PutAside(const Table& table, std::size_t column, const std::string& text);

  PackageFileOptions options_;
  exchange::Scratch* scratch_;
  int epsg_ = 0;
  std::filesystem::path root_;
  std::string suffix_;
  std::set<std::string> begun_;  // GeoPackages
  std::uint64_t put_aside_ = 0;
  std::vector<std::pair<std::string, std::int64_t>> counts_;
};

// The folders of a package (NY/T 2539, chapter 7).
inline constexpr char kVectorFolder[] = "矢量数据";
inline constexpr char kRecordFolder[] = "权属数据";
inline constexpr char kMetadataFolder[] = "元数据";

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_WRITER_H_
