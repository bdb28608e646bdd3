// The whole program as a function, so that tests can run it.
#ifndef LANDBOOK_TOOLS_LANDBOOK_COMMAND_LINE_H_
#define LANDBOOK_TOOLS_LANDBOOK_COMMAND_LINE_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace landbook::tools {

// Where a run writes. Progress bars are drawn on `err` only when it is a terminal.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

// Runs `landbook ARGUMENTS...` (without the program's name) and gives its exit code: 0 when all
// went well, 1 when it was refused or failed, 2 when it was written wrongly. The server is
// --server, else the environment's LANDBOOK_SERVER, else 127.0.0.1:7600.
int RunCommandLine(const std::vector<std::string>& arguments, const Console& console);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_COMMAND_LINE_H_
