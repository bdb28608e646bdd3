#include "geo/formats/dbf_writer.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "geo/formats/byte_order.h"

namespace landbook::geo {
namespace {

constexpr std::size_t kHeaderStartBytes = 32;
constexpr std::size_t kColumnBytes = 32;
constexpr std::size_t kNameBytesMax = 10;
constexpr std::size_t kTextWidthMax = 254;
constexpr std::size_t kNumberWidthMax = 24;

// The column's type letter.
char LetterOf(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
    case FieldType::kReal:
      return 'N';
    case FieldType::kDate:
      return 'D';
    default:
      return 'C';
  }
}

bool IsNumber(FieldType type) { return LetterOf(type) == 'N'; }

absl::Status CheckField(const Field& field, const TextEncoder& encoder) {
  const std::optional<std::string> name = encoder.Encode(field.name);
  const std::size_t width_max = IsNumber(field.type) ? kNumberWidthMax : kTextWidthMax;
  if (!name.has_value() || name->empty() || name->size() > kNameBytesMax) {
    return absl::InvalidArgumentError(
        fmt::format("a shapefile's column names have 1 to {} bytes in {}; \"{}\" has not",
                    kNameBytesMax, encoder.name(), field.name));
  }
  if (field.width == 0 || field.width > width_max || field.decimals >= field.width) {
    return absl::InvalidArgumentError(
        fmt::format("column {} is {} wide with {} decimals; 1 to {} and fewer decimals are wanted",
                    field.name, field.width, field.decimals, width_max));
  }
  if (field.type == FieldType::kDate && field.width != 8) {
    return absl::InvalidArgumentError(
        fmt::format("column {} is a date, YYYYMMDD, and 8 wide", field.name));
  }
  return absl::OkStatus();
}

std::string Padded(std::string text, const Field& field) {
  const std::string padding(field.width - text.size(), ' ');
  return IsNumber(field.type) ? padding + text : text + padding;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DbfWriter>> DbfWriter::Create(const std::string& path,
                                                             const std::vector<Field>& fields,
                                                             TextEncoder encoder) {
  // A table needs a column; readers refuse one without.
  std::vector<Field> columns = fields;
  if (columns.empty()) columns.push_back({"FID", FieldType::kInteger, 11, 0});
  absl::StatusOr<std::unique_ptr<PartFile>> file = PartFile::Create(path);
  if (!file.ok()) return file.status();
  std::unique_ptr<DbfWriter> writer(
      new DbfWriter(*std::move(file), std::move(columns), std::move(encoder)));
  if (absl::Status status = writer->CheckFields(); !status.ok()) return status;
  writer->file_->Append(writer->Header());
  return writer;
}

absl::Status DbfWriter::CheckFields() const {
  std::size_t record_bytes = 1;
  for (const Field& field : fields_) {
    if (absl::Status status = CheckField(field, encoder_); !status.ok()) return status;
    record_bytes += field.width;
  }
  if (record_bytes > 65'535 || kHeaderStartBytes + kColumnBytes * fields_.size() + 1 > 65'535) {
    return absl::InvalidArgumentError("a shapefile's columns take at most 65,535 bytes a record");
  }
  return absl::OkStatus();
}

std::string DbfWriter::Header() const {
  std::size_t record_bytes = 1;
  for (const Field& field : fields_) record_bytes += field.width;
  std::string header;
  // The date of change: a fixed day, so that the same layer gives the same bytes.
  header.append({'\x03', '\x7B', '\x01', '\x01'});
  AppendLittleEndian(header, records_);
  AppendLittleEndian(
      header, static_cast<std::uint16_t>(kHeaderStartBytes + kColumnBytes * fields_.size() + 1));
  AppendLittleEndian(header, static_cast<std::uint16_t>(record_bytes));
  header.append(17, '\0');
  header += encoder_.name() == "GBK" ? '\x4D' : '\0';  // the language driver
  header.append(2, '\0');
  for (const Field& field : fields_) {
    std::string name = encoder_.Encode(field.name).value_or("");
    name.resize(11, '\0');
    header += name;
    header += LetterOf(field.type);
    header.append(4, '\0');
    header += static_cast<char>(field.width);
    header += static_cast<char>(field.decimals);
    header.append(14, '\0');
  }
  header += '\r';
  return header;
}

absl::StatusOr<std::string> DbfWriter::Text(const Value& value, const Field& field) const {
  std::string text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    text = fmt::format("{}", *whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    text = fmt::format("{:.{}f}", *real, field.decimals);
  } else if (const auto* words = std::get_if<std::string>(&value)) {
    std::optional<std::string> encoded = encoder_.Encode(*words);
    if (!encoded.has_value()) {
      return absl::InvalidArgumentError(fmt::format(
          "the value \"{}\" of column {} has a character that {} lacks; write the layer "
          "in UTF-8 or GB18030",
          *words, field.name, encoder_.name()));
    }
    text = *std::move(encoded);
  } else if (const auto* raw = std::get_if<RawText>(&value)) {
    text = raw->bytes;
  }
  if (text.size() > field.width) {
    return absl::InvalidArgumentError(
        fmt::format("a value of column {} takes {} bytes, the column "
                    "holds {}",
                    field.name, text.size(), field.width));
  }
  if (IsNumber(field.type) && text.find_first_not_of("+-.0123456789eE") != std::string::npos) {
    return absl::InvalidArgumentError(
        fmt::format("column {} holds numbers; \"{}\" is none", field.name, text));
  }
  return Padded(std::move(text), field);
}

absl::StatusOr<std::string> DbfWriter::Record(std::span<const Value> values) const {
  const bool without_columns = values.empty() && fields_.size() == 1;
  if (values.size() != fields_.size() && !without_columns) {
    return absl::InvalidArgumentError(
        fmt::format("a row of {} values for {} columns", values.size(), fields_.size()));
  }
  const Value row_number = static_cast<std::int64_t>(records_);
  std::string record = " ";
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    absl::StatusOr<std::string> text = Text(without_columns ? row_number : values[i], fields_[i]);
    if (!text.ok()) return text.status();
    record += *text;
  }
  return record;
}

void DbfWriter::Append(const std::string& record) {
  file_->Append(record);
  ++records_;
}

absl::Status DbfWriter::Finish() {
  file_->Append("\x1A");
  return file_->Finish(Header());
}

}  // namespace landbook::geo
