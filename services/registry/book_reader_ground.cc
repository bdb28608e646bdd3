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

// A tier and a size class of it that have held a boundary at some time.
using TierClass = std::pair<std::uint8_t, std::uint8_t>;

// Their counters stay when they fall to zero, so whatever held as of any entry has one.
std::set<TierClass> UsedClasses(TableReader* tables, std::optional<std::uint8_t> tier) {
  // The counters' keys without tier and size class; two bytes follow.
  std::string prefix = WindowCountKey(tables->book(), tier.value_or(0), 0);
  prefix.resize(prefix.size() - (tier ? 1 : 2));
  const storage::KeyRange range = storage::PrefixRange(prefix);
  std::set<TierClass> used;
  tables->Fail(tables->engine()
                   .Scan({&range, 1}, storage::ScanLimit{},
                         [&](std::string_view key, std::string_view) {
                           storage::ByteReader reader(key.substr(key.size() - 2));
                           const std::uint8_t of = reader.ReadU8();
                           used.emplace(of, reader.ReadU8());
                           return true;
                         })
                   .status());
  return used;
}

}  // namespace

std::vector<storage::KeyRange> BookReader::WindowParts(const geo::Box& window,
                                                       std::optional<std::uint8_t> tier) {
  const auto used = UsedClasses(&tables_, tier);
  std::set<std::uint8_t> tiers;
  for (const TierClass& tier_class : used) tiers.insert(tier_class.first);
  const std::string table = TableKey(Table::kWindow).bytes();
  std::vector<storage::KeyRange> parts;
  for (const std::uint8_t of : tiers) {
    for (storage::KeyRange& range : WindowRanges(table, {of, window})) {
      const auto size_class = static_cast<std::uint8_t>(range.begin[table.size() + 1]);
      if (used.contains({of, size_class})) parts.push_back(std::move(range));
    }
  }
  return parts;
}

std::optional<WindowValue> BookReader::DecodeLine(std::string_view key, std::string_view value) {
  auto line = DecodeWindowValue(TailOfWindowKey(key).size_class, value);
  tables_.Fail(line.status());
  if (!line.ok()) return std::nullopt;
  return *std::move(line);
}

bool BookReader::HasMoved() {
  const std::string next_entry = JournalKey(source_.book, as_of() + 1, 0);
  return tables_.ReadKeys({&next_entry, 1}).front().has_value();
}

TablePage BookReader::GroundPage(std::span<const storage::KeyRange> ranges,
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
  const geo::Box window{point.x, point.y, point.x, point.y};
  const auto near = GroundPage(WindowParts(window, std::nullopt), {},
                               [&](std::string_view key, std::string_view value) {
                                 const auto line = DecodeLine(key, value);
                                 return line && line->reach.Contains(point);
                               });
  const geo::Vertex doubled{2 * point.x, 2 * point.y};
  std::set<std::pair<std::uint8_t, std::uint64_t>> found;  // tier and plot
  for (const TableItem& item : near.items) {
    const auto boundary = geo::DecodeCompact(DecodeLine(item.key, item.value)->compact);
    if (!boundary.ok()) {
      tables_.Fail(absl::DataLossError("a kept boundary cannot be decoded"));
    } else if (geo::LocationInBoundary(doubled, *boundary) != geo::Location::kOutside) {
      const WindowKeyTail tail = TailOfWindowKey(item.key);
      found.emplace(tail.tier, tail.plot);
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

void WindowCursor::ReadMore() {
  TablePage page = reader_->GroundPage(remaining_, {.max_bytes = kPageBytesMax},
                                       [this](std::string_view key, std::string_view value) {
                                         const auto line = reader_->DecodeLine(key, value);
                                         return line && line->reach.Intersects(window_);
                                       });
  remaining_ = std::move(page.remaining);
  items_ = std::move(page.items);
  taken_ = 0;
}

bool WindowCursor::Next(v1::FindPlotsResponse* page) {
  page->set_sequence(reader_->as_of());
  std::string& bytes = *page->mutable_page();
  std::uint32_t count = 0;
  while (true) {
    if (taken_ == items_.size()) {
      if (remaining_.empty() || !reader_->status().ok()) break;
      ReadMore();
      continue;
    }
    const TableItem& item = items_[taken_];
    const WindowKeyTail tail = TailOfWindowKey(item.key);
    if (tail.size_class == kStretchClass && stretched_.contains(tail.plot)) {
      ++taken_;
      continue;
    }
    const std::size_t before = bytes.size();
    storage::AppendVarint(bytes, tail.plot);
    storage::AppendU8(bytes, tail.tier);
    storage::AppendLengthPrefixed(bytes, DecodeWindowValue(tail.size_class, item.value)->packed);
    if (count > 0 && bytes.size() > kPageBytesMax) {
      bytes.resize(before);
      break;
    }
    if (tail.size_class == kStretchClass) stretched_.insert(tail.plot);
    ++count;
    ++taken_;
  }
  page->set_count(count);
  return count > 0 && reader_->status().ok();
}

}  // namespace landbook::registry
