// What is done to a right against its holder's will (收回、调整、纠正), and what becomes of a plot
// in which no use right stands (退出地块处置). Grounds, approvals and permitted dispositions are
// law.
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "services/law/facts.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// The word of a measure in the journal, and why the right that it ends has ended; empty for a
// measure that leaves the right.
struct MeasureWords {
  std::string_view word;
  std::string_view ended_cause;
};

MeasureWords WordsOf(v1::TakingMeasure measure) {
  switch (measure) {
    case v1::TAKING_MEASURE_CORRECT:
      return {"correct", ""};
    case v1::TAKING_MEASURE_ADJUST:
      return {"adjust", "adjusted"};
    case v1::TAKING_MEASURE_TAKE_BACK:
      return {"take-back", "taken back"};
    case v1::TAKING_MEASURE_RUN_TOGETHER:
      return {"run-together", ""};
    default:
      return {};
  }
}

void CheckMoney(std::int64_t fen, ActContext* context) {
  if (fen >= 0) return;
  context->Refuse(Reason::MONEY_NEGATIVE, "compensation_fen",
                  {fmt::format("{} fen came; an amount is zero or more.", fen),
                   fmt::format("收到 {} 分，金额不得为负。", fen)});
}

// The right that takes the place of one that is adjusted: standing, another, and of its type.
void CheckReplacement(const v1::TakeBackRight& act, const StandingRight& standing,
                      ActContext* context) {
  if (act.measure() != v1::TAKING_MEASURE_ADJUST) {
    if (act.has_replaced_by()) RefuseOutOfPlace("replaced_by", context);
    return;
  }
  const auto other = context->Load<v1::Right>(act.replaced_by(), "replaced_by");
  if (!other || !CheckStands(other->record.state(), "replaced_by", {"right", "权利"}, context)) {
    return;
  }
  if (other->number != standing.right.number && other->record.type() == standing.type->code())
    return;
  context->Refuse(
      Reason::RIGHT_OF_ANOTHER_TYPE, "replaced_by",
      {fmt::format("Right {} cannot take the place of right {}: it has to be another right of type "
                   "{}.",
                   other->number, standing.right.number, standing.type->code()),
       fmt::format("第 {} 号权利不能替代第 {} 号权利，须为另一项同类权利（{}）。", other->number,
                   standing.right.number, standing.type->title_zh())});
}

// What would be left on nothing has to be gone first.
void CheckNothingRestsOn(const StandingRight& standing, ActContext* context) {
  CheckNoDerivedRights(standing.right.number, context);
  CheckNoMortgages(standing.right.number, context);
}

// Land that was contracted or lived on is asked by W-06 and W-09.
bool IsAskedByLaw(const v1::RightType& type) {
  return law::IsContractRight(type) || law::IsHomestead(type);
}

void CheckNoUseRights(const Loaded<v1::Plot>& plot, ActContext* context) {
  for (const std::uint64_t unit : context->Linked(Table::kUnitsOfPlot, plot.number)) {
    for (const auto& right : StandingRightsOf(unit, *context)) {
      const auto* type = context->policy().RightTypeNamed(right.record.type());
      if (type != nullptr && (law::IsOwnership(*type) || IsAskedByLaw(*type))) continue;
      return context->Refuse(
          Reason::PLOT_HAS_RIGHTS, "plot",
          {fmt::format(
               "Right {} still stands in plot {}. What becomes of a plot is decided once no "
               "use right stands in it.",
               right.number, plot.record.code()),
           fmt::format("宗地 {} 上仍有第 {} 号权利，使用权终止后方可登记处置。", plot.record.code(),
                       right.number)});
    }
  }
}

}  // namespace

void Decide(const v1::TakeBackRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto standing = TakeRight(act.right(), act.etag(), "right", context);
  if (!standing) return;
  CheckMoney(act.compensation_fen(), context);
  CheckReplacement(act, *standing, context);
  v1::ActTerms& terms = *context->record().mutable_terms();
  if (act.has_approved_by()) {
    const auto organ =
        TakePartyOf({v1::Party::kAuthority}, act.approved_by(), "approved_by", context);
    if (organ) terms.set_approved_by(organ->number);
  }
  const MeasureWords words = WordsOf(act.measure());
  if (!words.ended_cause.empty()) CheckNothingRestsOn(*standing, context);
  if (!MayPut(before, context)) return;
  terms.set_measure(std::string(words.word));
  terms.set_compensation_fen(act.compensation_fen());
  terms.set_compensation_settled(act.compensation_settled());
  context->record().set_ground(act.ground());
  if (words.ended_cause.empty()) return;
  standing->right.record.set_state(v1::RECORD_STATE_ENDED);
  standing->right.record.set_ended_cause(std::string(words.ended_cause));
  context->Put(standing->right.number, standing->right.record);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, words.ended_cause, context);
}

void Decide(const v1::DisposePlot& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto plot = context->LoadToChange<v1::Plot>(act.plot(), act.etag(), "plot");
  if (!plot || !CheckStands(plot->record.state(), "plot", {"plot", "宗地"}, context)) return;
  CheckNoUseRights(*plot, context);
  if (plot->record.disposition() == act.disposition()) RefuseNothingChanges(context);
  if (!MayPut(before, context)) return;
  plot->record.set_disposition(act.disposition());
  plot->record.set_disposition_date(context->day());
  context->record().mutable_terms()->set_disposition_document(act.document_number());
  context->Put(plot->number, plot->record);
}

}  // namespace landbook::registry
