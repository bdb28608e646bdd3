// Mortgages (抵押权): what may be mortgaged, to whom, and how a mortgage changes and ends.
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/acts_entry.h"
#include "services/registry/law_cautions.h"
#include "services/registry/law_consent.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"
#include "services/registry/law_term.h"

namespace landbook::registry {
namespace {

std::string RightField(int index) { return fmt::format("rights[{}]", index); }

// The source of the prohibition where no pack speaks: statutes name homesteads and ownership.
std::string SourceOfProhibition(const v1::RightType& type, const v1::MortgageRule* rule) {
  if (IsHomestead(type)) return source::kNoHomesteadMortgage;
  if (IsOwnership(type)) return source::kNoOwnershipMortgage;
  return rule == nullptr ? source::kFinancialInstitution : rule->source().document();
}

// The rule that permits a mortgage of this right on the day; otherwise MORTGAGE_NOT_PERMITTED.
const v1::MortgageRule* TakeRule(const StandingRight& standing, std::string_view field,
                                 ActContext* context) {
  const v1::MortgageRule* rule = context->policy().MortgageRuleFor(
      standing.type->code(), ScopeAt(standing.land.plot.record, *context));
  if (rule != nullptr && rule->permitted()) return rule;
  context->Breach(
      Reason::MORTGAGE_NOT_PERMITTED, field,
      {fmt::format("A right of type {} may not be mortgaged under policy pack {} on {}.",
                   standing.type->code(), context->policy().code(), context->day()),
       fmt::format("依政策包 {}，“{}”在 {} 不得抵押。", context->policy().code(),
                   standing.type->title_zh(), context->day())},
      SourceOfProhibition(*standing.type, rule));
  return nullptr;
}

bool IsFinancialInstitution(const v1::Party& party) {
  return party.organisation().organisation_kind() == v1::ORGANISATION_KIND_FINANCIAL_INSTITUTION;
}

void CheckMortgagee(const Loaded<v1::Party>& mortgagee, const v1::MortgageRule& rule,
                    ActContext* context) {
  if (!rule.financial_institution_only() || IsFinancialInstitution(mortgagee.record)) return;
  context->Breach(
      Reason::MORTGAGEE_NOT_FINANCIAL, "mortgagee",
      {fmt::format("Party {} is no financial institution, and a right of type {} can be "
                   "mortgaged to one only.",
                   mortgagee.number, rule.right_type()),
       fmt::format("第 {} 号主体不是金融机构，“{}”只能向金融机构抵押。", mortgagee.number,
                   rule.right_type())},
      source::kFinancialInstitution);
}

void CheckEvidence(const v1::MortgageRule& rule, ActContext* context) {
  constexpr std::size_t kPrefix = std::string_view("EVIDENCE_KIND_").size();
  for (const int kind : rule.evidence()) {
    if (context->HasEvidence(static_cast<v1::EvidenceKind>(kind))) continue;
    const std::string word =
        v1::EvidenceKind_Name(static_cast<v1::EvidenceKind>(kind)).substr(kPrefix);
    context->Breach(
        Reason::MORTGAGE_EVIDENCE_MISSING, "evidence",
        {fmt::format("A mortgage of a right of type {} needs evidence of kind {}. Bring "
                     "it, and name it in the act.",
                     rule.right_type(), word),
         fmt::format("“{}”抵押缺少材料（种类 {}），请提交并在本行为中引用。", rule.right_type(),
                     word)},
        rule.source().document());
  }
}

bool CheckAmount(std::int64_t secured_fen, ActContext* context) {
  if (secured_fen > 0) return true;
  context->Refuse(
      Reason::SECURED_AMOUNT_NOT_POSITIVE, "secured_fen",
      {fmt::format("{} fen came as the secured amount; it has to be more than zero.", secured_fen),
       fmt::format("被担保债权数额为 {} 分，须大于零。", secured_fen)},
      source::kMortgageContract);
  return false;
}

// A mortgagee as a party; an erased person can be none.
std::optional<Loaded<v1::Party>> TakeMortgagee(const v1::Reference& reference,
                                               ActContext* context) {
  auto party = context->Load<v1::Party>(reference, "mortgagee");
  if (!party || !party->record.person().erased()) return party;
  context->Refuse(Reason::PARTY_ERASED, "mortgagee",
                  {fmt::format("The private fields of party {} were erased; it can hold no further "
                               "right.",
                               party->number),
                   fmt::format("第 {} 号主体的个人信息已删除，不能再取得权利。", party->number)});
  return std::nullopt;
}

// The rights mortgaged, each once; refused when one cannot be.
std::vector<StandingRight> TakeRights(const v1::RegisterMortgage& act, ActContext* context) {
  std::vector<StandingRight> rights;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.rights_size(); ++i) {
    const std::string field = RightField(i);
    auto standing = TakeRight(act.rights(i).right(), act.rights(i).etag(), field, context);
    if (!standing) continue;
    if (!seen.insert(standing->right.number).second) {
      context->Refuse(
          Reason::MORTGAGE_RIGHT_TWICE, field,
          {fmt::format("Right {} is named twice. Name each right once.", standing->right.number),
           fmt::format("第 {} 号权利重复出现，每项权利只列一次。", standing->right.number)});
    }
    rights.push_back(*std::move(standing));
  }
  return rights;
}

// Each right may be mortgaged; what its rule asks of mortgagee and evidence is asked once a rule.
void CheckMortgaged(const std::vector<StandingRight>& rights,
                    const std::optional<Loaded<v1::Party>>& mortgagee, ActContext* context) {
  std::set<std::string> asked;
  for (std::size_t i = 0; i < rights.size(); ++i) {
    const std::string field = RightField(static_cast<int>(i));
    CheckNotExpired(rights[i].right.record, field, context);
    CheckCautions({rights[i].land.unit.number, {rights[i].right.number}, field},
                  v1::ACT_KIND_MORTGAGE, context);
    const auto* rule = TakeRule(rights[i], field, context);
    if (rule == nullptr || !asked.insert(rule->right_type()).second) continue;
    if (mortgagee) CheckMortgagee(*mortgagee, *rule, context);
    CheckEvidence(*rule, context);
  }
}

bool CheckKind(v1::MortgageKind kind, ActContext* context) {
  if (kind == v1::MORTGAGE_KIND_GENERAL || kind == v1::MORTGAGE_KIND_MAXIMUM_AMOUNT) return true;
  context->Refuse(Reason::FIELD_UNSPECIFIED, "mortgage_kind",
                  {"How the mortgage secures is not said. State general or maximum amount.",
                   "未写明抵押方式，请填写一般抵押或最高额抵押。"});
  return false;
}

// A standing mortgage that an act changes, with the rights it is over.
struct StandingMortgage {
  Loaded<v1::Mortgage> mortgage;
  std::vector<Loaded<v1::Right>> rights;
};

std::optional<StandingMortgage> TakeMortgage(const v1::Reference& reference,
                                             const std::string& etag, ActContext* context) {
  auto mortgage = context->LoadToChange<v1::Mortgage>(reference, etag, "mortgage");
  if (!mortgage ||
      !CheckStands(mortgage->record.state(), "mortgage", {"mortgage", "抵押权"}, context)) {
    return std::nullopt;
  }
  StandingMortgage standing{*std::move(mortgage), {}};
  for (const std::uint64_t number : standing.mortgage.record.rights()) {
    if (auto right = context->Find<v1::Right>(number)) {
      standing.rights.push_back(*std::move(right));
    }
  }
  return standing;
}

void CheckCautionsOfRights(const StandingMortgage& standing, v1::ActKind kind,
                           ActContext* context) {
  for (const auto& right : standing.rights) {
    CheckCautions({right.record.unit(), {right.number}, "mortgage"}, kind, context);
  }
}

// A larger amount may not harm the mortgagees behind without their written consent.
void CheckLaterMortgagees(const StandingMortgage& standing, ActContext* context) {
  const auto consenting = GiversOf(v1::EVIDENCE_KIND_CONSENT, context);
  std::set<std::uint64_t> told;
  for (const auto& right : standing.rights) {
    for (const auto& later : StandingMortgages(right.number, *context)) {
      if (!RanksBefore(standing.mortgage, later)) continue;
      if (consenting.contains(later.record.mortgagee())) continue;
      if (!told.insert(later.number).second) continue;
      context->Refuse(
          Reason::LATER_MORTGAGEE_CONSENT_MISSING, "secured_fen",
          {fmt::format("The amount grows, and mortgage {} ranks behind. Bring the "
                       "written consent of its mortgagee, party {}.",
                       later.number, later.record.mortgagee()),
           fmt::format("担保数额增加，须提交顺位在后的第 {} 号抵押权人（第 {} 号主体）的书面"
                       "同意。",
                       later.number, later.record.mortgagee())},
          source::kLaterMortgagees);
    }
  }
}

void CheckNewMortgagee(const StandingMortgage& standing, const Loaded<v1::Party>& mortgagee,
                       ActContext* context) {
  for (const auto& right : standing.rights) {
    const auto unit = context->Find<v1::Unit>(right.record.unit());
    const auto plot = unit ? context->Find<v1::Plot>(unit->record.plot()) : std::nullopt;
    if (!plot) continue;
    const v1::MortgageRule* rule =
        context->policy().MortgageRuleFor(right.record.type(), ScopeAt(plot->record, *context));
    if (rule == nullptr || !rule->financial_institution_only()) continue;
    return CheckMortgagee(mortgagee, *rule, context);
  }
}

// The mortgage as the act would have it; what cannot be is refused.
v1::Mortgage Varied(const v1::VaryMortgage& act, const StandingMortgage& standing,
                    ActContext* context) {
  v1::Mortgage mortgage = standing.mortgage.record;
  if (act.has_secured_fen() && CheckAmount(act.secured_fen(), context)) {
    if (act.secured_fen() > mortgage.secured_fen()) CheckLaterMortgagees(standing, context);
    mortgage.set_secured_fen(act.secured_fen());
  }
  if (act.has_debt_term() && TakeTerm(act.debt_term(), "debt_term", context)) {
    *mortgage.mutable_debt_term() = act.debt_term();
  }
  if (act.has_mortgagee()) {
    if (const auto mortgagee = TakeMortgagee(act.mortgagee(), context)) {
      CheckNewMortgagee(standing, *mortgagee, context);
      mortgage.set_mortgagee(mortgagee->number);
    }
  }
  return mortgage;
}

v1::Mortgage MakeMortgage(const v1::RegisterMortgage& act, const Entry& entry,
                          const ActContext& context) {
  v1::Mortgage mortgage;
  mortgage.set_mortgage_kind(act.mortgage_kind());
  mortgage.set_secured_fen(act.secured_fen());
  *mortgage.mutable_debt_term() = act.debt_term();
  mortgage.set_scope(act.scope());
  mortgage.set_transfer_restricted(act.transfer_restricted());
  mortgage.set_registered_date(entry.registered_date);
  mortgage.set_entered_sequence(context.facts().sequence);
  mortgage.set_state(v1::RECORD_STATE_LIVE);
  if (!entry.origin.register_().empty()) *mortgage.mutable_origin() = entry.origin;
  return mortgage;
}

// What a mortgage was carried over in breach of stays with the act, as findings: its record has no
// place for them.
void KeepBreaches(ActContext* context) {
  for (const std::string& breach : context->breaches()) {
    v1::Finding& finding = *context->record().add_findings();
    finding.set_rule(breach.substr(0, breach.find(':')));
    finding.set_severity(v1::SEVERITY_WARNING);
    finding.set_row(-1);
    finding.set_other_row(-1);
    finding.set_message_en(breach);
  }
}

}  // namespace

