// Whole small files of text: what a verb is given to read.
#ifndef LANDBOOK_TOOLS_LANDBOOK_TEXT_FILE_H_
#define LANDBOOK_TOOLS_LANDBOOK_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace landbook::tools {

// The bytes of the file at `path`, or of the standard input for "-". Fails with NOT_FOUND when it
// cannot be opened and with INVALID_ARGUMENT when it has more than 64 MiB, which no commit has.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_TEXT_FILE_H_
