#include "services/registry/act_law.h"

#include <utility>

#include "fmt/format.h"
#include "services/law/rule.h"
#include "services/registry/acts_book_state.h"
#include "services/registry/law_state.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// `the_case` is the one that the commit is a step of, as the acts so far have left it.
law::Question QuestionOf(const LawState& state, const std::optional<v1::Case>& the_case,
                         const ActContext& context) {
  const auto day = common::ParseCivilDate(context.day());
  const auto law_day = common::ParseCivilDate(context.law_day());
  LANDBOOK_CHECK(day.has_value() && law_day.has_value());
  law::Question question;
  question.state = &state;
  question.policy = context.facts().policy;
  question.pack = context.facts().rules;
  question.days = {.law = *law_day, .today = *day};
  question.commit = &context.commit();
  question.actor = &context.facts().actor;
  question.from_import = context.facts().from_import;
  // An act that opens the book leaves it open for those behind it.
  question.book_open = context.book().state() != v1::BOOK_STATE_PREPARING;
  question.by_hand = IsMadeByHand(context.facts()) || context.facts().validate_only;
  question.the_case = the_case ? &*the_case : nullptr;
  question.case_number = context.facts().case_number;
  question.at_acceptance = context.facts().planned != nullptr;
  return question;
}

// The case that the commit is a step of, or the one that accepting the application would make;
// nullopt for neither.
std::optional<v1::Case> CaseOf(const LawState& state, const ActContext& context) {
  auto the_case = law::Find<v1::Case>(state, context.facts().case_number);
  const v1::Application* planned = context.facts().planned;
  if (the_case || planned == nullptr) return the_case;
  the_case.emplace();
  the_case->set_kind(planned->kind());
  return the_case;
}

// Law's fields are relative to their act; so are the paths of a commit.
void Refuse(law::Told told, ActContext* context) {
  told.refusal.set_field(context->PathOf(told.act, told.refusal.field()));
  context->refusals().push_back(std::move(told.refusal));
}

void Take(law::Judgment judgment, ActContext* context) {
  for (law::Told& told : judgment.refusals) Refuse(std::move(told), context);
  // Who asks is told all; an acceptance does not wait for what time alone still has to cure.
  if (context->facts().validate_only) {
    for (law::Told& told : judgment.waiting) Refuse(std::move(told), context);
  }
  for (law::Told& told : judgment.breaches) context->AddBreach(std::move(told.refusal));
  for (const law::Told& told : judgment.overridden) {
    KeepFinding(told.refusal, &context->records()[told.act]);
  }
  for (std::string& note : judgment.notes) context->notes().push_back(std::move(note));
}

// True when the state could be read; the answer of law holds only then.
bool WasRead(const LawState& state, ActContext* context) {
  if (state.status().ok()) return true;
  context->refusals().push_back(common::RefusalFromEngine(state.status()));
  return false;
}

}  // namespace

bool MayPut(std::size_t before, ActContext* context) {
  if (context->refusal_count() != before) return false;
  if (context->form_only()) return true;
  const LawState state(*context);
  const auto the_case = CaseOf(state, *context);
  law::Question question = QuestionOf(state, the_case, *context);
  question.act = &context->commit().acts(static_cast<int>(context->act()));
  question.evidence = context->evidence();
  question.position = context->act();
  law::Judgment judgment = law::Judge(question);
  if (!WasRead(state, context)) return false;
  Take(std::move(judgment), context);
  return context->refusal_count() == before;
}

void AskLawOfWhole(ActContext* context) {
  const LawState state(*context);
  const auto the_case = CaseOf(state, *context);
  law::Judgment judgment = law::JudgeCommit(QuestionOf(state, the_case, *context));
  if (!WasRead(state, context)) return;
  Take(std::move(judgment), context);
}

std::string SayBreach(const v1::Refusal& breach) {
  const std::string rule = breach.rule().empty() ? "" : breach.rule() + ", ";
  return fmt::format("{}: {} [{}{}]", breach.reason(), breach.message_en(), rule, breach.source());
}

void KeepFinding(const v1::Refusal& told, v1::ActRecord* record) {
  v1::Finding& finding = *record->add_findings();
  finding.set_rule(told.rule().empty() ? told.reason() : told.rule());
  finding.set_severity(v1::SEVERITY_WARNING);
  finding.set_row(-1);
  finding.set_other_row(-1);
  finding.set_message_en(told.message_en());
  finding.set_message_zh(told.message_zh());
}

}  // namespace landbook::registry
