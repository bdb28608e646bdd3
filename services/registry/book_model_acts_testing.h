// Random acts on a book, each with what the model predicts of it: refused, and with which reasons,
// or done. One seed is one run.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_ACTS_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_ACTS_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "geo/compact.h"
#include "services/registry/act_context.h"
#include "services/registry/book_model_testing.h"
#include "services/registry/book_testing.h"

namespace landbook::registry {

using Predicted = std::set<std::string>;  // names of reasons; empty: accepted

// Plots lie in the cells of a square of ground.
inline constexpr int kCellsAcross = 6;
inline constexpr std::int64_t kCellSteps = 20 * geo::kStepsPerMetre;
inline constexpr std::int64_t kOriginX = 500'000 * geo::kStepsPerMetre;
inline constexpr std::int64_t kOriginY = 4'075'000 * geo::kStepsPerMetre;
inline constexpr char kDivision[] = "99010100100101";
inline constexpr std::uint8_t kSurface = 2;

class ModelActs {
 public:
  explicit ModelActs(std::uint32_t seed) : random_(seed) {
    OpenTheBook();
    RegisterParties();
    KeepPast();
  }

  // One act of any kind.
  void Step() {
    const int action = Below(10);
    if (action <= 1) return EstablishPlot();
    if (action == 2) return GrantContract();
    if (action == 3) return GrantManagement();
    if (action == 4) return Transfer();
    if (action == 5) return Mortgage();
    if (action == 6) return Discharge();
    if (action == 7) return Withdraw();
    if (action == 8) return Below(2) == 0 ? Seize() : LiftSeizure();
    return Below(2) == 0 ? Extinguish() : RetirePlot();
  }

  std::uint64_t refusals() const { return refusals_; }
  std::uint64_t accepted() const { return past_.size(); }
  TestBook& book() { return book_; }
  const Model& model() const { return model_; }
  // The model as it was at each entry.
  const std::map<std::uint64_t, Model>& past() const { return past_; }
  std::uint64_t Sequence() { return book_.book().writer().position().sequence; }
  // Parties have the numbers from 1 to this one.
  std::uint64_t last_party() const { return firm_; }
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

 private:
  template <typename Map>
  std::optional<std::uint64_t> Any(const Map& map) {
    if (map.empty()) return std::nullopt;
    auto it = map.begin();
    std::advance(it, Below(static_cast<int>(map.size())));
    return it->first;
  }

