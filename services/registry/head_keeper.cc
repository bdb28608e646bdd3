#include "services/registry/head_keeper.h"

#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/act_context.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::uint32_t kJournalFormat = 1;

std::string HeadKey(BookNumber book, std::uint64_t sequence) {
  std::string key = SpacePrefix(book, Space::kHead);
  storage::AppendU64(key, sequence);
  return key;
}

std::string_view StateName(storage::BookState state) {
  switch (state) {
    case storage::BookState::kPreparing:
      return "preparing";
    case storage::BookState::kOpen:
      return "open";
    case storage::BookState::kClosed:
      return "closed";
  }
  return "";
}

}  // namespace

storage::BookState HeadStateOf(v1::BookState state) {
  switch (state) {
    case v1::BOOK_STATE_OPEN:
      return storage::BookState::kOpen;
    case v1::BOOK_STATE_CLOSED:
      return storage::BookState::kClosed;
    default:
      return storage::BookState::kPreparing;
  }
}

HeadKeeper::HeadKeeper(HeadKeeperParts parts)
    : parts_(std::move(parts)), thread_([this] { Run(); }) {}

HeadKeeper::~HeadKeeper() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  thread_.join();
}

void HeadKeeper::Run() {
  auto kept_at = std::chrono::steady_clock::now() - parts_.kept_every;
  std::uint64_t kept_sequence = 0;
  for (bool stopping = false; !stopping;) {
    {
      storage::MutexLock lock(mutex_);
      const auto next = std::chrono::steady_clock::now() + parts_.outside_every;
      while (!stopping_ && wake_.WaitUntil(mutex_, next)) {
      }
      stopping = stopping_;
    }
    if (parts_.writer->position().sequence == kept_sequence) continue;
    const auto head = SignNow();
    // A head that cannot be made or kept now is made at the next turn: acts do not wait for heads.
    if (!head.ok()) continue;
    const auto now = std::chrono::steady_clock::now();
    const bool is_due = stopping || now - kept_at >= parts_.kept_every;
    if (!is_due || !Keep(*head).ok()) continue;
    kept_at = now;
    kept_sequence = head->head.sequence;
  }
}

absl::StatusOr<storage::SignedHead> HeadKeeper::SignNow() {
  storage::MutexLock lock(signing_);
  const Position position = parts_.writer->position();
  if (newest_ && newest_->head.sequence == position.sequence) return *newest_;

  const EngineView view(parts_.engine);
  const auto bytes = VersionReader(&view, parts_.book, position.sequence)
                         .Value(RecordKey(v1::RECORD_KIND_BOOK, 0));
  v1::BookRecord book;
  if (!bytes || !book.ParseFromString(*bytes)) {
    return absl::DataLossError("the book's own record cannot be read");
  }
  const auto suite = storage::Suite::WithId(static_cast<std::uint8_t>(book.suite()));
  if (!suite.ok()) return suite.status();
  storage::Head head;
  head.book = book.identity();
  head.suite = (*suite)->id();
  head.format_version = kJournalFormat;
  head.state = HeadStateOf(static_cast<v1::BookState>(book.state()));
  head.trial = book.trial() || head.state == storage::BookState::kPreparing;
  head.sequence = position.sequence;
  head.tree_size = position.tree_size;
  head.root = position.root;
  head.status_size = position.status_size;
  head.status_root = position.status_root;
  head.recorded_at_us = position.recorded_micros;
  auto signed_head = parts_.keys->Sign(head);
  if (!signed_head.ok()) return signed_head;
  if (const auto written = storage::WriteHeadFile(parts_.outside_path, *signed_head);
      !written.ok()) {
    return written;
  }
  newest_ = *signed_head;
  return signed_head;
}

absl::Status HeadKeeper::Keep(const storage::SignedHead& head) {
  storage::WriteBatch batch;
  batch.Put(HeadKey(parts_.book, head.head.sequence), storage::HeadText(head));
  return parts_.engine->Write(batch, storage::kUnfenced, storage::Durability::kBuffered);
}

absl::StatusOr<storage::SignedHead> HeadKeeper::Get(std::uint64_t min_sequence) {
  const std::uint64_t newest = parts_.writer->position().sequence;
  if (min_sequence > newest) {
    return absl::OutOfRangeError(
        fmt::format("the book's last entry is {}, not yet {}", newest, min_sequence));
  }
  // Asking again for what is kept writes nothing, so that it is answered on a full disk too.
  auto known = List(min_sequence == 0 ? newest : min_sequence, 1);
  if (!known.ok()) return known.status();
  if (!known->empty()) return std::move(known->front());
  auto head = SignNow();
  if (!head.ok()) return head;
  if (const auto kept = Keep(*head); !kept.ok()) return kept;
  return head;
}

absl::StatusOr<std::vector<storage::SignedHead>> HeadKeeper::List(std::uint64_t from_sequence,
                                                                  std::size_t count) const {
  storage::KeyRange range = storage::PrefixRange(SpacePrefix(parts_.book, Space::kHead));
  range.begin = HeadKey(parts_.book, from_sequence);
  const auto page = storage::ScanPage(*parts_.engine, range, {.max_items = count});
  if (!page.ok()) return page.status();
  std::vector<storage::SignedHead> heads;
  for (const auto& item : page->items) {
    auto head = storage::ParseHeadText(item.value);
    if (!head.ok()) return absl::DataLossError("a kept head cannot be read");
    heads.push_back(*std::move(head));
  }
  return heads;
}

v1::Head HeadKeeper::ToWire(const storage::SignedHead& signed_head) const {
  const storage::Head& head = signed_head.head;
  v1::Head wire;
  wire.set_county(parts_.county);
  wire.set_book(head.book);
  wire.set_sequence(head.sequence);
  wire.set_tree_size(head.tree_size);
  wire.set_root(std::string(storage::BytesOf(head.root)));
  wire.set_status_size(head.status_size);
  wire.set_status_root(std::string(storage::BytesOf(head.status_root)));
  *wire.mutable_recorded_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(head.recorded_at_us);
  wire.set_state(std::string(StateName(head.state)));
  wire.set_trial(head.trial);
  wire.set_key_id(std::string(head.key_id.begin(), head.key_id.end()));
  if (const auto* key = parts_.keys->Find(head.key_id)) {
    wire.set_suite(std::string(key->suite().name()));
    wire.set_public_key(key->der());
  }
  wire.set_signed_bytes(storage::CanonicalBytes(head));
  wire.set_signature(signed_head.signature);
  return wire;
}

}  // namespace landbook::registry
