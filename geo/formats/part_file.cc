#include "geo/formats/part_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "fmt/format.h"

namespace landbook::geo {
namespace {

std::string PartPath(const std::string& path) { return path + ".part"; }

}  // namespace

absl::StatusOr<std::unique_ptr<PartFile>> PartFile::Create(const std::string& path) {
  std::FILE* file = std::fopen(PartPath(path).c_str(), "wb");
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, fmt::format("the file {} cannot be made", PartPath(path)));
  }
  return std::unique_ptr<PartFile>(new PartFile(path, file));
}

PartFile::PartFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {
  constexpr std::size_t kBufferBytes = 1 << 20;
  std::setvbuf(file_, nullptr, _IOFBF, kBufferBytes);
}

PartFile::~PartFile() {
  if (file_ != nullptr) std::fclose(file_);
  if (!published_) std::remove(PartPath(path_).c_str());
}

absl::Status PartFile::Failed(std::string_view what) const {
  return absl::ErrnoToStatus(errno == 0 ? EIO : errno,
                             fmt::format("the file {} cannot be {}", path_, what));
}

void PartFile::Append(std::string_view bytes) {
  size_ += bytes.size();
  failed_ = std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size() || failed_;
}

absl::Status PartFile::Finish(std::string_view start) {
  errno = 0;
  const bool written = !failed_ && std::fseek(file_, 0, SEEK_SET) == 0 &&
                       std::fwrite(start.data(), 1, start.size(), file_) == start.size() &&
                       std::fflush(file_) == 0 && fsync(fileno(file_)) == 0;
  if (!written) return Failed("written");
  std::FILE* file = std::exchange(file_, nullptr);
  return std::fclose(file) == 0 ? absl::OkStatus() : Failed("written");
}

absl::Status PartFile::Publish() {
  errno = 0;
  if (std::rename(PartPath(path_).c_str(), path_.c_str()) != 0) return Failed("put in place");
  published_ = true;
  return absl::OkStatus();
}

}  // namespace landbook::geo
