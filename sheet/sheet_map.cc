#include "sheet/sheet_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "geo/area.h"
#include "geo/exact.h"
#include "sheet/sheet_text.h"

namespace landbook::sheet {
namespace {

constexpr double kBoundaryMm = 0.3;
constexpr double kPointRadiusMm = 0.4;
// Points closer than this on paper are dots, as circles would run into each other.
constexpr double kPointSpacingMm = 1.0;
constexpr double kDotRadiusMm = 0.2;
constexpr double kNumberMm = 2.4;
constexpr double kLengthMm = 2.1;
constexpr double kNeighbourMm = 2.3;
constexpr double kPlotMm = 3.4;
constexpr double kPlotGapMm = 1.5;
constexpr double kGridTextMm = 1.7;
constexpr double kGridMinMm = 35;
constexpr double kCrossMm = 1.5;
constexpr double kEdgeMm = 5;  // of the map, kept for the grid's numbers
// What is smaller on paper and does not adjoin is left away.
constexpr double kNeighbourAreaMinMm2 = 6;
constexpr std::int64_t kAdjoinSteps = geo::kStepsPerMetre / 5;

double AreaOf(const Path& ring) {
  double doubled = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const PaperPoint& next = ring[(i + 1) % ring.size()];
    doubled += ring[i].x_mm * next.y_mm - next.x_mm * ring[i].y_mm;
  }
  return std::abs(doubled) / 2;
}

double DistanceOf(PaperPoint a, PaperPoint b) {
  return std::hypot(b.x_mm - a.x_mm, b.y_mm - a.y_mm);
}

// The direction away from the plot at a point; the plot lies to the right of the way there and on.
double OutwardAt(PaperPoint before, PaperPoint here, PaperPoint after) {
  const double in_mm = std::max(DistanceOf(before, here), 1e-9);
  const double out_mm = std::max(DistanceOf(here, after), 1e-9);
  const double way_x = (here.x_mm - before.x_mm) / in_mm + (after.x_mm - here.x_mm) / out_mm;
  const double way_y = (here.y_mm - before.y_mm) / in_mm + (after.y_mm - here.y_mm) / out_mm;
  // At a spike the two ways cancel out: beyond its tip.
  if (std::hypot(way_x, way_y) < 1e-6) {
    return std::atan2(here.y_mm - before.y_mm, here.x_mm - before.x_mm);
  }
  return std::atan2(-way_x, way_y);
}

bool AnyVertexNear(const geo::Boundary& vertices, const geo::Boundary& edges) {
  const geo::Box reach = edges.Bounds().Grown(kAdjoinSteps);
  std::vector<geo::Vertex> close;
  std::copy_if(vertices.vertices.begin(), vertices.vertices.end(), std::back_inserter(close),
               [&](geo::Vertex v) { return reach.Contains(v); });
  for (std::size_t r = 0; !close.empty() && r < edges.ring_count(); ++r) {
    const auto ring = edges.Ring(r);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Segment edge{ring[i], ring[(i + 1) % ring.size()]};
      const geo::Box near = geo::BoundsOf(edge).Grown(kAdjoinSteps);
      for (const geo::Vertex& v : close) {
        if (near.Contains(v) && geo::WithinDistance(v, edge, kAdjoinSteps)) return true;
      }
    }
  }
  return false;
}

}  // namespace

bool Adjoin(const geo::Boundary& a, const geo::Boundary& b) {
  // Where two plots are nearest, one of the two places is a vertex, unless their edges cross.
  return AnyVertexNear(a, b) || AnyVertexNear(b, a);
}

// A neighbour as far as it is seen.
struct SheetMap::DrawnNeighbour {
  std::string code;
  bool adjoins = false;
  std::vector<Path> rings;
  std::vector<Path> seen;  // the rings within the map
};

SheetMap::SheetMap(const PlotFacts& facts, const SheetPlan& plan, const TextRuler& ruler)
    : facts_(facts), plan_(plan), ruler_(ruler), ground_(plan.map.Inset(1)) {
  lines_.clip = plan.map;
  plot_.clip = plan.map;
  labels_.clip = plan.map;
}

std::vector<Path> SheetMap::OnPaper(const geo::Boundary& boundary) const {
  std::vector<Path> rings;
  for (std::size_t r = 0; r < boundary.ring_count(); ++r) {
    Path& path = rings.emplace_back();
    for (const geo::Vertex& v : boundary.Ring(r)) path.push_back(plan_.view.OnPaper(v));
  }
  return rings;
}

