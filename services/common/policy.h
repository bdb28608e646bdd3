// A policy pack with the packs above it, merged and checked: the law of a county as data.
#ifndef LANDBOOK_SERVICES_COMMON_POLICY_H_
#define LANDBOOK_SERVICES_COMMON_POLICY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/tolerances.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/clock.h"
#include "services/common/refusal.h"

namespace landbook::common {

// What a caution does to an act, and the rule's source.
struct CautionDecision {
  v1::CautionEffect effect = v1::CAUTION_EFFECT_REFUSED;
  std::string source;
};

// The effective view of a chain of packs. A value that no pack of the chain states is absent, and
// what needs it is refused. Immutable: any number of threads may read it.
class Policy {
 public:
  // Reads and checks a chain, the top pack first, each as protobuf text. Refused: text that cannot
  // be read, with unknown fields or rules without source; a chain whose parents do not link up; a
  // rule that a statute stands above (docs/policy-packs.md).
  static Outcome<Policy> FromTexts(std::span<const std::string> chain);

  const std::string& code() const { return code_; }
  std::uint32_t version() const { return version_; }
  bool sample() const { return sample_; }
  const TimeZone& time_zone() const { return *time_zone_; }
  // The texts that it was made from.
  const std::vector<std::string>& texts() const { return texts_; }

  // The rule of that code; null when no pack of the chain has one. The pointer lives with the
  // policy.
  const v1::Tier* FindTier(std::string_view code) const;
  const v1::Tier* FindTier(std::uint32_t number) const;
  const v1::PlotKind* FindPlotKind(std::string_view code) const;
  const v1::RightType* FindRightType(std::string_view code) const;
  const v1::MortgageRule* FindMortgageRule(std::string_view right_type) const;
  const v1::WithdrawalRule* FindWithdrawalRule(std::string_view right_type) const;
  const v1::CertificateNumbering* certificate_numbering() const;
  // True when the chain says that the county does not keep the control layer.
  bool LayerNotKept(std::string_view layer) const;
  std::span<const v1::Tier> tiers() const { return tiers_; }
  std::span<const v1::PlotKind> plot_kinds() const { return plot_kinds_; }

  // What a caution of `cause` does to `act`; refused, without a source, where no rule names the
  // pair.
  CautionDecision EffectOf(v1::CautionCause cause, v1::ActKind act) const;

  // The boundary rules' tolerances for plots of a kind, and the same as they are kept in a verdict.
  geo::Tolerances TolerancesFor(const v1::PlotKind& kind) const;
  std::vector<v1::UsedTolerance> UsedTolerances() const;

 private:
  std::string code_;
  std::uint32_t version_ = 0;
  bool sample_ = false;
  std::optional<TimeZone> time_zone_;  // never empty once made
  std::vector<std::string> texts_;
  std::vector<v1::Tier> tiers_;
  std::vector<v1::PlotKind> plot_kinds_;
  std::vector<v1::RightType> right_types_;
  std::vector<v1::ToleranceRule> tolerances_;
  std::vector<v1::CautionRule> caution_rules_;
  std::vector<v1::MortgageRule> mortgage_rules_;
  std::vector<v1::WithdrawalRule> withdrawal_rules_;
  std::vector<v1::LayerNotKept> layers_not_kept_;
  std::vector<v1::CertificateNumbering> certificate_numbering_;  // none or one
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_POLICY_H_
