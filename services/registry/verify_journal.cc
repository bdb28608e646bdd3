#include "services/registry/verify_journal.h"

#include <algorithm>

#include "fmt/format.h"
#include "landbook/v1/right.pb.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr std::uint32_t kJournalFormat = 1;
// How much is checked, and folded in memory, before it is written and progress can be told.
constexpr int kLeavesPerStep = 4'096;

// The Merkle log keeps the roots of complete subtrees of these levels (storage/FORMAT.md, Tiles).
constexpr int kStoredLevels = 8;

// The range of the runs of leaf hashes.
storage::KeyRange LeafRuns(BookNumber book) {
  std::string prefix = SpacePrefix(book, Space::kTree);
  storage::AppendU8(prefix, 0);
  return storage::PrefixRange(prefix);
}

std::string SubtreeKey(BookNumber book, const storage::Subtree& subtree) {
  std::string key = SpacePrefix(book, Space::kTree);
  storage::AppendU8(key, static_cast<std::uint8_t>(subtree.level));
  storage::AppendU64(key, subtree.index);
  return key;
}

std::string InWords(std::uint64_t sequence, std::uint32_t leaf) {
  return leaf == 0 ? fmt::format("entry {}, header", sequence)
                   : fmt::format("entry {}, act {}", sequence, leaf);
}

}  // namespace

JournalCheck::JournalCheck(const Inputs& inputs, VerifyReport* report)
    : inputs_(inputs),
      report_(report),
      journal_(inputs.engine, storage::PrefixRange(SpacePrefix(inputs.book, Space::kJournal))),
      leaf_runs_(inputs.engine, LeafRuns(inputs.book)),
      heads_(inputs.engine, storage::PrefixRange(SpacePrefix(inputs.book, Space::kHead))),
      frontier_(*inputs.suite),
      folded_view_(inputs.folded),
      overlay_(&folded_view_),
      status_tree_(*inputs.folded, *inputs.suite, SpacePrefix(inputs.book, Space::kStatus)) {}

absl::Status JournalCheck::status() const {
  absl::Status status = status_;
  status.Update(journal_.status());
  status.Update(leaf_runs_.status());
  status.Update(heads_.status());
  status.Update(overlay_.status());
  return status;
}

bool JournalCheck::Step() {
  if (finished_) return false;
  const std::size_t prefix = SpacePrefix(inputs_.book, Space::kJournal).size();
  for (int i = 0; i < kLeavesPerStep; ++i) {
    const storage::KeyValue* item = status().ok() ? journal_.Peek() : nullptr;
    LeafAt at;
    if (item != nullptr) {
      storage::ByteReader reader(std::string_view(item->key).substr(prefix));
      at.sequence = reader.ReadU64();
      at.leaf = reader.ReadU32();
      if (!reader.FinishedOk()) {
        report_->AddFault("the journal has a key that is no entry's");
        journal_.Next();
        continue;
      }
    }
    if (item == nullptr || at.sequence > inputs_.last_sequence) {
      Finish();
      return false;
    }
    TakeLeaf(at, item->value);
    journal_.Next();
  }
  CheckSubtrees();
  Flush();
  return true;
}

void JournalCheck::TakeLeaf(const LeafAt& at, const std::string& bytes) {
  if (at.sequence != sequence_) {
    EndEntry();
    if (at.sequence != sequence_ + 1) {
      report_->AddFault(fmt::format("entry {} is followed by entry {}: those between are missing",
                                    sequence_, at.sequence));
      NotFolded("entries are missing");
    }
    sequence_ = at.sequence;
    leaves_of_entry_ = 0;
    header_.reset();
    fold_.emplace(&overlay_, inputs_.book, at.sequence);
  }
  if (at.leaf != leaves_of_entry_) {
    report_->AddFault(fmt::format("{} stands where act {} is wanted", InWords(at.sequence, at.leaf),
                                  leaves_of_entry_));
    NotFolded("leaves are missing");
  }
  leaves_of_entry_ = at.leaf + 1;
  CheckHash(at, bytes);
  if (at.leaf == 0) {
    TakeHeader(at, bytes);
  } else {
    TakeAct(at, bytes);
  }
}

std::optional<storage::Hash> JournalCheck::StoredLeafHash() {
  if (run_.empty()) {
    const storage::KeyValue* item = leaf_runs_.Peek();
    if (item == nullptr) return std::nullopt;
    const bool follows =
        item->key == SubtreeKey(inputs_.book, {.level = 0, .index = frontier_.size()});
    const bool whole = !item->value.empty() && item->value.size() % storage::kHashSize == 0;
    if (!follows || !whole) return std::nullopt;
    run_ = item->value;
    leaf_runs_.Next();
  }
  const auto hash = storage::HashFromBytes(std::string_view(run_).substr(0, storage::kHashSize));
  run_.erase(0, storage::kHashSize);
  return *hash;
}

