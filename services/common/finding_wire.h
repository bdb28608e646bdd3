// Findings of geo/ as the proto has them, and back.
#ifndef LANDBOOK_SERVICES_COMMON_FINDING_WIRE_H_
#define LANDBOOK_SERVICES_COMMON_FINDING_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "geo/finding.h"
#include "landbook/v1/common.pb.h"

namespace landbook::common {

// How people know a plot of a finding: geo/ knows it by the caller's identifier only.
struct FindingPlot {
  std::string code;       // empty when it has none yet
  std::int64_t row = -1;  // -1 when it stands in the book, or outside an import
};

// The finding with its sentences in both languages. `other` is left out when the finding is about
// one plot.
struct FindingPlots {
  const FindingPlot& subject;
  const FindingPlot& other;
};
v1::Finding FindingToWire(const geo::Finding& finding, const FindingPlots& plots);
// The same without its sentences, which are most of its bytes, and which AddSentences gives it
// later word for word.
v1::Finding FindingFacts(const geo::Finding& finding, const FindingPlots& plots);
// REQUIRES: what FindingFacts has given.
void AddSentences(v1::Finding* facts);

// The finding that a client's reader made, about the plot `subject`; nullopt when its rule,
// severity or unit is none that geo/ has. Its sentences are made anew, never taken over.
std::optional<geo::Finding> FindingFromWire(const v1::Finding& finding, std::uint64_t subject);

// The rule named "B201"; nullopt when there is none.
std::optional<geo::Rule> RuleNamed(std::string_view name);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_FINDING_WIRE_H_
