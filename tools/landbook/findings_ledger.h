// What a stream of findings adds up to: how many of each rule, which plots they are about, which
// overlaps, and the worst of each rule. Keeps what a report needs and lets the findings go.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_LEDGER_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_LEDGER_H_

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "landbook/v1/common.pb.h"

namespace landbook::tools {

// A plot that a finding is about: a row of the source (`code` is empty then), or, where `row` is
// negative, a plot of the book by its code.
struct ConcernedKey {
  std::int64_t row = -1;
  std::string code;
  friend auto operator<=>(const ConcernedKey&, const ConcernedKey&) = default;
};

// The plot that `finding` is about, and the other one. The latter names nothing for a rule about
// one plot.
ConcernedKey SubjectOf(const v1::Finding& finding);
ConcernedKey OtherOf(const v1::Finding& finding);
// True when there is a plot behind the key.
bool NamesPlot(const ConcernedKey& key);

// What errors and warnings say of one plot, by findings about it or about another and it.
struct ConcernedPlot {
  std::string code;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;  // the gravest
  std::set<std::string> rules;
  std::uint32_t findings = 0;
};

// Two plots that overlap (B201) or are one within the other (B202); each pair once.
struct ConcernedOverlap {
  std::string rule;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  ConcernedKey plot;
  ConcernedKey other;
  std::string plot_code;
  std::string other_code;
};

// What there is of one rule.
struct RuleTally {
  std::uint32_t count = 0;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;  // the gravest
  // The worst findings, the very worst first; of equal ones, and of what two plots say of each
  // other, the first that came.
  std::vector<v1::Finding> worst;
};

class FindingsLedger {
 public:
  // How many of each rule's findings are kept as its worst.
  static constexpr std::size_t kWorstOfRule = 3;

  void Add(const v1::Finding& finding);

  const std::map<ConcernedKey, ConcernedPlot>& plots() const { return plots_; }
  const std::vector<ConcernedOverlap>& overlaps() const { return overlaps_; }
  const std::map<std::string, RuleTally>& rules() const { return rules_; }
  // The plots of all worst findings.
  std::set<ConcernedKey> PlotsOfWorst() const;

 private:
  void Note(const ConcernedKey& key, const std::string& code, const v1::Finding& finding);
  void NoteWorst(const v1::Finding& finding);

  std::map<ConcernedKey, ConcernedPlot> plots_;
  std::vector<ConcernedOverlap> overlaps_;
  std::set<std::pair<ConcernedKey, ConcernedKey>> pairs_;
  std::map<std::string, RuleTally> rules_;
};

// "error", "warning" or "note"; empty for none.
std::string SeverityWord(v1::Severity severity);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_LEDGER_H_
