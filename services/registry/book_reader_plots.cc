// Plots: what a plot's answer shows beside its record, its history and its kin.
#include <algorithm>
#include <set>

#include "geo/area.h"
#include "services/registry/book_reader.h"
#include "services/registry/boundary_spelling.h"
#include "services/registry/record_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

TableKey WindowKeyOf(const Place& place, std::uint64_t plot) {
  return TableKey(Table::kWindow).U8(place.tier).U8(place.size_class).U64(place.position).U64(plot);
}

TableKey PlaceKeyOf(std::uint64_t plot) { return TableKey(Table::kPlace).U64(plot); }

// The two numbers that end a link's key: of what, and what.
struct Link {
  std::uint64_t of = 0;
  std::uint64_t to = 0;
};
Link LinkOf(std::string_view key) {
  storage::ByteReader reader(key.substr(1));
  Link link;
  link.of = reader.ReadU64();
  link.to = reader.ReadU64();
  return link;
}

void SortById(std::vector<v1::Plot>* plots) {
  std::sort(plots->begin(), plots->end(),
            [](const v1::Plot& a, const v1::Plot& b) { return a.number() < b.number(); });
}

}  // namespace

// A plot on its way to an answer.
struct BookReader::PlotParts {
  std::optional<Version> record;
  std::optional<Version> place;
  std::optional<v1::Plot> plot;
};

// Boundaries, and the times of the plots' entries in the same round trip.
void BookReader::ReadBoundaries(std::span<const std::uint64_t> numbers, v1::BoundaryFormat format,
                                std::vector<PlotParts>* plots) {
  std::vector<TableKey> lines;
  std::vector<std::uint8_t> size_classes;
  std::vector<std::size_t> of_line;
  std::vector<std::uint64_t> sequences;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const PlotParts& parts = (*plots)[i];
    if (!parts.record) continue;
    sequences.push_back(parts.record->from);
    if (!parts.place) continue;
    const auto place = DecodePlace(parts.place->value);
    if (!place.ok()) {
      tables_.Fail(place.status());
      continue;
    }
    lines.push_back(WindowKeyOf(*place, numbers[i]));
    size_classes.push_back(place->size_class);
    of_line.push_back(i);
  }
  const auto headers = HeaderKeysFor(&sequences);
  const auto mixed = tables_.GetWith(lines, headers);
  TakeHeaders(sequences, mixed.others);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    PlotParts& parts = (*plots)[of_line[i]];
    const auto& line = mixed.versions[i];
    if (!line || !parts.plot) continue;
    const auto value = DecodeWindowValue(size_classes[i], line->value);
    tables_.Fail(value.status());
    if (!value.ok()) continue;
    tables_.Fail(
        SpellBoundary(value->compact, format, source_.epsg, parts.plot->mutable_boundary()));
  }
}

void BookReader::AddUnits(std::span<const std::uint64_t> numbers, std::vector<PlotParts>* plots) {
  std::map<std::uint64_t, std::vector<std::size_t>> positions;  // by plot
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if ((*plots)[i].plot) positions[numbers[i]].push_back(i);
  }
  std::vector<storage::KeyRange> ranges;
  for (const auto& [number, at] : positions) {
    ranges.push_back(RangeOf(TableKey(Table::kUnitsOfPlot).U64(number)));
  }
  std::vector<Link> links;
  std::vector<TableKey> keys;
  for (const TableItem& item : tables_.Page(ranges, {}).items) {
    links.push_back(LinkOf(item.key));
    keys.push_back(RecordKey(v1::RECORD_KIND_UNIT, links.back().to));
  }
  // The last thing that is read of plots: is there an entry by now that they do not show?
  std::vector<std::string> next_entry;
  if (expects_newest_) next_entry.push_back(JournalKey(source_.book, as_of() + 1, 0));
  const auto mixed = tables_.GetWith(keys, next_entry);
  const auto& units = mixed.versions;
  has_moved_ = expects_newest_ && mixed.others.front().has_value();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto unit = units[i] ? Parse<v1::Unit>(links[i].to, *units[i]) : std::nullopt;
    if (!unit || unit->state() != v1::RECORD_STATE_LIVE) continue;
    for (const std::size_t at : positions[links[i].of]) (*plots)[at].plot->add_units(links[i].to);
  }
}

