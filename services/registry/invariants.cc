#include "services/registry/invariants.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/law/case_progress.h"
#include "services/registry/shares.h"

namespace landbook::registry {
namespace {

template <typename Record>
std::optional<Record> Read(const VersionReader& state, std::uint64_t number) {
  const auto bytes = state.Value(RecordKey(kKindOf<Record>, number));
  Record record;
  if (!bytes || !record.ParseFromString(*bytes)) return std::nullopt;
  return record;
}

bool SharesSumToOne(const v1::Right& right) {
  std::vector<v1::Share> shares;
  for (const auto& holder : right.holders()) shares.push_back(holder.share());
  return SumOfShares(shares) == ShareSum::kOne;
}

std::optional<std::string> FaultOfParent(const VersionReader& state, const v1::Right& right) {
  if (right.parent() == 0) return std::nullopt;
  const auto parent = Read<v1::Right>(state, right.parent());
  if (!parent) return fmt::format("its parent, right {}, is not there", right.parent());
  if (parent->state() != v1::RECORD_STATE_LIVE) return "its parent has ended";
  if (parent->unit() != right.unit()) return "its parent is of another unit";
  if (parent->term().no_end()) return std::nullopt;
  if (right.term().no_end() || right.term().end_date() > parent->term().end_date()) {
    return "it ends after its parent";
  }
  return std::nullopt;
}

// The recorded areas of a split's or a merge's old plots and of its new ones sum to the same.
std::optional<std::string> FaultOfAreas(const v1::ActRecord& record) {
  if (record.act() != "split_plot" && record.act() != "merge_plots") return std::nullopt;
  std::int64_t difference = 0;
  for (const v1::Effect& effect : record.effects()) {
    if (effect.kind() != v1::RECORD_KIND_PLOT) continue;
    v1::Plot plot;
    if (!plot.ParseFromString(effect.record())) return "a plot cannot be read";
    const std::int64_t area = geo::ParseHundredths(plot.recorded_area_m2()).value_or(0);
    difference += plot.state() == v1::RECORD_STATE_LIVE ? area : -area;
  }
  if (difference == 0) return std::nullopt;
  return fmt::format("recorded areas differ by {} hundredths of a m2", difference);
}

// Whether a withdrawal may leave a record of that kind beside the right: its certificates, what a
// fund advanced, what becomes of the plot.
bool GoesWithWithdrawal(v1::RecordKind kind) {
  return kind == v1::RECORD_KIND_CERTIFICATE || kind == v1::RECORD_KIND_FUND_ADVANCE ||
         kind == v1::RECORD_KIND_PLOT;
}

// A withdrawal ends one right and touches no other.
std::optional<std::string> FaultOfWithdrawal(const v1::ActRecord& record) {
  if (record.act() != "withdraw_right") return std::nullopt;
  int rights = 0;
  for (const v1::Effect& effect : record.effects()) {
    if (effect.kind() == v1::RECORD_KIND_RIGHT) {
      ++rights;
    } else if (!GoesWithWithdrawal(effect.kind())) {
      return "a withdrawal changes more than one right";
    }
  }
  return rights == 1 ? std::nullopt : std::optional<std::string>("a withdrawal ends one right");
}

class Checker {
 public:
  explicit Checker(ActContext* context) : context_(context) {}

  void Run() {
    for (const v1::ActRecord& record : context_->records()) {
      Tell(record.act(), FaultOfAreas(record));
      Tell(record.act(), FaultOfWithdrawal(record));
      // A party that has just come holds nothing, and imports bring many.
      if (record.act() == "register_party") continue;
      for (const v1::Effect& effect : record.effects()) Note(effect);
    }
    for (const auto& [number, effect] : plots_) CheckPlot(*effect);
    for (const std::uint64_t number : rights_) CheckRight(number);
    for (const std::uint64_t number : parties_) CheckParty(number);
    for (const std::uint64_t number : advances_) CheckAdvance(number);
    for (const std::uint64_t number : cases_) CheckCase(number);
    for (const std::uint64_t number : cautions_) CheckCaution(number);
  }

 private:
  void Note(const v1::Effect& effect) {
    switch (effect.kind()) {
      case v1::RECORD_KIND_PLOT:
        plots_.insert_or_assign(plots_.end(), effect.number(), &effect);
        break;
      case v1::RECORD_KIND_RIGHT:
        rights_.insert(effect.number());
        break;
      case v1::RECORD_KIND_PARTY:
        parties_.insert(effect.number());
        break;
      case v1::RECORD_KIND_FUND_ADVANCE:
        advances_.insert(effect.number());
        break;
      case v1::RECORD_KIND_CASE:
        cases_.insert(effect.number());
        break;
      case v1::RECORD_KIND_CAUTION:
        cautions_.insert(effect.number());
        break;
      default:
        break;
    }
  }

  void CheckRight(std::uint64_t number) {
    const auto right = Read<v1::Right>(context_->state(), number);
    if (!right) return Tell(fmt::format("right {}", number), "it is not there");
    Tell(fmt::format("right {}", number), FaultOfRight(context_->state(), *right));
    if (right->state() == v1::RECORD_STATE_LIVE) return;
    for (const std::uint64_t derived : context_->Linked(Table::kRightsOfParent, number)) {
      const auto child = Read<v1::Right>(context_->state(), derived);
      if (child && child->state() == v1::RECORD_STATE_LIVE) {
        Tell(fmt::format("right {}", derived), "its parent has ended");
      }
    }
  }

  void CheckPlot(const v1::Effect& effect) {
    const auto fault = plot_.ParseFromString(effect.record())
                           ? FaultOfPlot(context_->state(), effect.number(), plot_)
                           : std::optional<std::string>("it is not there");
    // An import has thousands without.
    if (fault) Tell(fmt::format("plot {}", effect.number()), fault);
  }

