// Integers written as decimal fractions, without binary floating point on the way.
#ifndef LANDBOOK_GEO_DECIMAL_H_
#define LANDBOOK_GEO_DECIMAL_H_

#include <cstdint>
#include <string>

namespace landbook::geo {

// Appends `value` / 10^`decimals` with exactly that many decimals: 12345 with 2 is "123.45", -5
// with 4 is "-0.0005". REQUIRES: 1 <= decimals <= 18.
void AppendDecimal(std::string& out, std::int64_t value, int decimals);

// Steps of the plane as metres with the four decimals that they are: "590826.2575".
std::string FormatMetres(std::int64_t steps);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_DECIMAL_H_
