#include "tools/landbook/whole_file.h"

#include "geo/formats/part_file.h"

namespace landbook::tools {

absl::Status WriteWholeFile(const std::string& path, std::string_view bytes) {
  auto file = geo::PartFile::Create(path);
  if (!file.ok()) return file.status();
  (*file)->Append(bytes);
  const absl::Status written = (*file)->Finish("");
  return written.ok() ? (*file)->Publish() : written;
}

}  // namespace landbook::tools