LabelBox SheetMap::SizeOf(const Text& text) const { return {{}, ruler_(text), text.size_mm, 0}; }

void SheetMap::AddAt(const LabelBox& place, Text text) {
  text.at = place.centre;
  text.turn = place.turn;
  text.align = Align::kCentre;
  text.halo = true;
  labels_.marks.push_back(std::move(text));
}

std::vector<Layer> SheetMap::Draw(const std::vector<Neighbour>& neighbours, Omitted& omitted) {
  std::vector<DrawnNeighbour> drawn;
  for (const Neighbour& neighbour : neighbours) {
    DrawnNeighbour next{neighbour.code,
                        Adjoin(facts_.boundary, neighbour.boundary),
                        OnPaper(neighbour.boundary),
                        {}};
    double area_mm2 = 0;
    for (const Path& ring : next.rings) {
      next.seen.push_back(ClippedRing(ring, plan_.map));
      area_mm2 += AreaOf(next.seen.back());
    }
    if (next.adjoins || area_mm2 >= kNeighbourAreaMinMm2) drawn.push_back(std::move(next));
  }
  DrawGrid();
  DrawNorthArrow();
  for (const DrawnNeighbour& neighbour : drawn) DrawNeighbour(neighbour);
  DrawBoundary();
  DrawPoints();
  LabelPlot();
  LabelPoints(omitted);
  LabelSides(omitted);
  // Those that adjoin first: the sheet owes their codes.
  std::stable_partition(drawn.begin(), drawn.end(), [](const auto& n) { return n.adjoins; });
  for (const DrawnNeighbour& neighbour : drawn) {
    const bool labelled = LabelNeighbour(neighbour);
    if (!labelled && neighbour.adjoins) omitted.neighbours.push_back(neighbour.code);
  }
  return {std::move(lines_), std::move(plot_), std::move(labels_)};
}

void SheetMap::DrawGrid() {
  const std::int64_t metres = RoundMetres(plan_.view.denominator, kGridMinMm);
  const std::int64_t step = metres * geo::kStepsPerMetre;
  const auto first_from = [&](std::int64_t low) {
    return (low >= 0 ? (low + step - 1) / step : low / step) * step;
  };
  const geo::Box& window = plan_.window;
  Lines crosses{{}, false, 0.08, kGrey};
  for (std::int64_t x = first_from(window.min_x); x <= window.max_x; x += step) {
    DrawGridLine(x, true);
    for (std::int64_t y = first_from(window.min_y); y <= window.max_y; y += step) {
      const PaperPoint at = plan_.view.OnPaper({x, y});
      crosses.paths.push_back({{at.x_mm - kCrossMm, at.y_mm}, {at.x_mm + kCrossMm, at.y_mm}});
      crosses.paths.push_back({{at.x_mm, at.y_mm - kCrossMm}, {at.x_mm, at.y_mm + kCrossMm}});
    }
  }
  for (std::int64_t y = first_from(window.min_y); y <= window.max_y; y += step) {
    DrawGridLine(y, false);
  }
  lines_.marks.emplace_back(std::move(crosses));
}

// The tick and number of a grid line at the map's upper edge (eastings) or left edge (northings).
void SheetMap::DrawGridLine(std::int64_t steps, bool easting) {
  const PaperPoint on_paper = plan_.view.OnPaper(easting ? geo::Vertex{steps, plan_.window.min_y}
                                                         : geo::Vertex{plan_.window.min_x, steps});
  Text number = PlainText(fmt::format("{} {}", easting ? "Y" : "X", steps / geo::kStepsPerMetre),
                          kGridTextMm);
  number.colour = kGrey;
  LabelBox box = SizeOf(number);
  const PaperBox& map = plan_.map;
  PaperPoint tick_end;
  if (easting) {
    tick_end = {on_paper.x_mm, map.top_mm + 2};
    box.centre = {on_paper.x_mm, map.top_mm + 3.2};
    lines_.marks.emplace_back(Lines{{{{on_paper.x_mm, map.top_mm}, tick_end}}, false, 0.08, kGrey});
  } else {
    tick_end = {map.left_mm + 2, on_paper.y_mm};
    box.centre = {map.left_mm + 3.2, on_paper.y_mm};
    box.turn = -std::numbers::pi / 2;
    lines_.marks.emplace_back(
        Lines{{{{map.left_mm, on_paper.y_mm}, tick_end}}, false, 0.08, kGrey});
  }
  if (!ground_.Free(box)) return;
  ground_.Take(box);
  AddAt(box, number);
}

