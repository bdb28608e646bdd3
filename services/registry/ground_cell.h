// Lines of the window index, decoded as far as windows ask; and the squares of the plane, by whose
// lines the newest state of a book is kept in memory (book_memory.h).
#ifndef LANDBOOK_SERVICES_REGISTRY_GROUND_CELL_H_
#define LANDBOOK_SERVICES_REGISTRY_GROUND_CELL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/boundary.h"
#include "geo/hilbert.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"

namespace landbook::registry {

// The squares of each size class have sides of 2^bits cells of the curve: 210 m for boundaries of
// up to 52 m and of up to 210 m, 839 m for those of up to that and for stretches, 3.4 km for those
// of up to that, and the whole plane for what is larger.
inline constexpr std::array<int, kWindowClassCount> kGroundCellBits = {
    12, 12, 14, 16, geo::kHilbertLevels, 14};

// A square of one tier and size class. Cells are ordered as their lines are in the index.
struct GroundCellName {
  std::uint8_t tier = 0;
  std::uint8_t size_class = 0;
  std::uint64_t first_position = 0;  // a multiple of 4^bits
};
// The cell of a line.
GroundCellName CellOf(const WindowKeyTail& line);
// The lines of a cell: a range of table keys.
storage::KeyRange LinesOfCell(const GroundCellName& cell);

// The cells in which a line of a tier and size class that meets `window` may lie, in order; nullopt
// when they would be more than some hundred, so that the index itself is better read.
std::optional<std::vector<GroundCellName>> CellsMeeting(const TierWindow& window,
                                                        std::uint8_t size_class);

// A line as an answer shows it.
struct GroundLine {
  std::uint64_t plot = 0;
  std::uint8_t tier = 0;
  bool is_stretch = false;
  // One plot of FindPlotsResponse.page.
  std::string_view shown;
};
// Appends one plot of FindPlotsResponse.page.
void AppendShown(const WindowKeyTail& line, std::string_view packed, std::string* bytes);
// The compact boundary in what AppendShown appended.
std::string_view CompactOf(std::string_view shown);

// Lines in the order of the index: those of a cell, or those of a page that was read.
class GroundLines {
 public:
  // REQUIRES: in the order of the index.
  void Add(const WindowKeyTail& line, const WindowValue& value);
  // After the last Add, of lines that are kept: gives back what was reserved for more.
  void Finish();

  std::size_t size() const { return reaches_.size(); }
  // What a window has to meet to be shown the line.
  const geo::Box& reach(std::size_t i) const { return reaches_[i]; }
  // Views into the lines. REQUIRES: i < size().
  GroundLine line(std::size_t i) const;

  // Too many lines to be kept: there are none here, and the index is to be read instead.
  bool is_too_large() const { return is_too_large_; }
  static GroundLines TooLarge();

  // Memory that the lines take.
  std::size_t SizeBytes() const;

 private:
  struct Line {
    std::uint64_t plot;
    std::uint32_t end;  // in shown_
    std::uint8_t tier;
    bool is_stretch;
  };

  bool is_too_large_ = false;
  std::vector<geo::Box> reaches_;  // apart, since most lines of a cell are asked for no more
  std::vector<Line> lines_;
  std::string shown_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_GROUND_CELL_H_
