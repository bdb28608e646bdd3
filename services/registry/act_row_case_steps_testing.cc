// The steps of a case as rows of a case file: "review A by=Qi", "notice A from=...
// at=village-board".
#include <map>
#include <string>

#include "services/registry/act_row_making_testing.h"

namespace landbook::registry {
namespace {

// A step of the case that the row names.
template <typename Step>
Step StepOf(const Making& making) {
  return Changing(making, &Step::mutable_case_);
}

v1::Act Ask(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_request_supplement();
  step = StepOf<v1::RequestSupplement>(making);
  for (const std::string& item : Parts(making.row.Fact("items"), ',')) step.add_items(item);
  step.set_due_date(making.row.Fact("until"));
  return act;
}

v1::Act Review(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_review_case();
  step = StepOf<v1::ReviewCase>(making);
  step.set_step(static_cast<std::uint32_t>(std::stoul(making.row.Fact("step", "1"))));
  step.set_outcome(
      WordIn<v1::ReviewOutcome>(making.row.Fact("outcome", "passed"), "REVIEW_OUTCOME_"));
  step.set_opinion("经审核，符合登记条件");
  return act;
}

v1::Act Notice(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_begin_notice();
  step = StepOf<v1::BeginNotice>(making);
  step.set_document_number(making.row.Fact("document"));
  step.set_from_date(making.row.Fact("from"));
  for (const std::string& place : Parts(making.row.Fact("at"), ',')) step.add_places(place);
  step.set_text_hash(std::string(making.row.Has("hash") ? 3 : 32, '\x07'));
  return act;
}

v1::Act Conclude(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_conclude_notice();
  step = StepOf<v1::ConcludeNotice>(making);
  const auto count = [&](const char* key) {
    return static_cast<std::uint32_t>(std::stoul(making.row.Fact(key, "0")));
  };
  step.set_objections(count("objections"));
  step.set_objections_founded(count("founded"));
  step.add_answers("异议已核实并答复");
  return act;
}

v1::Act Register(const Making& making) {
  v1::Act act;
  *act.mutable_register_case() = StepOf<v1::RegisterCase>(making);
  act.mutable_register_case()->set_opinion("准予登记");
  return act;
}

v1::Act Refuse(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_refuse_case();
  step = StepOf<v1::RefuseCase>(making);
  if (making.row.Has("ground")) step.add_grounds(making.row.Fact("ground"));
  step.set_document_number(making.row.Fact("document"));
  return act;
}

v1::Act Retract(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_retract_case();
  step = StepOf<v1::RetractCase>(making);
  for (const std::string& party : Parts(making.row.Fact("applicants"), ',')) {
    *step.add_applicants() = Refer(party, making);
  }
  step.set_document_number(making.row.Fact("document"));
  return act;
}

v1::Act Suspend(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_suspend_case();
  step = StepOf<v1::SuspendCase>(making);
  step.set_cause(
      WordIn<v1::ClockStopCause>(making.row.Fact("cause", "suspension"), "CLOCK_STOP_CAUSE_"));
  step.set_ground(making.row.Fact("ground"));
  step.set_document_number(making.row.Fact("document"));
  return act;
}

v1::Act Resume(const Making& making) {
  v1::Act act;
  *act.mutable_resume_case() = StepOf<v1::ResumeCase>(making);
  act.mutable_resume_case()->set_ground(making.row.Fact("ground"));
  return act;
}

v1::Act LapseCase(const Making& making) {
  v1::Act act;
  *act.mutable_lapse_case() = StepOf<v1::LapseCase>(making);
  return act;
}

v1::Act Deliver(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_deliver_certificate();
  step = StepOf<v1::DeliverCertificate>(making);
  *step.mutable_certificate() = Refer(making.row.Fact("paper"), making);
  *step.mutable_taken_by() = Refer(making.row.Fact("to"), making);
  step.set_manner(making.row.Has("post") ? v1::DELIVERY_MANNER_POST : v1::DELIVERY_MANNER_WINDOW);
  step.set_postal_number(making.row.Fact("post"));
  step.set_date(making.row.Fact("date", making.scene.bench.day));
  return act;
}

v1::Act Archive(const Making& making) {
  v1::Act act;
  auto& step = *act.mutable_archive_case();
  step = StepOf<v1::ArchiveCase>(making);
  step.set_file_number(making.row.Fact("file"));
  step.set_pieces(static_cast<std::uint32_t>(std::stoul(making.row.Fact("pieces", "1"))));
  step.set_pages(static_cast<std::uint32_t>(std::stoul(making.row.Fact("pages", "1"))));
  return act;
}

}  // namespace

const std::map<std::string, RowBuilder>& CaseStepBuilders() {
  static const auto& builders =
      *new std::map<std::string, RowBuilder>{{"ask", Ask},           {"review", Review},
                                             {"notice", Notice},     {"conclude", Conclude},
                                             {"register", Register}, {"refuse", Refuse},
                                             {"retract", Retract},   {"suspend", Suspend},
                                             {"resume", Resume},     {"lapse-case", LapseCase},
                                             {"deliver", Deliver},   {"archive", Archive}};
  return builders;
}

}  // namespace landbook::registry
