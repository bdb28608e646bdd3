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

std::uint64_t PlotOfPlaceKey(std::string_view key) {
  return storage::ByteReader(key.substr(1)).ReadU64();
}

void SortById(std::vector<v1::Plot>* plots) {
  std::sort(plots->begin(), plots->end(),
            [](const v1::Plot& a, const v1::Plot& b) { return a.number() < b.number(); });
}

}  // namespace

// What was read of a plot: its record, the line of its boundary, and the records of its units.
struct BookReader::PlotParts {
  const PlotHead* head = nullptr;
  const std::optional<Version>* line = nullptr;  // null where it has no place
  std::span<const std::optional<Version>> units;
};

std::shared_ptr<const PlotRun> BookReader::RunOf(std::uint64_t plot) {
  BookMemory& memory = *source_.memory;
  const std::uint64_t first = PlotRun::FirstOf(plot);
  if (auto kept = memory.FindRun(first, as_of())) return kept;
  const auto of_table = [first](Table table) {
    const std::uint64_t last = first + (PlotRun::kPlots - 1);
    return storage::KeyRange{TableKey(table).U64(first).bytes(),
                             RangeOf(TableKey(table).U64(last)).end};
  };
  const storage::KeyRange ranges[] = {of_table(Table::kPlace), of_table(Table::kUnitsOfPlot)};
  auto run = std::make_shared<PlotRun>(first);
  const auto page = NewestPage(ranges, {}, [](std::string_view, std::string_view) { return true; });
  for (const TableItem& item : page.items) {
    if (static_cast<Table>(item.key.front()) == Table::kUnitsOfPlot) {
      const Link link = LinkOf(item.key);
      run->AddUnit(link.of, link.to);
      continue;
    }
    const auto place = DecodePlace(item.value);
    tables_.Fail(place.status());
    if (place.ok()) run->SetPlace(PlotOfPlaceKey(item.key), *place);
  }
  if (tables_.status().ok()) memory.KeepRun(as_of(), run);
  return run;
}

std::vector<PlotHead> BookReader::HeadsOf(std::span<const std::uint64_t> numbers,
                                          bool with_boundary) {
  std::vector<PlotHead> heads(numbers.size());
  if (NewestMemory() != nullptr) {
    std::transform(numbers.begin(), numbers.end(), heads.begin(),
                   [this](std::uint64_t number) { return RunOf(number)->HeadOf(number); });
    return heads;
  }
  std::vector<TableKey> keys;
  std::map<std::uint64_t, std::vector<std::uint64_t>> units;  // by plot
  for (const std::uint64_t number : numbers) {
    if (with_boundary) keys.push_back(PlaceKeyOf(number));
    units[number];
  }
  std::vector<storage::KeyRange> ranges;
  for (const auto& [number, of_plot] : units) {
    ranges.push_back(RangeOf(TableKey(Table::kUnitsOfPlot).U64(number)));
  }
  for (const TableItem& item : tables_.Page(ranges, {}).items) {
    const Link link = LinkOf(item.key);
    units[link.of].push_back(link.to);
  }
  const auto places = tables_.Get(keys);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    heads[i].units = units[numbers[i]];
    if (!with_boundary || !places[i]) continue;
    const auto place = DecodePlace(places[i]->value);
    tables_.Fail(place.status());
    if (place.ok()) heads[i].place = *place;
  }
  return heads;
}

std::vector<std::optional<v1::Plot>> BookReader::FindPlots(std::span<const std::uint64_t> numbers,
                                                           v1::BoundaryFormat format) {
  if (!expects_newest_) return ReadPlots(numbers, format);
  tables_.set_reads_past(false);
  auto plots = ReadPlots(numbers, format);
  tables_.set_reads_past(true);
  if (!HasMoved()) return plots;
  expects_newest_ = false;
  return ReadPlots(numbers, format);
}

void BookReader::Fill(const PlotParts& parts, v1::BoundaryFormat format, v1::Plot* plot) {
  if (parts.line != nullptr && *parts.line) {
    const auto value = DecodeWindowValue(parts.head->place->size_class, (*parts.line)->value);
    tables_.Fail(value.status());
    if (value.ok()) {
      tables_.Fail(SpellBoundary(value->compact, format, source_.epsg, plot->mutable_boundary()));
    }
  }
  for (std::size_t i = 0; i < parts.units.size(); ++i) {
    if (!parts.units[i]) continue;
    const auto unit = Parse<v1::Unit>(parts.head->units[i], *parts.units[i]);
    if (unit && unit->state() == v1::RECORD_STATE_LIVE) plot->add_units(parts.head->units[i]);
  }
  if (const auto area = geo::ParseHundredths(plot->recorded_area_m2()); area.ok()) {
    plot->set_recorded_area_mu(geo::FormatHundredths(geo::MuHundredthsFromM2(*area)));
  }
}

// Two steps for any number of plots: where everything lies, and everything.
std::vector<std::optional<v1::Plot>> BookReader::ReadPlots(std::span<const std::uint64_t> numbers,
                                                           v1::BoundaryFormat format) {
  const bool with_boundary = format != v1::BOUNDARY_FORMAT_NONE;
  const std::vector<PlotHead> heads = HeadsOf(numbers, with_boundary);
  std::vector<TableKey> keys;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    keys.push_back(RecordKey(v1::RECORD_KIND_PLOT, numbers[i]));
    if (with_boundary && heads[i].place) keys.push_back(WindowKeyOf(*heads[i].place, numbers[i]));
    for (const std::uint64_t unit : heads[i].units) {
      keys.push_back(RecordKey(v1::RECORD_KIND_UNIT, unit));
    }
  }
  const auto versions = tables_.Get(keys);
  std::vector<std::optional<v1::Plot>> plots(numbers.size());
  std::vector<std::uint64_t> sequences(numbers.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& record = versions[next++];
    PlotParts parts;
    parts.head = &heads[i];
    if (with_boundary && heads[i].place) parts.line = &versions[next++];
    parts.units = std::span(versions).subspan(next, heads[i].units.size());
    next += parts.units.size();
    if (record) plots[i] = Parse<v1::Plot>(numbers[i], *record);
    if (!plots[i]) continue;
    Fill(parts, format, &*plots[i]);
    sequences[i] = record->from;
  }
  LearnRecordedTimes(sequences);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (plots[i]) Dress(numbers[i], sequences[i], &*plots[i]);
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
    BookReader then(source_, version.to == 0 ? as_of() : version.to - 1);
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
