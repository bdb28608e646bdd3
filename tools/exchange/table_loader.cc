#include "tools/exchange/table_loader.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "geo/area.h"
#include "tools/exchange/side_text.h"

namespace landbook::exchange {
namespace {

using State = geo::Attribute::State;

std::string WithoutBlanks(const std::string& text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool IsDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsDay(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// What came of one value.
struct Value {
  std::string text;    // as the scratch table keeps it
  std::string detail;  // what is wrong with it; empty when nothing is
};

Value NumberOf(const Column& column, const std::string& text) {
  // A number that a format holds in binary may come with more decimals than were written.
  const auto hundredths = geo::ParseHundredths(text);
  if (column.decimals == 2 && hundredths.ok()) return {geo::FormatHundredths(*hundredths), ""};
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  const bool number = end == text.c_str() + text.size();
  if (column.type == 'I' && !IsDigits(text)) return {text, "number"};
  return {text, number && column.decimals != 2 ? "" : "number"};
}

// The value as the layout wants it, and what is wrong with it.
Value ReadValue(const Column& column, const std::string& text) {
  if (text.empty()) return {"", "missing"};
  if (column.type == 'D') {
    const std::string date = CivilDateOf(text);
    return {date.empty() ? text : date, date.empty() ? "date" : ""};
  }
  if (column.type == 'I' || column.type == 'F') return NumberOf(column, text);
  if (column.digits != 0 && (text.size() != column.digits || !IsDigits(text))) {
    return {text, "malformed"};
  }
  const auto& codes = column.codes;
  if (!codes.empty() && std::find(codes.begin(), codes.end(), text) == codes.end()) {
    return {text, "code_list"};
  }
  return {text, ""};
}

struct Sentences {
  std::string english;
  std::string chinese;
};

// The value itself is not repeated: it may be a person's.
Sentences Say(const std::string& where, const Column& column, const std::string& detail) {
  if (detail == "missing") {
    return {fmt::format("{} is missing.", where), fmt::format("{} 缺失。", where)};
  }
  if (detail == "date") {
    return {fmt::format("{} is no day of the calendar as YYYYMMDD.", where),
            fmt::format("{} 不是有效日期（YYYYMMDD）。", where)};
  }
  if (detail == "number") {
    return {fmt::format("{} is no number that the column may hold.", where),
            fmt::format("{} 不是该字段允许的数值。", where)};
  }
  if (detail == "malformed") {
    return {fmt::format("{} has to have {} digits.", where, column.digits),
            fmt::format("{} 应为 {} 位数字。", where, column.digits)};
  }
  if (detail == "undecodable") {
    return {fmt::format("{} is not text in the table's encoding.", where),
            fmt::format("{} 不是所用编码的文字。", where)};
  }
  return {fmt::format("{} is outside its list: {}.", where, fmt::join(column.codes, ", ")),
          fmt::format("{} 不在代码表内（{}）。", where, fmt::join(column.codes, "、"))};
}

std::string RuleOf(const std::string& detail) {
  if (detail == "malformed") return "B401";
  return detail == "undecodable" ? "B404" : "B403";
}

// Reads the rows of one source into one scratch table.
class Loader {
 public:
  Loader(Scratch& scratch, const TableLayout& table) : scratch_(scratch), table_(table) {}

  absl::StatusOr<Loaded> Run(const TableSource& source, const LoadOptions& options) {
    auto reader = geo::LayerReader::Open(
        source.path, {.layer = source.layer, .encoding = options.encoding, .crs = ""});
    if (!reader.ok()) return reader.status();
    if (absl::Status found = FindColumns((*reader)->Info(), options); !found.ok()) return found;
    if (absl::Status prepared = Prepare(); !prepared.ok()) return prepared;
    for (;;) {
      absl::StatusOr<std::optional<geo::Row>> row = (*reader)->Next();
      if (!row.ok()) return row.status();
      if (!row->has_value()) break;
      if (absl::Status put = Put(**row); !put.ok()) return put;
      ++loaded_.rows;
    }
    return std::move(loaded_);
  }

 private:
  absl::Status FindColumns(const geo::LayerInfo& info, const LoadOptions& options) {
    std::vector<std::string> unknown;
    places_.assign(table_.columns.size(), std::nullopt);
    stated_.assign(table_.columns.size(), "");
    std::vector<bool> taken(info.fields.size());
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const std::pair<std::string, std::string> key(table_.name, table_.columns[i].name);
      std::string wanted = key.second;
      if (options.mapping != nullptr) {
        if (const auto at = options.mapping->columns.find(key);
            at != options.mapping->columns.end()) {
          wanted = at->second;
        }
        if (const auto at = options.mapping->stated.find(key);
            at != options.mapping->stated.end()) {
          stated_[i] = at->second;
        }
      }
      for (std::size_t field = 0; field < info.fields.size() && !places_[i]; ++field) {
        if (Upper(info.fields[field].name) == Upper(wanted)) places_[i] = field;
      }
      if (places_[i]) taken[*places_[i]] = true;
    }
    for (std::size_t field = 0; field < info.fields.size(); ++field) {
      if (!taken[field]) unknown.push_back(info.fields[field].name);
    }
    // A table without rows may come without columns (GeoJSON).
    if (!info.fields.empty() && unknown.size() == info.fields.size()) {
      return absl::InvalidArgumentError(
          fmt::format("{} has none of the columns of {}: name them in a mapping file", info.layer,
                      table_.name));
    }
    // The columns of DK that the standard does not know are taken with the plots.
    if (!unknown.empty() && table_.name != "DK") {
      loaded_.note = fmt::format("{}: columns that the standard does not know are left out: {}",
                                 table_.name, fmt::join(unknown, ", "));
    }
    return absl::OkStatus();
  }

  static std::string Upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
  }

  absl::Status Prepare() {
    const auto side_rows = scratch_.Count("SELECT count(*) FROM LANDBOOK_TEXT");
    if (!side_rows.ok()) return side_rows.status();
    has_side_text_ = *side_rows > 0 && table_.name != kSideTable;
    std::string places;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) places += ", ?";
    auto insert =
        scratch_.Prepare(fmt::format("INSERT INTO {} VALUES(?, ?{})", Quoted(table_.name), places));
    if (!insert.ok()) return insert.status();
    insert_.emplace(*std::move(insert));
    auto tell = scratch_.Prepare("INSERT INTO finding VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!tell.ok()) return tell.status();
    tell_.emplace(*std::move(tell));
    return absl::OkStatus();
  }

  absl::Status Put(const geo::Row& row) {
    if (has_side_text_) {
      auto texts = SideTextOf(scratch_, table_.name, row.id);
      if (!texts.ok()) return texts.status();
      side_texts_ = *std::move(texts);
    }
    std::vector<std::string> values;
    bool bad = false;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const Column& column = table_.columns[i];
      const geo::Attribute attribute = AttributeAt(row, i);
      Value value = ReadValue(column, WithoutBlanks(attribute.text));
      if (attribute.state == State::kUndecodable) value = {"", "undecodable"};
      const bool undecodable = value.detail == "undecodable";
      const bool legal = column.need == Need::kLegal || undecodable;
      // What is wrong with the rows of DK the import of the plots tells.
      const bool silent = (value.detail == "missing" && column.need == Need::kFree) ||
                          (undecodable && table_.name == "DK");
      if (!value.detail.empty() && !silent) {
        bad |= legal;
        if (absl::Status told = Tell(row.id, column, value.detail, legal); !told.ok()) return told;
      }
      values.push_back(std::move(value.text));
    }
    if (table_.name != "DK") {
      for (const geo::RowProblem& problem : row.problems) bad |= IsOfRecord(problem.kind);
      if (absl::Status told = TellLost(row); !told.ok()) return told;
    }
    insert_->Bind(row.id).Bind(std::int64_t{bad ? 1 : 0});
    for (const std::string& value : values) insert_->Bind(value);
    const absl::Status put = insert_->Step().status();
    insert_->Reset();
    return put;
  }

