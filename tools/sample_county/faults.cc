#include "tools/sample_county/faults.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "geo/area.h"
#include "tools/sample_county/lattice.h"

namespace landbook::sample_county {
namespace {

using geo::Boundary;
using geo::Vertex;

// A vertex of a drawing, in centimetres from the slot's corner.
struct Drawn {
  std::int64_t x_cm;
  std::int64_t y_cm;
};
using Ring = std::vector<Drawn>;

// Adds a part of one ring to the boundary, at the slot. A ring of a sound plot starts north-west.
void Draw(Vertex slot, const Ring& ring, Boundary& boundary) {
  std::vector<Vertex> vertices;
  for (const Drawn& drawn : ring) {
    vertices.push_back({slot.x + drawn.x_cm * 100, slot.y + drawn.y_cm * 100});
  }
  vertices = StartedNorthWest(std::move(vertices));
  boundary.vertices.insert(boundary.vertices.end(), vertices.begin(), vertices.end());
  boundary.EndRing();
  boundary.EndPart();
}

Ring Rectangle(Drawn corner, Drawn size) {
  return {{corner.x_cm, corner.y_cm + size.y_cm},
          {corner.x_cm + size.x_cm, corner.y_cm + size.y_cm},
          {corner.x_cm + size.x_cm, corner.y_cm},
          corner};
}

// What the plots of a fault look like: one ring a plot.
std::vector<Ring> DrawingOf(std::string_view rule) {
  const Ring plain = Rectangle({0, 0}, {3000, 2000});
  const Ring west = Rectangle({0, 0}, {2000, 2000});
  if (rule == "B101") return {{{0, 2000}, {3000, 0}}};
  if (rule == "B103") return {{{0, 2000}, {3000, 0}, {3000, 2000}, {0, 0}}};
  if (rule == "B104") {
    return {{{0, 2000}, {2000, 2000}, {1000, 1000}, {2000, 0}, {0, 0}, {1000, 1000}}};
  }
  if (rule == "B105") {
    return {{{0, 2000}, {1500, 2000}, {1502, 2000}, {3000, 2000}, {3000, 0}, {0, 0}}};
  }
  // A notch, not a thorn: a thorn's point is a narrow part (B108) as well.
  if (rule == "B106") {
    return {{{0, 2000}, {1450, 2000}, {1500, 800}, {1550, 2000}, {3000, 2000}, {3000, 0}, {0, 0}}};
  }
  if (rule == "B107") return {Rectangle({0, 0}, {60, 60})};
  // Two squares joined by a strip of 6 cm by 5 m.
  if (rule == "B108") {
    return {{{0, 2000},
             {1000, 2000},
             {1000, 1006},
             {1500, 1006},
             {1500, 2000},
             {3000, 2000},
             {3000, 0},
             {1500, 0},
             {1500, 1000},
             {1000, 1000},
             {1000, 0},
             {0, 0}}};
  }
  if (rule == "B201") return {west, Rectangle({1800, 500}, {2000, 1000})};
  if (rule == "B202") return {west, west};
  // Neighbours at a corner: an edge in common would make a sliver of the same fault.
  if (rule == "B203") return {west, Rectangle({2002, 2002}, {1000, 1000})};
  if (rule == "B204") return {west, {{2700, 1800}, {3400, 1000}, {2700, 300}, {2000, 1000}}};
  if (rule == "B205") return {west, Rectangle({2010, 0}, {2000, 2000})};
  if (rule == "B402") return {west, Rectangle({4000, 0}, {2000, 2000})};
  return {plain};
}

void SwapAxes(Boundary& boundary) {
  for (Vertex& v : boundary.vertices) std::swap(v.x, v.y);
}

// What a fault does to a plot besides its shape.
void Spoil(std::string_view rule, int number, Vertex slot, Plot& plot) {
  if (rule == "B102") SwapAxes(plot.boundary);
  if (rule == "B109") Draw(slot, Rectangle({4000, 0}, {1000, 1000}), plot.boundary);
  plot.stated_area_hundredths_m2 =
      std::max<std::int64_t>(geo::ComputedAreaHundredthsM2(plot.boundary), 0);
  if (rule == "B110") plot.stated_area_hundredths_m2 += plot.stated_area_hundredths_m2 / 20;
  if (rule == "B401") plot.code.front() = 'X';  // the serial keeps it apart from others
  if (rule == "B403" && number % 2 == 0) plot.code.clear();
  if (rule == "B403" && number % 2 == 1) plot.boundary = Boundary();
  if (rule == "B404") {
    plot.name = "\xB5\xD8\xFF\xFF";
    plot.name_is_text = false;
  }
}

}  // namespace

const std::vector<std::string>& PlantableRules() {
  static const std::vector<std::string>& rules = *new std::vector<std::string>{
      "B101", "B102", "B103", "B104", "B105", "B106", "B107", "B108", "B109", "B110",
      "B201", "B202", "B203", "B204", "B205", "B401", "B402", "B403", "B404"};
  return rules;
}

void PlantFault(std::string_view rule, int number, Vertex slot, std::vector<Plot>& plots) {
  const std::vector<Ring> rings = DrawingOf(rule);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    Draw(slot, rings[i], plots[i].boundary);
    Spoil(rule, number, slot, plots[i]);
  }
  if (rule == "B402") plots[1].code = plots[0].code;
  const std::string other = plots.size() > 1 ? plots[1].code : "";
  plots[0].faults.push_back({std::string(rule), plots[0].code, other, plots[0].row});
}

}  // namespace landbook::sample_county
