#include "services/law/question.h"

#include <utility>

#include "fmt/format.h"

namespace landbook::law {

void Answer::Refuse(Reason reason, std::string_view field, Sentence sentence, std::string source) {
  told_.push_back(
      {act_, common::Refuse(reason, std::string(field), std::move(sentence), std::move(source))});
}

void Answer::RefuseBy(std::string_view rule, Reason reason, std::string_view field,
                      Sentence sentence, std::string source) {
  Refuse(reason, field, std::move(sentence), std::move(source));
  told_.back().refusal.set_rule(std::string(rule));
}

void Answer::RefuseUntil(CivilDate first_day, Reason reason, std::string_view field,
                         Sentence sentence) {
  Refuse(reason, field, std::move(sentence));
  told_.back().refusal.set_cured_by_time(true);
  told_.back().refusal.set_not_before(common::FormatCivilDate(first_day));
}

void Answer::Unset(const v1::OpenMatter& matter, std::string_view field) {
  Refuse(Reason::PACK_VALUE_UNSET, field,
         {fmt::format("The county has not set {}. Once a pack that sets it is adopted, ask again.",
                      matter.decide_en()),
          fmt::format("本县尚未确定：{}。确定并采用相应政策包后再行申请。", matter.decide_zh())},
         matter.source().document());
  told_.back().refusal.set_rule("L-03");
  told_.back().refusal.set_county_decides(matter.decide_zh());
}

void Answer::Note(std::string note) { notes_.push_back(std::move(note)); }

}  // namespace landbook::law
