// Cases from acceptance to review (受理、补正、审核、中止、恢复): form, and the records that a step
// leaves. What of it comes when, and by whom, is law (services/law/rules_case.cc).
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/law/case_progress.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/case_application.h"
#include "services/registry/case_steps.h"
#include "services/registry/form.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr int kCaseSerialDigits = 6;

// 业务号: county, date, serial.
std::optional<std::string> NextCaseCode(ActContext* context) {
  std::string date = context->day();
  std::erase(date, '-');
  const std::string before = context->book().code() + date;
  const auto serial = context->NextSerial("case " + before, kCaseSerialDigits);
  if (serial) return fmt::format("{}{:0{}}", before, *serial, kCaseSerialDigits);
  context->Refuse(
      Reason::SERIAL_EXHAUSTED, "",
      {fmt::format("The {} digits of the serials after {} are used up.", kCaseSerialDigits, before),
       fmt::format("“{}”之后的 {} 位顺序号已用尽。", before, kCaseSerialDigits)});
  return std::nullopt;
}

v1::Case NewCase(const v1::Application& application, const ApplicationParties& parties,
                 const ActContext& context) {
  v1::Case made;
  made.set_registration_type(application.registration_type());
  made.set_kind(application.kind());
  made.set_state(v1::CASE_STATE_ACCEPTED);
  made.mutable_applicants()->Add(parties.applicants.begin(), parties.applicants.end());
  made.mutable_units()->Add(parties.units.begin(), parties.units.end());
  made.mutable_rights()->Add(parties.rights.begin(), parties.rights.end());
  made.set_accepted_date(context.day());
  made.set_pack(context.book().pack());
  made.set_accepted_by(context.facts().actor.principal());
  made.set_filing_place(application.filing_place());
  return made;
}

// What an accepted case holds back: the rights of the unit that it names, or the unit as a whole.
std::vector<std::uint64_t> RightsIn(std::uint64_t unit, const ApplicationParties& parties,
                                    const ActContext& context) {
  std::vector<std::uint64_t> held;
  for (const std::uint64_t number : parties.rights) {
    const auto right = context.Find<v1::Right>(number);
    if (right && right->record.unit() == unit) held.push_back(number);
  }
  if (held.empty()) held.push_back(0);
  return held;
}

void PlaceCautions(std::uint64_t number, const ApplicationParties& parties, v1::Case* made,
                   ActContext* context) {
  for (const std::uint64_t unit : parties.units) {
    for (const std::uint64_t right : RightsIn(unit, parties, *context)) {
      v1::Caution caution;
      caution.set_unit(unit);
      caution.set_right(right);
      caution.set_cause(v1::CAUTION_CAUSE_ACCEPTED_CASE);
      caution.set_organ("登记机构");
      caution.set_document_number(made->code());
      caution.set_effective_date(context->day());
      caution.set_case_number(number);
      caution.set_state(v1::RECORD_STATE_LIVE);
      made->add_cautions(context->Create(caution));
    }
  }
}

// The kind says what it registers, where the packs know it; law refuses one that they do not.
void CheckRegistrationType(const v1::Application& application, ActContext* context) {
  v1::Case the_case;
  the_case.set_kind(application.kind());
  the_case.set_code(context->book().code());
  const auto kind = law::KindOfCase(the_case, *context->facts().rules, LawDay(*context));
  if (!kind || kind->registration_type() == application.registration_type()) return;
  RefuseOutOfPlace("application.registration_type", context);
}

}  // namespace

void Decide(const v1::AcceptCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const v1::Application& application = act.application();
  const auto parties = ReadApplication(application, context);
  CheckRegistrationType(application, context);
  const auto code = NextCaseCode(context);
  if (!parties || !code || context->refusal_count() != before) return;
  MayPut(before, context);
  DecideApplication(application, context);
  if (context->refusal_count() != before) return;
  v1::Case made = NewCase(application, *parties, *context);
  made.set_code(*code);
  const std::uint64_t number = context->NextNumber(v1::RECORD_KIND_CASE);
  PlaceCautions(number, *parties, &made, context);
  LANDBOOK_CHECK(context->Create(made) == number);
  context->Put(number, application);
}

void Decide(const v1::RequestSupplement& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  CheckNotEmpty(act.items_size(), "items", context);
  CheckOrder({context->day(), act.due_date()}, "due_date", context);
  if (!the_case || !MayPut(before, context)) return;
  v1::ClockStop& stop = *the_case->record.add_stops();
  stop.set_cause(v1::CLOCK_STOP_CAUSE_SUPPLEMENT);
  stop.set_from_date(context->day());
  stop.set_due_date(act.due_date());
  *stop.mutable_items() = act.items();
  context->Put(the_case->number, the_case->record);
}