void JournalCheck::CheckHash(const LeafAt& at, std::string_view bytes) {
  const storage::Hash hash = storage::LeafHash(*inputs_.suite, bytes);
  const auto stored = StoredLeafHash();
  if (!stored) {
    report_->AddFault(fmt::format("{}: the tree has no leaf {}", InWords(at.sequence, at.leaf),
                                  frontier_.size()));
  } else if (*stored != hash) {
    report_->AddFault(
        fmt::format("{}: its bytes are not those that leaf {} of the tree was made of",
                    InWords(at.sequence, at.leaf), frontier_.size()));
  } else {
    ++report_->leaves;
  }
  frontier_.Append(hash, [this](const storage::Subtree& subtree, const storage::Hash& root) {
    if (subtree.level > 0 && subtree.level % kStoredLevels == 0) {
      subtrees_.emplace_back(subtree, root);
    }
  });
}

void JournalCheck::CheckSubtrees() {
  std::vector<std::string> keys;
  for (const auto& [subtree, root] : subtrees_) keys.push_back(SubtreeKey(inputs_.book, subtree));
  if (keys.empty()) return;
  const auto stored = inputs_.engine->Read(keys);
  status_.Update(stored.status());
  for (std::size_t i = 0; stored.ok() && i < keys.size(); ++i) {
    const auto& [subtree, root] = subtrees_[i];
    if ((*stored)[i] == storage::BytesOf(root)) continue;
    report_->AddFault(fmt::format("the tree: subtree {} of level {} is not the root of its leaves",
                                  subtree.index, subtree.level));
  }
  subtrees_.clear();
}

void JournalCheck::TakeHeader(const LeafAt& at, const std::string& bytes) {
  v1::EntryHeader header;
  const std::string where = InWords(at.sequence, 0);
  if (!header.ParseFromString(bytes)) {
    report_->AddFault(fmt::format("{}: it cannot be read", where));
    return NotFolded("a header cannot be read");
  }
  const auto wrong = [&](std::string_view field, const auto& came, const auto& wanted) {
    report_->AddFault(fmt::format("{}: its {} is {}, {} was wanted", where, field, came, wanted));
  };
  if (identity_.empty()) identity_ = header.book();
  if (header.format_version() != kJournalFormat) {
    wrong("format version", header.format_version(), kJournalFormat);
  }
  if (header.book() != identity_) wrong("book", header.book(), identity_);
  if (header.sequence() != at.sequence) wrong("sequence", header.sequence(), at.sequence);
  const std::uint64_t first_leaf = frontier_.size() - 1;
  if (header.first_leaf() != first_leaf) wrong("first leaf", header.first_leaf(), first_leaf);
  if (header.recorded_micros() < last_micros_) {
    wrong("time of recording", header.recorded_micros(), fmt::format("{} or later", last_micros_));
  }
  last_micros_ = std::max(last_micros_, header.recorded_micros());
  header_ = std::move(header);
}

void JournalCheck::TakeAct(const LeafAt& at, const std::string& bytes) {
  v1::ActRecord act;
  if (!act.ParseFromString(bytes)) {
    report_->AddFault(fmt::format("{}: it cannot be read", InWords(at.sequence, at.leaf)));
    return NotFolded("an act cannot be read");
  }
  if (!folded_) return;
  for (const v1::Effect& effect : act.effects()) {
    if (const auto applied = Apply(effect); !applied.ok()) {
      report_->AddFault(
          fmt::format("{}: {}", InWords(at.sequence, at.leaf), std::string(applied.message())));
      return NotFolded("an effect cannot be folded");
    }
  }
}

absl::Status JournalCheck::Apply(const v1::Effect& effect) {
  const auto applied = fold_->Apply(effect.kind(), effect.number(), effect.record());
  if (!applied.ok() || effect.kind() != v1::RECORD_KIND_CERTIFICATE) return applied;
  return TakeCertificate(effect);
}