void EnterMortgage(const v1::RegisterMortgage& act, const Entry& entry, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  if (act.rights().empty()) {
    context->Refuse(
        Reason::MORTGAGE_RIGHTS_REQUIRED, "rights",
        {"The mortgage is over no right. Name at least one.", "未列被抵押的权利，请至少列一项。"},
        source::kMortgageContract);
  }
  CheckKind(act.mortgage_kind(), context);
  CheckAmount(act.secured_fen(), context);
  TakeTerm(act.debt_term(), "debt_term", context);
  const auto mortgagee = TakeMortgagee(act.mortgagee(), context);
  const auto rights = TakeRights(act, context);
  CheckMortgaged(rights, mortgagee, context);
  if (context->refusal_count() != before) return;
  v1::Mortgage mortgage = MakeMortgage(act, entry, *context);
  mortgage.set_mortgagee(mortgagee->number);
  for (const auto& standing : rights) mortgage.add_rights(standing.right.number);
  KeepBreaches(context);
  context->Create(mortgage);
}

void Decide(const v1::RegisterMortgage& act, ActContext* context) {
  EnterMortgage(act, EntryOfToday(*context), context);
}

void Decide(const v1::VaryMortgage& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto standing = TakeMortgage(act.mortgage(), act.etag(), context);
  if (!standing) return;
  const v1::Mortgage varied = Varied(act, *standing, context);
  CheckCautionsOfRights(*standing, v1::ACT_KIND_MORTGAGE, context);
  if (context->refusal_count() != before) return;
  if (varied.SerializeAsString() == standing->mortgage.record.SerializeAsString()) {
    return context->Refuse(
        Reason::NOTHING_CHANGES, "",
        {"The act changes nothing of the mortgage.", "抵押权各项均与登记簿一致，没有变更。"});
  }
  context->Put(standing->mortgage.number, varied);
  EndCertificates(v1::RECORD_KIND_MORTGAGE, standing->mortgage.number, "varied", context);
}

void Decide(const v1::DischargeMortgage& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto standing = TakeMortgage(act.mortgage(), act.etag(), context);
  if (!standing) return;
  CheckCautionsOfRights(*standing, v1::ACT_KIND_DISCHARGE, context);
  if (context->refusal_count() != before) return;
  standing->mortgage.record.set_state(v1::RECORD_STATE_ENDED);
  standing->mortgage.record.set_ended_cause("discharged");
  context->record().set_ground(act.ground());
  context->Put(standing->mortgage.number, standing->mortgage.record);
  EndCertificates(v1::RECORD_KIND_MORTGAGE, standing->mortgage.number, "discharged", context);
}

}  // namespace landbook::registry
