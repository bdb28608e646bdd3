// Reading a book as of one sequence: records with everything that an answer fills in, by number or
// by any code, in lists, through time, and on the ground.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_READER_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "landbook/v1/geometry.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/law/state.h"
#include "services/registry/book_memory.h"
#include "services/registry/ground_scan.h"
#include "services/registry/keys.h"
#include "services/registry/plot_run.h"
#include "services/registry/record_index.h"
#include "services/registry/table_reader.h"
#include "storage/engine.h"

namespace landbook::registry {

// What a reader reads. Borrowed, and outliving it.
struct BookSource {
  const storage::Engine* engine = nullptr;
  BookNumber book = 0;
  std::string_view county;       // the code, for resource names
  std::uint32_t epsg = 0;        // the book's plane, for GeoJSON
  BookMemory* memory = nullptr;  // shared by the book's readers; may be null
};

// Some numbers in ascending order, and where the next page begins; 0 at the end. A page of an
// earlier entry may hold fewer than were asked for, or none, while there are more.
struct NumberPage {
  std::vector<std::uint64_t> numbers;
  std::uint64_t next = 0;
};

// What of a list is wanted: from a number on, at most so many.
struct NumberRange {
  std::uint64_t from = 1;
  std::size_t max = 100;
};

// A plot's kin through all splits and merges, each by number, without boundaries.
struct Lineage {
  std::vector<v1::Plot> ancestors;
  std::vector<v1::Plot> descendants;
  // False when there are more than kLineageMax on one side; what is there is then only a part.
  bool complete = true;
};

// One thread at a time; cheap to make, so every call makes its own. Reads answer absence when the
// engine fails or stored bytes cannot be read: status() says so, and whoever answers asks it last.
class BookReader {
 public:
  static constexpr std::size_t kLineageMax = 10'000;

  // REQUIRES: `as_of` is an entry that the book has reached.
  BookReader(const BookSource& source, std::uint64_t as_of)
      : source_(source), tables_(source.engine, source.book, as_of) {}

  std::uint64_t as_of() const { return tables_.as_of(); }
  const absl::Status& status() const { return tables_.status(); }
  const BookSource& source() const { return source_; }
  TableReader& tables() { return tables_; }

  // Says that the book most likely has no entry after `as_of` yet. Plots and the ground are then
  // taken from the book's memory, or read from the current space alone and once more in full when
  // an entry has come meanwhile: cheaper, and no less right.
  void ExpectNewest() { expects_newest_ = true; }

  // The civil date at which expiry is judged, YYYY-MM-DD; without one nothing counts as expired.
  void set_day(std::string day) { day_ = std::move(day); }
  const std::string& day() const { return day_; }

  // The number that `text` names: as a code that a record of that kind has or had, else as a number
  // in decimal digits, which then need not exist. nullopt for anything else.
  std::optional<std::uint64_t> NumberOf(v1::RecordKind kind, std::string_view text);

  // Records by number, in the order asked, with name, number, etag and recorded_at; nullopt where
  // there is none. For plots without boundary, mu and units: FindPlots; ranks and places in the
  // queue are filled for mortgages and cautions. Record is Party, Plot, Unit, Right, Contract,
  // Mortgage, Caution, Certificate, Case, Resolution, Filing, RankAgreement or FundAdvance; or
  // Appointment, Application, AdoptedPack, BookRecord or CalendarDay, which have no name and no
  // etag of their own.
  template <typename Record>
  std::vector<std::optional<Record>> FindAll(std::span<const std::uint64_t> numbers);
  template <typename Record>
  std::optional<Record> Find(std::uint64_t number) {
    return std::move(FindAll<Record>({&number, 1}).front());
  }

  // Plots with every field; boundaries in that format.
  std::vector<std::optional<v1::Plot>> FindPlots(std::span<const std::uint64_t> numbers,
                                                 v1::BoundaryFormat format);
  std::optional<v1::Plot> FindPlot(std::uint64_t number, v1::BoundaryFormat format) {
    return std::move(FindPlots({&number, 1}, format).front());
  }
  // By number or any code.
  std::optional<v1::Plot> FindPlot(std::string_view number_or_code, v1::BoundaryFormat format);

  // The numbers of the records of a kind that have or had a code which begins so; in ascending
  // order, each once.
  std::vector<std::uint64_t> NumbersOfCodes(v1::RecordKind kind, std::string_view beginning);

  // The numbers of all records of a kind.
  NumberPage Numbers(v1::RecordKind kind, const NumberRange& range);
  // The numbers that a link table has under `of`: the rights of a unit, the units of a plot.
  NumberPage Linked(Table table, std::uint64_t of, const NumberRange& range);
  // The same for several at once, all of them; in ascending order, each once.
  std::vector<std::uint64_t> LinkedOfAll(Table table, std::vector<std::uint64_t> of);

