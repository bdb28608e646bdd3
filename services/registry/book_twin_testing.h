// A book made by hand for tests: entries of effects that no act decided, folded and kept exactly as
// the writer keeps them, over an engine in memory.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_TWIN_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_TWIN_TESTING_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geo/compact.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/act_context.h"
#include "services/registry/book_reader.h"
#include "services/registry/fold.h"
#include "services/registry/keys.h"
#include "services/registry/view.h"
#include "storage/engine.h"
#include "storage/memory_engine.h"
#include "storage/merkle_log.h"
#include "storage/status_tree.h"

namespace landbook::registry {

// One act of an entry.
class ActMaker {
 public:
  explicit ActMaker(std::string name) { record_.set_act(std::move(name)); }

  template <typename Record>
  ActMaker& Put(std::uint64_t number, const Record& record) {
    return PutBytes(kKindOf<Record>, number, record.SerializeAsString());
  }
  ActMaker& PutBoundary(std::uint64_t plot, std::uint8_t tier, const geo::Boundary& boundary) {
    return PutBytes(v1::RECORD_KIND_BOUNDARY, plot,
                    std::string(1, static_cast<char>(tier)) + geo::EncodeCompact(boundary));
  }
  ActMaker& EndBoundary(std::uint64_t plot) { return PutBytes(v1::RECORD_KIND_BOUNDARY, plot, ""); }
  ActMaker& PutBytes(v1::RecordKind kind, std::uint64_t number, std::string bytes) {
    v1::Effect& effect = *record_.add_effects();
    effect.set_kind(kind);
    effect.set_number(number);
    effect.set_record(std::move(bytes));
    return *this;
  }
  const v1::ActRecord& record() const { return record_; }

 private:
  v1::ActRecord record_;
};

class BookTwin {
 public:
  static constexpr BookNumber kBook = 7;
  static constexpr char kCounty[] = "990001";
  static constexpr char kIdentity[] = "990001/1000000";
  static constexpr std::uint32_t kEpsg = 4548;

  explicit BookTwin(storage::Engine* engine,
                    const storage::Suite& suite = storage::Suite::Sha256Ed25519())
      : engine_(engine),
        suite_(&suite),
        log_(*storage::MerkleLog::Open(
            storage::MerkleLogReader(*engine, suite, SpacePrefix(kBook, Space::kTree)), 0)),
        status_(*engine, suite, SpacePrefix(kBook, Space::kStatus)) {}

