#include "services/common/logging.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "geo/utf8.h"
#include "services/common/clock.h"

namespace landbook::common {
namespace {

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    default:
      return "error";
  }
}

// Logs tell the machine's time, also under a trial clock.
std::string Start(LogLevel level, std::string_view event) {
  static SystemClock& clock = *new SystemClock();
  return fmt::format(R"({{"level":"{}","time":"{}","event":{})", NameOf(level),
                     FormatTime(clock.NowMicros()), JsonString(event));
}

Logger::Sink StandardError() {
  // spdlog's sink writes a line under its lock; its own pattern is off, the line is ours.
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("landbook", sink);
  logger->set_pattern("%v");
  return [logger](std::string_view line) {
    logger->info(spdlog::string_view_t(line.data(), line.size()));
  };
}

bool ServerAtFault(std::string_view code) {
  return code == "INTERNAL" || code == "DATA_LOSS" || code == "UNKNOWN";
}

// How many bytes the UTF-8 character at the start of `text` has; 0 when it is none.
std::size_t CharacterBytes(std::string_view text) {
  for (std::size_t n = 1; n <= 4 && n <= text.size(); ++n) {
    if (geo::IsUtf8(text.substr(0, n))) return n;
  }
  return 0;
}

void AppendCharacter(std::string& out, std::string_view character) {
  const auto byte = static_cast<unsigned char>(character.front());
  if (byte == '"' || byte == '\\') {
    out += '\\';
    out += character;
  } else if (byte < 0x20) {
    out += fmt::format("\\u{:04x}", byte);
  } else {
    out += character;
  }
}

}  // namespace

Logger::Logger() : sink_(StandardError()) {}

void Logger::Call(const CallLine& line) const {
  const LogLevel level = ServerAtFault(line.code) ? LogLevel::kWarning : LogLevel::kInfo;
  sink_(fmt::format(
      R"({},"request":{},"method":{},"principal":{},"code":{},"reason":{},"micros":{}}})",
      Start(level, "call"), JsonString(line.request_id), JsonString(line.method),
      JsonString(line.principal), JsonString(line.code), JsonString(line.reason), line.micros));
}

void Logger::Event(LogLevel level, std::string_view event, const Fields& fields) const {
  std::string line = Start(level, event);
  for (const auto& [name, value] : fields) {
    line += fmt::format(",{}:{}", JsonString(name), JsonString(value));
  }
  sink_(line + "}");
}

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t bytes = CharacterBytes(text);
    if (bytes == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      AppendCharacter(out, text.substr(0, bytes));
      text.remove_prefix(bytes);
    }
  }
  return out + "\"";
}

}  // namespace landbook::common