  void OpenTheBook() {
    v1::Commit commit;
    commit.add_acts()->mutable_open_book();
    commit.set_document_number("open-1");
    const auto opened = book_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), commit);
    ASSERT_TRUE(opened.ok()) << opened.refusals().front().message_en();
  }

  void RegisterParties() {
    v1::Commit commit;
    for (const char* division : {"990101001001", "990101002001"}) {
      auto& collective =
          *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_collective();
      collective.set_title(fmt::format("集体 {}", division));
      collective.set_level(v1::COLLECTIVE_LEVEL_VILLAGE);
      collective.set_division(division);
    }
    for (int i = 0; i < 4; ++i) {
      auto& person =
          *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_person();
      person.set_identity_document(v1::IDENTITY_DOCUMENT_PASSPORT);
      person.mutable_private_()->set_full_name(fmt::format("人{}", i));
      person.mutable_private_()->set_identity_number(fmt::format("P{}", i));
      person.mutable_private_()->set_birth_date("1970-01-01");
    }
    for (int i = 0; i < 4; ++i) {
      auto& act = *commit.add_acts()->mutable_register_party();
      act.mutable_party()->mutable_household();
      act.mutable_collective()->mutable_created_by()->set_act(static_cast<std::uint32_t>(i / 3));
      auto& member = *act.add_members();
      member.mutable_person()->mutable_created_by()->set_act(static_cast<std::uint32_t>(2 + i));
      member.set_standing(v1::MEMBER_STANDING_MEMBER);
      member.set_head(true);
      member.set_co_holder(true);
    }
    for (const auto kind :
         {v1::ORGANISATION_KIND_FINANCIAL_INSTITUTION, v1::ORGANISATION_KIND_ENTERPRISE}) {
      auto& firm =
          *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
      firm.set_title(fmt::format("单位 {}", static_cast<int>(kind)));
      firm.set_organisation_kind(kind);
    }
    const auto made = book_.Commit(commit);
    ASSERT_TRUE(made.ok()) << made.refusals().front().message_en();
    // Numbers are given in the order of the acts.
    collective_ = 1;
    first_person_ = 3;
    first_household_ = 7;
    bank_ = 11;
    firm_ = 12;
  }

  // Of households 0 to 2 the collective is the plots' own; household 3 is of another one.
  std::uint64_t Household(int i) const { return first_household_ + static_cast<std::uint64_t>(i); }
  bool OfTheCollective(std::uint64_t household) const { return household != Household(3); }
  std::uint64_t PersonOf(std::uint64_t household) const {
    return first_person_ + household - first_household_;
  }

  static std::string SquareOf(int cell) {
    const std::int64_t x = kOriginX + (cell % kCellsAcross) * kCellSteps;
    const std::int64_t y = kOriginY + (cell / kCellsAcross) * kCellSteps;
    geo::Boundary square;
    square.vertices = {
        {x, y + kCellSteps}, {x + kCellSteps, y + kCellSteps}, {x + kCellSteps, y}, {x, y}};
    square.EndRing();
    square.EndPart();
    return geo::EncodeCompact(square);
  }

  v1::Evidence& Evidence(v1::EvidenceKind kind, v1::Commit* commit) {
    v1::Evidence& evidence = *commit->add_evidence();
    evidence.set_kind(kind);
    evidence.set_date("2026-03-01");
    return evidence;
  }

  // Commits, compares with what was predicted, and keeps the model of the new entry.
  std::optional<v1::CommitResponse> Ask(const v1::Commit& commit, const Predicted& predicted) {
    const auto outcome = book_.Commit(commit);
    const std::uint64_t sequence = book_.book().writer().position().sequence;
    if (outcome.ok()) {
      EXPECT_TRUE(predicted.empty())
          << "accepted, but the model refuses with "
          << fmt::format("{}", fmt::join(predicted, ", ")) << " for " << commit.ShortDebugString();
      EXPECT_EQ(outcome->sequence(), sequence);
      return *outcome;
    }
    ++refusals_;
    const auto reasons = ReasonsOf(outcome.refusals());
    EXPECT_FALSE(predicted.empty())
        << outcome.refusals().front().message_en() << " for " << commit.ShortDebugString();
    for (const std::string& reason : predicted) {
      EXPECT_NE(std::find(reasons.begin(), reasons.end(), reason), reasons.end())
          << reason << " missing among " << fmt::format("{}", fmt::join(reasons, ", "));
    }
    return std::nullopt;
  }
  void KeepPast() { past_[Sequence()] = model_; }

  void EstablishPlot() {
    const int cell = Below(kCellsAcross * kCellsAcross);
    Predicted predicted;
    for (const auto& [number, plot] : model_.plots) {
      if (plot.live && plot.cell == cell) predicted.insert("PLOT_OVERLAPS_NEIGHBOUR");
    }
    v1::Commit commit;
    auto& plot = *commit.add_acts()->mutable_establish_plot()->mutable_plot();
    plot.set_kind("contracted");
    plot.set_division(kDivision);
    plot.mutable_boundary()->set_compact(SquareOf(cell));
    auto& unit = *commit.add_acts()->mutable_establish_unit();
    unit.mutable_plot()->mutable_created_by()->set_act(0);
    unit.set_fixture("W");
    const auto response = Ask(commit, predicted);
    if (!response) return;
    const std::uint64_t number = NumberIn(*response, 0, v1::RECORD_KIND_PLOT);
    model_.plots[number] = {cell, NumberIn(*response, 1, v1::RECORD_KIND_UNIT), Sequence(), true};
    KeepPast();
  }

  static void SetTerm(const char* start, const char* end, v1::Term* term) {
    term->set_start_date(start);
    term->set_end_date(end);
  }

  void GrantContract() {
    const auto number = Any(model_.plots);
    if (!number) return;
    const ModelPlot& plot = model_.plots[*number];
    const std::uint64_t household = Household(Below(4));
    Predicted predicted;
    if (!plot.live) {
      predicted.insert("UNIT_ENDED");
    } else {
      if (!OfTheCollective(household)) predicted.insert("HOLDER_NOT_ALLOWED");
      if (model_.HasWithdrawn(household)) predicted.insert("HOLDER_NOT_ELIGIBLE");
      if (model_.LiveRight(plot.unit, "contract") != nullptr)
        predicted.insert("RIGHT_STANDS_ALREADY");
      if (model_.Seized(plot.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    auto& grant = *commit.add_acts()->mutable_grant_right();
    grant.mutable_unit()->set_number(plot.unit);
    grant.set_type("contract");
    grant.set_co_ownership(v1::CO_OWNERSHIP_JOINT);
    grant.add_holders()->mutable_party()->set_number(household);
    SetTerm("2020-01-01", "2049-12-31", grant.mutable_term());
    const auto response = Ask(commit, predicted);
    if (!response) return;
    model_.rights[NumberIn(*response, 0, v1::RECORD_KIND_RIGHT)] = {
        plot.unit, "contract", household, 0, Sequence(), true};
    KeepPast();
  }

  void GrantManagement() {
    const auto number = Any(model_.rights);
    if (!number) return;
    const ModelRight parent = model_.rights[*number];
    if (parent.type != "contract") return;
    const bool past_parent = Below(4) == 0;
    Predicted predicted;
    if (!parent.live) {
      predicted.insert(model_.LiveRight(parent.unit, "contract") == nullptr &&
                               !model_.UnitLive(parent.unit)
                           ? "UNIT_ENDED"
                           : "RECORD_ENDED");
    } else {
      if (past_parent) predicted.insert("TERM_PAST_PARENT");
      if (model_.LiveRight(parent.unit, "management") != nullptr)
        predicted.insert("RIGHT_STANDS_ALREADY");
      if (model_.Seized(parent.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    auto& grant = *commit.add_acts()->mutable_grant_right();
    grant.mutable_unit()->set_number(parent.unit);
    grant.set_type("management");
    grant.set_co_ownership(v1::CO_OWNERSHIP_SOLE);
    grant.add_holders()->mutable_party()->set_number(firm_);
    SetTerm("2025-01-01", past_parent ? "2050-01-01" : "2034-12-31", grant.mutable_term());
    grant.mutable_parent()->set_number(*number);
    const auto response = Ask(commit, predicted);
    if (!response) return;
    model_.rights[NumberIn(*response, 0, v1::RECORD_KIND_RIGHT)] = {
        parent.unit, "management", firm_, *number, Sequence(), true};
    KeepPast();
  }

  void Transfer() {
    const auto number = Any(model_.rights);
    if (!number || model_.rights[*number].type != "contract") return;
    ModelRight& right = model_.rights[*number];
    const std::uint64_t to = Household(Below(4));
    const bool stale = Below(5) == 0;
    const bool consent = Below(4) != 0;
    Predicted predicted;
    if (stale) {
      predicted.insert("RIGHT_HAS_MOVED");
    } else if (!right.live) {
      predicted.insert("RECORD_ENDED");
    } else if (to == right.holder) {
      predicted.insert("NOTHING_CHANGES");
    } else {
      if (!OfTheCollective(to)) predicted.insert("TRANSFEREE_OUTSIDE_COLLECTIVE");
      if (!consent) predicted.insert("COLLECTIVE_CONSENT_MISSING");
      if (model_.Seized(right.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    auto& transfer = *commit.add_acts()->mutable_transfer_right();
    transfer.mutable_right()->set_number(*number);
    transfer.set_etag(std::to_string(stale ? right.changed - 1 : right.changed));
    transfer.set_cause(v1::TRANSFER_CAUSE_ASSIGNMENT);
    transfer.set_co_ownership(v1::CO_OWNERSHIP_JOINT);
    transfer.add_holders()->mutable_party()->set_number(to);
    if (consent) {
      Evidence(v1::EVIDENCE_KIND_CONSENT, &commit).add_given_by()->set_number(collective_);
      transfer.add_evidence(0);
    }
    if (!Ask(commit, predicted)) return;
    right.holder = to;
    right.changed = Sequence();
    KeepPast();
  }

  // Files the security with the collective, and brings that filing as evidence.
  void FileSecurity(std::uint64_t right, v1::Commit* commit) {
    auto& filing = *commit->add_acts()->mutable_record_filing();
    filing.set_matter(v1::FILING_MATTER_SECURITY);
    filing.add_rights()->set_number(right);
    filing.mutable_with()->set_number(collective_);
    filing.set_date("2026-03-01");
    filing.set_document_number("备1号");
    Evidence(v1::EVIDENCE_KIND_FILING, commit).mutable_filing()->mutable_created_by()->set_act(0);
  }

  void Mortgage() {
    const auto number = Any(model_.rights);
    if (!number || model_.rights[*number].type != "contract") return;
    const ModelRight& right = model_.rights[*number];
    const bool to_bank = Below(3) != 0;
    const bool filed = Below(4) != 0;
    Predicted predicted;
    if (!right.live) {
      predicted.insert("RECORD_ENDED");
    } else {
      if (!to_bank) predicted.insert("MORTGAGEE_NOT_FINANCIAL");
      if (!filed) predicted.insert("EVIDENCE_MISSING");
      if (model_.HasLiveDerived(*number)) predicted.insert("LAW_WARNS");
      if (model_.Seized(right.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    Evidence(v1::EVIDENCE_KIND_DEBT, &commit);
    if (filed) FileSecurity(*number, &commit);
    const auto place = static_cast<std::size_t>(commit.acts_size());
    auto& mortgage = *commit.add_acts()->mutable_register_mortgage();
    auto& of = *mortgage.add_rights();
    of.mutable_right()->set_number(*number);
    of.set_etag(std::to_string(right.changed));
    mortgage.mutable_mortgagee()->set_number(to_bank ? bank_ : firm_);
    mortgage.set_mortgage_kind(v1::MORTGAGE_KIND_GENERAL);
    mortgage.set_secured_fen(1'000'000);
    SetTerm("2026-01-01", "2028-12-31", mortgage.mutable_debt_term());
    mortgage.set_transfer_restricted(false);
    mortgage.set_object(v1::MORTGAGE_OBJECT_MANAGEMENT_PART);
    for (int i = 0; i < commit.evidence_size(); ++i) {
      mortgage.add_evidence(static_cast<std::uint32_t>(i));
    }
    const auto response = Ask(commit, predicted);
    if (!response) return;
    model_.mortgages[NumberIn(*response, place, v1::RECORD_KIND_MORTGAGE)] = {*number, Sequence(),
                                                                              true};
    KeepPast();
  }

  void Discharge() {
    const auto number = Any(model_.mortgages);
    if (!number) return;
    ModelMortgage& mortgage = model_.mortgages[*number];
    v1::Commit commit;
    auto& discharge = *commit.add_acts()->mutable_discharge_mortgage();
    discharge.mutable_mortgage()->set_number(*number);
    discharge.set_etag(std::to_string(mortgage.changed));
    discharge.set_ground("债务已清偿");
    Evidence(v1::EVIDENCE_KIND_CONSENT, &commit).add_given_by()->set_number(bank_);
    discharge.add_evidence(0);
    if (!Ask(commit, mortgage.live ? Predicted{} : Predicted{"RECORD_ENDED"})) return;
    mortgage.live = false;
    mortgage.changed = Sequence();
    KeepPast();
  }

  void Withdraw() {
    const auto number = Any(model_.rights);
    if (!number || model_.rights[*number].type != "contract") return;
    ModelRight& right = model_.rights[*number];
    const bool consent = Below(4) != 0;
    const bool late = Below(4) == 0;
    Predicted predicted;
    if (!right.live) {
      predicted.insert("RECORD_ENDED");
    } else {
      if (!consent) predicted.insert("CONSENT_MISSING");
      if (late) predicted.insert("NOTICE_TOO_LATE");
      if (model_.HasLiveDerived(*number)) predicted.insert("DERIVED_RIGHT_STANDS");
      if (model_.HasLiveMortgage(*number)) predicted.insert("MORTGAGE_STANDS");
      if (model_.Seized(right.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    auto& withdraw = *commit.add_acts()->mutable_withdraw_right();
    withdraw.mutable_right()->set_number(*number);
    withdraw.set_etag(std::to_string(right.changed));
    withdraw.set_route(v1::WITHDRAWAL_ROUTE_PAID);
    withdraw.set_notice_date(late ? "2026-01-15" : "2025-08-01");
    withdraw.set_compensation_fen(500'000);
    withdraw.set_compensation_settled(true);
    withdraw.set_extent(v1::WITHDRAWAL_EXTENT_THIS_TERM);
    withdraw.add_tied_to(v1::TIED_TO_NOTHING);
    auto& paid = *withdraw.add_compensation();
    paid.set_kind(v1::COMPENSATION_KIND_MONEY);
    paid.set_value_fen(500'000);
    paid.set_settled_date("2026-02-01");
    Evidence(v1::EVIDENCE_KIND_NOTICE, &commit).add_given_by()->set_number(right.holder);
    withdraw.add_evidence(0);
    if (consent) {
      Evidence(v1::EVIDENCE_KIND_CONSENT, &commit)
          .add_given_by()
          ->set_number(PersonOf(right.holder));
      withdraw.add_evidence(1);
    }
    if (!Ask(commit, predicted)) return;
    right.live = false;
    right.withdrawn = true;
    right.changed = Sequence();
    KeepPast();
  }

  void Extinguish() {
    const auto number = Any(model_.rights);
    if (!number) return;
    ModelRight& right = model_.rights[*number];
    if (right.type == "contract" && Below(3) != 0) return;  // let contracts live longer
    Predicted predicted;
    if (!right.live) {
      predicted.insert("RECORD_ENDED");
    } else {
      if (model_.HasLiveDerived(*number)) predicted.insert("DERIVED_RIGHT_STANDS");
      if (model_.HasLiveMortgage(*number)) predicted.insert("MORTGAGE_STANDS");
      // Law is asked once nothing rests on the right.
      if (predicted.empty() && model_.Seized(right.unit)) predicted.insert("CAUTION_STANDS");
    }
    v1::Commit commit;
    auto& extinguish = *commit.add_acts()->mutable_extinguish_right();
    extinguish.mutable_right()->set_number(*number);
    extinguish.set_etag(std::to_string(right.changed));
    extinguish.set_ground("灭失");
    extinguish.set_cause(v1::EXTINGUISH_CAUSE_LOSS);
    Evidence(v1::EVIDENCE_KIND_OTHER, &commit);
    extinguish.add_evidence(0);
    if (!Ask(commit, predicted)) return;
    right.live = false;
    right.changed = Sequence();
    KeepPast();
  }

  void Seize() {
    const auto number = Any(model_.plots);
    if (!number || !model_.plots[*number].live) return;
    v1::Commit commit;
    auto& caution = *commit.add_acts()->mutable_place_caution();
    caution.mutable_unit()->set_number(model_.plots[*number].unit);
    caution.set_cause(v1::CAUTION_CAUSE_SEIZURE);
    caution.set_organ("样本县人民法院");
    caution.set_document_number("（2026）样执1号");
    caution.set_effective_date("2026-01-01");
    const auto response = Ask(commit, {});
    if (!response) return;
    model_.seizures[NumberIn(*response, 0, v1::RECORD_KIND_CAUTION)] = {model_.plots[*number].unit,
                                                                        Sequence(), true};
    KeepPast();
  }

  void LiftSeizure() {
    const auto number = Any(model_.seizures);
    if (!number) return;
    ModelSeizure& seizure = model_.seizures[*number];
    v1::Commit commit;
    auto& lift = *commit.add_acts()->mutable_lift_caution();
    lift.mutable_caution()->set_number(*number);
    lift.set_etag(std::to_string(seizure.changed));
    lift.set_ground("解除查封");
    lift.set_document_number("（2026）样执2号");
    if (!Ask(commit, seizure.live ? Predicted{} : Predicted{"RECORD_ENDED"})) return;
    seizure.live = false;
    seizure.changed = Sequence();
    KeepPast();
  }

  void RetirePlot() {
    const auto number = Any(model_.plots);
    if (!number || Below(2) != 0) return;
    ModelPlot& plot = model_.plots[*number];
    Predicted predicted;
    if (!plot.live) {
      predicted.insert("RECORD_ENDED");
    } else {
      if (model_.LiveRight(plot.unit, "contract") != nullptr ||
          model_.LiveRight(plot.unit, "management") != nullptr) {
        predicted.insert("PLOT_HAS_RIGHTS");
      }
      if (model_.Seized(plot.unit)) predicted.insert("PLOT_ENCUMBERED");
    }
    v1::Commit commit;
    auto& retire = *commit.add_acts()->mutable_retire_plot();
    retire.mutable_plot()->set_number(*number);
    retire.set_etag(std::to_string(plot.changed));
    retire.set_ground("灭失");
    if (!Ask(commit, predicted)) return;
    plot.live = false;
    plot.changed = Sequence();
    KeepPast();
  }

  std::mt19937 random_;
  TestBook book_;
  Model model_;
  std::map<std::uint64_t, Model> past_;
  std::uint64_t refusals_ = 0;
  std::uint64_t collective_ = 0;
  std::uint64_t first_person_ = 0;
  std::uint64_t first_household_ = 0;
  std::uint64_t bank_ = 0;
  std::uint64_t firm_ = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_ACTS_TESTING_H_
