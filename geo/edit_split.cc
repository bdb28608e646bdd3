// SplitAlong of edit.h.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/area.h"
#include "geo/decimal.h"
#include "geo/edit.h"
#include "geo/edit_internal.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

// Where the cut meets the outer ring: a place on the cut's segment `cut_segment` and on the ring's
// edge `edge`, at its start when `place` is that vertex.
struct Contact {
  std::size_t cut_segment = 0;
  std::size_t edge = 0;
  Vertex place;
};

absl::Status Refused(std::string_view why, Vertex place) {
  return absl::InvalidArgumentError(
      fmt::format("the cut {} at easting {}, northing {}; draw it so that it enters the plot and "
                  "leaves it once, or give the new plots' boundaries",
                  why, FormatMetres(place.x), FormatMetres(place.y)));
}

Segment Edge(std::span<const Vertex> ring, std::size_t i) {
  return {ring[i], ring[(i + 1) % ring.size()]};
}

absl::Status CheckCut(const Boundary& plot, std::span<const Vertex> cut) {
  if (plot.part_count() != 1) {
    return absl::InvalidArgumentError(
        fmt::format("the plot has {} parts, and a cut divides one; give the new plots' boundaries",
                    plot.part_count()));
  }
  if (cut.size() < 2) {
    return absl::InvalidArgumentError(
        fmt::format("the cut has {} vertices, and at least 2 are wanted", cut.size()));
  }
  for (std::size_t i = 0; i + 1 < cut.size(); ++i) {
    if (cut[i] == cut[i + 1]) return Refused("repeats a vertex", cut[i]);
    for (std::size_t j = 0; j < i; ++j) {
      const Segment a{cut[j], cut[j + 1]};
      const Segment b{cut[i], cut[i + 1]};
      const Meeting meeting = MeetingOf(a, b);
      const bool joint = j + 1 == i && meeting == Meeting::kTouch;
      if (meeting != Meeting::kApart && !joint) {
        return Refused("crosses itself", MeetingPlace(a, b));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckHoles(const Boundary& plot, std::span<const Vertex> cut) {
  for (std::size_t hole = 1; hole < plot.ring_count(); ++hole) {
    const std::span<const Vertex> ring = plot.Ring(hole);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      for (std::size_t j = 0; j + 1 < cut.size(); ++j) {
        const Segment piece{cut[j], cut[j + 1]};
        if (MeetingOf(piece, Edge(ring, i)) != Meeting::kApart) {
          return Refused("meets a hole", MeetingPlace(piece, Edge(ring, i)));
        }
      }
    }
  }
  return absl::OkStatus();
}

// The contacts in the order of the cut, each place once.
absl::StatusOr<std::vector<Contact>> Contacts(std::span<const Vertex> shell,
                                              std::span<const Vertex> cut) {
  std::vector<Contact> contacts;
  for (std::size_t i = 0; i + 1 < cut.size(); ++i) {
    const Segment piece{cut[i], cut[i + 1]};
    for (std::size_t j = 0; j < shell.size(); ++j) {
      const Segment edge = Edge(shell, j);
      const Meeting meeting = MeetingOf(piece, edge);
      if (meeting == Meeting::kApart) continue;
      const Vertex place = MeetingPlace(piece, edge);
      if (meeting == Meeting::kAlong) return Refused("runs along an edge", place);
      const bool known = std::any_of(contacts.begin(), contacts.end(),
                                     [place](const Contact& c) { return c.place == place; });
      // A vertex touched belongs to the edge that starts there.
      if (known || (meeting == Meeting::kTouch && place == edge.end)) continue;
      contacts.push_back({i, j, place});
    }
  }
  const auto along = [cut](const Contact& c) {
    return std::pair(c.cut_segment, SquaredDistance(cut[c.cut_segment], c.place));
  };
  std::sort(contacts.begin(), contacts.end(),
            [&along](const Contact& a, const Contact& b) { return along(a) < along(b); });
  return contacts;
}

// The vertices of the cut from its first contact to its second, both included.
std::vector<Vertex> Path(std::span<const Vertex> cut, const Contact& in, const Contact& out) {
  std::vector<Vertex> path{in.place};
  for (std::size_t i = in.cut_segment + 1; i <= out.cut_segment; ++i) {
    if (!(cut[i] == path.back())) path.push_back(cut[i]);
  }
  if (!(path.back() == out.place)) path.push_back(out.place);
  return path;
}

// The ring's vertices strictly between the places `from` and `to`, in its direction.
std::vector<Vertex> Between(std::span<const Vertex> shell, const Contact& from, const Contact& to) {
  std::vector<Vertex> between;
  std::size_t i = (from.edge + 1) % shell.size();
  const bool ahead = from.edge == to.edge && SquaredDistance(shell[from.edge], from.place) <
                                                 SquaredDistance(shell[to.edge], to.place);
  if (ahead) return between;
  while (true) {
    if (!(shell[i] == to.place) && !(shell[i] == from.place)) between.push_back(shell[i]);
    if (i == to.edge) return between;
    i = (i + 1) % shell.size();
  }
}

// The part whose shell is the ring from `from` to `to` and then `path` back to `from`.
Boundary Part(std::span<const Vertex> shell, const Contact& from, const Contact& to,
              std::span<const Vertex> path) {
  Boundary part;
  part.vertices.push_back(from.place);
  const std::vector<Vertex> between = Between(shell, from, to);
  part.vertices.insert(part.vertices.end(), between.begin(), between.end());
  part.vertices.insert(part.vertices.end(), path.begin(), path.end() - 1);
  part.EndRing();
  return part;
}

void AddHole(std::span<const Vertex> hole, Boundary& part) {
  part.vertices.insert(part.vertices.end(), hole.begin(), hole.end());
  part.EndRing();
}

void ShareHoles(const Boundary& plot, Boundary& first, Boundary& second) {
  for (std::size_t ring = 1; ring < plot.ring_count(); ++ring) {
    const std::span<const Vertex> hole = plot.Ring(ring);
    // A hole may touch the shell at a vertex, so the first vertex that is off it decides.
    Location location = Location::kOn;
    for (std::size_t i = 0; i < hole.size() && location == Location::kOn; ++i) {
      location = LocationInRing({2 * hole[i].x, 2 * hole[i].y}, first.Ring(0));
    }
    AddHole(hole, location == Location::kInside ? first : second);
  }
}

// True when the path between its two contacts runs inside the shell.
bool RunsInside(std::span<const Vertex> shell, std::span<const Vertex> path) {
  const Vertex middle{path[0].x + path[1].x, path[0].y + path[1].y};
  return LocationInRing(middle, shell) == Location::kInside;
}

}  // namespace

absl::StatusOr<SplitParts> SplitAlong(const Boundary& plot, std::span<const Vertex> cut) {
  if (absl::Status status = CheckCut(plot, cut); !status.ok()) return status;
  if (absl::Status status = CheckHoles(plot, cut); !status.ok()) return status;
  const std::span<const Vertex> shell = plot.Ring(0);
  const absl::StatusOr<std::vector<Contact>> contacts = Contacts(shell, cut);
  if (!contacts.ok()) return contacts.status();
  if (contacts->size() != 2) {
    return Refused(fmt::format("meets the outer ring {} times instead of twice", contacts->size()),
                   contacts->empty() ? cut[0] : contacts->back().place);
  }
  const Contact& in = contacts->front();
  const Contact& out = contacts->back();
  std::vector<Vertex> path = Path(cut, in, out);
  if (!RunsInside(shell, path)) return Refused("runs outside the plot", in.place);
  Boundary behind = Part(shell, out, in, path);
  std::reverse(path.begin(), path.end());
  Boundary ahead = Part(shell, in, out, path);
  if (DoubledSignedArea(behind.Ring(0)) == 0 || DoubledSignedArea(ahead.Ring(0)) == 0) {
    return Refused("leaves a part without an area", in.place);
  }
  ShareHoles(plot, behind, ahead);
  // Noded first, so that both halves of an edge that was cut keep what is said of it.
  const Vertex places[] = {in.place, out.place};
  const Boundary noded = NodedInto(plot, places).value_or(plot);
  for (Boundary* part : {&behind, &ahead}) {
    part->EndPart();
    CarrySurvey({&noded, 1}, *part);
  }
  // The part behind runs along the cut, so it is on the left when it runs counter-clockwise.
  if (DoubledSignedArea(behind.Ring(0)) > 0) return SplitParts{std::move(behind), std::move(ahead)};
  return SplitParts{std::move(ahead), std::move(behind)};
}

}  // namespace landbook::geo
