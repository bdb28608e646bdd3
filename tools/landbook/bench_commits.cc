#include "tools/landbook/bench_commits.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "geo/well_known.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/bench_calls.h"
#include "tools/landbook/bench_ground.h"

namespace landbook::tools {
namespace {

using CommitCalls = OutstandingCalls<v1::CommitRequest, v1::CommitResponse>;
constexpr CommitCalls::Method kCommit = &CommitCalls::Stub::Commit;

v1::Commit& Prepared(v1::CommitRequest& request, std::string id) {
  request.set_county(kBenchCounty);
  v1::Commit& commit = *request.mutable_commit();
  commit.set_request_id(std::move(id));
  commit.set_document_number("bench");
  return commit;
}

void AddOrganisation(v1::Commit& commit, const std::string& title) {
  v1::Organisation& organisation =
      *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
  organisation.set_title(title);
  organisation.set_organisation_kind(v1::ORGANISATION_KIND_ENTERPRISE);
}

// The written notice to the owner that a transfer of construction land goes with.
void AddNotice(std::uint64_t holder, v1::Commit& commit) {
  v1::Evidence& notice = *commit.add_evidence();
  notice.set_kind(v1::EVIDENCE_KIND_NOTICE);
  notice.set_date("2026-03-01");
  notice.add_given_by()->set_number(holder);
}

// A right that is transferred to and fro.
struct HeldRight {
  std::uint64_t number = 0;
  std::uint64_t etag = 0;
  std::size_t holder = 0;  // of the two parties
};

// Makes what transfers need: two parties, and the rights of each slot on plots of their own north
// of the county's other plots.
class RightsMaker {
 public:
  explicit RightsMaker(BenchBook& book) : book_(book) {}

  absl::Status Make() {
    v1::CommitRequest request;
    v1::Commit& commit = Prepared(request, "bench-open");
    commit.add_acts()->mutable_open_book();
    AddOrganisation(commit, "bench transferor");
    AddOrganisation(commit, "bench transferee");
    const auto response = Send(request);
    if (!response.ok()) return response.status();
    for (std::size_t i = 0; i < parties_.size(); ++i) {
      parties_[i] = response->results(static_cast<int>(i) + 1).records(0).number();
    }
    for (int slot = 0; slot < kBenchCommits; ++slot) {
      if (const absl::Status made = MakeSlot(slot); !made.ok()) return made;
    }
    return absl::OkStatus();
  }

  std::vector<std::vector<HeldRight>> TakeRights() { return std::move(rights_); }
  const std::array<std::uint64_t, 2>& parties() const { return parties_; }

 private:
  static constexpr std::int64_t kPitch = 40 * geo::kStepsPerMetre;
  static constexpr std::int64_t kSide = 20 * geo::kStepsPerMetre;
  static constexpr int kActsPerRight = 3;

  absl::StatusOr<v1::CommitResponse> Send(const v1::CommitRequest& request) {
    return book_.session().Call(&Session::Registry::Commit, request);
  }

  static v1::Reference CreatedBy(int act) {
    v1::Reference reference;
    reference.mutable_created_by()->set_act(static_cast<std::uint32_t>(act));
    return reference;
  }

  std::string SquareAt(int column, int row) const {
    const geo::Box& extent = book_.ground().extent();
    const geo::Vertex corner{extent.min_x + column * kPitch, extent.max_y + (row + 1) * kPitch};
    geo::Boundary square;
    square.vertices = {{corner.x, corner.y + kSide},
                       {corner.x + kSide, corner.y + kSide},
                       {corner.x + kSide, corner.y},
                       corner};
    square.EndRing();
    square.EndPart();
    return geo::WkbOf(square);
  }

