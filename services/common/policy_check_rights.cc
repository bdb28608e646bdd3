// Checks of what a pack lets be done with rights: mortgage, withdrawal, circulation, disposition,
// taking back, extension, and how large a homestead may be.
#include <fmt/format.h>

#include "services/common/policy_check.h"
#include "services/common/policy_check_internal.h"

namespace landbook::common {
namespace {

constexpr std::string_view kHomestead = "homestead";

// --- Mortgages.

// True when the chain's type of that code is one of homesteads, whatever it is called.
bool IsOfHomesteads(const std::string& right_type, const PackCheck& check) {
  const auto is_one = [&](const v1::PolicyPack& pack) {
    return std::any_of(pack.right_types().begin(), pack.right_types().end(),
                       [&](const v1::RightType& type) {
                         const auto& kinds = type.plot_kinds();
                         return type.code() == right_type &&
                                std::find(kinds.begin(), kinds.end(), kHomestead) != kinds.end();
                       });
  };
  return is_one(check.pack()) || std::any_of(check.above().begin(), check.above().end(), is_one);
}

bool IsDefinedAbove(const std::string& right_type, const PackCheck& check) {
  return std::any_of(check.above().begin(), check.above().end(), [&](const v1::PolicyPack& pack) {
    return std::any_of(pack.right_types().begin(), pack.right_types().end(),
                       [&](const v1::RightType& type) { return type.code() == right_type; });
  });
}

bool SameMortgage(const v1::MortgageRule& a, const v1::MortgageRule& b) {
  return a.right_type() == b.right_type();
}

std::optional<Sentence> LooserMortgage(const v1::MortgageRule& above,
                                       const v1::MortgageRule& rule) {
  if (!rule.permitted() || !above.permitted() || NamesLaw(rule.permitting_law())) return {};
  if (above.financial_institution_only() && !rule.financial_institution_only()) {
    return Sentence{"it lets others than financial institutions lend",
                    "允许金融机构以外的主体作为抵押权人"};
  }
  if (above.object() != v1::MORTGAGE_OBJECT_UNSPECIFIED && rule.object() != above.object()) {
    return Sentence{"it lets more be mortgaged", "可抵押的客体较宽"};
  }
  return {};
}

void FormOfMortgage(const v1::MortgageRule& rule, const std::string& place, PackCheck* check);

constexpr PackCheck::RuleList<v1::MortgageRule> kMortgages = {
    "mortgage_rules", &v1::PolicyPack::mortgage_rules, FormOfMortgage, SameMortgage,
    LooserMortgage};

// What no rule above speaks of, of a type that was defined there, is forbidden there.
void FormOfMortgage(const v1::MortgageRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
  if (!rule.permitted() || NamesLaw(rule.permitting_law())) return;
  if (IsOfHomesteads(rule.right_type(), *check)) {
    return check->Refuse(
        Reason::PACK_AGAINST_STATUTE, place,
        {"a homestead may not be mortgaged; permitting_law has to name the law, or the decision of "
         "the Standing Committee of the National People's Congress, that permits it",
         "宅基地使用权不得抵押；permitting_law 须写明准许抵押的法律或全国人大常委会决定"},
        "Civil Code 399(2)");
  }
  const auto above = check->Above(kMortgages, rule);
  const auto forbids = std::find_if(above.begin(), above.end(),
                                    [](const auto* other) { return !other->permitted(); });
  const bool silent = above.empty() && IsDefinedAbove(rule.right_type(), *check);
  if (forbids == above.end() && !silent) return;
  check->Refuse(Reason::PACK_AGAINST_STATUTE, place,
                {"a pack above forbids this mortgage; permitting_law has to name the law that "
                 "permits it",
                 "上级政策包禁止该抵押；permitting_law 须写明准许的法律"},
                silent ? "" : (*forbids)->source().document());
}

// --- Withdrawal. Conditions, kinds of compensation and extents are a freedom of the lower pack.

void FormOfWithdrawal(const v1::WithdrawalRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
}

bool SameWithdrawal(const v1::WithdrawalRule& a, const v1::WithdrawalRule& b) {
  return a.right_type() == b.right_type();
}

std::optional<Sentence> LooserWithdrawal(const v1::WithdrawalRule& above,
                                         const v1::WithdrawalRule& rule) {
  if (rule.notice_months() < above.notice_months()) {
    return Sentence{fmt::format("it asks for {} months' notice instead of {}", rule.notice_months(),
                                above.notice_months()),
                    fmt::format("书面通知期由 {} 个月缩短为 {} 个月", above.notice_months(),
                                rule.notice_months())};
  }
  const bool drops = (above.eligibility_stated() && !rule.eligibility_stated()) ||
                     (above.resolution_required() && !rule.resolution_required());
  if (drops) {
    return Sentence{"it no longer asks for what becomes of eligibility, or for a resolution",
                    "不再要求写明宅基地资格权的处理或者集体决议"};
  }
  return {};
}

constexpr PackCheck::RuleList<v1::WithdrawalRule> kWithdrawals = {
    "withdrawal_rules", &v1::PolicyPack::withdrawal_rules, FormOfWithdrawal, SameWithdrawal,
    LooserWithdrawal};

// --- Circulation.

void FormOfManner(const v1::MannerRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
}

bool SameManner(const v1::MannerRule& a, const v1::MannerRule& b) {
  return a.right_type() == b.right_type() && a.manner() == b.manner();
}

Sentence Permits() { return {"it permits what is forbidden there", "准许其所禁止的事项"}; }

std::optional<Sentence> LooserManner(const v1::MannerRule& above, const v1::MannerRule& rule) {
  if (rule.permitted() && !above.permitted()) return Permits();
  if (above.years_max() == 0 || rule.years_max() <= above.years_max()) return {};
  return Sentence{
      fmt::format("it allows {} years instead of {}", rule.years_max(), above.years_max()),
      fmt::format("最长期限由 {} 年延长为 {} 年", above.years_max(), rule.years_max())};
}

constexpr PackCheck::RuleList<v1::MannerRule> kManners = {
    "manner_rules", &v1::PolicyPack::manner_rules, FormOfManner, SameManner, LooserManner};

// --- Disposition of withdrawn plots.

void FormOfDisposition(const v1::DispositionRule& rule, const std::string& place,
                       PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
}

bool SameDisposition(const v1::DispositionRule& a, const v1::DispositionRule& b) {
  return a.right_type() == b.right_type() && a.disposition() == b.disposition();
}

std::optional<Sentence> LooserDisposition(const v1::DispositionRule& above,
                                          const v1::DispositionRule& rule) {
  if (!rule.permitted()) return {};
  if (!above.permitted()) return Permits();
  const bool no_resolution = above.resolution() != v1::RESOLUTION_MATTER_UNSPECIFIED &&
                             rule.resolution() != above.resolution();
  if (!no_resolution && HasAll(rule.evidence(), above.evidence())) return {};
  return Sentence{"it asks for less evidence, or for no resolution",
                  "要求的材料较少，或者不再要求集体决议"};
}

constexpr PackCheck::RuleList<v1::DispositionRule> kDispositions = {
    "disposition_rules", &v1::PolicyPack::disposition_rules, FormOfDisposition, SameDisposition,
    LooserDisposition};

// --- Area caps on homesteads.

void FormOfAreaCap(const v1::AreaCapRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
  if (rule.persons_max() == 0 || rule.persons_min() <= rule.persons_max()) return;
  check->Unreadable(place + ".persons_min", "the least number of persons is above the most",
                    "最少人数大于最多人数");
}

// A cap for each person and one for the household are two: both hold.
bool SameAreaCap(const v1::AreaCapRule& a, const v1::AreaCapRule& b) {
  return a.right_type() == b.right_type() && a.ground() == b.ground() &&
         a.per_person() == b.per_person();
}

// An area as the door takes it, digits with at most two decimals, in hundredths of a m2.
std::uint64_t Hundredths(const std::string& area_m2) {
  std::uint64_t value = 0;
  int decimals = -1;
  for (const char c : area_m2) {
    if (c == '.') {
      decimals = 0;
    } else {
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
      if (decimals >= 0) ++decimals;
    }
  }
  for (int i = std::max(decimals, 0); i < 2; ++i) value *= 10;
  return value;
}

std::optional<Sentence> LooserAreaCap(const v1::AreaCapRule& above, const v1::AreaCapRule& rule) {
  if (Hundredths(rule.area_max_m2()) <= Hundredths(above.area_max_m2())) return {};
  return Sentence{
      fmt::format("it allows {} m2 instead of {}", rule.area_max_m2(), above.area_max_m2()),
      fmt::format("面积标准由 {} 平方米提高为 {} 平方米", above.area_max_m2(), rule.area_max_m2())};
}

constexpr PackCheck::RuleList<v1::AreaCapRule> kAreaCaps = {
    "area_cap_rules", &v1::PolicyPack::area_cap_rules, FormOfAreaCap, SameAreaCap, LooserAreaCap};

// --- Taking back. A ground that only a document names may be written down; law then refuses the
// act and says what the document lacks.

void FormOfTaking(const v1::TakingRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightTypes(rule.right_types(), place + ".right_types");
  if (rule.statute().empty() || check->NamesStatute(rule.statute())) return;
  check->Refuse(
      Reason::PACK_AGAINST_STATUTE, place + ".statute",
      {fmt::format("\"{}\" is no statute: a ground of taking back is named by a law, or by a "
                   "regulation of the State Council or of a provincial people's congress, that "
                   "`documents` of this pack or of one above describes",
                   rule.statute()),
       fmt::format("“{}”不是法律、行政法规或者地方性法规：收回、调整、纠正的事由须由法律法规规定，"
                   "并在本级或上级政策包的 documents 中列明",
                   rule.statute())},
      "LAL 66; RLCL 28");
}

bool SameTaking(const v1::TakingRule& a, const v1::TakingRule& b) {
  return a.ground() == b.ground() && Share(a.right_types(), b.right_types());
}

std::optional<Sentence> LooserTaking(const v1::TakingRule& above, const v1::TakingRule& rule) {
  const bool drops =
      (above.hearing() && !rule.hearing()) || (above.compensation() && !rule.compensation()) ||
      (above.approval() != v1::CONSENT_PARTY_UNSPECIFIED && rule.approval() < above.approval()) ||
      (above.resolution() != v1::RESOLUTION_MATTER_UNSPECIFIED &&
       rule.resolution() != above.resolution());
  if (!drops) return {};
  return Sentence{"it drops approval, resolution, hearing or compensation",
                  "取消或降低了批准、决议、听证或补偿的要求"};
}

constexpr PackCheck::RuleList<v1::TakingRule> kTakings = {
    "taking_rules", &v1::PolicyPack::taking_rules, FormOfTaking, SameTaking, LooserTaking};

// --- Extension of contracts.

void FormOfExtension(const v1::ExtensionRule& rule, const std::string& place, PackCheck* check) {
  check->CheckRightType(rule.right_type(), place + ".right_type");
  check->CheckLandClasses(rule.land_classes(), place);
  if (rule.years_min() <= rule.years_max()) return;
  check->Unreadable(place + ".years_min", "the least years are more than the most",
                    "最短年限大于最长年限");
}

bool SameExtension(const v1::ExtensionRule& a, const v1::ExtensionRule& b) {
  if (a.right_type() != b.right_type()) return false;
  if (a.land_classes().empty() || b.land_classes().empty()) {
    return a.land_classes().empty() && b.land_classes().empty();
  }
  return std::any_of(a.land_classes().begin(), a.land_classes().end(), [&](const std::string& one) {
    return std::any_of(
        b.land_classes().begin(), b.land_classes().end(),
        [&](const std::string& other) { return one.starts_with(other) || other.starts_with(one); });
  });
}

std::optional<Sentence> LooserExtension(const v1::ExtensionRule& above,
                                        const v1::ExtensionRule& rule) {
  if (rule.years_min() >= above.years_min() && rule.years_max() <= above.years_max()) return {};
  return Sentence{fmt::format("it extends by {} to {} years instead of {} to {}", rule.years_min(),
                              rule.years_max(), above.years_min(), above.years_max()),
                  fmt::format("延包年限由 {}—{} 年变为 {}—{} 年", above.years_min(),
                              above.years_max(), rule.years_min(), rule.years_max())};
}

constexpr PackCheck::RuleList<v1::ExtensionRule> kExtensions = {
    "extension_rules", &v1::PolicyPack::extension_rules, FormOfExtension, SameExtension,
    LooserExtension};

// --- Building permits.

void FormOfPermit(const v1::BuildingPermitRule& rule, const std::string& place, PackCheck* check) {
  for (const std::string& kind : rule.plot_kinds()) {
    check->CheckPlotKind(kind, place + ".plot_kinds");
  }
}

bool SamePermit(const v1::BuildingPermitRule& a, const v1::BuildingPermitRule& b) {
  return Meet(a.plot_kinds(), b.plot_kinds());
}

std::optional<Sentence> LooserPermit(const v1::BuildingPermitRule& above,
                                     const v1::BuildingPermitRule& rule) {
  if (rule.begun_from_date() <= above.begun_from_date()) return {};
  return Sentence{fmt::format("it asks for a permit from {} on instead of {}",
                              rule.begun_from_date(), above.begun_from_date()),
                  fmt::format("规划许可的起算日由 {} 推迟到 {}", above.begun_from_date(),
                              rule.begun_from_date())};
}

constexpr PackCheck::RuleList<v1::BuildingPermitRule> kPermits = {
    "building_permit_rules", &v1::PolicyPack::building_permit_rules, FormOfPermit, SamePermit,
    LooserPermit};

}  // namespace

void CheckRightLists(PackCheck* check) {
  check->CheckRules(kMortgages);
  check->CheckRules(kWithdrawals);
  check->CheckRules(kManners);
  check->CheckRules(kDispositions);
  check->CheckRules(kAreaCaps);
  check->CheckRules(kTakings);
  check->CheckRules(kExtensions);
  check->CheckRules(kPermits);
}

}  // namespace landbook::common
