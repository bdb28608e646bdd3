#include "tools/exchange/source_record.h"

#include <algorithm>

namespace landbook::exchange {
namespace {

std::string Escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\') text += "\\\\";
    if (c == '\n') text += "\\n";
    if (c != '\\' && c != '\n') text += c;
  }
  return text;
}

std::string Unescaped(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape) ++i;
    value += escape && text[i] == 'n' ? '\n' : text[i];
  }
  return value;
}

}  // namespace

std::string FormatSourceRecord(const SourceRecord& record) {
  std::string text;
  for (const auto& [key, value] : record) text += key + "=" + Escaped(value) + "\n";
  return text;
}

SourceRecord ParseSourceRecord(std::string_view text) {
  SourceRecord record;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) continue;
    record[std::string(line.substr(0, sign))] = Unescaped(line.substr(sign + 1));
  }
  return record;
}

}  // namespace landbook::exchange
