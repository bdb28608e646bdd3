// Structured logs: one JSON object a line. They never hold personal data: no request, no answer, no
// name of a party; of people only the officer who called.
#ifndef LANDBOOK_SERVICES_COMMON_LOGGING_H_
#define LANDBOOK_SERVICES_COMMON_LOGGING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landbook::common {

enum class LogLevel : std::uint8_t { kInfo = 1, kWarning = 2, kError = 3 };

// What one call left.
struct CallLine {
  std::string_view request_id;
  // "RegistryService/GetPlot".
  std::string_view method;
  // The officer who called; empty when nobody was made out.
  std::string_view principal;
  // "OK", "NOT_FOUND".
  std::string_view code;
  // The first refusal's name; empty when there was none.
  std::string_view reason;
  std::int64_t micros = 0;
};

// Writes lines. May be used from any thread.
class Logger {
 public:
  // Where a finished line, without its newline, goes.
  using Sink = std::function<void(std::string_view line)>;

  // To standard error, a whole line at a time.
  Logger();
  explicit Logger(Sink sink) : sink_(std::move(sink)) {}

  // {"level":"info","time":"…","event":"call","request":…,"method":…,"principal":…,"code":…,
  // "reason":…,"micros":…}; a warning when the server is at fault (INTERNAL, DATA_LOSS, UNKNOWN).
  void Call(const CallLine& line) const;

  // {"level":…,"time":…,"event":`event`, then the fields, as texts}.
  using Fields = std::vector<std::pair<std::string_view, std::string>>;
  void Event(LogLevel level, std::string_view event, const Fields& fields = {}) const;

 private:
  Sink sink_;
};

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string JsonString(std::string_view text);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_LOGGING_H_
