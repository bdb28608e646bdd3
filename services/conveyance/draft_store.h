// What this service keeps of its own: drafts, who has which case, and which reminders were seen.
//
// Everything that is true of a case is in the book; what lies here is lost without loss of any
// right. It lies in an engine of its own, under these keys (integers big-endian, a county is its
// six digits):
//
//   'v'                                  nothing but a sealed word: shows that the key fits the
//   store 'd' county number:u64                a draft 'n' county                           u64:
//   the last draft's number 'q' county hash                      u64 number, 32 bytes: the draft
//   that a request made, and the
//                                        hash of what it asked; the first hash is of principal and
//                                        id
//   'a' county case:u64                  an assignment
//   'r' county kind:u8 case:u64 caution:u64 date    nothing: the reminder was seen
//
// Values of drafts and assignments are sealed under the service's key (storage/suite.h), bound to
// the key they lie under. A draft's plaintext is
//
//   version:u8 = 1, u64 microseconds since 1970 of its last change, u64 revision, length-prefixed
//   hash of its request, length-prefixed Draft, length-prefixed asking officer, length-prefixed
//   CommitRequest
//
// of which the last two are empty unless its acceptance was asked and not answered.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_DRAFT_STORE_H_
#define LANDBOOK_SERVICES_CONVEYANCE_DRAFT_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/conveyance_service.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/clock.h"
#include "services/common/refusal.h"
#include "storage/engine.h"
#include "storage/mutex.h"
#include "storage/secret.h"

namespace landbook::conveyance {

using common::Outcome;

// True when nothing was ever kept in the engine: only then may a key be made for it.
absl::StatusOr<bool> IsNewStore(const storage::Engine& engine);

// A draft with what the service remembers beside it.
struct KeptDraft {
  v1::Draft draft;
  // How often it was written. The etag tells callers of changes of the draft itself; this tells the
  // service of all.
  std::uint64_t revision = 0;
  // The acceptance that was asked of the book and not answered: who asked, and the whole request,
  // so that it can be asked again as it was. Absent otherwise.
  struct Asked {
    v1::Actor officer;
    v1::CommitRequest request;
  };
  std::optional<Asked> asked;
};

// A draft of a county.
struct DraftId {
  std::string_view county;
  std::uint64_t number = 0;
};

// A reminder: what is due, of what, and when.
struct Reminder {
  v1::DeadlineKind kind = v1::DEADLINE_KIND_UNSPECIFIED;
  std::uint64_t case_number = 0;
  std::uint64_t caution_number = 0;
  std::string due_date;
  friend auto operator<=>(const Reminder&, const Reminder&) = default;
};

// Whether the caller sees the draft, as Get says.
bool MaySee(const v1::Actor& caller, const v1::Draft& draft);

// May be used from any thread. Every change is durable when it has returned, and changes of one
// store come one after another. All methods fail as the engine does, and with STORE_CORRUPT for a
// value that the key does not open.
class DraftStore {
 public:
  // Opens the store in `engine`. INVALID_ARGUMENT when `key` is not the store's. Everything
  // borrowed outlives the store.
  static absl::StatusOr<std::unique_ptr<DraftStore>> Open(storage::Engine& engine,
                                                          const storage::Secret& key,
                                                          common::Clock& clock,
                                                          storage::RandomSource& random);
  DraftStore(const DraftStore&) = delete;
  DraftStore& operator=(const DraftStore&) = delete;

  // --- Drafts -----------------------------------------------------------------------------------

  // Keeps a new draft. The same request again gives the draft that it made; the id with another
  // request is refused with REQUEST_ID_REUSED.
  Outcome<v1::Draft> Create(const v1::CreateDraftRequest& request, std::string_view principal)
      LANDBOOK_EXCLUDES(mutex_);
  // RECORD_NOT_FOUND when there is none, or none that the caller may see: whoever works in the
  // office sees every draft, a citizen and a trading centre see those that they made.
  Outcome<KeptDraft> Get(const v1::Actor& caller, const DraftId& id) const;
  // The drafts from a number on, by number, at most `max`.
  Outcome<std::vector<v1::Draft>> List(const DraftId& from, std::size_t max) const;
  // Replaces a draft that is still at the revision of `by` (RECORD_MOVED otherwise), and gives what
  // is kept then: at the next revision, and at a new etag when the draft itself is another than
  // before.
  Outcome<KeptDraft> Replace(const DraftId& id, const KeptDraft& by) LANDBOOK_EXCLUDES(mutex_);
  // Throws away a draft that is still at that revision (RECORD_MOVED otherwise), and the memory of
  // the request that made it.
  Outcome<bool> Delete(const DraftId& id, std::uint64_t revision) LANDBOOK_EXCLUDES(mutex_);
  // Throws away every draft that was changed last before `before`, and says how many.
  Outcome<std::size_t> RemoveUntouched(common::Micros before) LANDBOOK_EXCLUDES(mutex_);

  // --- Assignments and reminders ----------------------------------------------------------------

  // Gives a case to an officer; to nobody when `principal` is empty.
  Outcome<v1::Assignment> Assign(std::string_view county, const v1::Assignment& assignment)
      LANDBOOK_EXCLUDES(mutex_);
  // All assignments of a county, by case.
  Outcome<std::vector<v1::Assignment>> Assignments(std::string_view county) const;

  Outcome<bool> Acknowledge(std::string_view county, const Reminder& reminder)
      LANDBOOK_EXCLUDES(mutex_);
  // All reminders of a county that were seen, sorted.
  Outcome<std::vector<Reminder>> Acknowledged(std::string_view county) const;

 private:
  // A draft as it lies in the engine.
  struct Stored {
    common::Micros changed = 0;
    std::string request_hash;
    KeptDraft kept;
  };

  DraftStore(storage::Engine& engine, const storage::Secret& key, common::Clock& clock,
             storage::RandomSource& random);

  absl::Status CheckKey();
  Outcome<std::string> SealFor(std::string_view key, std::string_view plaintext) const;
  Outcome<std::string> OpenAt(std::string_view key, std::string_view sealed) const;
  Outcome<Stored> Find(const DraftId& id) const;
  Outcome<Stored> FindAt(std::string_view key, std::string_view sealed) const;
  Outcome<bool> Put(const DraftId& id, const Stored& stored, storage::WriteBatch* batch) const;
  Outcome<bool> Write(const storage::WriteBatch& batch) const;
  Outcome<v1::Draft> CreateNew(const v1::CreateDraftRequest& request, std::string_view principal,
                               const std::string& request_key) LANDBOOK_REQUIRES(mutex_);
  // The stored draft when it is at that revision; RECORD_MOVED otherwise.
  Outcome<Stored> FindUnmoved(const DraftId& id, std::uint64_t revision) const;

  storage::Engine& engine_;
  const storage::Secret sealing_;
  const storage::Secret hashing_;
  common::Clock& clock_;
  storage::RandomSource& random_;
  // One change at a time, so that numbers and etags are given once.
  storage::Mutex mutex_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_DRAFT_STORE_H_
