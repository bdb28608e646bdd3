// What the state derives from one record: pure functions of its bytes, so that the fold of the
// journal gives the same keys as the commit did.
#ifndef LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_
#define LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
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
  // Versioned keys of the tables above 31 (TableKey bytes) and their values.
  std::map<std::string, std::string> entries;
  std::vector<UsedSerial> serials;
  std::optional<LiveCount> live;
};

// Derives from the bytes of a record; a boundary's are the fold's own business. DATA_LOSS when they
// are not a record of the kind.
absl::StatusOr<Derived> DeriveFrom(v1::RecordKind kind, std::uint64_t number,
                                   std::string_view record);

// The family and serial of a plot's code: all but the last five characters, and those. Nothing for
// a code that does not end in five digits.
std::optional<UsedSerial> SerialOfPlotCode(std::string_view code);

// Where a boundary lies in the window index.
struct Place {
  std::uint8_t tier = 0;
  std::uint8_t size_class = 0;
  std::uint64_t position = 0;
};
Place PlaceOf(std::uint8_t tier, const geo::Box& box);
std::string EncodePlace(const Place& place);
absl::StatusOr<Place> DecodePlace(std::string_view bytes);

// The value of the window index: the box, then the compact boundary (FindPlotsResponse.page).
std::string EncodeWindowValue(const geo::Box& box, std::string_view compact);
struct WindowValue {
  geo::Box box;
  std::string_view compact;  // a view into what was decoded
};
absl::StatusOr<WindowValue> DecodeWindowValue(std::string_view bytes);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RECORD_INDEX_H_
