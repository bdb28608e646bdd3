// What lies where: points and windows.
#include <set>
#include <span>
#include <string>
#include <utility>

#include "geo/compact.h"
#include "geo/exact.h"
#include "services/registry/book_reader.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

// The two bytes that end the key of a counter of the window index.
TierClass TierClassOf(std::string_view counter_key) {
  storage::ByteReader reader(counter_key.substr(counter_key.size() - 2));
  const std::uint8_t tier = reader.ReadU8();
  return {tier, reader.ReadU8()};
}

}  // namespace

// The counters stay when they fall to zero, so whatever held as of any entry has one.
std::set<TierClass> BookReader::ReadGroundClasses() {
  std::string prefix = WindowCountKey(source_.book, 0, 0);
  prefix.resize(prefix.size() - 2);
  const storage::KeyRange range = storage::PrefixRange(prefix);
  std::set<TierClass> used;
  const auto visit = [&used](std::string_view key, std::string_view) {
    used.insert(TierClassOf(key));
    return true;
  };
  tables_.Fail(tables_.engine().Scan({&range, 1}, storage::ScanLimit{}, visit).status());
  return used;
}

std::vector<TierClass> BookReader::GroundClasses(std::optional<std::uint8_t> tier) {
  std::optional<std::set<TierClass>> used;
  if (source_.memory != nullptr) used = source_.memory->Classes();
  if (!used) {
    used = ReadGroundClasses();
    if (source_.memory != nullptr && tables_.status().ok()) source_.memory->LearnClasses(*used);
  }
  std::vector<TierClass> classes;
  for (const TierClass& tier_class : *used) {
    if (!tier || *tier == tier_class.first) classes.push_back(tier_class);
  }
  return classes;
}

std::optional<WindowValue> BookReader::DecodeLine(std::string_view key, std::string_view value) {
  auto line = DecodeWindowValue(TailOfWindowKey(key).size_class, value);
  tables_.Fail(line.status());
  if (!line.ok()) return std::nullopt;
  return *std::move(line);
}

bool BookReader::HasMoved() {
  if (source_.memory != nullptr) return source_.memory->MayHaveMoved(as_of());
  const std::string next_entry = JournalKey(source_.book, as_of() + 1, 0);
  return tables_.ReadKeys({&next_entry, 1}).front().has_value();
}

TablePage BookReader::NewestPage(std::span<const storage::KeyRange> ranges,
                                 const storage::ScanLimit& limit, ItemFilter wanted) {
  if (!expects_newest_) return tables_.Page(ranges, limit, wanted);
  tables_.set_reads_past(false);
  TablePage page = tables_.Page(ranges, limit, wanted);
  tables_.set_reads_past(true);
  if (!HasMoved()) return page;
  expects_newest_ = false;
  return tables_.Page(ranges, limit, wanted);
}

std::vector<v1::Plot> BookReader::Locate(geo::Vertex point, v1::BoundaryFormat format) {
  const geo::Box plane{-geo::kCoordinateMax, -geo::kCoordinateMax, geo::kCoordinateMax,
                       geo::kCoordinateMax};
  if (!plane.Contains(point)) return {};
  GroundScan near(this, {point.x, point.y, point.x, point.y}, std::nullopt);
  const geo::Vertex doubled{2 * point.x, 2 * point.y};
  std::set<std::pair<std::uint8_t, std::uint64_t>> found;  // tier and plot
  while (const GroundLine* line = near.Next()) {
    const auto boundary = geo::DecodeCompact(CompactOf(line->shown));
    if (!boundary.ok()) {
      tables_.Fail(absl::DataLossError("a kept boundary cannot be decoded"));
    } else if (geo::LocationInBoundary(doubled, *boundary) != geo::Location::kOutside) {
      found.emplace(line->tier, line->plot);
    }
  }
  std::vector<std::uint64_t> numbers;
  for (const auto& [tier, plot] : found) numbers.push_back(plot);
  std::vector<v1::Plot> plots;
  for (auto& plot : FindPlots(numbers, format)) {
    if (plot) plots.push_back(*std::move(plot));
  }
  return plots;
}

bool WindowCursor::Next(v1::FindPlotsResponse* page) {
  page->set_sequence(reader_->as_of());
  std::string& bytes = *page->mutable_page();
  std::uint32_t count = 0;
  for (; next_ != nullptr; next_ = scan_.Next()) {
    if (count > 0 && bytes.size() + next_->shown.size() > kPageBytesMax) break;
    bytes.append(next_->shown);
    ++count;
  }
  page->set_count(count);
  return count > 0 && reader_->status().ok();
}

}  // namespace landbook::registry
