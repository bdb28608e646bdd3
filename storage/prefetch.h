// Asking for memory early.
#ifndef LANDBOOK_STORAGE_PREFETCH_H_
#define LANDBOOK_STORAGE_PREFETCH_H_

#include <cstddef>
#include <string_view>

namespace landbook::storage {

// Asks for memory that will be read soon, so that it is there when it is: bytes that are read in
// another order than they were written are waited for longer than reading them takes. They need not
// be there any more.
inline void Prefetch(std::string_view bytes) {
  constexpr std::size_t kLineBytes = 64;
  for (std::size_t at = 0; at < bytes.size(); at += kLineBytes) {
    __builtin_prefetch(bytes.data() + at);
  }
}

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_PREFETCH_H_
