// Checks of what a pack says of cases: their kinds, notices and time limits, and what the county
// still has to decide.
#include <fmt/format.h>

#include <set>

#include "landbook/v1/act.pb.h"
#include "services/common/policy_check_internal.h"

namespace landbook::common {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

// --- Kinds of case. Documents and review steps of a chain add up.

// The packs' first kind of that code; null when no pack above has it.
const v1::CaseKind* FirstAbove(const v1::CaseKind& kind, const PackCheck& check) {
  for (const v1::PolicyPack& upper : check.above()) {
    for (const v1::CaseKind& other : upper.case_kinds()) {
      if (other.code() == kind.code()) return &other;
    }
  }
  return nullptr;
}

void CheckActs(const v1::CaseKind& kind, const std::string& place, PackCheck* check) {
  for (const std::string& act : kind.acts()) {
    if (v1::Act::descriptor()->FindFieldByName(act) != nullptr) continue;
    check->Unreadable(place + ".acts", fmt::format("there is no act \"{}\"", act),
                      fmt::format("没有登记行为“{}”", act));
  }
}

// What the first pack of a chain that names the kind has to say, and those below leave to it.
void CheckDefinition(const v1::CaseKind& kind, const std::string& place, PackCheck* check) {
  const v1::CaseKind* above = FirstAbove(kind, *check);
  if (above == nullptr) {
    if (!kind.acts().empty()) return;
    return check->Unreadable(place, "a new kind of case says which acts it may hold",
                             "新的业务类型须写明登记行为");
  }
  if (kind.registration_type() == above->registration_type() && kind.acts().empty() &&
      kind.right_types().empty() && !kind.single_applicant()) {
    return;
  }
  check->Refuse(Reason::PACK_LOOSER_THAN_ABOVE, place,
                {"a pack above defines the kind of case; here it may only add documents and "
                 "review steps",
                 "该业务类型由上级政策包规定，本级只能增加收件材料和审核环节"});
}

void FormOfKind(const v1::CaseKind& kind, const std::string& place, PackCheck* check) {
  check->CheckRightTypes(kind.right_types(), place + ".right_types");
  CheckActs(kind, place, check);
  CheckDefinition(kind, place, check);
}

bool SameKind(const v1::CaseKind& a, const v1::CaseKind& b) { return a.code() == b.code(); }

std::optional<Sentence> LooserKind(const v1::CaseKind& above, const v1::CaseKind& kind) {
  if (kind.review_steps() == 0 || kind.review_steps() >= above.review_steps()) return {};
  return Sentence{"it has fewer review steps", "审核环节较少"};
}

constexpr PackCheck::RuleList<v1::CaseKind> kKinds = {"case_kinds", &v1::PolicyPack::case_kinds,
                                                      FormOfKind, SameKind, LooserKind};

void CheckKindsNamed(const Names& kinds, const std::string& place, PackCheck* check) {
  const auto defines = [](const v1::PolicyPack& pack, const std::string& code) {
    return std::any_of(pack.case_kinds().begin(), pack.case_kinds().end(),
                       [&](const v1::CaseKind& kind) { return kind.code() == code; });
  };
  for (const std::string& code : kinds) {
    const bool known =
        defines(check->pack(), code) ||
        std::any_of(check->above().begin(), check->above().end(),
                    [&](const v1::PolicyPack& upper) { return defines(upper, code); });
    if (known) continue;
    check->Unreadable(place + ".case_kinds",
                      fmt::format("there is no kind of case \"{}\" here or above", code),
                      fmt::format("本级及上级政策包均无业务类型“{}”", code));
  }
}

// --- Public notices.

void FormOfNotice(const v1::NoticeRule& rule, const std::string& place, PackCheck* check) {
  CheckKindsNamed(rule.case_kinds(), place, check);
  if (!rule.case_kinds().empty()) return;
  check->Unreadable(place + ".case_kinds", "no kind of case came; name those that are shown",
                    "未列出业务类型；请写明须公告的类型");
}

bool SameNotice(const v1::NoticeRule& a, const v1::NoticeRule& b) {
  return Share(a.case_kinds(), b.case_kinds());
}

std::optional<Sentence> LooserNotice(const v1::NoticeRule& above, const v1::NoticeRule& rule) {
  if (rule.working_days() < above.working_days()) {
    return Sentence{fmt::format("it shows for {} working days instead of {}", rule.working_days(),
                                above.working_days()),
                    fmt::format("公告期由 {} 个工作日缩短为 {} 个工作日", above.working_days(),
                                rule.working_days())};
  }
  if (rule.stops_clock() && !above.stops_clock()) {
    return Sentence{"it no longer counts the notice's days", "公告期间不再计入办理时限"};
  }
  return {};
}

constexpr PackCheck::RuleList<v1::NoticeRule> kNotices = {
    "notice_rules", &v1::PolicyPack::notice_rules, FormOfNotice, SameNotice, LooserNotice};

// --- Time limits. A rule that names no kind of case is about those that no other of its pack
// names.

// The periods of Civil Code 220 and 221, which a document neither lengthens nor shortens.
bool IsSetByCode(const std::string& matter) {
  return matter == "objection-lawsuit" || matter == "advance-notice";
}

void CheckMatter(const v1::DeadlineRule& rule, const std::string& place, PackCheck* check) {
  static const auto& matters = *new std::set<std::string>{
      "registration", "supplement", "objection-lawsuit", "advance-notice", "archive"};
  if (matters.contains(rule.matter())) return;
  check->Unreadable(
      place + ".matter",
      fmt::format("there is no time limit on \"{}\"; one of {} is wanted", rule.matter(),
                  fmt::join(matters, ", ")),
      fmt::format("没有“{}”的期限；应为 {} 之一", rule.matter(), fmt::join(matters, "、")));
}

void FormOfDeadline(const v1::DeadlineRule& rule, const std::string& place, PackCheck* check);

bool SameDeadline(const v1::DeadlineRule& a, const v1::DeadlineRule& b) {
  if (a.matter() != b.matter()) return false;
  return Share(a.case_kinds(), b.case_kinds()) ||
         (a.case_kinds().empty() && b.case_kinds().empty());
}

// Days of two counts cannot be compared; calendar days are never more than as many working days.
std::optional<Sentence> LooserDeadline(const v1::DeadlineRule& above,
                                       const v1::DeadlineRule& rule) {
  if (rule.days() <= above.days() && (above.working() || !rule.working())) return {};
  return Sentence{fmt::format("its limit of {} days is longer, or counted otherwise, than {}",
                              rule.days(), above.days()),
                  fmt::format("期限 {} 日长于 {} 日，或者计算方式不同", rule.days(), above.days())};
}

constexpr PackCheck::RuleList<v1::DeadlineRule> kDeadlines = {
    "deadline_rules", &v1::PolicyPack::deadline_rules, FormOfDeadline, SameDeadline,
    LooserDeadline};

void CheckPeriodOfCode(const v1::DeadlineRule& rule, const std::string& place, PackCheck* check) {
  if (!IsSetByCode(rule.matter())) return;
  for (const v1::DeadlineRule* other : check->Above(kDeadlines, rule)) {
    if (rule.days() == other->days() && rule.working() == other->working()) continue;
    check->Refuse(Reason::PACK_AGAINST_STATUTE, place,
                  {"the Civil Code sets this period; no pack changes it",
                   "该期间由民法典规定，政策包不得变更"},
                  "CC 220, 221");
  }
}

// A rule about some kinds, where a pack above has only one about all.
void CheckAgainstGeneral(const v1::DeadlineRule& rule, const std::string& place, PackCheck* check) {
  if (rule.case_kinds().empty() || !check->Above(kDeadlines, rule).empty()) return;
  v1::DeadlineRule general = rule;
  general.clear_case_kinds();
  for (const v1::DeadlineRule* other : check->Above(kDeadlines, general)) {
    const auto what = LooserDeadline(*other, rule);
    if (what) return check->RefuseLooser(place, *what, other->source());
  }
}

void FormOfDeadline(const v1::DeadlineRule& rule, const std::string& place, PackCheck* check) {
  CheckMatter(rule, place, check);
  CheckKindsNamed(rule.case_kinds(), place, check);
  CheckPeriodOfCode(rule, place, check);
  CheckAgainstGeneral(rule, place, check);
}

// --- What is still to be decided.

void FormOfOpenMatter(const v1::OpenMatter&, const std::string&, PackCheck*) {}

bool SameMatter(const v1::OpenMatter& a, const v1::OpenMatter& b) { return a.key() == b.key(); }

constexpr PackCheck::RuleList<v1::OpenMatter> kOpenMatters = {
    "open_matters", &v1::PolicyPack::open_matters, FormOfOpenMatter, SameMatter, nullptr};

// No rule of this version asks for a single value by its key.
void CheckParameters(PackCheck* check) {
  for (int i = 0; i < check->pack().parameters_size(); ++i) {
    const v1::ParameterRule& parameter = check->pack().parameters(i);
    check->Unreadable(At("parameters", i) + ".key",
                      fmt::format("there is no parameter \"{}\"", parameter.key()),
                      fmt::format("没有参数“{}”", parameter.key()));
  }
}

}  // namespace

void CheckCaseLists(PackCheck* check) {
  check->CheckRules(kKinds);
  check->CheckRules(kNotices);
  check->CheckRules(kDeadlines);
  check->CheckRules(kOpenMatters);
  CheckParameters(check);
}

}  // namespace landbook::common
