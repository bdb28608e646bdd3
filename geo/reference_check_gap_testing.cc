// The reference path of narrow parts and sliver gaps: B108 and B205.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

#include "geo/reference_check_testing.h"
#include "geo/strip.h"

namespace landbook::geo {
namespace {

constexpr double kMicrometresInStep = 100;

// Ground between two facing edges, between two fractions of the first.
struct Piece {
  std::uint64_t subject;
  std::uint64_t other;
  FacingEdges edges;
  double begin;
  double end;
  double relief_steps;  // GroundOf

  RealPoint From(double fraction) const { return PointAlong(edges.first, fraction); }
  RealPoint To(double fraction) const { return FootOn(edges.second, From(fraction)); }
  RealPoint Middle(double fraction) const { return MiddleOf(From(fraction), To(fraction)); }
  double Width(double fraction) const {
    return std::hypot(From(fraction).x - To(fraction).x, From(fraction).y - To(fraction).y);
  }
  double Length() const {
    return std::hypot(From(end).x - From(begin).x, From(end).y - From(begin).y);
  }
};

// Where on the piece the way across goes through `p`, as a fraction of the first edge.
double FractionThrough(const Piece& piece, RealPoint p) {
  const Segment& second = piece.edges.second;
  const auto along = [&second](RealPoint at) {
    return (at.x - static_cast<double>(second.start.x)) *
               static_cast<double>(second.end.x - second.start.x) +
           (at.y - static_cast<double>(second.start.y)) *
               static_cast<double>(second.end.y - second.start.y);
  };
  return (along(p) - along(piece.From(0))) / (along(piece.From(1)) - along(piece.From(0)));
}

struct Stretch {
  double begin;
  double end;
  friend bool operator<(const Stretch& a, const Stretch& b) { return a.begin < b.begin; }
};

// The stretches of the piece that the polygons of `shape` lie across. What is thinner than a
// thousandth of a square step is the rounding of doubles.
absl::Status AddStretches(const Piece& piece, const Shape& shape, std::vector<Stretch>* stretches) {
  const absl::StatusOr<std::vector<Shape>> parts = shape.Parts();
  if (!parts.ok()) return parts.status();
  for (const Shape& part : *parts) {
    if (part.area_steps2() < 1e-3) continue;
    const absl::StatusOr<std::vector<RealRings>> polygons = part.Polygons();
    if (!polygons.ok()) return polygons.status();
    Stretch stretch{std::numeric_limits<double>::max(), -std::numeric_limits<double>::max()};
    for (const RealPoint& p : (*polygons)[0][0]) {
      const double fraction = FractionThrough(piece, {p.x + static_cast<double>(shape.origin().x),
                                                      p.y + static_cast<double>(shape.origin().y)});
      stretch.begin = std::min(stretch.begin, fraction);
      stretch.end = std::max(stretch.end, fraction);
    }
    stretches->push_back(stretch);
  }
  return absl::OkStatus();
}

// Adds what is left of the piece without the stretches, where it is long enough to count.
void AddRest(const Piece& piece, std::vector<Stretch> stretches, std::vector<Piece>* out) {
  std::sort(stretches.begin(), stretches.end());
  stretches.push_back({piece.end, piece.end});
  double begin = piece.begin;
  for (const Stretch& stretch : stretches) {
    Piece rest = piece;
    rest.begin = begin;
    rest.end = std::min(stretch.begin, piece.end);
    if (rest.end > rest.begin && rest.Length() >= kStripLengthMinSteps) out->push_back(rest);
    begin = std::max(begin, stretch.end);
  }
}

// The ground of the piece, less the relief along both edges: GEOS does not cope with sides that run
// along those of plots but for the rounding of doubles. Where the piece closes to a point it has
// one corner.
absl::StatusOr<Shape> GroundOf(const Piece& piece, Vertex origin) {
  constexpr double kClosed = 1e-6;
  const auto toward = [&piece](RealPoint from, RealPoint to) {
    const double share =
        piece.relief_steps / std::max(1.0, std::hypot(to.x - from.x, to.y - from.y));
    return RealPoint{from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
  };
  const auto near_first = [&](double at) { return toward(piece.From(at), piece.To(at)); };
  const auto near_second = [&](double at) { return toward(piece.To(at), piece.From(at)); };
  std::vector<RealPoint> corners = {near_first(piece.begin), near_first(piece.end)};
  if (piece.Width(piece.end) > kClosed) corners.push_back(near_second(piece.end));
  if (piece.Width(piece.begin) > kClosed) corners.push_back(near_second(piece.begin));
  return Shape::OfRing(corners, origin);
}

// The group of each piece: pieces whose ends lie within `reach` of each other are of one.
std::vector<std::size_t> Groups(const std::vector<Piece>& pieces, std::int64_t reach_steps) {
  const auto reach = static_cast<double>(reach_steps);
  const auto near = [reach](RealPoint p, RealPoint q) {
    return std::abs(p.x - q.x) <= reach && std::abs(p.y - q.y) <= reach;
  };
  const auto adjoin = [&near](const Piece& p, const Piece& q) {
    for (const double s : {p.begin, p.end}) {
      for (const double t : {q.begin, q.end}) {
        if (near(p.Middle(s), q.Middle(t))) return true;
      }
    }
    return false;
  };
  std::vector<std::size_t> group(pieces.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (group[i] == group[j] || !adjoin(pieces[i], pieces[j])) continue;
      const std::size_t stays = std::min(group[i], group[j]);
      const std::size_t goes = std::max(group[i], group[j]);
      std::replace(group.begin(), group.end(), goes, stays);
    }
  }
  return group;
}

Finding Found(Rule rule, const Piece& piece, RealPoint place, double width_steps) {
  Finding finding;
  finding.rule = rule;
  finding.severity = Severity::kWarning;
  finding.subject = piece.subject;
  finding.other = piece.other;
  finding.place = Rounded(place);
  finding.unit = Unit::kMetre;
  finding.measured = std::llround(width_steps * kMicrometresInStep);
  return finding;
}

// The narrowest place of a piece: one of its ends, or its middle when it is equally wide.
double NarrowestFraction(const Piece& piece) {
  const double change = piece.Width(piece.end) - piece.Width(piece.begin);
  if (std::abs(change) < 0.5) return (piece.begin + piece.end) / 2;
  return change > 0 ? piece.begin : piece.end;
}

// Adds the pieces of ground between two edges that no plot covers.
absl::Status AddOpen(const Piece& whole, std::span<const ReferencePlot> plots,
                     std::vector<Piece>* out) {
  const absl::StatusOr<Shape> ground = GroundOf(whole, plots[0].shape.origin());
  if (!ground.ok()) return ground.status();
  std::vector<Stretch> covered;
  Box box;
  for (const double fraction : {whole.begin, whole.end}) {
    box.Add(Rounded(whole.From(fraction)));
    box.Add(Rounded(whole.To(fraction)));
  }
  for (const ReferencePlot& plot : plots) {
    if (!Near(box, plot.edges.box(), 1)) continue;
    const absl::StatusOr<Shape> common = ground->Intersection(plot.shape);
    if (!common.ok()) return common.status();
    const absl::Status added = AddStretches(whole, *common, &covered);
    if (!added.ok()) return added;
  }
  AddRest(whole, std::move(covered), out);
  return absl::OkStatus();
}

struct GapSearch {
  std::span<const ReferencePlot> plots;
  std::int64_t width_steps;
  double relief_steps;
};

// Adds the open pieces between the edges of two plots, or across the holes of one.
absl::Status AddPieces(const ReferencePlot& a, const ReferencePlot& b, const GapSearch& search,
                       std::vector<Piece>* out) {
  const bool alone = &a == &b;
  if (!Near(a.edges.box(), b.edges.box(), search.width_steps)) return absl::OkStatus();
  for (std::size_t i = 0; i < a.edges.size(); ++i) {
    for (std::size_t j = alone ? i + 1 : 0; j < b.edges.size(); ++j) {
      const Edge first = a.edges.At(i);
      const Edge second = b.edges.At(j);
      if (alone && (first.ring != second.ring || a.edges.boundary().IsShell(first.ring))) continue;
      const FacingEdges edges{first.InteriorOnRight(), second.InteriorOnRight()};
      const auto facing = FacingStretch(edges, search.width_steps);
      if (!facing.has_value()) continue;
      const Piece whole{a.id,        alone ? kNoOther : b.id, edges, facing->begin,
                        facing->end, search.relief_steps};
      const absl::Status added = AddOpen(whole, search.plots, out);
      if (!added.ok()) return added;
    }
  }
  return absl::OkStatus();
}

// The pieces of one gap between two plots.
struct GapBetween {
  double widest = 0;
  std::int64_t longest = -1;
  RealPoint place;
};

}  // namespace

absl::Status AddReferenceNarrowParts(const BoundaryEdges& edges, std::uint64_t subject,
                                     const Tolerances& tolerances, std::vector<Finding>* out) {
  const absl::StatusOr<Shape> plot = Shape::Of(edges.boundary(), edges.boundary().vertices[0]);
  if (!plot.ok()) return plot.status();
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (std::size_t j = i + 1; j < edges.size(); ++j) {
      const Edge first = edges.At(i);
      const Edge second = edges.At(j);
      if (first.ring != second.ring || first.end == second.start || second.end == first.start) {
        continue;
      }
      const FacingEdges pair{first.InteriorOnLeft(), second.InteriorOnLeft()};
      const auto facing = FacingStretch(pair, tolerances.part_width_min_steps);
      if (!facing.has_value()) continue;
      const Piece whole{subject, kNoOther, pair, facing->begin, facing->end, kReliefSteps.front()};
      const absl::StatusOr<Shape> ground = GroundOf(whole, plot->origin());
      if (!ground.ok()) return ground.status();
      const absl::StatusOr<Shape> outside = ground->Difference(*plot);
      if (!outside.ok()) return outside.status();
      std::vector<Stretch> interrupted;
      const absl::Status added = AddStretches(whole, *outside, &interrupted);
      if (!added.ok()) return added;
      AddRest(whole, std::move(interrupted), &pieces);
    }
  }
  const std::vector<std::size_t> group = Groups(pieces, tolerances.part_width_min_steps);
  for (std::size_t which = 0; which < pieces.size(); ++which) {
    double length = 0;
    std::vector<std::tuple<std::int64_t, Vertex, std::size_t>> narrowest;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (group[i] != which) continue;
      length += pieces[i].Length();
      const double width =
          std::min(pieces[i].Width(pieces[i].begin), pieces[i].Width(pieces[i].end));
      narrowest.emplace_back(std::llround(width * kMicrometresInStep),
                             Rounded(pieces[i].Middle(NarrowestFraction(pieces[i]))), i);
    }
    if (length <= static_cast<double>(tolerances.narrow_length_max_steps)) continue;
    const auto [micrometres, place, i] = *std::min_element(narrowest.begin(), narrowest.end());
    out->push_back(Found(Rule::kTooNarrow, pieces[i], {}, 0));
    out->back().place = place;
    out->back().measured = micrometres;
    out->back().tolerance = tolerances.part_width_min_steps * 100;
  }
  return absl::OkStatus();
}