  // The numbers that end the keys under those prefixes of one table; in ascending order, each once.
  std::vector<std::uint64_t> NumbersUnder(std::span<const TableKey> prefixes);
  // The same under one prefix, in the order of the keys.
  std::vector<std::uint64_t> NumbersInOrder(const TableKey& prefix);

  // Every version of a record up to the sequence, oldest first. A plot's versions are those of its
  // record; each shows boundary and units as they stood when the version ended, or stand.
  template <typename Record>
  std::vector<Record> History(std::uint64_t number);
  std::vector<v1::Plot> PlotHistory(std::uint64_t number, v1::BoundaryFormat format);

  // When an entry was recorded; nullopt for entry 0.
  std::optional<std::int64_t> RecordedMicros(std::uint64_t sequence);

  // Where a plot came from and what it became. REQUIRES: the plot exists.
  Lineage LineageOf(std::uint64_t plot);

  // The plots of all tiers that the point lies in or on, by tier, then number: exact, in integers.
  std::vector<v1::Plot> Locate(geo::Vertex point, v1::BoundaryFormat format);

 private:
  friend class GroundScan;
  struct PlotParts;

  // The standing records that a link table has under any of `of`, by number.
  template <typename Record>
  std::vector<law::Numbered<Record>> StandingLinked(Table table, std::vector<std::uint64_t> of);
  // The standing mortgages over each of the rights, the first rank first.
  std::map<std::uint64_t, std::vector<std::uint64_t>> RankedMortgages(
      const std::vector<std::uint64_t>& rights);
  // When the entries of those sequences were recorded; read once for each. There is no entry 0.
  void LearnRecordedTimes(std::vector<std::uint64_t> sequences);
  // The header keys among `sequences` that are not known yet, and taking in what they hold.
  std::vector<std::string> HeaderKeysFor(std::vector<std::uint64_t>* sequences);
  void TakeHeaders(std::span<const std::uint64_t> sequences,
                   std::span<const std::optional<std::string>> headers);
  template <typename Record>
  std::optional<Record> Parse(std::uint64_t number, const Version& version);
  // What is remembered of the newest state; null when that is not what is read.
  BookMemory* NewestMemory() const { return expects_newest_ ? source_.memory : nullptr; }
  // The tiers and size classes in which the ground may hold something, of one tier or of all.
  std::vector<TierClass> GroundClasses(std::optional<std::uint8_t> tier);
  std::set<TierClass> ReadGroundClasses();
  // A line of the window index; nullopt, and the reader has failed, when it cannot be read.
  std::optional<WindowValue> DecodeLine(std::string_view key, std::string_view value);
  // TableReader::Page, as ExpectNewest says.
  TablePage NewestPage(std::span<const storage::KeyRange> ranges, const storage::ScanLimit& limit,
                       ItemFilter wanted);
  // Whether there may be an entry after `as_of`.
  bool HasMoved();
  template <typename Record>
  void Dress(std::uint64_t number, std::uint64_t from, Record* record) const;
  template <typename Record>
  void DressNamed(std::uint64_t number, std::uint64_t from, Record* record) const;

  void Complete(std::vector<std::optional<v1::Mortgage>>* mortgages);
  void Complete(std::vector<std::optional<v1::Caution>>* cautions);
  template <typename Record>
  void Complete(std::vector<std::optional<Record>>*) {}

  // Where the plots' boundaries lie, if that is wanted, and their units.
  std::vector<PlotHead> HeadsOf(std::span<const std::uint64_t> numbers, bool with_boundary);
  std::shared_ptr<const PlotRun> RunOf(std::uint64_t plot);
  std::vector<std::optional<v1::Plot>> ReadPlots(std::span<const std::uint64_t> numbers,
                                                 v1::BoundaryFormat format);
  // What there is beside the record.
  void Fill(const PlotParts& parts, v1::BoundaryFormat format, v1::Plot* plot);
  // Follows `made_from` or `made_into` from a plot on.
  template <typename Next>
  std::vector<v1::Plot> Follow(std::uint64_t plot, Next next, bool* complete);

  BookSource source_;
  TableReader tables_;
  std::string day_;
  bool expects_newest_ = false;
  std::map<std::uint64_t, std::int64_t> recorded_micros_;
};

// The plots that a window shows as FindPlotsResponse.page has them, a page at a time.
class WindowCursor {
 public:
  // A page holds no more bytes than this, but for a plot that alone is larger.
  static constexpr std::size_t kPageBytesMax = 256u << 10;

  // REQUIRES: `reader` outlives the cursor.
  WindowCursor(BookReader* reader, const geo::Box& window, std::optional<std::uint8_t> tier)
      : scan_(reader, window, tier), reader_(reader), next_(scan_.Next()) {}

  // Fills the next page; false when there is nothing more (or the reader has failed).
  bool Next(v1::FindPlotsResponse* page);

 private:
  GroundScan scan_;
  const BookReader* reader_;
  const GroundLine* next_;  // not in a page yet; null at the end
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_READER_H_
