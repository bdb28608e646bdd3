// Policy packs in force: a chain of packs, from the law of the land down to a county's, read,
// checked and merged into one view.
//
// A pack is protobuf text (landbook.v1.PolicyPack). The structure that packs define (tiers, plot
// kinds, right types, tolerances, numbering) holds always and everywhere; the rules about cautions,
// mortgages and withdrawals may hold for stated days and divisions, a rule's own or else its
// pack's, outside of which the higher pack governs. A lower pack may be stricter than a higher one;
// what law forbids it may permit only by naming the law that does (CC 399(2)).
#ifndef LANDBOOK_SERVICES_COMMON_POLICY_H_
#define LANDBOOK_SERVICES_COMMON_POLICY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/tolerances.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/clock.h"
#include "services/common/refusal.h"

namespace landbook::common {

// The texts of the chain that ends with the pack `code`, the top one first, from the files
// *.textproto of `directory`. PACK_UNKNOWN when a pack is not there, PACK_UNREADABLE when a file
// cannot be read, PACK_CHAIN_BROKEN when two packs have one code or parents go round in a circle.
// `code` is only compared, never made part of a path.
Outcome<std::vector<std::string>> PackChainFromDirectory(const std::string& directory,
                                                         std::string_view code);

// The merged view. A value: cheap to copy, never changing, usable from any thread.
class Policy {
 public:
  // The view of a chain, the top pack first. All that is wrong is told, in the order of the packs:
  // PACK_UNREADABLE (no protobuf text, an unknown field, a code used twice or not defined, a value
  // out of bounds, and what the door says), PACK_CHAIN_BROKEN, PACK_RULE_WITHOUT_SOURCE (L-02),
  // PACK_LOOSER_THAN_ABOVE (L-01), PACK_AGAINST_STATUTE (L-05). Paths begin with the pack's code
  // ("sample.mortgage_rules[0]").
  static Outcome<Policy> FromTexts(std::span<const std::string> chain);
  // The view of a chain that a book adopted. Rules of packs (L-01, L-02, L-05) may have become
  // stricter since, and are not asked again: a book stays under the packs it has adopted.
  static Outcome<Policy> FromAdopted(std::span<const std::string> chain);

  // Of the lowest pack.
  const std::string& code() const;
  std::uint32_t version() const;
  // True when any pack of the chain is a sample.
  bool sample() const;
  const TimeZone& time_zone() const;
  // The texts that the view was made from.
  const std::vector<std::string>& chain() const;
  // The packs that they hold, the lowest first; for services/law, which merges their rules.
  std::shared_ptr<const std::vector<v1::PolicyPack>> packs() const;

  // Each is null when no pack names it. Pointers live as long as any copy of this view.
  const v1::Tier* TierNamed(std::string_view code) const;
  const v1::PlotKind* PlotKindNamed(std::string_view code) const;
  const v1::RightType* RightTypeNamed(std::string_view code) const;
  // All of them, in the order of the packs.
  std::vector<const v1::Tier*> Tiers() const;
  std::vector<const v1::PlotKind*> PlotKinds() const;

  // How certificates are numbered; null when no pack says, and then none is issued.
  const v1::CertificateNumbering* certificate_numbering() const;
  // Why the county does not keep the control layer ("basic-farmland"); null when it has to be
  // there.
  const v1::LayerNotKept* LayerNotKeptNamed(std::string_view layer) const;

  // The office's own ways onto the plane, the lowest pack's first.
  std::vector<const v1::PlaneTransformation*> PlaneTransformationsTo(std::uint32_t epsg) const;

  // Which plots count as of that use ("construction", "commerce"); null when no pack says.
  const v1::UseRule* UseRuleNamed(std::string_view use) const;
  // What a zone of a control layer allows or bars; null when no pack says.
  const v1::ZoneRule* ZoneRuleFor(std::string_view layer, std::string_view zone) const;

  // The tolerances for plots of `kind`: the packs', with B109 an error where the kind has one part.
  // REQUIRES: PlotKindNamed(kind) is not null.
  geo::Tolerances TolerancesFor(std::string_view kind) const;
  // Every key with its value, by key, as findings and entries of the journal keep them.
  std::vector<std::pair<std::string, std::int64_t>> ToleranceValues() const;

 private:
  struct View;
  static Outcome<Policy> Make(std::span<const std::string> chain, bool adopted);
  explicit Policy(std::shared_ptr<const View> view) : view_(std::move(view)) {}

  std::shared_ptr<const View> view_;
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_POLICY_H_