std::vector<std::optional<v1::Plot>> BookReader::FindPlots(std::span<const std::uint64_t> numbers,
                                                           v1::BoundaryFormat format) {
  if (!expects_newest_) return ReadPlots(numbers, format);
  tables_.set_reads_past(false);
  auto plots = ReadPlots(numbers, format);
  tables_.set_reads_past(true);
  if (!has_moved_) return plots;
  expects_newest_ = false;
  return ReadPlots(numbers, format);
}

std::vector<std::optional<v1::Plot>> BookReader::ReadPlots(std::span<const std::uint64_t> numbers,
                                                           v1::BoundaryFormat format) {
  const bool with_boundary = format != v1::BOUNDARY_FORMAT_NONE;
  std::vector<TableKey> keys;
  for (const std::uint64_t number : numbers) {
    keys.push_back(RecordKey(v1::RECORD_KIND_PLOT, number));
    if (with_boundary) keys.push_back(PlaceKeyOf(number));
  }
  auto versions = tables_.Get(keys);
  std::vector<PlotParts> parts(numbers.size());
  const std::size_t stride = with_boundary ? 2 : 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    parts[i].record = std::move(versions[i * stride]);
    if (with_boundary) parts[i].place = std::move(versions[i * stride + 1]);
    if (parts[i].record) parts[i].plot = Parse<v1::Plot>(numbers[i], *parts[i].record);
  }
  ReadBoundaries(numbers, format, &parts);
  AddUnits(numbers, &parts);
  std::vector<std::optional<v1::Plot>> plots(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!parts[i].plot) continue;
    v1::Plot& plot = *parts[i].plot;
    Dress(numbers[i], parts[i].record->from, &plot);
    if (const auto area = geo::ParseHundredths(plot.recorded_area_m2()); area.ok()) {
      plot.set_recorded_area_mu(geo::FormatHundredths(geo::MuHundredthsFromM2(*area)));
    }
    plots[i] = std::move(plot);
  }
  return plots;
}

std::optional<v1::Plot> BookReader::FindPlot(std::string_view number_or_code,
                                             v1::BoundaryFormat format) {
  const auto number = NumberOf(v1::RECORD_KIND_PLOT, number_or_code);
  return number ? FindPlot(*number, format) : std::nullopt;
}

std::vector<v1::Plot> BookReader::PlotHistory(std::uint64_t number, v1::BoundaryFormat format) {
  std::vector<v1::Plot> versions;
  for (const Version& version : tables_.History(RecordKey(v1::RECORD_KIND_PLOT, number))) {
    const bool stands = version.to == 0 || version.to > as_of();
    BookReader then(source_, stands ? as_of() : version.to - 1);
    auto plot = then.FindPlot(number, format);
    tables_.Fail(then.status());
    if (plot) versions.push_back(*std::move(plot));
  }
  return versions;
}

template <typename Next>
std::vector<v1::Plot> BookReader::Follow(std::uint64_t plot, Next next, bool* complete) {
  std::set<std::uint64_t> seen = {plot};
  std::vector<std::uint64_t> generation = {plot};
  std::vector<v1::Plot> found;
  while (!generation.empty() && found.size() <= kLineageMax) {
    std::vector<std::uint64_t> following;
    for (auto& kin : FindPlots(generation, v1::BOUNDARY_FORMAT_NONE)) {
      if (!kin) continue;
      for (const std::uint64_t number : next(*kin)) {
        if (seen.insert(number).second) following.push_back(number);
      }
      if (kin->number() != plot) found.push_back(*std::move(kin));
    }
    generation = std::move(following);
  }
  if (found.size() > kLineageMax) *complete = false;
  SortById(&found);
  return found;
}

Lineage BookReader::LineageOf(std::uint64_t plot) {
  Lineage lineage;
  lineage.ancestors = Follow(
      plot, [](const v1::Plot& kin) { return kin.made_from(); }, &lineage.complete);
  lineage.descendants = Follow(
      plot, [](const v1::Plot& kin) { return kin.made_into(); }, &lineage.complete);
  return lineage;
}

}  // namespace landbook::registry
