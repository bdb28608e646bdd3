#include "services/registry/household_reads.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;

constexpr RecordWord kPartyWord{"party", "权利主体"};
constexpr RecordWord kHouseholdWord{"household", "农户"};
constexpr std::string_view kContract = "contract";
constexpr std::string_view kHomestead = "homestead";

template <typename Record>
std::vector<Record> Standing(BookReader* reader, const std::vector<std::uint64_t>& numbers) {
  std::vector<Record> records;
  for (auto& record : reader->FindAll<Record>(numbers)) {
    if (record && record->state() == v1::RECORD_STATE_LIVE) records.push_back(*std::move(record));
  }
  return records;
}

// The rights that stand of a household, with what lies around them.
class Overview {
 public:
  Overview(BookReader* reader, std::uint64_t household) : reader_(reader) {
    rights_ = Standing<v1::Right>(reader, reader->LinkedOfAll(Table::kRightsOfHolder, {household}));
    std::vector<std::uint64_t> units;
    std::vector<std::uint64_t> rights;
    for (const v1::Right& right : rights_) {
      units.push_back(right.unit());
      rights.push_back(right.number());
    }
    ReadGround(units);
    mortgages_ =
        Standing<v1::Mortgage>(reader, reader->LinkedOfAll(Table::kMortgagesOfRight, rights));
    derived_ =
        Standing<v1::Right>(reader, reader->LinkedOfAll(Table::kRightsOfParent, std::move(rights)));
    cautions_ = Standing<v1::Caution>(
        reader, reader->LinkedOfAll(Table::kCautionsOfUnit, std::move(units)));
  }

  void AddTo(v1::HouseholdOverview* overview) const {
    for (const v1::Right& right : rights_) {
      auto& rights = right.type() == kContract    ? *overview->mutable_contract_rights()
                     : right.type() == kHomestead ? *overview->mutable_homestead_rights()
                                                  : *overview->mutable_other_rights();
      *rights.Add() = OverviewOf(right);
    }
  }

 private:
  void ReadGround(const std::vector<std::uint64_t>& units) {
    std::vector<std::uint64_t> plots;
    for (auto& unit : reader_->FindAll<v1::Unit>(units)) {
      if (!unit) continue;
      plots.push_back(unit->plot());
      units_.emplace(unit->number(), *std::move(unit));
    }
    for (auto& plot : reader_->FindAll<v1::Plot>(plots)) {
      if (plot) plots_.emplace(plot->number(), *std::move(plot));
    }
  }

  v1::OverviewRight OverviewOf(const v1::Right& right) const {
    v1::OverviewRight overview;
    *overview.mutable_right() = right;
    if (const auto unit = units_.find(right.unit()); unit != units_.end()) {
      overview.set_unit(unit->second.code());
      if (const auto plot = plots_.find(unit->second.plot()); plot != plots_.end()) {
        overview.set_plot(plot->second.code());
        overview.set_recorded_area_m2(plot->second.recorded_area_m2());
      }
    }
    for (const v1::Mortgage& mortgage : mortgages_) {
      const auto& of = mortgage.rights();
      if (std::find(of.begin(), of.end(), right.number()) != of.end()) {
        overview.set_mortgages(overview.mortgages() + 1);
      }
    }
    for (const v1::Caution& caution : cautions_) {
      const bool of_right = caution.right() == 0 || caution.right() == right.number();
      if (caution.unit() == right.unit() && of_right) overview.add_cautions(caution.cause());
    }
    for (const v1::Right& derived : derived_) {
      if (derived.parent() == right.number()) {
        overview.set_derived_rights(overview.derived_rights() + 1);
      }
    }
    return overview;
  }

  BookReader* reader_;
  std::vector<v1::Right> rights_;
  std::map<std::uint64_t, v1::Unit> units_;
  std::map<std::uint64_t, v1::Plot> plots_;
  std::vector<v1::Mortgage> mortgages_;
  std::vector<v1::Right> derived_;
  std::vector<v1::Caution> cautions_;
};

}  // namespace

Outcome<v1::GetPartyHistoryResponse> GetPartyHistory(const Book& book, const CallContext& call,
                                                     const v1::GetPartyHistoryRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  v1::GetPartyHistoryResponse response;
  if (FindVisible<v1::Party>(call, &*reader, request.party())) {
    for (v1::Party& party : reader->History<v1::Party>(request.party())) {
      *response.add_versions() = std::move(party);
    }
  }
  if (response.versions().empty() && reader->status().ok()) {
    return NotFound(*reader, "party", Said(kPartyWord, request.party()));
  }
  return Answered(*reader, std::move(response));
}

Outcome<v1::HouseholdOverview> GetHouseholdOverview(
    const Book& book, const CallContext& call, const v1::GetHouseholdOverviewRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, request.read(), &*reader);
  const auto number = reader->NumberOf(v1::RECORD_KIND_PARTY, request.household());
  auto party = number ? FindVisible<v1::Party>(call, &*reader, *number) : std::nullopt;
  if (party && !party->has_household()) party.reset();
  auto household =
      Found(*reader, std::move(party), "household", Said(kHouseholdWord, request.household()));
  if (!household.ok()) return std::move(household.refusals());
  v1::HouseholdOverview overview;
  overview.set_eligibility(household->household().eligibility());
  if (auto collective = reader->Find<v1::Party>(household->household().collective())) {
    *overview.mutable_collective() = *std::move(collective);
  }
  Overview(&*reader, household->number()).AddTo(&overview);
  *overview.mutable_household() = *std::move(household);
  return Answered(*reader, std::move(overview));
}

}  // namespace landbook::registry
