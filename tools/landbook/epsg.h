// "EPSG:4548" as people write it.
#ifndef LANDBOOK_TOOLS_LANDBOOK_EPSG_H_
#define LANDBOOK_TOOLS_LANDBOOK_EPSG_H_

#include <string>

#include "absl/status/statusor.h"

namespace landbook::tools {

// The number of "EPSG:4548", in either case, or of "4548" alone. Fails with INVALID_ARGUMENT for
// anything else; whether the system exists is PROJ's to say.
absl::StatusOr<int> ParseEpsg(const std::string& text);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_EPSG_H_
