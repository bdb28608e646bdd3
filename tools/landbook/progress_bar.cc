#include "tools/landbook/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace landbook::tools {
namespace {

constexpr int kBarWidth = 24;
constexpr std::chrono::milliseconds kPause{100};
constexpr char kEraseLine[] = "\r\x1b[K";

std::string Grouped(std::uint64_t number) {
  const std::string digits = fmt::to_string(number);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string RateText(const Progress& progress) {
  if (progress.seconds <= 0) return "";
  const double rate = static_cast<double>(progress.done) / progress.seconds;
  return fmt::format("  {}/s", Grouped(static_cast<std::uint64_t>(std::llround(rate))));
}

}  // namespace

std::string ProgressLine(const std::string& label, const Progress& progress) {
  const std::string rate = RateText(progress);
  if (progress.total == 0) return fmt::format("{}  {}{}", label, Grouped(progress.done), rate);
  const std::uint64_t done = std::min(progress.done, progress.total);
  const double share = static_cast<double>(done) / static_cast<double>(progress.total);
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  std::string line =
      fmt::format("{}  [{:<{}}]  {:.0f} %  {} of {}{}", label, std::string(filled, '#'), kBarWidth,
                  std::floor(share * 100), Grouped(done), Grouped(progress.total), rate);
  if (done > 0) {
    line += fmt::format("  {:.0f} s left", std::ceil(progress.seconds * (1 - share) / share));
  }
  return line;
}

ProgressBar::~ProgressBar() {
  if (drawn_) err_ << kEraseLine << std::flush;
}

void ProgressBar::Begin(const std::string& label) {
  label_ = label;
  begun_ = Clock::now();
  shown_ = {};
}

void ProgressBar::Show(std::uint64_t done, std::uint64_t total) {
  if (!is_terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now - shown_ < kPause) return;
  shown_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  err_ << kEraseLine << ProgressLine(label_, {done, total, seconds}) << std::flush;
}

}  // namespace landbook::tools
