// The program landbook-sample-county, callable from tests.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PROGRAM_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PROGRAM_H_

#include <string>
#include <vector>

namespace landbook::sample_county {

// Runs with the arguments behind the program's name. Says on stdout what was written and on stderr
// what went wrong. The answer is the exit code: 0 all written, 1 not, 2 wrong usage.
int RunProgram(const std::vector<std::string>& arguments);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PROGRAM_H_
