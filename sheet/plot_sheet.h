// The plot sheet (宗地图): a plot's boundary drawn to scale with everything that a surveyor signs
// for.
//
// What it shows follows practice under TD/T 1001-2012 (地籍调查规程): the plot's code, class and
// area, boundary points with numbers and the lengths of all sides, the neighbours' lines with their
// codes, the north arrow, the scale, who drew and checked it and when. Boundary lines are 0.3 mm in
// red, boundary points circles of 0.8 mm, the frame keeps 20 mm of margin. Lengths that do not fit
// beside their side stand in the table of points.
//
// PlanSheet says how the paper is divided and which window of the plane it shows, so that a caller
// can fetch the neighbours; DrawSheet makes the drawing. Both are pure: the same facts and the same
// ruler give the same drawing.
#ifndef LANDBOOK_SHEET_PLOT_SHEET_H_
#define LANDBOOK_SHEET_PLOT_SHEET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "sheet/drawing.h"
#include "sheet/map_scale.h"
#include "sheet/point_numbers.h"

namespace landbook::sheet {

// A plot beside the one that is drawn.
struct Neighbour {
  std::string code;
  geo::Boundary boundary;
};

// What the book says. Texts may be empty where the book holds none.
struct PlotFacts {
  std::string county;    // "样例县 990101"
  std::string code;      // 宗地代码 or 地块编码
  std::string location;  // 坐落
  std::string land_use;  // 地类, GB/T 21010-2017
  // 权利人, as the caller may see it; the sheet has no such line where this is absent.
  std::optional<std::string> holder;
  std::string plane;                        // the plane's name and EPSG number
  std::int64_t recorded_hundredths_m2 = 0;  // the legal area
  geo::Boundary boundary;
  // Red remarks that change what the sheet is worth: a trial book, an ended plot.
  std::vector<std::string> remarks;
  std::string drawn_date;          // 制图日期, YYYY-MM-DD, by the book's clock
  std::string drawn_at;            // the same moment as RFC 3339, whole seconds
  std::vector<std::string> trace;  // lines that lead back to the book: entry and head
};

enum class Paper { kA4, kA3 };

struct SheetOptions {
  Paper paper = Paper::kA4;
  // The denominator of the scale; the largest standard one that fits when absent.
  std::optional<std::int64_t> denominator;
};

// One box of the sheet's head: a name and what it is.
struct HeadCell {
  PaperBox box;
  std::string chinese;
  std::string english;
  std::vector<std::string> lines;
};

// How the paper is divided.
struct SheetPlan {
  double width_mm = 0;
  double height_mm = 0;
  PaperBox frame;
  std::vector<HeadCell> head;
  PaperBox map;
  PaperBox notes;
  // Of the table of points, when the first page has room for it; else it takes further pages.
  std::optional<PaperBox> table;
  PaperBox foot;
  MapView view;
  // What the map shows of the plane.
  geo::Box window;
  std::vector<NumberedRing> rings;
};

// The plan of a sheet: portrait or landscape, whichever allows the larger scale. Fails with
// INVALID_ARGUMENT for a boundary without an area to draw, and when the plot does not fit at the
// scale that is asked for, or at any (then it says at which it would).
absl::StatusOr<SheetPlan> PlanSheet(const PlotFacts& facts, const SheetOptions& options,
                                    const TextRuler& ruler);

// The sheet: the first page with the map, and as many for the table of points as it needs.
// `neighbours` are drawn as far as the map reaches.
Drawing DrawSheet(const PlotFacts& facts, const std::vector<Neighbour>& neighbours,
                  const SheetPlan& plan, const TextRuler& ruler);

// `code` without the beginning that it shares with `reference` by its structure: what stays is the
// kind and serial of a 宗地代码 (the last 7 characters), or the serial of a 地块编码 (the last 5).
// The whole of `code` when it is of another village, or of neither structure.
std::string ShortCode(const std::string& code, const std::string& reference);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_PLOT_SHEET_H_