  geo::Attribute AttributeAt(const geo::Row& row, std::size_t column) const {
    geo::Attribute attribute;
    if (places_[column] && *places_[column] < row.attributes.size()) {
      attribute = row.attributes[*places_[column]];
    }
    if (attribute.state == State::kNull || WithoutBlanks(attribute.text).empty()) {
      const auto side = side_texts_.find(table_.columns[column].name);
      attribute = {State::kText, side == side_texts_.end() ? stated_[column] : side->second};
    }
    return attribute;
  }

  static bool IsOfRecord(geo::RowProblem::Kind kind) {
    return kind == geo::RowProblem::Kind::kAttributesMissing ||
           kind == geo::RowProblem::Kind::kMarkedDeleted;
  }

  // A record that the table does not hold, or holds as deleted.
  absl::Status TellLost(const geo::Row& row) {
    for (const geo::RowProblem& problem : row.problems) {
      if (!IsOfRecord(problem.kind)) continue;
      tell_->Bind(table_.name)
          .Bind(row.id)
          .Bind("B403")
          .Bind(static_cast<std::int64_t>(Gravity::kError))
          .Bind("")
          .Bind("record")
          .Bind(fmt::format("{}: {}", table_.name, problem.message))
          .Bind(fmt::format("{}：该行记录缺失或已标记删除，请重新提交。", table_.name));
      const absl::Status told = tell_->Step().status();
      tell_->Reset();
      if (!told.ok()) return told;
    }
    return absl::OkStatus();
  }

