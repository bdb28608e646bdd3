// What a rule of docs/boundary-rules.md is called, and what to do about its findings, in both
// languages: what the report tells a person beside the numbers.
#ifndef LANDBOOK_TOOLS_LANDBOOK_RULE_ADVICE_H_
#define LANDBOOK_TOOLS_LANDBOOK_RULE_ADVICE_H_

#include <string_view>

namespace landbook::tools {

struct RuleAdvice {
  std::string_view rule;  // "B201"
  std::string_view name_zh;
  std::string_view name_en;
  std::string_view advice_zh;
  std::string_view advice_en;
  // Of two findings of the rule, whether the smaller amount is the worse one.
  bool smaller_is_worse = false;
};

// The advice on `rule`; for a rule that is not in the table, one that sends to the finding itself.
const RuleAdvice& AdviceOn(std::string_view rule);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_RULE_ADVICE_H_
