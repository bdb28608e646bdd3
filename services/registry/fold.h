// The fold: what an entry's effects make of the state. It needs no rule, library, pack or clock, so
// the state can always be made again from the journal, and a commit and a refold give the same
// bytes.
#ifndef LANDBOOK_SERVICES_REGISTRY_FOLD_H_
#define LANDBOOK_SERVICES_REGISTRY_FOLD_H_

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/keys.h"
#include "services/registry/record_index.h"
#include "services/registry/versions.h"
#include "services/registry/view.h"

namespace landbook::registry {

// A plot that no entry before had, as the journal keeps it. Views are borrowed.
struct NewPlotRecord {
  std::uint64_t number = 0;
  std::string_view record;           // the bytes of its Plot
  const Derived* derived = nullptr;  // what DeriveFrom says of them
  PlacedBoundary boundary;
};

// Folds one entry of one book into an overlay.
class Fold {
 public:
  // REQUIRES: `overlay` outlives the fold, and nothing else changes its counters meanwhile;
  // `sequence` is one more than that of the last entry folded.
  Fold(Overlay* overlay, BookNumber book, std::uint64_t sequence)
      : overlay_(overlay), book_(book), tables_(overlay, book, sequence) {}

  // One effect, in the order of the journal. DATA_LOSS when its record cannot be read; the overlay
  // is then worth nothing.
  absl::Status Apply(v1::RecordKind kind, std::uint64_t number, std::string_view record);
  // The same where the caller has what DeriveFrom says of the record already. REQUIRES: it has.
  void Apply(v1::RecordKind kind, std::uint64_t number, std::string_view record,
             const Derived& derived);
  // A new plot's record and boundary, as Apply folds the two, without looking for anything that
  // held before: what an import enters by the hundred thousand. REQUIRES: the number is the next
  // one, and nothing has ever had the plot's code.
  void ApplyNewPlot(const NewPlotRecord& plot);

  // The last number given to a kind of record, and the last serial of a family of codes, as the
  // overlay has them; 0 for none.
  std::uint64_t LastNumber(v1::RecordKind kind) const;
  std::uint64_t LastSerial(const std::string& family) const;

  // The memory of the request, from the entry's header.
  void Remember(const v1::EntryHeader& header);

 private:
  absl::Status ApplyBoundary(std::uint64_t plot, std::string_view record);
  void PutBoundary(bool first, std::uint64_t plot, const PlacedBoundary& boundary,
                   std::span<const WindowEntry> entries);
  void RemovePlace(std::uint64_t plot);
  // The places of all lines of the boundary that is read at `place`.
  std::vector<Place> LinesOf(const Place& place, std::uint64_t plot) const;
  // Counters are changed with every record and looked for by name once. These know what those are
  // that this fold has read, and where those lie that it has put into the overlay.
  struct LiveName {
    v1::RecordKind kind;
    std::string word;
    friend bool operator==(const LiveName&, const LiveName&) = default;
  };
  using ClassName = std::pair<std::uint8_t, std::uint8_t>;  // tier, size class
  template <typename Name>
  struct PlacedCounter {
    Name name;
    std::span<char> bytes;   // empty: read from below, and not changed
    std::uint64_t read = 0;  // of a counter that is a number alone
  };
  template <typename Name>
  using PlacedCounters = std::vector<PlacedCounter<Name>>;
  struct Amount {
    std::int64_t count = 0;
    std::int64_t area_hundredths_m2 = 0;
  };
  template <typename Name>
  std::uint64_t Last(PlacedCounters<Name>* placed, const Name& name) const;
  template <typename Name>
  void AddTo(PlacedCounters<Name>* placed, const Name& name, const Amount& amount);
  template <typename Name>
  void Raise(PlacedCounters<Name>* placed, const Name& name, std::uint64_t at_least);
  std::string KeyOf(v1::RecordKind kind) const;
  std::string KeyOf(const std::string& family) const;
  std::string KeyOf(const LiveName& name) const;
  std::string KeyOf(const ClassName& name) const;
  void Count(v1::RecordKind kind, const Derived& before, const Derived& after);
  // Forgets them all when the overlay has moved what it held.
  void ForgetMoved() const;

  // Whether no entry before this effect has had the record: its number is above all given ones.
  bool IsFirst(v1::RecordKind kind, std::uint64_t number) const;
  // Writes a key of a plot's boundary: without looking for what held before where nothing did.
  void PutPlaced(bool first, const TableKey& key, std::string_view value);

  Overlay* overlay_;
  BookNumber book_;
  VersionWriter tables_;
  // Plots that this fold has seen begin and that have had no boundary yet. A county's import is all
  // of these, and looking for what they had before would cost more than all else.
  std::set<std::uint64_t> unplaced_;

  mutable std::uint64_t era_ = 0;  // of the overlay, in which the counters below were placed
  mutable PlacedCounters<v1::RecordKind> numbers_;
  mutable PlacedCounters<std::string> serials_;
  mutable PlacedCounters<LiveName> live_;
  mutable PlacedCounters<ClassName> windows_;
};

// What a counter of live records or of the window index holds.
struct CounterValue {
  std::uint64_t count = 0;
  std::int64_t area_hundredths_m2 = 0;
};

// Reads the counters of `NumberCounterKey` and `SerialCounterKey`: the last number given, 0 for
// none.
std::uint64_t ReadNumber(const View& view, const std::string& key);
// Reads the counters of `WindowCountKey` and `LiveCountKey`.
CounterValue ReadCounter(const View& view, const std::string& key);

// What the book remembers of an answered request.
struct AnsweredRequest {
  std::string request_hash;
  std::uint64_t sequence = 0;
};
std::string EncodeAnsweredRequest(const AnsweredRequest& request);
absl::StatusOr<AnsweredRequest> DecodeAnsweredRequest(std::string_view bytes);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_FOLD_H_
