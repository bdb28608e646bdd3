#include "storage/check.h"

#include <cstdio>
#include <cstdlib>

namespace landbook::storage {

void FailCheck(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace landbook::storage
