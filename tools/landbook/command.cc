#include "tools/landbook/command.h"

#include <fmt/format.h>

#include <charconv>
#include <ostream>
#include <string_view>
#include <utility>

#include "tools/landbook/json.h"

namespace landbook::tools {

void Command::RunWithSession(std::function<absl::Status(Session&)> verb) {
  action = [this, verb = std::move(verb)]() -> absl::Status {
    absl::StatusOr<std::unique_ptr<Session>> session = Session::Open(settings);
    if (!session.ok()) return session.status();
    return verb(**session);
  };
}

void Command::RunInCounty(std::function<absl::Status(Session&)> verb) {
  RunWithSession([verb = std::move(verb)](Session& session) -> absl::Status {
    if (session.settings().county.empty()) {
      return UsageError("this verb is about one county: name it with --county CODE");
    }
    return verb(session);
  });
}

void Command::Answer(const google::protobuf::Message& answer) const {
  if (json()) {
    out << JsonOf(answer) << "\n";
  } else {
    PrintRecord(answer, out);
  }
}

void Command::Answer(const google::protobuf::Message& answer, const Table& table) const {
  if (json()) {
    out << JsonOf(answer) << "\n";
  } else {
    table.Print(out);
  }
}

absl::StatusOr<v1::County> CountyOf(Session& session) {
  v1::GetCountyRequest request;
  request.set_county(session.settings().county);
  return session.Call(&Session::Registry::GetCounty, request);
}

v1::ReadOptions ReadAsOf(const std::string& as_of) {
  v1::ReadOptions read;
  if (as_of.empty()) return read;
  std::uint64_t sequence = 0;
  const char* end = as_of.data() + as_of.size();
  const auto [past, error] = std::from_chars(as_of.data(), end, sequence);
  if (error == std::errc() && past == end) {
    read.set_sequence(sequence);
  } else {
    read.set_time(as_of);
  }
  return read;
}

absl::StatusOr<std::uint64_t> NumberFrom(const std::string& text, const std::string& what) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [past, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || past != end || number == 0) {
    return UsageError(fmt::format("{} is a number from 1 on; '{}' came", what, text));
  }
  return number;
}

}  // namespace landbook::tools
