// Files that appear whole or not at all.
#ifndef LANDBOOK_TOOLS_LANDBOOK_WHOLE_FILE_H_
#define LANDBOOK_TOOLS_LANDBOOK_WHOLE_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace landbook::tools {

// Writes `bytes` to the file at `path`, replacing one that was there; until all is on disk it lies
// beside it under a name that ends in ".part". Fails with the system's reason.
absl::Status WriteWholeFile(const std::string& path, std::string_view bytes);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_WHOLE_FILE_H_
