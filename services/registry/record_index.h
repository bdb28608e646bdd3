// What the state derives from one record: pure functions of its bytes, so that the fold of the
// journal gives the same keys as the commit did.
#ifndef LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_
#define LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/hilbert.h"
#include "google/protobuf/message.h"
#include "landbook/v1/journal.pb.h"

namespace landbook::registry {

// The last serial that a code uses of its family; the book gives out later ones only.
struct UsedSerial {
  std::string family;
  std::uint64_t serial = 0;
};

// How a live record is counted: under which word, with what recorded area (hundredths of a m2).
struct LiveCount {
  std::string word;
  std::int64_t area_hundredths_m2 = 0;
  friend bool operator==(const LiveCount&, const LiveCount&) = default;
};

// Everything derived from one record.
struct Derived {
  // Versioned keys of the tables above 31 (TableKey bytes) and their values, by ascending key.
  std::vector<std::pair<std::string, std::string>> entries;
  std::vector<UsedSerial> serials;
  std::optional<LiveCount> live;

  // The value of a key; null for none.
  const std::string* Find(std::string_view key) const;
};

// Derives from the bytes of a record; a boundary's are the fold's own business. DATA_LOSS when they
// are not a record of the kind.
absl::StatusOr<Derived> DeriveFrom(v1::RecordKind kind, std::uint64_t number,
                                   std::string_view record);

// The same from a message that was read from those bytes, or makes them. REQUIRES: it is of the
// kind's type, and the kind is not a boundary.
Derived DeriveFrom(v1::RecordKind kind, std::uint64_t number,
                   const google::protobuf::Message& record);

// The family and serial of a plot's code: all but the last five characters, and those. Nothing for
// a code that does not end in five digits.
std::optional<UsedSerial> SerialOfPlotCode(std::string_view code);

// The size classes of the window index: those of geo/hilbert.h, and one more for the stretches of
// long boundaries (geo/stretch.h).
inline constexpr std::uint8_t kStretchClass = geo::kSizeClassCount;
inline constexpr std::size_t kWindowClassCount = geo::kSizeClassCount + 1;

// Where a line of the window index lies.
struct Place {
  std::uint8_t tier = 0;
  std::uint8_t size_class = 0;
  std::uint64_t position = 0;
  friend bool operator==(const Place&, const Place&) = default;
};
// The place of an undivided box.
Place PlaceOf(std::uint8_t tier, const geo::Box& box);
std::string EncodePlace(const Place& place);
absl::StatusOr<Place> DecodePlace(std::string_view bytes);

// A line that a boundary has in the window index: one, or one for each of its stretches.
struct WindowEntry {
  Place place;
  geo::Box box;  // the boundary's, or the stretch's
};
// The lines of a boundary; the first is its place, by which it is read. Never none. REQUIRES: not
// empty, on the plane.
std::vector<WindowEntry> WindowEntriesOf(std::uint8_t tier, const geo::Boundary& boundary);

// A boundary as it is stored, with the box that it has. The view is borrowed.
struct PlacedBoundary {
  std::uint8_t tier = 0;
  geo::Box box;
  std::string_view compact;
};
// The same, which reads the boundary only where it may be long enough to have stretches.
std::vector<WindowEntry> WindowEntriesOf(const PlacedBoundary& boundary);

// The value of an undivided boundary's line: the box, then the compact boundary
// (FindPlotsResponse.page). A stretch's line has the stretch's box before that.
std::string EncodeWindowValue(const geo::Box& box, std::string_view compact);
std::string EncodeStretchValue(const geo::Box& stretch, const geo::Box& box,
                               std::string_view compact);
struct WindowValue {
  geo::Box reach;            // what a window has to meet: the stretch's box, or the boundary's
  geo::Box box;              // the boundary's
  std::string_view compact;  // views into what was decoded
  std::string_view packed;   // the box and the compact boundary
};
// Decodes the value of a line in a size class, or in kStretchClass.
absl::StatusOr<WindowValue> DecodeWindowValue(std::uint8_t size_class, std::string_view bytes);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_