  // Appends an entry of these acts, a second after the last one; gives its sequence.
  std::uint64_t Append(const std::vector<ActMaker>& acts) {
    v1::EntryHeader header;
    header.set_format_version(1);
    header.set_book(kIdentity);
    header.set_sequence(++sequence_);
    header.set_recorded_micros(MicrosOf(sequence_));
    header.set_first_leaf(log_.size());
    header.set_act_count(static_cast<std::uint32_t>(acts.size()));
    header.mutable_actor()->set_principal("li");
    header.set_request_id("request " + std::to_string(sequence_));
    header.set_request_hash(std::string(32, 'h'));
    const EngineView view(engine_);
    Overlay changes(&view);
    storage::WriteBatch batch;
    AddEntry(header, acts, &changes, &batch);
    memory_.WillWrite(sequence_);
    EXPECT_TRUE(engine_->Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
    memory_.HasWritten(memory_.ChangedBy(changes), sequence_);
    return sequence_;
  }

  // When an entry is recorded.
  static std::int64_t MicrosOf(std::uint64_t sequence) {
    return 1'700'000'000'000'000 + static_cast<std::int64_t>(sequence) * 1'000'000;
  }

  BookReader Reader(std::uint64_t as_of) const {
    return {{.engine = engine_,
             .book = kBook,
             .county = kCounty,
             .epsg = kEpsg,
             .memory = &memory_},
            as_of};
  }
  BookReader Reader() const { return Reader(sequence_); }

  std::uint64_t sequence() const { return sequence_; }
  std::uint64_t tree_size() const { return log_.size(); }
  storage::Hash root() const { return log_.Root(); }
  const storage::MerkleLogReader& log() const { return log_.reader(); }
  const storage::StatusTree& status_tree() const { return status_; }
  storage::Engine& engine() const { return *engine_; }
  const storage::Suite& suite() const { return *suite_; }

 private:
  void AddEntry(const v1::EntryHeader& header, const std::vector<ActMaker>& acts, Overlay* overlay,
                storage::WriteBatch* batch) {
    Fold fold(overlay, kBook, sequence_);
    auto log = log_.Begin();
    AddLeaf(0, header.SerializeAsString(), overlay, &log);
    auto status = *status_.Begin();
    bool certificates = false;
    std::uint32_t leaf = 0;
    for (const ActMaker& act : acts) {
      AddLeaf(++leaf, act.record().SerializeAsString(), overlay, &log);
      for (const v1::Effect& effect : act.record().effects()) {
        EXPECT_TRUE(fold.Apply(effect.kind(), effect.number(), effect.record()).ok());
        if (effect.kind() != v1::RECORD_KIND_CERTIFICATE) continue;
        certificates = true;
        TakeCertificate(effect, &status);
      }
    }
    fold.Remember(header);
    overlay->AppendTo(batch);
    log.WriteTo(*batch);
    // As the writer does: without certificates the status tree is left alone.
    if (certificates) {
      EXPECT_TRUE(status.WriteTo(*batch).ok());
    }
    log_.Commit(log);
  }

  void AddLeaf(std::uint32_t leaf, const std::string& bytes, Overlay* overlay,
               storage::MerkleLog::Stage* log) {
    overlay->Put(JournalKey(kBook, sequence_, leaf), bytes);
    log->Append(storage::LeafHash(*suite_, bytes));
  }

  void TakeCertificate(const v1::Effect& effect, storage::StatusTree::Stage* status) {
    if (effect.number() > status->size()) {
      EXPECT_TRUE(status->Issue().ok());
    }
    v1::Certificate certificate;
    EXPECT_TRUE(certificate.ParseFromString(effect.record()));
    if (certificate.state() != v1::RECORD_STATE_ENDED) return;
    if (ended_.insert(effect.number()).second) {
      EXPECT_TRUE(status->End(effect.number(), sequence_).ok());
    }
  }

  storage::Engine* engine_;
  const storage::Suite* suite_;
  storage::MerkleLog log_;
  storage::StatusTree status_;
  std::set<std::uint64_t> ended_;
  std::uint64_t sequence_ = 0;
  ReadMemory read_memory_;
  mutable BookMemory memory_{&read_memory_, kBook, 0};
};

// A square of `side_m` metres whose lower left corner is there, in metres on the plane of
// EPSG:4548.
struct SquareAt {
  std::int64_t x_m = 0;
  std::int64_t y_m = 0;
  std::int64_t side_m = 10;
};
inline geo::Boundary Square(const SquareAt& at) {
  const std::int64_t x = (500'000 + at.x_m) * geo::kStepsPerMetre;
  const std::int64_t y = (4'000'000 + at.y_m) * geo::kStepsPerMetre;
  const std::int64_t side = at.side_m * geo::kStepsPerMetre;
  geo::Boundary boundary;
  boundary.vertices = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  boundary.EndRing();
  boundary.EndPart();
  return boundary;
}

// A standing plot with that code.
inline v1::Plot PlotWith(const std::string& code) {
  v1::Plot plot;
  plot.set_code(code);
  plot.set_tier("surface");
  plot.set_kind("contracted");
  plot.set_state(v1::RECORD_STATE_LIVE);
  plot.set_recorded_area_m2("100.00");
  return plot;
}
inline v1::Plot Ended(v1::Plot plot) {
  plot.set_state(v1::RECORD_STATE_ENDED);
  return plot;
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_TWIN_TESTING_H_
