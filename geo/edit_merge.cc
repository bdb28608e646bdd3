// Merge of edit.h.
#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/area.h"
#include "geo/decimal.h"
#include "geo/edit.h"
#include "geo/edit_internal.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

using Ring = std::vector<Vertex>;

absl::Status Refused(std::string_view why, Vertex place) {
  return absl::InvalidArgumentError(
      fmt::format("the plots cannot be merged: {} at easting {}, northing {}; correct their "
                  "boundaries first",
                  why, FormatMetres(place.x), FormatMetres(place.y)));
}

// Every plot with the vertices of the others that lie on its edges.
std::vector<Boundary> Noded(std::span<const Boundary> plots) {
  std::vector<Vertex> vertices;
  for (const Boundary& plot : plots) {
    vertices.insert(vertices.end(), plot.vertices.begin(), plot.vertices.end());
  }
  std::vector<Boundary> noded;
  for (const Boundary& plot : plots) noded.push_back(NodedInto(plot, vertices).value_or(plot));
  return noded;
}

// Which plots hang together along edges: a forest of plots, each pointing toward its tree's root.
class Adjacency {
 public:
  explicit Adjacency(std::size_t count) : toward_root_(count) {
    std::iota(toward_root_.begin(), toward_root_.end(), std::size_t{0});
  }
  std::size_t Root(std::size_t plot) const {
    while (toward_root_[plot] != plot) plot = toward_root_[plot];
    return plot;
  }
  void Join(std::size_t a, std::size_t b) { toward_root_[Root(a)] = Root(b); }

 private:
  std::vector<std::size_t> toward_root_;
};

absl::Status CheckAdjacent(std::span<const Boundary> plots) {
  std::map<std::pair<Vertex, Vertex>, std::size_t> owners;
  for (std::size_t plot = 0; plot < plots.size(); ++plot) {
    for (const Segment& edge : InteriorLeftEdges(plots[plot])) {
      if (!owners.emplace(std::pair(edge.start, edge.end), plot).second) {
        return Refused("they overlap", edge.start);
      }
    }
  }
  Adjacency adjacency(plots.size());
  for (const auto& [edge, plot] : owners) {
    const auto opposite = owners.find({edge.second, edge.first});
    if (opposite != owners.end()) adjacency.Join(plot, opposite->second);
  }
  for (std::size_t plot = 1; plot < plots.size(); ++plot) {
    if (adjacency.Root(plot) == adjacency.Root(0)) continue;
    return absl::InvalidArgumentError(fmt::format(
        "the plots cannot be merged: plot {} of {} has no edge in common with the first or what "
        "hangs together with it; merge plots that adjoin along an edge",
        plot + 1, plots.size()));
  }
  return absl::OkStatus();
}

// Cuts a walk that comes back to a vertex into rings that do not: rings may touch, never
// themselves.
void AddSimpleRings(const Ring& walk, std::vector<Ring>& rings) {
  Ring open;
  std::map<Vertex, std::size_t> place;
  for (const Vertex& v : walk) {
    const auto known = place.find(v);
    if (known != place.end()) {
      const auto begin = open.begin() + static_cast<std::ptrdiff_t>(known->second);
      rings.emplace_back(begin, open.end());
      for (auto it = begin; it != open.end(); ++it) place.erase(*it);
      open.erase(begin, open.end());
    }
    place.emplace(v, open.size());
    open.push_back(v);
  }
  if (!open.empty()) rings.push_back(std::move(open));
}

// The rings that the edges of an outline make. Every vertex of it has as many edges that end there
// as edges that start there, because opposite edges were taken away in pairs.
std::vector<Ring> RingsOf(const std::vector<Segment>& outline) {
  std::multimap<Vertex, Vertex> next;
  for (const Segment& edge : outline) next.emplace(edge.start, edge.end);
  std::vector<Ring> rings;
  while (!next.empty()) {
    Ring walk;
    auto edge = next.begin();
    const Vertex start = edge->first;
    while (edge != next.end()) {
      walk.push_back(edge->first);
      const Vertex end = edge->second;
      next.erase(edge);
      edge = end == start ? next.end() : next.find(end);
    }
    AddSimpleRings(walk, rings);
  }
  return rings;
}

// True when `hole` lies in the area of `shell`, which it may touch at vertices.
bool LiesIn(const Ring& hole, const Ring& shell) {
  for (std::size_t i = 0; i < hole.size(); ++i) {
    const Vertex a = hole[i];
    const Vertex b = hole[(i + 1) % hole.size()];
    const Location location = LocationInRing({a.x + b.x, a.y + b.y}, shell);
    if (location != Location::kOn) return location == Location::kInside;
  }
  return false;
}

void AddRing(const Ring& ring, Boundary& boundary) {
  // Canonical: a ring starts at its least vertex.
  const auto first = std::min_element(ring.begin(), ring.end());
  boundary.vertices.insert(boundary.vertices.end(), first, ring.end());
  boundary.vertices.insert(boundary.vertices.end(), ring.begin(), first);
  boundary.EndRing();
}

// Shells with the holes that lie in them; a hole goes to the smallest shell that holds it.
Boundary Assemble(std::vector<Ring> rings) {
  std::sort(rings.begin(), rings.end(), [](const Ring& a, const Ring& b) {
    return DoubledSignedArea(a) < DoubledSignedArea(b);
  });
  const auto first_shell = std::find_if(
      rings.begin(), rings.end(), [](const Ring& ring) { return DoubledSignedArea(ring) > 0; });
  std::vector<std::vector<const Ring*>> parts;
  for (auto shell = first_shell; shell != rings.end(); ++shell) parts.push_back({&*shell});
  for (auto hole = rings.begin(); hole != first_shell; ++hole) {
    for (std::vector<const Ring*>& part : parts) {
      if (!LiesIn(*hole, *part[0])) continue;
      part.push_back(&*hole);
      break;
    }
  }
  Boundary boundary;
  for (const std::vector<const Ring*>& part : parts) {
    for (const Ring* ring : part) AddRing(*ring, boundary);
    boundary.EndPart();
  }
  return boundary;
}

}  // namespace

absl::StatusOr<Boundary> Merge(std::span<const Boundary> plots) {
  if (plots.size() < 2) {
    return absl::InvalidArgumentError(
        fmt::format("{} plots to merge, and at least 2 are wanted", plots.size()));
  }
  const std::vector<Boundary> noded = Noded(plots);
  if (absl::Status status = CheckAdjacent(noded); !status.ok()) return status;
  Boundary merged = Assemble(RingsOf(Outline(noded)));
  // What came out has the plots' area, unless edges crossed somewhere.
  Int128 area = 0;
  for (const Boundary& plot : noded) area += DoubledArea(plot);
  if (DoubledArea(merged) != area) return Refused("they overlap", noded[0].vertices[0]);
  CarrySurvey(noded, merged);
  return merged;
}

}  // namespace landbook::geo
