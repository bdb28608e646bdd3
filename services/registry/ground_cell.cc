#include "services/registry/ground_cell.h"

#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// A window that is wider or higher than so many cells of a class reads the index itself: it shows
// thousands of plots, beside which a seek costs nothing, and would drive out what others look at.
constexpr std::uint64_t kCellsPerSideMax = 8;

// Also for windows whose sides do not fit a signed number.
bool IsFewCells(const geo::Box& window, std::uint8_t size_class) {
  const std::uint64_t side_max = (kCellsPerSideMax * geo::kHilbertCellSteps)
                                 << kGroundCellBits[size_class];
  const auto length = [](std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  };
  return length(window.min_x, window.max_x) <= side_max &&
         length(window.min_y, window.max_y) <= side_max;
}

std::uint64_t PositionsOfCell(std::uint8_t size_class) {
  return std::uint64_t{1} << (2 * kGroundCellBits[size_class]);
}

}  // namespace

GroundCellName CellOf(const WindowKeyTail& line) {
  LANDBOOK_CHECK(line.size_class < kWindowClassCount);
  return {line.tier, line.size_class, line.position & ~(PositionsOfCell(line.size_class) - 1)};
}

storage::KeyRange LinesOfCell(const GroundCellName& cell) {
  const auto at = [&cell](std::uint64_t position) {
    return TableKey(Table::kWindow).U8(cell.tier).U8(cell.size_class).U64(position).bytes();
  };
  return {at(cell.first_position), at(cell.first_position + PositionsOfCell(cell.size_class))};
}

std::optional<std::vector<GroundCellName>> CellsMeeting(const TierWindow& window,
                                                        std::uint8_t size_class) {
  if (!IsFewCells(window.box, size_class)) return std::nullopt;
  std::vector<GroundCellName> cells;
  const std::uint64_t step = PositionsOfCell(size_class);
  for (const auto& [begin, end] :
       geo::HilbertSquares(window.box, WindowReachSteps(size_class), kGroundCellBits[size_class])) {
    for (std::uint64_t first = begin; first < end; first += step) {
      cells.push_back({window.tier, size_class, first});
    }
  }
  return cells;
}

void AppendShown(const WindowKeyTail& line, std::string_view packed, std::string* bytes) {
  storage::AppendVarint(*bytes, line.plot);
  storage::AppendU8(*bytes, line.tier);
  storage::AppendLengthPrefixed(*bytes, packed);
}

std::string_view CompactOf(std::string_view shown) {
  storage::ByteReader reader(shown);
  reader.ReadVarint();
  reader.ReadU8();
  const auto value = DecodeWindowValue(/*size_class=*/0, reader.ReadLengthPrefixed());
  LANDBOOK_CHECK(value.ok());
  return value->compact;
}

void GroundLines::Add(const WindowKeyTail& line, const WindowValue& value) {
  AppendShown(line, value.packed, &shown_);
  reaches_.push_back(value.reach);
  lines_.push_back({line.plot, static_cast<std::uint32_t>(shown_.size()), line.tier,
                    line.size_class == kStretchClass});
}

void GroundLines::Finish() {
  reaches_.shrink_to_fit();
  lines_.shrink_to_fit();
  shown_.shrink_to_fit();
}

GroundLine GroundLines::line(std::size_t i) const {
  const Line& line = lines_[i];
  const std::size_t begin = i == 0 ? 0 : lines_[i - 1].end;
  return {line.plot, line.tier, line.is_stretch,
          std::string_view(shown_).substr(begin, line.end - begin)};
}

GroundLines GroundLines::TooLarge() {
  GroundLines lines;
  lines.is_too_large_ = true;
  return lines;
}

std::size_t GroundLines::SizeBytes() const {
  return sizeof(GroundLines) + reaches_.capacity() * sizeof(geo::Box) +
         lines_.capacity() * sizeof(Line) + shown_.capacity();
}

}  // namespace landbook::registry