void SheetMap::DrawNorthArrow() {
  const double right_mm = plan_.map.right_mm - kEdgeMm;
  const double top_mm = plan_.map.top_mm + kEdgeMm;
  const double x = right_mm - 4;
  const PaperPoint tip{x, top_mm + 5.5};
  const double base_mm = top_mm + 17;
  const Path left = {tip, {x - 2.2, base_mm}, {x, base_mm - 2.6}};
  const Path right = {tip, {x + 2.2, base_mm}, {x, base_mm - 2.6}};
  const PaperBox whole{right_mm - 8, top_mm, right_mm, base_mm + 0.5};
  ground_.Take({whole.Centre(), whole.width_mm(), whole.height_mm(), 0});
  labels_.marks.emplace_back(Fill{{{{whole.left_mm, whole.top_mm},
                                    {whole.right_mm, whole.top_mm},
                                    {whole.right_mm, whole.bottom_mm},
                                    {whole.left_mm, whole.bottom_mm}}},
                                  kWhite});
  labels_.marks.emplace_back(
      Placed(BoldText("北 N", 3, kBlack), {x, top_mm + 2.5}, Align::kCentre));
  labels_.marks.emplace_back(Fill{{left}, kBlack});
  labels_.marks.emplace_back(Lines{{left, right}, true, 0.15, kBlack});
}

void SheetMap::DrawNeighbour(const DrawnNeighbour& neighbour) {
  lines_.marks.emplace_back(Lines{neighbour.rings, true, 0.13, kGrey});
}

void SheetMap::DrawBoundary() {
  std::vector<Path> rings;
  for (const NumberedRing& ring : plan_.rings) {
    Path& path = rings.emplace_back();
    for (const NumberedPoint& point : ring.points) path.push_back(plan_.view.OnPaper(point.place));
    for (std::size_t i = 0; i < path.size(); ++i) {
      ground_.Take(BoxOfLine(path[i], path[(i + 1) % path.size()], kBoundaryMm));
    }
  }
  plot_.marks.emplace_back(Lines{std::move(rings), true, kBoundaryMm, kRed});
}

void SheetMap::DrawPoints() {
  for (const NumberedRing& ring : plan_.rings) {
    const std::size_t count = ring.points.size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = [&](std::size_t k) {
        return plan_.view.OnPaper(ring.points[k % count].place);
      };
      const PaperPoint here = at(i);
      const bool crowded = std::min(DistanceOf(here, at(i + 1)),
                                    DistanceOf(here, at(i + count - 1))) < kPointSpacingMm;
      const double radius_mm = crowded ? kDotRadiusMm : kPointRadiusMm;
      plot_.marks.emplace_back(Disc{here, radius_mm, 0.15, kRed, crowded ? kRed : kWhite});
      ground_.Take({here, 2 * radius_mm, 2 * radius_mm, 0});
    }
  }
}

// The plot's label is a fraction: its number over its class, or over its area where it has none,
// then the area.
void SheetMap::LabelPlot() {
  const std::string area = geo::FormatHundredths(facts_.recorded_hundredths_m2);
  const bool classed = !facts_.land_use.empty();
  const double above_mm = ruler_(BoldText(ShortCode(facts_.code, facts_.code), kPlotMm, kRed));
  const double below_mm = ruler_(BoldText(classed ? facts_.land_use : area, kPlotMm, kRed));
  const double beside_mm = classed ? kPlotGapMm + ruler_(BoldText(area, kPlotMm, kRed)) : 0;
  const LabelBox size{{}, std::max(above_mm, below_mm) + beside_mm + 1, 2 * kPlotMm + 2, 0};
  const std::vector<Path> rings = OnPaper(facts_.boundary);
  const auto place = ground_.TakeFirstFree(PlacesWithin(rings, size));
  if (place) {
    AddPlotLabel(*place);
  } else {
    LabelPlotOutside(size);
  }
}