  absl::Status Tell(std::int64_t row, const Column& column, const std::string& detail, bool error) {
    const Sentences said = Say(fmt::format("{}.{}", table_.name, column.name), column, detail);
    tell_->Bind(table_.name)
        .Bind(row)
        .Bind(RuleOf(detail))
        .Bind(static_cast<std::int64_t>(error ? Gravity::kError : Gravity::kWarning))
        .Bind("")
        .Bind(detail)
        .Bind(said.english)
        .Bind(said.chinese);
    const absl::Status told = tell_->Step().status();
    tell_->Reset();
    return told;
  }

  Scratch& scratch_;
  const TableLayout& table_;
  std::vector<std::optional<std::size_t>> places_;  // of each column among the source's
  std::vector<std::string> stated_;                 // by the mapping file
  bool has_side_text_ = false;
  std::map<std::string, std::string> side_texts_;  // of the row under way
  std::optional<Statement> insert_;
  std::optional<Statement> tell_;
  Loaded loaded_;
};

}  // namespace

absl::Status MakeTables(Scratch& scratch) {
  absl::Status status = scratch.Run(
      "CREATE TABLE finding(tab TEXT, row INTEGER, rule TEXT, severity INTEGER, code TEXT, "
      "detail TEXT, english TEXT, chinese TEXT)");
  for (const TableLayout& table : AllTables()) {
    std::string columns;
    for (const Column& column : table.columns) columns += fmt::format(", {} TEXT", column.name);
    status.Update(scratch.Run(fmt::format("CREATE TABLE {}(row INTEGER PRIMARY KEY, bad INTEGER{})",
                                          Quoted(table.name), columns)));
  }
  status.Update(scratch.Run("CREATE INDEX side_row ON LANDBOOK_TEXT(TAB, ROWNO)"));
  return status;
}

absl::StatusOr<Loaded> LoadTable(Scratch& scratch, const TableLayout& table,
                                 const TableSource& source, const LoadOptions& options) {
  return Loader(scratch, table).Run(source, options);
}

std::string CivilDateOf(const std::string& text) {
  int year = 0, month = 0, day = 0, read = 0;
  const bool compact = text.size() == 8 && IsDigits(text);
  const bool parsed = compact ? std::sscanf(text.c_str(), "%4d%2d%2d", &year, &month, &day) == 3
                              : std::sscanf(text.c_str(), "%4d%*1[-/]%2d%*1[-/]%2d%n", &year,
                                            &month, &day, &read) == 3;
  if (!parsed || !IsDay(year, month, day)) return "";
  if (!compact) {
    const std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(read));
    const bool midnight = rest.empty() || rest.starts_with(" 00:00:00") ||
                          rest.starts_with("T00:00:00") || rest.starts_with(" 0:00:00");
    if (!midnight) return "";
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace landbook::exchange
