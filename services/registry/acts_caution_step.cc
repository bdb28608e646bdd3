// What happens to a caution between its placing and its end: it is extended, the step that keeps it
// is shown, or it lapses. How long the law leaves it is law.
#include <optional>
#include <string>

#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

std::optional<Loaded<v1::Caution>> TakeCaution(const v1::Reference& reference,
                                               const std::string& etag, ActContext* context) {
  auto caution = context->LoadToChange<v1::Caution>(reference, etag, "caution");
  if (!caution || !CheckStands(caution->record.state(), "caution", {"caution", "限制"}, context)) {
    return std::nullopt;
  }
  return caution;
}

// The causes that the Civil Code lets lapse without a step (220, 221).
bool AsksForStep(v1::CautionCause cause) {
  return cause == v1::CAUTION_CAUSE_OBJECTION || cause == v1::CAUTION_CAUSE_ADVANCE_NOTICE;
}

void RefuseCause(std::string_view field, ActContext* context) {
  context->Refuse(
      Reason::CAUTION_OF_ANOTHER_CAUSE, field,
      {"A caution of this cause has no such step. Name an objection or an advance notice.",
       "该事由的限制没有此步骤，请指明异议登记或预告登记。"});
}

void RefuseWithoutEnd(ActContext* context) {
  context->Refuse(Reason::CAUTION_WITHOUT_END, "caution",
                  {"The caution has no last day; it stands until it is lifted.",
                   "该限制没有终止日，解除之前一直有效。"});
}

void CheckStep(const v1::RecordCautionStep& act, const v1::Caution& caution, ActContext* context) {
  if (!AsksForStep(caution.cause())) return RefuseCause("caution", context);
  if (act.step_date().empty() && act.registrable_date().empty()) {
    context->Refuse(Reason::FIELD_REQUIRED, "step_date",
                    {"Neither the day of the step nor the day from which registration can be asked "
                     "for is told. State one.",
                     "步骤日期与能够申请登记之日均未填写，请填写其一。"});
  }
  CheckHasCome(act.step_date(), "step_date", context);
  CheckOrder({caution.effective_date(), act.step_date()}, "step_date", context);
  CheckOrder({caution.effective_date(), act.registrable_date()}, "registrable_date", context);
  if (!act.registrable_date().empty() && caution.cause() != v1::CAUTION_CAUSE_ADVANCE_NOTICE) {
    RefuseCause("registrable_date", context);
  }
}

}  // namespace

void Decide(const v1::ExtendCaution& act, ActContext* context) {
  auto caution = TakeCaution(act.caution(), act.etag(), context);
  if (!caution) return;
  v1::Caution& record = caution->record;
  if (record.expiry_date().empty()) return RefuseWithoutEnd(context);
  if (act.expiry_date() == record.expiry_date()) return RefuseNothingChanges(context);
  const std::size_t before = context->refusal_count();
  CheckOrder({record.expiry_date(), act.expiry_date()}, "expiry_date", context);
  if (!MayPut(before, context)) return;
  record.set_expiry_date(act.expiry_date());
  record.set_extensions(record.extensions() + 1);
  context->record().mutable_terms()->set_document_number(act.document_number());
  context->Put(caution->number, record);
}

void Decide(const v1::RecordCautionStep& act, ActContext* context) {
  auto caution = TakeCaution(act.caution(), act.etag(), context);
  if (!caution) return;
  const std::size_t before = context->refusal_count();
  v1::Caution& record = caution->record;
  CheckStep(act, record, context);
  if (!MayPut(before, context)) return;
  const std::string unchanged = record.SerializeAsString();
  if (!act.registrable_date().empty()) record.set_registrable_date(act.registrable_date());
  if (!act.step_date().empty()) {
    record.set_step_date(act.step_date());
    record.set_step_document(act.document_number());
  }
  if (record.SerializeAsString() == unchanged) return RefuseNothingChanges(context);
  context->record().mutable_terms()->set_document_number(act.document_number());
  context->Put(caution->number, record);
}

void Decide(const v1::LapseCaution& act, ActContext* context) {
  auto caution = TakeCaution(act.caution(), act.etag(), context);
  if (!caution) return;
  v1::Caution& record = caution->record;
  if (!AsksForStep(record.cause()) && record.expiry_date().empty()) {
    return RefuseWithoutEnd(context);
  }
  if (!MayPut(context->refusal_count(), context)) return;
  record.set_state(v1::RECORD_STATE_ENDED);
  record.set_ended_cause("lapsed");
  context->Put(caution->number, record);
}

}  // namespace landbook::registry
