#include "tools/exchange/scratch.h"

#include <sqlite3.h>

#include "fmt/format.h"

namespace landbook::exchange {
namespace {

// Pages that SQLite keeps in memory, in KiB: what of a delivery is looked at again and again. One
// transaction lasts as long as the database: nothing is ever made durable or taken back, and the
// end of each small one would go through all pages in memory.
constexpr char kSettings[] =
    "PRAGMA cache_size = -65536; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA temp_store = FILE; BEGIN;";

absl::Status Failure(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  const std::string message = fmt::format("the scratch tables of the package failed {}: {}", doing,
                                          sqlite3_errmsg(database));
  if (code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_NOMEM) {
    return absl::ResourceExhaustedError(fmt::format(
        "{}; make room where temporary files lie (SQLITE_TMPDIR), and try again", message));
  }
  return absl::InternalError(message);
}

std::string Doubled(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted + quote;
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::Bind(std::string_view text) {
  ++bound_;
  if (text.empty()) {
    sqlite3_bind_null(statement_.get(), bound_);
  } else {
    sqlite3_bind_text(statement_.get(), bound_, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::Bind(std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), ++bound_, number);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Failure(sqlite3_db_handle(statement_.get()), "while a statement ran");
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bound_ = 0;
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return "";
  return std::string(text,
                     static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

absl::StatusOr<std::unique_ptr<Scratch>> Scratch::Open() {
  sqlite3* database = nullptr;
  // No name: a private file that is unlinked at once, and made only when the cache overflows.
  if (sqlite3_open_v2("", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) !=
      SQLITE_OK) {
    const absl::Status failure = Failure(database, "to open");
    sqlite3_close(database);
    return failure;
  }
  std::unique_ptr<Scratch> scratch(new Scratch(database));
  if (absl::Status status = scratch->Run(kSettings); !status.ok()) return status;
  return scratch;
}

Scratch::~Scratch() { sqlite3_close(database_); }

absl::Status Scratch::Run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return Failure(database_, fmt::format("at \"{}\"", sql));
}

absl::StatusOr<Statement> Scratch::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql.c_str(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK) {
    return Failure(database_, fmt::format("at \"{}\"", sql));
  }
  return Statement(statement);
}

absl::StatusOr<std::int64_t> Scratch::Count(const std::string& sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Integer(0) : 0;
}

std::string Quoted(std::string_view name) { return Doubled(name, '"'); }

std::string TextLiteral(std::string_view text) { return Doubled(text, '\''); }

}  // namespace landbook::exchange
