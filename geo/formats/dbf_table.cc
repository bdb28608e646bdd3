#include "geo/formats/dbf_table.h"

#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/formats/byte_order.h"

namespace landbook::geo {
namespace {

constexpr std::size_t kHeaderStartBytes = 32;
constexpr std::size_t kColumnBytes = 32;
constexpr char kColumnsEnd = '\r';

// The most records that a header may claim beyond those the file holds: more is noise, not a cut.
constexpr std::uint64_t kRecordsMissingMax = 1'000'000;

// The code pages that language drivers stand for (dBASE and FoxPro tables), East Asian ones only.
std::string EncodingOfLanguageDriver(std::uint8_t driver) {
  switch (driver) {
    case 0x4D:
    case 0x7A:
      return "GBK";
    case 0x4F:
    case 0x78:
      return "BIG5";
    case 0x4E:
    case 0x79:
      return "CP949";
    case 0x13:
    case 0x7B:
      return "CP932";
    default:
      return "";
  }
}

absl::Status NotATable(const std::string& path, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("{} is not a dBASE table: {}; export the layer again, or take the .dbf away to "
                  "read the shapes alone",
                  path, why));
}

bool IsPadding(char c) { return c == ' ' || c == '\0'; }

std::string_view WithoutPadding(std::string_view text, bool both_ends) {
  while (!text.empty() && IsPadding(text.back())) text.remove_suffix(1);
  while (both_ends && !text.empty() && IsPadding(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DbfTable>> DbfTable::Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ByteFile>> file = ByteFile::Open(path);
  if (!file.ok()) return file.status();
  std::unique_ptr<DbfTable> table(new DbfTable(*std::move(file)));
  if (absl::Status status = table->ReadHeader(path); !status.ok()) return status;
  if (absl::Status status = table->ReadColumns(path); !status.ok()) return status;
  return table;
}

absl::Status DbfTable::ReadHeader(const std::string& path) {
  const std::string_view header = file_->Bytes(0, kHeaderStartBytes);
  if (header.size() < kHeaderStartBytes) return NotATable(path, "it is shorter than its header");
  claimed_records_ = LittleEndianAt<std::uint32_t>(header, 4);
  header_bytes_ = LittleEndianAt<std::uint16_t>(header, 8);
  record_bytes_ = LittleEndianAt<std::uint16_t>(header, 10);
  language_driver_encoding_ = EncodingOfLanguageDriver(static_cast<std::uint8_t>(header[29]));
  if (header_bytes_ < kHeaderStartBytes || record_bytes_ == 0) {
    return NotATable(path, "its header states no room for columns or records");
  }
  return absl::OkStatus();
}

absl::Status DbfTable::ReadColumns(const std::string& path) {
  const std::string header(file_->Bytes(0, header_bytes_));
  if (header.size() < header_bytes_) return NotATable(path, "it is shorter than its header");
  std::size_t place = 1;  // behind the deletion mark
  for (std::size_t at = kHeaderStartBytes; at + kColumnBytes <= header.size(); at += kColumnBytes) {
    if (header[at] == kColumnsEnd) break;
    DbfColumn column;
    column.name_bytes = header.substr(at, 11).c_str();
    column.type = header[at + 11];
    column.width = static_cast<std::uint8_t>(header[at + 16]);
    column.decimals = static_cast<std::uint8_t>(header[at + 17]);
    // Text columns wider than 255 bytes (FoxPro, Clipper) keep the high byte where the decimals
    // of a number would be.
    if (column.type == 'C') column.width += 256 * std::exchange(column.decimals, 0);
    column.place = place;
    place += column.width;
    columns_.push_back(std::move(column));
  }
  if (place > record_bytes_) {
    return NotATable(path, fmt::format("its columns need {} bytes a record, its header states {}",
                                       place, record_bytes_));
  }
  if (claimed_records_ > held_records() + kRecordsMissingMax) {
    return NotATable(path, fmt::format("its header states {} records, the file has room for {}",
                                       claimed_records_, held_records()));
  }
  return absl::OkStatus();
}

std::uint64_t DbfTable::held_records() const {
  return file_->size() <= header_bytes_ ? 0 : (file_->size() - header_bytes_) / record_bytes_;
}

std::optional<std::string_view> DbfTable::Record(std::uint64_t number) {
  if (number >= claimed_records_) return std::nullopt;
  const std::string_view record =
      file_->Bytes(header_bytes_ + number * record_bytes_, record_bytes_);
  if (record.size() < record_bytes_) return std::nullopt;
  return record;
}

std::optional<std::string_view> DbfTable::Value(std::string_view record, const DbfColumn& column) {
  const bool text = column.type == 'C';
  const std::string_view value = WithoutPadding(record.substr(column.place, column.width), !text);
  if (value.empty()) return std::nullopt;
  // Numbers that do not fit are written as asterisks, unknown dates as zeros.
  const bool number = column.type == 'N' || column.type == 'F';
  if (number && value.find_first_not_of('*') == value.npos) return std::nullopt;
  if (column.type == 'D' && value.find_first_not_of('0') == value.npos) return std::nullopt;
  if (column.type == 'L' && value == "?") return std::nullopt;
  return value;
}

}  // namespace landbook::geo
