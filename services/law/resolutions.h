// Resolutions (决议): whether one carried, and whether an act rests on one that is about its
// matter.
#ifndef LANDBOOK_SERVICES_LAW_RESOLUTIONS_H_
#define LANDBOOK_SERVICES_LAW_RESOLUTIONS_H_

#include <cstdint>
#include <vector>

#include "landbook/v1/plot.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "services/law/question.h"

namespace landbook::law {

// Why an act's evidence names no resolution that it can rest on.
enum class ResolutionFound : std::uint8_t {
  // One of the land's collective, about the matter, that stands, of a day not after today.
  kGood,
  // None about the matter.
  kNone,
  // One about the matter, but of another collective, revoked, or of a day to come (D-12).
  kNotOfTheLand,
};

// Looks at the resolutions that the act names, for any of these matters. `collective` is true for
// the collectives that may decide.
struct ResolutionAsked {
  std::vector<v1::ResolutionMatter> matters;
  // The plot whose collective decides; null when `collective` says which.
  const v1::Plot* plot = nullptr;
  std::uint64_t collective = 0;
};
ResolutionFound FindResolution(const Question& question, const ResolutionAsked& asked);

// Refuses by RESOLUTION_MISSING at "evidence" when the act names no such resolution; one that is of
// another collective or no longer stands is told as rule D-12. True when a good one is there.
bool RequireResolution(const Question& question, const ResolutionAsked& asked, const Sentence& what,
                       Answer* answer);

// Compares two ratios exactly: counted / whole >= numerator / denominator.
struct Ratio {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 0;
};
bool IsAtLeast(std::uint32_t counted, std::uint32_t whole, const Ratio& ratio);

// True when the words of the acting body say that a village committee or group acts, which it does
// where no collective organisation exists. Source: RCEO 64.
bool HasNoOrganisation(const v1::Party& collective);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_RESOLUTIONS_H_
