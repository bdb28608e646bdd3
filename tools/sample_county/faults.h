// Faults planted on purpose: each makes its own finding and no other.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_FAULTS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_FAULTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "geo/boundary.h"
#include "tools/sample_county/plots.h"

namespace landbook::sample_county {

// The rules that can be planted, in their order.
const std::vector<std::string>& PlantableRules();

// Gives the plots of one fault their boundaries, codes, names and stated areas so that they break
// `rule`. They come with their own codes and names, PlotsOfFault(rule) of them; they are placed
// with their lower left corner at `slot`, which has 80 m by 50 m for them alone. `number` counts
// the faults of this rule: where a rule can be broken in two ways, they take turns. The faults are
// written into the plots.
void PlantFault(std::string_view rule, int number, geo::Vertex slot, std::vector<Plot>& plots);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_FAULTS_H_