// Beside the plot, with a leader to the middle of its longest side.
void SheetMap::LabelPlotOutside(const LabelBox& size) {
  const NumberedPoint* longest = nullptr;
  PaperPoint target;
  for (const NumberedRing& ring : plan_.rings) {
    for (std::size_t i = 0; i < ring.points.size(); ++i) {
      const NumberedPoint& point = ring.points[i];
      if (longest && point.side_hundredths_m <= longest->side_hundredths_m) continue;
      longest = &point;
      const PaperPoint from = plan_.view.OnPaper(point.place);
      const PaperPoint to = plan_.view.OnPaper(ring.points[(i + 1) % ring.points.size()].place);
      target = {(from.x_mm + to.x_mm) / 2, (from.y_mm + to.y_mm) / 2};
    }
  }
  for (double away_mm = 6; away_mm <= 60; away_mm += 6) {
    const auto place = ground_.TakeFirstFree(PlacesAround(target, size, 0, away_mm));
    if (!place) continue;
    const double edge_mm =
        place->centre.x_mm < target.x_mm ? size.width_mm / 2 : -size.width_mm / 2;
    labels_.marks.emplace_back(
        Lines{{{target, {place->centre.x_mm + edge_mm, place->centre.y_mm}}}, false, 0.13, kRed});
    AddPlotLabel(*place);
    return;
  }
}

void SheetMap::AddPlotLabel(const LabelBox& place) {
  const std::string area = geo::FormatHundredths(facts_.recorded_hundredths_m2);
  const bool classed = !facts_.land_use.empty();
  const Text above = BoldText(ShortCode(facts_.code, facts_.code), kPlotMm, kRed);
  const Text below = BoldText(classed ? facts_.land_use : area, kPlotMm, kRed);
  const double bar_mm = std::max(ruler_(above), ruler_(below));
  const double left_mm = place.centre.x_mm - place.width_mm / 2 + 0.5;
  const double middle_mm = left_mm + bar_mm / 2;
  const double y = place.centre.y_mm;
  const auto add = [&](Text text, PaperPoint at, Align align) {
    text.halo = true;
    labels_.marks.emplace_back(Placed(std::move(text), at, align));
  };
  add(above, {middle_mm, y - kPlotMm / 2 - 0.5}, Align::kCentre);
  add(below, {middle_mm, y + kPlotMm / 2 + 0.5}, Align::kCentre);
  labels_.marks.emplace_back(Lines{{{{left_mm, y}, {left_mm + bar_mm, y}}}, false, 0.2, kRed});
  if (classed) {
    add(BoldText(area, kPlotMm, kRed), {left_mm + bar_mm + kPlotGapMm, y}, Align::kLeft);
  }
}

void SheetMap::LabelPoints(Omitted& omitted) {
  for (const NumberedRing& ring : plan_.rings) {
    const std::size_t count = ring.points.size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = [&](std::size_t k) {
        return plan_.view.OnPaper(ring.points[k % count].place);
      };
      const Text text = PlainText(ring.points[i].number, kNumberMm);
      const double outward = OutwardAt(at(i + count - 1), at(i), at(i + 1));
      const auto place =
          ground_.TakeFirstFree(PlacesAround(at(i), SizeOf(text), outward, kPointRadiusMm + 0.5));
      if (place) {
        AddAt(*place, text);
      } else {
        ++omitted.numbers;
      }
    }
  }
}

void SheetMap::LabelSides(Omitted& omitted) {
  for (const NumberedRing& ring : plan_.rings) {
    const std::size_t count = ring.points.size();
    for (std::size_t i = 0; i < count; ++i) {
      const Text text =
          PlainText(geo::FormatHundredths(ring.points[i].side_hundredths_m), kLengthMm);
      const PaperPoint from = plan_.view.OnPaper(ring.points[i].place);
      const PaperPoint to = plan_.view.OnPaper(ring.points[(i + 1) % count].place);
      const auto place = ground_.TakeFirstFree(PlacesAlong(from, to, SizeOf(text), 0.6));
      if (place) {
        AddAt(*place, text);
      } else {
        ++omitted.lengths;
      }
    }
  }
}

bool SheetMap::LabelNeighbour(const DrawnNeighbour& neighbour) {
  Text text = PlainText(ShortCode(neighbour.code, facts_.code), kNeighbourMm);
  text.colour = kGrey;
  std::vector<LabelBox> places = PlacesWithin(neighbour.seen, SizeOf(text));
  // Where it would run over its plot's lines, only a plot that adjoins is worth it.
  std::stable_partition(places.begin(), places.end(),
                        [&](const LabelBox& place) { return LiesWithin(place, neighbour.seen); });
  if (!neighbour.adjoins) {
    std::erase_if(places,
                  [&](const LabelBox& place) { return !LiesWithin(place, neighbour.seen); });
  }
  const auto place = ground_.TakeFirstFree(places);
  if (place) AddAt(*place, text);
  return place.has_value();
}

}  // namespace landbook::sheet
