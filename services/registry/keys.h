// The key spaces of a book: where each thing lies in the engine.
//
//   key = book (u32) | space (one letter) | ...        all integers big-endian
//
//   'c' table | key              current: from-sequence (varint), then the record's bytes
//   'p' table | key | to (u64)   past: the same value, which held up to the sequence before `to`
//   'n' counter                  numbers given out, serials of codes, counts of the window index
//   'q' caller | request id      requests answered: request hash, sequence
//   'j' sequence | leaf          journal: leaf 0 the header, 1.. the acts
//   't' ...                      the Merkle log (storage/merkle_log.h)
//   's' ...                      the status tree (storage/status_tree.h)
//
//   'h' sequence                 signed heads
//   'k' party                    a party's key, wrapped
//   'v' party | version          private fields, sealed under that key
//   'b' first byte | party       look-up by identity number
//   'a' time | n                 access log: who was shown what (access_log.h)
//   'e' party                    an erasure whose values may still lie in the engine's files
//
// The fold of the journal makes 'c', 'p', 'n', 'q' and 's' and nothing else; the others below the
// gap are left out of fold and verification. Book 0 holds the server's own list of books.
#ifndef LANDBOOK_SERVICES_REGISTRY_KEYS_H_
#define LANDBOOK_SERVICES_REGISTRY_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "landbook/v1/journal.pb.h"
#include "storage/engine.h"

namespace landbook::registry {

// A book's number on its server: the first bytes of its keys.
using BookNumber = std::uint32_t;

// The book under which the server lists its books.
inline constexpr BookNumber kServerBook = 0;

// The spaces above. A letter once used never means anything else ('i' had rows of imports).
enum class Space : char {
  kCurrent = 'c',
  kPast = 'p',
  kCounter = 'n',
  kRequest = 'q',
  kJournal = 'j',
  kTree = 't',
  kStatus = 's',
  kHead = 'h',
  kPartyKey = 'k',
  kPrivate = 'v',
  kBlindIndex = 'b',
  kAccessLog = 'a',
  kErasure = 'e',
  kTrialOffset = 'o',  // of book 0 only: how far the server's trial clock is ahead
};

// The spaces that are read in stretches, as storage::RocksdbOptions has them: an entry of the
// journal after the other.
inline constexpr char kSpacesInStretches[] = {static_cast<char>(Space::kJournal), '\0'};

// The tables of the current and the past space. 1 to 31 hold records and have the numbers of
// landbook.v1.RecordKind; those above are derived from records when they are folded in.
enum class Table : std::uint8_t {
  kBook = 1,
  kParty = 2,
  kPlot = 3,
  kPlace = 4,  // plot -> tier, size class, position: where the window index has its boundary
  kUnit = 5,
  kRight = 6,
  kContract = 7,
  kMortgage = 8,
  kCaution = 9,
  kCertificate = 10,
  kAppointment = 11,
  kPack = 12,
  kControlLayer = 13,
  kControlShape = 14,
  kCase = 15,
  kApplication = 16,
  kResolution = 17,
  kFiling = 18,
  kRankAgreement = 19,
  kFundAdvance = 20,
  kCalendarDay = 21,
  kWindow = 32,              // tier, size class, position, plot -> box and compact boundary
  kAlias = 33,               // record kind, code -> number
  kUnitsOfPlot = 34,         // plot, unit
  kRightsOfUnit = 35,        // unit, right
  kRightsOfHolder = 36,      // party, right
  kRightsOfParent = 37,      // right, derived right
  kMortgagesOfRight = 38,    // right, mortgage
  kMortgagesOfHolder = 39,   // mortgagee, mortgage
  kCautionsOfUnit = 40,      // unit, caution
  kCertificatesOf = 41,      // record kind, number, certificate
  kHouseholdsOfPerson = 42,  // person, household
  kAppointmentsOf = 43,      // principal, appointment
  kControlWindow = 44,       // layer, 0, size class, position, shape, part (u32) -> box
  kWholeLayers = 45,         // layer's name, effective date, layer
  kShapesOfLayer = 46,       // layer, shape
  kShapesOfCode = 47,        // layer, code, shape
  kCasesOfUnit = 48,         // unit, case
  kCasesOfParty = 49,        // applicant or agent, case
  kStandingCases = 50,       // state (u8), case; only while the case is open
  kResolutionsOf = 51,       // collective, resolution
  kFilingsOfRight = 52,      // right, filing
  kFilingsWith = 53,         // collective or authority, filing
  kRankAgreementsOf = 54,    // right, rank agreement
  kAdvancesOfRight = 55,     // right, fund advance
  kAdvancesOfFund = 56,      // fund, fund advance
  kLapsingCautions = 58,     // cause (u8), caution; while it stands and can lapse (57 is not used)
};

// The first bytes of every key of a book, and of one space of it.
std::string BookPrefix(BookNumber book);
std::string SpacePrefix(BookNumber book, Space space);

// A key within a table, without book and space: what current and past have in common.
class TableKey {
 public:
  explicit TableKey(Table table) { bytes_.push_back(static_cast<char>(table)); }
  TableKey& U8(std::uint8_t value);
  TableKey& U32(std::uint32_t value);
  TableKey& U64(std::uint64_t value);
  TableKey& Text(std::string_view text);
  // A key from its bytes, as a scan shows them.
  static TableKey FromBytes(std::string_view bytes);
  const std::string& bytes() const { return bytes_; }

 private:
  TableKey() = default;
  std::string bytes_;
};

// The key of record `number` of `kind`. REQUIRES: a kind that numbers its records, or the book (0).
TableKey RecordKey(v1::RecordKind kind, std::uint64_t number);
// The number of a calendar day's record: the date as YYYYMMDD. REQUIRES: a date YYYY-MM-DD, as the
// door lets in.
std::uint64_t DayNumber(std::string_view date);

// A counter: the last number given to a kind of record.
std::string NumberCounterKey(BookNumber book, v1::RecordKind kind);
// A counter: the last serial of a code's family ("p370303001001JC").
std::string SerialCounterKey(BookNumber book, std::string_view family);
// A counter: how many boundaries one tier has in one size class.
std::string WindowCountKey(BookNumber book, std::uint8_t tier, std::uint8_t size_class);
// A counter: how many live records of a kind there are under a word ("contracted").
std::string LiveCountKey(BookNumber book, v1::RecordKind kind, std::string_view word);

// The memory of an answered request.
std::string RequestKey(BookNumber book, std::string_view caller, std::string_view request_id);

// A leaf of the journal: 0 the header, n the n-th act.
std::string JournalKey(BookNumber book, std::uint64_t sequence, std::uint32_t leaf);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_KEYS_H_
