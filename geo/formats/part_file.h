// A file that is written beside its name and takes the name only when it is whole.
#ifndef LANDBOOK_GEO_FORMATS_PART_FILE_H_
#define LANDBOOK_GEO_FORMATS_PART_FILE_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::geo {

// Writes through a buffer to "<path>.part". Destroyed before Publish(), it removes that file.
class PartFile {
 public:
  static absl::StatusOr<std::unique_ptr<PartFile>> Create(const std::string& path);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile();

  // Appends; a failure is kept and told by Finish().
  void Append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  // Writes `bytes` over the start of the file, then everything to disk. Nothing may be appended
  // afterwards.
  absl::Status Finish(std::string_view start);
  // Gives the file its name. REQUIRES: Finish() succeeded.
  absl::Status Publish();

 private:
  PartFile(std::string path, std::FILE* file);
  absl::Status Failed(std::string_view what) const;

  std::string path_;
  std::FILE* file_;
  std::uint64_t size_ = 0;
  bool failed_ = false;
  bool published_ = false;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_PART_FILE_H_