  // A household that has ended holds nothing that stands.
  void CheckParty(std::uint64_t number) {
    const auto party = Read<v1::Party>(context_->state(), number);
    if (!party) return Tell(fmt::format("party {}", number), "it is not there");
    if (!party->household().ended()) return;
    for (const std::uint64_t held : context_->Linked(Table::kRightsOfHolder, number)) {
      const auto right = Read<v1::Right>(context_->state(), held);
      if (!right || right->state() != v1::RECORD_STATE_LIVE) continue;
      Tell(fmt::format("party {}", number), fmt::format("it has ended and holds right {}", held));
    }
  }

  void CheckAdvance(std::uint64_t number) {
    const auto advance = Read<v1::FundAdvance>(context_->state(), number);
    if (!advance) return Tell(fmt::format("fund advance {}", number), "it is not there");
    Tell(fmt::format("fund advance {}", number), FaultOfAdvance(*advance));
  }

  void CheckCase(std::uint64_t number) {
    const auto the_case = Read<v1::Case>(context_->state(), number);
    if (!the_case) return Tell(fmt::format("case {}", number), "it is not there");
    Tell(fmt::format("case {}", number), FaultOfCase(context_->state(), number, *the_case));
  }

  void CheckCaution(std::uint64_t number) {
    const auto caution = Read<v1::Caution>(context_->state(), number);
    if (!caution) return Tell(fmt::format("caution {}", number), "it is not there");
    Tell(fmt::format("caution {}", number), FaultOfCaution(context_->state(), number, *caution));
  }

  void Tell(const std::string& subject, const std::optional<std::string>& fault) {
    if (!fault) return;
    context_->refusals().push_back(common::Refuse(
        Reason::INVARIANT_BROKEN, "commit",
        {fmt::format("The commit would break the book: {}: {}. Nothing was changed; report this.",
                     subject, *fault),
         fmt::format("本次提交会破坏登簿不变式：{}：{}。未作任何更改，请报告此问题。", subject,
                     *fault)}));
  }

  ActContext* context_;
  // What the commit touched. A plot is as the last effect on it leaves it: what the state has.
  std::map<std::uint64_t, const v1::Effect*> plots_;
  std::set<std::uint64_t> rights_;
  std::set<std::uint64_t> parties_;
  std::set<std::uint64_t> advances_;
  std::set<std::uint64_t> cases_;
  std::set<std::uint64_t> cautions_;
  v1::Plot plot_;  // the one under the hand; making it anew would cost more than the check
};

}  // namespace

std::optional<std::string> FaultOfRight(const VersionReader& state, const v1::Right& right) {
  if (right.state() != v1::RECORD_STATE_LIVE) return std::nullopt;
  if (right.holders().empty()) return "it has no holder";
  for (const auto& holder : right.holders()) {
    const auto party = Read<v1::Party>(state, holder.party());
    if (!party) return fmt::format("its holder, party {}, is not there", holder.party());
    if (party->household().ended()) {
      return fmt::format("its holder, household {}, has ended", holder.party());
    }
  }
  if (right.co_ownership() == v1::CO_OWNERSHIP_BY_SHARES && !SharesSumToOne(right)) {
    return "its shares do not sum to one";
  }
  const auto unit = Read<v1::Unit>(state, right.unit());
  if (!unit || unit->state() != v1::RECORD_STATE_LIVE) return "its unit does not stand";
  return FaultOfParent(state, right);
}

std::optional<std::string> FaultOfPlot(const VersionReader& state, std::uint64_t number,
                                       const v1::Plot& plot) {
  const bool has_boundary = state.Has(TableKey(Table::kPlace).U64(number));
  const bool live = plot.state() == v1::RECORD_STATE_LIVE;
  if (live && !has_boundary) return "it stands without a boundary";
  if (!live && has_boundary) return "it has ended and still has a boundary";
  return std::nullopt;
}

std::optional<std::string> FaultOfAdvance(const v1::FundAdvance& advance) {
  if (advance.advanced_fen() <= 0) return "nothing was advanced";
  if (advance.repaid_fen() < 0) return "less than nothing was paid back";
  if (advance.repaid_fen() > advance.advanced_fen()) return "more was paid back than advanced";
  return std::nullopt;
}

std::optional<std::string> FaultOfCase(const VersionReader& state, std::uint64_t number,
                                       const v1::Case& the_case) {
  if (!state.Has(RecordKey(v1::RECORD_KIND_APPLICATION, number))) return "it applies for nothing";
  const bool open = law::IsOpen(the_case.state());
  for (const std::uint64_t placed : the_case.cautions()) {
    const auto caution = Read<v1::Caution>(state, placed);
    const bool stands = caution && caution->state() == v1::RECORD_STATE_LIVE;
    if (stands == open) continue;
    return open ? fmt::format("it is open, and its caution {} does not stand", placed)
                : fmt::format("it has ended, and its caution {} stands", placed);
  }
  return std::nullopt;
}

std::optional<std::string> FaultOfCaution(const VersionReader& state, std::uint64_t number,
                                          const v1::Caution& caution) {
  if (caution.case_number() == 0 || caution.state() != v1::RECORD_STATE_LIVE) return std::nullopt;
  const auto the_case = Read<v1::Case>(state, caution.case_number());
  if (!the_case || !law::IsOpen(the_case->state())) {
    return fmt::format("it holds back for case {}, which is not open", caution.case_number());
  }
  const auto& placed = the_case->cautions();
  if (std::find(placed.begin(), placed.end(), number) != placed.end()) return std::nullopt;
  return fmt::format("case {} does not know it", caution.case_number());
}

void CheckInvariants(ActContext* context) { Checker(context).Run(); }

}  // namespace landbook::registry
