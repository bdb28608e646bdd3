// The bridge to SQLite: tables of one delivery, joined and checked on disk, so that memory does not
// grow with the package.
//
// A scratch database has no name: SQLite takes its file off the disk's directory when it makes it
// and the system frees it with the process, so that names and identity numbers of a delivery lie in
// no file that somebody could find.
#ifndef LANDBOOK_TOOLS_EXCHANGE_SCRATCH_H_
#define LANDBOOK_TOOLS_EXCHANGE_SCRATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace landbook::exchange {

// One statement. Binding goes from the first placeholder on; Step() gives the rows. Not
// thread-safe.
class Statement {
 public:
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  // Gives the next placeholder a value; an empty text is bound as null, as the tables keep it.
  Statement& Bind(std::string_view text);
  Statement& Bind(std::int64_t number);

  // True while there is a row. Fails with the reason of SQLite, RESOURCE_EXHAUSTED on a full disk.
  absl::StatusOr<bool> Step();
  // Makes it ready to be bound and stepped again.
  void Reset();

  // The values of the row; an empty text and 0 for null. REQUIRES: the last Step() gave a row.
  std::string Text(int column) const;
  std::int64_t Integer(int column) const;

 private:
  friend class Scratch;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bound_ = 0;
};

// A database that lives as long as the object, in one transaction that is never ended. Not
// thread-safe.
class Scratch {
 public:
  static absl::StatusOr<std::unique_ptr<Scratch>> Open();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  // Runs statements that give no rows.
  absl::Status Run(const std::string& sql);
  absl::StatusOr<Statement> Prepare(const std::string& sql);
  // The single number that a query gives.
  absl::StatusOr<std::int64_t> Count(const std::string& sql);

 private:
  explicit Scratch(sqlite3* database) : database_(database) {}

  sqlite3* database_;
};

// `name` as SQL writes an identifier, and `text` as it writes a text.
std::string Quoted(std::string_view name);
std::string TextLiteral(std::string_view text);

}  // namespace landbook::exchange

#endif  // LANDBOOK_TOOLS_EXCHANGE_SCRATCH_H_
