// The map of a plot sheet: the plot, its neighbours, and the labels that find room.
#ifndef LANDBOOK_SHEET_SHEET_MAP_H_
#define LANDBOOK_SHEET_SHEET_MAP_H_

#include <cstddef>
#include <string>
#include <vector>

#include "sheet/drawing.h"
#include "sheet/label_ground.h"
#include "sheet/plot_sheet.h"

namespace landbook::sheet {

// What had no room on the map.
struct Omitted {
  std::size_t numbers = 0;              // of boundary points
  std::size_t lengths = 0;              // of sides
  std::vector<std::string> neighbours;  // codes of plots that adjoin
};

// Draws one map.
class SheetMap {
 public:
  // All are borrowed.
  SheetMap(const PlotFacts& facts, const SheetPlan& plan, const TextRuler& ruler);

  // The layers of the map; called once. `omitted` is what they leave out.
  std::vector<Layer> Draw(const std::vector<Neighbour>& neighbours, Omitted& omitted);

 private:
  struct DrawnNeighbour;

  std::vector<Path> OnPaper(const geo::Boundary& boundary) const;
  LabelBox SizeOf(const Text& text) const;
  void AddAt(const LabelBox& place, Text text);

  void DrawGrid();
  void DrawGridLine(std::int64_t steps, bool easting);
  void DrawNorthArrow();
  void DrawNeighbour(const DrawnNeighbour& neighbour);
  void DrawBoundary();
  void DrawPoints();
  void LabelPlot();
  void LabelPlotOutside(const LabelBox& size);
  void AddPlotLabel(const LabelBox& place);
  void LabelPoints(Omitted& omitted);
  void LabelSides(Omitted& omitted);
  bool LabelNeighbour(const DrawnNeighbour& neighbour);

  const PlotFacts& facts_;
  const SheetPlan& plan_;
  const TextRuler& ruler_;
  LabelGround ground_;
  Layer lines_;  // beneath: grid and neighbours
  Layer plot_;   // the boundary and its points
  Layer labels_;
};

// True when the two boundaries come within 0.2 m of each other: what docs/boundary-rules.md calls
// neighbours, a sliver gap between them or none.
bool Adjoin(const geo::Boundary& a, const geo::Boundary& b);

}  // namespace landbook::sheet

#endif  // LANDBOOK_SHEET_SHEET_MAP_H_
