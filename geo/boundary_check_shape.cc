// B105, B106 and B108: vertices too close, spikes and narrow parts of one boundary.
#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "geo/boundary_check_internal.h"
#include "geo/exact.h"
#include "geo/facing.h"
#include "geo/strip.h"

namespace landbook::geo {
namespace {

Finding WarningOf(Rule rule, Unit unit, std::uint64_t subject) {
  Finding finding;
  finding.rule = rule;
  finding.severity = Severity::kWarning;
  finding.unit = unit;
  finding.subject = subject;
  return finding;
}

// A vertex in its cell of a grid as wide as the reach: what is near lies in the cells around it,
// however long the edges are.
struct CellVertex {
  std::int64_t column;
  std::int64_t row;
  Vertex v;
  friend auto operator<=>(const CellVertex&, const CellVertex&) = default;
};

std::vector<CellVertex> VerticesByCell(std::span<const Vertex> vertices, std::int64_t cell_steps) {
  std::vector<CellVertex> cells;
  cells.reserve(vertices.size());
  for (const Vertex& v : vertices) {
    // Counted from a corner of the plane, so that division rounds down.
    cells.push_back({(v.x + kCoordinateMax) / cell_steps, (v.y + kCoordinateMax) / cell_steps, v});
  }
  std::sort(cells.begin(), cells.end());
  return cells;
}

// The nearest other vertex of the boundary, at most `reach_steps` away; `of` itself when there is
// none. Of equally near ones the least.
Vertex NearestOther(const std::vector<CellVertex>& cells, const CellVertex& of,
                    std::int64_t reach_steps) {
  Vertex nearest = of.v;
  Int128 best = static_cast<Int128>(reach_steps) * reach_steps;
  for (std::int64_t column = of.column - 1; column <= of.column + 1; ++column) {
    const CellVertex lowest{column, of.row - 1, {-kCoordinateMax, -kCoordinateMax}};
    for (auto other = std::lower_bound(cells.begin(), cells.end(), lowest);
         other != cells.end() && other->column == column && other->row <= of.row + 1; ++other) {
      const Int128 squared = SquaredDistance(of.v, other->v);
      if (squared == 0 || squared > best) continue;
      if (squared < best || nearest == of.v || other->v < nearest) nearest = other->v;
      best = squared;
    }
  }
  return nearest;
}

// True when no two different vertices are within the reach on both axes, as in nearly every plot.
// Looks at all pairs, so only where there are few.
bool AllApart(std::span<const Vertex> vertices, std::int64_t reach_steps) {
  constexpr std::size_t kFew = 64;
  if (vertices.size() > kFew) return false;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const Vertex v = vertices[i];
    for (const Vertex& other : vertices.subspan(i + 1)) {
      const bool near =
          std::abs(v.x - other.x) <= reach_steps && std::abs(v.y - other.y) <= reach_steps;
      if (near && v != other) return false;
    }
  }
  return true;
}

// The angle between the two edges at edge.start, in millionths of a degree.
std::int64_t AngleMicrodegrees(const Edge& edge) {
  const auto cross = static_cast<double>(Cross(edge.start, edge.before, edge.end));
  const auto dot = static_cast<double>(Dot(edge.start, edge.before, edge.end));
  return std::llround(std::atan2(std::abs(cross), dot) * (180 / M_PI) * 1e6);
}

// The narrowest place of the strip: one of its ends, or its middle when it is equally wide.
Vertex NarrowestPlace(const Strip& strip) {
  const Facing& facing = strip.facing;
  const double change = WidthAt(strip, facing.end) - WidthAt(strip, facing.begin);
  if (std::abs(change) < 0.5) return Rounded(MiddleAt(strip, (facing.begin + facing.end) / 2));
  return Rounded(MiddleAt(strip, change > 0 ? facing.begin : facing.end));
}

// Adds what is left of the strip between edges `first` and `second` where no other edge of the
// boundary lies between them.
void AddUninterrupted(const BoundaryEdges& edges, const Strip& strip, const Edge& first,
                      const Edge& second, std::vector<Strip>* out) {
  StripCutter cutter(strip);
  edges.Near(BoundsOf(strip), 0, [&](const Edge& edge) {
    if (edge.index != first.index && edge.index != second.index) cutter.Add(edge.segment());
    return true;
  });
  const std::vector<Strip> pieces = cutter.Free([](RealPoint) { return false; });
  out->insert(out->end(), pieces.begin(), pieces.end());
}

std::vector<Strip> StripsOf(const BoundaryEdges& edges, std::int64_t width_steps) {
  std::vector<Strip> strips;
  for (std::size_t index = 0; index < edges.size(); ++index) {
    const Edge first = edges.At(index);
    edges.Near(first.box().Grown(width_steps), index + 1, [&](const Edge& second) {
      const bool neighbours = first.end == second.start || second.end == first.start;
      if (first.ring != second.ring || neighbours) return true;
      const FacingEdges pair{first.InteriorOnLeft(), second.InteriorOnLeft()};
      const std::optional<Facing> facing = FacingStretch(pair, width_steps);
      if (facing.has_value()) AddUninterrupted(edges, {pair, *facing}, first, second, &strips);
      return true;
    });
  }
  return strips;
}

}  // namespace

