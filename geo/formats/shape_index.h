// Which bytes of a .shp file are which record.
#ifndef LANDBOOK_GEO_FORMATS_SHAPE_INDEX_H_
#define LANDBOOK_GEO_FORMATS_SHAPE_INDEX_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "geo/formats/gdal_bridge.h"

namespace landbook::geo {

// A record found, in order. `content` is valid until the next call.
struct ShapeFound {
  std::string_view content;  // what follows the record's header; may be shorter than claimed
  bool complete = true;      // false when the file ends inside it, or its place makes no sense
  std::string message;       // a sentence when not complete
};

// Walks the records of a .shp file in the order of its .shx, or, where the .shx is missing or
// contradicts the .shp, in the order in which they lie. The .shx is believed when it is as long as
// its header says and either accounts for every byte of the .shp or agrees in number with the
// attribute table: a layer edited in place leaves old shapes in the .shp that only the .shx tells
// from the living. Not thread-safe.
class ShapeIndex {
 public:
  // Fails with NOT_FOUND without the .shp, and with INVALID_ARGUMENT when it is not a shapefile.
  // `shx_path` may name no file. `table_records`: what the attribute table claims, if there is one.
  static absl::StatusOr<std::unique_ptr<ShapeIndex>> Open(
      const std::string& shp_path, const std::string& shx_path,
      std::optional<std::uint64_t> table_records);

  std::uint32_t shape_type() const { return shape_type_; }
  // The records that the .shx claims; nothing without one.
  std::optional<std::uint64_t> shx_records() const { return shx_records_; }
  // True when the .shx gives the order.
  bool uses_shx() const { return uses_shx_; }
  // True when the .shp is shorter than its own header says.
  bool truncated() const { return truncated_; }
  // What was odd about the two files, in sentences, or empty.
  const std::string& note() const { return note_; }

  // The next record, or nothing behind the last one that can be found. A record that is cut off is
  // given as not complete. Without a .shx, where a record's length leads to bytes that are no
  // record (writers exist that leave the measures out of it), the next record is looked for by its
  // number; when that is not found either, what is left of the file is one record that is not
  // complete.
  std::optional<ShapeFound> Next();

 private:
  ShapeIndex(std::unique_ptr<ByteFile> shp, std::unique_ptr<ByteFile> shx)
      : shp_(std::move(shp)), shx_(std::move(shx)) {}
  absl::Status ReadHeader(const std::string& path);
  void JudgeShx(std::optional<std::uint64_t> table_records);
  void Note(std::string_view sentence);
  std::optional<ShapeFound> NextByShx();
  std::optional<ShapeFound> NextByPlace();
  // True when the record that comes next starts at `offset`, beyond doubt.
  bool StartsAt(std::uint64_t offset);
  // True when there is no reason to doubt that a record starts at `offset`.
  bool IsPlausibleAt(std::uint64_t offset);
  // The place of the next record, at `offset` or behind it; `offset` itself when none is found.
  std::uint64_t PlaceFrom(std::uint64_t offset);
  ShapeFound At(std::uint64_t offset, std::uint64_t length);

  std::unique_ptr<ByteFile> shp_;
  std::unique_ptr<ByteFile> shx_;
  std::uint32_t shape_type_ = 0;
  std::optional<std::uint64_t> shx_records_;
  bool uses_shx_ = false;
  bool truncated_ = false;
  std::string note_;
  std::uint64_t next_record_ = 0;
  std::uint64_t next_offset_ = 0;
  std::uint64_t end_with_measures_ = 0;  // of the record before, were its length to count them
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_SHAPE_INDEX_H_
