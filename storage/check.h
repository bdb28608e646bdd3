// Invariants that are checked in every build.
//
// A check is for what this program itself promised and never for what a caller or a disk brought;
// those are refused with a status. A check that fails ends the process at once, because going on
// would mean writing from a state that is known to be wrong.
#ifndef LANDBOOK_STORAGE_CHECK_H_
#define LANDBOOK_STORAGE_CHECK_H_

namespace landbook::storage {

// Prints "FILE:LINE: broken invariant: CONDITION" to standard error and aborts.
[[noreturn]] void FailCheck(const char* file, int line, const char* condition);

}  // namespace landbook::storage

// Ends the process when `condition` is false, in release builds as well.
#define LANDBOOK_CHECK(condition)                                     \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      ::landbook::storage::FailCheck(__FILE__, __LINE__, #condition); \
    }                                                                 \
  } while (false)

#endif  // LANDBOOK_STORAGE_CHECK_H_
