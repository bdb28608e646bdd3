// The second half of an import: accepted rows become commits of bounded size, one after the other,
// with verdicts that the check has reached already. It begins while other rows are still checked.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_

#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/registry/book.h"
#include "services/registry/import_check.h"
#include "services/registry/import_progress.h"
#include "services/registry/import_staging.h"

namespace landbook::registry {

struct ImportedPlots;

class ImportCommitter {
 public:
  // The most acts of one commit: all that a commit may have while the book is prepared and nobody
  // waits; in an open book fewer, so that a clerk never waits long behind one.
  static constexpr std::size_t kActsMaxPreparing = 10'000;
  static constexpr std::size_t kActsMaxOpen = 4'000;
  // The first commit, whose acts are decided one by one (plot_entry.h), has few.
  static constexpr std::size_t kActsMaxFirst = 1'000;
  // The most bytes of boundaries and attributes of one commit, half of what it may have.
  static constexpr std::size_t kBytesMax = 8u << 20;
  // How often a commit is sent again after rows that the book no longer takes were left out of it.
  static constexpr int kAttemptsMax = 8;

  // All are borrowed. `actor` is who the import is for.
  ImportCommitter(Book* book, const ImportRules& rules, ImportStaging* staging,
                  ImportProgress* progress, v1::Actor actor);

  // Takes the next accepted rows, and commits as soon as there are enough. Such rows were checked
  // with all their neighbours, so what comes later changes nothing for them. The next commits are
  // made and sent while the writer works on the one before. Gives why it could not go on, empty
  // when it could.
  std::string Add(std::vector<PassedRow> rows);
  // Commits the rest, unless the import was cancelled, and waits for all.
  std::string Finish();

 private:
  // One commit, ready to be sent.
  struct Piece {
    std::shared_ptr<const ImportedPlots> plots;
    std::string request_id;
    storage::Hash content;  // of what is asked
    CommitVerdict verdict;      // without the boundaries, which the plots have
  };
  struct Sent {
    std::uint64_t at_sequence = 0;  // where the book stood when it was sent
    std::future<common::Outcome<v1::CommitResponse>> answer;
  };
  struct UnderWay {
    Piece piece;
    Sent sent;
  };

  bool IsFull() const;
  std::string SendGathered();
  Piece MakePiece(std::vector<PassedRow> rows) const;
  CommitVerdict VerdictOf(const std::vector<PassedRow>& rows) const;
  std::string RequestHashOf(const Piece& piece) const;
  Sent Send(const Piece& piece);
  // Waits for the answer to the first that is under way, deals with refusals, and takes it away;
  // false, with `failure_` set, when that is the end.
  bool SettleFirst();
  bool Settle(UnderWay* under_way);
  bool LeaveOut(const common::RefusalList& refusals, Piece* piece);
  void TellLeftOut(const StagedRow& row, const v1::Refusal& refusal, StagingBatch* batch);

  Book* book_;
  const ImportRules& rules_;
  ImportStaging* staging_;
  ImportProgress* progress_;
  v1::Actor actor_;
  const std::uint64_t import_;  // its number
  const std::size_t acts_max_;
  bool has_sent_ = false;
  std::vector<PassedRow> gathered_;  // for the next commit
  std::size_t gathered_bytes_ = 0;
  std::deque<UnderWay> under_way_;
  // Up to this entry nothing but this import has changed the book since the check.
  std::uint64_t verified_until_;
  std::string failure_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_COMMIT_H_
