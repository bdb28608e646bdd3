// Heads: what a book says of itself at one moment, signed. A head names the root of the journal's
// tree and of the status tree, so whoever keeps one can later prove that nothing before it was
// changed. Heads are stored in the book, given to anyone, and kept in a file outside the database
// that shows when a recovered database has lost its end.
#ifndef LANDBOOK_STORAGE_SIGNED_HEAD_H_
#define LANDBOOK_STORAGE_SIGNED_HEAD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/suite.h"

namespace landbook::storage {

// The numbers stand in signed bytes and are never used for another meaning.
enum class BookState : std::uint8_t { kPreparing = 1, kOpen = 2, kClosed = 3 };

// The statement that is signed.
struct Head {
  std::string book;  // the book's name: 1 to 255 bytes of UTF-8 without control characters
  SuiteId suite = SuiteId::kSha256Ed25519;  // of the hashes below
  std::uint32_t format_version = 0;         // of the journal's records
  BookState state = BookState::kPreparing;
  // Whether nothing may be built on the book: it may still be discarded, or its times are those of
  // a trial clock. Heads of a preparing book are trials, and all heads of a book under a trial
  // clock.
  bool trial = true;
  std::uint64_t sequence = 0;     // of the last journal entry; zero before the first
  std::uint64_t tree_size = 0;    // leaves of the journal's tree
  Hash root{};                    // of the journal's tree
  std::uint64_t status_size = 0;  // certificates in the status tree
  Hash status_root{};
  std::int64_t recorded_at_us = 0;  // microseconds since 1970-01-01T00:00:00Z, not negative
  KeyId key_id{};                   // of the key that signs

  friend bool operator==(const Head&, const Head&) = default;
};

struct SignedHead {
  Head head;
  std::string signature;

  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

// OK when the fields fit together and can be written; else INVALID_ARGUMENT with the field.
absl::Status ValidateHead(const Head& head);

// The bytes that are signed, one sequence for one head: FORMAT.md, "Heads".
// REQUIRES: ValidateHead(head) is OK.
std::string CanonicalBytes(const Head& head);

// The head of `bytes`; INVALID_ARGUMENT unless they are the canonical bytes of a valid head.
absl::StatusOr<Head> ParseCanonicalBytes(std::string_view bytes);

// Signs, and sets the key id to that of `key`. INVALID_ARGUMENT when the head is not valid.
absl::StatusOr<SignedHead> SignHead(Head head, const SigningKey& key);

// OK when `key` is the one the head names and signed it; else INVALID_ARGUMENT. Whether the key
// was the book's at that sequence is for the key ring.
absl::Status VerifyHead(const SignedHead& head, const VerifyingKey& key);

// The head as lines of text, one a field, for people and for the file outside; and back. One head
// has one text: INVALID_ARGUMENT for any other, also when it would mean the same.
std::string HeadText(const SignedHead& head);
absl::StatusOr<SignedHead> ParseHeadText(std::string_view text);

// Writes the text to `path` so that it is there in whole after a power cut, in the place of an
// earlier one. UNAVAILABLE when it cannot be written.
absl::Status WriteHeadFile(const std::string& path, const SignedHead& head);

// Checks a head that was read; KeyRing::VerifyHead is one.
using HeadVerifier = std::function<absl::Status(const SignedHead&)>;

// The head at `path`, checked by `verify`. NOT_FOUND when there is no file; DATA_LOSS when its
// text or its signature is damaged.
absl::StatusOr<SignedHead> ReadHeadFile(const std::string& path, const HeadVerifier& verify);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SIGNED_HEAD_H_
