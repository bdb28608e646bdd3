// The second half of an import: accepted rows become commits of bounded size, one after the other,
// with verdicts that the check has reached already.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "services/registry/book.h"
#include "services/registry/import_check.h"
#include "services/registry/import_progress.h"
#include "services/registry/import_staging.h"

namespace landbook::registry {

class ImportCommitter {
 public:
  // The most acts and bytes of boundaries and attributes of one commit: a small part of what a
  // commit may have (architecture, "Every server"), so that a clerk never waits long behind one.
  static constexpr std::size_t kActsMax = 5'000;
  static constexpr std::size_t kBytesMax = 8u << 20;
  // How often a commit is sent again after rows that the book no longer takes were left out of it.
  static constexpr int kAttemptsMax = 8;

  // All are borrowed. `actor` is who the import is for.
  ImportCommitter(Book* book, const ImportRules& rules, ImportStaging* staging,
                  ImportProgress* progress, v1::Actor actor);

  // Commits all accepted rows, or those up to a cancellation. The next commit is made while the
  // writer works on the one before. Gives why it could not go on, empty when it could.
  std::string Run();

 private:
  // One commit, ready to be sent. `rows` has a row an act.
  struct Piece {
    std::vector<StagedRow> rows;
    std::vector<std::vector<v1::Finding>> warnings;
    // Made by MakeCommit, and given away by Send.
    v1::Commit commit;
    std::string canonical;  // the commit's canonical bytes without its request id
    CommitVerdict verdict;
  };
  struct Sent {
    std::uint64_t at_sequence = 0;  // where the book stood when it was sent
    std::future<common::Outcome<v1::CommitResponse>> answer;
  };

  absl::StatusOr<std::optional<Piece>> NextPiece();
  void MakeCommit(Piece* piece) const;
  void AddAct(const StagedRow& row, Piece* piece) const;
  std::string RequestHashOf(const Piece& piece) const;
  Sent Send(Piece* piece);
  // Waits for the answer and deals with refusals; false, with `failure_` set, when that is the end.
  bool Settle(Sent sent, Piece* piece);
  bool LeaveOut(const common::RefusalList& refusals, Piece* piece);
  void TellLeftOut(const StagedRow& row, const v1::Refusal& refusal, StagingBatch* batch);

  Book* book_;
  const ImportRules& rules_;
  ImportStaging* staging_;
  ImportProgress* progress_;
  v1::Actor actor_;
  std::optional<storage::KeyRange> remaining_;
  std::vector<AcceptedRow> read_ahead_;
  // Up to this entry nothing but this import has changed the book since the check.
  std::uint64_t verified_until_;
  std::string failure_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_
