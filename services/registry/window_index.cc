#include "services/registry/window_index.h"

#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "geo/hilbert.h"
#include "geo/stretch.h"
#include "services/registry/fold.h"
#include "services/registry/record_index.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// How many ranges a window may have in each size class. A range costs a seek; reading over a gap
// costs the lines in it, of which the larger classes have few.
constexpr std::array<std::size_t, kWindowClassCount> kRangesMax = {8, 8, 4, 2, 1, 4};

// How far an anchor in each class may lie from what its box reaches.
constexpr std::array<std::int64_t, kWindowClassCount> kReachSteps = {
    geo::kSizeClassExtentSteps[0], geo::kSizeClassExtentSteps[1], geo::kSizeClassExtentSteps[2],
    geo::kSizeClassExtentSteps[3], geo::kSizeClassExtentSteps[4], geo::kStretchExtentSteps};

std::string TablePrefix(BookNumber book, Space space) {
  return SpacePrefix(book, space) + TableKey(Table::kWindow).bytes();
}

// A line from its key, without what follows the plot, and its stored value. Stored bytes that
// cannot be read contradict themselves: the process ends rather than act on them.
WindowLine LineOf(std::string_view key, std::string_view stored) {
  const WindowKeyTail tail = TailOfWindowKey(key);
  storage::ByteReader reader(stored);
  WindowLine line;
  line.plot = tail.plot;
  line.from = reader.ReadVarint();
  const auto value = DecodeWindowValue(tail.size_class, reader.Rest());
  LANDBOOK_CHECK(reader.Ok() && value.ok());
  line.reach = value->reach;
  line.box = value->box;
  line.compact = value->compact;
  line.is_stretch = tail.size_class == kStretchClass;
  return line;
}

// Shows each plot once: a long one has several lines that a window may meet.
class OnceEach {
 public:
  OnceEach(const geo::Box& box, WindowVisitor visitor) : box_(box), visitor_(visitor) {}

  // False when the visitor wants no more.
  bool Show(const WindowLine& line) {
    if (!line.reach.Intersects(box_)) return true;
    if (line.is_stretch && !seen_.insert(line.plot).second) return true;
    return visitor_(line);
  }

 private:
  const geo::Box& box_;
  WindowVisitor visitor_;
  std::set<std::uint64_t> seen_;
};

// The size classes that may hold something.
std::vector<std::uint8_t> ClassesToRead(const VersionReader& state, std::uint8_t tier) {
  std::vector<std::uint8_t> classes;
  for (std::uint8_t size_class = 0; size_class < kWindowClassCount; ++size_class) {
    const std::string counter = WindowCountKey(state.book(), tier, size_class);
    if (state.as_of() != kNewest || ReadCounter(state.view(), counter).count > 0) {
      classes.push_back(size_class);
    }
  }
  return classes;
}

// False when the visitor wants no more.
bool VisitNewest(const View& view, const storage::KeyRange& range, OnceEach* shown) {
  bool going = true;
  view.Scan(range, [&](std::string_view key, std::string_view stored) {
    going = shown->Show(LineOf(key, stored));
    return going;
  });
  return going;
}

// What holds as of the sequence in one range of a table: current first, past second (versions.h).
class LinesAsOf {
 public:
  explicit LinesAsOf(const VersionReader& state) : state_(state) {}

  void Read(const storage::KeyRange& current, const storage::KeyRange& past) {
    const std::size_t skip = SpacePrefix(state_.book(), Space::kCurrent).size();
    state_.view().Scan(current, [&](std::string_view key, std::string_view stored) {
      Keep(key.substr(skip), stored);
      return true;
    });
    state_.view().Scan(past, [&](std::string_view key, std::string_view stored) {
      const std::string_view to = key.substr(key.size() - sizeof(std::uint64_t));
      if (storage::ByteReader(to).ReadU64() > state_.as_of()) {
        key.remove_suffix(sizeof(std::uint64_t));
        Keep(key.substr(skip), stored);
      }
      return true;
    });
  }

  // False when the visitor wants no more.
  bool ShowTo(OnceEach* shown) const {
    for (const auto& [key, stored] : lines_) {
      if (!shown->Show(LineOf(key, stored))) return false;
    }
    return true;
  }

