// What the checks of a chain of packs share; for policy_check*.cc alone.
//
// A pack is checked list by list. Of a rule it is asked whether it is formed, whether another rule
// of the pack says the same thing at the same time and place, and whether it is looser than a rule
// of a pack above (L-01), which no pack below may be. Two rules meet only where their days and
// their divisions do.
#ifndef LANDBOOK_SERVICES_COMMON_POLICY_CHECK_INTERNAL_H_
#define LANDBOOK_SERVICES_COMMON_POLICY_CHECK_INTERNAL_H_

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/policy.pb.h"
#include "services/common/refusal.h"

namespace landbook::common {

// The accessor of one of a pack's lists.
template <class Item>
using ListOf = const google::protobuf::RepeatedPtrField<Item>& (v1::PolicyPack::*)() const;

// The place of an item in the pack's text: "manner_rules[2]".
inline std::string At(std::string_view list, int index) {
  return fmt::format("{}[{}]", list, index);
}

// True when two lists share a value.
template <class Values>
bool Share(const Values& a, const Values& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

// True when two lists share a value, or one of them is empty and so means every value.
template <class Values>
bool Meet(const Values& a, const Values& b) {
  return a.empty() || b.empty() || Share(a, b);
}

// True when every value of `wanted` is in `values`.
template <class Values>
bool HasAll(const Values& values, const Values& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  });
}

// True when a rule of one pack and a rule of another, or of the same, hold on a common day and in a
// common division. A rule that is silent about either has its pack's.
struct Reach {
  const v1::PolicyPack& pack;
  const v1::RuleSource& source;
};
bool Overlap(const Reach& a, const Reach& b);

// One pack of a chain under the check.
class PackCheck {
 public:
  // `chain` ends with the pack that is checked; what is refused is added to `refusals`.
  PackCheck(std::span<const v1::PolicyPack> chain, RefusalList* refusals)
      : chain_(chain), refusals_(refusals) {}

  const v1::PolicyPack& pack() const { return chain_.back(); }
  // The packs above it, the top one first.
  std::span<const v1::PolicyPack> above() const { return chain_.first(chain_.size() - 1); }

  // --- Telling -----------------------------------------------------------------------------------

  // Refuses; `place` is relative to the pack. The rules of packs themselves are named by `Reason`:
  // L-01 looser than above, L-02 without a source, L-05 against a statute.
  void Refuse(Reason reason, const std::string& place, Sentence sentence, std::string source = {});
  // PACK_LOOSER_THAN_ABOVE: by what the rule is looser, and than which.
  void RefuseLooser(const std::string& place, const Sentence& what, const v1::RuleSource& above);
  // PACK_UNREADABLE: what is written cannot be meant.
  void Unreadable(const std::string& place, std::string english, std::string chinese);

  // --- What every item is asked ------------------------------------------------------------------

  // The rule says where it comes from, and its days are in order.
  void CheckSource(const v1::RuleSource& source, const std::string& place);
  // The same for what holds always and everywhere: it names no days and no divisions.
  void CheckStructural(const v1::RuleSource& source, const std::string& place);

  // Refuses a code that no pack of the chain defines.
  void CheckTier(const std::string& code, const std::string& place);
  void CheckPlotKind(const std::string& code, const std::string& place);
  void CheckRightType(const std::string& code, const std::string& place);
  void CheckRightTypes(const google::protobuf::RepeatedPtrField<std::string>& codes,
                       const std::string& place);
  // True when the text names a law, or by its first word a document of the chain that is a law, a
  // regulation of the State Council or one of a provincial people's congress ("LAL 66(1)").
  bool NamesStatute(std::string_view text) const;
  // Refuses what are no classes of GB/T 21010-2017 by their first digits.
  void CheckLandClasses(const google::protobuf::RepeatedPtrField<std::string>& classes,
                        const std::string& place);

  // --- Rules -------------------------------------------------------------------------------------

  // What a list of rules is asked. `form` looks at one rule by itself. `same` says whether two
  // rules are about the same thing. `looser`, asked of two that are, says by what the second, of a
  // pack below, is looser than the first; nullopt when it is not. A null `looser` allows
  // everything.
  template <class Rule>
  struct RuleList {
    std::string_view name;
    ListOf<Rule> list;
    void (*form)(const Rule& rule, const std::string& place, PackCheck* check);
    bool (*same)(const Rule& a, const Rule& b);
    std::optional<Sentence> (*looser)(const Rule& above, const Rule& rule);
  };
  template <class Rule>
  void CheckRules(const RuleList<Rule>& rules) {
    int index = 0;
    for (const Rule& rule : (pack().*rules.list)()) {
      const std::string place = At(rules.name, index++);
      CheckSource(rule.source(), place);
      rules.form(rule, place, this);
      CheckOnce(rules, rule, place);
      CheckAgainstAbove(rules, rule, place);
    }
  }

  // The rules of the packs above about the same thing, at a common time and place, the top one
  // first.
  template <class Rule>
  std::vector<const Rule*> Above(const RuleList<Rule>& rules, const Rule& rule) const {
    std::vector<const Rule*> found;
    for (const v1::PolicyPack& upper : above()) {
      for (const Rule& other : (upper.*rules.list)()) {
        if (!rules.same(other, rule)) continue;
        if (Overlap({upper, other.source()}, {pack(), rule.source()})) found.push_back(&other);
      }
    }
    return found;
  }

 private:
  template <class Rule>
  void CheckOnce(const RuleList<Rule>& rules, const Rule& rule, const std::string& place) {
    for (const Rule& other : (pack().*rules.list)()) {
      if (&other == &rule) return;
      if (!rules.same(other, rule)) continue;
      if (!Overlap({pack(), other.source()}, {pack(), rule.source()})) continue;
      return Unreadable(place, "another rule of the pack is about the same thing",
                        "本政策包中已有规则针对同一事项");
    }
  }
  template <class Rule>
  void CheckAgainstAbove(const RuleList<Rule>& rules, const Rule& rule, const std::string& place) {
    if (rules.looser == nullptr) return;
    for (const Rule* other : Above(rules, rule)) {
      const auto what = rules.looser(*other, rule);
      if (what) return RefuseLooser(place, *what, other->source());
    }
  }
  template <class Item>
  bool Has(ListOf<Item> list, const std::string& (Item::*code)() const,
           std::string_view wanted) const {
    return std::any_of(chain_.begin(), chain_.end(), [&](const v1::PolicyPack& pack) {
      return std::any_of((pack.*list)().begin(), (pack.*list)().end(),
                         [&](const Item& item) { return (item.*code)() == wanted; });
    });
  }
  void CheckKnown(bool known, const std::string& code, const std::string& place);

  std::span<const v1::PolicyPack> chain_;
  RefusalList* refusals_;
};

// The lists, by what they are about: what land is (policy_check_land.cc), what may be done with it
// (policy_check_rights.cc), who decides and consents (policy_check_consent.cc), how a case goes
// (policy_check_cases.cc).
void CheckLandLists(PackCheck* check);
void CheckRightLists(PackCheck* check);
void CheckConsentLists(PackCheck* check);
void CheckCaseLists(PackCheck* check);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_POLICY_CHECK_INTERNAL_H_
