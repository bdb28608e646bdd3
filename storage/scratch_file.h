// A file for bytes that need not outlive the process: it has no name, only its owner can open it,
// and its room is given back when the object goes or the process ends, however it ends.
#ifndef LANDBOOK_STORAGE_SCRATCH_FILE_H_
#define LANDBOOK_STORAGE_SCRATCH_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::storage {

// One thread appends; once nothing is appended any more, any number read.
class ScratchFile {
 public:
  // Makes one on the disk of `directory`, which must exist. UNAVAILABLE, with the directory and the
  // reason, when it cannot be made.
  static absl::StatusOr<ScratchFile> Make(const std::string& directory);
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile& operator=(ScratchFile&& other) noexcept;
  ~ScratchFile();

  // Adds bytes at the end. UNAVAILABLE when the disk does not take them; the file then is as
  // before.
  absl::Status Append(std::string_view bytes);
  // Makes `out` the `size` bytes from `offset` on. UNAVAILABLE when the disk does not give them.
  // REQUIRES: they were appended.
  absl::Status Read(std::uint64_t offset, std::size_t size, std::string* out) const;
  std::uint64_t size() const { return size_; }

 private:
  ScratchFile(int descriptor, std::string directory)
      : descriptor_(descriptor), directory_(std::move(directory)) {}
  absl::Status Failure(std::string_view what) const;

  int descriptor_ = -1;
  std::string directory_;
  std::uint64_t size_ = 0;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SCRATCH_FILE_H_
