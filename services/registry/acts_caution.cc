// Cautions (限制登记): placed on a unit or one of its rights, lifted by a document. Seizures queue:
// a further one is taken and waits for those before it, so nothing here looks at what stands.
#include <optional>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// What a caution is on: a unit, and one of its rights or 0.
struct Target {
  std::uint64_t unit = 0;
  std::uint64_t right = 0;
};

std::optional<Target> TakeRightTarget(const v1::PlaceCaution& act, ActContext* context) {
  const auto right = context->Load<v1::Right>(act.right(), "right");
  if (!right || !CheckStands(right->record.state(), "right", {"right", "权利"}, context)) {
    return std::nullopt;
  }
  if (!act.has_unit()) return Target{right->record.unit(), right->number};
  const auto unit = context->Load<v1::Unit>(act.unit(), "unit");
  if (!unit) return std::nullopt;
  if (unit->number == right->record.unit()) return Target{unit->number, right->number};
  context->Refuse(
      Reason::CAUTION_TARGETS_DIFFER, "right",
      {fmt::format("Right {} is not of unit {}. Name a right of the unit, or leave the "
                   "unit out.",
                   right->number, unit->record.code()),
       fmt::format("第 {} 号权利不属于单元 {}。请改正其一。", right->number, unit->record.code())});
  return std::nullopt;
}

std::optional<Target> TakeTarget(const v1::PlaceCaution& act, ActContext* context) {
  if (act.has_right()) return TakeRightTarget(act, context);
  if (!act.has_unit()) {
    context->Refuse(Reason::CAUTION_TARGET_REQUIRED, "unit",
                    {"The caution names neither a unit nor a right. Name one.",
                     "未指明限制所针对的单元或权利，请填写其一。"});
    return std::nullopt;
  }
  const auto unit = context->Load<v1::Unit>(act.unit(), "unit");
  if (!unit || !TakeLand(unit->number, "unit", context)) return std::nullopt;
  return Target{unit->number, 0};
}

void CheckDate(const std::string& text, std::string_view field, ActContext* context) {
  if (common::ParseCivilDate(text)) return;
  context->Refuse(Reason::DATE_MALFORMED, field,
                  {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", text),
                   fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", text)});
}

void CheckDates(const v1::PlaceCaution& act, ActContext* context) {
  CheckDate(act.effective_date(), "effective_date", context);
  if (act.expiry_date().empty()) return;
  CheckDate(act.expiry_date(), "expiry_date", context);
  if (act.effective_date() <= act.expiry_date()) return;
  context->Refuse(
      Reason::CAUTION_DATES_BACKWARD, "expiry_date",
      {fmt::format("The caution ends on {}, before it begins on {}.", act.expiry_date(),
                   act.effective_date()),
       fmt::format("限制的终止日 {} 早于起始日 {}。", act.expiry_date(), act.effective_date())});
}

// What only an advance notice says.
void CheckAdvanceNotice(const v1::PlaceCaution& act, ActContext* context) {
  CheckOrder({act.effective_date(), act.registrable_date()}, "registrable_date", context);
  if (act.cause() == v1::CAUTION_CAUSE_ADVANCE_NOTICE) return;
  if (act.advance_notice_kind() != v1::ADVANCE_NOTICE_KIND_UNSPECIFIED) {
    RefuseOutOfPlace("advance_notice_kind", context);
  }
  if (!act.registrable_date().empty()) RefuseOutOfPlace("registrable_date", context);
}

// The parties that the caution protects, each once.
void TakeBeneficiaries(const v1::PlaceCaution& act, v1::Caution* caution, ActContext* context) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.beneficiaries_size(); ++i) {
    const std::string field = fmt::format("beneficiaries[{}]", i);
    const auto party = context->Load<v1::Party>(act.beneficiaries(i), field);
    if (party && CheckOnce(party->number, &seen, field, context)) {
      caution->add_beneficiaries(party->number);
    }
  }
}

// An accepted case places its cautions itself, and they end with it.
void RefuseOfCase(std::string_view field, ActContext* context) {
  context->Refuse(Reason::CAUTION_OF_ANOTHER_CAUSE, field,
                  {"A caution of an accepted case comes with the case and ends with it. It is "
                   "neither placed nor lifted by itself.",
                   "受理限制随案件产生、随案件终止，不得单独设立或解除。"});
}

void CheckCause(v1::CautionCause cause, ActContext* context) {
  if (cause == v1::CAUTION_CAUSE_ACCEPTED_CASE) return RefuseOfCase("cause", context);
  if (cause != v1::CAUTION_CAUSE_UNSPECIFIED && v1::CautionCause_IsValid(cause)) return;
  context->Refuse(
      Reason::FIELD_UNSPECIFIED, "cause",
      {"The cause of the caution is not said. State it.", "未写明限制事由，请填写 cause。"});
}

}  // namespace

void Decide(const v1::PlaceCaution& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto target = TakeTarget(act, context);
  CheckCause(act.cause(), context);
  CheckDates(act, context);
  CheckAdvanceNotice(act, context);
  v1::Caution caution;
  TakeBeneficiaries(act, &caution, context);
  if (!MayPut(before, context)) return;
  caution.set_unit(target->unit);
  caution.set_right(target->right);
  caution.set_cause(act.cause());
  caution.set_organ(act.organ());
  caution.set_document_number(act.document_number());
  caution.set_effective_date(act.effective_date());
  caution.set_expiry_date(act.expiry_date());
  caution.set_advance_notice_kind(act.advance_notice_kind());
  caution.set_registrable_date(act.registrable_date());
  caution.set_state(v1::RECORD_STATE_LIVE);
  context->Create(caution);
}

void Decide(const v1::LiftCaution& act, ActContext* context) {
  auto caution = context->LoadToChange<v1::Caution>(act.caution(), act.etag(), "caution");
  if (!caution || !CheckStands(caution->record.state(), "caution", {"caution", "限制"}, context)) {
    return;
  }
  if (caution->record.case_number() != 0) return RefuseOfCase("caution", context);
  if (act.document_number().empty()) {
    return context->Refuse(
        Reason::DOCUMENT_NUMBER_REQUIRED, "document_number",
        {"A caution is lifted by a document. State its number.", "解除限制须有文书，请填写文号。"},
        source::kRegistration);
  }
  caution->record.set_state(v1::RECORD_STATE_ENDED);
  caution->record.set_ended_cause("lifted");
  context->record().set_ground(act.ground());
  context->record().mutable_terms()->set_document_number(act.document_number());
  context->Put(caution->number, caution->record);
}

}  // namespace landbook::registry