 private:
  void Keep(std::string_view key, std::string_view stored) {
    if (storage::ByteReader(stored).ReadVarint() <= state_.as_of())
      lines_[std::string(key)] = stored;
  }

  const VersionReader& state_;
  std::map<std::string, std::string> lines_;
};

}  // namespace

void ForEachInWindow(const VersionReader& state, const TierWindow& window, WindowVisitor visitor) {
  const std::string current_prefix = TablePrefix(state.book(), Space::kCurrent);
  const std::string past_prefix = TablePrefix(state.book(), Space::kPast);
  OnceEach shown(window.box, visitor);
  for (const std::uint8_t size_class : ClassesToRead(state, window.tier)) {
    const auto current = WindowRanges(current_prefix, window, size_class);
    if (state.as_of() == kNewest) {
      for (const storage::KeyRange& range : current) {
        if (!VisitNewest(state.view(), range, &shown)) return;
      }
      continue;
    }
    const auto past = WindowRanges(past_prefix, window, size_class);
    for (std::size_t i = 0; i < current.size(); ++i) {
      LinesAsOf lines(state);
      lines.Read(current[i], past[i]);
      if (!lines.ShowTo(&shown)) return;
    }
  }
}

WindowKeyTail TailOfWindowKey(std::string_view key) {
  constexpr std::size_t kTailBytes = 2 + 2 * sizeof(std::uint64_t);
  LANDBOOK_CHECK(key.size() >= kTailBytes);
  storage::ByteReader reader(key.substr(key.size() - kTailBytes));
  WindowKeyTail tail;
  tail.tier = reader.ReadU8();
  tail.size_class = reader.ReadU8();
  tail.position = reader.ReadU64();
  tail.plot = reader.ReadU64();
  return tail;
}

std::int64_t WindowReachSteps(std::uint8_t size_class) {
  LANDBOOK_CHECK(size_class < kWindowClassCount);
  return kReachSteps[size_class];
}

std::vector<storage::KeyRange> WindowRanges(std::string_view prefix, const TierWindow& window,
                                            std::uint8_t size_class) {
  LANDBOOK_CHECK(size_class < kWindowClassCount);
  std::string class_prefix(prefix);
  storage::AppendU8(class_prefix, window.tier);
  storage::AppendU8(class_prefix, size_class);
  std::vector<storage::KeyRange> ranges;
  for (const auto& [begin, end] :
       geo::HilbertRanges(window.box, WindowReachSteps(size_class), kRangesMax[size_class])) {
    storage::KeyRange range{class_prefix, class_prefix};
    storage::AppendU64(range.begin, begin);
    storage::AppendU64(range.end, end);
    ranges.push_back(std::move(range));
  }
  return ranges;
}

std::vector<storage::KeyRange> WindowRanges(std::string_view prefix, const TierWindow& window) {
  std::vector<storage::KeyRange> ranges;
  for (std::uint8_t size_class = 0; size_class < kWindowClassCount; ++size_class) {
    auto of_class = WindowRanges(prefix, window, size_class);
    ranges.insert(ranges.end(), std::make_move_iterator(of_class.begin()),
                  std::make_move_iterator(of_class.end()));
  }
  return ranges;
}

std::optional<StoredBoundary> BoundaryOf(const VersionReader& state, std::uint64_t plot) {
  const auto place_bytes = state.Value(TableKey(Table::kPlace).U64(plot));
  if (!place_bytes) return std::nullopt;
  const auto place = DecodePlace(*place_bytes);
  LANDBOOK_CHECK(place.ok());
  const auto line = state.Get(TableKey(Table::kWindow)
                                  .U8(place->tier)
                                  .U8(place->size_class)
                                  .U64(place->position)
                                  .U64(plot));
  if (!line) return std::nullopt;
  const auto value = DecodeWindowValue(place->size_class, line->value);
  LANDBOOK_CHECK(value.ok());
  return StoredBoundary{line->from, place->tier, value->box, std::string(value->compact)};
}

}  // namespace landbook::registry
