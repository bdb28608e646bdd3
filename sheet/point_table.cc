#include "sheet/point_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "geo/area.h"
#include "geo/decimal.h"

namespace landbook::sheet {
namespace {

constexpr double kRowMm = 4.4;
constexpr double kHeadMm = 7.0;
constexpr double kBlockMinMm = 80;
constexpr double kTextMm = 2.3;
constexpr double kEnglishMm = 1.7;

std::size_t BlocksIn(double width_mm) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(width_mm / kBlockMinMm));
}

std::size_t RowsInBlock(double height_mm) {
  return static_cast<std::size_t>(std::max(0.0, (height_mm - kHeadMm + 1e-6) / kRowMm));
}

std::string RingHeading(std::size_t ring, const NumberedRing& numbered) {
  return numbered.hole ? fmt::format("第 {} 环（内环） Ring {}, a hole", ring + 1, ring + 1)
                       : fmt::format("第 {} 环（外环） Ring {}, a shell", ring + 1, ring + 1);
}

PointRow RowOf(const NumberedPoint& point, bool surveyed) {
  PointRow row{false, {point.number}};
  if (surveyed) row.cells.push_back(point.survey_number);
  row.cells.insert(row.cells.end(),
                   {geo::FormatMetres(point.place.y), geo::FormatMetres(point.place.x),
                    geo::FormatHundredths(point.side_hundredths_m)});
  return row;
}

// One block of a table: a heading and rows under it.
class Block {
 public:
  Block(const PointTable& table, const PaperBox& box, std::vector<Mark>& marks)
      : table_(table), box_(box), marks_(marks) {}

  void Draw(std::size_t first, std::size_t count) {
    const double bottom_mm = box_.top_mm + kHeadMm + static_cast<double>(count) * kRowMm;
    Lines rules{{}, false, 0.1, kBlack};
    for (std::size_t i = 0; i <= count; ++i) {
      const double y = box_.top_mm + kHeadMm + static_cast<double>(i) * kRowMm;
      rules.paths.push_back({{box_.left_mm, y}, {box_.right_mm, y}});
    }
    const auto edge = [&](double x) {
      rules.paths.push_back({{x, box_.top_mm}, {x, box_.top_mm + kHeadMm}});
    };
    edge(box_.left_mm);
    DrawCells(table_.columns[0], box_.top_mm + 2.5, kTextMm);
    DrawCells(table_.columns[1], box_.top_mm + 5.3, kEnglishMm);
    for (std::size_t i = 0; i < count; ++i) {
      const PointRow& row = table_.rows[first + i];
      DrawCells(row, box_.top_mm + kHeadMm + (static_cast<double>(i) + 0.5) * kRowMm, kTextMm);
    }
    double x = box_.left_mm;
    for (const double share : table_.shares) edge(x += share * box_.width_mm());
    rules.paths.push_back({{box_.left_mm, box_.top_mm}, {box_.right_mm, box_.top_mm}});
    rules.paths.push_back({{box_.left_mm, box_.top_mm}, {box_.left_mm, bottom_mm}});
    rules.paths.push_back({{box_.right_mm, box_.top_mm}, {box_.right_mm, bottom_mm}});
    marks_.push_back(std::move(rules));
  }

 private:
  void DrawCells(const PointRow& row, double y_mm, double size_mm) {
    if (row.heading) {
      Add(row.cells.front(), {box_.Centre().x_mm, y_mm}, size_mm);
      return;
    }
    double left_mm = box_.left_mm;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const double width_mm = table_.shares[i] * box_.width_mm();
      Add(row.cells[i], {left_mm + width_mm / 2, y_mm}, size_mm);
      left_mm += width_mm;
    }
  }

  void Add(const std::string& text, PaperPoint at, double size_mm) {
    Text mark;
    mark.text = text;
    mark.at = at;
    mark.size_mm = size_mm;
    mark.align = Align::kCentre;
    marks_.push_back(std::move(mark));
  }

  const PointTable& table_;
  PaperBox box_;
  std::vector<Mark>& marks_;
};

}  // namespace

PointTable TableOfPoints(std::span<const NumberedRing> rings) {
  bool surveyed = false;
  for (const NumberedRing& ring : rings) {
    for (const NumberedPoint& point : ring.points) surveyed |= !point.survey_number.empty();
  }
  PointTable table;
  if (surveyed) {
    table.columns = {{false, {"点号", "测量点号", "X（北）", "Y（东）", "边长"}},
                     {false, {"point", "survey no.", "northing, m", "easting, m", "to next, m"}}};
    table.shares = {0.13, 0.18, 0.26, 0.27, 0.16};
  } else {
    table.columns = {{false, {"点号", "X（北）", "Y（东）", "边长"}},
                     {false, {"point", "northing, m", "easting, m", "to next, m"}}};
    table.shares = {0.17, 0.31, 0.31, 0.21};
  }
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (rings.size() > 1) table.rows.push_back({true, {RingHeading(i, rings[i])}});
    for (const NumberedPoint& point : rings[i].points) table.rows.push_back(RowOf(point, surveyed));
  }
  return table;
}

std::size_t RowsThatFit(const PaperBox& box) {
  return BlocksIn(box.width_mm()) * RowsInBlock(box.height_mm());
}

double TableHeightMm(std::size_t rows, double width_mm) {
  const std::size_t blocks = BlocksIn(width_mm);
  return kHeadMm + static_cast<double>((rows + blocks - 1) / blocks) * kRowMm;
}

Layer DrawTable(const PointTable& table, std::size_t first_row, const PaperBox& box) {
  Layer layer;
  const std::size_t blocks = BlocksIn(box.width_mm());
  const std::size_t in_block = RowsInBlock(box.height_mm());
  const double block_mm = box.width_mm() / static_cast<double>(blocks);
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t first = first_row + i * in_block;
    if (first >= table.rows.size()) break;
    PaperBox place = box;
    place.left_mm = box.left_mm + static_cast<double>(i) * block_mm;
    place.right_mm = place.left_mm + block_mm;
    Block(table, place, layer.marks).Draw(first, std::min(in_block, table.rows.size() - first));
  }
  return layer;
}

}  // namespace landbook::sheet
