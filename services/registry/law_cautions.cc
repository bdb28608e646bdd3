#include "services/registry/law_cautions.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/registry/law_consent.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"

namespace landbook::registry {
namespace {

Sentence SayCause(v1::CautionCause cause) {
  switch (cause) {
    case v1::CAUTION_CAUSE_SEIZURE:
      return {"seizure", "查封"};
    case v1::CAUTION_CAUSE_ADVANCE_NOTICE:
      return {"advance notice", "预告登记"};
    case v1::CAUTION_CAUSE_OBJECTION:
      return {"objection", "异议登记"};
    case v1::CAUTION_CAUSE_DISPUTE:
      return {"dispute", "争议"};
    case v1::CAUTION_CAUSE_ACCEPTED_CASE:
      return {"accepted case", "已受理的登记申请"};
    case v1::CAUTION_CAUSE_EXPROPRIATION:
      return {"expropriation freeze", "征收冻结"};
    default:
      return {"caution", "限制"};
  }
}

bool IsOn(const v1::Caution& caution, const CautionTarget& target) {
  return caution.right() == 0 || std::find(target.rights.begin(), target.rights.end(),
                                           caution.right()) != target.rights.end();
}

// The override of this act that accepts cautions; null when there is none.
const v1::Override* FindOverride(const ActContext& context) {
  for (const v1::Override& accepted : context.commit().overrides()) {
    if (accepted.rule() == kCautionRule && accepted.act() == context.act()) return &accepted;
  }
  return nullptr;
}

// A refusal of one caution: how it ends depends on its effect.
struct CautionRefusal {
  Reason reason;
  Sentence remedy;
};

void RefuseFor(const Loaded<v1::Caution>& caution, const CautionTarget& target,
               const CautionRefusal& refusal, const std::string& source, ActContext* context) {
  const Sentence cause = SayCause(caution.record.cause());
  context->Breach(refusal.reason, target.field,
                  {fmt::format("Caution {} stands in the way: {} by {}, document {}. {}",
                               caution.number, cause.english, caution.record.organ(),
                               caution.record.document_number(), refusal.remedy.english),
                   fmt::format("存在第 {} 号限制：{}，机关或当事人 {}，文号 {}。{}", caution.number,
                               cause.chinese, caution.record.organ(),
                               caution.record.document_number(), refusal.remedy.chinese)},
                  source);
}

void KeepWarning(const Loaded<v1::Caution>& caution, ActContext* context) {
  const Sentence cause = SayCause(caution.record.cause());
  v1::Finding& finding = *context->record().add_findings();
  finding.set_rule(std::string(kCautionRule));
  finding.set_severity(v1::SEVERITY_WARNING);
  finding.set_row(-1);
  finding.set_other_row(-1);
  finding.set_message_en(fmt::format("Entered although caution {} stands: {} by {}.",
                                     caution.number, cause.english, caution.record.organ()));
  finding.set_message_zh(fmt::format("在第 {} 号限制（{}，{}）存续期间登记。", caution.number,
                                     cause.chinese, caution.record.organ()));
}

// What the pack says of one caution and one act; refused, without a source, where it says nothing.
struct CautionDecision {
  v1::CautionEffect effect = v1::CAUTION_EFFECT_REFUSED;
  std::string source;
};

CautionDecision DecisionOf(const v1::Caution& caution, v1::ActKind kind, ActContext* context) {
  const auto unit = context->Find<v1::Unit>(caution.unit());
  const auto plot = unit ? context->Find<v1::Plot>(unit->record.plot()) : std::nullopt;
  const v1::Plot place = plot ? plot->record : v1::Plot();
  const v1::CautionRule* rule = context->policy().CautionRuleFor(
      {.cause = caution.cause(), .act = kind}, ScopeAt(place, *context));
  if (rule == nullptr) return {};
  return {rule->effect(), rule->source().document()};
}

void CheckCaution(const Loaded<v1::Caution>& caution, const CautionTarget& target, v1::ActKind kind,
                  ActContext* context) {
  const CautionDecision decision = DecisionOf(caution.record, kind, context);
  switch (decision.effect) {
    case v1::CAUTION_EFFECT_PASSES:
      return;
    case v1::CAUTION_EFFECT_WARNS:
      if (context->facts().from_import || FindOverride(*context) != nullptr) {
        return KeepWarning(caution, context);
      }
      return RefuseFor(caution, target,
                       {Reason::CAUTION_STANDS,
                        {"An authorised officer may accept it with an override of rule "
                         "CAUTION_STANDS.",
                         "有权人员可以 CAUTION_STANDS 规则的越权说明予以接受。"}},
                       decision.source, context);
    case v1::CAUTION_EFFECT_NEEDS_CONSENT:
      if (ConsentGivenByOrgan(caution.record.organ(), *context)) return;
      return RefuseFor(caution, target,
                       {Reason::CONSENT_MISSING,
                        {"Bring the written consent of whom it protects, as evidence of the act.",
                         "请提交受其保护的当事人的书面同意，并列入本行为的材料。"}},
                       decision.source, context);
    case v1::CAUTION_EFFECT_WAITS:
      return RefuseFor(
          caution, target,
          {Reason::CAUTION_WAITS,
           {"Try again once it is lifted or has run out.", "待其解除或届满后再行申请。"}},
          decision.source, context);
    default:
      return RefuseFor(caution, target,
                       {Reason::CAUTION_STANDS, {"It has to be lifted first.", "须先解除该限制。"}},
                       decision.source, context);
  }
}

}  // namespace

bool IsInForce(const v1::Caution& caution, const std::string& day) {
  if (!Stands(caution)) return false;
  // Civil dates of one form are ordered as their texts.
  if (day < caution.effective_date()) return false;
  return caution.expiry_date().empty() || day <= caution.expiry_date();
}

void CheckCautions(const CautionTarget& target, v1::ActKind kind, ActContext* context) {
  const v1::ActKind asked = context->record().correction() ? v1::ACT_KIND_CORRECT : kind;
  for (const auto& caution : StandingCautions(target.unit, *context)) {
    if (!IsInForce(caution.record, context->day()) || !IsOn(caution.record, target)) continue;
    CheckCaution(caution, target, asked, context);
  }
}

void CheckCautionsBeforeEnd(const EndingRight& ending, v1::ActKind kind, ActContext* context) {
  CheckCautions({ending.unit, {}, "right"}, kind, context);
  for (const auto& caution : StandingCautions(ending.unit, *context)) {
    const std::string& last_day = caution.record.expiry_date();
    if (caution.record.right() != ending.right) continue;
    if (!last_day.empty() && last_day < context->day()) continue;
    RefuseFor(caution, {ending.unit, {}, "right"},
              {Reason::CAUTION_STANDS,
               {"It names this right, and has to be lifted before the right ends.",
                "该限制针对本权利，须先行解除。"}},
              source::kEncumbered, context);
  }
}

}  // namespace landbook::registry
