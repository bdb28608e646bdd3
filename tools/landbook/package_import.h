// Imports a whole exchange package of NY/T 2539: its plots, and what its tables say of issuing
// parties, contractors, contracts, the register and certificates (docs/exchange-package.md).
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKAGE_IMPORT_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKAGE_IMPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/landbook/command.h"
#include "tools/landbook/layer_source.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

struct PackageOptions {
  SourceFlags source;        // `layer`, `kind` and the code flags are not looked at
  std::string mapping_path;  // empty for no mapping file
  std::string findings_path;
  bool dry_run = false;
  std::uint32_t workers = 0;
};

// Imports the package, writes the report, and the findings where a file is named. Every row of
// every table is read, and accepted or rejected with a finding. Fails when the import could not be
// finished or its counts do not agree; what was accepted stays, and the same import again goes on.
absl::Status ImportPackage(const Command& command, Session& session, const PackageOptions& options);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKAGE_IMPORT_H_