namespace {

// Kind, sides and units stay those that were accepted: the cautions are on them.
void CheckSameCase(const v1::Application& application, const ApplicationParties& parties,
                   const v1::Case& accepted, ActContext* context) {
  const auto refuse = [&](std::string_view field) {
    context->Refuse(Reason::CASE_ACTS_DIFFER, field,
                    {"A supplement changes neither the kind of a case nor its units, rights or "
                     "applicants. Retract the case and apply anew.",
                     "补正不得改变业务类型、单元、权利或申请人；需要改变的，请撤回后重新申请。"});
  };
  if (application.kind() != accepted.kind() ||
      application.registration_type() != accepted.registration_type()) {
    refuse("application.kind");
  }
  if (!std::equal(parties.units.begin(), parties.units.end(), accepted.units().begin(),
                  accepted.units().end())) {
    refuse("application.units");
  }
  if (!std::equal(parties.rights.begin(), parties.rights.end(), accepted.rights().begin(),
                  accepted.rights().end())) {
    refuse("application.acts");
  }
  const bool same_sides = std::equal(parties.applicants.begin(), parties.applicants.end(),
                                     accepted.applicants().begin(), accepted.applicants().end(),
                                     [](const v1::Applicant& a, const v1::Applicant& b) {
                                       return a.party() == b.party() && a.side() == b.side();
                                     });
  if (!same_sides) refuse("application.applicants");
}

}  // namespace

void Decide(const v1::SupplementCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  const auto parties = ReadApplication(act.application(), context);
  if (!the_case || !parties) return;
  // Registration adds to a case's rights; that nothing more is brought to it is told by law.
  if (law::IsOpen(the_case->record.state())) {
    CheckSameCase(act.application(), *parties, the_case->record, context);
  }
  if (context->refusal_count() != before) return;
  MayPut(before, context);
  DecideApplication(act.application(), context);
  if (context->refusal_count() != before) return;
  EndStop(v1::CLOCK_STOP_CAUSE_SUPPLEMENT, *context, &the_case->record);
  // An agent may have come in, or gone.
  the_case->record.clear_applicants();
  the_case->record.mutable_applicants()->Add(parties->applicants.begin(),
                                             parties->applicants.end());
  context->Put(the_case->number, the_case->record);
  context->Put(the_case->number, act.application());
}

void Decide(const v1::ReviewCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (!the_case || !MayPut(before, context)) return;
  v1::Case& record = the_case->record;
  v1::ReviewStep& review = *record.add_reviews();
  review.set_step(act.step());
  review.set_reviewer(context->facts().actor.principal());
  review.set_date(context->day());
  review.set_outcome(act.outcome());
  review.set_opinion(act.opinion());
  review.set_site_viewed(act.site_viewed());
  const law::PackRules& rules = *context->facts().rules;
  const common::CivilDate law_day = LawDay(*context);
  // Where a notice is due, the case is reviewed once that is over.
  const bool awaits_notice = law::NoticeOf(record, rules, law_day) && !record.notice().concluded();
  const bool reviewed = law::IsReviewed(record, rules, law_day) && !awaits_notice;
  record.set_state(reviewed ? v1::CASE_STATE_REVIEWED : v1::CASE_STATE_ACCEPTED);
  context->Put(the_case->number, record);
}

void Decide(const v1::SuspendCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (act.cause() != v1::CLOCK_STOP_CAUSE_SUSPENSION &&
      act.cause() != v1::CLOCK_STOP_CAUSE_INQUIRY) {
    RefuseOutOfPlace("cause", context);
  }
  if (!the_case || !MayPut(before, context)) return;
  v1::ClockStop& stop = *the_case->record.add_stops();
  stop.set_cause(act.cause());
  stop.set_from_date(context->day());
  stop.set_document_number(act.document_number());
  stop.add_items(act.ground());
  context->record().set_ground(act.ground());
  context->Put(the_case->number, the_case->record);
}

void Decide(const v1::ResumeCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (!the_case || !MayPut(before, context)) return;
  if (!EndStop(v1::CLOCK_STOP_CAUSE_SUSPENSION, *context, &the_case->record)) {
    EndStop(v1::CLOCK_STOP_CAUSE_INQUIRY, *context, &the_case->record);
  }
  context->record().set_ground(act.ground());
  context->Put(the_case->number, the_case->record);
}

}  // namespace landbook::registry
