// The rules of a chain of packs that law asks for, merged: a lower pack is stricter, or uses a
// freedom that a higher one gives. Which way each list merges stands in docs/law-and-cases.md,
// section 6.
//
// Every look-up is of a day and a place: a rule without days or divisions has those of its pack,
// and one that holds elsewhere or at another time is not there.
#ifndef LANDBOOK_SERVICES_LAW_PACK_RULES_H_
#define LANDBOOK_SERVICES_LAW_PACK_RULES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/policy.pb.h"
#include "services/common/civil_date.h"
#include "services/common/policy.h"

namespace landbook::law {

// When and where a rule is asked about. An empty division is nowhere in particular: rules that hold
// only in some divisions do not hold there.
struct RuleScope {
  common::CivilDate day;
  std::string_view division = {};
};

// A value: cheap to copy, never changing, usable from any thread.
class PackRules {
 public:
  // Of packs that were checked when they were loaded, the top one first.
  static PackRules Of(std::vector<v1::PolicyPack> chain);
  // Of the packs of a policy.
  static PackRules OfPolicy(const common::Policy& policy);

  // The lowest pack's rule about the cell; nullopt when none speaks, which means refused.
  std::optional<v1::CautionRule> CautionRuleFor(v1::CautionCause cause, v1::ActKind act,
                                                const RuleScope& scope) const;
  // The lowest pack's rule about the type; nullopt means that it may not be mortgaged, or that it
  // cannot be withdrawn.
  std::optional<v1::MortgageRule> MortgageRuleFor(std::string_view right_type,
                                                  const RuleScope& scope) const;
  std::optional<v1::WithdrawalRule> WithdrawalRuleFor(std::string_view right_type,
                                                      const RuleScope& scope) const;

  // Whose consent, notice or filing an act on a right of that type needs, for that cause or basis
  // as a word. Of each party the strictest form; it warns only when no pack refuses. In the order
  // of the parties' numbers.
  struct ConsentAsked {
    std::string_view right_type;
    v1::ActKind act;
    std::string_view cause;
  };
  std::vector<v1::ConsentRule> ConsentRulesFor(const ConsentAsked& asked,
                                               const RuleScope& scope) const;

  // What a resolution on the matter needs when that body takes it: of all packs the strictest of
  // each figure. nullopt when no pack lets the body decide the matter.
  std::optional<v1::ResolutionRule> ResolutionRuleFor(v1::ResolutionMatter matter,
                                                      v1::ResolutionBody body,
                                                      const RuleScope& scope) const;

  // The longest notice that a pack asks of the kind of case; nullopt when none is due.
  std::optional<v1::NoticeRule> NoticeRuleFor(std::string_view case_kind,
                                              const RuleScope& scope) const;
  // The shortest limit on the matter; a pack's rule that names the kind of case goes before its
  // rule that names none.
  std::optional<v1::DeadlineRule> DeadlineRuleFor(std::string_view matter,
                                                  std::string_view case_kind,
                                                  const RuleScope& scope) const;

  // The lowest pack's rule about the manner, with the shortest term that any pack sets.
  std::optional<v1::MannerRule> MannerRuleFor(std::string_view right_type,
                                              v1::CirculationManner manner,
                                              const RuleScope& scope) const;
  // The caps on homesteads, the smallest of each ground.
  std::vector<v1::AreaCapRule> AreaCapRules(std::string_view right_type,
                                            const RuleScope& scope) const;
  // The rules that name the ground for the type, those with a statute first.
  std::vector<v1::TakingRule> TakingRulesFor(std::string_view ground, std::string_view right_type,
                                             const RuleScope& scope) const;
  // The lowest pack's rule about what may become of a plot.
  std::optional<v1::DispositionRule> DispositionRuleFor(std::string_view right_type,
                                                        v1::PlotDisposition disposition,
                                                        const RuleScope& scope) const;
  // By how many years contracts over land of the class are extended: the narrowest range that packs
  // leave. Land that no rule names, or whose class is not stated, has the range of cropland, which
  // is that of the rules that name no class.
  std::optional<v1::ExtensionRule> ExtensionRuleFor(std::string_view right_type,
                                                    std::string_view land_class,
                                                    const RuleScope& scope) const;
  // The first day from which structures on plots of the kind need a permit; nullopt when no pack
  // asks for one.
  std::optional<v1::BuildingPermitRule> BuildingPermitRuleFor(std::string_view plot_kind,
                                                              const RuleScope& scope) const;
  // The kind of case with the documents and review steps of all packs.
  std::optional<v1::CaseKind> CaseKindNamed(std::string_view code, const RuleScope& scope) const;

  // What the county still has to decide under that key; nullopt when no pack says so.
  std::optional<v1::OpenMatter> OpenMatterFor(std::string_view key, const RuleScope& scope) const;

 private:
  // Lowest first.
  std::shared_ptr<const std::vector<v1::PolicyPack>> packs_;
};

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_PACK_RULES_H_
