// What the model says to a right that its holder gives up.
#include <algorithm>
#include <cstdint>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {
namespace {

constexpr int kNoticeMonths = 6;  // RLCL 30

bool IsPaid(const ActRow& row) { return row.Fact("route") == "paid"; }

// "money:1000:2026-03-01": the kind, the fen, and the day on which it was settled.
struct Pay {
  std::string kind;
  std::int64_t fen = 0;
  std::string settled;
};

std::vector<Pay> PaysOf(const ActRow& row) {
  std::vector<Pay> pays;
  for (const std::string& text : Parts(row.Fact("pay"), ',')) {
    const auto parts = Parts(text, ':');
    pays.push_back({parts.at(0), std::stoll(parts.at(1)), parts.size() > 2 ? parts[2] : ""});
  }
  return pays;
}

void AskNotice(const SimulatedRight& right, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  if (!row.Has("notice")) {
    answer->Refuse("W-01");
  } else if (MonthsAfter(row.Fact("notice"), kNoticeMonths) > answer->scene().day) {
    answer->RefuseForNow("W-01");
  }
  const bool given = std::any_of(
      right.holders.begin(), right.holders.end(),
      [&](const std::string& holder) { return answer->GivenBy("notice-letter", holder); });
  answer->RefuseIf(!given, "W-02");
}

void AskTies(SimulatedAnswer* answer) {
  const Names ties = answer->List("tied");
  answer->RefuseIf(ties.contains("settling-in-town"), "W-03");
  for (const char* other : {"contract-land", "homestead", "income-share"}) {
    answer->RefuseIf(ties.contains(other), "W-21");
  }
  answer->RefuseIf(ties.empty() && IsPaid(answer->row()), "W-21");
}

void AskPay(const SimulatedRight& right, SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  answer->RefuseIf(!row.Has("settled"), "W-16");
  std::int64_t sum = 0;
  for (const Pay& pay : PaysOf(row)) {
    sum += pay.fen;
    answer->RefuseIf(pay.settled.empty() || pay.settled > answer->scene().day, "W-16");
    const bool of_kind = pay.kind == "money" || pay.kind == "town-housing";
    answer->RefuseIf(right.type == "homestead" && !of_kind, "W-17");
  }
  answer->RefuseIf(std::to_string(sum) != row.Fact("fen", "0"), "W-17");
  const std::string extent = row.Fact("extent");
  const bool said = extent == "this-term" || extent == "for-good";
  answer->RefuseIf(right.type == "contract" && !said, "W-19");
}

void AskBurdens(SimulatedAnswer* answer, const SimulatedRight& right) {
  const std::string& name = answer->row().name;
  const SimulatedVillage& village = answer->village();
  const bool derived = !village.DerivedFrom(name).empty();
  answer->RefuseIf(derived, right.type == "contract" ? "W-07" : "W-13");
  answer->RefuseIf(!village.RanksOver(name).empty(), "W-13");
  AskStandingCautions({"withdraw", right.unit(), name}, answer);
}

}  // namespace

void AskWithdrawal(SimulatedAnswer* answer) {
  const ActRow& row = answer->row();
  const SimulatedRight* right = answer->village().Standing(row.name);
  if (right == nullptr) return answer->Refuse("RECORD_ENDED");
  answer->RefuseIf(right->until < answer->scene().day, "RIGHT_EXPIRED");
  if (answer->refused()) return;
  if (right->type == "contract") AskNotice(*right, answer);
  AskTies(answer);
  AskBurdens(answer, *right);
  for (const std::string& adult : answer->village().Adults(*right, answer->scene().day)) {
    answer->RefuseIf(!answer->GivenBy("consent", adult), "W-11");
  }
  answer->RefuseIf(right->type == "homestead" && !row.Has("eligibility"), "W-14");
  if (IsPaid(row)) AskPay(*right, answer);
}

}  // namespace landbook::registry
