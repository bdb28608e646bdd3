// The attribute table of a shapefile (dBASE III), read as raw bytes.
//
// GDAL recodes text on the way in and puts replacement characters where it cannot; this reader
// leaves every byte as it was delivered, so that text is decoded once, strictly, by TextDecoder.
// Layout: dBASE table file format as ESRI's shapefile paper (July 1998) refers to it.
#ifndef LANDBOOK_GEO_FORMATS_DBF_TABLE_H_
#define LANDBOOK_GEO_FORMATS_DBF_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/formats/gdal_bridge.h"

namespace landbook::geo {

// One column. Widths and places are in bytes of a record.
struct DbfColumn {
  std::string name_bytes;  // as delivered, in the table's encoding; at most 10 bytes
  char type = 'C';         // C text, N and F number, D date YYYYMMDD, L logical, others as found
  std::size_t width = 0;
  std::size_t decimals = 0;
  std::size_t place = 0;
};

// Reads records by number through a sliding window. Not thread-safe.
class DbfTable {
 public:
  // Fails with NOT_FOUND without the file, and with INVALID_ARGUMENT when its header contradicts
  // itself (not a dBASE table, columns longer than the record, …).
  static absl::StatusOr<std::unique_ptr<DbfTable>> Open(const std::string& path);

  const std::vector<DbfColumn>& columns() const { return columns_; }
  // The number of records that the header claims, and that the file is long enough to hold.
  std::uint64_t claimed_records() const { return claimed_records_; }
  std::uint64_t held_records() const;
  // The encoding that the header's language driver states, or empty: only the East Asian ones are
  // believed, because software writes the Western ones whatever the text is.
  std::string_view language_driver_encoding() const { return language_driver_encoding_; }

  // The record's bytes, deletion mark first; nothing when the file does not hold all of it. Valid
  // until the next call.
  std::optional<std::string_view> Record(std::uint64_t number);

  // True when the record is marked as deleted.
  static bool IsDeleted(std::string_view record) { return record.front() == '*'; }
  // The value of `column` in `record` without its padding; nothing when it is blank, which is how
  // dBASE writes null.
  static std::optional<std::string_view> Value(std::string_view record, const DbfColumn& column);

 private:
  explicit DbfTable(std::unique_ptr<ByteFile> file) : file_(std::move(file)) {}
  absl::Status ReadHeader(const std::string& path);
  absl::Status ReadColumns(const std::string& path);

  std::unique_ptr<ByteFile> file_;
  std::vector<DbfColumn> columns_;
  std::uint64_t claimed_records_ = 0;
  std::size_t header_bytes_ = 0;
  std::size_t record_bytes_ = 0;
  std::string language_driver_encoding_;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_DBF_TABLE_H_
