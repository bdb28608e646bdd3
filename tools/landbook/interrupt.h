// Ctrl-C (SIGINT) and SIGTERM as a question that long work asks itself.
#ifndef LANDBOOK_TOOLS_LANDBOOK_INTERRUPT_H_
#define LANDBOOK_TOOLS_LANDBOOK_INTERRUPT_H_

#include <csignal>

namespace landbook::tools {

// While one lives, the first SIGINT or SIGTERM is only noted, so that work can end cleanly; the
// second one ends the process as usual. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  // True once a signal came.
  static bool Interrupted();

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_INTERRUPT_H_
