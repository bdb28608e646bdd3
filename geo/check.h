// A check of a precondition that stays on in production.
#ifndef LANDBOOK_GEO_CHECK_H_
#define LANDBOOK_GEO_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace landbook::geo {

// Says what did not hold and where, and ends the process: the caller broke a contract, so nothing
// that follows could be trusted. Input from outside is refused with a status instead.
[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace landbook::geo

#define LANDBOOK_GEO_CHECK(condition) \
  ((condition) ? void(0) : ::landbook::geo::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // LANDBOOK_GEO_CHECK_H_
