// Integers and doubles in the byte orders that shapefiles mix.
#ifndef LANDBOOK_GEO_FORMATS_BYTE_ORDER_H_
#define LANDBOOK_GEO_FORMATS_BYTE_ORDER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace landbook::geo {

static_assert(std::endian::native == std::endian::little,
              "shapefile doubles are copied as little-endian bytes");

// The value of type T at `place`. REQUIRES: the bytes are there.
template <typename T>
T LittleEndianAt(std::string_view bytes, std::size_t place) {
  T value;
  std::memcpy(&value, bytes.data() + place, sizeof(T));
  return value;
}

// The 32-bit big-endian number at `place`. REQUIRES: the bytes are there.
inline std::uint32_t BigEndian32At(std::string_view bytes, std::size_t place) {
  return __builtin_bswap32(LittleEndianAt<std::uint32_t>(bytes, place));
}

template <typename T>
void AppendLittleEndian(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

inline void AppendBigEndian32(std::string& out, std::uint32_t value) {
  AppendLittleEndian(out, __builtin_bswap32(value));
}

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_BYTE_ORDER_H_
