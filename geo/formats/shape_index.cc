#include "geo/formats/shape_index.h"

#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/byte_order.h"
#include "geo/formats/shape_record.h"

namespace landbook::geo {
namespace {

constexpr std::uint32_t kFileCode = 9994;
constexpr std::uint64_t kHeaderBytes = 100;
constexpr std::uint64_t kRecordHeaderBytes = 8;

// The most records that an index may claim beyond those it holds: more is noise, not a cut.
constexpr std::uint64_t kRecordsMissingMax = 1'000'000;

// The length that a header states, in bytes (the format counts 16-bit words).
std::uint64_t StatedBytes(std::string_view header) {
  return std::uint64_t{2} * BigEndian32At(header, 24);
}

// The types of ESRI's paper, table 1.
bool IsShapeType(std::uint32_t type) {
  for (const std::uint32_t known : {0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31}) {
    if (type == known) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ShapeIndex>> ShapeIndex::Open(
    const std::string& shp_path, const std::string& shx_path,
    std::optional<std::uint64_t> table_records) {
  absl::StatusOr<std::unique_ptr<ByteFile>> shp = ByteFile::Open(shp_path);
  if (!shp.ok()) return shp.status();
  absl::StatusOr<std::unique_ptr<ByteFile>> shx = ByteFile::Open(shx_path);
  std::unique_ptr<ShapeIndex> index(
      new ShapeIndex(*std::move(shp), shx.ok() ? *std::move(shx) : nullptr));
  if (absl::Status status = index->ReadHeader(shp_path); !status.ok()) return status;
  index->JudgeShx(table_records);
  index->next_offset_ = kHeaderBytes;
  return index;
}

absl::Status ShapeIndex::ReadHeader(const std::string& path) {
  const std::string_view header = shp_->Bytes(0, kHeaderBytes);
  if (header.size() < kHeaderBytes) {
    return absl::InvalidArgumentError(fmt::format(
        "{} is not a shapefile: it is {} bytes long, the header alone takes {}; deliver "
        "the file again",
        path, header.size(), kHeaderBytes));
  }
  const std::uint32_t code = BigEndian32At(header, 0);
  if (code != kFileCode) {
    return absl::InvalidArgumentError(
        fmt::format("{} is not a shapefile: its file code is {}, {} is wanted; deliver the file "
                    "again, copied as binary",
                    path, code, kFileCode));
  }
  shape_type_ = LittleEndianAt<std::uint32_t>(header, 32);
  const std::uint64_t stated = StatedBytes(header);
  if (stated > shp_->size()) {
    truncated_ = true;
    Note(fmt::format("The .shp is cut off: its header states {} bytes, the file has {}.", stated,
                     shp_->size()));
  }
  return absl::OkStatus();
}

void ShapeIndex::JudgeShx(std::optional<std::uint64_t> table_records) {
  if (shx_ == nullptr) return;
  const std::string_view header = shx_->Bytes(0, kHeaderBytes);
  if (header.size() < kHeaderBytes || BigEndian32At(header, 0) != kFileCode) {
    Note("The .shx is not an index of shapes; the shapes are read in the order of the .shp.");
    return;
  }
  const std::uint64_t stated = StatedBytes(header);
  if (stated > shx_->size() + 8 * kRecordsMissingMax) {
    Note("The .shx states a length that no such file has; it is not looked at.");
    return;
  }
  shx_records_ = stated < kHeaderBytes ? 0 : (stated - kHeaderBytes) / 8;
  if (stated > shx_->size()) {
    truncated_ = true;
    Note(
        fmt::format("The .shx is cut off: its header states {} bytes, the file has {}; the shapes "
                    "are read in the order of the .shp.",
                    stated, shx_->size()));
    return;
  }
  std::uint64_t accounted = kHeaderBytes;
  for (std::uint64_t i = 0; i < *shx_records_; ++i) {
    const std::string_view entry = shx_->Bytes(kHeaderBytes + 8 * i, 8);
    if (entry.size() < 8) return;
    accounted += kRecordHeaderBytes + std::uint64_t{2} * BigEndian32At(entry, 4);
  }
  uses_shx_ = accounted == shp_->size() || truncated_ || table_records == shx_records_;
  if (!uses_shx_) {
    Note(
        fmt::format("The .shx accounts for {} of the .shp's {} bytes and no attribute table "
                    "confirms its {} records; the shapes are read in the order of the .shp.",
                    accounted, shp_->size(), *shx_records_));
  }
}

void ShapeIndex::Note(std::string_view sentence) {
  if (!note_.empty()) note_ += ' ';
  note_ += sentence;
}

std::optional<ShapeFound> ShapeIndex::Next() { return uses_shx_ ? NextByShx() : NextByPlace(); }

ShapeFound ShapeIndex::At(std::uint64_t offset, std::uint64_t length) {
  ShapeFound found;
  found.content = shp_->Bytes(offset + kRecordHeaderBytes, static_cast<std::size_t>(length));
  if (found.content.size() < length) {
    found.complete = false;
    found.message = fmt::format(
        "the .shp breaks off: the record at byte {} claims {} bytes, the file holds {} of them",
        offset, length, found.content.size());
  }
  return found;
}

std::optional<ShapeFound> ShapeIndex::NextByShx() {
  if (next_record_ >= *shx_records_) return std::nullopt;
  const std::string_view entry = shx_->Bytes(kHeaderBytes + 8 * next_record_++, 8);
  const std::uint64_t offset = std::uint64_t{2} * BigEndian32At(entry, 0);
  const std::uint64_t length = std::uint64_t{2} * BigEndian32At(entry, 4);
  return At(offset, length);
}

bool ShapeIndex::StartsAt(std::uint64_t offset) {
  const std::string_view header = shp_->Bytes(offset, kRecordHeaderBytes + 4);
  if (header.size() < kRecordHeaderBytes + 4) return false;
  const std::uint64_t length = std::uint64_t{2} * BigEndian32At(header, 4);
  return BigEndian32At(header, 0) == next_record_ + 1 &&
         IsShapeType(LittleEndianAt<std::uint32_t>(header, 8)) && length >= 4 &&
         offset + kRecordHeaderBytes + length <= shp_->size();
}

bool ShapeIndex::IsPlausibleAt(std::uint64_t offset) {
  const std::string_view header = shp_->Bytes(offset, kRecordHeaderBytes + 4);
  if (header.size() < kRecordHeaderBytes + 4) return true;  // the end of a file that is cut off
  const std::uint64_t length = std::uint64_t{2} * BigEndian32At(header, 4);
  const bool fits = offset + kRecordHeaderBytes + length <= shp_->size();
  return IsShapeType(LittleEndianAt<std::uint32_t>(header, 8)) &&
         (fits || BigEndian32At(header, 0) == next_record_ + 1);
}

std::uint64_t ShapeIndex::PlaceFrom(std::uint64_t offset) {
  if (IsPlausibleAt(offset)) return offset;
  for (std::uint64_t place = offset + 2; place < shp_->size(); place += 2) {
    if (StartsAt(place)) return place;
  }
  return offset;
}

std::optional<ShapeFound> ShapeIndex::NextByPlace() {
  if (next_offset_ >= shp_->size()) return std::nullopt;
  const std::uint64_t offset = PlaceFrom(next_offset_);
  // The measures of the last record are no record.
  if (!IsPlausibleAt(offset) && shp_->size() <= end_with_measures_) return std::nullopt;
  ++next_record_;
  const std::string_view header = shp_->Bytes(offset, kRecordHeaderBytes);
  if (header.size() < kRecordHeaderBytes) {
    next_offset_ = shp_->size();
    ShapeFound found;
    found.complete = false;
    found.message = fmt::format("the .shp breaks off inside the record header at byte {}", offset);
    return found;
  }
  const std::uint64_t length = std::uint64_t{2} * BigEndian32At(header, 4);
  next_offset_ = offset + kRecordHeaderBytes + length;
  ShapeFound found = At(offset, length);
  end_with_measures_ = offset + kRecordHeaderBytes + BytesWithMeasures(found.content);
  return found;
}

}  // namespace landbook::geo
