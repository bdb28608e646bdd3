// Writes a book as an exchange package of NY/T 2539 (docs/exchange-package.md).
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_EXPORT_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_EXPORT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/landbook/command.h"
#include "tools/landbook/package_writer.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

struct PackageExportOptions {
  PackageFileOptions files;
  std::string as_of;  // a recorded time or an entry's number; empty for the newest entry
};

// Writes the package and says how many rows each table has. Text that does not fit its column or
// its encoding goes to the side table LANDBOOK_TEXT, which is said on stderr; nothing is cut short.
absl::Status ExportPackage(const Command& command, Session& session,
                           const PackageExportOptions& options);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_EXPORT_H_
