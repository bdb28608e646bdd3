// The table of boundary points (界址点坐标表) of a plot sheet.
#ifndef LANDBOOK_SHEET_POINT_TABLE_H_
#define LANDBOOK_SHEET_POINT_TABLE_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sheet/drawing.h"
#include "sheet/point_numbers.h"

namespace landbook::sheet {

// A row: the cells of a point, or one that goes across and names the ring that follows.
struct PointRow {
  bool heading = false;
  std::vector<std::string> cells;
};

struct PointTable {
  std::vector<PointRow> columns;  // two rows that say what the cells are: Chinese, then English
  std::vector<double> shares;     // of the width, of each column; they sum to one
  std::vector<PointRow> rows;
};

// Number, northing X and easting Y in metres with their four decimals, and the side to the next
// point in metres; the survey's own numbers where it gave any. As surveying in China has it, X is
// the northing. Where there are several rings, a heading row names each.
PointTable TableOfPoints(std::span<const NumberedRing> rings);

// How many rows a table in `box` holds, in columns side by side.
std::size_t RowsThatFit(const PaperBox& box);
// The height that `rows` rows need in a box of this width, in millimetres.
double TableHeightMm(std::size_t rows, double width_mm);

// Rows from `first_row` on, as many as fit into `box`.
Layer DrawTable(const PointTable& table, std::size_t first_row, const PaperBox& box);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_POINT_TABLE_H_
