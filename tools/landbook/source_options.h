// The flags by which import and check are told how to read a source.
#ifndef LANDBOOK_TOOLS_LANDBOOK_SOURCE_OPTIONS_H_
#define LANDBOOK_TOOLS_LANDBOOK_SOURCE_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "tools/landbook/layer_source.h"

namespace landbook::tools {

// Adds PATH, --layer, --layout, --kind, --code-field, --allocate-codes, --source-crs and --encoding
// to `verb`. REQUIRES: `flags` outlives the parsing.
void AddSourceOptions(CLI::App& verb, SourceFlags& flags);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_SOURCE_OPTIONS_H_
