#include "services/registry/verify_state.h"

#include <utility>

#include "fmt/format.h"
#include "services/registry/fold.h"
#include "services/registry/key_words.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr int kKeysPerStep = 20'000;
constexpr std::size_t kBookBytes = sizeof(BookNumber);

// A key without its book.
std::string_view WithoutBook(std::string_view key) { return key.substr(kBookBytes); }

std::uint64_t LastU64(std::string_view key) {
  if (key.size() < sizeof(std::uint64_t)) return 0;
  return storage::ByteReader(key.substr(key.size() - sizeof(std::uint64_t))).ReadU64();
}

}  // namespace

StateCheck::StateCheck(const Inputs& inputs, VerifyReport* report)
    : inputs_(inputs), report_(report) {
  const auto range = [](BookNumber book, Space space) {
    return storage::PrefixRange(SpacePrefix(book, space));
  };
  for (const Space space : {Space::kStatus, Space::kCounter}) {
    pairs_.push_back({space, KeyStream(inputs.folded, range(kCopiedBook, space)),
                      KeyStream(inputs.folded, range(inputs.book, space))});
  }
  // Current is compared before past: a version that moves meanwhile is then seen in one of them.
  for (const Space space : {Space::kRequest, Space::kPast, Space::kCurrent}) {
    pairs_.push_back({space, KeyStream(inputs.engine, range(inputs.book, space)),
                      KeyStream(inputs.folded, range(inputs.book, space))});
  }
}

bool StateCheck::Step() {
  for (int i = 0; i < kKeysPerStep && !pairs_.empty() && status_.ok(); ++i) {
    Pair& pair = pairs_.back();
    const bool ended = pair.stored.Peek() == nullptr && pair.folded.Peek() == nullptr;
    status_.Update(pair.stored.status());
    status_.Update(pair.folded.status());
    if (!status_.ok()) return false;
    if (!ended) {
      CompareNext(&pair);
      continue;
    }
    if (told_ > kToldOfSpaceMax) {
      report_->AddFault(
          fmt::format("{} more differences of the same kind", told_ - kToldOfSpaceMax));
    }
    told_ = 0;
    pairs_.pop_back();
  }
  return !pairs_.empty() && status_.ok();
}

void StateCheck::CompareNext(Pair* pair) {
  const storage::KeyValue* stored = pair->stored.Peek();
  const storage::KeyValue* folded = pair->folded.Peek();
  if (stored != nullptr && IsNewer(*stored)) return pair->stored.Next();
  ++report_->keys;
  if (folded == nullptr ||
      (stored != nullptr && WithoutBook(stored->key) < WithoutBook(folded->key))) {
    Differs(pair->space, WithoutBook(stored->key), "is in the state, and no act made it");
    return pair->stored.Next();
  }
  if (stored == nullptr || WithoutBook(folded->key) < WithoutBook(stored->key)) {
    const std::string_view key = WithoutBook(folded->key);
    if (pair->space != Space::kCurrent || !HeldAtEntry(key, folded->value)) {
      Differs(pair->space, key, "is missing from the state");
    }
    return pair->folded.Next();
  }
  if (stored->value != folded->value) {
    Differs(pair->space, WithoutBook(stored->key), "differs from what the journal makes of it");
  }
  pair->stored.Next();
  pair->folded.Next();
}

bool StateCheck::IsNewer(const storage::KeyValue& item) {
  const auto space = static_cast<Space>(item.key[kBookBytes]);
  if (space == Space::kPast) return LastU64(item.key) > inputs_.as_of;
  if (space == Space::kCurrent) {
    storage::ByteReader reader(item.value);
    const std::uint64_t from = reader.ReadVarint();
    return reader.Ok() && from > inputs_.as_of;
  }
  if (space == Space::kRequest) {
    const auto answered = DecodeAnsweredRequest(item.value);
    return answered.ok() && answered->sequence > inputs_.as_of;
  }
  return false;
}

bool StateCheck::HeldAtEntry(std::string_view key, const std::string& value) {
  // The first version that ended after the entry; `key` begins with the letter of its space.
  const std::string prefix = SpacePrefix(inputs_.book, Space::kPast) + std::string(key.substr(1));
  storage::KeyRange range{prefix, prefix + std::string(sizeof(std::uint64_t), '\xff')};
  storage::AppendU64(range.begin, inputs_.as_of + 1);
  const auto page = storage::ScanPage(*inputs_.engine, range, {.max_items = 1});
  status_.Update(page.status());
  return page.ok() && !page->items.empty() && page->items.front().value == value;
}

void StateCheck::Differs(Space space, std::string_view key, std::string_view how) {
  if (++told_ > kToldOfSpaceMax) return;
  report_->AddFault(fmt::format("{}: {} {}", space == Space::kPast ? "the past" : "the state",
                                KeyInWords(key), how));
}

}  // namespace landbook::registry
