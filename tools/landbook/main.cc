#include <unistd.h>

#include <iostream>

#include "tools/landbook/command_line.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return landbook::tools::RunCommandLine({argv + 1, argv + argc},
                                         {std::cout, std::cerr, isatty(STDERR_FILENO) == 1});
}