  void AddRight(int slot, int right, v1::Commit& commit) const {
    const int first = commit.acts_size();
    v1::NewPlot& plot = *commit.add_acts()->mutable_establish_plot()->mutable_plot();
    plot.set_kind("construction");
    plot.set_division(std::string(kBenchCounty) + "001001");
    plot.mutable_boundary()->set_wkb(SquareAt(right, slot));
    v1::EstablishUnit& unit = *commit.add_acts()->mutable_establish_unit();
    *unit.mutable_plot() = CreatedBy(first);
    unit.set_fixture("W");
    v1::GrantRight& grant = *commit.add_acts()->mutable_grant_right();
    *grant.mutable_unit() = CreatedBy(first + 1);
    grant.set_type("construction");
    grant.set_co_ownership(v1::CO_OWNERSHIP_SOLE);
    grant.add_holders()->mutable_party()->set_number(parties_[0]);
    grant.mutable_term()->set_start_date("2024-03-01");
    grant.mutable_term()->set_end_date("2063-12-31");
  }

  absl::Status MakeSlot(int slot) {
    v1::CommitRequest request;
    v1::Commit& commit = Prepared(request, fmt::format("bench-rights-{}", slot));
    for (int right = 0; right < kBenchRightsPerCommit; ++right) AddRight(slot, right, commit);
    const auto response = Send(request);
    if (!response.ok()) return response.status();
    std::vector<HeldRight>& made = rights_.emplace_back();
    for (int right = 0; right < kBenchRightsPerCommit; ++right) {
      const auto& granted = response->results(right * kActsPerRight + kActsPerRight - 1);
      made.push_back({granted.records(0).number(), response->sequence(), 0});
    }
    return absl::OkStatus();
  }

  BenchBook& book_;
  std::array<std::uint64_t, 2> parties_{};
  std::vector<std::vector<HeldRight>> rights_;
};

}  // namespace

absl::StatusOr<double> CommitOrganisations(BenchBook& book, double seconds) {
  std::vector<std::uint64_t> sent(kBenchCommits);
  const auto fill = [&sent](std::size_t slot, v1::CommitRequest& request) {
    const std::string id = fmt::format("bench-{}-{}", slot, sent[slot]++);
    AddOrganisation(Prepared(request, id), id);
  };
  return CommitCalls(book.session(), {.method = kCommit, .fill = fill, .take = {}}, kBenchCommits)
      .Run(seconds);
}

absl::StatusOr<double> TransferRights(BenchBook& book, double seconds) {
  RightsMaker maker(book);
  if (const absl::Status made = maker.Make(); !made.ok()) return made;
  auto rights = maker.TakeRights();
  std::vector<std::uint64_t> sent(kBenchCommits);
  const auto next = [&](std::size_t slot) -> HeldRight& {
    return rights[slot][sent[slot] % kBenchRightsPerCommit];
  };
  const auto fill = [&](std::size_t slot, v1::CommitRequest& request) {
    const HeldRight& right = next(slot);
    v1::Commit& commit = Prepared(request, fmt::format("bench-transfer-{}-{}", slot, sent[slot]));
    AddNotice(maker.parties()[right.holder], commit);
    v1::TransferRight& transfer = *commit.add_acts()->mutable_transfer_right();
    transfer.add_evidence(0);
    transfer.mutable_right()->set_number(right.number);
    transfer.set_etag(fmt::to_string(right.etag));
    transfer.set_cause(v1::TRANSFER_CAUSE_ASSIGNMENT);
    transfer.set_co_ownership(v1::CO_OWNERSHIP_SOLE);
    transfer.add_holders()->mutable_party()->set_number(maker.parties()[1 - right.holder]);
  };
  const auto take = [&](std::size_t slot, const v1::CommitResponse& response) {
    HeldRight& right = next(slot);
    right.etag = response.sequence();
    right.holder = 1 - right.holder;
    ++sent[slot];
  };
  return CommitCalls(book.session(), {.method = kCommit, .fill = fill, .take = take}, kBenchCommits)
      .Run(seconds);
}

}  // namespace landbook::tools
