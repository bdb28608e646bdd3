#include "services/registry/verify_book.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

#include "fmt/format.h"
#include "services/registry/verify_journal.h"
#include "services/registry/verify_rules.h"
#include "services/registry/verify_state.h"
#include "storage/bytes.h"
#include "storage/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook::registry {

// Where the fold goes: memory, or a store in a folder of its own that goes away with the object.
class BookVerifier::TemporaryStore {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryStore>> InMemory() {
    return std::unique_ptr<TemporaryStore>(
        new TemporaryStore("", std::make_unique<storage::MemoryEngine>()));
  }
  static absl::StatusOr<std::unique_ptr<TemporaryStore>> OnDisk(const std::string& parent) {
    std::string path = parent + "/landbook-verify-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      return absl::UnavailableError(fmt::format(
          "no folder for the fold can be made in {}. Give a folder that this process may write to.",
          parent));
    }
    auto engine = storage::OpenRocksdb(path + "/fold", {.create_if_missing = true});
    if (!engine.ok()) {
      Remove(path);
      return engine.status();
    }
    return std::unique_ptr<TemporaryStore>(new TemporaryStore(path, *std::move(engine)));
  }
  ~TemporaryStore() {
    engine_.reset();
    if (!path_.empty()) Remove(path_);
  }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;

  storage::Engine& engine() { return *engine_; }

 private:
  TemporaryStore(std::string path, std::unique_ptr<storage::Engine> engine)
      : path_(std::move(path)), engine_(std::move(engine)) {}

  static void Remove(const std::string& path) {
    std::error_code ignored;  // what stays behind is a folder for temporary files
    std::filesystem::remove_all(path, ignored);
  }

  std::string path_;
  std::unique_ptr<storage::Engine> engine_;
};

class BookVerifier::Part {
 public:
  virtual ~Part() = default;
  virtual bool Step() = 0;
  virtual absl::Status status() const = 0;
  // False when what was folded cannot be compared.
  virtual bool folded() const { return true; }
};

template <typename Check>
class BookVerifier::PartOf final : public Part {
 public:
  template <typename... Arguments>
  explicit PartOf(Arguments&&... arguments) : check_(std::forward<Arguments>(arguments)...) {}
  bool Step() override { return check_.Step(); }
  absl::Status status() const override { return check_.status(); }
  bool folded() const override {
    if constexpr (std::is_same_v<Check, JournalCheck>) return check_.folded();
    return true;
  }

 private:
  Check check_;
};

BookVerifier::BookVerifier(VerifyInputs inputs) : inputs_(std::move(inputs)) {}
BookVerifier::~BookVerifier() = default;

bool BookVerifier::Step() {
  if (!status_.ok()) return false;
  if (parts_begun_ == 0) {
    status_ = Begin();
    if (status_.ok()) part_ = NextPart();
    return part_ != nullptr;
  }
  if (part_ == nullptr) return false;
  if (part_->Step()) return true;
  status_ = part_->status();
  folded_ = folded_ && part_->folded();
  part_ = status_.ok() ? NextPart() : nullptr;
  return part_ != nullptr;
}

absl::Status BookVerifier::Begin() {
  // The head outside is read before the last entry is learnt, so it is never ahead of an honest
  // book.
  if (!inputs_.outside_head_path.empty()) {
    auto head = storage::ReadHeadFile(inputs_.outside_head_path, [](const storage::SignedHead&) {
      return absl::OkStatus();  // its signature is checked with the others
    });
    if (head.ok()) {
      outside_head_ = *std::move(head);
    } else if (!absl::IsNotFound(head.status())) {
      report_.AddFault(
          fmt::format("the head kept outside: {}", std::string(head.status().message())));
    }
  }
  const auto journal_bytes = inputs_.engine->ApproximateSizeBytes(
      storage::PrefixRange(SpacePrefix(inputs_.book, Space::kJournal)));
  if (!journal_bytes.ok()) return journal_bytes.status();
  const bool in_memory =
      inputs_.temporary_directory.empty() || *journal_bytes <= inputs_.journal_bytes_in_memory_max;
  auto store =
      in_memory ? TemporaryStore::InMemory() : TemporaryStore::OnDisk(inputs_.temporary_directory);
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  return CopyUnversioned();
}

absl::Status BookVerifier::CopyUnversioned() {
  constexpr std::size_t kBatchBytesMax = 1u << 20;
  std::array<storage::KeyRange, 3> ranges;
  ranges[0] = storage::PrefixRange(SpacePrefix(inputs_.book, Space::kCounter));
  ranges[1] = storage::PrefixRange(SpacePrefix(inputs_.book, Space::kStatus));
  const std::string journal = SpacePrefix(inputs_.book, Space::kJournal);
  ranges[2] = storage::PrefixRange(journal);
  ranges[2].reverse = true;
  const std::string copied = BookPrefix(kCopiedBook);
  storage::WriteBatch batch;
  absl::Status written;
  const auto write = [&] {
    written.Update(
        store_->engine().Write(batch, storage::kUnfenced, storage::Durability::kBuffered));
    batch.Clear();
  };
  const auto scanned = inputs_.engine->Scan(
      ranges, storage::ScanLimit{}, [&](std::string_view key, std::string_view value) {
        if (key.starts_with(journal)) {
          as_of_ = storage::ByteReader(key.substr(journal.size())).ReadU64();
          return false;
        }
        batch.Put(copied + std::string(key.substr(copied.size())), std::string(value));
        if (batch.SizeBytes() >= kBatchBytesMax) write();
        return written.ok();
      });
  write();
  written.Update(scanned.status());
  if (written.ok() && as_of_ == 0) report_.AddFault("the book has no journal");
  return written;
}

std::unique_ptr<BookVerifier::Part> BookVerifier::NextPart() {
  ++parts_begun_;
  storage::Engine* folded = &store_->engine();
  if (parts_begun_ == 1) {
    return std::make_unique<PartOf<JournalCheck>>(
        JournalCheck::Inputs{.engine = inputs_.engine,
                             .book = inputs_.book,
                             .suite = inputs_.suite,
                             .keys = inputs_.keys,
                             .last_sequence = as_of_,
                             .outside_head = outside_head_,
                             .folded = folded},
        &report_);
  }
  if (!folded_) return nullptr;  // said by the journal's part; nothing more can be told
  if (parts_begun_ == 2) {
    return std::make_unique<PartOf<StateCheck>>(
        StateCheck::Inputs{
            .engine = inputs_.engine, .folded = folded, .book = inputs_.book, .as_of = as_of_},
        &report_);
  }
  if (parts_begun_ == 3) {
    return std::make_unique<PartOf<InvariantCheck>>(folded, inputs_.book, &report_);
  }
  if (parts_begun_ == 4 && inputs_.policy != nullptr) {
    return std::make_unique<PartOf<LayerRecheck>>(
        LayerRecheck::Inputs{.folded = folded,
                             .book = inputs_.book,
                             .policy = inputs_.policy,
                             .plane_extent = inputs_.plane_extent,
                             .day = inputs_.day},
        &report_);
  }
  return nullptr;
}

}  // namespace landbook::registry
