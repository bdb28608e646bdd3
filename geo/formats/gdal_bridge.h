// The bridge to GDAL: set-up, error capture and file access. GDAL's own types stay in the .cc files
// of this room; nothing above it sees them, its error handler or its exceptions.
#ifndef LANDBOOK_GEO_FORMATS_GDAL_BRIDGE_H_
#define LANDBOOK_GEO_FORMATS_GDAL_BRIDGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::geo {

// Registers GDAL's drivers, once in a process; later calls cost nothing. Thread-safe.
void RegisterGdalDrivers();

// While it lives, what GDAL says on this thread is kept here instead of being printed. Made and
// destroyed on one thread, in nested order.
class GdalErrors {
 public:
  GdalErrors();
  GdalErrors(const GdalErrors&) = delete;
  GdalErrors& operator=(const GdalErrors&) = delete;
  ~GdalErrors();

  // True when GDAL reported a failure (a warning is none) since the last Clear().
  bool failed() const { return failed_; }
  // All messages since the last Clear(), joined by "; "; empty when there were none.
  const std::string& text() const { return text_; }
  void Clear();

  // Called by GDAL's handler.
  void Add(bool failure, const char* message);

 private:
  std::string text_;
  bool failed_ = false;
};

// A file opened for reading, plain or inside an archive ("/vsizip/…"), through a window that slides
// over it: reading forward costs one system call a window. Not thread-safe.
class ByteFile {
 public:
  // Fails with NOT_FOUND when there is no such file.
  static absl::StatusOr<std::unique_ptr<ByteFile>> Open(const std::string& path);

  ByteFile(const ByteFile&) = delete;
  ByteFile& operator=(const ByteFile&) = delete;
  ~ByteFile();

  std::uint64_t size() const { return size_; }

  // The bytes [offset, offset + length), or fewer where the file ends; valid until the next call.
  // A file that cannot be read there gives an empty view. Allocates no more than the file is long.
  std::string_view Bytes(std::uint64_t offset, std::size_t length);

 private:
  ByteFile(void* handle, std::uint64_t size);

  void* handle_;
  std::uint64_t size_;
  std::uint64_t window_offset_ = 0;
  std::string window_;
};

// True when `path` names a file or a folder; in an archive too.
bool FileExists(const std::string& path);
bool FolderExists(const std::string& path);

// The files under `folder`, all levels, as paths relative to it in byte order. Empty when the
// folder cannot be read.
std::vector<std::string> FilesUnder(const std::string& folder);

// The coordinate reference system of a text (WKT of any kind, "EPSG:4548", a .prj file's content).
struct CrsText {
  std::string wkt;  // WKT 2; empty when the text is no system
  int epsg = 0;     // its EPSG code where the text says it or it can be told for certain, else 0
};
CrsText ReadCrs(const std::string& text);

// The system of an EPSG code as the content of a .prj file (WKT 1 in ESRI's dialect). Fails with
// INVALID_ARGUMENT when the code is not known.
absl::StatusOr<std::string> PrjOfEpsg(int epsg);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_GDAL_BRIDGE_H_