void AddCloseVertices(const BoundaryEdges& edges, const Tolerances& tolerances,
                      std::uint64_t subject, std::vector<Finding>* out) {
  const std::int64_t reach = tolerances.vertex_distance_max_steps;
  if (AllApart(edges.boundary().vertices, reach)) return;
  std::vector<std::pair<Vertex, Vertex>> pairs;
  const std::vector<CellVertex> cells =
      VerticesByCell(edges.boundary().vertices, std::max<std::int64_t>(reach, 1));
  for (const CellVertex& cell : cells) {
    const Vertex other = NearestOther(cells, cell, reach);
    if (other != cell.v) pairs.push_back(std::minmax(cell.v, other));
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  for (const auto& [a, b] : pairs) {
    Finding finding = WarningOf(Rule::kVerticesTooClose, Unit::kMetre, subject);
    finding.place = a;
    finding.measured = DistanceMicrometres(a, b);
    finding.tolerance = reach * kMicrometresPerStep;
    out->push_back(std::move(finding));
  }
}

void AddSpikes(const BoundaryEdges& edges, const Tolerances& tolerances, std::uint64_t subject,
               std::vector<Finding>* out) {
  const std::int64_t limit = tolerances.spike_angle_min_millidegrees * 1'000;
  for (std::size_t index = 0; index < edges.size(); ++index) {
    const Edge edge = edges.At(index);
    constexpr std::int64_t kRightAngle = 90'000'000;
    if (limit <= kRightAngle && Dot(edge.start, edge.before, edge.end) <= 0) continue;
    const std::int64_t angle = AngleMicrodegrees(edge);
    if (angle >= limit) continue;
    Finding finding = WarningOf(Rule::kSpike, Unit::kDegree, subject);
    finding.place = edge.start;
    finding.measured = angle;
    finding.tolerance = limit;
    out->push_back(std::move(finding));
  }
}

void AddNarrowParts(const BoundaryEdges& edges, const Tolerances& tolerances, std::uint64_t subject,
                    std::vector<Finding>* out) {
  const std::vector<Strip> strips = StripsOf(edges, tolerances.part_width_min_steps);
  if (strips.empty()) return;
  std::vector<StripEnds> ends;
  for (const Strip& strip : strips) ends.push_back(EndsOf(strip));
  const std::vector<std::size_t> group_of =
      GroupsOf(ends, static_cast<double>(tolerances.part_width_min_steps));
  struct NarrowPart {
    double length_steps = 0;
    // The narrowest place; of equally narrow ones the least.
    std::pair<std::int64_t, Vertex> width_micrometres_at = {
        std::numeric_limits<std::int64_t>::max(), {}};
  };
  std::vector<NarrowPart> parts(strips.size());
  for (std::size_t i = 0; i < strips.size(); ++i) {
    NarrowPart& part = parts[group_of[i]];
    part.length_steps += strips[i].facing.length_steps;
    part.width_micrometres_at =
        std::min(part.width_micrometres_at,
                 {Micrometres(strips[i].facing.narrowest_steps), NarrowestPlace(strips[i])});
  }
  for (const NarrowPart& part : parts) {
    if (part.length_steps <= static_cast<double>(tolerances.narrow_length_max_steps)) continue;
    Finding finding = WarningOf(Rule::kTooNarrow, Unit::kMetre, subject);
    finding.place = part.width_micrometres_at.second;
    finding.measured = part.width_micrometres_at.first;
    finding.tolerance = tolerances.part_width_min_steps * kMicrometresPerStep;
    out->push_back(std::move(finding));
  }
}

}  // namespace landbook::geo
