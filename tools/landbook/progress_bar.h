// A progress bar for long work, on a terminal only: share, rate and time left.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PROGRESS_BAR_H_
#define LANDBOOK_TOOLS_LANDBOOK_PROGRESS_BAR_H_

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace landbook::tools {

// How far a piece of work is.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0 when nobody knows
  double seconds = 0;       // since it began
};

// "checking  [#####     ]  50 %  123,456 of 246,912  41,152/s  3 s left"; without a total the bar,
// the share and the time left are missing.
std::string ProgressLine(const std::string& label, const Progress& progress);

// Draws lines over one another on one stream, at most ten a second, and nothing at all when the
// stream is no terminal. Removes what it drew when it is destroyed.
class ProgressBar {
 public:
  ProgressBar(std::ostream& err, bool is_terminal) : err_(err), is_terminal_(is_terminal) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  // Begins a stage; its rate and its time left count from now.
  void Begin(const std::string& label);
  void Show(std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& err_;
  bool is_terminal_;
  bool drawn_ = false;
  std::string label_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_{};
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PROGRESS_BAR_H_