absl::Status AddReferenceGaps(std::span<const ReferencePlot> plots, const Tolerances& tolerances,
                              double relief_steps, std::vector<Finding>* out) {
  const GapSearch search{plots, tolerances.gap_width_min_steps, relief_steps};
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    for (std::size_t j = i; j < plots.size(); ++j) {
      if (plots[i].standing && plots[j].standing) continue;
      const absl::Status added = AddPieces(plots[i], plots[j], search, &pieces);
      if (!added.ok()) return added;
    }
  }
  const std::vector<std::size_t> group = Groups(pieces, tolerances.gap_width_min_steps);
  std::map<std::size_t, double> length;
  for (std::size_t i = 0; i < pieces.size(); ++i) length[group[i]] += pieces[i].Length();
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::size_t>, GapBetween> gaps;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (length[group[i]] <= static_cast<double>(tolerances.gap_length_max_steps)) continue;
    GapBetween& gap = gaps[{piece.subject, piece.other, group[i]}];
    gap.widest = std::max({gap.widest, piece.Width(piece.begin), piece.Width(piece.end)});
    const RealPoint middle = piece.Middle((piece.begin + piece.end) / 2);
    const std::int64_t micrometres = std::llround(piece.Length() * kMicrometresInStep);
    if (micrometres < gap.longest) continue;
    if (micrometres == gap.longest && Rounded(gap.place) < Rounded(middle)) continue;
    gap.longest = micrometres;
    gap.place = middle;
  }
  for (const auto& [key, gap] : gaps) {
    const auto& [subject, other, which] = key;
    if (gap.widest < 1) continue;  // less than a step: what rounding leaves
    out->push_back(Found(Rule::kSliverGap, {subject, other, {}, 0, 0, 0}, gap.place, gap.widest));
    out->back().tolerance = tolerances.gap_width_min_steps * 100;
  }
  return absl::OkStatus();
}

}  // namespace landbook::geo
