#include "tools/landbook/plot_map_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "geo/area.h"
#include "geo/compact.h"
#include "geo/projection.h"
#include "services/common/civil_date.h"
#include "services/common/clock.h"
#include "storage/digest.h"
#include "tools/landbook/command.h"
#include "tools/landbook/plot_pages.h"

namespace landbook::tools {
namespace {

// The characters of a time before its fraction: "2026-01-01T00:00:00".
constexpr std::size_t kWholeSeconds = 19;

absl::StatusOr<geo::Boundary> BoundaryOf(const v1::Plot& plot) {
  auto boundary = geo::DecodeCompact(plot.boundary().compact());
  if (boundary.ok()) return boundary;
  return absl::DataLossError(fmt::format("the boundary of plot {} cannot be read: {}", plot.code(),
                                         std::string(boundary.status().message())));
}

v1::ReadOptions ReadAt(const PlotAtEntry& at) {
  v1::ReadOptions read;
  read.set_sequence(at.sequence);
  return read;
}

v1::FindPlotsRequest WindowRequest(const PlotAtEntry& at, const geo::Box& box) {
  v1::FindPlotsRequest request;
  request.set_county(at.county.code());
  request.set_tier(at.plot.tier());
  request.mutable_window()->set_min_x(box.min_x);
  request.mutable_window()->set_min_y(box.min_y);
  request.mutable_window()->set_max_x(box.max_x);
  request.mutable_window()->set_max_y(box.max_y);
  return request;
}

common::Micros MicrosOf(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000 + time.nanos() / 1'000;
}

// The name that the sheet shows for a party; nothing when the server keeps it to itself.
absl::StatusOr<std::optional<std::string>> NameOf(Session& session, const PlotAtEntry& at,
                                                  std::uint64_t number) {
  v1::GetPartyRequest request;
  request.set_county(at.county.code());
  request.set_party(number);
  *request.mutable_read() = ReadAt(at);
  const auto party = session.Call(&Session::Registry::GetParty, request);
  if (!party.ok()) return party.status();
  switch (party->kind_case()) {
    case v1::Party::kPerson:
      if (party->person().private_().full_name().empty()) return std::nullopt;
      return party->person().private_().full_name();
    case v1::Party::kHousehold:
      if (party->household().members().empty()) return std::nullopt;
      return NameOf(session, at, party->household().members(0).person());
    case v1::Party::kCollective:
      return party->collective().title();
    case v1::Party::kOrganisation:
      return party->organisation().title();
    case v1::Party::kAuthority:
      return party->authority().title();
    case v1::Party::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<v1::Right>> RootRights(Session& session, const PlotAtEntry& at) {
  v1::ListRightsRequest request;
  request.set_county(at.county.code());
  request.set_plot(fmt::to_string(at.plot.number()));
  *request.mutable_read() = ReadAt(at);
  const auto rights = session.CallAllPages(&Session::Registry::ListRights, request);
  if (!rights.ok()) return rights.status();
  std::set<std::uint64_t> numbers;
  for (const v1::Right& right : rights->rights()) numbers.insert(right.number());
  std::vector<v1::Right> roots;
  for (const v1::Right& right : rights->rights()) {
    if (!numbers.contains(right.parent())) roots.push_back(right);
  }
  return roots;
}

// The names of the holders; absent when there are none or one of them is kept from the caller.
absl::StatusOr<std::optional<std::string>> HolderNames(Session& session, const PlotAtEntry& at) {
  const auto rights = RootRights(session, at);
  if (!rights.ok()) return rights.status();
  std::set<std::uint64_t> named;
  std::string names;
  for (const v1::Right& right : *rights) {
    for (const v1::Holder& holder : right.holders()) {
      if (!named.insert(holder.party()).second) continue;
      const auto name = NameOf(session, at, holder.party());
      if (!name.ok()) return name.status();
      if (!name->has_value()) return std::nullopt;
      names += (names.empty() ? "" : "、") + **name;
    }
  }
  if (names.empty()) return std::nullopt;
  return names;
}

std::vector<std::string> RemarksOn(const PlotAtEntry& at, const v1::Head& head) {
  std::vector<std::string> remarks;
  if (head.trial() || at.county.trial())
    remarks.emplace_back("试用登记簿，无法律效力 TRIAL BOOK: NO LEGAL FORCE");
  if (at.plot.state() == v1::RECORD_STATE_ENDED) {
    remarks.emplace_back("本宗地已终止 THIS PLOT HAS ENDED");
  }
  if (at.plot.unconfirmed()) remarks.emplace_back("权属未确认 OCCUPATION NOT CONFIRMED AS LAWFUL");
  if (at.sequence < at.county.sequence()) {
    remarks.push_back(
        fmt::format("历史状态（第 {0} 条） NOT CURRENT: AS OF ENTRY {0}", at.sequence));
  }
  return remarks;
}

std::vector<std::string> TraceOf(const PlotAtEntry& at, const v1::Head& head) {
  return {
      fmt::format("据登记簿第 {0} 条绘制，本宗末次变更为第 {1} 条。 Drawn as of entry {0} of the "
                  "book; the plot last changed in entry {1}.",
                  at.sequence, at.plot.etag()),
      fmt::format("签名树头 signed head: entry {}, {} leaves, {}, key {}", head.sequence(),
                  head.tree_size(), head.suite(), storage::HexOf(head.key_id())),
      fmt::format("root {}", storage::HexOf(head.root()))};
}

std::string PlaneText(std::uint32_t epsg) {
  const std::string code = fmt::format("EPSG:{}", epsg);
  const auto plane = geo::PlaneOf(code);
  return plane.ok() ? fmt::format("{}（{}）", plane->name, code) : code;
}

std::string DateOf(common::Micros time) {
  const auto zone = common::TimeZone::Named(common::kDefaultTimeZone);
  return zone ? common::FormatCivilDate(zone->DateAt(time)) : std::string();
}

}  // namespace

absl::StatusOr<PlotAtEntry> ReadPlotAtEntry(Session& session, const std::string& code,
                                            const std::string& as_of) {
  const auto county = CountyOf(session);
  if (!county.ok()) return county.status();
  PlotAtEntry at{*county, {}, county->sequence()};
  v1::GetPlotRequest request;
  request.set_county(county->code());
  request.set_plot(code);
  *request.mutable_read() = as_of.empty() ? ReadAt(at) : ReadAsOf(as_of);
  request.set_boundary_format(v1::BOUNDARY_FORMAT_COMPACT);
  const auto plot = session.Call(&Session::Registry::GetPlot, request);
  if (!plot.ok()) return plot.status();
  at.plot = *plot;
  if (request.read().as_of_case() == v1::ReadOptions::kSequence) {
    at.sequence = request.read().sequence();
    return at;
  }
  // Which entry a time means is for the server to say.
  const auto boundary = BoundaryOf(at.plot);
  if (!boundary.ok()) return boundary.status();
  v1::FindPlotsRequest window = WindowRequest(at, boundary->Bounds());
  *window.mutable_read() = request.read();
  const auto sequence = SequenceOfWindow(session, window);
  if (!sequence.ok()) return sequence.status();
  at.sequence = *sequence;
  return at;
}

absl::StatusOr<sheet::PlotFacts> ReadPlotFacts(Session& session, const PlotAtEntry& at) {
  sheet::PlotFacts facts;
  auto boundary = BoundaryOf(at.plot);
  if (!boundary.ok()) return boundary.status();
  facts.boundary = *std::move(boundary);
  const auto area = geo::ParseHundredths(at.plot.recorded_area_m2());
  if (!area.ok()) return area.status();
  facts.recorded_hundredths_m2 = *area;
  v1::GetHeadRequest head_request;
  head_request.set_county(at.county.code());
  head_request.set_min_sequence(at.sequence);
  const auto head = session.Call(&Session::Registry::GetHead, head_request);
  if (!head.ok()) return head.status();
  const auto holder = HolderNames(session, at);
  if (holder.ok()) {
    facts.holder = *holder;
  } else if (!absl::IsPermissionDenied(holder.status())) {
    return holder.status();
  }
  facts.county = fmt::format("{} {}", at.county.title(), at.county.code());
  facts.code = at.plot.code();
  facts.location = at.plot.location();
  facts.land_use = at.plot.land_use();
  facts.plane = PlaneText(at.county.epsg());
  facts.remarks = RemarksOn(at, *head);
  facts.trace = TraceOf(at, *head);
  // By the book's clock, so that one book gives one sheet.
  const common::Micros drawn = MicrosOf(at.county.recorded_at());
  facts.drawn_date = DateOf(drawn);
  facts.drawn_at = common::FormatTime(drawn).substr(0, kWholeSeconds) + "Z";
  return facts;
}

absl::StatusOr<std::vector<sheet::Neighbour>> ReadNeighbours(Session& session,
                                                             const PlotAtEntry& at,
                                                             const geo::Box& window) {
  v1::FindPlotsRequest request = WindowRequest(at, window);
  *request.mutable_read() = ReadAt(at);
  const auto plots = PlotsOfWindow(session, request, v1::BOUNDARY_FORMAT_COMPACT);
  if (!plots.ok()) return plots.status();
  std::vector<sheet::Neighbour> neighbours;
  for (const v1::Plot& plot : plots->plots()) {
    if (plot.number() == at.plot.number()) continue;
    auto boundary = BoundaryOf(plot);
    if (!boundary.ok()) return boundary.status();
    neighbours.push_back({plot.code(), *std::move(boundary)});
  }
  // In the order of codes, so that labels find their places in one order.
  std::sort(neighbours.begin(), neighbours.end(),
            [](const auto& a, const auto& b) { return a.code < b.code; });
  return neighbours;
}

}  // namespace landbook::tools
