// landbook-sample-county: writes a sample county. See README.md for its flags.
#include "tools/sample_county/program.h"

int main(int argc, char** argv) {
  return landbook::sample_county::RunProgram({argv + 1, argv + argc});
}