absl::Status JournalCheck::TakeCertificate(const v1::Effect& effect) {
  if (!status_stage_) {
    auto stage = status_tree_.Begin();
    if (!stage.ok()) return stage.status();
    status_stage_.emplace(*std::move(stage));
  }
  if (effect.number() > status_stage_->size() + 1 || effect.number() == 0) {
    return absl::DataLossError(fmt::format("certificate {} is issued after certificate {}",
                                           effect.number(), status_stage_->size()));
  }
  if (effect.number() == status_stage_->size() + 1) {
    if (const auto issued = status_stage_->Issue(); !issued.ok()) return issued.status();
    ended_.push_back(false);
  }
  v1::Certificate certificate;
  if (!certificate.ParseFromString(effect.record())) {
    return absl::DataLossError("a certificate cannot be read");
  }
  if (certificate.state() != v1::RECORD_STATE_ENDED || ended_[effect.number() - 1]) {
    return absl::OkStatus();
  }
  ended_[effect.number() - 1] = true;
  return status_stage_->End(effect.number(), sequence_);
}

void JournalCheck::EndEntry() {
  if (sequence_ == 0) return;
  if (header_) {
    if (header_->act_count() + 1 != leaves_of_entry_) {
      report_->AddFault(fmt::format("entry {} has {} acts, its header says {}", sequence_,
                                    leaves_of_entry_ - 1, header_->act_count()));
    }
    if (folded_) fold_->Remember(*header_);
    ++report_->entries;
  }
  CheckHeadsOf(sequence_);
}

void JournalCheck::CheckHeadsOf(std::uint64_t sequence) {
  if (inputs_.outside_head && inputs_.outside_head->head.sequence == sequence) {
    CheckHead(*inputs_.outside_head, "the head kept outside");
  }
  const std::size_t prefix = SpacePrefix(inputs_.book, Space::kHead).size();
  while (const storage::KeyValue* item = heads_.Peek()) {
    const std::uint64_t of =
        storage::ByteReader(std::string_view(item->key).substr(prefix)).ReadU64();
    if (of > sequence) return;
    const auto head = storage::ParseHeadText(item->value);
    const std::string what = fmt::format("the head of entry {}", of);
    if (!head.ok()) {
      report_->AddFault(fmt::format("{} cannot be read", what));
    } else if (head->head.sequence != of || of != sequence) {
      report_->AddFault(fmt::format("{} stands where no such entry is", what));
    } else {
      CheckHead(*head, what);
    }
    heads_.Next();
  }
}

void JournalCheck::CheckHead(const storage::SignedHead& signed_head, const std::string& what) {
  const storage::Head& head = signed_head.head;
  const std::uint64_t faults_before = report_->fault_count;
  if (const auto signature = inputs_.keys->VerifyHead(signed_head); !signature.ok()) {
    report_->AddFault(
        fmt::format("{}: its signature does not hold: {}", what, std::string(signature.message())));
  }
  if (head.book != identity_) {
    report_->AddFault(fmt::format("{} is of book {}, not {}", what, head.book, identity_));
  }
  if (head.tree_size != frontier_.size()) {
    report_->AddFault(fmt::format("{} says {} leaves, the journal has {}", what, head.tree_size,
                                  frontier_.size()));
  } else if (head.root != frontier_.Root()) {
    report_->AddFault(fmt::format("{}: its root is not that of the journal's leaves", what));
  }
  Flush();
  const auto summary = status_tree_.Summary();
  status_.Update(summary.status());
  if (summary.ok() && folded_ &&
      (summary->size != head.status_size || summary->root != head.status_root)) {
    report_->AddFault(fmt::format("{}: its status root is not that of the certificates", what));
  }
  if (report_->fault_count == faults_before) ++report_->heads;
}

void JournalCheck::Finish() {
  EndEntry();
  finished_ = true;
  CheckSubtrees();
  Flush();
  if (!status().ok()) return;
  if (sequence_ != inputs_.last_sequence) {
    report_->AddFault(fmt::format("the journal ends at entry {}", sequence_));
  }
  if (inputs_.outside_head && inputs_.outside_head->head.sequence > sequence_) {
    report_->AddFault(fmt::format(
        "the journal ends at entry {}, but the head kept outside was signed at entry {}: "
        "acknowledged entries are missing",
        sequence_, inputs_.outside_head->head.sequence));
  }
}

void JournalCheck::Flush() {
  storage::WriteBatch batch;
  overlay_.MoveTo(&batch);
  if (status_stage_) {
    status_.Update(status_stage_->WriteTo(batch).status());
    status_stage_.reset();
  }
  status_.Update(inputs_.folded->Write(batch, storage::kUnfenced, storage::Durability::kBuffered));
}

void JournalCheck::NotFolded(const std::string& why) {
  if (!folded_) return;
  folded_ = false;
  report_->AddFault(fmt::format("the state was not compared from entry {} on: {}", sequence_, why));
}

}  // namespace landbook::registry
