// Writes an attribute table (dBASE III) record by record.
#ifndef LANDBOOK_GEO_FORMATS_DBF_WRITER_H_
#define LANDBOOK_GEO_FORMATS_DBF_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/formats/layer_writer.h"
#include "geo/formats/part_file.h"
#include "geo/formats/text_decoder.h"

namespace landbook::geo {

// The columns are those of WriterOptions, with the limits stated there. Not thread-safe.
class DbfWriter {
 public:
  // Fails with INVALID_ARGUMENT when a column cannot be made, saying which and why.
  static absl::StatusOr<std::unique_ptr<DbfWriter>> Create(const std::string& path,
                                                           const std::vector<Field>& fields,
                                                           TextEncoder encoder);

  // The record of `values`, checked and ready to append. Fails with INVALID_ARGUMENT for a value
  // that its column does not hold, and appends nothing.
  absl::StatusOr<std::string> Record(std::span<const Value> values) const;
  void Append(const std::string& record);

  absl::Status Finish();
  absl::Status Publish() { return file_->Publish(); }

 private:
  DbfWriter(std::unique_ptr<PartFile> file, std::vector<Field> fields, TextEncoder encoder)
      : file_(std::move(file)), fields_(std::move(fields)), encoder_(std::move(encoder)) {}
  absl::Status CheckFields() const;
  std::string Header() const;
  absl::StatusOr<std::string> Text(const Value& value, const Field& field) const;

  std::unique_ptr<PartFile> file_;
  std::vector<Field> fields_;
  TextEncoder encoder_;
  std::uint32_t records_ = 0;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_DBF_WRITER_H_
