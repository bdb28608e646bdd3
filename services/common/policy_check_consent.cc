// Checks of what a pack says of those who decide, consent or stand in the way: cautions, consents,
// resolutions.
#include <fmt/format.h>

#include "services/common/policy_check_internal.h"

namespace landbook::common {
namespace {

// --- The caution table. From passes to refused each effect is stricter than the one before.

void FormOfCaution(const v1::CautionRule& rule, const std::string& place, PackCheck* check) {
  if (!rule.acts().empty()) return;
  check->Unreadable(place + ".acts", "no kind of act came; name those that the rule is about",
                    "未列出登记行为；请写明规则所针对的行为");
}

bool SameCell(const v1::CautionRule& a, const v1::CautionRule& b) {
  return a.cause() == b.cause() && Share(a.acts(), b.acts());
}

std::optional<Sentence> LooserCaution(const v1::CautionRule& above, const v1::CautionRule& rule) {
  if (rule.effect() >= above.effect()) return {};
  return Sentence{"the caution has less effect on an act", "限制对登记行为的效力较弱"};
}

constexpr PackCheck::RuleList<v1::CautionRule> kCautions = {
    "caution_rules", &v1::PolicyPack::caution_rules, FormOfCaution, SameCell, LooserCaution};

// --- Consents: the rules of a chain add up, of the same party the strictest holds.

void FormOfConsent(const v1::ConsentRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
  if (!rule.acts().empty()) return;
  check->Unreadable(place + ".acts", "no kind of act came; name those that the rule is about",
                    "未列出登记行为；请写明规则所针对的行为");
}

bool SameConsent(const v1::ConsentRule& a, const v1::ConsentRule& b) {
  return a.right_type() == b.right_type() && a.party() == b.party() && Share(a.acts(), b.acts()) &&
         Meet(a.causes(), b.causes());
}

std::optional<Sentence> LooserConsent(const v1::ConsentRule& above, const v1::ConsentRule& rule) {
  if (rule.form() < above.form()) {
    return Sentence{"it asks the same party for less", "对同一主体的要求较低"};
  }
  if (rule.warns() && !above.warns()) {
    return Sentence{"it only warns where that refuses", "将不予办理改为提示"};
  }
  return {};
}

constexpr PackCheck::RuleList<v1::ConsentRule> kConsents = {
    "consent_rules", &v1::PolicyPack::consent_rules, FormOfConsent, SameConsent, LooserConsent};

// --- Resolutions. What a figure leaves at 0 it does not speak of.

struct Ratio {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 0;
};

bool IsLess(const Ratio& a, const Ratio& b) {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

void CheckRatio(const Ratio& ratio, const std::string& place, PackCheck* check) {
  if (ratio.denominator > 0 && ratio.numerator <= ratio.denominator) return;
  check->Unreadable(place, "a share of at most the whole is wanted", "须为不超过全体的比例");
}

Ratio FavourOf(const v1::ResolutionRule& rule) {
  return {rule.favour_numerator(), rule.favour_denominator()};
}

Ratio PresentOf(const v1::ResolutionRule& rule) {
  return {rule.present_numerator(), rule.present_denominator()};
}

void CheckBody(const v1::ResolutionRule& rule, const std::string& place, PackCheck* check);

void FormOfResolution(const v1::ResolutionRule& rule, const std::string& place, PackCheck* check) {
  CheckRatio(FavourOf(rule), place + ".favour_denominator", check);
  const bool asks_presence = rule.present_numerator() > 0 || rule.present_denominator() > 0;
  if (asks_presence) CheckRatio(PresentOf(rule), place + ".present_denominator", check);
  CheckBody(rule, place, check);
}

bool SameResolution(const v1::ResolutionRule& a, const v1::ResolutionRule& b) {
  return a.matter() == b.matter() && a.body() == b.body();
}

std::optional<Sentence> LooserResolution(const v1::ResolutionRule& above,
                                         const v1::ResolutionRule& rule) {
  const bool of_fewer =
      above.favour_of() == v1::MAJORITY_OF_ENTITLED && rule.favour_of() != v1::MAJORITY_OF_ENTITLED;
  if (of_fewer || IsLess(FavourOf(rule), FavourOf(above))) {
    return Sentence{"it asks for a smaller majority", "要求的多数较低"};
  }
  const bool asks_presence = rule.present_denominator() > 0 && above.present_denominator() > 0;
  if (asks_presence && IsLess(PresentOf(rule), PresentOf(above))) {
    return Sentence{"it asks for fewer to be present", "要求的到会比例较低"};
  }
  const auto shorter = [](std::uint32_t days, std::uint32_t than) {
    return days > 0 && days < than;
  };
  if (shorter(rule.convened_days_before(), above.convened_days_before()) ||
      shorter(rule.plan_display_days(), above.plan_display_days()) ||
      shorter(rule.result_display_days(), above.result_display_days())) {
    return Sentence{"it shortens a notice or a display", "缩短了通知或者公示的期限"};
  }
  return {};
}

constexpr PackCheck::RuleList<v1::ResolutionRule> kResolutions = {
    "resolution_rules", &v1::PolicyPack::resolution_rules, FormOfResolution, SameResolution,
    LooserResolution};

// Where a pack above says which bodies decide a matter, no other may be named for it.
void CheckBody(const v1::ResolutionRule& rule, const std::string& place, PackCheck* check) {
  bool decided = false;
  for (const v1::PolicyPack& upper : check->above()) {
    for (const v1::ResolutionRule& other : upper.resolution_rules()) {
      if (other.matter() != rule.matter()) continue;
      if (other.body() == rule.body()) return;
      decided = true;
    }
  }
  if (!decided) return;
  check->Refuse(
      Reason::PACK_LOOSER_THAN_ABOVE, place + ".body",
      {"a pack above leaves the matter to other bodies", "上级政策包将该事项交由其他机构决定"});
}

}  // namespace

void CheckConsentLists(PackCheck* check) {
  check->CheckRules(kCautions);
  check->CheckRules(kConsents);
  check->CheckRules(kResolutions);
}

}  // namespace landbook::common
