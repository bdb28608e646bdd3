// Where policy packs lie.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PACKS_H_
#define LANDBOOK_TOOLS_LANDBOOK_PACKS_H_

#include <string>

namespace landbook::tools {

// The folder of packs of the checkout that this program was built in, else that of an installed
// one, /usr/share/landbook/policy.
std::string DefaultPackDirectory();

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PACKS_H_
